"""What this app records in the audit trail."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Action(TextChoices):
    INTERESTS_ERASED = "interests_erased", _("expressions of interest erased")
    INTEREST_PASSED_ON = "interest_passed_on", _("expression of interest passed on")
    INTERESTS_SPAM = "interests_spam", _("expressions of interest marked as spam")
