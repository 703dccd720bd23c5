"""Writes docs/rules.md.

    python -m scripts.rules_page
"""

from __future__ import annotations

from scripts.rules_page.page import PAGE, page
from scripts.settings import PROJECT


def main() -> None:
    """Writes the page and says so."""
    PAGE.write_text(page(), encoding="utf-8")
    print(f"Wrote {PAGE.relative_to(PROJECT)}")


if __name__ == "__main__":
    main()
