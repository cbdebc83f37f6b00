"""What this app records in the audit trail."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Action(TextChoices):
    LOGGED_IN = "logged_in", _("logged in")
    LOG_IN_FAILED = "log_in_failed", _("log-in failed")
    LOCKED_OUT = "locked_out", _("locked out")
    LOG_IN_OPENED = "log_in_opened", _("log-in unblocked by an e-mailed link")
    LOGGED_OUT = "logged_out", _("logged out")
    LOGIN_ENDED = "login_ended", _("login ended")
    PASSWORD_CHANGED = "password_changed", _("password changed")
    DEVICE_ENROLLED = "device_enrolled", _("authenticator set up")
    DEVICE_REMOVED = "device_removed", _("authenticator removed")
    CODES_MADE = "codes_made", _("recovery codes made")
    RECOVERY_CODE_USED = "recovery_code_used", _("recovery code used")
    INVITED = "invited", _("invited")
    ACCOUNT_MADE = "account_made", _("account created")
    ACCOUNT_CHANGED = "account_changed", _("account changed")
    ACCOUNT_DELETED = "account_deleted", _("account deleted")
    PERMISSIONS_CHANGED = "permissions_changed", _("permissions changed")
    ASSIGNED = "assigned", _("assignment given")
    UNASSIGNED = "unassigned", _("assignment taken away")
