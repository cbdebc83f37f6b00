"""Where meetings are held: a table with its seats, in a room."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Event
from events.models.scope import OfEvent, scoped
from summit.lib.i18n.bilingual import Bilingual, BilingualQuerySet, bilingual


@scoped(OfEvent("event"))
class MeetingTable(Bilingual):
    """A table. In the queue mode ``host`` sits at it, and others wait for that participant."""

    shown_on_public_pages = False
    required_texts = ()

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="meeting_tables", verbose_name=_("event")
    )
    # Short and the same in every language, since it stands on the table: A1, 12.
    name = models.CharField(pgettext_lazy("meetings", "table"), max_length=20)
    room = bilingual(models.CharField(_("room"), max_length=100, blank=True))
    seats = models.PositiveSmallIntegerField(
        _("seats"),
        default=4,
        validators=[MinValueValidator(2)],
        help_text=_("With that of the interpreter."),
    )
    host = models.ForeignKey(
        "Participant",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="hosted_tables",
        verbose_name=_("sits at this table"),
        help_text=_("For queues: others wait for this person."),
    )
    # From when it can no longer be used, if something breaks on the day.
    closed_from = models.DateTimeField(_("closed from"), null=True, blank=True, editable=False)
    # Tables are listed as people count them: A2 before A10.
    order = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = BilingualQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("meetings", "table")
        verbose_name_plural = pgettext_lazy("meetings", "tables")
        ordering = ["order", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "name"],
                name="meeting_table_is_named_once",
                violation_error_message=_("There is a table of this name already."),
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=2),
                name="meeting_table_seats_two",
                violation_error_message=_("A table has two seats at least."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
