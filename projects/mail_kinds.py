"""The kinds of mail that this app sends."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    FOLLOW_UPS = "follow_ups", _("follow-ups of the week")
