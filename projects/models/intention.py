from typing import Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.models import Event, Expert, Organization, Session
from projects.models.project import Project
from projects.models.signature import Signature
from summit.lib.bilingual import Bilingual, BilingualQuerySet, bilingual


class IntentionQuerySet(BilingualQuerySet):
    def signed(self) -> Self:
        return self.exclude(status=CooperationIntention.Status.DRAFT)

    def visible(self) -> Self:
        """Signed, public, and of an event that is visible."""
        return self.signed().filter(is_public=True, event__status__in=Event.VISIBLE)

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Add drafts and confidential ones for staff who may see intentions."""
        allowed = user.is_staff and user.has_perm("projects.view_cooperationintention")
        return self if allowed else self.visible()

    def with_parties(self) -> Self:
        """Fetch all that ``signature`` reads, in two queries."""
        links = IntentionProject.objects.select_related("project")
        return self.select_related(
            "company", "expert", "expert_organization", "event", "session__event"
        ).prefetch_related(models.Prefetch("project_links", links))


class CooperationIntention(Bilingual):
    """What a company and an expert sign about one or more projects.

    What was signed is kept in ``snapshot``, in both languages, as it read on the
    day; the rows it names may change afterwards, the snapshot does not.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SIGNED = "signed", _("signed")

    MOVES = {Status.DRAFT: (Status.SIGNED,)}
    # Fixed by the signature: the domain and the admin refuse to change them afterwards.
    SIGNED_FIELDS = (
        *("event", "session", "company", "expert", "expert_organization", "signed_on"),
        *("subject_en", "subject_zh_hans", "purpose_en", "purpose_zh_hans"),
        *("reference", "snapshot"),
    )
    required_texts = ()

    reference = models.CharField(
        _("reference"), max_length=30, unique=True, null=True, blank=True, editable=False
    )
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="intentions", verbose_name=_("event")
    )
    session = models.ForeignKey(
        Session,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="intentions",
        verbose_name=_("session"),
        help_text=_("The signing ceremony, where there was one."),
    )
    company = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="intentions",
        verbose_name=_("company"),
        help_text=_("The local party: most often a company, sometimes a hospital or university."),
    )
    expert = models.ForeignKey(
        Expert,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="intentions",
        verbose_name=_("expert"),
    )
    expert_organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="intentions_of_experts",
        verbose_name=_("the expert acts for"),
    )
    projects = models.ManyToManyField(
        Project,
        through="IntentionProject",
        blank=True,
        related_name="intentions",
        verbose_name=_("projects"),
    )
    subject = bilingual(
        models.CharField(
            _("subject"),
            max_length=200,
            blank=True,
            help_text=_("Needed where no project is named, as for talent or research."),
        )
    )
    purpose = bilingual(
        models.TextField(_("what is intended"), blank=True, help_text=_("Markdown."))
    )
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    is_public = models.BooleanField(
        _("public"),
        default=True,
        help_text=_("Untick where it is confidential; then no public page shows or counts it."),
    )
    snapshot = models.JSONField(_("as signed"), null=True, blank=True, editable=False)
    is_demonstration = models.BooleanField(
        _("demonstration data"), default=False, help_text=_("Invented, and the page says so.")
    )

    objects = IntentionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("cooperation intention")
        verbose_name_plural = _("cooperation intentions")
        ordering = ["-signed_on", "-reference", "-pk"]
        indexes = [models.Index(fields=["status", "is_public", "signed_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "signed"]), name="intention_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(
                    reference__isnull=False,
                    signed_on__isnull=False,
                    snapshot__isnull=False,
                    company__isnull=False,
                    expert__isnull=False,
                ),
                name="signed_intention_has_date_parties_and_snapshot",
                violation_error_message=_(
                    "A signed intention keeps its date, its company and its expert."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(status="draft") | Q(reference=None),
                name="draft_intention_has_no_reference",
            ),
        ]

    def __str__(self) -> str:
        number = self.reference or _("draft")
        return f"{number} · {self.company or '—'} · {self.expert or '—'}"

    def clean(self) -> None:
        super().clean()
        if self.session_id and self.event_id and self.session.event_id != self.event_id:
            raise ValidationError(
                {"session": _("This session belongs to another event. Choose one of this event.")}
            )

    def get_absolute_url(self) -> str:
        """The public page; a draft has none and leads to the list."""
        if not self.reference:
            return reverse("intentions")
        return reverse("intention", args=[self.reference])

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @cached_property
    def signature(self) -> Signature | None:
        """The parties and projects as signed, as far as pages may name them; a draft has none."""
        return Signature(self) if self.snapshot else None


class IntentionProject(models.Model):
    """A project that an intention is about."""

    intention = models.ForeignKey(
        CooperationIntention,
        on_delete=models.CASCADE,
        related_name="project_links",
        verbose_name=_("cooperation intention"),
    )
    project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        related_name="intention_links",
        verbose_name=_("project"),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["intention", "project"],
                name="intention_names_a_project_once",
                violation_error_message=_("This project is named already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.project)


class ReferenceCounter(models.Model):
    """The last number given for a prefix and year; its row is locked while one is given."""

    shown_on_public_pages = False

    prefix = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["prefix", "year"], name="reference_counter_is_one_per_prefix_and_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}: {self.last}"
