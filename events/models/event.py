import datetime as dt
import zoneinfo
from typing import Self

from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField
from simple_history.models import HistoricalRecords

from events.models.event_status import EventStatus
from events.models.limits import limits_of
from events.models.organization import Organization
from events.models.public_contact import PUBLIC_CONTACT_FIELDS, PublicContact
from events.models.scope import Events, scoped
from events.models.series import EventSeries
from summit.lib.database.made_columns import MadeText
from summit.lib.files.pictures import PictureField
from summit.lib.i18n.bilingual import BilingualQuerySet, bilingual
from summit.lib.i18n.clock import Span, in_second_zone, in_zone, zone_name
from summit.lib.i18n.names import searchable
from summit.lib.i18n.slugs import Titled
from summit.lib.i18n.times import validate_zone


class EventQuerySet(BilingualQuerySet["Event"]):
    def visible(self) -> Self:
        """What everybody may see: published events, postponed and cancelled ones, which say so."""
        return self.filter(self._visible())

    @staticmethod
    def _visible() -> models.Q:
        return models.Q(status__in=Event.VISIBLE)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Add drafts for staff who may see events: those that they run."""
        if not (user.is_staff and user.has_perm("events.view_event")):
            return self.visible()
        limits = limits_of(user)
        return self.filter(self._visible() | limits.of_events()) if limits else self

    def run_by(self, user: User | AnonymousUser) -> Self:
        """Leave out what is not of somebody who is limited to series or events."""
        limits = limits_of(user)
        return self.filter(limits.of_events()) if limits else self

    def upcoming(self) -> Self:
        """Not over yet, the next one first; those whose new date nobody knows come last."""
        postponed = models.Q(status=Event.Status.POSTPONED)
        return self.filter(models.Q(ends_at__gt=timezone.now()) | postponed).order_by(
            models.Case(models.When(postponed, then=1), default=0), "starts_at", "pk"
        )

    def past(self) -> Self:
        """Over, the latest first. What is postponed is not over, whatever day it was to be on."""
        over = self.filter(ends_at__lte=timezone.now()).exclude(status=Event.Status.POSTPONED)
        return over.order_by("-starts_at", "-pk")


def _found_by(row: "Event") -> str:
    places = (row.city_en, row.city_zh_hans, row.venue_en, row.venue_zh_hans)
    return searchable(
        names=[row.title_en, row.title_zh_hans, *places],
        others=[row.slug],
        prose=[row.audience_en, row.audience_zh_hans],
    )


@scoped(Events())
class Event(EventStatus, PublicContact, Titled):
    class Kind(models.TextChoices):
        DOCKING_SUMMIT = "docking_summit", _("project docking summit")
        FORUM = "forum", _("forum")
        ROADSHOW = "roadshow", _("roadshow")
        WORKSHOP = "workshop", _("workshop")
        EXHIBITION = "exhibition", _("exhibition")

    class Format(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        ONLINE = "online", _("online")
        HYBRID = "hybrid", _("in person and online")

    class LinkFor(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed attendees")
        EVERYBODY = "everybody", _("everybody")

    series = models.ForeignKey(
        EventSeries,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("event series"),
    )
    kind = models.CharField(
        _("kind"), max_length=20, choices=Kind.choices, default=Kind.DOCKING_SUMMIT
    )
    format = models.CharField(
        _("format"), max_length=20, choices=Format.choices, default=Format.IN_PERSON
    )
    summary = bilingual(models.TextField(_("summary"), max_length=600, blank=True))
    description = bilingual(
        models.TextField(_("description"), blank=True, help_text=_("Markdown."))
    )
    audience = bilingual(
        models.CharField(
            _("audience"), max_length=300, blank=True, help_text=_("Who the event is for.")
        )
    )
    audience_en: str
    audience_zh_hans: str
    outcome = bilingual(
        models.TextField(
            _("outcome"),
            blank=True,
            help_text=_("Markdown. The outcome, shown above the programme after the event."),
        )
    )
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    time_zone = models.CharField(
        _("time zone"),
        max_length=50,
        default="Asia/Shanghai",
        validators=[validate_zone],
        help_text=_("Times of the event and its sessions are entered and shown in this zone."),
    )
    second_time_zone = models.CharField(
        _("second time zone"),
        max_length=50,
        blank=True,
        validators=[validate_zone],
        help_text=_("Shown beside the first, such as Europe/London for speakers from there."),
    )
    venue = bilingual(models.CharField(_("venue"), max_length=200, blank=True))
    venue_en: str
    venue_zh_hans: str
    address = bilingual(models.CharField(_("address"), max_length=300, blank=True))
    city = bilingual(models.CharField(_("city"), max_length=100, blank=True))
    city_en: str
    city_zh_hans: str
    country = CountryField(_("country/region"), blank=True, default="CN")
    # The version before writes no value for these five.
    map_link = models.URLField(
        _("map link"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
        help_text=_("A link to the venue on an online map. The page shows the link, not the map."),
    )
    transport = bilingual(
        models.TextField(
            _("getting there"),
            max_length=2000,
            blank=True,
            default="",
            db_default="",
            help_text=_("Markdown. Stations, bus lines, car parks; links to timetables."),
        )
    )
    hotels = bilingual(
        models.TextField(
            _("hotels"),
            max_length=2000,
            blank=True,
            default="",
            db_default="",
            help_text=_("Markdown. Where people can stay, with links and the rates agreed."),
        )
    )
    online_link = models.URLField(_("online link"), max_length=500, blank=True)
    online_link_for = models.CharField(
        _("who gets the online link"),
        max_length=10,
        choices=LinkFor.choices,
        default=LinkFor.CONFIRMED,
        db_default=LinkFor.CONFIRMED,
        help_text=_(
            "Confirmed attendees find it in their e-mails and on their personal page. Choose "
            "“everybody” for an event without registrations on this site."
        ),
    )
    online_link_hours = models.PositiveSmallIntegerField(
        _("online link shown (hours before start)"),
        null=True,
        blank=True,
        help_text=_("Empty: at once."),
    )
    cover = PictureField(_("cover"))
    # As somebody else counted, where nobody registered here: registrations/domain/attendance.py.
    typed_attendance = models.PositiveIntegerField(
        _("number of people who came, entered by hand"), null=True, blank=True, editable=False
    )
    typed_attendance_source = models.CharField(
        _("source of the number"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    is_demonstration = models.BooleanField(
        _("demonstration data"), default=False, help_text=_("Invented, and the page says so.")
    )
    organizations = models.ManyToManyField(
        Organization, through="EventRole", related_name="events", editable=False
    )

    search_text = MadeText(made=_found_by)

    objects = EventQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_text", *PUBLIC_CONTACT_FIELDS])

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-starts_at", "pk"]
        indexes = [models.Index(fields=["status", "starts_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="event_ends_after_start",
                violation_error_message=_("The event must end after it starts."),
                violation_error_code="ends_before_start",
            ),
            models.CheckConstraint(
                condition=models.Q(typed_attendance=None, typed_attendance_source="")
                | (
                    models.Q(typed_attendance__isnull=False) & ~models.Q(typed_attendance_source="")
                ),
                name="typed_attendance_has_its_source",
                violation_error_message=_(
                    "Enter both the number of people and its source, or neither."
                ),
                violation_error_code="attendance_without_source",
            ),
            *EventStatus.CONSTRAINTS,
        ]

    def get_absolute_url(self) -> str:
        return reverse("event", args=[self.slug])

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def today(self) -> dt.date:
        """The day that it is where the event takes place."""
        return timezone.localdate(timezone=self.zone)

    @property
    def starts_on(self) -> dt.date:
        """The day on which it starts, in its zone."""
        return timezone.localdate(self.starts_at, self.zone)

    @property
    def title_and_day(self) -> str:
        """The title with the day it starts on, by which a copy is told from its original."""
        return f"{self} · {self.starts_on.isoformat()}"

    @property
    def zone_name(self) -> str:
        """The zone as people call it, in the current language: China time, 北京时间."""
        return zone_name(self.zone, self.starts_at)

    @property
    def second_zone(self) -> zoneinfo.ZoneInfo | None:
        return zoneinfo.ZoneInfo(self.second_time_zone) if self.second_time_zone else None

    @property
    def when_in_words(self) -> str:
        """Day, times and zone, and the second zone, as plain text in the current language.

        Of a postponed event only that its new date will be announced.
        """
        if self.is_postponed:
            return gettext("Postponed: the new date will be announced")
        span = Span.of(self.starts_at, self.ends_at, self.zone)
        parts = [in_zone(span, self.zone)]
        if self.second_zone:
            parts.append(in_second_zone(span, self.second_zone))
        return " · ".join(strip_tags(part) for part in parts)

    @property
    def is_hybrid(self) -> bool:
        """Whether each person comes in person or takes part online."""
        return self.format == self.Format.HYBRID

    @property
    def is_online(self) -> bool:
        """Whether everybody takes part online, so that there is no door."""
        return self.format == self.Format.ONLINE

    @property
    def link_shown_from(self) -> dt.datetime | None:
        """The moment from which the link to join is shown, ``None`` where it is shown at once."""
        if self.online_link_hours is None:
            return None
        return self.starts_at - dt.timedelta(hours=self.online_link_hours)
