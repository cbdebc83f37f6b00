"""The kinds of mail that this app sends to participants."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    ADMITTED = "meetings_admitted", _("admitted to the one-to-one meetings")
    REQUESTED = "meeting_requested", _("request for a meeting received")
    REMINDER = "meeting_reminder", _("reminder to answer a request for a meeting")
    ANSWERED = "meeting_answered", _("request for a meeting answered")
    ARRANGED = "meeting_arranged", _("meeting arranged by an organizer")
    CALLED_OFF = "meeting_called_off", _("agreed meeting called off")
