"""Amendments: recorded by a button, shown beside what was signed, and never edited."""

import datetime as dt

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from backoffice import intention_fields
from backoffice.intention_actions import in_force
from backoffice.kit.actions import Action, explain_refusal
from backoffice.kit.fields import SummitFields
from backoffice.kit.labels import pair
from backoffice.kit.read_only import ReadOnly
from projects.domain import amendment as domain
from projects.models import Amendment, CooperationIntention
from summit.lib.i18n.languages import Words
from summit.lib.i18n.money import money
from summit.lib.i18n.names import staff_name


class AmendForm(forms.Form):
    amended_on = intention_fields.day(_("Amended on"))
    reason_en = intention_fields.text(_("Reason (English)"), length=300, lang="en", rows=2)
    reason_zh_hans = intention_fields.text(
        _("Reason (Chinese)"), length=300, lang="zh-Hans", rows=2
    )
    change_en = intention_fields.text(
        _("What changes (English)"), lang="en", help_text=_("Markdown.")
    )
    change_zh_hans = intention_fields.text(_("What changes (Chinese)"), lang="zh-Hans")
    valid_until = intention_fields.day(
        _("New term, valid until"), help_text=_("Empty: the term stays as it is.")
    )
    intended_amount = intention_fields.amount(_("New intended amount"))
    intended_currency = intention_fields.currency()

    @staticmethod
    def initial_for(intention: CooperationIntention) -> dict[str, dt.date]:
        return {"amended_on": intention.event.today}


AMEND = Action[CooperationIntention](
    name="amend",
    label=_("Amend"),
    explanation=_(
        "Records a correction with its own day and reason beside what was signed, which stays as "
        "it is. A new term or amount is in force from then on. Where the intention is public, its "
        "page shows day, reason and change as well. An amendment cannot be edited or taken back."
    ),
    run=lambda admin, request, intention, given: (
        domain.amend(intention, by=request.user, **given).intention
    ),
    done=_("The amendment is recorded: %(object)s."),
    offered=lambda admin, intention: intention.status in CooperationIntention.ALIVE,
    refused=lambda intention: explain_refusal(domain.refuse_unless_amendable, intention),
    form=AmendForm,
    facts=in_force,
    facts_title=_("What is in force"),
)


class AmendmentInline(ReadOnly, SummitFields, admin.StackedInline):
    """Every amendment in both languages, with what it put in the place of which term."""

    model = Amendment
    of_signed = True
    extra = 0
    fields = [
        ("amended_on", "recorded"),
        pair("reason"),
        pair("change"),
        ("new_term", "new_amount"),
    ]
    readonly_fields = ["recorded", "new_term", "new_amount"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Amendment]:
        return super().get_queryset(request).select_related("intention__event", "recorded_by")

    @admin.display(description=_("recorded by"))
    def recorded(self, amendment: Amendment) -> str:
        day = timezone.localdate(amendment.recorded_at, amendment.intention.event.zone)
        return f"{staff_name(amendment.recorded_by)}, {date_format(day)}"

    @admin.display(description=_("new term, valid until"))
    def new_term(self, amendment: Amendment) -> Words:
        until = amendment.valid_until
        return date_format(until) if until else _("as it was")

    @admin.display(description=_("new intended amount"))
    def new_amount(self, amendment: Amendment) -> Words:
        return money(amendment.intended_amount, amendment.intended_currency) or _("as it was")
