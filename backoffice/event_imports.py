"""What is imported into an event."""

from collections.abc import Sequence

from backoffice.programme_imports import ProgrammeResource
from backoffice.workspace.importing import EventImport
from events.models import Session


class ProgrammeImport(EventImport):
    name = "programme"
    model = Session
    resource = ProgrammeResource


IMPORTS: Sequence[type[EventImport]] = [ProgrammeImport]
