from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Event, Expert, Organization, Session
from projects.models import CooperationIntention, CooperationMode, Project, Recommendation, Sector
from projects.models.intention_queryset import IntentionQuerySet
from projects.models.project import ProjectQuerySet
from summit.lib.i18n.languages import columns
from summit.lib.i18n.likeness import search_words
from summit.lib.web.fields import field_of
from summit.lib.web.filters import MAX_QUERY, FilterForm, SearchField, country_choices
from website.forms.offered import offered

# Levels as visitors think of them; the project's page names the level itself.
MATURITIES = {
    "research": (1, 3),
    "prototype": (4, 6),
    "ready": (7, 9),
}


# In a select, since of thousands nobody finds one. An address may name any of the others.
MOST_EVENTS = 50


class ProjectFilter(FilterForm):
    q = SearchField(label=_("Search"))
    kind = forms.ChoiceField(
        label=_("Offer or request"),
        choices=[
            ("", pgettext_lazy("kinds of project", "All")),
            (Project.Kind.OFFER.value, _("Offered for cooperation")),
            (Project.Kind.REQUEST.value, _("Wanted by a company")),
        ],
        widget=forms.RadioSelect,
    )
    sector = forms.MultipleChoiceField(label=_("Sector"), widget=forms.CheckboxSelectMultiple)
    maturity = forms.MultipleChoiceField(
        label=_("Maturity"),
        choices=[
            ("research", _("Idea to proof of concept (TRL 1–3)")),
            ("prototype", _("Laboratory to prototype (TRL 4–6)")),
            ("ready", _("In operation to proven in use (TRL 7–9)")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    mode = forms.MultipleChoiceField(
        label=_("Cooperation sought"), widget=forms.CheckboxSelectMultiple
    )
    stage = forms.MultipleChoiceField(label=_("Stage"), widget=forms.CheckboxSelectMultiple)
    industry = forms.ChoiceField(label=_("Industry"))
    district = forms.ChoiceField(label=_("District"))
    country = forms.ChoiceField(label=_("Country/region of the owner"))
    event = forms.ChoiceField(label=_("Recommended at"))

    def prepare(self) -> None:
        choices = offered()
        for name in ("sector", "mode", "stage"):
            field_of(self, name, forms.ChoiceField).choices = choices.get(name, [])
        for name in ("industry", "district"):
            field_of(self, name, forms.ChoiceField).choices = [
                ("", pgettext_lazy("choices of a filter", "All")),
                *choices.get(name, []),
            ]
        field_of(self, "country", forms.ChoiceField).choices = country_choices(_owners())
        field_of(self, "event", forms.ChoiceField).choices = [
            ("", pgettext_lazy("events", "All")),
            *_events_with(Recommendation.objects.visible(), self.query.get("event")),
        ]

    def apply(self, projects: ProjectQuerySet) -> ProjectQuerySet:
        """Return the projects that match, those whose titles hold the terms first, then newest.

        What only shows its title is left out where a fact is asked for that it keeps back.
        """
        if self.data.keys() - {"q", "kind"}:
            projects = projects.visible()
        if sectors := self.chosen("sector"):
            projects = projects.filter(
                Exists(Sector.objects.filter(projects=OuterRef("pk"), slug__in=sectors))
            )
        if modes := self.chosen("mode"):
            projects = projects.filter(
                Exists(CooperationMode.objects.filter(projects=OuterRef("pk"), slug__in=modes))
            )
        if ranges := self.chosen("maturity"):
            within = Q()
            for name in ranges:
                within |= Q(maturity__range=MATURITIES[name])
            projects = projects.filter(within)
        if kind := self.data.get("kind"):
            projects = projects.filter(kind=kind)
        if stages := self.chosen("stage"):
            projects = projects.filter(stage__in=stages)
        if section := self.data.get("industry"):
            projects = projects.filter(industry__code__startswith=section)
        if district := self.data.get("district"):
            projects = projects.filter(district__slug=district)
        if country := self.data.get("country"):
            # The country of an owner that is not public would tell of it.
            projects = projects.filter(owner__country=country, owner__is_public=True)
        if event := self.data.get("event"):
            at_event = Recommendation.objects.visible().filter(event__slug=event)
            projects = projects.filter(Exists(at_event.filter(project=OuterRef("pk"))))
        return _ranked(projects.search(self.typed), search_words(self.typed))


def _ranked(projects: ProjectQuerySet, terms: list[str]) -> ProjectQuerySet:
    newest = ("-published_at", "-pk")
    if not terms:
        return projects.order_by(*newest)
    in_title = Q()
    for term in terms:
        in_title &= Q(search_text__contains=term)
    rank = Case(When(in_title, then=Value(0)), default=Value(1), output_field=IntegerField())
    return projects.order_by(rank, *newest)


class IntentionFilter(FilterForm):
    year = forms.ChoiceField(label=_("Year of signing"))
    event = forms.ChoiceField(label=_("Event"))
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[
            ("", pgettext_lazy("status of an intention", "All")),
            *[
                (status.value, capfirst(status.label))
                for status in CooperationIntention.Status
                if status not in CooperationIntention.UNSIGNED
            ],
        ],
    )
    # Pages of one of these lead here for all of its intentions. Too many to choose from,
    # so that only the one in the address is offered.
    organization = forms.ChoiceField(label=_("Party"))
    expert = forms.ChoiceField(label=_("Signed by the expert"))
    project = forms.ChoiceField(label=_("About the project"))
    recommended_by = forms.ChoiceField(
        label=_("Signed by others about what this expert recommended")
    )
    session = forms.ChoiceField(label=_("Signed in the session"))
    presented_in = forms.ChoiceField(
        label=_("Signed elsewhere about what was presented in the session")
    )

    def _understood(self, query: QueryDict) -> QueryDict:
        rows = ((name, _find_named_row(name, query.get(name, ""))) for name in _NAMED)
        self.named = {name: row for name, row in rows if row is not None}
        for name, row in self.named.items():
            text = row.name if isinstance(row, Expert | Organization) else row.title
            field_of(self, name, forms.ChoiceField).choices = [
                ("", pgettext_lazy("choices of a filter", "All")),
                (query[name], text),
            ]
        return super()._understood(query)

    def prepare(self) -> None:
        years = CooperationIntention.objects.visible().dates("signed_on", "year", order="DESC")
        field_of(self, "year", forms.ChoiceField).choices = [
            ("", pgettext_lazy("years", "All")),
            *[(str(day.year), str(day.year)) for day in years],
        ]
        field_of(self, "event", forms.ChoiceField).choices = [
            ("", pgettext_lazy("events", "All")),
            *_events_with(CooperationIntention.objects.visible(), self.query.get("event")),
        ]

    def apply(self, intentions: IntentionQuerySet) -> IntentionQuerySet:
        if year := self.data.get("year"):
            intentions = intentions.filter(signed_on__year=year)
        if event := self.data.get("event"):
            intentions = intentions.filter(event__slug=event)
        if status := self.data.get("status"):
            intentions = intentions.filter(status=status)
        if self.named:
            # Of what was voided no page says who was named in it.
            intentions = intentions.visible()
        for name, row in self.named.items():
            intentions = _NAMED[name][1](intentions, row)
        return intentions


# The rows that an address can name, and what of the ledger each leaves.
type _Rows = Callable[[], QuerySet[Any]]
type _Narrowed = Callable[[IntentionQuerySet, Any], IntentionQuerySet]
_NAMED: dict[str, tuple[_Rows, _Narrowed]] = {
    "organization": (
        Organization.objects.visible,
        lambda intentions, row: intentions.filter(Q(company=row) | Q(expert_organization=row)),
    ),
    "expert": (
        Expert.objects.visible,
        lambda intentions, row: intentions.filter(expert=row),
    ),
    "project": (
        Project.objects.visible,
        lambda intentions, row: intentions.about(row),
    ),
    "recommended_by": (
        Expert.objects.visible,
        lambda intentions, row: intentions.others_about(row),
    ),
    "session": (
        Session.objects.visible,
        lambda intentions, row: intentions.filter(session=row),
    ),
    "presented_in": (
        Session.objects.visible,
        lambda intentions, row: intentions.elsewhere_about(row),
    ),
}


def _find_named_row(name: str, value: str) -> Organization | Expert | Project | Session | None:
    """Return the visible row that an address names, as ``slug`` or ``event/session``."""
    if not value or len(value) > MAX_QUERY:
        return None
    rows = _NAMED[name][0]()
    if name in ("session", "presented_in"):
        event, _slash, slug = value.partition("/")
        return rows.filter(event__slug=event, slug=slug).first()
    return rows.filter(slug=value).first()


def _events_with(rows: QuerySet[Any], chosen: str | None) -> list[tuple[str, str]]:
    """Return the latest events that have rows as choices, the chosen one among them. One query."""
    events = Event.objects.visible().filter(Exists(rows.filter(event=OuterRef("pk"))))
    first = Case(When(slug=chosen or "", then=Value(0)), default=Value(1))
    offered = events.only("slug", "starts_at", *columns("title")).order_by(
        first, *(Event._meta.ordering or ())
    )[:MOST_EVENTS]
    latest = sorted(offered, key=lambda event: event.starts_at, reverse=True)
    return [(event.slug, event.title) for event in latest]


def _owners() -> QuerySet[Organization]:
    projects = Project.objects.visible().open().filter(owner=OuterRef("pk"))
    return Organization.objects.visible().filter(Exists(projects))
