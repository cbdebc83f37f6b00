"""The screen that answers who registers: what was typed, what became of it, and what to do next."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from events.models import Event
from registrations.calendar import entry_of
from registrations.domain import place, query_code, separate_consent, text_message, typed_anew
from registrations.forms.query_text import QueryTextForm
from registrations.forms.registration import FindForm, TypedForm
from registrations.models import Registration, SeparateConsent
from summit.lib.database.numbers import rows_by_keys
from summit.lib.drawing.qr import qr_picture
from summit.lib.web import client_network, constant_pace
from website import own_screen
from website.own_screen import Typed
from website.views.guards import count_post, too_many

type View = Callable[..., HttpResponse]


def _event(slug: str) -> Event:
    visible = Event.objects.visible().select_related("registration_settings")
    return get_object_or_404(visible, slug=slug)


def of_this_browser(view: View) -> View:
    """Find what the browser has registered under a number of its page; 404 where it has not."""

    @never_cache
    @wraps(view)
    def find_typed(request: HttpRequest, slug: str, number: int) -> HttpResponse:
        event = _event(slug)
        found = {each.number: each for each in own_screen.typed_here(request, event)}
        if number not in found:
            raise Http404
        return view(request, event, found[number])

    return find_typed


@never_cache
def registered(request: HttpRequest, slug: str) -> HttpResponse:
    event = _event(slug)
    return _page(request, event)


def _page(request: HttpRequest, event: Event, error: ValidationError | None = None) -> HttpResponse:
    context = {
        "event": event,
        "typed": own_screen.typed_here(request, event),
        "holds_seats": hasattr(event, "registration_settings")
        and event.registration_settings.holds_seats,
        "is_ahead": not event.is_over and event.is_on,
        "error": error.messages[0] if error else "",
        "section": "events",
    }
    status = 409 if error else 200
    return TemplateResponse(request, "website/registered.html", context, status=status)


@of_this_browser
def ticket(_request: HttpRequest, _event: Event, typed: Typed) -> HttpResponse:
    """Answer with the QR code as a picture, which can be kept on the phone."""
    if typed.status != Registration.Status.CONFIRMED:
        raise Http404
    return HttpResponse(qr_picture(typed.registration.ticket), content_type="image/png")


@of_this_browser
def calendar(_request: HttpRequest, event: Event, typed: Typed) -> HttpResponse:
    if typed.status != Registration.Status.CONFIRMED or not event.is_on:
        raise Http404
    entry = entry_of(typed.registration, method="PUBLISH")
    response = HttpResponse(entry, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response.headers["Content-Disposition"] = content_disposition_header(True, "event.ics")
    return response


@sensitive_post_parameters()
@of_this_browser
def correct(request: HttpRequest, event: Event, typed: Typed) -> HttpResponse:
    """Type it anew: name, number and address too, for as long as nobody has proven them."""
    if not typed.registration.is_as_typed or typed.registration.proven_at:
        raise Http404
    how = event.registration_settings
    form = TypedForm(
        request.POST or None,
        registration=typed.registration,
        event_settings=how,
        questions=list(how.questions.all()),
    )
    if request.method == "POST" and form.is_valid():
        try:
            typed_anew.type_anew(typed.registration, answers=form.answers(), **form.changes())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("registered", slug=event.slug)
    context = {"form": form, "event": event, "section": "events"}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "website/registered_correct.html", context, status=status)


@require_POST
@of_this_browser
def cancel(request: HttpRequest, event: Event, typed: Typed) -> HttpResponse:
    if not typed.registration.is_as_typed:
        raise Http404
    try:
        place.cancel(typed.registration)
    except ValidationError as error:
        return _page(request, event, error)
    return redirect("registered", slug=event.slug)


@require_POST
@of_this_browser
def withdraw(request: HttpRequest, event: Event, typed: Typed) -> HttpResponse:
    """Withdraw a separate consent, which takes no more than the screen on which it was given."""
    if not typed.registration.is_as_typed:
        raise Http404
    named = rows_by_keys(SeparateConsent.objects.all(), request.POST.getlist("consent"))
    separate_consent.withdraw(typed.registration, named)
    return redirect("registered", slug=event.slug)


@require_POST
@of_this_browser
def send_code(request: HttpRequest, event: Event, typed: Typed) -> HttpResponse:
    """Send a code by text message to the number that was typed here."""
    if not typed.may_be_proven:
        raise Http404
    try:
        text_message.send_code(typed.registration, network=client_network.network_of(request))
    except ValidationError as error:
        return _page(request, event, error)
    return redirect("registered", slug=event.slug)


@sensitive_post_parameters()
@require_POST
@of_this_browser
def enter_code(request: HttpRequest, event: Event, typed: Typed) -> HttpResponse:
    """Prove the number by the code that was sent to it. Proving it twice is harmless."""
    if typed.may_be_proven:
        try:
            text_message.enter_code(typed.registration, request.POST.get("code", ""))
        except ValidationError as error:
            return _page(request, event, error)
    return redirect("registered", slug=event.slug)


@never_cache
@sensitive_post_parameters()
def find(request: HttpRequest) -> HttpResponse:
    """Bring a registration back to this browser, by the whole number or address and its code."""
    refusal = count_post(request, "form")
    if refusal:
        return too_many(request, refusal)
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given, network = form.cleaned_data, client_network.network_of(request)
        try:
            with constant_pace.keep_pace():
                found = query_code.find(given["contact"], given["query_code"], network=network)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            own_screen.remember(request, [found])
            return redirect("registered", slug=found.event.slug)
    return _find_page(request, form, QueryTextForm())


@never_cache
@sensitive_post_parameters()
def send_query_code(request: HttpRequest) -> HttpResponse:
    """Send the query code by text message; the answer is the same for every number."""
    if request.method != "POST":
        return redirect("find-registration")
    if refusal := count_post(request, "form"):
        return too_many(request, refusal)
    if not settings.SMS.is_on:
        raise Http404
    form = QueryTextForm(request.POST)
    if form.is_valid():
        network = client_network.network_of(request)
        try:
            with constant_pace.keep_pace():
                text_message.send_query_code(form.cleaned_data["number"], network=network)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect(reverse("find-registration") + "?sent")
    return _find_page(request, FindForm(), form)


def _find_page(request: HttpRequest, form: FindForm, text_form: QueryTextForm) -> HttpResponse:
    context = {
        "form": form,
        "text_form": text_form if settings.SMS.is_on else None,
        "is_sent": "sent" in request.GET,
    }
    status = 422 if form.errors or text_form.errors else 200
    return TemplateResponse(request, "website/find.html", context, status=status)


@never_cache
@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Forget in this browser what was registered here."""
    event = _event(slug)
    own_screen.forget(request)
    return redirect("registered", slug=event.slug)
