from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from backoffice.kit.bilingual import BilingualAdmin, both, languages
from backoffice.kit.labels import pair
from backoffice.kit.searched_filters import by_event
from events.models import ProgrammePerson


@admin.register(ProgrammePerson)
class ProgrammePersonAdmin(BilingualAdmin):
    ends_on = "programme"
    autocomplete_fields = ["event", "session", "organization"]
    list_display = [
        both("name", _("name")),
        "role",
        "shown_place",
        "shown_session",
        "shown_event",
        languages,
    ]
    list_select_related = ["event", "session__event", "organization"]
    list_filter = ["role", by_event("event")]
    date_hierarchy = "event__starts_at"
    ordering = ["-event__starts_at", "order", "pk"]
    search_fields = ["search_text", "organization__search_text", "event__search_text"]
    fieldsets = [
        (None, {"fields": [("event", "session"), ("role", "order"), pair("name")]}),
        (
            _("Where from"),
            {"fields": ["organization", pair("organization_name"), pair("position")]},
        ),
    ]

    def view_on_site(self, obj: ProgrammePerson) -> str:
        return (obj.session or obj.event).get_absolute_url()

    @admin.display(description=_("organization"))
    def shown_place(self, person: ProgrammePerson) -> SafeString:
        named = person.organization.name if person.organization else person.organization_name
        return named.in_span

    @admin.display(description=_("session"), ordering="session__starts_at")
    def shown_session(self, person: ProgrammePerson) -> SafeString | str:
        return person.session.title.in_span if person.session else "—"

    @admin.display(description=_("event"), ordering="event__starts_at")
    def shown_event(self, person: ProgrammePerson) -> SafeString:
        return person.event.title.in_span
