"""An attendee's personal page: whoever has its link manages the registration."""

from collections.abc import Callable
from functools import partial, wraps

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from events.models import EventFile
from events.models.event_file import EventFileQuerySet
from registrations import emails
from registrations.calendar import entry_of
from registrations.domain import (
    attendees,
    personal_link,
    place,
    privacy,
    sensitive,
    separate_consent,
    waiting_list,
)
from registrations.domain import registration as domain
from registrations.forms.registration import CorrectionForm
from registrations.models import Registration
from summit.lib.database.numbers import fits_bigint
from summit.lib.drawing.qr import qr
from summit.lib.web import client_network
from summit.lib.web.signed_links import sign, unsign
from throttle import rate_limit
from website.own_data import own_contacts, own_data_sections
from website.views.guards import View, count_post, too_many


def personal(view: View) -> View:
    """Find the registration of a signed code, and keep the page from leaking its address.

    Who opens it has had the mail, so that the address is proven. A code that this site has
    not signed or that was replaced counts as a guess; what else is sent counts as a form.
    """

    @never_cache
    @wraps(view)
    def load_own_registration(request: HttpRequest, code: str, **more: str) -> HttpResponseBase:
        plain = unsign(code)
        registration = (
            Registration.objects.select_related("event__registration_settings")
            .filter(code=plain, erased_at=None)
            .first()
            if plain
            else None
        )
        response = (
            _answer(view, request, registration, **more) if registration else _not_found(request)
        )
        # The address is the key: no search engine keeps it, no link passes it on. Under
        # "no-referrer" browsers send "Origin: null" with a form, which is refused as forged.
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "strict-origin"
        return response

    return load_own_registration


def _answer(
    view: View, request: HttpRequest, registration: Registration, **more: str
) -> HttpResponseBase:
    refusal = count_post(request, "form")
    if refusal:
        return too_many(request, refusal)
    personal_link.prove(registration)
    return view(request, registration, **more)


def _not_found(request: HttpRequest) -> HttpResponse:
    try:
        rate_limit.count("code", client_network.network_of(request))
    except rate_limit.TooManyTries as error:
        context = {"reason": error.messages[0]}
        return TemplateResponse(request, "website/my_unknown.html", context, status=429)
    return TemplateResponse(request, "website/my_unknown.html", status=404)


@personal
@require_safe
def page(request: HttpRequest, registration: Registration) -> HttpResponse:
    return _page(request, registration)


def _page(
    request: HttpRequest, registration: Registration, error: ValidationError | None = None
) -> HttpResponse:
    event, statuses = registration.event, Registration.Status
    status = registration.shown_status
    others = Registration.objects.with_contact_of(registration).exclude(pk=registration.pk)
    how = getattr(event, "registration_settings", None)
    has_ended = status in (statuses.CANCELLED, statuses.EXPIRED)
    is_ahead = not event.is_over and event.is_on
    context = {
        "registration": registration,
        "event": event,
        "code": sign(registration.code),
        "status": status,
        "others": [
            (sign(each.code), each) for each in others.select_related("double_of").order_by("pk")
        ],
        "has_seat_ahead": status == statuses.CONFIRMED and is_ahead,
        "is_open_invitation": registration.status == statuses.INVITED and is_ahead,
        "asks_for_consent": registration.is_active and registration.lacks_consent,
        "may_register_again": has_ended and how is not None and how.is_open,
        "choices": separate_consent.choices(registration),
        "ticked": separate_consent.ticked(registration),
        "files": files_of(registration),
        "qr": qr(registration.ticket),
        "place": waiting_list.place_in_queue(registration),
        "error": error.messages[0] if error else "",
    }
    return TemplateResponse(request, "website/my.html", context, status=409 if error else 200)


def files_of(registration: Registration) -> EventFileQuerySet:
    """Return the files that somebody may have as an attendee: with a confirmed place."""
    of_event = EventFile.objects.filter(event=registration.event_id)
    files = of_event.for_attendees().select_related("session", "event")
    is_confirmed = registration.shown_status == Registration.Status.CONFIRMED
    return files if is_confirmed and not registration.event.is_draft else files.none()


