"""The personas through the warehouse: what was worked out by hand is what the mart publishes."""

from __future__ import annotations

from pathlib import Path

import pytest
from personas import PERSONAS, bank
from reference.parties import keyed_hash
from test_reference_agreement import is_same
from warehouse import KEY, Warehouse


@pytest.mark.parametrize("with_optional_tables", [True, False])
def test_personas_in_the_mart(with_optional_tables: bool, tmp_path: Path) -> None:
    """All that fit into one bank, built at once."""
    personas = [one for one in PERSONAS if one.needs_optional_tables == with_optional_tables]
    warehouse = Warehouse(home=tmp_path / "home", landing=tmp_path / "landing")
    bank(personas, with_optional_tables).write(warehouse.landing)
    warehouse.build("--full-refresh")
    with warehouse.connect() as connection:
        cursor = connection.execute("select * from marts.customer_features_monthly")
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    features = {(row["customer_key"], row["as_of_date"]): row for row in rows}
    wrong = [
        (customer_id, str(day), feature, features[keyed_hash(KEY, customer_id), day][feature], value)
        for persona in personas
        for customer_id, days in persona.by_customer().items()
        for day, expected in days.items()
        for feature, value in expected.items()
        if not is_same(features[keyed_hash(KEY, customer_id), day][feature], value)
    ]
    assert not wrong, f"{len(wrong)} values differ, such as {wrong[:5]}"
