"""Filters of lists by an event, a series or a country: what they offer has an end."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import lookup_spawns_duplicates
from django.contrib.admin.views.main import ERROR_FLAG, PAGE_VAR, ChangeList
from django.db.models import Max, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from backoffice.kit.search import found_by_words
from events.models import Event, EventSeries
from events.models.limits import Person
from events.models.scope import readable
from summit.lib.database.numbers import rows_by_keys
from summit.lib.i18n.languages import Words, columns
from summit.lib.web.filters import MAX_QUERY

OFFERED = 6


class SearchedFilter(admin.SimpleListFilter):
    """Offers a few rows: the latest, or those that a search finds, and the one that is chosen.

    A subclass says ``of_rows``: the paths from a row of the list to what it is filtered by. What
    is beyond the limits of who asks is not offered, and filtering by it finds nothing.
    """

    template = "backoffice/searched_filter.html"
    paths: tuple[str, ...] = ()

    def __init__(
        self,
        request: HttpRequest,
        params: dict[str, list[str]],
        model: type[Model],
        model_admin: admin.ModelAdmin,
    ) -> None:
        self.search_name = f"{self.parameter_name}_like"
        self.searched = params.pop(self.search_name, [""])[-1][:MAX_QUERY].strip()
        self.chosen: Any = None
        super().__init__(request, params, model, model_admin)

    def expected_parameters(self) -> list[str | None]:
        return [str(self.parameter_name), self.search_name]

    def has_output(self) -> bool:
        return True

    def all_offered(self) -> QuerySet[Any]:
        """Return all that may be chosen, the latest first."""
        raise NotImplementedError

    def label(self, row: Any) -> str:
        return str(row)

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, Words]]:
        rows = readable(self.all_offered(), request.user)
        offered = list(found_by_words(rows, ["search_text"], self.searched)[:OFFERED])
        if self.value() is not None:
            self.chosen = rows_by_keys(rows, [str(self.value())]).first()
            if self.chosen and self.chosen not in offered:
                offered.insert(0, self.chosen)
        return [(str(row.pk), self.label(row)) for row in offered]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        # Of the form that searches: what else the list is filtered by stays.
        ours = {self.search_name, PAGE_VAR, ERROR_FLAG}
        parameter = str(self.parameter_name)
        self.others = [(key, value) for key, value in changelist.params.items() if key not in ours]
        everything, *offered = super().choices(changelist)
        remove = [self.search_name]
        yield everything | {
            "query_string": changelist.get_query_string(remove=[*remove, parameter])
        }
        for choice, (key, _label) in zip(offered, self.lookup_choices, strict=True):
            address = changelist.get_query_string({parameter: key}, remove=remove)
            yield choice | {"query_string": address}

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() is None:
            return queryset
        # Facets try each of the choices.
        if self.value() not in dict(self.lookup_choices):
            return queryset.none()
        found = Q()
        for path in self.paths:
            here = Q(**{path: self.value()})
            if lookup_spawns_duplicates(queryset.model._meta, path):
                # Found through several rows, a row would be listed as often.
                rows = queryset.model._base_manager.filter(here).order_by()
                here = Q(pk__in=rows.values("pk"))
            found |= here
        return queryset.filter(found)


def by_event(*paths: str) -> type[SearchedFilter]:
    """Return a filter by the event to which the paths lead from a row of the list."""

    class ByEvent(SearchedFilter):
        title = _("event")
        parameter_name = "event__id__exact"

        def all_offered(self) -> QuerySet[Event]:
            shown = columns("title")
            return Event.objects.order_by("-starts_at", "-pk").only(
                *shown, "starts_at", "ends_at", "time_zone"
            )

        def label(self, row: Event) -> str:
            # In words as ``title_and_day``; no line ends within the day.
            day = row.starts_on.isoformat()
            return format_html('{} · <span class="whole">{}</span>', str(row), day)

    ByEvent.paths = paths
    return ByEvent


def by_series(*paths: str) -> type[SearchedFilter]:
    """Return a filter by the series of the events, that of the latest event first."""

    class BySeries(SearchedFilter):
        title = _("event series")
        parameter_name = "series__id__exact"

        def all_offered(self) -> QuerySet[EventSeries]:
            latest = EventSeries.objects.annotate(latest=Max("events__starts_at"))
            return latest.exclude(latest=None).order_by("-latest", "pk").only(*columns("title"))

    BySeries.paths = paths
    return BySeries


class CountryFilter(admin.SimpleListFilter):
    """The countries and regions that occur among the rows, by their names. One query."""

    title = _("country/region")
    parameter_name = "country__exact"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, Words]]:
        rows = readable(model_admin.model._default_manager.order_by(), request.user)
        codes = rows.exclude(country="").values_list("country", flat=True).distinct()
        named = [(str(code), str(countries.name(str(code)))) for code in codes]
        return sorted(named, key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset if self.value() is None else queryset.filter(country=self.value())


class OfRow(admin.SimpleListFilter):
    """The rows that belong to one of another model, whose page leads here. Hidden otherwise."""

    # Whose rows are looked for, and which belong to one as far as somebody may know.
    of: type[Model]
    condition: Callable[[Any, Person], Q]

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, Words]]:
        rows = readable(self.of._default_manager.all(), request.user)
        self.chosen = rows_by_keys(rows, [self.value() or ""]).first()
        return [(str(self.chosen.pk), str(self.chosen))] if self.chosen else []

    def has_output(self) -> bool:
        return self.value() is not None

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() is None:
            return queryset
        if self.chosen is None:
            return queryset.none()
        return queryset.filter(type(self).condition(self.chosen, request.user))


def of_row(
    model: type[Model],
    condition: Callable[[Any, Person], Q],
    *,
    name: str = "",
    label: Words = "",
) -> type[OfRow]:
    """Return a filter ``?organization__id__exact=`` by a row of a model, or ``?name=``."""

    class Of(OfRow):
        title = label or model._meta.verbose_name
        parameter_name = name or f"{model._meta.model_name}__id__exact"

    Of.of = model
    Of.condition = staticmethod(condition)
    return Of
