"""Arrow columns straight from numpy arrays, without a Python object for each value."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from .codes import PARTY_BASE, PARTY_PREFIX
from .schema import MONEY, RATE, SHARE

_CHUNKS = np.array([list(f"{number:04d}".encode()) for number in range(10_000)], dtype=np.uint8)


def _validity(valid: NDArray[np.bool_] | None) -> pa.Buffer | None:
    return None if valid is None else pa.py_buffer(np.packbits(valid, bitorder="little"))


def _digits(numbers: NDArray[np.int64], width: int) -> NDArray[np.uint8]:
    """Matrix of decimal digits, padded with zeros on the left."""
    parts = []
    rest = np.maximum(numbers, 0)
    for _ in range((width + 3) // 4):
        higher = rest // 10_000
        parts.append(_CHUNKS[rest - higher * 10_000])
        rest = higher
    return np.concatenate(parts[::-1], axis=1)[:, -width:]


def _fixed(matrix: NDArray[np.uint8], valid: NDArray[np.bool_] | None) -> pa.Array:
    rows, width = matrix.shape
    offsets = np.arange(0, (rows + 1) * width, width, dtype=np.int32)
    return pa.StringArray.from_buffers(
        rows, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(matrix)), _validity(valid)
    )


def numbered(prefix: str, numbers: ArrayLike, width: int, suffix: str = "") -> pa.Array:
    """Text of a prefix and a number of fixed width; negative numbers are null."""
    numbers = np.asarray(numbers, dtype=np.int64)
    head, tail = prefix.encode(), suffix.encode()
    matrix = np.empty((len(numbers), len(head) + width + len(tail)), dtype=np.uint8)
    matrix[:, : len(head)] = np.frombuffer(head, dtype=np.uint8)
    matrix[:, len(head) : len(head) + width] = _digits(numbers, width)
    matrix[:, len(head) + width :] = np.frombuffer(tail, dtype=np.uint8)
    valid = numbers >= 0
    return _fixed(matrix, None if valid.all() else valid)


def parties(numbers: NDArray[np.int64]) -> pa.Array:
    """Counterparty ids: a letter for the kind and nine digits; negative numbers are null."""
    letters = np.frombuffer(PARTY_PREFIX.encode(), dtype=np.uint8)
    kind = np.maximum(numbers, PARTY_BASE) // PARTY_BASE
    matrix = np.empty((len(numbers), 10), dtype=np.uint8)
    matrix[:, 0] = letters[kind - 1]
    matrix[:, 1:] = _digits(numbers % PARTY_BASE, 9)
    return _fixed(matrix, numbers >= 0)


def customers(numbers: ArrayLike) -> pa.Array:
    """Customer ids."""
    return numbered("C", numbers, 8)


def accounts(numbers: ArrayLike) -> pa.Array:
    """Account ids: customer and running number of the account (three digits)."""
    return numbered("A", numbers, 11)


def transactions(numbers: ArrayLike) -> pa.Array:
    """Transaction ids: YYMM, customer, running number of the month."""
    return numbered("T", numbers, 16)


def indexed(values: pa.Array, places: NDArray[np.integer], kind: pa.DataType) -> pa.Array:
    """A dictionary column; negative places are null. What lies under a null is 0, so that equal tables have equal
    bytes."""
    valid = places >= 0
    bare = np.where(valid, places, 0).astype(kind.to_pandas_dtype())
    indices = pa.Array.from_buffers(kind, len(bare), [None if valid.all() else _validity(valid), pa.py_buffer(bare)])
    return pa.DictionaryArray.from_arrays(indices, values)


def choices(values: Sequence[str], numbers: ArrayLike) -> pa.Array:
    """Codes by their position; negative positions are null."""
    return indexed(pa.array(values, pa.string()), np.asarray(numbers), pa.int16())


def _decimals(numbers: ArrayLike, valid: NDArray[np.bool_] | None, kind: pa.DataType) -> pa.Array:
    low = np.asarray(numbers, dtype=np.int64)
    words = np.empty((len(low), 2), dtype=np.int64)
    words[:, 0] = low
    words[:, 1] = low >> 63
    return pa.Array.from_buffers(kind, len(low), [_validity(valid), pa.py_buffer(words)])


def money(cents: ArrayLike, valid: NDArray[np.bool_] | None = None) -> pa.Array:
    """Decimal money from cents."""
    return _decimals(cents, valid, MONEY)


def rates(shares: ArrayLike, valid: NDArray[np.bool_] | None = None) -> pa.Array:
    """Decimal rates, eight places."""
    return _decimals(np.rint(np.asarray(shares, dtype=np.float64) * 1e8), valid, RATE)


def ownership(millionths: ArrayLike) -> pa.Array:
    """Decimal shares from millionths; negative ones are null."""
    millionths = np.asarray(millionths, dtype=np.int64)
    return _decimals(millionths, millionths >= 0, SHARE)


def dates(days: ArrayLike, valid: NDArray[np.bool_] | None = None) -> pa.Array:
    """Dates from day numbers."""
    mask = None if valid is None else ~valid
    return pa.array(np.asarray(days).astype(np.int32), pa.int32(), mask=mask).cast(pa.date32())


def stamps(seconds: ArrayLike) -> pa.Array:
    """Timestamps from seconds since 1970-01-01."""
    return pa.array(np.asarray(seconds, dtype=np.int64) * 1_000_000).cast(pa.timestamp("us"))


def counts(numbers: ArrayLike, valid: NDArray[np.bool_] | None = None) -> pa.Array:
    """Integers."""
    return pa.array(np.asarray(numbers).astype(np.int32), mask=None if valid is None else ~valid)


def flags(values: ArrayLike, valid: NDArray[np.bool_] | None = None) -> pa.Array:
    """Booleans."""
    return pa.array(np.asarray(values, dtype=bool), mask=None if valid is None else ~valid)
