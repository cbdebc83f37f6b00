"""What bureaus ask about a project beside its texts, nearly all of it optional."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Department, District
from projects.models.catalogue import Industry
from summit.lib.i18n.bilingual import Bilingual, Text, bilingual
from summit.lib.i18n.keywords import KeywordsField, split_keywords
from summit.lib.i18n.languages import listed


class Stage(models.TextChoices):
    """The five steps of Chinese forms (成熟度), beside the technology readiness level."""

    DEVELOPING = "developing", _("under development")
    SAMPLE = "sample", _("sample available")
    SMALL_TRIAL = "small_trial", _("laboratory trial passed")
    PILOT_TRIAL = "pilot_trial", _("pilot trial passed")
    PRODUCTION = "production", _("ready for mass production")


# Levels that go with each stage. A hint for organizers, never a rule: no standard maps one to
# the other.
_LEVELS = {
    Stage.DEVELOPING: range(1, 6),
    Stage.SAMPLE: range(3, 8),
    Stage.SMALL_TRIAL: range(4, 8),
    Stage.PILOT_TRIAL: range(5, 9),
    Stage.PRODUCTION: range(7, 10),
}


class SolutionMode(models.TextChoices):
    """How a company wants its need to be met (技术需求解决方式)."""

    INDEPENDENT = "independent", _("independent development")
    COMMISSIONED = "commissioned", _("commissioned development")
    JOINT = "joint", _("joint development")
    OTHER = "other", pgettext_lazy("way to meet a need", "other")


class Detailed(Bilingual):
    """A project with its details: of requests, of offers, and of both."""

    kind: "models.Field[str, str]"
    maturity: "models.Field[int | None, int | None]"

    # What the other kind does not have.
    OF_KIND = {
        "request": (
            *("solution_mode", "needed_from", "needed_until"),
            *("existing_basis_en", "existing_basis_zh_hans"),
            *("ownership_rule_en", "ownership_rule_zh_hans"),
        ),
        "offer": ("patent_numbers",),
    }

    keywords = bilingual(
        KeywordsField(
            _("keywords"),
            help_text=_("At most five, separated by commas or line breaks."),
        )
    )
    keywords_en: str
    keywords_zh_hans: str
    key_indicators = bilingual(
        models.TextField(
            _("key indicators"),
            blank=True,
            default="",
            db_default="",
            help_text=_("Markdown; what can be measured at acceptance, with numbers."),
        )
    )
    key_indicators_en: str
    key_indicators_zh_hans: str
    partner_conditions = bilingual(
        models.TextField(
            _("conditions for the partner"),
            max_length=1000,
            blank=True,
            default="",
            db_default="",
            help_text=_("What the other side must bring along. Markdown."),
        )
    )
    partner_conditions_en: str
    partner_conditions_zh_hans: str
    existing_basis = bilingual(
        models.TextField(
            _("existing basis"),
            max_length=1000,
            blank=True,
            default="",
            db_default="",
            help_text=_("Lines, samples and data that the company has already. Markdown."),
        )
    )
    existing_basis_en: str
    existing_basis_zh_hans: str
    ownership_rule = bilingual(
        models.CharField(
            _("ownership of the results"),
            max_length=300,
            blank=True,
            default="",
            db_default="",
            help_text=_("Who owns what is developed, such as: joint ownership."),
        )
    )
    ownership_rule_en: str
    ownership_rule_zh_hans: str
    solution_mode = models.CharField(
        _("way to meet the need"),
        max_length=20,
        choices=SolutionMode.choices,
        blank=True,
        default="",
        db_default="",
    )
    needed_from = models.DateField(_("needed from"), null=True, blank=True)
    needed_until = models.DateField(_("needed until"), null=True, blank=True)
    stage = models.CharField(
        _("stage"),
        max_length=20,
        choices=Stage.choices,
        blank=True,
        default="",
        db_default="",
        help_text=_("The five stages of Chinese forms, in addition to the TRL."),
    )
    patent_numbers = models.TextField(
        _("patent numbers"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
        help_text=_("One on each line."),
    )
    industry = models.ForeignKey(
        Industry,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("industry"),
    )
    district = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("district or park"),
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("recommending department"),
        help_text=_("Only organizers see it."),
    )

    class Meta:
        abstract = True

    CONSTRAINTS = [
        models.CheckConstraint(
            condition=Q(needed_from=None)
            | Q(needed_until=None)
            | Q(needed_until__gte=F("needed_from")),
            name="project_is_needed_from_sooner_to_later",
            violation_error_message=_("“Needed until” must not be before “needed from”."),
        ),
    ]

    @classmethod
    def of_other_kinds(cls, kind: str) -> list[str]:
        """Return the fields that a project of this kind does not have."""
        return [name for other, names in cls.OF_KIND.items() if other != kind for name in names]

    def clean(self) -> None:
        super().clean()
        self._refuse_what_the_other_kind_has()

    def _refuse_what_the_other_kind_has(self) -> None:
        others = [name for name in self.of_other_kinds(self.kind) if getattr(self, name)]
        if others:
            # Both languages of a text have one name.
            fields = (self._meta.get_field(name) for name in others)
            names = dict.fromkeys(str(getattr(field, "verbose_name", "")) for field in fields)
            raise ValidationError(
                _(
                    "Only the other kind of project has these fields: %(fields)s. Clear them, or "
                    "keep the kind."
                ),
                code="of_other_kind",
                params={"fields": listed(names)},
            )

    @property
    def keyword_list(self) -> list[Text]:
        """The keywords in the language of the page, or in the other one."""
        kept = self.keywords
        return [Text(word, kept.lang) for word in split_keywords(kept)]

    @property
    def patent_list(self) -> list[str]:
        return [line.strip() for line in self.patent_numbers.splitlines() if line.strip()]

    @property
    def is_stage_far_from_maturity(self) -> bool:
        """Whether stage and level look as if one of them was wrong."""
        if not self.stage or self.maturity is None:
            return False
        return self.maturity not in _LEVELS[Stage(self.stage)]
