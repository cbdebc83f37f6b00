"""What this app records in the audit trail."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Action(TextChoices):
    BACKED_UP = "backed_up", _("backup made")
    RESTORED = "restored", _("backup restored")
