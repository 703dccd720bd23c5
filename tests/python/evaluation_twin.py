"""The stability index a second time, in numpy, to draw from thousands of times; a test proves it equal to the SQL."""

from __future__ import annotations

import numpy as np
from scipy import stats

BINS = 10
EPSILON = 0.0001


def frozen_cuts(then: np.ndarray) -> np.ndarray:
    """Upper bounds of all bins but the last: values at the tenths, without the largest value, each once."""
    ordered = np.sort(then)
    places = [-(-number * len(ordered) // BINS) - 1 for number in range(1, BINS)]
    cuts = ordered[places]
    return np.unique(cuts[cuts < ordered[-1]])


def stability_index(then: np.ndarray, now: np.ndarray) -> tuple[float, float] | None:
    """The index and its critical value; None when there is only one bin."""
    cuts = frozen_cuts(then)
    bins = len(cuts) + 1
    if bins < 2:
        return None
    shares = []
    for values in (now, then):
        counts = np.bincount(np.searchsorted(cuts, values, side="left"), minlength=bins)
        shares.append(np.maximum(counts / len(values), EPSILON))
    index = float(np.sum((shares[0] - shares[1]) * np.log(shares[0] / shares[1])))
    return index, (1 / len(now) + 1 / len(then)) * float(stats.chi2.ppf(0.95, bins - 1))
