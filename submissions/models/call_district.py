from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.models import District
from events.models.scope import scoped
from submissions.models.call import Call
from submissions.models.scope import OfEventOrSeries


@scoped(OfEventOrSeries("call"))
class CallDistrict(models.Model):
    """A district that takes part in a call, and how many submissions it is to bring."""

    call = models.ForeignKey(
        Call, on_delete=models.CASCADE, related_name="call_districts", verbose_name=_("call")
    )
    district = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        related_name="call_districts",
        verbose_name=_("district or park"),
    )
    target = models.PositiveSmallIntegerField(
        _("target"),
        null=True,
        blank=True,
        help_text=_("How many submissions the district is to bring."),
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("district of a call")
        verbose_name_plural = _("districts of the call")
        ordering = ["district__order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "district"],
                name="district_takes_part_in_a_call_once",
                violation_error_message=_("This district is named already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.call} · {self.district}"
