"""Lists of terms that organizers edit, and those that several apps choose from."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
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
class District(Term):
    """A district, county or park of the own province, from which projects are collected."""

    code = models.CharField(
        _("division code"),
        max_length=6,
        blank=True,
        validators=[RegexValidator(r"^\d{6}$", _("Enter the six digits of the code."))],
        help_text=_("Optional: the six digits of GB/T 2260."),
    )

    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta(Term.Meta):
        verbose_name = _("district or park")
        verbose_name_plural = _("districts and parks")
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=~Q(code=""),
                name="district_code_names_one_district",
                violation_error_message=_("Another district has this code."),
            )
        ]


@scoped(OfTheSite())
class Department(Term):
    """A department through which projects are recommended, such as that of a district."""

    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta(Term.Meta):
        verbose_name = _("recommending department")
        verbose_name_plural = _("recommending departments")
