"""Registering for an event, without an account."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
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
from registrations.forms.registration import (
    MOST_PEOPLE,
    LinkForm,
    PeopleFormSet,
    SharedForm,
    people_formset,
)
from registrations.models import RegistrationSettings, SeparateConsent
from summit.lib.given import given
from summit.lib.web import client_network, constant_pace, mail_addresses
from throttle import rate_limit
from website import own_screen
from website.sharing import preview_of
from website.views.guards import count_post, too_many


# No cache on the way may have it; the browser may, so that Back shows the form as it was left.
@cache_control(private=True, no_cache=True)
@sensitive_post_parameters()
def register(request: HttpRequest, slug: str) -> HttpResponse:
    more = "more" in request.POST
    # One person more, or the same form in the other language: nothing is sent yet.
    is_filled_in = more or "again" in request.POST
    # Whatever it holds, and before anything is looked up: strangers try things.
    refusal = count_post(request, "form" if is_filled_in else "register")
    visible = Event.objects.visible().select_related("registration_settings")
    event = get_object_or_404(visible, slug=slug)
    try:
        settings = admission.open_settings(event)
    except admission.RegistrationClosed as closed:
        return _closed(request, event, closed)
    if is_filled_in and refusal:
        return too_many(request, refusal)
    number = _number_of_people(request, more)
    asked = separate_consent.offered(settings)
    shared, people = _forms(request, settings, number, is_filled_in, asked if number == 1 else [])
    if refusal:
        shared.add_error(None, refusal)
    if request.method == "POST" and not is_filled_in and shared.is_valid() & people.is_valid():
        try:
            _register(request, event, shared, people)
        except admission.RegistrationClosed as closed:
            return _closed(request, event, closed)
        except ValidationError as error:
            shared.add_error(None, error.messages)
        else:
            return redirect("registered", slug=event.slug)
    # A form that came back with errors is not a success to caches and programs.
    refused = request.method == "POST" and not is_filled_in
    context = {
        "event": event,
        "settings": settings,
        "refused": refused,
        "shared": shared,
        "people": people,
        "number": number,
        "asked": asked,
        "may_add": number < MOST_PEOPLE,
        "free": waiting_list.free_seats(settings),
        "section": "events",
        "poster": preview_of(event),
        # The switch of languages sends the form along.
        "kept_form": "registration",
    }
    return TemplateResponse(
        request, "website/register.html", context, status=422 if refused else 200
    )


def _register(
    request: HttpRequest, event: Event, shared: SharedForm, people: PeopleFormSet
) -> None:
    """Register the people of valid forms; raise ``ValidationError`` where that is refused.

    The form was counted as one person, who are more now.
    """
    applicants = people.applicants(shared.cleaned_data)
    refusal = count_post(request, "register", times=len(applicants) - 1)
    if refusal:
        raise refusal
    network, use = client_network.network_of(request), given(shared.stamp).use
    try:
        rows = registration.register(event, applicants, network=network, use_of_form=use)
    except registration.SentBefore:
        raise shared.sent_before() from None
    own_screen.remember(request, rows)


def _closed(
    request: HttpRequest, event: Event, refusal: admission.RegistrationClosed
) -> HttpResponse:
    context = {"event": event, "reason": refusal.messages[0], "section": "events"}
    return TemplateResponse(request, "website/registration_closed.html", context, status=409)


def _number_of_people(request: HttpRequest, more: bool) -> int:
    return max(1, min(_number_typed(request) + more, MOST_PEOPLE))


def _number_typed(request: HttpRequest) -> int:
    """Return how many people the page asked for or the form says it holds; 1 for nonsense."""
    source = request.POST if request.method == "POST" else request.GET
    name = "people-TOTAL_FORMS" if request.method == "POST" else "people"
    try:
        return int(source.get(name, 1))
    except ValueError:
        return 1


def _forms(
    request: HttpRequest,
    settings: RegistrationSettings,
    number: int,
    is_filled_in: bool,
    asked: list[SeparateConsent],
) -> tuple[SharedForm, PeopleFormSet]:
    kwargs = {
        "event_settings": settings,
        "questions": list(settings.questions.all()),
        "is_alone": number == 1,
    }
    formset = people_formset(number)
    if request.method == "POST" and not is_filled_in:
        # Whatever the hidden fields say, there is one block at least, and more than the
        # most is told as such.
        posted = request.POST.copy()
        posted["people-TOTAL_FORMS"] = str(max(1, min(_number_typed(request), MOST_PEOPLE + 1)))
        posted["people-INITIAL_FORMS"] = "0"
        return (
            SharedForm(posted, event_settings=settings, asked=asked),
            formset(posted, prefix="people", form_kwargs=kwargs),
        )
    # What was typed stays, and nothing is checked yet.
    typed = (
        {name: values if len(values) > 1 else values[0] for name, values in request.POST.lists()}
        if is_filled_in
        else {}
    )
    people = [
        {
            name.removeprefix(f"people-{index}-"): value
            for name, value in typed.items()
            if name.startswith(f"people-{index}-")
        }
        for index in range(number)
    ]
    return (
        SharedForm(initial=typed, event_settings=settings, asked=asked),
        formset(initial=people if is_filled_in else None, prefix="people", form_kwargs=kwargs),
    )


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
