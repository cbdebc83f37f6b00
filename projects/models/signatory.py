from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from events.models.scope import OfEvent, scoped
from projects.models.intention import FIXED, CooperationIntention
from summit.lib.i18n.bilingual import Bilingual, BilingualQuerySet, bilingual


@scoped(OfEvent("intention__event"))
class Signatory(Bilingual):
    """A person who signed for a side, or who witnessed it. Fixed by the signature.

    Public pages name the parties and not these people.
    """

    shown_on_public_pages = False
    required_texts = ("name",)

    class Side(models.TextChoices):
        COMPANY = "company", _("for the local side")
        EXPERT = "expert", _("for the expert’s side")
        WITNESS = "witness", _("witness")

    intention = models.ForeignKey(
        CooperationIntention,
        on_delete=models.CASCADE,
        related_name="signatories",
        verbose_name=_("cooperation intention"),
    )
    side = models.CharField(_("side"), max_length=10, choices=Side.choices, default=Side.COMPANY)
    name = bilingual(models.CharField(pgettext_lazy("person", "name"), max_length=100, blank=True))
    capacity = bilingual(
        models.CharField(
            _("capacity"),
            max_length=200,
            blank=True,
            help_text=_("In which capacity: legal representative, director; 法定代表人."),
        )
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = BilingualQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("signatory or witness")
        verbose_name_plural = _("signatories and witnesses")
        ordering = ["side", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(side__in=["company", "expert", "witness"]),
                name="signatory_side_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_side_display()})"

    def clean(self) -> None:
        super().clean()
        if self.intention_id and self.intention.was_signed:
            raise ValidationError(FIXED, code="signed")
