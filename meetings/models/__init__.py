from meetings.models.computation import Computation, ComputationQuerySet
from meetings.models.interpreter import Interpreter, Presence
from meetings.models.meeting import (
    Meeting,
    MeetingFeedback,
    MeetingOutcome,
    MeetingPerson,
    MeetingQuerySet,
)
from meetings.models.participant import (
    Absence,
    Delegation,
    Participant,
    ParticipantQuerySet,
    ProfileView,
    RatherNot,
)
from meetings.models.queue import QueueEntry
from meetings.models.request import MeetingRequest, MeetingRequestQuerySet, Priority
from meetings.models.schedule import Placement, ScheduleVersion
from meetings.models.settings import MeetingSettings, MeetingSlot
from meetings.models.table import MeetingTable
from meetings.models.totals import MeetingTotals

__all__ = [
    *("Absence", "Computation", "ComputationQuerySet"),
    *("Delegation", "Interpreter", "Meeting", "MeetingFeedback", "MeetingOutcome"),
    *("MeetingPerson", "MeetingQuerySet", "MeetingRequest", "MeetingRequestQuerySet"),
    *("MeetingSettings", "MeetingSlot", "MeetingTable", "MeetingTotals", "Participant"),
    *("ParticipantQuerySet", "Placement", "Presence", "Priority", "ProfileView", "QueueEntry"),
    *("RatherNot", "ScheduleVersion"),
]
