from audit.models import AuditEntry
from events.models.event import Event
from events.models.event_role import EventRole
from events.models.expert import Affiliation, Expert
from events.models.organization import Organization
from events.models.organizer_scope import OrganizerScope
from events.models.photo import Photo
from events.models.series import EventSeries
from events.models.session import Appearance, Session
from events.models.site_profile import SiteProfile
from mail.heartbeat_model import Heartbeat
from mail.models import OutboundMail
from registrations.models.announcement import Announcement
from registrations.models.check_in import CheckIn
from registrations.models.desk_assignment import DeskAssignment
from registrations.models.export import ColumnSet, ExportRecord
from registrations.models.privacy_notice import PrivacyNotice
from registrations.models.registration import Answer, Registration
from registrations.models.registration_settings import Question, RegistrationSettings
from throttle.models import RateCount
from website.models import ContentVersion

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
