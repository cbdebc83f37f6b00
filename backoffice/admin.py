"""Every page of the admin, one module each."""

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_tasks_db.models import DBTaskResult

from backoffice import (  # noqa: F401 - each registers itself
    audit,
    catalogue,
    document,
    event_with_projects,
    expert_with_intentions,
    export_records,
    follow_up,
    intention,
    lock_out,
    organization_with_projects,
    project,
    recommendation,
    registration,
    registration_settings,
    series,
    session_with_ceremony,
    site_profile,
)
from backoffice.account import AccountAdmin
from backoffice.group import GroupAdmin
from backoffice.report_selection import lead_figures_to_lists

# Pages that show keys of authenticators, and one whose rows say nothing to an organizer.
admin.site.unregister([StaticDevice, TOTPDevice, DBTaskResult])
admin.site.unregister([Group, User])
admin.site.register(Group, GroupAdmin)
admin.site.register(User, AccountAdmin)
lead_figures_to_lists()
