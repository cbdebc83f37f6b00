"""What this app records in the audit trail."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Action(TextChoices):
    EXPORTED = "exported", _("attendees exported")
    EXPORT_REFUSED = "export_refused", _("export refused")
    ADDED = "added", _("attendees added")
    CANCELLED = "cancelled", _("registrations cancelled")
    CONTACT_CHANGED = "contact_changed", _("contact of an attendee changed")
    MESSAGE_SENT = "message_sent", _("message sent to attendees")
    ERASED = "erased", _("personal data erased")
