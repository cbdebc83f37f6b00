"""The session's page with what this app adds to it, which the events app knows nothing of."""

from django.contrib import admin
from django.db.models import Q

from backoffice.ceremony import CEREMONY
from backoffice.session import SessionAdmin
from backoffice.what_came import WhatCameOfIt
from events.models import Session
from projects.models import CooperationIntention

admin.site.unregister(Session)


@admin.register(Session)
class SessionWithCeremonyAdmin(WhatCameOfIt, SessionAdmin):
    verbs = [CEREMONY, *SessionAdmin.verbs]

    def intentions_of(self, session):
        """Signed in the session, or about what was presented in it."""
        about = CooperationIntention.objects.about_what_was_presented(session=session)
        return CooperationIntention.objects.filter(
            Q(session=session) | Q(pk__in=about.values("pk"))
        )
