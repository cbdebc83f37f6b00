from events.models.announcement import Announcement
from events.models.audit import AuditEntry
from events.models.check_in import CheckIn
from events.models.content_version import ContentVersion
from events.models.desk_assignment import DeskAssignment
from events.models.event import Event
from events.models.event_role import EventRole
from events.models.expert import Affiliation, Expert
from events.models.export import ColumnSet, ExportRecord
from events.models.heartbeat import Heartbeat
from events.models.mail import OutboundMail
from events.models.organization import Organization
from events.models.organizer_scope import OrganizerScope
from events.models.photo import Photo
from events.models.privacy_notice import PrivacyNotice
from events.models.rate_limit import RateCount
from events.models.registration import Answer, Registration
from events.models.registration_settings import Question, RegistrationSettings
from events.models.series import EventSeries
from events.models.session import Appearance, Session
from events.models.site_profile import SiteProfile

__all__ = [
    "Affiliation",
    "Announcement",
    "Answer",
    "Appearance",
    "AuditEntry",
    "CheckIn",
    "ColumnSet",
    "ContentVersion",
    "DeskAssignment",
    "Event",
    "EventRole",
    "EventSeries",
    "Expert",
    "ExportRecord",
    "Heartbeat",
    "Organization",
    "OrganizerScope",
    "OutboundMail",
    "Photo",
    "PrivacyNotice",
    "Question",
    "RateCount",
    "Registration",
    "RegistrationSettings",
    "Session",
    "SiteProfile",
]
