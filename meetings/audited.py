"""What this app records in the audit trail."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Action(TextChoices):
    INTERPRETERS_ERASED = "interpreters_erased", _("interpreters erased")
    SCREEN_OPENED = "meeting_screen_opened", _("screen of the meetings opened to the hall")
    SCREEN_CLOSED = "meeting_screen_closed", _("screen of the meetings closed to the hall")
