"""The kinds of mail that this app sends."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    STAFF_INVITATION = "staff_invitation", _("invitation of staff")
    STAFF_PASSWORD = "staff_password", _("link to a new password")
    STAFF_AUTHENTICATOR = "staff_authenticator", _("link to a new authenticator")
    STAFF_LOG_IN = "staff_log_in", _("link that unblocks log-in")
