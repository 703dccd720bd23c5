"""Random corrections of random banks: what a build makes upon the last one is what a build from nothing makes."""

from __future__ import annotations

import random
import time
from pathlib import Path

from landing_builder import LandingBuilder
from nasty_landing import NastyBank
from test_path_independence import contents
from warehouse import Warehouse

CUSTOMERS = 40
ROUNDS = 3
MOST_CORRECTIONS = 12


def fuzz_paths(banks: int, start: int, folder: Path) -> list[str]:
    """Corrects so many banks round after round; the faults. The landings of faults stay in the folder."""
    faults: list[str] = []
    for number in range(start, start + banks):
        begun = time.perf_counter()
        home = folder / f"path-{number}"
        warehouse = Warehouse(home=home / "home", landing=home / "landing")
        builder = NastyBank(number, CUSTOMERS).build()
        chance = random.Random(number)
        builder.write(warehouse.landing)
        warehouse.build("--full-refresh")
        made = []
        for _ in range(ROUNDS):
            _correct(builder, chance)
            builder.write(warehouse.landing)
            warehouse.build()
            made.append(_made(warehouse))
        upon = contents(warehouse)
        warehouse.build("--full-refresh")
        anew = contents(warehouse)
        differing = sorted(table for table in upon.keys() | anew.keys() if upon.get(table) != anew.get(table))
        if differing:
            faults.append(f"{warehouse.landing}: {', '.join(differing)}")
        told = "; ".join(made)
        print(f"path {number}: {told}; {len(differing)} tables differ, {time.perf_counter() - begun:.0f} s", flush=True)
    return faults


def _correct(builder: LandingBuilder, chance: random.Random) -> None:
    """Some rows go, some take a value that another row of their table has, some are landed twice with one."""
    filled = [name for name, rows in builder.rows.items() if rows]
    for _ in range(chance.randint(1, MOST_CORRECTIONS)):
        rows = builder.rows[chance.choice(filled)]
        if not rows:
            continue
        place = chance.randrange(len(rows))
        column = chance.choice(list(rows[place]))
        corrected = {**rows[place], column: chance.choice(rows).get(column, rows[place][column])}
        kind = chance.choice(["gone", "corrected", "corrected", "twice"])
        if kind == "twice":
            rows.append(corrected)
        else:
            rows[place : place + 1] = [] if kind == "gone" else [corrected]


def _made(warehouse: Warehouse) -> str:
    """What the last build made."""
    query = """
        select
            (select max(month_number) + 1 from panel.ledger_months)
            - min(rebuild_from_month_number) filter (account_sk is null and customer_sk is null),
            count(customer_sk)
        from panel.rebuild_window
    """
    with warehouse.connect() as connection:
        ((months, customers),) = connection.execute(query).fetchall()
    return f"{months} months of all, more of {customers}"
