from events.admin.audit import AuditEntryAdmin
from events.admin.event import EventAdmin
from events.admin.expert import ExpertAdmin
from events.admin.export_records import ColumnSetAdmin, ExportRecordAdmin
from events.admin.organization import OrganizationAdmin
from events.admin.registration import OutboundMailAdmin, RegistrationAdmin
from events.admin.registration_settings import RegistrationSettingsAdmin
from events.admin.series import EventSeriesAdmin
from events.admin.session import SessionAdmin
from events.admin.site_profile import SiteProfileAdmin

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
