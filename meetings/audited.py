"""What this app records in the audit trail."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Action(TextChoices):
    INTERPRETERS_ERASED = "interpreters_erased", _("interpreters erased")
