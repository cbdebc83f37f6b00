"""Separate consents (单独同意): what an event asks beside the privacy notice, and who agreed."""

import hashlib
from collections.abc import Iterable
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from registrations.models.registration import Registration
from registrations.models.registration_settings import RegistrationSettings
from summit.lib.i18n.bilingual import Bilingual, BilingualQuerySet, Text, bilingual, in_both
from summit.lib.i18n.languages import CONTENT_LANGUAGES, Words, column, current


class SeparateConsent(Bilingual):
    """One purpose or one recipient, to which each person agrees or not.

    Nobody has agreed who has not ticked its box. Who agreed to other terms than those of now is
    asked anew: see ``terms``.
    """

    shown_on_public_pages = False

    class Kind(models.TextChoices):
        RECIPIENT = "recipient", _("a list handed to a named recipient")
        PARTICIPANTS = "participants", _("a list for the other participants")
        PHOTOS = "photos", _("photographs")
        NEXT_EVENT = "next_event", _("news of the next event")

    # What the organizer has to fill in, by kind.
    NEEDED: ClassVar[dict[str, tuple[str, ...]]] = {
        Kind.RECIPIENT: ("recipient", "contact", "purpose", "data_kinds"),
        Kind.PARTICIPANTS: ("data_kinds",),
        Kind.PHOTOS: ("purpose",),
        Kind.NEXT_EVENT: (),
    }
    MOST = 10
    required_texts = ()

    settings = models.ForeignKey(
        RegistrationSettings, on_delete=models.CASCADE, related_name="separate_consents"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    recipient = bilingual(
        models.CharField(
            _("recipient"),
            max_length=200,
            blank=True,
            help_text=_("The full name of who gets the list."),
        )
    )
    contact = models.CharField(
        _("contact of the recipient"),
        max_length=200,
        blank=True,
        help_text=_("An address or a number at which the person can reach the recipient."),
    )
    purpose = bilingual(
        models.CharField(
            _("purpose"),
            max_length=200,
            blank=True,
            help_text=_("What it is used for, such as: preparing the meetings."),
        )
    )
    data_kinds = bilingual(
        models.CharField(
            _("kinds of data"),
            max_length=300,
            blank=True,
            help_text=_("Such as: name, organization, position."),
        )
    )
    is_abroad = models.BooleanField(
        _("the recipient is abroad"),
        default=False,
        help_text=_("Outside mainland China. The person sees this, and the export record says it."),
    )
    is_offered = models.BooleanField(
        _("offered"),
        default=True,
        help_text=_("Untick to ask nobody any more. Those who agreed stay agreed."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = BilingualQuerySet.as_manager()

    class Meta:
        verbose_name = _("separate consent")
        verbose_name_plural = _("separate consents")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["recipient", "participants", "photos", "next_event"]),
                name="separate_consent_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(is_abroad=False) | Q(kind="recipient"),
                name="only_a_recipient_is_abroad",
                violation_error_message=_("Only a recipient can be abroad."),
            ),
            models.UniqueConstraint(
                fields=["settings", "kind"],
                condition=~Q(kind="recipient"),
                name="separate_consent_of_a_kind_is_asked_once",
                violation_error_message=_("This event already asks for this consent."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        missing = {}
        for name in self.NEEDED.get(self.kind, ()):
            if name == "contact" and not self.contact.strip():
                missing[name] = _("Enter how the person can reach the recipient.")
            elif name != "contact" and not any(in_both(self, name).values()):
                missing[column(name, current())] = _("Fill this in, in English or in Chinese.")
        if missing:
            raise ValidationError(missing, code="missing")

    @property
    def name(self) -> str:
        """What organizers know it by: the recipient, or the kind."""
        return str((self.kind == self.Kind.RECIPIENT and self.recipient) or self.label)

    @property
    def may_hold_sensitive(self) -> bool:
        """Whether a list to it may hold sensitive answers: a named recipient has a purpose."""
        return self.kind == self.Kind.RECIPIENT and bool(self.purpose)

    @property
    def label(self) -> Words:
        return self.Kind(self.kind).label

    @property
    def sentence(self) -> str:
        """What somebody agrees to, beside the box, in the current language."""
        if self.kind == self.Kind.RECIPIENT:
            return gettext("My data may be given to %(recipient)s.") % {"recipient": self.recipient}
        return {
            self.Kind.PARTICIPANTS: gettext("I may be on a list for the other participants."),
            self.Kind.PHOTOS: gettext(
                "Photographs on which I can be recognized may be taken and used."
            ),
            self.Kind.NEXT_EVENT: gettext("You may inform me about the next event."),
        }[self.Kind(self.kind)]

    @property
    def facts(self) -> list[tuple[str, Text]]:
        """What the sentence leaves open, as pairs of label and text in the current language."""
        pairs = [
            (gettext("Purpose"), self.purpose),
            (gettext("Data"), self.data_kinds),
            (pgettext("of a recipient", "Contact"), Text(self.contact, current())),
        ]
        if self.is_abroad:
            abroad = gettext("The recipient is outside mainland China, so the data goes abroad.")
            pairs.append((pgettext("of a recipient", "Abroad"), Text(abroad, current())))
        return [(label, text) for label, text in pairs if text]

    def wording(self, language: str) -> str:
        """Return all that somebody reads before they agree, as plain lines."""
        with translation.override(language):
            colon = pgettext("after the kind of a row", ": ")
            facts = (f"{label}{colon}{text}" for label, text in self.facts)
            return "\n".join([self.sentence, *facts])

    @property
    def terms(self) -> str:
        """A digest of what an organizer cannot change without asking anew.

        That is all but the contact and the order: who gets what, for what, and where.
        """
        parts = [self.kind, str(self.is_abroad)]
        for name in ("recipient", "purpose", "data_kinds"):
            parts += in_both(self, name).values()
        return _digest(parts)

    @property
    def key(self) -> str:
        """What a form sends for a ticked box: another one once the wording is another."""
        return f"{self.pk}-{self.digest[:16]}"

    @property
    def digest(self) -> str:
        """The digest of the wording in all languages, and of the terms.

        What is typed in one language alone reads alike in both, and so does the same text typed
        in both: those are two terms.
        """
        return _digest([self.terms, *(self.wording(code) for code in CONTENT_LANGUAGES)])


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


class ConsentWording(models.Model):
    """A version of a separate consent that somebody agreed to, kept as it read then."""

    shown_on_public_pages = False

    digest = models.CharField(max_length=64, unique=True)
    # Of the ``SeparateConsent`` at that time.
    terms = models.CharField(max_length=64)
    text_en = models.TextField(blank=True)
    text_zh_hans = models.TextField(blank=True)
    first_used_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("wording of a consent")
        verbose_name_plural = _("wordings of consents")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class ConsentQuerySet(models.QuerySet["Consent"]):
    def standing(self) -> "ConsentQuerySet":
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """That a person agreed to a separate consent, as it was worded then, and until when.

    Written by the person's own form and page alone.
    """

    shown_on_public_pages = False

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="consents"
    )
    to = models.ForeignKey(
        SeparateConsent,
        on_delete=models.PROTECT,
        related_name="given",
        verbose_name=_("separate consent"),
    )
    wording = models.ForeignKey(ConsentWording, on_delete=models.PROTECT, related_name="consents")
    given_at = models.DateTimeField(pgettext_lazy("consent", "given at"), default=timezone.now)
    withdrawn_at = models.DateTimeField(
        pgettext_lazy("consent", "withdrawn at"), null=True, blank=True
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "to"],
                condition=Q(withdrawn_at=None),
                name="consent_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=models.F("given_at")),
                name="consent_is_withdrawn_after_it_was_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
