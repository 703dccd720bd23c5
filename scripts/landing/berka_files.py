"""Read the PKDD'99 ("Berka") files as text into DuckDB, and check what the adapter is going to use.

The files are `;` separated, quoted, with a header. Dates are YYMMDD, all of them 19xx.
"""

import csv
import re
from pathlib import Path

import duckdb

CODES = Path(__file__).with_name("berka_transaction_codes.csv")
CODED_BY = ("type", "operation", "k_symbol")

# What a column holds, in the words of the error message.
ID, DATE, BIRTH, HOLDER = "a numeric id", "a date YYMMDD", "a birth number YYMMDD", "OWNER or DISPONENT"
NUMBER, PERCENTAGE, MONTHS = "a number from 0 up", "a percentage or ?", "a number of months"

# Columns of each file in their order. A column that isn't checked isn't used, or is mapped by `codes`.
FILES: dict[str, dict[str, str]] = {
    "account": {"account_id": ID, "district_id": ID, "frequency": "", "date": DATE},
    "client": {"client_id": ID, "birth_number": BIRTH, "district_id": ID},
    "disp": {"disp_id": ID, "client_id": ID, "account_id": ID, "type": HOLDER},
    "trans": {"trans_id": ID, "account_id": ID, "date": DATE, "type": "", "operation": ""}
    | {"amount": NUMBER, "balance": "", "k_symbol": "", "bank": "", "account": ""},
    "loan": {"loan_id": ID, "account_id": ID, "date": DATE, "amount": NUMBER, "duration": MONTHS}
    | {"payments": "", "status": ""},
    "district": {f"a{n}": "" for n in range(1, 17)}
    | {"a1": ID, "a11": NUMBER, "a12": PERCENTAGE, "a13": PERCENTAGE},
}
CHECKS = {
    ID: "regexp_full_match($, '[0-9]{1,18}')",
    DATE: "is_date($)",
    BIRTH: "is_date(birth_text($))",
    HOLDER: "$ in ('OWNER', 'DISPONENT')",
    NUMBER: "regexp_full_match($, '[0-9]{1,13}([.][0-9]+)?')",
    PERCENTAGE: "regexp_full_match($, '[?]|[0-9]{1,3}([.][0-9]+)?')",
    MONTHS: "regexp_full_match($, '[0-9]{1,3}')",
}
MACROS = """
    create macro to_date(yymmdd) as cast(try_strptime('19' || yymmdd, '%Y%m%d') as date);
    create macro is_date(yymmdd) as regexp_full_match(yymmdd, '[0-9]{6}') and to_date(yymmdd) is not null;
    create macro is_woman(number) as number[3:4] > '50';
    create macro birth_text(number) as case when is_woman(number)
        then number[1:2] || try_cast(number[3:3] as integer) - 5 || number[4:] else number end;
    create macro to_share(percent) as cast(nullif(percent, '?') as decimal(18, 8)) / 100;
"""


class BerkaError(Exception):
    """Something about the input or the landing that the user can mend."""


def read_files(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Load the files of a folder as tables, and `codes`, which covers every transaction in them."""
    if not folder.is_dir():
        raise BerkaError(f"the folder {folder} doesn't exist.")
    connection.execute(MACROS)
    for name in FILES:
        read_file(connection, folder / f"{name}.asc")
        check_file(connection, folder / f"{name}.asc")
    read_codes(connection, folder / "trans.asc")


def read_file(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Load a file as text into a table of its name, with its line numbers."""
    if not path.is_file():
        raise BerkaError(f"{path} is missing; needed are {', '.join(f'{name}.asc' for name in FILES)}.")
    columns = FILES[path.stem]
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        header = [column.strip() for column in next(csv.reader(lines, delimiter=";"), [])]
    if [column.lower() for column in header] != list(columns):
        raise BerkaError(f"{path}, line 1: the header must be {';'.join(columns)}, not {';'.join(header)}.")
    texts = ", ".join(f"coalesce(trim({column}), '') as {column}" for column in columns)
    try:
        connection.execute(
            f"""create table {path.stem} as select row_number() over () + 1 as line, {texts}
            from read_csv($path, delim = ';', quote = '"', escape = '"', header = true, auto_detect = false,
                columns = {dict.fromkeys(columns, "varchar")})""",
            {"path": str(path)},
        )
    except duckdb.Error as error:
        line = re.search(r"Line: (\d+)", str(error))
        said = str(error).splitlines()
        # The sentence that names the fault, without DuckDB's paragraphs of advice.
        told = [part for part in said if re.search(r"expected|unterminated|encod|utf", part, re.IGNORECASE)]
        place = f"{path}, line {line[1]}" if line else str(path)
        raise BerkaError(f"{place}: {(told or said)[0].strip()}") from error


def check_file(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Name the first value of a file that isn't what its column holds."""
    kinds = FILES[path.stem]
    checks = {column: CHECKS[kind].replace("$", column) for column, kind in kinds.items() if kind}
    cases = " ".join(f"when not {check} then [{column}, '{column}']" for column, check in checks.items())
    row = connection.execute(
        f"select line, bad[1], bad[2] from (select line, case {cases} end as bad from {path.stem})"
        " where bad is not null order by line limit 1"
    ).fetchone()
    if row:
        line, value, column = row
        raise BerkaError(f"{path}, line {line}: {column} must be {kinds[column]}, not {value!r}.")


def read_codes(connection: duckdb.DuckDBPyConnection, trans: Path) -> None:
    """Load the mapping of transaction codes, and name the first combination of the data that it lacks."""
    connection.execute(
        """create table codes as
        select * replace (coalesce(operation, '') as operation, coalesce(k_symbol, '') as k_symbol)
        from read_csv($path, header = true, all_varchar = true)""",
        {"path": str(CODES)},
    )
    row = connection.execute(
        f"""select line, {', '.join(CODED_BY)} from trans anti join codes using ({', '.join(CODED_BY)})
        order by line limit 1"""
    ).fetchone()
    if row:
        line, *values = row
        said = ", ".join(f"{name} {value!r}" for name, value in zip(CODED_BY, values, strict=True))
        raise BerkaError(f"{trans}, line {line}: no transaction code for {said}; add a row to {CODES}.")
