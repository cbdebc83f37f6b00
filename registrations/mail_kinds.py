"""The kinds of mail that this app sends."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    CONFIRMED = "confirmed", _("registration confirmed")
    INVITED = "invited", _("invitation")
    HELD = "held", _("seat held")
    HOLD_ENDED = "hold_ended", _("seat no longer held")
    WAITLISTED = "waitlisted", _("put on the waiting list")
    PENDING = "pending", _("registration received")
    DECLINED = "declined", _("registration not approved")
    CANCELLED = "cancelled", _("registration cancelled")
    MOVED_UP = "moved_up", _("moved up from the waiting list")
    OFFERED = "offered", _("freed seat offered")
    EXPIRED = "expired", _("offer has expired")
    ATTEMPT = "attempt", _("the number was used once more")
    INFORMED = "informed", _("registered by somebody else")
    LINK = "link", _("personal link")
    ADDRESS_CHANGING = "address_changing", _("address being changed, to the old one")
    ADDRESS_CONFIRM = "address_confirm", _("address being changed, to the new one")
    ADDRESS_CHANGED = "address_changed", _("address changed, to the new one")
    ADDRESS_LEFT = "address_left", _("address changed, to the old one")
    REMINDER = "reminder", _("reminder")
    EVENT_CHANGED = "event_changed", _("event changed")
    EVENT_POSTPONED = "event_postponed", _("event postponed")
    EVENT_RESCHEDULED = "event_rescheduled", _("new date of the event")
    EVENT_CANCELLED = "event_cancelled", _("event cancelled")
    EVENT_TAKEN_UP = "event_taken_up", _("event takes place after all")
    MESSAGE = "message", _("message from the organizers")


class GroupKind(TextChoices):
    """What goes to the contact person of a group."""

    REGISTERED = "group_registered", _("group registered")
    CHANGED = "group_changed", _("news of the group")
    REMINDER = "group_reminder", _("reminder to the contact person of a group")
    ANNOUNCED = "group_announced", _("change of the event, to the contact person of a group")
    MESSAGE = "group_message", _("message from the organizers, to the contact person of a group")
    TAKEN_OUT = "group_taken_out", _("somebody was taken out of the group")


class TextKind(TextChoices):
    """What goes by text message, to a number."""

    CODE = "sms_code", _("code by text message")
    QUERY = "sms_query", _("query code by text message")
    CONFIRMED = "sms_confirmed", _("registration confirmed, by text message")
    INFORMED = "sms_informed", _("registered by somebody else, by text message")
    CANCELLED = "sms_cancelled", _("registration cancelled, by text message")
    OFFERED = "sms_offered", _("freed seat offered, by text message")
    HOLD_ENDED = "sms_hold_ended", _("seat no longer held, by text message")
    NUMBER_CHANGED = "sms_number_changed", _("number changed, by text message to the old one")


class StaffKind(TextChoices):
    TEXTS_SPENT = "sms_spent", _("text messages of the day used up")
