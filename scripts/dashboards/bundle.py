"""Makes of superset.yml the bundle that Apache Superset imports.

Every id follows from its name, so that importing a newer bundle replaces the older one. Columns are those of the
release; the database is opened read-only.
"""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import duckdb
import yaml

from scripts.settings import PROJECT

SPECIFICATION = PROJECT / "scripts" / "dashboards" / "superset.yml"
VERSION = "1.0.0"
NAMESPACE = uuid.UUID("6f6e2d1c-0d4b-5b57-9d0c-1f1a4d0f3a10")
TEMPORAL = "as_of_date"
KINDS = {
    "number": "big_number_total",
    "table": "table",
    "pie": "pie",
    "pivot": "pivot_table_v2",
    "line": "echarts_timeseries_line",
    "area": "echarts_area",
    "bar": "echarts_timeseries_bar",
}


def identity(*name: str) -> str:
    """The id that a name always has."""
    return str(uuid.uuid5(NAMESPACE, "/".join(name)))


def metric(expression: str) -> dict[str, Any]:
    """A metric written as SQL."""
    return {"expressionType": "SQL", "sqlExpression": expression, "label": expression, "optionName": expression}


def parameters(chart: dict[str, Any]) -> dict[str, Any]:
    """What Superset calls the form data of a chart."""
    kind, groups = chart["viz"], chart.get("by", [])
    found: dict[str, Any] = {"viz_type": KINDS[kind], "row_limit": 10000, "color_scheme": "supersetColors"}
    if "where" in chart:
        found["adhoc_filters"] = [{"clause": "WHERE", "expressionType": "SQL", "sqlExpression": chart["where"]}]
    if kind == "table":
        return {
            **found,
            "query_mode": "raw",
            "all_columns": chart["columns"],
            "order_by_cols": [json.dumps(order) for order in chart.get("order", [])],
            "server_page_length": 25,
            "page_length": 25,
        }
    if kind == "pivot":
        return {
            **found,
            "groupbyRows": chart["rows"],
            "groupbyColumns": chart["columns"],
            "metrics": [metric(chart["metric"])],
            "aggregateFunction": "Sum",
            "valueFormat": ",d",
        }
    if kind == "number":
        return {**found, "metric": metric(chart["metric"]), "y_axis_format": "~s", "header_font_size": 0.4}
    if kind == "pie":
        return {
            **found,
            "metric": metric(chart["metric"]),
            "groupby": groups,
            "label_type": "key_percent",
            "donut": True,
        }
    time = {"x_axis": groups[0], "groupby": []} if kind == "bar" else {"x_axis": TEMPORAL, "groupby": groups}
    return {
        **found,
        **time,
        "metrics": [metric(chart["metric"])],
        "orientation": "horizontal" if kind == "bar" else None,
        "time_grain_sqla": None,
        "stack": "Stack" if kind == "area" else None,
        "y_axis_format": "~s",
        "x_axis_time_format": "%Y-%m",
        "show_legend": bool(groups) and kind != "bar",
        "x_axis_sort": chart["metric"] if kind == "bar" else None,
        "x_axis_sort_asc": True,
    }


def dataset(name: str, query: str, specification: dict[str, Any], release: Path) -> dict[str, Any]:
    """A query as a dataset, with the columns that it has in the release."""
    with duckdb.connect(str(release), read_only=True) as connection:
        described = connection.execute(f"describe {query}").fetchall()
    return {
        "table_name": name,
        "schema": "marts",
        "sql": query,
        "main_dttm_col": TEMPORAL if any(row[0] == TEMPORAL for row in described) else None,
        "columns": [
            {"column_name": row[0], "type": row[1], "is_dttm": row[1] == "DATE", "groupby": True, "filterable": True}
            for row in described
        ],
        "metrics": [{"metric_name": "count", "expression": "count(*)"}],
        "uuid": identity("dataset", name),
        "database_uuid": identity("database", specification["database"]),
        "version": VERSION,
    }


def layout(dashboard: dict[str, Any]) -> dict[str, Any]:
    """Where the charts stand."""
    parents = ["ROOT_ID", "GRID_ID"]
    rows = [f"ROW-{number}" for number in range(len(dashboard["rows"]))]
    position: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "children": rows, "parents": ["ROOT_ID"]},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": dashboard["title"]}},
    }
    for row, charts in zip(rows, dashboard["rows"], strict=True):
        names = [f"CHART-{identity('chart', dashboard['slug'], chart['title'])[:8]}" for chart in charts]
        position[row] = {
            "type": "ROW", "id": row, "children": names, "parents": parents,
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }  # fmt: skip
        for name, chart in zip(names, charts, strict=True):
            meta = {
                "chartId": int(name.removeprefix("CHART-"), 16),  # replaced by Superset's own
                "uuid": identity("chart", dashboard["slug"], chart["title"]), "sliceName": chart["title"],
                "width": chart["width"], "height": chart["height"],
            }  # fmt: skip
            position[name] = {"type": "CHART", "id": name, "children": [], "parents": [*parents, row], "meta": meta}
    return position


def native_filter(wanted: dict[str, str]) -> dict[str, Any]:
    """A choice of one value for all charts of a dashboard."""
    return {
        "id": f"NATIVE_FILTER-{wanted['column']}",
        "name": wanted["column"],
        "filterType": "filter_select",
        "type": "NATIVE_FILTER",
        "targets": [{"column": {"name": wanted["column"]}, "datasetUuid": identity("dataset", wanted["dataset"])}],
        "controlValues": {
            "multiSelect": False,
            "enableEmptyFilter": False,
            "searchAllOptions": True,
            "defaultToFirstItem": True,
        },
        "defaultDataMask": {"filterState": {}, "extraFormData": {}},
        "cascadeParentIds": [],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": []},
    }


def bundle(database: str, release: Path) -> dict[str, dict[str, Any]]:
    """Every file of the bundle: its name and its content."""
    specification = yaml.safe_load(SPECIFICATION.read_text(encoding="utf-8"))
    name = specification["database"]
    files: dict[str, dict[str, Any]] = {
        "metadata.yaml": {"version": VERSION, "type": "assets", "timestamp": "2020-01-01T00:00:00+00:00"},
        f"databases/{name}.yaml": {
            "database_name": name,
            "sqlalchemy_uri": database,
            "expose_in_sqllab": True,
            "extra": {"engine_params": {"connect_args": {"read_only": True}}},
            "uuid": identity("database", name),
            "version": VERSION,
        },
    }
    for table, query in specification["datasets"].items():
        files[f"datasets/{name}/{table}.yaml"] = dataset(table, query, specification, release)
    for dashboard in specification["dashboards"]:
        for chart in (chart for row in dashboard["rows"] for chart in row):
            key = identity("chart", dashboard["slug"], chart["title"])
            files[f"charts/{dashboard['slug']}_{key[:8]}.yaml"] = {
                "slice_name": chart["title"],
                "viz_type": KINDS[chart["viz"]],
                "params": parameters(chart),
                "uuid": key,
                "dataset_uuid": identity("dataset", chart["dataset"]),
                "version": VERSION,
            }
        filters = [native_filter(dashboard["filter"])] if "filter" in dashboard else []
        files[f"dashboards/{dashboard['slug']}.yaml"] = {
            "dashboard_title": dashboard["title"],
            "slug": dashboard["slug"],
            "published": True,
            "uuid": identity("dashboard", dashboard["slug"]),
            "position": layout(dashboard),
            "metadata": {"native_filter_configuration": filters, "color_scheme": "supersetColors"},
            "version": VERSION,
        }
    return files
