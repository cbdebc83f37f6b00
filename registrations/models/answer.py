from django.db import models
from django.utils.translation import gettext_lazy as _

from registrations.models.registration import Registration
from registrations.models.registration_settings import Question
from summit.lib.i18n.languages import listed


class Answer(models.Model):
    shown_on_public_pages = False

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, related_name="answers", verbose_name=_("question")
    )
    # Text, the key of an option, a list of such keys, or true/false.
    value = models.JSONField(_("answer"))
    # Of a sensitive question: what the person agreed to in answering it, and when.
    consent_text = models.TextField(blank=True, default="", db_default="", editable=False)
    consented_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["question__order", "question_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "question"], name="question_is_answered_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.question)

    @property
    def keys(self) -> list[str]:
        """The keys of the options chosen."""
        chosen = self.value if isinstance(self.value, list) else [self.value]
        return [str(key) for key in chosen]

    @property
    def shown(self) -> str:
        """The answer in words of the current language, of a sensitive question its end alone."""
        return masked(self.words) if self.question.is_sensitive else self.words

    @property
    def words(self) -> str:
        """The whole answer in words of the current language."""
        if isinstance(self.value, bool):
            return str(_("yes") if self.value else _("no"))
        if self.question.has_options:
            words = self.question.words
            return listed(words.get(key, key) for key in self.keys)
        return str(self.value)


def masked(text: str) -> str:
    """Return as many dots as a text has characters, and its last two where it is a long one."""
    shown = text[-2:] if len(text) >= 8 else ""
    return "•" * (len(text) - len(shown)) + shown
