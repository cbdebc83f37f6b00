"""What the admin records in the audit trail by itself."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Action(TextChoices):
    LIST_EXPORTED = "list_exported", _("list exported")
