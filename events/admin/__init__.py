from backoffice.audit import AuditEntryAdmin
from backoffice.event import EventAdmin
from backoffice.expert import ExpertAdmin
from backoffice.export_records import ColumnSetAdmin, ExportRecordAdmin
from backoffice.organization import OrganizationAdmin
from backoffice.registration import OutboundMailAdmin, RegistrationAdmin
from backoffice.registration_settings import RegistrationSettingsAdmin
from backoffice.series import EventSeriesAdmin
from backoffice.session import SessionAdmin
from backoffice.site_profile import SiteProfileAdmin

__all__ = [
    "AuditEntryAdmin",
    "ColumnSetAdmin",
    "EventAdmin",
    "EventSeriesAdmin",
    "ExpertAdmin",
    "ExportRecordAdmin",
    "OrganizationAdmin",
    "OutboundMailAdmin",
    "RegistrationAdmin",
    "RegistrationSettingsAdmin",
    "SessionAdmin",
    "SiteProfileAdmin",
]
