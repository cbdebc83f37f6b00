from events.models.content_version import ContentVersion
from events.models.event import Event, EventRole, Photo
from events.models.expert import Affiliation, Expert
from events.models.organization import Organization
from events.models.series import EventSeries
from events.models.session import Appearance, Session
from events.models.site_profile import SiteProfile

__all__ = [
    "Affiliation",
    "Appearance",
    "ContentVersion",
    "Event",
    "EventRole",
    "EventSeries",
    "Expert",
    "Organization",
    "Photo",
    "Session",
    "SiteProfile",
]
