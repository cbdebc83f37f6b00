from events.models.event import Event
from events.models.event_file import EventFile
from events.models.event_role import EventRole
from events.models.expert import Affiliation, Expert
from events.models.organization import FormerName, Organization
from events.models.organizer_scope import OrganizerScope
from events.models.photo import Photo
from events.models.poster import Poster
from events.models.programme_person import ProgrammePerson
from events.models.series import EventSeries
from events.models.session import Appearance, Session
from events.models.site_profile import SiteProfile
from events.models.term import Department, District, Term
