import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Self

from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField
from simple_history.models import HistoricalRecords

from events.models.period import Dated, ends_after_start
from events.models.scope import PartOf, Shared, scoped
from events.models.told_apart import ToldApart
from summit.lib.database.made_columns import MadeLine, MadeText
from summit.lib.files.pictures import PictureField
from summit.lib.i18n.bilingual import Bilingual, BilingualQuerySet, Text, bilingual
from summit.lib.i18n.languages import column, columns
from summit.lib.i18n.likeness import key, search_words
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

    def search(self, text: str) -> Self:
        """Rows that hold every word in a name of now or before, its pinyin, or the place.

        All where nothing was typed, none where it holds no word, such as a comma.
        """
        terms = search_words(text)
        found = self if terms or not text.strip() else self.none()
        for term in terms:
            place = models.Q()
            for name in columns("city", "district"):
                place |= models.Q(**{f"{name}__icontains": term})
            found = found.filter(models.Q(search_text__contains=term) | place)
        return found

    def key_like(self, name: str) -> int | None:
        """Return the key of the organization with a name like this, where just one has. A query."""
        # Of a name that none has, most of the query's time goes to its columns.
        alike = self.only(*self.model.likeness_columns()).alike(name)
        return alike[0].pk if len(alike) == 1 else None

    def by_name(self, language: str) -> Self:
        """In the order of the names as that language's readers look them up: Chinese by pinyin."""
        return self.order_by(column("sort_name", language), "pk")


def _found_by(row: "Organization") -> str:
    names = (row.name_en, row.name_zh_hans, row.short_name_en, row.short_name_zh_hans)
    return searchable(names=[*names, *row.names_before.splitlines()], others=[row.slug])


@scoped(Shared())
class Organization(ToldApart, Slugged):
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
            help_text=_(
                "District, county or park, written in the same way as for other organizations."
            ),
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
        help_text=_("For research organizations: https://ror.org/… The public page links to it."),
    )
    website = models.URLField(_("website"), max_length=300, blank=True)
    description = bilingual(
        models.TextField(_("description"), blank=True, help_text=_("Markdown."))
    )
    logo = PictureField(_("logo"))
    pinyin = models.CharField(_("pinyin"), max_length=600, blank=True, editable=False)
    # Both texts of each former name, in a line of its own: ``events/domain/former_names.py``.
    names_before = models.TextField(blank=True, editable=False, default="", db_default="")
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
        excluded_fields=["names_before", "search_text", "sort_name_en", "sort_name_zh_hans"]
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

    @classmethod
    def likeness_columns(cls) -> list[str]:
        return [*super().likeness_columns(), "names_before"]

    def likeness_keys(self) -> set[str]:
        """Return what the names of the row are compared by, the former ones among them."""
        return super().likeness_keys() | {key(line) for line in self.names_before.splitlines()}

    def name_at(self, day: dt.date) -> Text:
        """Return the name that it had on a day; free where ``former_names`` are prefetched."""
        known = [each for each in self.former_names.all() if each.was_in_use_on(day)]
        return known[0].name if known else self.name


@scoped(PartOf("organization"))
class FormerName(Dated, Bilingual):
    """A name that an organization had until a day, on which pages of that time name it.

    Without its last day it is only shown as a former one, and found by searches.
    """

    required_texts = ("name",)

    organization = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        related_name="former_names",
        verbose_name=_("organization"),
    )
    name = bilingual(models.CharField(_("name"), max_length=200, blank=True))
    name_en: str
    name_zh_hans: str

    objects = BilingualQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        # The one that came first in use comes first: of two that may be meant it is taken.
        ordering = [models.F("ends_on").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=ends_after_start(),
                name="former_name_ends_after_its_start",
                violation_error_message=_("The last day is before the first one."),
            )
        ]

    def __str__(self) -> str:
        return str(self.name)

    def was_in_use_on(self, day: dt.date) -> bool:
        return self.ends_on is not None and self.holds_on(day)


class FormerNames:
    """The former names of organizations, by their keys and their ``names_before``.

    One query, none where none of them has any.
    """

    def __init__(self, organizations: Iterable[tuple[int, str]]) -> None:
        keys = {pk for pk, names_before in organizations if names_before}
        self._names: dict[int, list[FormerName]] = {}
        for name in FormerName.objects.filter(organization__in=keys) if keys else ():
            self._names.setdefault(name.organization_id, []).append(name)

    def at(self, organization: int, day: dt.date) -> Text:
        """Return the former name that an organization had on a day; "" where it was none."""
        names = self._names.get(organization, [])
        return next((each.name for each in names if each.was_in_use_on(day)), Text("", ""))


def overlapping_name(names: Sequence[FormerName]) -> FormerName | None:
    """Return a former name of an organization that begins while the one before it was in use.

    One without a first day begins after that; one without a last day is in nobody's way.
    """
    before: dt.date | None = None
    for last, name in sorted(
        ((each.ends_on, each) for each in names if each.ends_on), key=lambda pair: pair[0]
    ):
        if before is not None and (name.starts_on or last) <= before:
            return name
        before = last
    return None
