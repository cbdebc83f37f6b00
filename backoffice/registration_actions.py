"""What organizers do with several registrations at once."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from backoffice.kit import selected_rows
from events.models import Event
from registrations.domain import place, privacy
from registrations.models import Registration


@admin.action(description=_("Approve the selected registrations"), permissions=["change"])
def approve_selected(model_admin, request, queryset):
    done = 0
    pending = queryset.filter(status=Registration.Status.PENDING)
    for registration in pending.order_by("registered_at", "pk"):
        try:
            place.approve(registration)
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


class CancelForm(forms.Form):
    """Whether the people are told; those who came after the page was shown are left out."""

    tell = forms.BooleanField(
        label=_("Tell them by mail"),
        required=False,
        initial=True,
        help_text=_("Leave it out where the addresses are not those of the people."),
    )
    newest = forms.IntegerField(widget=forms.HiddenInput)


@admin.action(description=_("Cancel the selected registrations"), permissions=["change"])
def cancel_selected(model_admin, request, queryset):
    """Ask first: how many of which event, and whether they are told."""
    rows = queryset.active().filter(erased_at=None)
    form = CancelForm(
        request.POST if request.POST.get("post") else None,
        initial={"newest": rows.aggregate(newest=Max("pk"))["newest"] or 0},
    )
    if form.is_bound and form.is_valid():
        done = _cancel(request, rows.filter(pk__lte=form.cleaned_data["newest"]), form)
        model_admin.message_user(
            request,
            ngettext(
                "%(count)d registration is cancelled.",
                "%(count)d registrations are cancelled.",
                done,
            )
            % {"count": done},
        )
        return None
    count = rows.count()
    title = _("Cancel the selected registrations")
    return selected_rows.ask(
        model_admin,
        request,
        "backoffice/cancel_selected.html",
        action=cancel_selected.__name__,
        title=title,
        button=title if count else "",
        is_grave=True,
        form=form,
        facts=_by_event(rows),
        count=count,
    )


@transaction.atomic
def _cancel(request, rows, form):
    """Cancel all of them or nobody, with an entry for each in the admin's log."""
    done = place.cancel_all(
        rows.select_related("event"),
        by=request.user,
        request=request,
        tell=form.cleaned_data["tell"],
    )
    if done:
        LogEntry.objects.log_actions(
            request.user.pk, done, CHANGE, change_message=str(_("Cancel the registration"))
        )
    return len(done)


def _by_event(rows):
    """Return pairs of an event and how many of its people are in which state."""
    numbers = rows.order_by().values_list("event", "status").annotate(number=Count("pk"))
    events = Event.objects.in_bulk({event for event, _status, _number in numbers})
    words = dict(Registration.Status.choices)
    return [
        (events[event], [(words[state], number) for of, state, number in numbers if of == event])
        for event in events
    ]


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
                "The personal data of %(count)d registration has been erased.",
                "The personal data of %(count)d registrations has been erased.",
                done,
            )
            % {"count": done},
        )
        return None
    title = _("Erase the selected people")
    return selected_rows.ask(
        model_admin,
        request,
        "backoffice/erase_selected.html",
        action=erase_selected.__name__,
        title=title,
        button=title if rows else "",
        is_grave=True,
        rows=rows,
    )


def erase(registration: Registration, *, request: HttpRequest) -> None:
    """Erase a person from one event; a place still to come passes on first."""
    if registration.is_active and registration.event.starts_at > timezone.now():
        place.cancel(registration, by=request.user)
    privacy.erase([registration], by=request.user, request=request)
