from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models.fields.related import RelatedField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.kit.filters import ChoiceFilter
from events.models.scope import readable
from projects.models import FollowUp
from projects.models.follow_up import VOID, FollowUpQuerySet
from summit.lib.i18n.languages import Words
from summit.lib.i18n.names import staff_name

NAMED = "backoffice/named_filter.html"


class WhenFilter(ChoiceFilter):
    """Links from mails, the desk and reports use its values."""

    title = pgettext_lazy("follow-ups", "when")
    template = NAMED
    parameter_name = "when"
    options = {
        "overdue": (_("overdue"), lambda rows, user: rows.overdue()),
        "upcoming": (_("due within 30 days"), lambda rows, user: rows.upcoming()),
        "due": (_("all open"), lambda rows, user: rows.due()),
        "done": (pgettext_lazy("follow-ups", "done"), lambda rows, user: rows.done()),
        "ended": (_("no longer needed"), lambda rows, user: rows.filter(VOID)),
    }


class PersonFilter(admin.RelatedOnlyFieldListFilter):
    """Everybody by name who has some, in one query."""

    template = NAMED

    def field_choices(  # type: ignore[override]  # a key is a number
        self, field: RelatedField, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[int, Words]]:
        rows = readable(FollowUp.objects.order_by(), request.user)
        people = User.objects.filter(pk__in=rows.values("assigned_to"))
        return [(person.pk, staff_name(person)) for person in people.order_by("username")]


class WhoseFilter(ChoiceFilter):
    title = pgettext_lazy("follow-ups", "whose")
    template = NAMED
    parameter_name = "whose"
    options = {
        "mine": (_("mine"), lambda rows, user: rows.of(user)),
        "others": (_("those of others"), lambda rows, user: _of_others(rows, user)),
        "nobody": (_("assigned to nobody"), lambda rows, user: rows.filter(assigned_to=None)),
    }


def _of_others(rows: FollowUpQuerySet, user: User) -> FollowUpQuerySet:
    return rows.exclude(assigned_to=None).exclude(assigned_to=user)
