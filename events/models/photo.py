from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.models.event import Event
from events.models.scope import OfEvent, scoped
from summit.lib.files.pictures import PictureField
from summit.lib.i18n.bilingual import Bilingual, BilingualQuerySet, bilingual


@scoped(OfEvent("event"))
class Photo(Bilingual):
    required_texts = ()

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="photos", verbose_name=_("event")
    )
    image = PictureField(_("image"), blank=False)
    caption = bilingual(models.CharField(_("caption"), max_length=300, blank=True))
    credit = bilingual(models.CharField(_("credit"), max_length=200, blank=True))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = BilingualQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return str(self.caption or _("photo"))
