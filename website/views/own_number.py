"""Another mobile number on the own screen of who registered: asked for, and confirmed there.

The key of the screen proves nothing: anybody may have typed the number first, before its owner or
staff proved it. So who asks for another one enters a code to the number of now first, unless that
was proven in this very browser.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from events.models import Event
from registrations.domain import contact_change, number_change, text_message
from registrations.forms.contact_change import NumberForm
from summit.lib.web import client_network
from summit.lib.web.phones import mobile_key
from website import own_screen, proven_here
from website.own_screen import Typed
from website.views.own_screen import of_this_browser


@sensitive_post_parameters()
@of_this_browser
def change(request: HttpRequest, event: Event, typed: Typed) -> HttpResponse:
    """Ask for another number, which counts once the code that it gets is entered here."""
    if not typed.may_change_number:
        return redirect("registered", slug=event.slug)
    form = NumberForm(request.POST or None)
    if request.method != "POST":
        return _page(request, typed, form)
    if not settings.SMS.is_on:
        raise Http404
    if not typed.has_proven_number:
        return redirect("registered-number", slug=event.slug, number=typed.number)
    if form.is_valid():
        network = client_network.network_of(request)
        try:
            number_change.ask(typed.registration, phone=form.cleaned_data["phone"], network=network)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("registered-number", slug=event.slug, number=typed.number)
    return _page(request, typed, form, status=422)


@sensitive_post_parameters()
@require_POST
@of_this_browser
def confirm(request: HttpRequest, event: Event, typed: Typed) -> HttpResponse:
    """Change the number by its code; this browser alone keeps the screen, with a new query code."""
    screen = reverse("registered", args=[event.slug])
    if not typed.may_change_number:
        return redirect(screen)
    try:
        is_new = number_change.confirm(typed.registration, request.POST.get("code", ""))
    except ValidationError as error:
        return _page(request, typed, NumberForm(), error=error.messages[0], status=409)
    if is_new:
        own_screen.remember_moved(request, typed)
        proven_here.remember(request, typed.registration)
    return redirect(f"{screen}?number-changed")


@require_POST
@of_this_browser
def send_code(request: HttpRequest, event: Event, typed: Typed) -> HttpResponse:
    """Send a code to the number of now, whose owner alone may change it."""
    if not settings.SMS.is_on:
        raise Http404
    page = redirect("registered-number", slug=event.slug, number=typed.number)
    if not typed.may_change_number or typed.has_proven_number:
        return page
    try:
        network = client_network.network_of(request)
        text_message.send_code_to_owner(typed.registration, network=network)
    except ValidationError as error:
        return _page(request, typed, NumberForm(), error=error.messages[0], status=409)
    return page


@sensitive_post_parameters()
@require_POST
@of_this_browser
def enter_code(request: HttpRequest, event: Event, typed: Typed) -> HttpResponse:
    """Let the owner of the number of now, who has its code, ask for another one here."""
    if typed.may_change_number and not typed.has_proven_number:
        try:
            text_message.check_code(typed.registration, request.POST.get("code", ""))
        except ValidationError as error:
            return _page(request, typed, NumberForm(), error=error.messages[0], status=409)
        proven_here.remember(request, typed.registration)
    return redirect("registered-number", slug=event.slug, number=typed.number)


@require_POST
@of_this_browser
def stop(_request: HttpRequest, event: Event, typed: Typed) -> HttpResponse:
    """Stop the change that waits for its code, by the owner; stopping twice is harmless."""
    if typed.has_proven_number and typed.pending_change:
        contact_change.stop(typed.registration)
    return redirect("registered", slug=event.slug)


def _page(
    request: HttpRequest, typed: Typed, form: NumberForm, *, error: str = "", status: int = 200
) -> HttpResponse:
    asked = typed.pending_change if typed.has_proven_number else None
    number = mobile_key(asked.new_phone) if asked else ""
    own = "" if typed.has_proven_number else typed.registration.phone_key
    context = {
        "form": form,
        "event": typed.registration.event,
        "each": typed,
        "asked": asked,
        "sent": text_message.latest_code(typed.registration, number) if number else None,
        "sent_to_owner": text_message.latest_code(typed.registration) if own else None,
        "sends_texts": settings.SMS.is_on,
        "error": error,
        "section": "events",
    }
    return TemplateResponse(request, "website/registered_number.html", context, status=status)
