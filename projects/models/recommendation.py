from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.models import Event, Expert, Session
from events.models.scope import OfEvent, scoped
from projects.models.disclosure import is_public
from projects.models.project import Project
from summit.lib.i18n.bilingual import Bilingual, BilingualQuerySet, bilingual
from summit.lib.i18n.languages import columns


class RecommendationQuerySet(BilingualQuerySet["Recommendation"]):
    def visible(self) -> Self:
        """Those whose event, project and expert are all visible."""
        return self.filter(
            is_public("project"), event__status__in=Event.VISIBLE, expert__is_public=True
        )

    def for_lists(self, *more: str) -> Self:
        """Fetch what templates/components/recommended_at.html shows, and the columns given."""
        return self.select_related("event", "session__event").only(
            *more,
            *("expert", "project", "event__slug", "session__slug", "session__event__slug"),
            *("event__starts_at", "event__ends_at", "event__time_zone"),
            *("event__status", "event__previous_starts_at"),
            *columns("note", "event__title", "session__title"),
        )


@scoped(OfEvent("event"))
class Recommendation(Bilingual):
    """An expert recommends a project at an event, in a session where it was presented."""

    required_texts = ()

    expert = models.ForeignKey(
        Expert,
        on_delete=models.PROTECT,
        related_name="recommendations",
        verbose_name=_("expert"),
    )
    project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        related_name="recommendations",
        verbose_name=_("project"),
    )
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="recommendations", verbose_name=_("event")
    )
    session = models.ForeignKey(
        Session,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="recommendations",
        verbose_name=_("session"),
    )
    note = bilingual(
        models.TextField(
            _("note"), max_length=1000, blank=True, help_text=_("Why it was recommended.")
        )
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = RecommendationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["expert", "project", "event"],
                name="expert_recommends_a_project_once_at_an_event",
                violation_error_message=_(
                    "This expert has recommended this project at this event already."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.expert} · {self.project} · {self.event}"

    def clean(self) -> None:
        super().clean()
        if self.session and self.event_id and self.session.event_id != self.event_id:
            raise ValidationError(
                {"session": _("This session belongs to another event. Choose one of this event.")}
            )
