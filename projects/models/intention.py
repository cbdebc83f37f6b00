from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.models import Event, Expert, Organization, Session
from events.models.scope import OfEvent, scoped
from projects.models.intention_queryset import IntentionQuerySet
from projects.models.project import Project
from projects.models.signature import Signature
from projects.models.signing_record import SigningRecord
from summit.lib.database.made_columns import MadeText
from summit.lib.database.states import Stateful
from summit.lib.i18n.bilingual import Bilingual, bilingual
from summit.lib.i18n.languages import SPOKEN, Words, validate_spoken
from summit.lib.i18n.money import Currency, with_currency
from summit.lib.i18n.names import searchable

FIXED = _("This is signed, so its terms can no longer be changed. Record an amendment instead.")


def _found_by(row: "CooperationIntention") -> str:
    # Its reference and contract number are written by update(), and have one form.
    return searchable(names=[row.subject_en, row.subject_zh_hans])


@scoped(OfEvent("event"))
class CooperationIntention(SigningRecord, Stateful, Bilingual):
    """What a company and an expert sign about one or more projects.

    What was signed is kept in ``snapshot``, in both languages, as it read on the
    day; the rows it names may change afterwards, the snapshot does not.
    """

    # Only of what was ``counted()``.
    in_all: int

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        ABANDONED = "abandoned", _("abandoned")
        SIGNED = "signed", _("signed")
        CONVERTED = "converted", _("converted to a contract")
        LAPSED = "lapsed", _("lapsed")
        TERMINATED = "terminated", _("terminated")
        VOIDED = "voided", _("voided")

    class ContractKind(models.TextChoices):
        DEVELOPMENT = "development", _("technology development")
        TRANSFER = "transfer", _("technology transfer")
        LICENCE = "licence", _("technology licence")
        CONSULTING = "consulting", _("technology consulting")
        SERVICE = "service", _("technology service")
        JOINT_VENTURE = "joint_venture", _("joint venture")
        INVESTMENT = "investment", _("investment")
        PURCHASE = "purchase", _("purchase")
        OTHER = "other", _("other")

    MOVES = {
        Status.DRAFT: (Status.SIGNED, Status.ABANDONED),
        Status.SIGNED: (Status.CONVERTED, Status.LAPSED, Status.TERMINATED, Status.VOIDED),
    }
    UNSIGNED = (Status.DRAFT, Status.ABANDONED)
    # No list or figure of what was signed has these.
    UNCOUNTED = (*UNSIGNED, Status.VOIDED)
    # Whose follow-ups are still to be done.
    ALIVE = (Status.SIGNED, Status.CONVERTED)
    # Fixed by the signature: the domain and the admin refuse to change them afterwards.
    SIGNED_FIELDS = (
        *("event", "session", "company", "expert", "expert_organization", "signed_on"),
        *("subject_en", "subject_zh_hans", "purpose_en", "purpose_zh_hans"),
        *("text_languages", "governing_language", "reference", "snapshot"),
        # These only an amendment changes.
        *("valid_until", "intended_amount", "intended_currency"),
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
        verbose_name=_("signing organization"),
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
    subject_en: str
    subject_zh_hans: str
    purpose = bilingual(
        models.TextField(_("what is intended"), blank=True, help_text=_("Markdown."))
    )
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("Empty: without a term.")
    )
    text_languages = models.JSONField(
        _("languages of the text"), default=list, blank=True, validators=[validate_spoken]
    )
    governing_language = models.CharField(
        _("governing language"), max_length=2, choices=SPOKEN, blank=True
    )
    intended_amount = models.DecimalField(
        _("intended amount"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    intended_currency = models.CharField(
        _("currency of the intended amount"), max_length=3, choices=Currency.choices, blank=True
    )
    # What came of it. Set by the moves of projects/domain/intention.py.
    contract_kind = models.CharField(
        _("kind of contract"),
        max_length=20,
        choices=ContractKind.choices,
        blank=True,
        editable=False,
    )
    contract_number = models.CharField(
        _("contract number"), max_length=60, blank=True, editable=False
    )
    contracted_amount = models.DecimalField(
        _("contracted amount"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        editable=False,
    )
    contracted_currency = models.CharField(
        _("currency of the contracted amount"),
        max_length=3,
        choices=Currency.choices,
        blank=True,
        editable=False,
    )
    # The day of the contract, of the term's end, of giving up.
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)
    closing_reason = models.TextField(_("reason"), blank=True, editable=False)
    is_public = models.BooleanField(
        _("public"),
        default=True,
        help_text=_("Untick where it is confidential; then no public page shows or counts it."),
    )
    shows_amounts = models.BooleanField(
        _("amounts are public"),
        default=False,
        help_text=_("Tick where both parties agree that public pages may show the amounts."),
    )
    snapshot = models.JSONField(_("as signed"), null=True, blank=True, editable=False)
    is_demonstration = models.BooleanField(
        _("demonstration data"), default=False, help_text=_("Invented, and the page says so.")
    )

    objects = IntentionQuerySet.as_manager()
    search_text = MadeText(made=_found_by)

    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta:
        verbose_name = _("cooperation intention")
        verbose_name_plural = _("cooperation intentions")
        ordering = ["-signed_on", "-reference", "-pk"]
        indexes = [
            models.Index(fields=["status", "is_public", "signed_on"]),
            # In the order above, so that a page of the list need not sort them all.
            models.Index(fields=["-signed_on", "-reference", "-id"], name="intention_latest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        *("draft", "abandoned", "signed", "converted", "lapsed", "terminated"),
                        "voided",
                    ]
                ),
                name="intention_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "abandoned"])
                | Q(
                    reference__isnull=False,
                    signed_on__isnull=False,
                    snapshot__isnull=False,
                    company__isnull=False,
                    expert__isnull=False,
                ),
                name="signed_intention_has_date_parties_and_snapshot",
                violation_error_message=_(
                    "A signed intention must keep its date, its company and its expert."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["draft", "abandoned"]) | Q(reference=None),
                name="draft_intention_has_no_reference",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "signed"], closed_on=None)
                | (~Q(status__in=["draft", "signed"]) & Q(closed_on__isnull=False)),
                name="closed_intention_has_its_day",
            ),
            models.CheckConstraint(
                condition=(~Q(status="converted") & Q(contract_kind=""))
                | (Q(status="converted") & ~Q(contract_kind="")),
                name="converted_intention_has_a_contract",
            ),
            models.CheckConstraint(
                condition=~Q(status="terminated") | ~Q(closing_reason=""),
                name="terminated_intention_has_a_reason",
            ),
            models.CheckConstraint(
                condition=with_currency("intended"),
                name="intended_amount_has_its_currency",
                violation_error_message=_(
                    "Enter the intended amount together with its currency, or neither."
                ),
                violation_error_code="amount_without_currency",
            ),
            models.CheckConstraint(
                condition=with_currency("contracted"),
                name="contracted_amount_has_its_currency",
                violation_error_message=_(
                    "Enter the contracted amount together with its currency, or neither."
                ),
                violation_error_code="amount_without_currency",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None)
                | Q(signed_on=None)
                | Q(valid_until__gte=models.F("signed_on")),
                name="intention_is_valid_from_its_signature_on",
                violation_error_message=_("The term must end on the day of signing or later."),
            ),
            *SigningRecord.CONSTRAINTS,
        ]

    def __str__(self) -> str:
        number = self.reference or self.get_status_display()
        return f"{number} · {self.company or '—'} · {self.expert or '—'}"

    def clean(self) -> None:
        super().clean()
        self.refuse_changes_of_what_is_signed()
        if self.is_draft:
            self.expert_organization = self.institution
        if self.session and self.event_id and self.session.event_id != self.event_id:
            raise ValidationError(
                {"session": _("This session belongs to another event. Choose one of this event.")}
            )
        governing = self.governing_language
        if governing and self.text_languages and governing not in self.text_languages:
            raise ValidationError(
                {"governing_language": _("Choose one of the languages of the text.")}
            )

    def refuse_changes_of_what_is_signed(self) -> None:
        """Compare with the stored row, once that is signed. One query."""
        stored = type(self)._base_manager.filter(pk=self.pk).exclude(status__in=self.UNSIGNED)
        fixed = stored.values(*self.SIGNED_FIELDS).first() if self.pk else None
        changed = fixed and any(
            value != self.serializable_value(name) for name, value in fixed.items()
        )
        if changed:
            raise ValidationError(FIXED, code="signed")

    def get_absolute_url(self) -> str:
        """The public page; a draft has none and leads to the list."""
        if not self.reference:
            return reverse("intentions")
        return reverse("intention", args=[self.reference])

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def local_party(self) -> Words:
        """What the organization that signs is called, by its kind."""
        is_company = self.company is not None and self.company.kind == Organization.Kind.COMPANY
        return _("Company") if is_company else _("Signing organization")

    @property
    def institution(self) -> Organization | None:
        """For which the expert acts: the one that is named, or the only one where the expert is.

        Or was, on the day of the event, without which none is taken. Nor is one by itself that
        no public page names.
        """
        if self.expert_organization or not self.expert:
            return self.expert_organization
        if not self.event_id:
            return None
        held = self.expert.affiliations_at(self.event.starts_on)
        places = [each.organization for each in held]
        return places[0] if len(places) == 1 and places[0].is_public else None

    @property
    def was_signed(self) -> bool:
        """Whether it was signed, if only by mistake."""
        return self.status not in self.UNSIGNED

    @property
    def is_voided(self) -> bool:
        return self.status == self.Status.VOIDED

    @cached_property
    def signature(self) -> Signature | None:
        """The parties and projects as signed, as far as pages may name them; a draft has none."""
        return Signature(self) if self.snapshot else None
