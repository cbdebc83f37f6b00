"""What this app records in the audit trail."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Action(TextChoices):
    DOCUMENT_DOWNLOADED = "document_downloaded", _("document downloaded")
    DOCUMENT_REFUSED = "document_refused", _("document refused")
    SIGNING_VOIDED = "signing_voided", _("signing voided")
