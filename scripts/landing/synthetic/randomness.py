"""Stateless random draws: a draw is a pure function of (seed, stream, month, element).

A generator that is read in sequence gives results that depend on how many numbers were drawn before: on the
block size, on the number of months, on the order of the code. Here every number has an address instead
(SplitMix64, a counter-based generator, keyed by BLAKE2 of seed, stream and month), so that the same
customer has the same history in any block, with any number of months, whatever else is drawn. Nothing
touches numpy's global state.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)
_UNIT = 2.0**-53
_EXACT_POISSON_BELOW = 12.0

SLOTS = 4096
"""Draws that one customer may take from one stream in one month; see `element`."""


@lru_cache(maxsize=65536)
def _key(seed: int, stream: str, month: int) -> np.uint64:
    text = f"{seed}|{stream}|{month}".encode()
    return np.uint64(int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little"))


def element(customer: ArrayLike, slot: ArrayLike = 0) -> Ints:
    """The address of the slot-th draw of a customer."""
    return np.asarray(customer, dtype=np.int64) * SLOTS + np.asarray(slot, dtype=np.int64)


class Draws:
    """All random draws of one run."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def bits(self, stream: str, elements: ArrayLike, month: int = 0) -> NDArray[np.uint64]:
        """64 random bits for each element."""
        value = np.atleast_1d(np.asarray(elements)).astype(np.uint64)
        value *= _GOLDEN
        value += _key(self.seed, stream, month)
        value ^= value >> np.uint64(30)
        value *= _MIX_A
        value ^= value >> np.uint64(27)
        value *= _MIX_B
        value ^= value >> np.uint64(31)
        return value

    def uniform(self, stream: str, elements: ArrayLike, month: int = 0) -> Floats:
        """Uniform in the open interval (0, 1)."""
        return ((self.bits(stream, elements, month) >> np.uint64(11)).astype(np.float64) + 0.5) * _UNIT

    def between(self, stream: str, elements: ArrayLike, low: ArrayLike, high: ArrayLike, month: int = 0) -> Floats:
        """Uniform between two bounds."""
        return np.asarray(low) + (np.asarray(high) - np.asarray(low)) * self.uniform(stream, elements, month)

    def integers(self, stream: str, elements: ArrayLike, low: ArrayLike, high: ArrayLike, month: int = 0) -> Ints:
        """Integers from low (inside) to high (outside)."""
        return np.floor(self.between(stream, elements, low, high, month)).astype(np.int64)

    def chance(self, stream: str, elements: ArrayLike, probability: ArrayLike, month: int = 0) -> Bools:
        """True with the given probability."""
        return self.uniform(stream, elements, month) < np.asarray(probability)

    def normal(self, stream: str, elements: ArrayLike, month: int = 0) -> Floats:
        """Standard normal (Box-Muller on two addresses)."""
        radius = np.sqrt(-2.0 * np.log(self.uniform(stream + "/r", elements, month)))
        return radius * np.cos(2.0 * np.pi * self.uniform(stream + "/a", elements, month))

    def choose(self, stream: str, elements: ArrayLike, weights: ArrayLike, month: int = 0) -> Ints:
        """Index into `weights`, drawn in proportion to them."""
        cumulative = np.cumsum(np.asarray(weights, dtype=np.float64))
        scaled = self.uniform(stream, elements, month) * cumulative[-1]
        return np.minimum(np.searchsorted(cumulative, scaled, side="right"), len(cumulative) - 1)

    def poisson(self, stream: str, elements: ArrayLike, mean: ArrayLike, month: int = 0) -> Ints:
        """Poisson counts by inversion; large means by the normal approximation."""
        uniform = self.uniform(stream, elements, month)
        mean = np.broadcast_to(np.asarray(mean, dtype=np.float64), uniform.shape)
        count = np.zeros(uniform.shape, dtype=np.int64)
        rest = np.flatnonzero(mean < _EXACT_POISSON_BELOW)
        term = np.exp(-mean[rest])
        below = term.copy()
        k = 0
        while rest.size:
            more = uniform[rest] > below
            rest, term, below = rest[more], term[more], below[more]
            k += 1
            count[rest] = k
            term = term * mean[rest] / k
            below = below + term
            if k > 80:
                break
        many = np.flatnonzero(mean >= _EXACT_POISSON_BELOW)
        if many.size:
            noise = self.normal(stream + "/n", np.atleast_1d(np.asarray(elements))[many], month)
            count[many] = np.maximum(0, np.rint(mean[many] + np.sqrt(mean[many]) * noise)).astype(np.int64)
        return count

    def first_month(self, stream: str, elements: ArrayLike, hazard: ArrayLike) -> Ints:
        """Months until an event of constant monthly hazard (0 = in the first month)."""
        hazard = np.clip(np.asarray(hazard, dtype=np.float64), 1e-9, 0.999)
        return np.floor(np.log(self.uniform(stream, elements)) / np.log1p(-hazard)).astype(np.int64)
