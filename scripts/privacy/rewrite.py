"""Writes a landed file again without some of its rows: aside first, then in its place at once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet

from scripts.landing.csv_file import read_records
from scripts.landing.landed import LandedFile
from scripts.privacy.person import MENTIONS, FileRows

BOM = b"\xef\xbb\xbf"
BATCH_ROWS = 50_000


def rewrite(file: LandedFile, rows: FileRows, token: Callable[[str], str]) -> None:
    """Replaces the file; what isn't concerned stays as it is, to the letter. A link stays a link."""
    place = file.path.resolve()
    aside = place.with_name(f".{place.name}.erasing")
    try:
        if file.csv is None:
            _rewrite_parquet(file, place, aside, rows, token)
        else:
            _rewrite_csv(file, place, aside, rows, token)
        shutil.copymode(place, aside)
        with aside.open("rb") as written:
            os.fsync(written.fileno())
        aside.replace(place)
    finally:
        aside.unlink(missing_ok=True)


def _rewrite_csv(file: LandedFile, place: Path, aside: Path, rows: FileRows, token: Callable[[str], str]) -> None:
    """Record by record; empty lines, which mean nothing, go."""
    assert file.csv is not None
    delimiter = file.csv.delimiter
    names = [column.contract_name for column in file.columns]
    mention = next((names.index(name) for name in MENTIONS if name in names), None)
    with place.open("rb") as before:
        has_bom = before.read(len(BOM)) == BOM
    with aside.open("w", encoding="utf-8-sig" if has_bom else "utf-8", newline="") as target:
        for number, (fields, text) in enumerate(read_records(place, delimiter)):  # the header is number 0
            if number in rows.removed:
                continue
            if number in rows.mentioning and mention is not None:
                changed = [*fields[:mention], token(rows.mentioning[number]), *fields[mention + 1 :]]
                line_end = text[len(text.rstrip("\r\n")) :] or "\n"
                text = delimiter.join('"' + field.replace('"', '""') + '"' for field in changed) + line_end
            target.write(text)


def _rewrite_parquet(file: LandedFile, place: Path, aside: Path, rows: FileRows, token: Callable[[str], str]) -> None:
    """Batch by batch, with the schema and the compression of before."""
    names = [column.contract_name for column in file.columns]
    mention = next((names.index(name) for name in MENTIONS if name in names), None)
    with pyarrow.parquet.ParquetFile(place) as before:
        schema = before.schema_arrow
        metadata = before.metadata
        codec = metadata.row_group(0).column(0).compression if metadata.num_row_groups else "SNAPPY"
        with pyarrow.parquet.ParquetWriter(aside, schema, compression=codec) as target:
            first = 1
            for batch in before.iter_batches(BATCH_ROWS):
                numbers = range(first, first + batch.num_rows)
                first += batch.num_rows
                touched = {number: rows.mentioning[number] for number in numbers if number in rows.mentioning}
                if touched and mention is not None:
                    values = batch.column(mention).to_pylist()
                    for number, identifier in touched.items():
                        values[number - numbers.start] = _as_value(token(identifier), schema.field(mention).type)
                    column = pa.array(values, schema.field(mention).type)
                    batch = batch.set_column(mention, schema.field(mention), column)
                kept = pa.array([number not in rows.removed for number in numbers], pa.bool_())
                target.write_batch(batch.filter(kept))


def _as_value(token: str, data_type: pa.DataType) -> str | bytes | None:
    """The token in a column's own type; a number can't hold it, and says nothing instead."""
    if pa.types.is_dictionary(data_type):
        data_type = data_type.value_type
    if pa.types.is_binary(data_type) or pa.types.is_large_binary(data_type):
        return token.encode()
    return token if pa.types.is_string(data_type) or pa.types.is_large_string(data_type) else None
