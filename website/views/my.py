"""An attendee's personal page: whoever has its link manages the registration."""

from collections.abc import Callable
from functools import partial

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.http import content_disposition_header
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from events.domain.online_link import link_comes_at, link_to_join
from events.models import EventFile
from events.models.event_file import EventFileQuerySet
from meetings.domain import feedback
from registrations import emails
from registrations.calendar import entry_of
from registrations.domain import (
    attendees,
    contact_change,
    correction,
    personal_link,
    place,
    privacy,
    sensitive,
    separate_consent,
    waiting_list,
    way_to_attend,
)
from registrations.domain.prospect import Prospect, prospect_of
from registrations.forms.correction import CorrectionForm
from registrations.models import Registration
from summit.lib.database.numbers import fits_bigint
from summit.lib.drawing.qr import qr
from summit.lib.web.signed_links import NOT_ME, sign
from throttle import rate_limit
from website import proven_here
from website.own_data import (
    own_contacts,
    own_data_sections,
    own_interests,
    own_proposals,
    own_submissions,
    own_subscriptions,
)
from website.own_meetings import own_meetings
from website.proven_here import page_key
from website.views.meetings import has_meetings
from website.views.personal import personal


@personal
@require_safe
def page(request: HttpRequest, registration: Registration) -> HttpResponse:
    return _page(request, registration)


def _page(
    request: HttpRequest, registration: Registration, error: ValidationError | None = None
) -> HttpResponse:
    event, statuses = registration.event, Registration.Status
    status = registration.shown_status
    how = getattr(event, "registration_settings", None)
    has_ended = status in (statuses.CANCELLED, statuses.EXPIRED)
    is_ahead = not event.is_over and event.is_on
    context = {
        "registration": registration,
        "event": event,
        "code": page_key(registration),
        "status": status,
        "prospect": prospect_of(registration),
        "others": _others(registration),
        "has_seat_ahead": status == statuses.CONFIRMED and is_ahead,
        "is_open_invitation": registration.status == statuses.INVITED and is_ahead,
        "asks_for_consent": registration.is_active and registration.lacks_consent,
        "contact_change": contact_change.open_change(registration),
        "may_register_again": has_ended and how is not None and how.is_open,
        "choices": separate_consent.choices(registration),
        "ticked": separate_consent.ticked(registration),
        "files": files_of(registration),
        "may_change_way": way_to_attend.may_change(registration),
        "must_answer": way_to_attend.has_to_answer_first(registration),
        "join_link": link_to_join(event, is_confirmed=registration.may_join),
        "join_from": link_comes_at(event, is_confirmed=registration.may_join),
        "has_meetings": has_meetings(registration),
        "qr": qr(registration.ticket),
        "place": waiting_list.place_in_queue(registration),
        "group_code": _group_code(registration),
        "may_judge_meetings": event.has_begun and feedback.may_judge(registration),
        "not_me_code": sign(registration.code, NOT_ME) if registration.group_id else "",
        "error": error.messages[0] if error else "",
    }
    return TemplateResponse(request, "website/my.html", context, status=409 if error else 200)


def _others(registration: Registration) -> list[tuple[str, Registration]]:
    """Return who else of the event has the same contact, with the keys of their pages. A query."""
    if registration.is_owner_here:
        rows = proven_here.with_numbers([registration.phone_key]).filter(event=registration.event)
    else:
        rows = Registration.objects.with_contact_of(registration)
    rows = rows.exclude(pk=registration.pk).select_related("event", "double_of").order_by("pk")
    for row in rows:
        row.is_owner_here = registration.is_owner_here
    return [(page_key(row), row) for row in rows]


def _group_code(registration: Registration) -> str:
    """Return the key of the group's page, for its contact person alone, who reads this address."""
    group = registration.group
    if group is None or registration.has_own_contact:
        return ""
    group.is_owner_here = registration.is_owner_here
    is_contact = registration.is_owner_here or registration.email_key != ""
    return page_key(group) if is_contact else ""


def files_of(registration: Registration) -> EventFileQuerySet:
    """Return the files that somebody may have as an attendee: with a confirmed place."""
    of_event = EventFile.objects.filter(event=registration.event_id)
    files = of_event.for_attendees().select_related("session", "event")
    is_confirmed = registration.shown_status == Registration.Status.CONFIRMED
    return files if is_confirmed and not registration.event.is_draft else files.none()


def _back(registration: Registration) -> HttpResponse:
    return redirect("my-registration", code=page_key(registration))


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
            correction.correct(registration, answers=form.answers(), **form.changes())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return _back(registration)
    context = {"form": form, "event": registration.event, "code": page_key(registration)}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "website/my_correct.html", context, status=status)


@personal
def cancel(request: HttpRequest, registration: Registration) -> HttpResponse:
    if request.method != "POST":
        context = {
            "registration": registration,
            "event": registration.event,
            "code": page_key(registration),
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
def change_way(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Take part online in place of in person, or the other way round, where there is a seat."""
    is_online = request.POST.get("way") == "online"
    return _do(request, registration, partial(way_to_attend.change, online=is_online))


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
        "code": page_key(registration),
        "sections": own_data_sections(registration),
    }
    return TemplateResponse(request, "website/my_data.html", context)


@personal
@require_safe
def data(request: HttpRequest, registration: Registration) -> HttpResponse:
    kept = privacy.own_data(registration) | {
        "contacts": own_contacts(registration),
        "submissions": own_submissions(registration),
        "expert_links": own_proposals(registration),
        "subscriptions": own_subscriptions(registration),
        "interests": own_interests(registration),
        "meetings": own_meetings(registration),
    }
    response = JsonResponse(kept, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = content_disposition_header(
        True, f"{registration.ticket}.json"
    )
    return response


@personal
@require_safe
def calendar(request: HttpRequest, registration: Registration) -> HttpResponse:
    is_active = registration.shown_status in Registration.ACTIVE
    may_come = prospect_of(registration) not in (Prospect.TOO_LATE, Prospect.OFFER_ENDED)
    has_seat = registration.shown_status == Registration.Status.CONFIRMED
    is_past = registration.event.is_over and not has_seat
    takes_place = is_active and may_come and not is_past and registration.event.is_on
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
