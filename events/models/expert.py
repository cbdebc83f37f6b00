import datetime as dt
from collections.abc import Collection, Sequence
from typing import Self

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField
from simple_history.models import HistoricalRecords

from events.models.organization import Organization
from events.models.period import Dated, ends_after_start, first_overlap, holding_on
from events.models.scope import PartOf, Shared, scoped
from events.models.told_apart import ToldApart
from summit.lib.database.made_columns import MadeLine, MadeText
from summit.lib.files.pictures import PictureField
from summit.lib.i18n.bilingual import Bilingual, BilingualQuerySet, Text, bilingual, text_in
from summit.lib.i18n.languages import (
    Words,
    column,
    columns,
    spoken_names,
    validate_spoken,
)
from summit.lib.i18n.likeness import search_words
from summit.lib.i18n.names import name_pinyin, searchable, sort_key
from summit.lib.i18n.romanization import with_reading
from summit.lib.i18n.slugs import MAX_LENGTH, Slugged
from summit.lib.identifiers import canonical_orcid, doubt_about_orcid


def with_honorific(name: Text, honorific: str) -> Text:
    """Join them as the language of the name does: ``Professor Ann Hale``, ``安·黑尔教授``.

    On English pages a Chinese name has its reading beside it: ``王伟教授 Wang Wei``.
    """
    shown = str(name)
    if honorific:
        shown = f"{name}{honorific}" if name.lang == "zh-hans" else f"{honorific} {name}"
    return with_reading(shown, name)


# What a card or a line shows of an expert.
CARD_COLUMNS = ["slug", "photo", "orcid", "is_demonstration", *columns("name", "honorific")]


class ExpertQuerySet(BilingualQuerySet["Expert"]):
    def visible(self) -> Self:
        return self.filter(is_public=True)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if user.is_staff and user.has_perm("events.view_expert") else self.visible()

    def with_affiliations(self) -> Self:
        """Load the affiliations that pages may name, with the names of their organizations."""
        named = Affiliation.objects.filter(organization__is_public=True)
        affiliations = named.select_related("organization").only(
            *("expert", "is_primary", "starts_on", "ends_on", *columns("position")),
            "organization__slug",
            *columns("organization__name"),
        )
        return self.prefetch_related(models.Prefetch("affiliations", affiliations))

    def for_cards(self) -> Self:
        """Load what a card or a line shows of an expert, but for the place."""
        return self.only(*CARD_COLUMNS)

    def search(self, text: str) -> Self:
        """Rows that hold every word in a name, its pinyin, or a public organization's names.

        All where nothing was typed, none where it holds no word, such as a comma.
        """
        terms = search_words(text)
        found = self if terms or not text.strip() else self.none()
        for term in terms:
            places = Affiliation.objects.filter(
                expert=models.OuterRef("pk"),
                organization__is_public=True,
                organization__search_text__contains=term,
            )
            found = found.filter(models.Q(search_text__contains=term) | models.Exists(places))
        return found

    def by_name(self, language: str) -> Self:
        """In the order of the names as that language's readers look them up: Chinese by pinyin."""
        return self.order_by(column("sort_name", language), "pk")


def _found_by(row: "Expert") -> str:
    return searchable(people=[row.name_en, row.name_zh_hans], others=[row.slug])