def _back(registration: Registration) -> HttpResponse:
    return redirect("my-registration", code=sign(registration.code))


@personal
@sensitive_post_parameters()
def correct(request: HttpRequest, registration: Registration) -> HttpResponse:
    settings = registration.event.registration_settings
    form = CorrectionForm(
        request.POST or None,
        registration=registration,
        event_settings=settings,
        questions=list(settings.questions.all()),
    )
    if request.method == "POST" and form.is_valid():
        try:
            domain.correct(registration, answers=form.answers(), **form.changes())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return _back(registration)
    context = {"form": form, "event": registration.event, "code": sign(registration.code)}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "website/my_correct.html", context, status=status)


@personal
def cancel(request: HttpRequest, registration: Registration) -> HttpResponse:
    if request.method != "POST":
        context = {
            "registration": registration,
            "event": registration.event,
            "code": sign(registration.code),
        }
        return TemplateResponse(request, "website/my_cancel.html", context)
    return _do(request, registration, place.cancel)


@personal
@require_POST
def accept(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Take the seat that is offered, or accept an invitation with the consent that it needs."""
    if registration.status == Registration.Status.INVITED:
        accept_invitation = partial(attendees.accept_invitation, consents="consent" in request.POST)
        return _do(request, registration, accept_invitation)
    return _do(request, registration, place.accept)


@personal
@require_POST
def decline(request: HttpRequest, registration: Registration) -> HttpResponse:
    return _do(request, registration, attendees.decline_invitation)


@personal
@require_POST
def consent(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Agree to the privacy notice, for somebody whom an organizer has put on the list."""
    if "consent" in request.POST:
        return _do(request, registration, attendees.give_consent)
    return _back(registration)


@personal
@require_POST
def decide(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Give and withdraw separate consents, as their boxes say."""
    return _do(
        request,
        registration,
        partial(
            separate_consent.decide,
            shown=request.POST.getlist("shown"),
            ticked=request.POST.getlist("agreed"),
        ),
    )


@personal
@require_POST
def erase_answer(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Erase a sensitive answer, whose consent is withdrawn by that."""
    number = request.POST.get("question", "")
    erase = partial(sensitive.withdraw, question=int(number) if fits_bigint(number) else 0)
    return _do(request, registration, erase)


@personal
@require_POST
def renew(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Replace the link, for one who has passed it on by mistake."""
    try:
        rate_limit.count("link", registration.email_key or registration.ticket)
    except rate_limit.TooManyTries as error:
        return _page(request, registration, error)
    return _do(request, registration, personal_link.revoke_link)


def _do(
    request: HttpRequest, registration: Registration, verb: Callable[[Registration], object]
) -> HttpResponse:
    try:
        verb(registration)
    except ValidationError as error:
        registration.refresh_from_db()
        return _page(request, registration, error)
    return _back(registration)


@personal
@require_safe
def data_page(request: HttpRequest, registration: Registration) -> HttpResponse:
    context = {
        "registration": registration,
        "event": registration.event,
        "code": sign(registration.code),
        "sections": own_data_sections(registration),
    }
    return TemplateResponse(request, "website/my_data.html", context)


@personal
@require_safe
def data(request: HttpRequest, registration: Registration) -> HttpResponse:
    kept = privacy.own_data(registration) | {"contacts": own_contacts(registration)}
    response = JsonResponse(kept, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = content_disposition_header(
        True, f"{registration.ticket}.json"
    )
    return response


@personal
@require_safe
def calendar(request: HttpRequest, registration: Registration) -> HttpResponse:
    is_active = registration.shown_status in Registration.ACTIVE
    takes_place = is_active and registration.event.is_on
    if not takes_place and not emails.has_entry(registration):
        # Who only waited has no entry to remove.
        return _back(registration)
    method = "PUBLISH" if takes_place else "CANCEL"
    response = HttpResponse(
        entry_of(registration, method=method),
        content_type=f"text/calendar; charset=utf-8; method={method}",
    )
    response.headers["Content-Disposition"] = content_disposition_header(True, "event.ics")
    return response
