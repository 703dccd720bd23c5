"""The seeds as the page reads them: rows of the newest published version, and what people call things."""

from __future__ import annotations

from pathlib import Path

from scripts.seeds import Row, Words, display_labels, read_seed


class Seeds:
    """The rows of all seeds, and the newest published version."""

    def __init__(self, folder: Path) -> None:
        self.rows: dict[str, list[Row]] = {}
        self.columns: dict[str, list[str]] = {}
        for path in sorted(folder.glob("*/*.csv")):
            seed = read_seed(path.parent, path.stem)
            self.rows[seed.name], self.columns[seed.name] = seed.rows, seed.columns
        self.rule_seeds = sorted(path.stem for path in (folder / "rules").glob("*.csv"))
        published = [row for row in self.rows["rule_versions"] if row["status_code"] == "published"]
        self.version = max(published, key=lambda row: (row["valid_from"], row["rule_version"]))["rule_version"]

    def __getitem__(self, name: str) -> list[Row]:
        """A seed's rows of the version; all of them where the seed has no versions."""
        return [row for row in self.rows[name] if row.get("rule_version", self.version) == self.version]

    def codes(self, dimension: str) -> dict[str, Words]:
        """Labels of a dimension's codes."""
        rows = self.rows["classification_codes"]
        return {row["code"]: (row["label"], row["label_zh"]) for row in rows if row["dimension"] == dimension}

    def labels(self, name: str) -> dict[str, Words]:
        """Labels of a list of display_labels, in its order."""
        return display_labels(self.rows["display_labels"], name)

    def feature(self, name: str) -> Words:
        """Labels of what a rule looks at: a feature of the catalogue, or something that no catalogue lists."""
        for row in self.rows["feature_catalogue"]:
            if row["feature"] == name:
                return row["label"], row["label_zh"]
        return self.labels("rule_input")[name]

    def unit(self, name: str) -> str:
        """Unit of a feature; empty where none is known."""
        return next((row["unit"] for row in self.rows["feature_catalogue"] if row["feature"] == name), "")
