from registrations.models.announcement import Announcement
from registrations.models.answer import Answer
from registrations.models.check_in import CheckIn
from registrations.models.contact_change import ContactChange
from registrations.models.desk_assignment import DeskAssignment
from registrations.models.export import ColumnSet, ExportRecord
from registrations.models.group import RegistrationGroup
from registrations.models.message import Message
from registrations.models.privacy_notice import PrivacyNotice
from registrations.models.registration import Registration
from registrations.models.registration_settings import Question, RegistrationSettings
from registrations.models.separate_consent import Consent, ConsentWording, SeparateConsent
