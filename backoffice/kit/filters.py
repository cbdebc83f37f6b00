"""Filters of lists by choices that are known beforehand."""

import datetime as dt
from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from summit.lib.i18n.languages import Words
from summit.lib.web.requests import user_of


def lately(column: str) -> dict[str, tuple[Words, Callable[[Any, User], QuerySet]]]:
    """Return the choices of a filter by a moment that is not long ago."""

    def since(ago: dt.timedelta) -> Callable[[Any, User], QuerySet]:
        return lambda rows, _user: rows.filter(**{f"{column}__gte": timezone.now() - ago})

    return {
        "hour": (_("in the last hour"), since(dt.timedelta(hours=1))),
        "day": (_("in the last 24 hours"), since(dt.timedelta(days=1))),
        "week": (_("in the last 7 days"), since(dt.timedelta(days=7))),
    }


class ChoiceFilter(admin.SimpleListFilter):
    """A filter by a few choices: each has a label, and a function of rows and the reader.

    The function returns the rows that are left. A value that is no choice leaves all.
    """

    options: ClassVar[dict[str, tuple[Words, Callable[[Any, User], QuerySet]]]] = {}

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, Words]]:
        return [(value, label) for value, (label, _narrow) in self.options.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in self.options:
            return queryset
        _label, narrow = self.options[str(self.value())]
        return narrow(queryset, user_of(request))
