from collections.abc import Iterable

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from backoffice.account_base import ForSuperusers
from backoffice.kit.actions import Action, ForSelected
from backoffice.kit.model_admin import SummitAdmin
from backoffice.kit.read_only import ReadOnly
from staff.domain import lockout
from staff.models import LockOut
from summit.lib.i18n.languages import Words
from summit.lib.web.requests import StaffRequest

UNLOCK: Action[LockOut] = Action(
    name="unlock",
    label=_("Unlock"),
    explanation=_("The person with this user name can try to log in again at once."),
    run=lambda admin, request, row, given: _unlock_one(request, row),
    done=_("%(object)s is unlocked."),
    permission="staff.view_lockout",
    selected=ForSelected(
        label=_("Unlock the selected names"),
        explanation=_("People with these user names can try to log in again at once."),
        rows=lambda admin, request, rows: rows,
        run=lambda admin, request, rows, given: _unlock(request, rows),
        done=ngettext_lazy("%(count)d name is unlocked.", "%(count)d names are unlocked.", "count"),
    ),
)


def _unlock_one(request: StaffRequest, lock_out: LockOut) -> None:
    _unlock(request, [lock_out])


def _unlock(request: StaffRequest, lock_outs: Iterable[LockOut]) -> int:
    names = sorted({lock_out.username for lock_out in lock_outs})
    for name in names:
        lockout.unlock(name, by=request.user, request=request)
    return len(names)


@admin.register(LockOut)
class LockOutAdmin(ReadOnly, ForSuperusers, SummitAdmin):
    """Who has to wait now, and where. It ends by itself, or by the action."""

    list_display = ("who", "where", "failures", "until")
    list_display_links = None
    actions = [UNLOCK]

    def get_queryset(self, request: HttpRequest) -> QuerySet[LockOut]:
        return super().get_queryset(request).current()

    @admin.display(description=_("account"), ordering="username")
    def who(self, lock_out: LockOut) -> Words:
        if lock_out.username.startswith(lockout.UNKNOWN):
            return _("a name that no account has")
        return lock_out.username

    @admin.display(description=_("place"), ordering="place")
    def where(self, lock_out: LockOut) -> str:
        if lock_out.place == LockOut.Place.NETWORK:
            return lock_out.place_key
        return lock_out.get_place_display()
