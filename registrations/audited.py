"""What this app records in the audit trail."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Action(TextChoices):
    EXPORTED = "exported", _("attendees exported")
    EXPORT_REFUSED = "export_refused", _("export refused")
    CANCELLED = "cancelled", _("registrations cancelled")
    ERASED = "erased", _("personal data erased")
