"""Customers by name: each a few landed rows, and features worked out by hand from the specification.

    landing = bank(SHARED).write(folder)      # all that fit into one bank, with 24 months of ledger
    landing = bank([persona]).write(folder)   # or one alone: its features are the same

Ids start with the persona's name. `expected` goes by customer (of a merged party: the survivor), then by
month-end. Personas that need a landing without the optional tables have one of their own. The bank's ledger
runs from 2024-01-01 to 2025-12-31.
"""

from . import activity, attributes, holdings, salaries, terms
from .persona import Persona, bank

__all__ = ["PERSONAS", "SHARED", "Persona", "bank"]

PERSONAS = [
    *salaries.PERSONAS,
    *terms.PERSONAS,
    *activity.PERSONAS,
    *holdings.PERSONAS,
    *attributes.PERSONAS,
]
SHARED = [persona for persona in PERSONAS if persona.needs_optional_tables]