@scoped(Shared())
class Expert(ToldApart, Slugged):
    required_texts = ("name",)
    known_by = ("name",)

    name = bilingual(
        models.CharField(
            pgettext_lazy("person", "name"),
            max_length=100,
            blank=True,
            help_text=_("As it is written in each language, in its own order: Wang Wei, 王伟."),
        )
    )
    name_en: str
    name_zh_hans: str
    slug = models.SlugField(
        _("slug"),
        max_length=MAX_LENGTH,
        unique=True,
        blank=True,
        help_text=_("The last part of the page's address. Left empty, it is made from the name."),
    )
    honorific = bilingual(
        models.CharField(
            _("honorific"), max_length=40, blank=True, help_text=_("Professor, Dr; 教授、博士.")
        )
    )
    photo = PictureField(_("photo"))
    biography = bilingual(models.TextField(_("biography"), blank=True, help_text=_("Markdown.")))
    country = CountryField(_("country/region"), blank=True)
    languages = models.JSONField(
        _("languages spoken"), default=list, blank=True, validators=[validate_spoken]
    )
    # The version before writes no value for it.
    orcid = models.CharField(
        _("ORCID identifier"),
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text=_("For researchers: https://orcid.org/… The public page links to it."),
    )
    pinyin = models.CharField(_("pinyin"), max_length=300, blank=True, editable=False)
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

    objects = ExpertQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=["search_text", "sort_name_en", "sort_name_zh_hans"]
    )

    class Meta:
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        ordering = ["sort_name_en", "pk"]

    def __str__(self) -> str:
        return str(self.display_name)

    def clean(self) -> None:
        super().clean()
        self.pinyin = name_pinyin(self.name_zh_hans)[:300]
        self.orcid = canonical_orcid(self.orcid)

    def get_absolute_url(self) -> str:
        return reverse("expert", args=[self.slug])

    @property
    def display_name(self) -> Text:
        """The name with its honorific, both in the language in which the name stands.

        See ``with_honorific`` for what stands beside a Chinese name on English pages.
        """
        name = self.name
        honorific = text_in(self, "honorific", name.lang)
        return with_honorific(name, honorific)

    @property
    def orcid_link(self) -> str:
        """The address of the researcher's entry, "" where the identifier cannot be right."""
        return "" if doubt_about_orcid(self.orcid) else self.orcid

    @property
    def spoken(self) -> list[str]:
        return spoken_names(self.languages)

    @property
    def primary_affiliation(self) -> "Affiliation | None":
        """The primary affiliation of today, else the first; free where they are prefetched."""
        return self.affiliation_at(timezone.localdate())

    def affiliation_at(self, day: dt.date) -> "Affiliation | None":
        """Return the primary affiliation of a day, else the first of those that held on it.

        Free where affiliations are prefetched.
        """
        return next(iter(self.affiliations_at(day)), None)

    def affiliations_at(self, day: dt.date) -> "list[Affiliation]":
        """Return the affiliations that held on a day, the primary one first."""
        return [each for each in self.affiliations.all() if each.holds_on(day)]

    @property
    def present_affiliations(self) -> "list[Affiliation]":
        return self.affiliations_at(timezone.localdate())

    @property
    def former_affiliations(self) -> "list[Affiliation]":
        """The affiliations that are over, the latest first."""
        today = timezone.localdate()
        ended = [(each.ends_on, each) for each in self.affiliations.all() if each.ends_on]
        over = [pair for pair in ended if pair[0] < today]
        return [each for _day, each in sorted(over, key=lambda pair: pair[0], reverse=True)]


class AffiliationQuerySet(BilingualQuerySet["Affiliation"]):
    def at(self, day: dt.date) -> Self:
        """Leave those that held on a day."""
        return self.filter(holding_on(day))


@scoped(PartOf("expert"))
class Affiliation(Dated, Bilingual):
    """An expert's place at an organization in a time, with the position held there."""

    required_texts = ()

    expert = models.ForeignKey(
        Expert, on_delete=models.CASCADE, related_name="affiliations", verbose_name=_("expert")
    )
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="affiliations",
        verbose_name=_("organization"),
    )
    position = bilingual(models.CharField(_("position"), max_length=200, blank=True))
    is_primary = models.BooleanField(_("primary"), default=False)

    objects = AffiliationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        ordering = ["-is_primary", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["expert", "organization"],
                condition=models.Q(ends_on=None),
                name="expert_is_at_an_organization_once_at_a_time",
                violation_error_message=_("This expert is at this organization already."),
            ),
            models.UniqueConstraint(
                fields=["expert"],
                condition=models.Q(is_primary=True, ends_on=None),
                name="expert_has_one_primary_affiliation_at_a_time",
                violation_error_message=_("Only one affiliation can be the primary one at a time."),
            ),
            models.CheckConstraint(
                condition=ends_after_start(),
                name="affiliation_ends_after_its_start",
                violation_error_message=_("The last day is before the first one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.expert} · {self.organization}"

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Refuse an overlap as well, which no constraint of both databases can. One query more.

        ``exclude`` leaves it out with the organization.
        """
        super().validate_constraints(exclude)
        if "organization" in (exclude or ()) or not self.expert_id:
            return
        others = Affiliation.objects.filter(expert=self.expert_id).exclude(pk=self.pk)
        if found := overlap([*others, self]):
            _row, field, words = found
            raise ValidationError({field: words})


def overlap(rows: Sequence[Affiliation]) -> tuple[Affiliation, str, Words] | None:
    """Return a row of one expert that stands in the way of another one, its field and why."""
    by_organization: dict[int, list[Affiliation]] = {}
    for row in rows:
        by_organization.setdefault(row.organization_id, []).append(row)
    for group in by_organization.values():
        if (second := first_overlap(group)) is not None:
            words = _("The expert is already at this organization during this time.")
            return second, "starts_on", words
    if (second := first_overlap([row for row in rows if row.is_primary])) is not None:
        return second, "is_primary", _("Only one affiliation can be the primary one at a time.")
    return None
