"""Signing a draft: what will be fixed, and the terms, which can still be set."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from backoffice import intention_fields
from backoffice.kit.actions import Action, Facts, explain_refusal
from backoffice.signed_terms import joined
from events.models import Expert, Organization
from projects.domain import signing as domain
from projects.domain import snapshot
from projects.domain.draft_versions import versions
from projects.domain.signing import TERMS
from projects.models import CooperationIntention, Signatory
from summit.lib.i18n.bilingual import in_both
from summit.lib.i18n.languages import SPOKEN, current, listed_long

LARGE = '<strong class="large">{}</strong>'


class SignForm(forms.Form):
    signed_on = intention_fields.day(_("Signed on"))
    valid_until = intention_fields.day(_("Valid until"), help_text=_("Empty: without a term."))
    text_languages = intention_fields.spoken(_("Languages of the text"))
    governing_language = intention_fields.choice(_("Governing language"), SPOKEN)
    intended_amount = intention_fields.amount(_("Intended amount"))
    intended_currency = intention_fields.currency()
    # What the draft was like that the page has shown; a program brings none.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    @staticmethod
    def initial_for(intention: CooperationIntention) -> dict[str, Any]:
        """Propose what the draft says, and the day on which the event starts where it has none."""
        drafted = {name: getattr(intention, name) for name in TERMS}
        return {
            **drafted,
            "signed_on": intention.signed_on or intention.event.starts_on,
            "seen": versions([intention])[intention.pk],
        }

    def clean_seen(self) -> str | None:
        return self.cleaned_data["seen"] or None


def what_is_fixed(intention: CooperationIntention) -> Facts:
    """Return what the signature fixes beside the terms, as it reads now."""
    links = intention.project_links.select_related("project")
    people = list(intention.signatories.all())
    day = intention.signed_on or intention.event.starts_on
    [reference] = domain.upcoming_references(intention.event, day.year, 1)
    return [
        (_("Reference"), format_html(LARGE, reference)),
        (intention.local_party, _large(intention.company)),
        (_("Expert"), _large(intention.expert)),
        (_("Position"), "\n".join(_in_both_lines(snapshot.position(intention))) or "—"),
        (_("The expert acts for"), _large(intention.institution)),
        (_("Event"), intention.event),
        (_("Session"), intention.session or "—"),
        (_("Projects"), listed_long(link.project for link in links) or "—"),
        (_("Subject"), intention.subject or "—"),
        (_("What is intended"), intention.purpose or "—"),
        (_("Signs for the local side"), _list_signatories(people, Signatory.Side.COMPANY)),
        (_("Signs for the expert’s side"), _list_signatories(people, Signatory.Side.EXPERT)),
        (_("Witnesses"), _list_signatories(people, Signatory.Side.WITNESS)),
    ]


def _large(party: Expert | Organization | None) -> SafeString | str:
    """Return the names of a party in both languages, to be read once more before all is fixed."""
    names = _in_both_lines(in_both(party, "name")) if party else ()
    return format_html_join("\n", LARGE, ((name,) for name in names)) or "—"


def _in_both_lines(texts: dict[str, str]) -> list[str]:
    """Return the texts that there are, that of the reader's language first."""
    first = current()
    return [texts[each] for each in sorted(texts, key=lambda each: each != first) if texts[each]]


def explain_forbidden(intention: CooperationIntention) -> str:
    return explain_refusal(domain.refuse_unless_draft, intention)


def _list_signatories(people: Iterable[Signatory], side: str) -> str:
    told = (joined(person.name, person.capacity) for person in people if person.side == side)
    return "\n".join(told) or "—"


SIGN = Action[CooperationIntention](
    name="sign",
    label=_("Sign"),
    explanation=_(
        "Gives the intention its reference, keeps all names, positions and terms as they read "
        "now, in both languages, and plans the follow-ups. The parties, the projects, the people "
        "and the text cannot be changed afterwards, and the intention cannot be deleted: a "
        "correction is an amendment."
    ),
    run=lambda admin, request, intention, given: domain.sign(intention, by=request.user, **given),
    done=_("Signed: %(object)s."),
    offered=lambda admin, intention: intention.is_draft,
    refused=explain_forbidden,
    warnings=domain.warnings,
    form=SignForm,
    facts=what_is_fixed,
    facts_title=_("What will be fixed"),
    # The domain compares all of the draft, with its row locked.
    version=lambda intention: "",
    is_main=True,
)
