import re
from typing import Self

from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField
from simple_history.models import HistoricalRecords

from events.models.scope import Shared, scoped
from summit.lib.database.made_columns import MadeLine, MadeText
from summit.lib.files.pictures import PictureField
from summit.lib.i18n.bilingual import BilingualQuerySet, Text, bilingual
from summit.lib.i18n.names import searchable, sort_key
from summit.lib.i18n.slugs import MAX_LENGTH, Slugged, pinyin
from summit.lib.identifiers import canonical_credit_code, canonical_ror, doubt_about_ror

# What the names of other kinds of organizations hold, and those of companies, which may bear
# the name of a university as well: 河北大学科技园有限公司.
NO_COMPANY = re.compile(
    r"大学|学院|医院|研究[院所]|学会|协会|商会|委员会|人民政府|[^公]局$|厅$|中学|"
    r"\b(?:university|college|hospital|institute|academy|association|society|council|bureau|"
    r"nhs|foundation)\b",
    re.IGNORECASE,
)
COMPANY = re.compile(
    r"公司|集团|[工药]厂|企业|\b(?:ltd|limited|inc|llc|llp|plc|gmbh|ag|sa|s\.a|bv|co|corp|company|"
    r"corporation|holdings?)\b",
    re.IGNORECASE,
)


class OrganizationQuerySet(BilingualQuerySet["Organization"]):
    def visible(self) -> Self:
        return self.filter(is_public=True)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return (
            self if user.is_staff and user.has_perm("events.view_organization") else self.visible()
        )


def _found_by(row: "Organization") -> str:
    names = (row.name_en, row.name_zh_hans, row.short_name_en, row.short_name_zh_hans)
    return searchable(names=names, others=[row.slug])


@scoped(Shared())
class Organization(Slugged):
    class Kind(models.TextChoices):
        PUBLIC_BODY = "public_body", _("public body")
        HEALTH_SERVICE = "health_service", _("health service")
        HOSPITAL = "hospital", _("hospital")
        UNIVERSITY = "university", _("university")
        RESEARCH_INSTITUTE = "research_institute", _("research institute")
        COMPANY = "company", _("company")
        ASSOCIATION = "association", _("association")
        MEDIA = "media", _("media")
        OTHER = "other", _("other organization")

    required_texts = ("name",)
    known_by = ("name", "short_name")

    name = bilingual(models.CharField(_("name"), max_length=200, blank=True))
    name_en: str
    name_zh_hans: str
    short_name = bilingual(models.CharField(_("short name"), max_length=60, blank=True))
    short_name_en: str
    short_name_zh_hans: str
    slug = models.SlugField(
        _("slug"),
        max_length=MAX_LENGTH,
        unique=True,
        blank=True,
        help_text=_("The last part of the page's address. Left empty, it is made from the name."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.COMPANY)
    country = CountryField(_("country/region"), blank=True, default="CN")
    city = bilingual(models.CharField(_("city"), max_length=100, blank=True))
    # The version before writes no value for these four.
    district = bilingual(
        models.CharField(
            _("district"),
            max_length=100,
            blank=True,
            default="",
            db_default="",
            help_text=_("District, county or park, written as in the other organizations."),
        )
    )
    district_en: str
    district_zh_hans: str
    credit_code = models.CharField(
        _("unified social credit code"),
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text=_("18 characters. Shown to staff only."),
    )
    ror = models.CharField(
        _("ROR identifier"),
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text=_("Research organizations: https://ror.org/… The public page links to it."),
    )
    website = models.URLField(_("website"), max_length=300, blank=True)
    description = bilingual(
        models.TextField(_("description"), blank=True, help_text=_("Markdown."))
    )
    logo = PictureField(_("logo"))
    pinyin = models.CharField(_("pinyin"), max_length=600, blank=True, editable=False)
    search_text = MadeText(made=_found_by)
    sort_name_en = MadeLine(
        max_length=300, made=lambda row: sort_key(row.name_en or row.name_zh_hans)
    )
    sort_name_zh_hans = MadeLine(
        max_length=300, made=lambda row: sort_key(row.name_zh_hans or row.name_en)
    )
    is_public = models.BooleanField(
        _("shown on public pages"),
        default=True,
        help_text=_("Untick while this is not announced yet; then no public page names it."),
    )
    is_demonstration = models.BooleanField(
        _("demonstration data"), default=False, help_text=_("Invented, and the page says so.")
    )

    objects = OrganizationQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=["search_text", "sort_name_en", "sort_name_zh_hans"]
    )

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["sort_name_en", "pk"]

    def clean(self) -> None:
        super().clean()
        self.pinyin = pinyin(self.name_zh_hans)[:600]
        self.credit_code = canonical_credit_code(self.credit_code)
        self.ror = canonical_ror(self.ror)

    def get_absolute_url(self) -> str:
        return reverse("organization", args=[self.slug])

    @property
    def ror_link(self) -> str:
        """The address of its entry in the register, "" where the identifier cannot be right."""
        return "" if doubt_about_ror(self.ror) else self.ror

    @property
    def seems_no_company(self) -> bool:
        """Whether it is kept as a company, and its name is that of a university or the like."""
        names = (self.name_en, self.name_zh_hans)
        is_named = any(NO_COMPANY.search(name) and not COMPANY.search(name) for name in names)
        return self.kind == self.Kind.COMPANY and is_named

    @property
    def label(self) -> Text:
        """The short name where there is one, for lines with little room."""
        return self.short_name or self.name
