"""dbt's own tests: they pass on a bank in which everything goes wrong often, and the singular ones can fail."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import duckdb
import pytest
from nasty_landing import NastyBank
from warehouse import KEY, PROJECT, Warehouse

# What is done to the built tables, and the singular test that must notice it.
TAMPERING = {
    "all_customers_are_made_from_one_month": "insert into panel.rebuild_window values (null, null, null, 0)",
    "balances_equal_opening_plus_all_bookings": (
        "update panel.account_months set month_end_balance = month_end_balance + 0.01"
        " where as_of_date = (select max(as_of_date) from panel.ledger_months)"
    ),
    "every_holder_of_an_open_account_has_a_row": (
        "delete from panel.customer_months where customer_sk = (select min(customer_sk) from panel.customer_months"
        " where as_of_date = (select max(as_of_date) from panel.ledger_months))"
    ),
    "every_customer_month_has_exactly_one_value_tier": (
        "insert into segments.customer_value_tiers from segments.customer_value_tiers limit 1"
    ),
    "service_tier_is_never_below_earned_tier": (
        "update segments.customer_value_tiers set service_value_tier_code = 'ordinary'"
        " where earned_value_tier_code = 'high'"
    ),
    "shares_of_an_account_never_exceed_one": (
        "update staging.stg_core__account_holders set ownership_share = 0.999999 where ownership_share = 0.5"
    ),
    "landed_rows_equal_accepted_duplicate_rejected": (
        "update marts.data_reconciliation set landed_count = landed_count + 1 where table_name = 'accounts'"
    ),
    "rejected_share_stays_below_the_limit": "update marts.data_reconciliation set is_publishable = false",
    "ledger_balance_is_accounted_for_to_the_cent": (
        "update marts.balance_reconciliation_monthly set ledger_balance = ledger_balance + 1000,"
        " rounding_difference = rounding_difference + 1000"
    ),
    "segment_sizes_add_up_to_all_customers": "update marts.segment_sizes_monthly set customer_count = 0",
    "tier_boundaries_rise_with_rank": "update seeds.value_tiers set enter_at = 49999 where tier_code = 'high'",
    "every_published_rule_version_has_every_tier": (
        "delete from segments.int_value_tier_thresholds where customer_type = 'corporate'"
    ),
    "no_row_after_as_of_date": "update features.feat_customers__basics set as_of_date = date '2099-01-31'",
    "rule_parameters_are_those_that_models_ask_for": (
        "update seeds.rule_parameters set parameter_code = 'veto_days' where parameter_code = 'veto_days_past_due'"
    ),
    "every_code_list_of_the_contract_has_codes": "delete from staging.canonical_codes where code_list = 'gender'",
    "evaluation_covers_its_universe": "delete from marts.segment_evaluation_monthly where metric_code = 'coverage'",
    "evaluation_subjects_are_those_that_models_measure": (
        "update seeds.evaluation_subjects set is_predictor = false where subject_code = 'risk_score'"
    ),
    "every_feature_is_catalogued_and_back": "delete from seeds.feature_catalogue where feature = 'adb_1m'",
    "rules_name_features_that_exist": "update seeds.tags set feature = 'aum_1' where tag_code = 'millionaire'",
    "rules_know_every_catalogued_feature": (
        "update seeds.feature_catalogue set data_type = 'varchar' where feature = 'adb_12m'"
    ),
    "every_published_rule_version_is_complete": (
        "delete from seeds.segment_thresholds where threshold_code = 'need_observed_share'"
    ),
    "segment_rules_fit_the_engine": "update seeds.dormancy_packs set dormant_days = 89 where pack_code = 'fineract'",
    "every_customer_month_has_exactly_one_code_per_dimension": (
        "update segments.customer_needs set need_segment_code = 'welth'"
        " where customer_sk = (select min(customer_sk) from segments.customer_needs)"
    ),
    "movements_lead_from_one_month_to_the_next": (
        "update marts.segment_movements_monthly set customer_count = customer_count + 1"
        " where dimension = 'need' and to_segment_code = 'mixed' and from_segment_code = 'absent'"
    ),
    "tags_last_while_their_condition_is_met": (
        "delete from segments.customer_tag_intervals where valid_to is null and evidence_value is not null"
    ),
    "tags_are_as_sensitive_as_their_feature": (
        "update seeds.tags set sensitivity_level = 'public' where tag_code = 'core_saver'"
    ),
    "weights_of_indicators_add_up_to_their_dimension": (
        "update scores.int_score_rules set weight = weight + 0.001"
        " where indicator_code = 'npl_share' and customer_type = 'corporate'"
    ),
    "every_indicator_looks_at_a_feature_that_it_can_measure": (
        "update seeds.score_indicators set feature = 'tenure_month' where indicator_code = 'tenure_months'"
    ),
    "bands_rise_or_fall_as_their_indicator_says": (
        "update seeds.score_bands set value_at_below = 29 where indicator_code = 'aum_1m' and value_at_min = 30"
    ),
    "every_published_rule_version_scores": "delete from seeds.class_rules",
    "components_add_up_to_the_composite_score": (
        "update marts.customer_score_components set effective_points = effective_points + 1e-8"
        " where indicator_code = 'aum_1m'"
    ),
    "drivers_add_up_to_the_change_of_score": (
        "delete from marts.customer_class_change_drivers where indicator_code = 'adb_12m' and abs(points_change) > 1e-6"
    ),
    "action_rules_name_what_is_there": (
        "update seeds.alert_signals set base_feature = 'adb_30m' where signal_code = 'balance_fall'"
    ),
    "no_recommendation_passes_its_guards": (
        "update marts.customer_recommendations set guard_status_code = 'allowed', guard_code = null"
        " where guard_code = 'no_marketing_consent'"
    ),
    "wide_table_equals_narrow_marts": (
        "update marts.customer_360_current set adb_12m = adb_12m + 0.01"
        " where customer_key = (select min(customer_key) from marts.customer_360_current where adb_12m is not null)"
    ),
}
NEEDS_ANOTHER_RUN = {"ledger_has_months", "as_of_date_is_a_month_end"}
READS_CODE_ALONE = {"landing_tables_macro_matches_the_sources"}


def outcomes(warehouse: Warehouse, *arguments: str) -> dict[str, str]:
    """Runs dbt; the status of every test and model by its name."""
    subprocess.run(
        [*warehouse.dbt_command, *arguments], cwd=PROJECT, env=warehouse.environment, capture_output=True, check=False
    )
    results = json.loads((warehouse.home / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    places = [(result["unique_id"].split("."), result["status"]) for result in results]
    return {name: status for (kind, _, name, *_), status in places if kind != "operation"}


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> tuple[Warehouse, dict[str, str]]:
    """A nasty bank, and what became of everything that one `dbt build` from nothing builds and tests."""
    folder = tmp_path_factory.mktemp("bank")
    NastyBank(seed=4).build().write(folder / "landing")
    warehouse = Warehouse(home=folder / "home", landing=folder / "landing")
    warehouse.land()
    return warehouse, outcomes(warehouse, "build")


def test_all_models_seeds_and_tests_pass(bank: tuple[Warehouse, dict[str, str]]) -> None:
    """All of them: data tests, unit tests, contracts. A nasty bank rejects more rows than publication allows."""
    bad = {name: status for name, status in bank[1].items() if status not in ("success", "pass", "no-op")}
    assert bad in ({}, {"rejected_share_stays_below_the_limit": "warn"})


def test_the_yaml_lists_the_columns_that_are_there(bank: tuple[Warehouse, dict[str, str]]) -> None:
    """No column without a line, no line without a column."""
    warehouse, _ = bank
    manifest = json.loads((warehouse.home / "target" / "manifest.json").read_text(encoding="utf-8"))
    with warehouse.connect() as connection:
        connection.execute(f"attach '{warehouse.home}/quarantine/quarantine.duckdb' as quarantine (read_only)")
        found: dict[tuple[str, str, str], set[str]] = {}
        for database, schema, table, column in connection.execute(
            "select database_name, schema_name, table_name, column_name from duckdb_columns()"
        ).fetchall():
            found.setdefault((database, schema, table), set()).add(column)
    differences = {
        node["name"]: sorted(set(node["columns"]) ^ found[node["database"], node["schema"], node["alias"]])
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed")
    }
    assert {name: columns for name, columns in differences.items() if columns} == {}


def singular_tests() -> set[str]:
    """The names of all singular tests."""
    return {file.stem for file in (PROJECT / "tests" / "singular").glob("*.sql")}


def test_every_singular_test_has_a_case() -> None:
    """A new one brings its own way to fail."""
    assert TAMPERING.keys() | NEEDS_ANOTHER_RUN | READS_CODE_ALONE == singular_tests()


def test_singular_tests_notice_tampering(bank: tuple[Warehouse, dict[str, str]]) -> None:
    """Run last: the tables are spoilt afterwards."""
    warehouse, _ = bank
    with duckdb.connect(str(warehouse.home / "work" / "warehouse.duckdb")) as connection:
        for name, statement in TAMPERING.items():
            (changed,) = connection.execute(statement).fetchone()
            assert changed, f"nothing to tamper with for {name}"
    found = outcomes(warehouse, "test", "--select", "test_type:singular")
    assert {name for name, status in found.items() if status in ("fail", "warn", "error")} == TAMPERING.keys()

    with duckdb.connect(str(warehouse.home / "work" / "warehouse.duckdb")) as connection:
        connection.execute("delete from panel.ledger_months")
    month = json.dumps({"as_of_date": "2024-03-15"})
    found = outcomes(warehouse, "test", "--select", *sorted(NEEDS_ANOTHER_RUN), "--vars", month)
    assert found == dict.fromkeys(NEEDS_ANOTHER_RUN, "fail")


def test_the_key_of_the_tests_is_in_no_compiled_test(bank: tuple[Warehouse, dict[str, str]]) -> None:
    """Unit tests compile the keyed hashes too."""
    target = Path(bank[0].home) / "target"
    assert not [path for path in target.rglob("*.sql") if KEY in path.read_text(encoding="utf-8")]
