"""Who registered and who came."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from events.models import Event
from events.models.event import EventQuerySet
from projects.report import populations
from projects.report.figures.base import Figure, Ratio
from projects.report.subject import Subject
from registrations.models import CheckIn, Registration
from registrations.models.registration_queryset import IN_PERSON, ONLINE, ONLY_INVITED


def _expected(subject: Subject) -> Q:
    # Where nobody was checked in, arrivals were not recorded: that is no empty hall.
    recorded = (
        CheckIn.objects.standing().at_the_door().filter(subject.events("registration__event"))
    )
    return IN_PERSON & Q(
        status=Registration.Status.CONFIRMED,
        event__status=Event.Status.PUBLISHED,
        event__starts_at__lte=subject.at,
        event__in=recorded.order_by().values("registration__event").distinct(),
    )


def _arrived(subject: Subject) -> Q:
    at_the_door = CheckIn.objects.standing().at_the_door().filter(registration=OuterRef("pk"))
    return _expected(subject) & Q(Exists(at_the_door))


def typed(subject: Subject) -> EventQuerySet:
    """Return published events that have begun without a registration, of which a number is typed.

    It is told beside the figures, with its source, and never added to what was counted.
    """
    registered = Registration.objects.registered().filter(event=OuterRef("pk")).order_by()
    found = Event.objects.filter(
        subject.published(),
        ~Exists(registered),
        starts_at__lte=subject.at,
        typed_attendance__isnull=False,
    )
    told = ("slug", "title_en", "title_zh_hans", "typed_attendance", "typed_attendance_source")
    return found.only(*told).order_by("starts_at", "pk")


registrations = Figure(
    "registrations",
    populations.REGISTRATIONS,
    _("Registrations"),
    _(
        "People who registered or were given a place by an organizer, whatever the status now; "
        "people whose data was erased stay counted, and invitations that nobody accepted and "
        "possible duplicates do not count."
    ),
    lambda subject: ~ONLY_INVITED & Q(double_of=None),
)
only_invited = Figure(
    "only_invited",
    populations.REGISTRATIONS,
    _("Invitations not accepted"),
    _(
        "People whom an organizer invited and who have not accepted, declined and withdrawn "
        "invitations among them; they count nowhere else."
    ),
    lambda subject: ONLY_INVITED,
)
confirmed = Figure(
    "confirmed",
    populations.REGISTRATIONS,
    _("Confirmed places"),
    _("Registrations that hold a confirmed place, at events that were cancelled too."),
    lambda subject: Q(status=Registration.Status.CONFIRMED),
)
confirmed_online = Figure(
    "confirmed_online",
    populations.REGISTRATIONS,
    _("Of these, online"),
    _("Confirmed places of people who take part online, at online and at hybrid events."),
    lambda subject: Q(status=Registration.Status.CONFIRMED) & ONLINE,
)
expected = Figure(
    "expected",
    populations.REGISTRATIONS,
    _("People expected"),
    _(
        "Confirmed places at published events that have begun and at which arrivals were "
        "recorded; other events are left out, and so are people online at a hybrid event."
    ),
    _expected,
)
arrived = Figure(
    "arrived",
    populations.REGISTRATIONS,
    _("People who arrived"),
    _("Of these, people who were checked in at the door."),
    _arrived,
)
attendance_rate = Ratio(
    "attendance_rate",
    _("Attendance rate"),
    _("People who arrived as a share of those expected."),
    arrived,
    expected,
)
