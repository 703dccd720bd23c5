"""The drift gate: how far a new release moves away from the one that is served, by the limits in drift_limits.csv."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import duckdb

from scripts.landing.sql_text import literal
from scripts.refresh.comparison import BLOCKING, LIMITS, NEW, OLD, Comparison, Finding, read_limits
from scripts.refresh.durable import read_json
from scripts.refresh.manifest import MANIFEST, WAREHOUSE
from scripts.refresh.outcome import ExitCode, RefreshError
from scripts.refresh.release import served
from scripts.refresh.run import Run


def judge_drift(run: Run) -> dict[str, Any]:
    """Compares the work file with the served release; returns what the manifest keeps of it."""
    releases = run.settings.releases
    run.compared_with = served(releases)
    if run.compared_with is None:
        print("  drift: no release is served yet, nothing to compare with")
        return {"compared_with": None, "notes": [], "findings": []}
    before = releases / run.compared_with
    findings: list[Finding] = []
    notes = _changed_rules(run, read_json(before / MANIFEST) or {})
    try:
        with run.database(":memory:") as connection:
            for name, file in ((NEW, run.settings.work_file), (OLD, before / WAREHOUSE)):
                connection.execute(f"attach {literal(str(file))} as {name} (read_only)")
            findings, more = Comparison(connection, is_month_asked=run.as_of is not None).run(read_limits())
            notes += more
    except duckdb.Error as error:
        notes.append(f"the served release can't be compared with ({type(error).__name__})")
    print(f"  drift against {run.compared_with}: {len(findings)} figures outside of their limits")
    for text in [*notes, *(f"{finding.level} {finding}" for finding in findings)]:
        print(f"    {text}")
    return {
        "compared_with": run.compared_with,
        "accepted_reason": run.accepted_drift,
        "notes": notes,
        "findings": [asdict(finding) for finding in findings],
    }


def refuse_drift(run: Run, drift: dict[str, Any]) -> None:
    """Stops a release that moved too far, unless a person has said why that is right."""
    blocking = [Finding(**finding) for finding in drift["findings"] if finding["level"] == BLOCKING]
    if not blocking:
        return
    reasons = "\n".join(f"  {text}" for text in [*map(str, blocking), *drift["notes"]])
    if run.accepted_drift:
        print(f"  drift accepted: {run.accepted_drift}")
        return
    raise RefreshError(
        ExitCode.DRIFT,
        f"Built and sound, but not published: it differs too much from the release served.\n{reasons}\n"
        'If that is right, publish it with --accept-drift "why"; the reason is kept. If not, repair the landing.\n'
        f"The build is there to be looked at: {run.settings.work_file}. Limits: seeds/rules/{LIMITS}.csv",
    )


def _changed_rules(run: Run, manifest: dict[str, Any]) -> list[str]:
    """What else than the landing is different, and may be why."""
    changed = []
    if manifest.get("rule_version") != run.rule_version:
        changed.append(f"the rule version changed from {manifest.get('rule_version')} to {run.rule_version}")
    elif manifest.get("project_sha256") != run.project_hash:
        changed.append("models, macros, seeds or versions changed since the release served")
    return changed
