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
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from events.models import Event
from registrations.calendar import entry_of
from registrations.domain import (
    contact_person,
    group_contact,
    place,
    privacy,
    query_code,
    separate_consent,
    text_message,
    typed_anew,
    way_to_attend,
)
from registrations.forms.correction import GroupContactForm, TypedForm
from registrations.forms.finding import FindForm
from registrations.forms.query_text import QueryTextForm
from registrations.models import Registration, SeparateConsent
from summit.lib.database.numbers import rows_by_keys
from summit.lib.drawing.qr import qr_picture
from summit.lib.i18n.languages import Words
from summit.lib.web import client_network, constant_pace
from website import own_screen, proven_here
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


def of_owner(view: View) -> View:
    """Refuse what changes the place where its contact was proven elsewhere, and say what to do."""

    @wraps(view)
    def check_owner(request: HttpRequest, event: Event, typed: Typed) -> HttpResponse:
        if not typed.registration.is_as_typed:
            raise Http404
        if typed.may_act:
            return view(request, event, typed)
        return _page(request, event, _not_owner(typed))

    return check_owner


def _not_owner(typed: Typed) -> ValidationError:
    return ValidationError(_explain_owner(typed), code="not_owner")


def _explain_owner(typed: Typed) -> Words:
    if typed.contact.email_key:
        return _("This contact has been verified. Open the link in the e-mail to change or cancel.")
    if typed.owner_gets_code:
        return _("This number has been verified. Enter a code from a text message first.")
    return _("This number has been verified. Write to the organizer or call to change or cancel.")


@never_cache
def registered(request: HttpRequest, slug: str) -> HttpResponse:
    event = _event(slug)
    return _page(request, event)


def _page(request: HttpRequest, event: Event, error: ValidationError | None = None) -> HttpResponse:
    typed = own_screen.typed_here(request, event)
    is_ahead = not event.is_over and event.is_on
    context = {
        "event": event,
        "typed": typed,
        "alone": [each for each in typed if each.group is None],
        "groups": own_screen.groups_of(typed),
        "others": proven_here.others(request, event, [each.registration for each in typed]),
        "holds_seats": hasattr(event, "registration_settings")
        and event.registration_settings.holds_seats,
        "is_ahead": is_ahead,
        "has_calendar_link": is_ahead and any(each.may_have_entry for each in typed),
        "error": error.messages[0] if error else "",
        "number_changed": bool(typed) and "number-changed" in request.GET,
        "section": "events",
    }
    status = 409 if error else 200
    return TemplateResponse(request, "website/registered.html", context, status=status)


@of_this_browser
def ticket(_request: HttpRequest, _event: Event, typed: Typed) -> HttpResponse:
    """Answer with the QR code as a picture, which can be kept on the phone, where there is a door.

    As the page shows it: not for who takes part online, nor once the event is over.
    """
    if not typed.registration.has_ticket:
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


@sensitive_post_parameters()
@of_this_browser
def correct_contact(request: HttpRequest, event: Event, typed: Typed) -> HttpResponse:
    """Type the contact of a group anew, for as long as nobody has proven it."""
    group = typed.group
    if group is None or group.proven_at:
        raise Http404
    form = GroupContactForm(
        request.POST or None, group=group, event_settings=event.registration_settings
    )
    if request.method == "POST" and form.is_valid():
        try:
            group_contact.type_anew(group, **form.typed_contact())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("registered", slug=event.slug)
    context = {"form": form, "event": event, "section": "events", "of_group": True}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "website/registered_correct.html", context, status=status)


@require_POST
@of_this_browser
@of_owner
def cancel(request: HttpRequest, event: Event, typed: Typed) -> HttpResponse:
    try:
        place.cancel(typed.registration)
    except ValidationError as error:
        return _page(request, event, error)
    return redirect("registered", slug=event.slug)


@require_POST
@of_this_browser
def accept(request: HttpRequest, event: Event, typed: Typed) -> HttpResponse:
    """Take the seat that is offered to somebody without an address, or all those of the group."""
    people = [typed]
    if typed.group:
        people = [each for each in own_screen.typed_here(request, event) if each.group]
        people = [each for each in people if each.group == typed.group]
    offered = [each for each in people if each.registration.status == Registration.Status.OFFERED]
    found = [each.registration for each in offered if each.may_accept]
    if offered and not found:
        # Too late, or the number was not proven: the page says which.
        return _page(request, event)
    try:
        for row in found:
            place.accept(row)
    except ValidationError as error:
        return _page(request, event, error)
    return redirect("registered", slug=event.slug)


@require_POST
@of_this_browser
@of_owner
def change_way(request: HttpRequest, event: Event, typed: Typed) -> HttpResponse:
    """Take part online in place of in person, or the other way round, where there is a seat."""
    try:
        way_to_attend.change(typed.registration, online=request.POST.get("way") == "online")
    except ValidationError as error:
        return _page(request, event, error)
    return redirect("registered", slug=event.slug)


@require_POST
@of_this_browser
def remove(request: HttpRequest, event: Event, typed: Typed) -> HttpResponse:
    """Erase somebody who was registered by a contact person, and says so of the own contact."""
    if not typed.may_be_removed:
        raise Http404
    try:
        privacy.take_out(typed.registration)
    except ValidationError as error:
        return _page(request, event, error)
    return redirect("registered", slug=event.slug)


@require_POST
@of_this_browser
def wait_singly(request: HttpRequest, event: Event, typed: Typed) -> HttpResponse:
    """Give up "all or none" for the group that was registered here."""
    if typed.group is None:
        raise Http404
    if typed.group.proven_at and not typed.has_proven_number:
        return _page(request, event, _not_owner(typed))
    try:
        contact_person.wait_singly(typed.group)
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
    """Send a code by text message to the number that was typed here, proven before or not."""
    if not (typed.may_be_proven or typed.owner_gets_code):
        raise Http404
    network = client_network.network_of(request)
    try:
        if typed.owner_gets_code:
            text_message.send_code_to_owner(typed.registration, network=network)
        else:
            text_message.send_code(typed.registration, network=network)
    except ValidationError as error:
        return _page(request, event, error)
    return redirect("registered", slug=event.slug)


@sensitive_post_parameters()
@require_POST
@of_this_browser
def enter_code(request: HttpRequest, event: Event, typed: Typed) -> HttpResponse:
    """Prove the number by the code that was sent to it. Proving it twice is harmless."""
    if typed.may_be_proven or typed.owner_gets_code:
        try:
            text_message.enter_code(typed.registration, request.POST.get("code", ""))
        except ValidationError as error:
            return _page(request, event, error)
        proven_here.remember(request, typed.registration)
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
            own_screen.remember_found(request, found)
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
