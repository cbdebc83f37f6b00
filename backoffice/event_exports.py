"""What of an event is exported to be edited and imported again."""

from collections.abc import Sequence

from backoffice.programme_imports import ProgrammeResource
from backoffice.workspace.exporting import EventExport
from events.models import Session


class ProgrammeExport(EventExport):
    name = "programme"
    model = Session
    resource = ProgrammeResource


EXPORTS: Sequence[type[EventExport]] = [ProgrammeExport]
