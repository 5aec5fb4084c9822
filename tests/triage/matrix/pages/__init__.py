"""The tables of all slices, put together: a page that stands in two of them is a mistake."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from tests.triage.matrix.cast import Pages
from tests.triage.matrix.place import Place

_TABLES = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]


def table() -> Pages:
    """Gives every listed page with who may GET and who may POST."""
    listed: Pages = {}
    for slice_ in _TABLES:
        assert not listed.keys() & slice_.PAGES.keys(), f"listed twice, again in {slice_.__name__}"
        listed |= slice_.PAGES
    return listed


def fields() -> list[str]:
    """Gives the name of every form field that the slices told of."""
    return sorted({name for slice_ in _TABLES for name in getattr(slice_, "FIELDS", ())})


def furnish(place: Place) -> Place:
    """Puts in what each slice's addresses name."""
    for slice_ in _TABLES:
        things: Callable[[Place], dict[str, Any]] | None = getattr(slice_, "things", None)
        place.numbers |= things(place) if things else {}
    return place
