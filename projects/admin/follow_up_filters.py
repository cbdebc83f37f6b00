from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.models import CooperationIntention


class WhenFilter(admin.SimpleListFilter):
    """Links from mails, the desk and reports use its values."""

    title = _("when")
    parameter_name = "when"

    def lookups(self, request, model_admin):
        return [
            ("overdue", _("overdue")),
            ("upcoming", _("due within 30 days")),
            ("due", _("all that is to be done")),
            ("done", pgettext_lazy("follow-ups", "done")),
            ("ended", _("no longer needed")),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "overdue":
                return queryset.overdue()
            case "upcoming":
                return queryset.upcoming()
            case "due":
                return queryset.due()
            case "done":
                return queryset.done()
            case "ended":
                return queryset.filter(done_on=None).exclude(
                    intention__status__in=CooperationIntention.ALIVE
                )
        return queryset


class WhoseFilter(admin.SimpleListFilter):
    title = _("whose")
    parameter_name = "whose"

    def lookups(self, request, model_admin):
        return [
            ("mine", _("mine")),
            ("others", _("those of others")),
            ("nobody", _("assigned to nobody")),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "mine":
                return queryset.of(request.user)
            case "others":
                return queryset.exclude(assigned_to=None).exclude(assigned_to=request.user)
            case "nobody":
                return queryset.filter(assigned_to=None)
        return queryset
