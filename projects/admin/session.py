"""The session's page with what this app adds to it, which the events app knows nothing of."""

from django.contrib import admin

from events.admin import SessionAdmin
from events.models import Session
from projects.admin.ceremony import CEREMONY

admin.site.unregister(Session)


@admin.register(Session)
class SessionWithCeremonyAdmin(SessionAdmin):
    verbs = [CEREMONY, *SessionAdmin.verbs]
