"""Parameters: which payments customers make and through which channels, as lookup tables."""

from __future__ import annotations

import numpy as np

from . import codes
from .codes import CHANNEL, CODE

SPENDING = ("card_payment", "transfer_out", "cash_withdrawal", "bill_payment")
_MIX = np.array(
    [  # by branch, mixed and digital people, then firms
        [0.22, 0.18, 0.42, 0.18],
        [0.42, 0.2, 0.2, 0.18],
        [0.55, 0.22, 0.05, 0.18],
        [0.05, 0.78, 0.07, 0.1],
    ]
)
WEIGHT = np.array([0.7, 3.0, 1.6, 0.6])
"""Relative size of a spending code."""
# Channel shares by spending code (and cash deposit) and by branch, mixed, digital.
_CHANNELS: dict[str, tuple[dict[str, float], ...]] = {
    "card_payment": (
        {"self_service": 0.7, "mobile": 0.3},
        {"self_service": 0.4, "mobile": 0.5, "mini_program": 0.1},
        {"self_service": 0.15, "mobile": 0.65, "mini_program": 0.2},
    ),
    "transfer_out": (
        {"counter": 0.75, "kiosk": 0.15, "atm": 0.1},
        {"counter": 0.2, "online": 0.3, "mobile": 0.4, "atm": 0.1},
        {"mobile": 0.75, "online": 0.25},
    ),
    "cash_withdrawal": ({"counter": 0.45, "atm": 0.55}, {"counter": 0.15, "atm": 0.85}, {"atm": 1.0}),
    "bill_payment": (
        {"counter": 0.5, "kiosk": 0.3, "self_service": 0.2},
        {"mobile": 0.5, "kiosk": 0.2, "online": 0.3},
        {"mobile": 0.65, "mini_program": 0.25, "online": 0.1},
    ),
    "cash_deposit": (
        {"counter": 0.8, "atm": 0.2},
        {"counter": 0.4, "atm": 0.6},
        {"counter": 0.2, "atm": 0.8},
    ),
}


def _channel_table() -> np.ndarray:
    """Lookup by code, kind of user and 1/256 of the uniform."""
    table = np.zeros((len(codes.TRANSACTION_CODES), 3, 256), dtype=np.int8)
    for code, users in _CHANNELS.items():
        for user, shares in enumerate(users):
            edges = np.cumsum(list(shares.values())) / sum(shares.values())
            chosen = np.searchsorted(edges, (np.arange(256) + 0.5) / 256)
            table[CODE[code], user] = np.array([CHANNEL[name] for name in shares])[chosen]
    return table


CHANNEL_TABLE = _channel_table()
MIX_TABLE = np.array([np.searchsorted(np.cumsum(mix), (np.arange(256) + 0.5) / 256) for mix in _MIX]).clip(0, 3)
