from typing import Self

from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField
from simple_history.models import HistoricalRecords

from events.models.organization import Organization
from events.models.scope import PartOf, Shared, scoped
from summit.lib.database.made_columns import MadeLine, MadeText
from summit.lib.files.pictures import PictureField
from summit.lib.i18n.bilingual import Bilingual, BilingualQuerySet, Text, bilingual, text_in
from summit.lib.i18n.languages import (
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
            *("expert", "is_primary", *columns("position"), "organization__slug"),
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
class Expert(Slugged):
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
    country = CountryField(_("country/region"), blank=True, default="GB")
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
        help_text=_("Of researchers: https://orcid.org/… The public page links to it."),
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
        """The primary affiliation, else the first; free where affiliations are prefetched."""
        affiliations = list(self.affiliations.all())
        return next((a for a in affiliations if a.is_primary), next(iter(affiliations), None))


@scoped(PartOf("expert"))
class Affiliation(Bilingual):
    """An expert's place at an organization, with the position held there."""

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

    objects = BilingualQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        ordering = ["-is_primary", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["expert", "organization"],
                name="expert_is_affiliated_once",
                violation_error_message=_("This expert is at this organization already."),
            ),
            models.UniqueConstraint(
                fields=["expert"],
                condition=models.Q(is_primary=True),
                name="expert_has_one_primary_affiliation",
                violation_error_message=_("Only one affiliation can be the primary one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.expert} · {self.organization}"
