"""What is imported into an event."""

from collections.abc import Sequence

from django.http import HttpRequest

from backoffice.attendee_imports import AttendeeResource
from backoffice.intention_imports import IntentionResource
from backoffice.kit.actions import explain_refusal
from backoffice.programme_imports import ProgrammeResource
from backoffice.workspace.importing import EventImport
from events.models import Event, Session
from projects.models import CooperationIntention
from registrations.domain import attendees
from registrations.models import Registration


class ProgrammeImport(EventImport):
    name = "programme"
    model = Session
    resource = ProgrammeResource


class AttendeeImport(EventImport):
    name = "attendees"
    model = Registration
    resource = AttendeeResource

    def may_import(self, request: HttpRequest) -> bool:
        # Nobody adds a registration in the admin but by this and by "Add an attendee".
        return self.site.get_model_admin(Registration).has_change_permission(request)

    def explain_refusal(self, event: Event) -> str:
        return explain_refusal(attendees.check_event, event)


class IntentionImport(EventImport):
    name = "intentions"
    model = CooperationIntention
    resource = IntentionResource


IMPORTS: Sequence[type[EventImport]] = [ProgrammeImport, AttendeeImport, IntentionImport]
