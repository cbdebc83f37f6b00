import datetime as dt
from typing import Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from events.models.event import Event
from events.models.expert import Expert
from events.models.scope import OfEvent, scoped
from summit.lib.database.made_columns import MadeText
from summit.lib.i18n.bilingual import BilingualQuerySet, bilingual
from summit.lib.i18n.clock import Span
from summit.lib.i18n.languages import SPOKEN
from summit.lib.i18n.names import searchable
from summit.lib.i18n.slugs import MAX_LENGTH, Titled


class SessionQuerySet(BilingualQuerySet["Session"]):
    def visible(self) -> Self:
        return self.filter(event__status__in=Event.VISIBLE)

    def open_to_speakers(self) -> Self:
        """Those whose speakers can still correct them: of public events, and of drafts to come.

        Nothing of a cancelled event, nor of a draft whose days are over.
        """
        public = models.Q(event__status__in=(Event.Status.PUBLISHED, Event.Status.POSTPONED))
        draft = models.Q(event__status=Event.Status.DRAFT, event__ends_at__gt=timezone.now())
        return self.filter(public | draft)

    def overlapping(self, starts_at: dt.datetime, ends_at: dt.datetime) -> Self:
        """Sessions that share a moment with the time given; touching ends do not."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


def _found_by(row: "Session") -> str:
    return searchable(names=[row.title_en, row.title_zh_hans], others=[row.slug])


def kind_beside(title: str, kind: str) -> str:
    """Return the name of a kind; "" where the title begins with it, which would say it twice."""
    rest = title[len(kind) :]
    goes_on = rest[:1].isascii() and rest[:1].isalnum()
    return "" if title.casefold().startswith(kind.casefold()) and not goes_on else kind


@scoped(OfEvent("event"))
class Session(Titled):
    """An item of an event's programme."""

    class Kind(models.TextChoices):
        OPENING = "opening", _("opening")
        KEYNOTE = "keynote", _("keynote")
        PROJECT_PITCH = "project_pitch", _("project pitch")
        PANEL = "panel", _("panel discussion")
        EXCHANGE = "exchange", _("exchange")
        SIGNING = "signing", _("signing ceremony")
        TALKS = "talks", _("one-to-one talks")
        SITE_VISIT = "site_visit", _("site visit")
        CHECK_IN = "check_in", pgettext_lazy("kind of session", "registration")
        MEAL = "meal", _("meal")
        BREAK = "break", _("break")
        CLOSING = "closing", _("closing")

    # Between what people come for: nobody takes attendance there.
    PAUSES = (Kind.CHECK_IN, Kind.MEAL, Kind.BREAK)

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="sessions", verbose_name=_("event")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.KEYNOTE)
    slug = models.SlugField(
        _("slug"),
        max_length=MAX_LENGTH,
        blank=True,
        help_text=_("The last part of the page's address. Left empty, it is made from the title."),
    )
    abstract = bilingual(models.TextField(_("abstract"), blank=True, help_text=_("Markdown.")))
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    room = bilingual(models.CharField(_("room"), max_length=100, blank=True))
    place = bilingual(
        models.CharField(
            _("another place"),
            max_length=200,
            blank=True,
            help_text=_("Where the session is not at the event's venue."),
        )
    )
    language = models.CharField(_("language of the talk"), max_length=2, choices=SPOKEN, blank=True)
    has_interpretation = models.BooleanField(_("interpretation"), default=False)
    experts = models.ManyToManyField(
        Expert, through="Appearance", related_name="sessions", editable=False
    )

    search_text = MadeText(made=_found_by)

    objects = SessionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "ends_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="session_ends_after_start",
                violation_error_message=_("The session must end after it starts."),
                violation_error_code="ends_before_start",
            ),
            models.UniqueConstraint(
                fields=["event", "slug"],
                name="session_slug_is_unique_in_its_event",
                violation_error_message=_("Another session of this event has this slug."),
            ),
        ]

    def slug_within(self) -> dict[str, object]:
        return {"event": self.event_id}

    @property
    def kind_beside_title(self) -> str:
        return kind_beside(str(self.title), self.get_kind_display())

    def get_absolute_url(self) -> str:
        return reverse("session", args=[self.event.slug, self.slug])

    @property
    def spoken(self) -> str:
        """The language of the talk and whether it is interpreted, in words; "" where unknown."""
        if not self.language:
            return ""
        words = (
            _("in %(language)s, with interpretation")
            if self.has_interpretation
            else _("in %(language)s")
        )
        return words % {"language": self.get_language_display()}

    @property
    def title_and_start(self) -> str:
        """The title with the moment of the start, which tells sessions of one name apart."""
        return (
            f"{self.title} · {timezone.localtime(self.starts_at, self.event.zone):%Y-%m-%d %H:%M}"
        )

    @property
    def span(self) -> Span:
        """When it is, on the wall clock of the event."""
        return Span.of(self.starts_at, self.ends_at, self.event.zone)

    @property
    def starts_on(self) -> dt.date:
        """The day on which it starts, in the event's time zone."""
        return timezone.localtime(self.starts_at, self.event.zone).date()


@scoped(OfEvent("session__event"))
class Appearance(models.Model):
    """An expert in a role in a session."""

    class Role(models.TextChoices):
        SPEAKER = "speaker", _("speaker")
        MODERATOR = "moderator", _("moderator")
        PANELLIST = "panellist", _("panellist")

    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, related_name="appearances", verbose_name=_("session")
    )
    expert = models.ForeignKey(
        Expert, on_delete=models.PROTECT, related_name="appearances", verbose_name=_("expert")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.SPEAKER)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("appearance")
        verbose_name_plural = _("appearances")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "expert"],
                name="expert_appears_once_in_a_session",
                violation_error_message=_("This expert is in this session already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.expert} · {self.session} · {self.get_role_display()}"
