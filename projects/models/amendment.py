from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.models.scope import OfEvent, scoped
from projects.models.intention import CooperationIntention
from summit.lib.database.accounts import account_field
from summit.lib.i18n.bilingual import Bilingual, BilingualQuerySet, bilingual
from summit.lib.i18n.money import Currency, with_currency


@scoped(OfEvent("intention__event"))
class Amendment(Bilingual):
    """A correction of a signed intention, with its own date and reason.

    It stands beside what was signed, which never changes. Written once by
    ``projects.domain.amendment``; nobody edits or deletes it.
    """

    required_texts = ("reason", "change")

    intention = models.ForeignKey(
        CooperationIntention,
        on_delete=models.PROTECT,
        related_name="amendments",
        verbose_name=_("cooperation intention"),
    )
    number = models.PositiveSmallIntegerField(_("number"))
    amended_on = models.DateField(_("amended on"))
    reason = bilingual(models.CharField(_("reason"), max_length=300, blank=True))
    change = bilingual(models.TextField(_("what changes"), blank=True, help_text=_("Markdown.")))
    # Terms that it replaces; empty where they stay as they were.
    valid_until = models.DateField(_("new term, valid until"), null=True, blank=True)
    intended_amount = models.DecimalField(
        _("new intended amount"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    intended_currency = models.CharField(
        _("its currency"), max_length=3, choices=Currency.choices, blank=True
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    recorded_by = account_field(_("recorded by"))

    objects = BilingualQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["intention", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["intention", "number"], name="amendments_are_numbered_once"
            ),
            models.CheckConstraint(
                condition=with_currency("intended"),
                name="amended_amount_has_its_currency",
                violation_error_message=_("Enter an amount together with its currency."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.intention.reference} · {self.number}"
