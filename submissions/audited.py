"""What this app records in the audit trail."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Action(TextChoices):
    ERASED = "submissions_erased", _("submissions erased")
    IMPORTED = "submissions_imported", _("submissions imported")
    LATE_PERMITTED = "submission_late", _("submission permitted late")
    CONTACT_CONFIRMED = "submission_contact", _("contact of a submission confirmed")
    LINK_RENEWED = "submission_link_renewed", _("link of a submission renewed")
    FILE_DOWNLOADED = "submission_file", _("file of a submission downloaded")
    EXPERT_LINK_SENT = "expert_link_sent", _("personal link of an expert sent")
    EXPERT_LINK_SHOWN = "expert_link_shown", _("personal link of an expert shown")
    EXPERT_LINK_REVOKED = "expert_link_revoked", _("personal link of an expert revoked")
    SLIDES_DOWNLOADED = "expert_slides", _("proposed slides downloaded")
    PROPOSALS_ERASED = "expert_proposals_erased", _("proposals of experts erased")
    PASSPORT_SHOWN = "passport_shown", _("passport data of an expert shown for an invitation")
    VISITS_ERASED = "expert_visits_erased", _("visits of experts or passport data erased")
