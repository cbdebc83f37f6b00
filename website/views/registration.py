"""Registering for an event, without an account."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.debug import sensitive_post_parameters

from events.models import Event
from registrations.domain import (
    admission,
    personal_link,
    registration,
    separate_consent,
    waiting_list,
)
from registrations.forms.finding import LinkForm
from registrations.forms.registration import MOST_PEOPLE
from summit.lib.given import given
from summit.lib.web import client_network, constant_pace, mail_addresses
from throttle import rate_limit
from website import own_screen, registration_form
from website.registration_form import Entered
from website.sharing import preview_of
from website.views.guards import count_post, too_many


# No cache on the way may have it; the browser may, so that Back shows the form as it was left.
@cache_control(private=True, no_cache=True)
@sensitive_post_parameters()
def register(request: HttpRequest, slug: str) -> HttpResponse:
    # One person more or less, or the same form in the other language: nothing is sent yet.
    is_filled_in = registration_form.is_filled_in(request)
    # Before anything is looked up: strangers try things.
    if is_filled_in and (refusal := count_post(request, "form")):
        return too_many(request, refusal)
    visible = Event.objects.visible().select_related("registration_settings")
    event = visible.filter(slug=slug).first()
    if event is None:
        if not is_filled_in and (refusal := count_post(request, "form")):
            return too_many(request, refusal)
        raise Http404
    try:
        settings = admission.open_settings(event)
    except admission.RegistrationClosed as closed:
        return _closed(request, event, closed, is_counted=is_filled_in)
    asked = separate_consent.offered(settings)
    entered = registration_form.read(request, settings, asked)
    shared = entered.shared
    if request.method == "POST" and not is_filled_in and entered.is_valid():
        try:
            _register(request, event, entered)
        except admission.RegistrationClosed as closed:
            return _closed(request, event, closed)
        except ValidationError as error:
            shared.add_error(None, error.messages)
        else:
            return redirect("registered", slug=event.slug)
    # A form that came back with errors is not a success to caches and programs.
    refused = request.method == "POST" and not is_filled_in
    # The form that registers people is counted with them: colleagues mistype as well.
    if refused and (refusal := count_post(request, "form")):
        shared.add_error(None, refusal)
    seats = waiting_list.free_by_way(settings)
    context = {
        "event": event,
        "settings": settings,
        "refused": refused,
        "entered": entered,
        "shared": shared,
        "people": entered.people,
        "number": entered.number,
        "most": MOST_PEOPLE,
        "asked": asked,
        "seats": seats,
        "is_full": all(each.free == 0 for each in seats),
        "section": "events",
        "preview": preview_of(event),
        # The switch of languages sends the form along.
        "kept_form": "registration",
    }
    return TemplateResponse(
        request, "website/register.html", context, status=422 if refused else 200
    )


def _register(request: HttpRequest, event: Event, entered: Entered) -> None:
    """Register the people of valid forms; raise ``ValidationError`` where that is refused."""
    applicants, contact_person = entered.applicants(), entered.contact_person()
    network, use = client_network.network_of(request), given(entered.shared.stamp).use
    try:
        rows = registration.register(
            event,
            applicants,
            network=network,
            use_of_form=use,
            contact_person=contact_person,
        )
    except registration.SentBefore:
        raise entered.shared.sent_before() from None
    own_screen.remember(request, rows, rows[0].group)


def _closed(
    request: HttpRequest,
    event: Event,
    closed: admission.RegistrationClosed,
    *,
    is_counted: bool = False,
) -> HttpResponse:
    if not is_counted and (refusal := count_post(request, "form")):
        return too_many(request, refusal)
    context = {"event": event, "reason": closed.messages[0], "section": "events"}
    return TemplateResponse(request, "website/registration_closed.html", context, status=409)


@never_cache
@sensitive_post_parameters()
def lost_link(request: HttpRequest) -> HttpResponse:
    """Mail the links again; the answer is the same whether anybody is registered or not."""
    refusal = count_post(request, "link")
    form = LinkForm(request.POST or None)
    if refusal:
        form.add_error(None, refusal)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            if not rate_limit.is_first_use(given(form.stamp).use):
                raise form.sent_before()
            rate_limit.count("link", mail_addresses.key(email))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            with constant_pace.keep_pace():
                personal_link.send_links(email)
            return TemplateResponse(request, "website/link_sent.html")
    status = 422 if form.errors else 200
    return TemplateResponse(request, "website/lost_link.html", {"form": form}, status=status)
