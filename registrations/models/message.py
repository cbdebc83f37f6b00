import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from events.models.scope import OfEvent, scoped
from summit.lib.database.accounts import account_field
from summit.lib.i18n.bilingual import bilingual, text_in
from summit.lib.i18n.languages import CONTENT_LANGUAGES

LONGEST_SUBJECT, LONGEST_TEXT = 150, 5000


@scoped(OfEvent("event"))
class Message(models.Model):
    """What organizers wrote to attendees in their own words, and to which of them.

    ``audience`` says whom by what they have in common, and names nobody. The mails hold the
    key of this row and no text.
    """

    shown_on_public_pages = False

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="messages", verbose_name=_("event")
    )
    subject = bilingual(
        models.CharField(
            _("subject of the e-mail"), max_length=LONGEST_SUBJECT, blank=True, editable=False
        )
    )
    text = bilingual(
        models.TextField(
            _("text of the e-mail"), max_length=LONGEST_TEXT, blank=True, editable=False
        )
    )
    audience = models.JSONField(_("to whom"), default=dict, editable=False)
    recipients = models.PositiveIntegerField(_("recipients"), default=0, editable=False)
    # Made with the form, so that one that is sent twice is one message.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    by = account_field(_("sent by"), editable=False)
    sent_at = models.DateTimeField(_("sent at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("message to attendees")
        verbose_name_plural = _("messages to attendees")
        ordering = ["-sent_at", "-pk"]
        default_permissions = ("add", "view")
        constraints = [
            models.CheckConstraint(
                condition=(Q(subject_en="", text_en="") | (~Q(subject_en="") & ~Q(text_en="")))
                & (
                    Q(subject_zh_hans="", text_zh_hans="")
                    | (~Q(subject_zh_hans="") & ~Q(text_zh_hans=""))
                ),
                name="message_has_its_subject_in_the_language_of_its_text",
            ),
            models.CheckConstraint(
                condition=~Q(text_en="", text_zh_hans=""),
                name="message_has_a_text_in_a_language",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} · {self.sent_at:%Y-%m-%d %H:%M}"

    def language_for(self, language: str) -> str:
        """Return the language in which somebody who reads ``language`` gets the message."""
        if text_in(self, "text", language):
            return language
        return next(code for code in CONTENT_LANGUAGES if code != language)
