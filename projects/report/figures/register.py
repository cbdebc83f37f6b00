"""What was signed, what came of it, and who looked again."""

from collections.abc import Callable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models import CooperationIntention, FollowUp
from projects.models.follow_up import DUE, VOID
from projects.report import populations
from projects.report.figures.base import Figure, Ratio
from projects.report.subject import Subject

Status = CooperationIntention.Status


def _in_state(status: str) -> Callable[[Subject], Q]:
    return lambda subject: Q(status=status)


_SIGNED = ~Q(status__in=CooperationIntention.UNCOUNTED)

drafts = Figure(
    "drafts",
    populations.INTENTIONS,
    _("Drafts"),
    _("Cooperation intentions that have been prepared but not signed."),
    _in_state(Status.DRAFT),
)
abandoned = Figure(
    "abandoned",
    populations.INTENTIONS,
    _("Drafts abandoned"),
    _("Drafts that were put aside; they count nowhere else."),
    _in_state(Status.ABANDONED),
)
voided = Figure(
    "voided",
    populations.INTENTIONS,
    _("Signings voided"),
    _("Signings recorded by mistake and voided within a day; they are not counted anywhere else."),
    _in_state(Status.VOIDED),
)
signed = Figure(
    "signed",
    populations.INTENTIONS,
    _("Intentions signed"),
    _("Cooperation intentions that were signed, whatever the outcome."),
    lambda subject: _SIGNED,
)
signed_public = Figure(
    "signed_public",
    populations.INTENTIONS,
    _("Signed, public"),
    _("Of these, intentions that public pages may show."),
    lambda subject: _SIGNED & Q(is_public=True),
)
signed_confidential = Figure(
    "signed_confidential",
    populations.INTENTIONS,
    _("Signed, confidential"),
    _("Of these, intentions that only staff see."),
    lambda subject: _SIGNED & Q(is_public=False),
)
without_amount = Figure(
    "without_amount",
    populations.INTENTIONS,
    _("Signed without an amount"),
    _("Of these, intentions that name no intended amount."),
    lambda subject: _SIGNED & Q(intended_amount=None),
)

# What came of them

standing = Figure(
    "standing",
    populations.INTENTIONS,
    _("In force"),
    _("Signed, with neither a contract nor an end recorded."),
    _in_state(Status.SIGNED),
)
converted = Figure(
    "converted",
    populations.INTENTIONS,
    _("Converted to a contract"),
    _("Signed intentions that a contract followed."),
    _in_state(Status.CONVERTED),
)
lapsed = Figure(
    "lapsed",
    populations.INTENTIONS,
    _("Lapsed"),
    _("Signed intentions whose term ended without a contract."),
    _in_state(Status.LAPSED),
)
terminated = Figure(
    "terminated",
    populations.INTENTIONS,
    _("Terminated"),
    _("Signed intentions that the parties gave up."),
    _in_state(Status.TERMINATED),
)
conversion_rate = Ratio(
    "conversion_rate",
    _("Conversion rate"),
    _("Intentions converted to a contract as a share of those signed."),
    converted,
    signed,
)

follow_ups = Figure(
    "follow_ups",
    populations.FOLLOW_UPS,
    _("Follow-ups planned"),
    _("Follow-ups planned for signed intentions, done or not."),
)
follow_ups_done = Figure(
    "follow_ups_done",
    populations.FOLLOW_UPS,
    _("Follow-ups done"),
    _("Of these, follow-ups whose outcome is recorded."),
    lambda subject: Q(done_on__isnull=False) & ~Q(outcome=FollowUp.Outcome.EARLIER),
)
follow_ups_earlier = Figure(
    "follow_ups_earlier",
    populations.FOLLOW_UPS,
    _("Follow-ups done earlier"),
    _(
        "Follow-ups done before they could be recorded here, and closed together with a "
        "note; their outcome is not known."
    ),
    lambda subject: Q(outcome=FollowUp.Outcome.EARLIER),
)
follow_ups_overdue = Figure(
    "follow_ups_overdue",
    populations.FOLLOW_UPS,
    _("Follow-ups overdue"),
    _("Follow-ups of signed or converted intentions that were due before today and are not done."),
    lambda subject: DUE & Q(due_on__lt=subject.today),
)
follow_ups_upcoming = Figure(
    "follow_ups_upcoming",
    populations.FOLLOW_UPS,
    _("Follow-ups upcoming"),
    _("Follow-ups of signed or converted intentions that are due today or later and are not done."),
    lambda subject: DUE & Q(due_on__gte=subject.today),
)
follow_ups_void = Figure(
    "follow_ups_void",
    populations.FOLLOW_UPS,
    _("Follow-ups no longer needed"),
    _("Not done, of intentions that have lapsed or were terminated."),
    lambda subject: VOID,
)
