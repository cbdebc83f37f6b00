"""What organizers do with several registrations at once."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.domain import privacy
from events.domain import registration as domain
from events.models import Registration


@admin.action(description=_("Approve the selected registrations"), permissions=["change"])
def approve_selected(model_admin, request, queryset):
    done = 0
    pending = queryset.filter(status=Registration.Status.PENDING)
    for registration in pending.order_by("registered_at", "pk"):
        try:
            domain.approve(registration)
        except ValidationError as error:
            model_admin.message_user(request, error.messages[0], messages.WARNING)
        else:
            model_admin.log_change(request, registration, str(_("Approve")))
            done += 1
    model_admin.message_user(
        request,
        ngettext(
            "%(count)d registration is approved.", "%(count)d registrations are approved.", done
        )
        % {"count": done},
    )


@admin.action(description=_("Erase the selected people"), permissions=["change"])
def erase_selected(model_admin, request, queryset):
    """Ask first, as deleting does: it cannot be taken back."""
    rows = queryset.filter(erased_at=None).select_related("event")
    if request.POST.get("post"):
        done = 0
        for registration in rows:
            with transaction.atomic():
                erase(registration, request=request)
                model_admin.log_change(request, registration, str(_("Erase the person")))
            done += 1
        model_admin.message_user(
            request,
            ngettext(
                "%(count)d registration no longer names anybody.",
                "%(count)d registrations no longer name anybody.",
                done,
            )
            % {"count": done},
        )
        return None
    return TemplateResponse(
        request,
        "admin/erase_selected.html",
        {
            **model_admin.admin_site.each_context(request),
            "title": _("Erase the selected people"),
            "opts": model_admin.opts,
            "rows": rows,
            "checkbox": ACTION_CHECKBOX_NAME,
        },
    )


def erase(registration: Registration, *, request: HttpRequest) -> None:
    """Erase a person from one event; a place still to come passes on first."""
    if registration.is_active and registration.event.starts_at > timezone.now():
        domain.cancel(registration, by=request.user)
    privacy.erase([registration], by=request.user, request=request)
