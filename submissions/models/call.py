import datetime as dt
import zoneinfo
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.models import Department, District, Event, EventSeries
from events.models.scope import readable, scoped
from submissions import fields
from submissions.kinds import CallKind
from submissions.models.scope import OfEventOrSeries
from summit.lib.database.made_columns import MadeText
from summit.lib.database.states import Stateful
from summit.lib.i18n.bilingual import BilingualQuerySet, bilingual
from summit.lib.i18n.clock import moment_in_words
from summit.lib.i18n.names import searchable
from summit.lib.i18n.slugs import Titled


class CallQuerySet(BilingualQuerySet["Call"]):
    def visible(self) -> Self:
        """Published, and of an event that everybody may see, or of a series."""
        of_event = Q(event=None) | Q(event__status__in=Event.VISIBLE)
        return self.filter(of_event, status=Call.Status.PUBLISHED)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Add those that only staff see, who may see calls: those that they run."""
        if not (user.is_staff and user.has_perm("submissions.view_call")):
            return self.visible()
        return self.filter(
            Q(pk__in=self.visible().values("pk"))
            | Q(pk__in=readable(Call.objects.all(), user).values("pk"))
        )

    def of_event(self, event: Event) -> Self:
        """Those of an event, and those of its whole series."""
        theirs = Q(event=event)
        if event.series_id:
            theirs |= Q(series=event.series_id)
        return self.filter(theirs)

    def open(self) -> Self:
        """Those to which something can be handed in now, the one that closes first at the top."""
        now = timezone.now()
        return self.visible().filter(opens_at__lte=now, closes_at__gt=now).order_by("closes_at")


def _found_by(row: "Call") -> str:
    return searchable(names=[row.title_en, row.title_zh_hans], others=[row.slug])


@scoped(OfEventOrSeries())
class Call(Stateful, Titled):
    """An invitation to hand in needs or projects: until when, from whom, and what is asked."""

    Kind = CallKind

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")

    MOVES = {Status.DRAFT: (Status.PUBLISHED,), Status.PUBLISHED: (Status.DRAFT,)}

    kind = models.CharField(_("kind"), max_length=10, choices=CallKind.choices)
    text = bilingual(
        models.TextField(
            _("text"),
            blank=True,
            help_text=_("Markdown. Who may take part, and what it is for."),
        )
    )
    event = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="calls",
        verbose_name=_("event"),
    )
    series = models.ForeignKey(
        EventSeries,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="calls",
        verbose_name=_("event series"),
    )
    opens_at = models.DateTimeField(_("opens at"), default=timezone.now)
    closes_at = models.DateTimeField(_("closes at"))
    districts = models.ManyToManyField(
        District,
        through="CallDistrict",
        related_name="calls",
        verbose_name=_("districts and parks"),
    )
    departments = models.ManyToManyField(
        Department,
        blank=True,
        related_name="calls",
        verbose_name=_("recommending departments"),
        help_text=_("Those that a company can choose. None: it is not asked."),
    )
    # Keys of submissions/fields.py.
    asked = models.JSONField(_("what is asked"), default=list, blank=True)
    required = models.JSONField(_("what must be filled in"), default=list, blank=True)
    attachment_quota_mb = models.PositiveIntegerField(
        _("space for attachments (MB)"),
        default=2000,
        help_text=_("Of all submissions together."),
    )
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    is_demonstration = models.BooleanField(
        _("demonstration data"), default=False, help_text=_("Invented, and the page says so.")
    )

    search_text = MadeText(made=_found_by)

    objects = CallQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[departments], excluded_fields=["search_text"])

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["-closes_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=CallKind.values), name="call_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published"]), name="call_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(event__isnull=False, series=None) | Q(event=None, series__isnull=False),
                name="call_belongs_to_an_event_or_a_series",
                violation_error_message=_("Choose an event or a series, not both."),
                violation_error_code="event_or_series",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="call_closes_after_it_opens",
                violation_error_message=_("The call must close after it opens."),
                violation_error_code="closes_before_it_opens",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("call", args=[self.slug])

    def clean(self) -> None:
        super().clean()
        self._tidy_keys()

    def _tidy_keys(self) -> None:
        """Bring the keys into the order of the form. Raises ``ValidationError`` for others."""
        keys = [field.key for field in fields.fields_of_kind(self.kind)]
        for name in ("asked", "required"):
            given = getattr(self, name)
            if not isinstance(given, list) or not set(map(str, given)) <= set(keys):
                raise ValidationError(
                    {name: _("A call of this kind cannot ask for all of this.")},
                    code="unknown_field",
                )
        asked = {field.key for field in fields.fields_asked(self.kind, self.asked)}
        self.asked = [key for key in keys if key in asked]
        always = {field.key for field in self.form_fields if field.is_always_asked}
        # What has to be filled in is asked.
        if not set(self.required) <= asked:
            raise ValidationError(
                {"required": _("Ask for what must be filled in.")}, code="required_not_asked"
            )
        self.required = [key for key in keys if key in always or key in self.required]

    @property
    def form_fields(self) -> list[fields.Field]:
        """What its form asks for, in order."""
        return fields.fields_asked(self.kind, self.asked)

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def has_opened(self) -> bool:
        return self.opens_at <= timezone.now()

    @property
    def has_closed(self) -> bool:
        return self.closes_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        """Whether everybody can hand something in now."""
        return not self.is_draft and self.has_opened and not self.has_closed

    @property
    def of(self) -> Event | EventSeries:
        """The event or the series that it is of."""
        owner = self.event or self.series
        if owner is None:
            raise ValueError("The call belongs to nothing.")
        return owner

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone of its event, or that of the site."""
        return self.event.zone if self.event else zoneinfo.ZoneInfo(settings.TIME_ZONE)

    @property
    def deadline_in_words(self) -> str:
        """Day, time and zone at which it closes, in the current language."""
        return self.moment_in_words(self.closes_at)

    @property
    def opening_in_words(self) -> str:
        return self.moment_in_words(self.opens_at)

    def moment_in_words(self, moment: dt.datetime) -> str:
        return moment_in_words(moment, self.zone)
