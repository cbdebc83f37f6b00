"""Rows of an inline that somebody deleted while somebody else had them in a form."""

import re
from collections.abc import Callable

from django.utils.datastructures import MultiValueDict

from summit.lib.database.numbers import fits_bigint


def as_new(params: dict, *, may_add: bool = True) -> dict:
    """Return the arguments of a formset with the rows that are gone as new ones, as typed.

    Django would neither save nor show them, and say of no field what is wrong. What is
    ticked to be deleted and gone is left out, and all that is gone where no row may be
    added. Rows that were added meanwhile are no part
    of the form. Costs a query.
    """
    prefix, data = params["prefix"], params["data"]
    initial = data.get(f"{prefix}-INITIAL_FORMS", "")
    if not fits_bigint(initial):
        return params
    rows = sorted({number for number, _name in map(_parse(prefix), data) if number is not None})
    keys = {
        number: int(key)
        for number in rows
        if number < int(initial) and fits_bigint(key := data.get(f"{prefix}-{number}-id", ""))
    }
    queryset = params["queryset"].filter(pk__in=keys.values())
    # A row that is there and no part of this page is refused by Django, not copied.
    there = queryset.model._base_manager.filter(pk__in=keys.values())
    found = set(there.values_list("pk", flat=True))
    gone = [number for number, key in keys.items() if key not in found]
    if gone:
        unticked = [number for number in gone if f"{prefix}-{number}-DELETE" not in data]
        kept = unticked if may_add else []
        order = [*(number for number in rows if number not in gone), *kept]
        for number in gone:
            data[f"{prefix}-{number}-id"] = ""
        data = _renumbered(data, prefix, order)
        data[f"{prefix}-INITIAL_FORMS"] = str(int(initial) - len(gone))
        data[f"{prefix}-TOTAL_FORMS"] = str(len(order))
        params = {**params, "data": data, "files": _renumbered(params["files"], prefix, order)}
    return {**params, "queryset": queryset}


def _parse(prefix: str) -> Callable[[str], tuple[int | None, str]]:
    pattern = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,4}})-(.+)", re.DOTALL)

    def parse(name: str) -> tuple[int | None, str]:
        found = pattern.fullmatch(name)
        return (int(found[1]), found[2]) if found else (None, "")

    return parse


def _renumbered(sent: MultiValueDict, prefix: str, order: list[int]) -> MultiValueDict:
    parse, result = _parse(prefix), sent.copy()
    for name in sent:
        if parse(name)[0] is not None:
            del result[name]
    for name, values in sent.lists():
        number, field = parse(name)
        if number in order:
            result.setlist(f"{prefix}-{order.index(number)}-{field}", values)
    return result
