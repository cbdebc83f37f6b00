from typing import Self

from django.contrib.auth.models import AnonymousUser, User
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.models import Organization
from events.models.scope import Shared, scoped
from events.models.told_apart import ToldApart
from projects.models.catalogue import CooperationMode, Sector
from projects.models.details import Detailed
from projects.models.disclosure import IS_LISTED, Disclosed, Disclosure, is_public
from projects.models.price import Priced
from summit.lib.database.made_columns import MadeText
from summit.lib.database.states import Stateful
from summit.lib.files.pictures import PictureField
from summit.lib.i18n.bilingual import BilingualQuerySet, bilingual
from summit.lib.i18n.likeness import search_words
from summit.lib.i18n.names import searchable
from summit.lib.i18n.slugs import Titled


class ProjectQuerySet(BilingualQuerySet["Project"]):
    def visible(self) -> Self:
        """Published, and everything is public: what pages may show, link and count."""
        return self.filter(is_public())

    def listed(self) -> Self:
        """What the catalogue has a card of: also those of which only the title is public."""
        return self.filter(IS_LISTED)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those that have a page for somebody; staff may see all."""
        return self if user.is_staff and user.has_perm("projects.view_project") else self.listed()

    def open(self) -> Self:
        """Leave out what is no longer valid today, in the site's time zone."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=timezone.localdate()))

    def with_terms(self) -> Self:
        """Load the owner, sectors and modes along: two more queries."""
        return self.select_related("owner").prefetch_related("sectors", "modes")

    def search(self, text: str) -> Self:
        """Rows that hold every word somewhere in their texts or their owner's names.

        Substrings are matched in both languages, so that 血液 is found inside a Chinese sentence,
        where there are no words to split at. All where nothing was typed, none where it holds no
        word, such as a comma. What only shows its title is found by its title alone. Reads every
        row.
        """
        terms = search_words(text)
        found = self if terms or not text.strip() else self.none()
        for term in terms:
            told = Q(search_prose__contains=term)
            told |= Q(owner__search_text__contains=term, owner__is_public=True)
            found = found.filter(
                Q(search_text__contains=term) | (Q(disclosure=Disclosure.PUBLIC) & told)
            )
        return found


def _found_by(row: "Project") -> str:
    return searchable(names=[row.title_en, row.title_zh_hans], others=[row.slug])


def _prose(row: "Project") -> str:
    return searchable(
        prose=[
            *(row.summary_en, row.summary_zh_hans),
            *(row.description_en, row.description_zh_hans),
            *(row.advantages_en, row.advantages_zh_hans),
            *(row.keywords_en, row.keywords_zh_hans),
            *(row.key_indicators_en, row.key_indicators_zh_hans),
            *(row.existing_basis_en, row.existing_basis_zh_hans),
            *(row.partner_conditions_en, row.partner_conditions_zh_hans),
        ]
    )


@scoped(Shared())
class Project(ToldApart, Stateful, Detailed, Priced, Disclosed, Titled):
    """A technology or product offered for cooperation, or one that a company looks for."""

    class Kind(models.TextChoices):
        OFFER = "offer", _("offer")
        REQUEST = "request", _("request")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Maturity(models.IntegerChoices):
        """Technology readiness levels 1–9, after ISO 16290 and GB/T 22900."""

        TRL1 = 1, _("TRL 1 · basic principles observed")
        TRL2 = 2, _("TRL 2 · concept formulated")
        TRL3 = 3, _("TRL 3 · proof of concept")
        TRL4 = 4, _("TRL 4 · validated in the laboratory")
        TRL5 = 5, _("TRL 5 · validated in a relevant environment")
        TRL6 = 6, _("TRL 6 · prototype demonstrated")
        TRL7 = 7, _("TRL 7 · prototype in operation")
        TRL8 = 8, _("TRL 8 · complete and qualified")
        TRL9 = 9, _("TRL 9 · proven in use")

    class PropertyStatus(models.TextChoices):
        NONE = "none", _("no registered rights")
        PENDING = "pending", _("patent applied for")
        GRANTED = "granted", _("patent granted")
        SOFTWARE = "software", _("software copyright registered")
        KNOW_HOW = "know_how", _("trade secret or know-how")
        ON_REQUEST = "on_request", _("told on request")

    MOVES = {
        Status.DRAFT: (Status.PUBLISHED,),
        Status.PUBLISHED: (Status.WITHDRAWN,),
        Status.WITHDRAWN: (Status.PUBLISHED,),
    }

    known_by = ("title",)

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.OFFER)
    summary_en: str
    summary_zh_hans: str
    description_en: str
    description_zh_hans: str
    advantages_en: str
    advantages_zh_hans: str
    summary = bilingual(models.TextField(_("summary"), max_length=600, blank=True))
    description = bilingual(
        models.TextField(_("description"), blank=True, help_text=_("Markdown."))
    )
    advantages = bilingual(
        models.TextField(_("advantages"), blank=True, help_text=_("Markdown; a list reads best."))
    )
    sectors = models.ManyToManyField(
        Sector, blank=True, related_name="projects", verbose_name=_("sectors")
    )
    maturity = models.PositiveSmallIntegerField(
        _("maturity (TRL)"),
        choices=Maturity.choices,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
    )
    property_status = models.CharField(
        _("intellectual property status"),
        max_length=20,
        choices=PropertyStatus.choices,
        blank=True,
    )
    modes = models.ManyToManyField(
        CooperationMode,
        blank=True,
        related_name="projects",
        verbose_name=_("cooperation sought"),
    )
    owner = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("owner"),
    )
    picture = PictureField(_("picture"))
    valid_until = models.DateField(
        _("valid until"),
        null=True,
        blank=True,
        help_text=_("The last day on which the catalogue lists it. Empty: without limit."),
    )
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)
    is_demonstration = models.BooleanField(
        _("demonstration data"), default=False, help_text=_("Invented, and the page says so.")
    )

    search_text = MadeText(made=_found_by)
    search_prose = MadeText(made=_prose)

    objects = ProjectQuerySet.as_manager()
    history = HistoricalRecords(
        m2m_fields=[sectors, modes], excluded_fields=["search_text", "search_prose"]
    )

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["-published_at", "-pk"]
        indexes = [models.Index(fields=["status", "published_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "published", "withdrawn"]),
                name="project_status_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(maturity=None) | models.Q(maturity__range=(1, 9)),
                name="project_maturity_is_one_to_nine",
                violation_error_message=_("The technology readiness level is from 1 to 9."),
            ),
            *Detailed.CONSTRAINTS,
            *Priced.CONSTRAINTS,
            *Disclosed.CONSTRAINTS,
        ]

    def get_absolute_url(self) -> str:
        return reverse("project", args=[self.slug])

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def is_expired(self) -> bool:
        """No longer valid today, in the site's time zone."""
        return self.valid_until is not None and self.valid_until < timezone.localdate()
