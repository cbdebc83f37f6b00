import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from projects.models import Amendment, CooperationIntention
from projects.models.intention_queryset import IntentionQuerySet
from summit.lib.given import given
from summit.lib.i18n.languages import listed, spoken_names
from summit.lib.i18n.money import money
from website.forms.catalogue import IntentionFilter
from website.intention_rows import IntentionRow, intention_rows

Status = CooperationIntention.Status
# On the page of something else; the ledger holds the rest.
SHOWN = 12


@dataclass(frozen=True)
class Shown:
    """Some intentions on the page of something else, how many there are, and where all stand."""

    rows: list[IntentionRow]
    in_all: int
    url: str

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def are_more(self) -> bool:
        return self.in_all > len(self.rows)


def latest(*lists: tuple[IntentionQuerySet, dict[str, str]]) -> list[Shown]:
    """Return the latest of each list, at most ``SHOWN``, beside what filters the ledger alike.

    A query for each list and one for the projects of all.
    """
    found = [list(intentions.counted().for_rows("in_all")[:SHOWN]) for intentions, _query in lists]
    rows = iter(intention_rows(itertools.chain(*found)))
    return [
        Shown(
            list(itertools.islice(rows, len(each))),
            each[0]["in_all"] if each else 0,
            f"{reverse('intentions')}?{urlencode(query, safe='/')}",
        )
        for each, (_intentions, query) in zip(found, lists, strict=True)
    ]


class IntentionListView(ListView):
    template_name = "website/intention_list.html"
    context_object_name = "intentions"
    extra_context = {"section": "intentions"}
    paginate_by = 24

    def get_queryset(self) -> QuerySet[CooperationIntention, dict[str, Any]]:
        self.filter = IntentionFilter(self.request.GET)
        self.found = self.filter.apply(CooperationIntention.objects.in_register())
        return self.found.for_rows()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(filter=self.filter, **kwargs)
        voided = self.found.filter(status=Status.VOIDED).count()
        return context | {
            "intentions": intention_rows(context["intentions"]),
            "signed_count": context["paginator"].count - voided,
        }


class Step(NamedTuple):
    """One entry of the timeline: the signature, an amendment, or what came of it."""

    kind: str
    day: dt.date
    amendment: Amendment | None = None
    amount: str = ""


def timeline(intention: CooperationIntention) -> list[Step]:
    """Return what is public of an intention's life, in the order of its days. One query.

    Why it was terminated, the number of its contract, and amounts that the parties
    keep to themselves are not in it.
    """
    shows = intention.shows_amounts
    steps = [Step("signed", given(intention.signed_on))]
    for each in intention.amendments.order_by("number"):
        amount = money(each.intended_amount, each.intended_currency) if shows else ""
        steps.append(Step("amended", each.amended_on, each, amount))
    if intention.status != Status.SIGNED:
        contracted = money(intention.contracted_amount, intention.contracted_currency)
        closed_on = given(intention.closed_on)
        steps.append(Step(intention.status, closed_on, amount=contracted if shows else ""))
    # Stable: what happened on one day stays in the order in which it is told.
    return sorted(steps, key=lambda step: step.day)


class IntentionView(DetailView):
    object: CooperationIntention
    template_name = "website/intention.html"
    context_object_name = "intention"
    extra_context = {"section": "intentions"}
    slug_field = "reference"
    slug_url_kwarg = "reference"

    def get_queryset(self) -> IntentionQuerySet:
        return CooperationIntention.objects.visible_to(self.request.user).with_parties()

    def get_template_names(self) -> list[str]:
        return ["website/intention_voided.html" if self.object.is_voided else self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        intention = self.object
        trail = [(_("Signed intentions"), reverse("intentions"))]
        if intention.is_voided:
            return super().get_context_data(trail=trail, **kwargs)
        signed = given(intention.signature)
        names = [party.name for party in (signed.company, signed.expert) if party]
        about = [project.name for project in signed.projects] or [signed.subject]
        return super().get_context_data(
            description=" · ".join([*names, *about]),
            is_visible=intention.is_public and not intention.event.is_draft,
            trail=trail,
            steps=timeline(intention),
            **_terms(intention),
            **kwargs,
        )


def _terms(intention: CooperationIntention) -> dict[str, Any]:
    """What the terms are called on the page: as signed, and whether the term still runs."""
    terms = given(intention.signature).terms
    until = intention.valid_until
    governing = spoken_names([terms.governing_language])[0] if terms.governing_language else ""
    return {
        "terms": terms,
        "until": terms.valid_until or until,
        "is_term_amended": terms.valid_until is not None and until != terms.valid_until,
        "is_in_force": (
            intention.status == Status.SIGNED and bool(until and until >= intention.event.today)
        ),
        "languages": listed(spoken_names(terms.text_languages)),
        "governing_language": governing,
        **(_amounts(intention) if intention.shows_amounts else {}),
    }


def _amounts(intention: CooperationIntention) -> dict[str, str]:
    """The amount that was signed, and the one that an amendment put in its place, if any."""
    terms = given(intention.signature).terms
    signed = money(terms.intended_amount, terms.intended_currency)
    now = money(intention.intended_amount, intention.intended_currency)
    return {"intended": signed or now, "amended_amount": now if signed and now != signed else ""}
