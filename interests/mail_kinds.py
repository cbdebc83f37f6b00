"""The kinds of mail that this app sends."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    RECEIVED = "interest_received", _("interest received")
    LINK = "interest_link", _("link of a message to the organizers")
    ARRIVED = "interest_arrived", _("interest received, to the contact of the event")
    ANSWER = "interest_answer", _("answer to an expression of interest")
    PASSED_ON = "interest_passed_on", _("interest passed on to the owner")
    WITHDRAWN = "interest_withdrawn", _("consent withdrawn, to who has the interest")
