"""The kinds of mail about the schedule of meetings."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    CHANGED = "meeting_schedule", _("schedule of meetings changed")
    OF_INTERPRETER = "interpreter_schedule", _("schedule of an interpreter changed")
