"""What becomes of an intention: a contract, or its end."""

import datetime as dt
from collections.abc import Callable

from django import forms
from django.contrib.admin import ModelAdmin
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from backoffice import intention_fields
from backoffice.kit.actions import Action, Facts, explain_refusal
from projects.domain import intention as domain
from projects.domain import voiding
from projects.models import CooperationIntention
from summit.lib.database.states import refuse_unless_allowed
from summit.lib.i18n.languages import Words
from summit.lib.i18n.money import money
from summit.lib.web.typed_text import LineField

Status = CooperationIntention.Status


def in_force(intention: CooperationIntention) -> Facts:
    """Return what the parties agreed on, as it stands after the amendments."""
    until = intention.valid_until
    return [
        (intention.local_party, intention.company or "—"),
        (_("Expert"), intention.expert or "—"),
        (_("Signed on"), date_format(intention.signed_on) if intention.signed_on else "—"),
        (_("Valid until"), date_format(until) if until else _("without a term")),
        (
            _("Intended amount"),
            money(intention.intended_amount, intention.intended_currency) or "—",
        ),
    ]


class ConvertForm(forms.Form):
    kind = intention_fields.choice(_("Kind of contract"), CooperationIntention.ContractKind.choices)
    contracted_on = intention_fields.day(_("Date of the contract"))
    number = LineField(label=_("Contract number"), required=False, max_length=60)
    amount = intention_fields.amount(_("Contracted amount"))
    currency = intention_fields.currency()


class TerminateForm(forms.Form):
    terminated_on = intention_fields.day(_("Terminated on"))
    reason = intention_fields.text(
        _("Reason"), length=2000, help_text=_("Staff read it; no public page.")
    )

    @staticmethod
    def initial_for(intention: CooperationIntention) -> dict[str, dt.date]:
        return {"terminated_on": intention.event.today}


class VoidForm(forms.Form):
    reason = intention_fields.text(
        _("What the mistake was"), length=2000, help_text=_("Staff read it; no public page.")
    )


class AbandonForm(forms.Form):
    reason = intention_fields.text(_("Reason"), length=2000, help_text=_("Optional."))


def _is_signed(_admin: ModelAdmin, intention: CooperationIntention) -> bool:
    return intention.status == Status.SIGNED


def _is_over(admin: ModelAdmin, intention: CooperationIntention) -> bool:
    until = intention.valid_until
    return _is_signed(admin, intention) and until is not None and until < intention.event.today


def _why_not_to(status: str) -> Callable[[CooperationIntention], Words]:
    return lambda intention: explain_refusal(refuse_unless_allowed, intention, status)


OUTCOMES: list[Action[CooperationIntention]] = [
    Action(
        name="convert",
        label=_("Record the contract"),
        explanation=_(
            "A contract followed: the intention is converted. Its amount is kept apart from the "
            "intended one. Follow-ups go on."
        ),
        run=lambda admin, request, intention, given: domain.convert(
            intention, by=request.user, **given
        ),
        done=_("The contract is recorded: %(object)s."),
        offered=_is_signed,
        refused=_why_not_to(Status.CONVERTED),
        form=ConvertForm,
        facts=in_force,
        facts_title=_("What was agreed"),
        is_main=True,
    ),
    Action(
        name="lapse",
        label=_("Record that it lapsed"),
        explanation=_(
            "The term is over and no contract followed. The intention has lapsed on the last day "
            "of its term, and nobody follows it up any more."
        ),
        run=lambda admin, request, intention, given: domain.lapse(intention, by=request.user),
        done=_("Lapsed: %(object)s."),
        offered=_is_over,
        refused=lambda intention: explain_refusal(domain.refuse_to_lapse, intention),
        facts=in_force,
        facts_title=_("What was agreed"),
    ),
    Action(
        name="terminate",
        label=_("Terminate"),
        explanation=_(
            "The parties gave it up. The public page says so, without the reason, and nobody "
            "follows it up any more."
        ),
        run=lambda admin, request, intention, given: domain.terminate(
            intention, by=request.user, **given
        ),
        done=_("Terminated: %(object)s."),
        offered=_is_signed,
        refused=_why_not_to(Status.TERMINATED),
        form=TerminateForm,
        facts=in_force,
        facts_title=_("What was agreed"),
        is_grave=True,
    ),
]

VOID = Action[CooperationIntention](
    name="void",
    label=_("Void the signing"),
    explanation=_(
        "For a signing that was recorded by mistake. An organizer other than the one who "
        "recorded it can void it within a day. Its reference is not used again. The public "
        "register says that it is void and names no one; staff can still see what was "
        "signed. It is not counted anywhere and not followed up."
    ),
    run=lambda admin, request, intention, given: voiding.void(
        intention, by=request.user, request=request, **given
    ),
    done=_("Voided: %(object)s."),
    offered=lambda admin, intention: _is_signed(admin, intention) and intention.is_recently_signed,
    refused=lambda intention: explain_refusal(voiding.refuse_to_void, intention),
    form=VoidForm,
    facts=in_force,
    facts_title=_("What was signed"),
    is_grave=True,
)

ABANDON = Action[CooperationIntention](
    name="abandon",
    label=_("Abandon the draft"),
    explanation=_(
        "The draft will not be signed. It stays on record, cannot be edited or signed any more, "
        "and counts nowhere."
    ),
    run=lambda admin, request, intention, given: domain.abandon(
        intention, by=request.user, **given
    ),
    done=_("Abandoned: %(object)s."),
    offered=lambda admin, intention: intention.is_draft,
    refused=_why_not_to(Status.ABANDONED),
    form=AbandonForm,
    is_grave=True,
)
