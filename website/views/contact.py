"""Another address of a registration: asked for and stopped on the personal page, confirmed here."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from registrations.domain import contact_change
from registrations.forms.contact_change import AddressForm
from registrations.models import ContactChange, Registration
from summit.lib.web.signed_links import CONTACT_CHANGE, unsign
from website.proven_here import page_key
from website.views.guards import count_post, too_many
from website.views.personal import hide_key, not_found, personal


@personal
@sensitive_post_parameters()
def change(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Ask for another address, which is told and counts once it is confirmed."""
    if not registration.email_key or not registration.can_be_ended or registration.event.is_over:
        return _back(registration)
    form = AddressForm(request.POST or None, registration=registration)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            contact_change.ask(registration, email=given["email"], others=given["others"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return _back(registration)
    context = {
        "form": form,
        "registration": registration,
        "event": registration.event,
        "code": page_key(registration),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "website/my_address.html", context, status=status)


@personal
@require_POST
def stop(_request: HttpRequest, registration: Registration) -> HttpResponse:
    contact_change.stop(registration)
    return _back(registration)


@never_cache
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """Confirm the new address by a button: what only looks into mails presses none."""
    plain = unsign(code, CONTACT_CHANGE)
    changes = _changes(plain)
    if not changes:
        return hide_key(not_found(request))
    if refusal := count_post(request, "form"):
        return hide_key(too_many(request, refusal))
    asked, error = _shown(changes), ""
    if request.method == "POST":
        try:
            registration = contact_change.confirm(asked)
        except ValidationError as refused:
            asked = _shown(_changes(plain) or changes)
            # Sending it again is no fault, and hands out no key: the e-mail has it.
            if asked.status != ContactChange.Status.CONFIRMED:
                error = refused.messages[0]
        else:
            return hide_key(_back(registration))
    context = {
        "change": asked,
        "number": len(changes),
        "event": asked.registration.event,
        "error": error,
    }
    status = 409 if error else 200
    return hide_key(
        TemplateResponse(request, "website/confirm_address.html", context, status=status)
    )


def _changes(code: str | None) -> list[ContactChange]:
    found = ContactChange.objects.filter(code=code or None, registration__erased_at=None)
    return list(found.select_related("registration__event").order_by("pk"))


def _shown(changes: list[ContactChange]) -> ContactChange:
    """Return one that was confirmed, where there is one: the others may have ended before."""
    is_confirmed = ContactChange.Status.CONFIRMED
    return next((each for each in changes if each.status == is_confirmed), changes[0])


def _back(registration: Registration) -> HttpResponse:
    return redirect("my-registration", code=page_key(registration))
