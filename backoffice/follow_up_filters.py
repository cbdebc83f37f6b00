from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models.fields.related import RelatedField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.scope import readable
from projects.models import FollowUp
from projects.models.follow_up import VOID, FollowUpQuerySet
from summit.lib.i18n.languages import Words
from summit.lib.i18n.names import staff_name
from summit.lib.web.requests import StaffRequest

NAMED = "backoffice/named_filter.html"


class WhenFilter(admin.SimpleListFilter):
    """Links from mails, the desk and reports use its values."""

    title = pgettext_lazy("follow-ups", "when")
    template = NAMED
    parameter_name = "when"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, Words]]:
        return [
            ("overdue", _("overdue")),
            ("upcoming", _("due within 30 days")),
            ("due", _("all open")),
            ("done", pgettext_lazy("follow-ups", "done")),
            ("ended", _("no longer needed")),
        ]

    def queryset(  # type: ignore[override]  # the list is one of follow-ups
        self, request: StaffRequest, queryset: FollowUpQuerySet
    ) -> FollowUpQuerySet:
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
                return queryset.filter(VOID)
        return queryset


class PersonFilter(admin.RelatedOnlyFieldListFilter):
    """Everybody by name who has some, in one query."""

    template = NAMED

    def field_choices(  # type: ignore[override]  # a key is a number
        self, field: RelatedField, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[int, Words]]:
        rows = readable(FollowUp.objects.order_by(), request.user)
        people = get_user_model().objects.filter(pk__in=rows.values("assigned_to"))
        return [(person.pk, staff_name(person)) for person in people.order_by("username")]


class WhoseFilter(admin.SimpleListFilter):
    title = pgettext_lazy("follow-ups", "whose")
    template = NAMED
    parameter_name = "whose"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, Words]]:
        return [
            ("mine", _("mine")),
            ("others", _("those of others")),
            ("nobody", _("assigned to nobody")),
        ]

    def queryset(  # type: ignore[override]  # the list is one of follow-ups
        self, request: StaffRequest, queryset: FollowUpQuerySet
    ) -> FollowUpQuerySet:
        match self.value():
            case "mine":
                return queryset.of(request.user)
            case "others":
                return queryset.exclude(assigned_to=None).exclude(assigned_to=request.user)
            case "nobody":
                return queryset.filter(assigned_to=None)
        return queryset
