from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from backoffice.account_base import ForSuperusers
from backoffice.kit.model_admin import SummitAdmin
from backoffice.kit.read_only import ReadOnly
from staff.domain import lockout
from staff.models import LockOut


@admin.action(description=_("Unlock"))
def unlock(model_admin, request, lock_outs):
    names = sorted(set(lock_outs.values_list("username", flat=True)))
    for name in names:
        lockout.unlock(name, by=request.user, request=request)
    done = ngettext("%(n)s name is unlocked.", "%(n)s names are unlocked.", len(names))
    messages.success(request, done % {"n": len(names)})


@admin.register(LockOut)
class LockOutAdmin(ReadOnly, ForSuperusers, SummitAdmin):
    """Who has to wait now, and where. It ends by itself, or by the action."""

    list_display = ("who", "where", "failures", "until")
    list_display_links = None
    actions = [unlock]

    def get_queryset(self, request):
        return super().get_queryset(request).current()

    @admin.display(description=_("account"), ordering="username")
    def who(self, lock_out):
        if lock_out.username.startswith(lockout.UNKNOWN):
            return _("a name that no account has")
        return lock_out.username

    @admin.display(description=_("place"), ordering="place")
    def where(self, lock_out):
        if lock_out.place == LockOut.Place.NETWORK:
            return lock_out.place_key
        return lock_out.get_place_display()
