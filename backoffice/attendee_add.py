"""Adding one attendee to an event, as organizers do with guests and speakers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.kit.actions import Action, explain_refusal
from events.models import Event
from registrations.domain import attendees, waiting_list
from registrations.domain.attendees import Listed
from registrations.forms.ticket import TicketField, sign_new_ticket
from registrations.models import Registration
from summit.lib.i18n.languages import OWN_NAMES, current
from summit.lib.web.mail_addresses import EmailField
from summit.lib.web.phones import PhoneField
from summit.lib.web.requests import StaffRequest
from summit.lib.web.typed_text import LineField

Status = Registration.Status
WAYS = [
    (Status.CONFIRMED, _("confirmed: the person has a seat")),
    (Status.INVITED, _("invited: the person has a seat once they accept")),
]


class AttendeeForm(forms.Form):
    name = LineField(label=_("Name"), max_length=100)
    organization_name = LineField(
        label=pgettext_lazy("attendee", "Organization"), max_length=200, required=False
    )
    position = LineField(label=_("Position"), max_length=100, required=False)
    category = forms.ChoiceField(
        label=_("Comes as"), choices=Registration.Category.choices, initial="guest"
    )
    online = forms.BooleanField(label=_("Takes part online"), required=False)
    email = EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Without an address the person has no personal page."),
    )
    phone = PhoneField(label=_("Phone"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Language of the e-mails"), choices=OWN_NAMES.items())
    status = forms.ChoiceField(
        label=_("Status"), choices=WAYS, initial=Status.CONFIRMED, widget=forms.RadioSelect
    )
    is_told = forms.BooleanField(
        label=_("Send an e-mail with the personal link"),
        required=False,
        help_text=_(
            "The page says where the data comes from. The person can agree or decline there."
        ),
    )
    source = LineField(
        label=_("Source of the data"),
        max_length=200,
        help_text=_(
            "Where the data comes from, such as: list from the employer, 3 May. The person "
            "can read this. Until they agree, they are left out of lists for others."
        ),
    )
    staff_note = LineField(label=_("Note by staff"), max_length=500, required=False)
    ticket = TicketField()
    beyond = forms.BooleanField(label=_("All seats are taken: add another seat"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = current()
        if not self.initial.get("is_full"):
            del self.fields["beyond"]
        if not self.initial.get("is_hybrid"):
            del self.fields["online"]

    @staticmethod
    def initial_for(event: Event) -> dict[str, Any]:
        settings = getattr(event, "registration_settings", None)
        return {
            "is_full": settings is not None
            and any(each.free == 0 for each in waiting_list.free_by_way(settings)),
            "is_hybrid": event.is_hybrid,
            "ticket": sign_new_ticket(),
        }


def _add(_admin: Any, request: StaffRequest, event: Event, given: dict[str, Any]) -> None:
    person = Listed(
        **{
            name: given[name]
            for name in ("name", "email", "category", "language", "phone", "organization_name")
        },
        position=given["position"],
        online=given.get("online", False),
        ticket=given["ticket"],
        staff_note=given["staff_note"],
        is_invited=given["status"] == Status.INVITED,
        is_told=given["is_told"],
    )
    try:
        attendees.add(
            event,
            [person],
            source=given["source"],
            by=request.user,
            beyond_capacity=given.get("beyond", False),
            request=request,
        )
    except attendees.NotAdded as refusal:
        column = "is_told" if refusal.code == "no_mails" else "email"
        raise ValidationError({column: refusal.messages}) from None


ADD_ATTENDEE: Action[Event] = Action(
    name="add-attendee",
    label=_("Add an attendee"),
    explanation=_(
        "For guests, speakers and people on lists that you were sent. They are added to the "
        "attendee list and can get a badge."
    ),
    run=_add,
    done=_("The attendee has been added."),
    offered=lambda admin, event: not explain_refusal(attendees.check_event, event),
    refused=lambda event: explain_refusal(attendees.check_event, event),
    form=AttendeeForm,
    permission="registrations.change_registration",
)
