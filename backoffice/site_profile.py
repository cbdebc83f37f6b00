from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.kit.bilingual import BilingualAdmin
from backoffice.kit.labels import pair
from events.models import SiteProfile


@admin.register(SiteProfile)
class SiteProfileAdmin(BilingualAdmin):
    """The one row; its list leads straight to it."""

    view_on_site = False
    fieldsets = [
        (None, {"fields": [pair("site_name"), pair("tagline"), pair("about")]}),
        (
            _("Contact"),
            {
                "fields": [
                    *(pair("operator"), pair("address"), ("email", "phone")),
                    ("icp_number", "police_number"),
                ]
            },
        ),
        (_("Privacy"), {"fields": [pair("privacy_notice")]}),
        (_("Follow-ups"), {"fields": ["follow_up_months"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)
        profile = SiteProfile.load()
        return HttpResponseRedirect(
            reverse(f"{self.admin_site.name}:events_siteprofile_change", args=[profile.pk])
        )
