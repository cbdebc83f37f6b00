"""Who is told of new projects by e-mail. People end that themselves; staff can end it for them."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from backoffice.kit.actions import Action, ForSelected
from backoffice.kit.guard import GuardedChangeList
from backoffice.kit.model_admin import SummitAdmin
from backoffice.kit.private_search import PrivateChangeList, PrivateSearch
from backoffice.kit.read_only import ReadOnly
from backoffice.kit.zones import moment_column
from subscriptions.domain import subscription as domain
from subscriptions.models import Subscription
from summit.lib.i18n.languages import listed


def _zone(_row: Subscription) -> ZoneInfo:
    return timezone.get_current_timezone()


END: Action[Subscription] = Action(
    name="end",
    label=_("End the e-mails"),
    explanation=_(
        "The address and the choice are erased at once, for who asks you for it. The person is "
        "not told."
    ),
    run=lambda admin, request, row, given: domain.end(row),
    done=_("%(object)s has ended."),
    permission="subscriptions.delete_subscription",
    selected=ForSelected(
        label=_("End the selected ones"),
        rows=lambda admin, request, rows: rows,
        run=lambda admin, request, rows, given: domain.erase(
            Subscription.objects.filter(pk__in=rows.order_by().values("pk"))
        ),
        done=ngettext_lazy(
            "%(count)d subscription has ended.", "%(count)d subscriptions have ended.", "count"
        ),
    ),
)


# As it is called where no sentence goes on with it.
KIND = _("kind of projects")


class SubscriptionChangeList(GuardedChangeList, PrivateChangeList):
    pass


class KindFilter(admin.ChoicesFieldListFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = KIND


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnly, PrivateSearch, SummitAdmin):
    actions = [END]
    changelist_class = SubscriptionChangeList
    list_display = ["readable_email", "which", "of_sectors", "language", "confirmed"]
    list_filter = [("kind", KindFilter), "sectors", "language"]
    search_fields = ["email_key"]
    search_help_text = _("E-mail address, or a part of it.")
    fields = readonly_fields = (
        *("readable_email", "which", "of_sectors", "language", "asked", "confirmed", "told"),
    )
    asked = moment_column(Subscription, "asked_at", zone=_zone)
    confirmed = moment_column(Subscription, "confirmed_at", zone=_zone)
    told = moment_column(Subscription, "told_until", zone=_zone)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscription]:
        return super().get_queryset(request).prefetch_related("sectors")

    @admin.display(description=_("e-mail"), ordering="email_key")
    def readable_email(self, row: Subscription) -> str:
        return row.readable_email

    @admin.display(description=KIND, ordering="kind")
    def which(self, row: Subscription) -> str:
        return row.get_kind_display() or str(pgettext_lazy("kinds of project", "All"))

    @admin.display(description=_("sectors"))
    def of_sectors(self, row: Subscription) -> str:
        return listed([str(sector) for sector in row.sectors.all()])
