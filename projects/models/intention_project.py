from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.models.scope import OfEvent, scoped
from projects.models.intention import FIXED, CooperationIntention
from projects.models.project import Project


@scoped(OfEvent("intention__event"))
class IntentionProject(models.Model):
    """A project that an intention is about."""

    intention = models.ForeignKey(
        CooperationIntention,
        on_delete=models.CASCADE,
        related_name="project_links",
        verbose_name=_("cooperation intention"),
    )
    project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        related_name="intention_links",
        verbose_name=_("project"),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["intention", "project"],
                name="intention_names_a_project_once",
                violation_error_message=_("This project is named already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.project)

    def clean(self) -> None:
        super().clean()
        if self.intention_id and self.intention.was_signed:
            raise ValidationError(FIXED, code="signed")
