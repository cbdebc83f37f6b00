"""The expert's page with what this app adds to it, which the events app knows nothing of."""

from django.contrib import admin
from django.db.models import Q

from backoffice.expert import ExpertAdmin
from backoffice.what_came import WhatCameOfIt
from events.models import Expert
from projects.models import CooperationIntention

admin.site.unregister(Expert)


@admin.register(Expert)
class ExpertWithIntentionsAdmin(WhatCameOfIt, ExpertAdmin):
    connections = (*ExpertAdmin.connections, "recommendations__event", "intentions__event")

    def intentions_of(self, expert):
        """Signed by the expert, or about what the expert recommended."""
        about = CooperationIntention.objects.about_what_was_presented(expert=expert)
        return CooperationIntention.objects.filter(Q(expert=expert) | Q(pk__in=about.values("pk")))
