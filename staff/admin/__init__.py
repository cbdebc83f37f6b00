from django.contrib import admin
from django.contrib.auth.models import Group, User
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_tasks_db.models import DBTaskResult

from backoffice.account import AccountAdmin
from backoffice.group import GroupAdmin
from backoffice.lock_out import LockOutAdmin

# Pages that show keys of authenticators, and one whose rows say nothing to an organizer.
admin.site.unregister([StaticDevice, TOTPDevice, DBTaskResult])
admin.site.unregister([Group, User])
admin.site.register(Group, GroupAdmin)
admin.site.register(User, AccountAdmin)

__all__ = ["AccountAdmin", "GroupAdmin", "LockOutAdmin"]
