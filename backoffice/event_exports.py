"""What of an event is exported to be edited and imported again."""

from collections.abc import Sequence

from django.db.models import QuerySet

from backoffice.intention_imports import IntentionResource
from backoffice.programme_imports import ProgrammeResource
from backoffice.workspace.exporting import EventExport
from events.models import Event, Session
from projects.models import CooperationIntention


class ProgrammeExport(EventExport):
    name = "programme"
    model = Session
    resource = ProgrammeResource


class IntentionExport(EventExport):
    """Drafts alone: what is signed, an import leaves as it is."""

    name = "intentions"
    model = CooperationIntention
    resource = IntentionResource

    def rows(self, event: Event) -> QuerySet[CooperationIntention]:
        drafts = CooperationIntention.objects.filter(status=CooperationIntention.Status.DRAFT)
        return drafts.filter(event=event).order_by("pk")


EXPORTS: Sequence[type[EventExport]] = [ProgrammeExport, IntentionExport]
