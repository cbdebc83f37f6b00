"""What the exported lists of intentions and of their follow-ups hold, as bureaus keep them."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.follow_up_actions import state_of
from backoffice.kit.exporting import Column, ExportList, column
from backoffice.kit.labels import in_language
from projects.exports import ledger
from projects.models import CooperationIntention, FollowUp
from summit.lib.i18n.languages import CONTENT_LANGUAGES, Words, with_more
from summit.lib.i18n.names import staff_name
from summit.lib.spreadsheets import Kind


def _titles(language: str) -> Column:
    return Column(
        lambda: in_language(_("Project title"), language),
        lambda row: ledger.project_titles(row, language),
        width=36,
    )


def _kind_of_signing(intention: CooperationIntention) -> Words:
    if intention.status != CooperationIntention.Status.CONVERTED:
        return _("intention")
    return with_more(_("contract"), intention.get_contract_kind_display())


def _as_read(rows: QuerySet[CooperationIntention]) -> QuerySet[CooperationIntention]:
    return rows.select_related(*ledger.READS).prefetch_related(*ledger.PARTS)


INTENTIONS = ExportList(
    "intentions",
    [
        *map(_titles, CONTENT_LANGUAGES),
        Column.of(_("Chinese party"), ledger.chinese_parties, width=30),
        Column.of(_("Foreign party"), ledger.foreign_parties, width=30),
        Column.of(_("Country/region of the foreign party"), ledger.foreign_countries, width=14),
        Column.of(_("Expert"), ledger.expert_name, width=20),
        Column.of(_("Kinds of cooperation"), ledger.modes, width=18),
        Column.of(pgettext_lazy("ledger", "Kind of signing"), _kind_of_signing, width=14),
        column(CooperationIntention, "intended_amount", width=14),
        column(CooperationIntention, "intended_currency"),
        column(CooperationIntention, "signed_on"),
        column(CooperationIntention, "reference", width=15),
        column(CooperationIntention, "status"),
        column(CooperationIntention, "contracted_amount", width=14),
        column(CooperationIntention, "contracted_currency"),
        column(CooperationIntention, "contract_number"),
        column(CooperationIntention, "closed_on"),
        column(CooperationIntention, "valid_until"),
        Column.of(_("Event"), lambda row: row.event.title, width=28),
        Column.of(_("Session"), lambda row: row.session.title if row.session else "", width=20),
        Column.of(
            pgettext_lazy("ledger", "Publicity"),
            lambda row: _("public") if row.is_public else _("confidential"),
        ),
    ],
    rows=_as_read,
    is_numbered=True,
)


def _with_intentions(rows: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    return rows.select_related("intention__event", "assigned_to", "done_by")


FOLLOW_UPS = ExportList(
    "follow-ups",
    [
        Column.of(_("Reference"), lambda row: row.intention.reference, width=15),
        Column.of(_("Signing organization"), lambda row: row.parties[0], width=28),
        Column.of(_("Expert"), lambda row: row.parties[1], width=20),
        Column.of(_("Event"), lambda row: row.intention.event.title, width=28),
        Column.of(_("Signed on"), lambda row: row.intention.signed_on, Kind.DAY),
        column(FollowUp, "due_on"),
        Column.of(_("Status"), lambda row: state_of(row)[1], width=12),
        Column.of(_("Assigned to"), lambda row: staff_name(row.assigned_to), width=16),
        column(FollowUp, "done_on"),
        Column.of(
            _("Done by"),
            lambda row: staff_name(row.done_by) if row.done_on else "",
            width=16,
        ),
        column(FollowUp, "note", width=40),
        column(FollowUp, "next_step", width=30),
    ],
    rows=_with_intentions,
)
