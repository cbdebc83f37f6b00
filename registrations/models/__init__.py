from registrations.models.announcement import Announcement
from registrations.models.check_in import CheckIn
from registrations.models.desk_assignment import DeskAssignment
from registrations.models.export import ColumnSet, ExportRecord
from registrations.models.message import Message
from registrations.models.privacy_notice import PrivacyNotice
from registrations.models.registration import Answer, Registration
from registrations.models.registration_settings import Question, RegistrationSettings
from registrations.models.separate_consent import Consent, ConsentWording, SeparateConsent
