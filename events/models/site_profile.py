import re
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.models.scope import OfTheSite, scoped
from summit.lib.i18n.bilingual import Bilingual, BilingualQuerySet, bilingual
from summit.lib.web.mail_addresses import EmailColumn

MOST_MONTHS = 120


def _parts(text: str) -> list[str]:
    """Split at commas, those that Chinese keyboards type included."""
    return [part.strip() for part in re.split("[,，、]", text)]


def validate_months(text: str) -> None:
    """Refuse anything but whole numbers of months from 1 to 120 with commas between them."""
    parts = _parts(text)
    if not all(
        n.isascii() and n.isdecimal() and len(n) <= 3 and 1 <= int(n) <= MOST_MONTHS for n in parts
    ):
        raise ValidationError(
            _("Write whole numbers of months, 120 at most, with commas between them: 1, 6, 12.")
        )


@scoped(OfTheSite())
class SiteProfile(Bilingual):
    """What the site says of itself. There is one row, made when first asked for."""

    required_texts = ("site_name",)

    site_name = bilingual(models.CharField(_("site name"), max_length=100, blank=True))
    tagline = bilingual(
        models.CharField(
            _("tagline"),
            max_length=200,
            blank=True,
            help_text=_("One sentence on the home page that says what this is."),
        )
    )
    about = bilingual(models.TextField(_("about this site"), blank=True, help_text=_("Markdown.")))
    operator = bilingual(models.CharField(_("operator"), max_length=200, blank=True))
    address = bilingual(models.CharField(_("address"), max_length=300, blank=True))
    email = EmailColumn(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    privacy_notice = bilingual(
        models.TextField(_("privacy notice"), blank=True, help_text=_("Markdown."))
    )
    follow_up_months = models.CharField(
        _("months from signing to each follow-up"),
        max_length=60,
        default="1, 6, 12",
        validators=[validate_months],
        help_text=_("Numbers with commas. Each intention that is signed gets these follow-ups."),
    )
    icp_number = models.CharField(
        _("ICP filing number"),
        max_length=60,
        blank=True,
        help_text=_("Shown at the foot of every page, such as 冀ICP备00000000号."),
    )
    police_number = models.CharField(
        _("public security filing number"),
        max_length=60,
        blank=True,
        # The version before, which does not know of it, goes on writing while this one is released.
        db_default="",
        help_text=_("Shown beside it, such as 冀公网安备00000000000000号."),
    )

    objects = BilingualQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("site profile")
        verbose_name_plural = _("site profile")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="site_profile_is_one_row",
                violation_error_message=_("There is one site profile. Edit the one there is."),
            )
        ]

    def __str__(self) -> str:
        return str(self.site_name)

    @property
    def follow_up_intervals(self) -> list[int]:
        """The months after signing in which somebody looks at an intention again."""
        return sorted({int(number) for number in _parts(self.follow_up_months)})

    @classmethod
    def load(cls) -> Self:
        """Return the one row. One query, two more when it is made the first time."""
        profile, _made = cls.objects.get_or_create(
            pk=1,
            defaults={
                "site_name_en": "Summit",
                "site_name_zh_hans": "项目对接会",
                "tagline_en": "Experts present projects, companies meet them, and what is "
                "signed is followed up.",
                "tagline_zh_hans": "专家推介项目，企业现场对接，签约之后持续跟进。",
            },
        )
        return profile
