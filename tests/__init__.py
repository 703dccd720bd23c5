"""A package of its own, so that no installed `tests` can stand in for it."""
