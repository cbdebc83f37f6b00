"""The kinds of mail that this app sends."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    SAVED = "submission_saved", _("submission saved, link to continue")
    SENT = "submission_sent", _("submission received")
    RETURNED = "submission_returned", _("submission returned")
    ACCEPTED = "submission_accepted", _("submission accepted")
    REFUSED = "submission_refused", _("submission refused")
    LATE = "submission_late", _("submission permitted late")
    REMINDER = "submission_reminder", _("reminder before a call closes")
    ASKED = "submission_asked", _("corrections of a project asked for")
    LINK = "submission_link", _("link to a submission")


class ExpertKind(TextChoices):
    LINK = "expert_link", _("personal link of an expert")
    SENT = "expert_proposal_sent", _("proposal of an expert received")
    RETURNED = "expert_proposal_returned", _("proposal of an expert returned")
    ACCEPTED = "expert_proposal_accepted", _("proposal of an expert accepted")
    REFUSED = "expert_proposal_refused", _("proposal of an expert refused")
    PASSPORT_CODE = "passport_code", _("code for the passport data of an expert")
