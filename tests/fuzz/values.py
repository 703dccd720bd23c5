"""Values that somebody could land: good ones, odd ones and nonsense, chosen by the type of the column."""

from __future__ import annotations

from hypothesis import strategies as st

# No surrogates: they can't be written as UTF-8, and bytes are damaged elsewhere.
TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
ODD_TEXTS = st.sampled_from(
    [
        "",
        " ",
        "\t",
        "\u3000",
        "\u00a0",
        "\ufeff",
        "\x00",
        '"',
        '""',
        "'",
        "a,b;c",
        "two\nlines",
        "two\r\nlines",
        "a\rb",
        "\\",
        "\\N",
        "NULL",
        "null",
        "None",
        "#",
        "# no comment",
        "{}",
        "é",
        "e\u0301",
        "客户",
        "\u202edlog",
        "\U0001f600",
        "x" * 5000,
        "'; drop table marts; --",
        "{{ 1 // 0 }}",
        "%s",
        "$1",
    ]
)
NUMBERS = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.decimals(-1000000, 1000000, places=3).map(str),
    st.floats().map(repr),
    st.sampled_from(
        [
            "0",
            "-0",
            "-0.00",
            "0.004",
            "0.005",
            ".5",
            "5.",
            "+7",
            " 12.5 ",
            "1e3",
            "1E+5",
            "1e15",
            "1e16",
            "1e400",
            "1e-400",
            "9999999999999999.99",
            "9999999999999999.995",
            "1,000.00",
            "1 000",
            "1_000",
            "0x10",
            "１２",
            "٣",
            "--1",
            "1e",
            "e5",
            ".",
            "+",
            "Infinity",
            "0" * 400,
            "1" * 60,
            "0." + "3" * 60,
        ]
    ),
)
STAMPS = st.one_of(
    st.dates().map(str),
    st.datetimes().map(str),
    st.datetimes().map(lambda moment: moment.isoformat() + "+08:00"),
    st.sampled_from(
        [
            "2024-02-30",
            "2024-13-01",
            "2024-1-5",
            "20240105",
            "05.01.2024",
            "0000-00-00",
            "0001-01-01",
            "9999-12-31",
            "10000-01-01",
            "-0001-01-01",
            "292278-01-01",
            "2024-01-05 24:00:00",
            "2024-01-05 10:00:60",
            "2024-01-05 10:00:00.1234567",
            "2024-01-05T10:00Z",
            "2024-01-05 10:00:00 Asia/Shanghai",
            "2024-01-05 10:00:00+99:99",
            "２０２４-01-05",
            "2024-01-05 (BC)",
            "infinity",
            "-infinity",
            "epoch",
            "now",
            "today",
            "1704412800",
            "45296",
        ]
    ),
)
BOOLEANS = st.sampled_from(["true", "F", "1", "0", "Yes", "n", "on", "2", "TRUE ", "truth"])


def values(data_type: str) -> st.SearchStrategy[str]:
    """Texts for a column that staging takes for this type: mostly of its kind, now and then of any kind."""
    own = TEXTS
    if data_type in ("date", "timestamp"):
        own = STAMPS
    elif data_type in ("integer", "double") or data_type.startswith("decimal"):
        own = NUMBERS
    elif data_type == "boolean":
        own = BOOLEANS
    return st.one_of(own, own, ODD_TEXTS, TEXTS, NUMBERS, STAMPS)
