"""The terms by which the project catalogue is filtered. Organizers may edit them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.models.scope import OfTheSite, scoped
from summit.lib.database.made_columns import MadeText
from summit.lib.i18n.bilingual import BilingualQuerySet, bilingual
from summit.lib.i18n.names import searchable
from summit.lib.i18n.slugs import MAX_LENGTH, Slugged


def _found_by(row: "Term") -> str:
    return searchable(names=[row.name_en, row.name_zh_hans], others=[row.slug])


class Term(Slugged):
    required_texts = ("name",)
    known_by = ("name",)

    name = bilingual(models.CharField(_("name"), max_length=100, blank=True))
    name_en: str
    name_zh_hans: str
    slug = models.SlugField(_("slug"), max_length=MAX_LENGTH, unique=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    search_text = MadeText(made=_found_by)

    objects = BilingualQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["order", "pk"]


@scoped(OfTheSite())
class Sector(Term):
    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta(Term.Meta):
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")


@scoped(OfTheSite())
class CooperationMode(Term):
    """How a project may be taken up: licence, transfer, joint development …"""

    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta(Term.Meta):
        verbose_name = _("mode of cooperation")
        verbose_name_plural = _("modes of cooperation")
