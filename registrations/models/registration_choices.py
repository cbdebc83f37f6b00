"""What a registration can be: its statuses and moves, categories, reasons and proofs."""

from collections.abc import Collection, Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    INVITED = "invited", pgettext_lazy("attendee", "invited")
    PENDING = "pending", _("awaiting approval")
    HELD = "held", pgettext_lazy("attendee", "seat held")
    CONFIRMED = "confirmed", _("confirmed")
    WAITLISTED = "waitlisted", _("on the waiting list")
    OFFERED = "offered", _("seat offered")
    CANCELLED = "cancelled", _("cancelled")
    DECLINED = "declined", _("not approved")
    EXPIRED = "expired", _("offer expired")
    DOUBLE = "double", _("possible duplicate")


class Category(models.TextChoices):
    COMPANY = "company", _("company")
    HEALTH = "health", _("medical and health worker")
    RESEARCHER = "researcher", _("researcher")
    PUBLIC_BODY = "public_body", _("public body")
    INVESTOR = "investor", _("investor")
    MEDIA = "media", _("media")
    GUEST = "guest", pgettext_lazy("attendee", "guest")
    SPEAKER = "speaker", pgettext_lazy("attendee", "guest speaker")
    OTHER = "other", _("other")


# What nobody says of themselves: an organizer invites them as such.
CATEGORIES_OF_STAFF = (Category.GUEST, Category.SPEAKER)


class CancelReason(models.TextChoices):
    ADDRESS_REFUSED = "address_refused", _("the mail server refused the address")
    INVITATION_DECLINED = "declined_invite", _("the invitation was declined")
    INVITATION_WITHDRAWN = "withdrawn_invite", _("the invitation was withdrawn")


class Proof(models.TextChoices):
    LINK = "link", _("link in the e-mail opened")
    SMS = "sms", _("code of a text message entered")
    STAFF = "staff", _("confirmed by staff")
    DOUBLE = "double", _("a second registration of the person was verified")
    GROUP = "group", _("contact person of the group verified")


# A place, or the prospect of one. In the order in which the constraints have them.
ACTIVE = (
    *(Status.INVITED, Status.PENDING, Status.CONFIRMED, Status.WAITLISTED),
    *(Status.OFFERED, Status.HELD),
)
SEATED = (Status.CONFIRMED, Status.HELD, Status.OFFERED)
MOVES: Mapping[str, Collection[str]] = {
    Status.INVITED: (Status.CONFIRMED, Status.CANCELLED),
    Status.PENDING: (
        Status.CONFIRMED,
        Status.WAITLISTED,
        Status.DECLINED,
        Status.CANCELLED,
    ),
    Status.HELD: (Status.CONFIRMED, Status.PENDING, Status.WAITLISTED, Status.CANCELLED),
    Status.WAITLISTED: (Status.CONFIRMED, Status.HELD, Status.OFFERED, Status.CANCELLED),
    Status.OFFERED: (Status.CONFIRMED, Status.EXPIRED, Status.CANCELLED),
    Status.CONFIRMED: (Status.CANCELLED,),
    Status.DOUBLE: (Status.CANCELLED,),
}
