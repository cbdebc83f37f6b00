"""The page of a group: its contact person sees, corrects and cancels each of its people."""

from collections.abc import Callable
from functools import partial

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from registrations.domain import contact_person, place, privacy
from registrations.forms.correction import MemberForm
from registrations.models import Registration, RegistrationGroup
from website.group import Group
from website.proven_here import page_key
from website.views.personal import of_group, of_removal


@of_group
@require_safe
def page(request: HttpRequest, group: RegistrationGroup) -> HttpResponse:
    return _page(request, group)


def _members(group: RegistrationGroup) -> dict[int, Registration]:
    """Return the people by their number in the group, which stays; without those erased."""
    rows = group.members.select_related("event", "double_of").order_by("pk")
    for row in rows:
        row.group = group
        row.is_owner_here = group.is_owner_here and not row.has_own_contact
    return {number: row for number, row in enumerate(rows, start=1) if row.erased_at is None}


def _page(
    request: HttpRequest, group: RegistrationGroup, error: ValidationError | None = None
) -> HttpResponse:
    members = _members(group)
    shown = Group.of(group, list(members.items()))
    context = {
        "shown": shown,
        "event": group.event,
        "code": page_key(group),
        "has_offer": any(row.has_open_offer for row in members.values()),
        "is_ahead": not group.event.is_over and group.event.is_on,
        "error": error.messages[0] if error else "",
    }
    status = 409 if error else 200
    return TemplateResponse(request, "website/my_group.html", context, status=status)


def _member(group: RegistrationGroup, number: int) -> Registration:
    members = _members(group)
    if number not in members:
        raise Http404
    return members[number]


@sensitive_post_parameters()
@of_group
def correct(request: HttpRequest, group: RegistrationGroup, number: int) -> HttpResponse:
    """Correct what was typed of somebody who does not manage the own entry."""
    member = _member(group, number)
    if not contact_person.may_correct(member):
        raise Http404
    settings = group.event.registration_settings
    form = MemberForm(
        request.POST or None,
        registration=member,
        event_settings=settings,
        questions=list(settings.questions.all()),
    )
    if request.method == "POST" and form.is_valid():
        try:
            contact_person.correct_member(member, answers=form.answers(), **form.changes())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return _back(group)
    context = {"form": form, "event": group.event, "code": page_key(group)}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "website/my_group_correct.html", context, status=status)


@require_POST
@of_group
def cancel(request: HttpRequest, group: RegistrationGroup, number: int) -> HttpResponse:
    """Cancel one person; the others stay together."""
    return _do(request, group, partial(place.cancel, _member(group, number)))


@require_POST
@of_group
def accept(request: HttpRequest, group: RegistrationGroup) -> HttpResponse:
    """Take the seats that are offered to people of the group."""

    def accept_all() -> None:
        for row in _members(group).values():
            if row.has_open_offer:
                place.accept(row)

    return _do(request, group, accept_all)


@require_POST
@of_group
def wait_singly(request: HttpRequest, group: RegistrationGroup) -> HttpResponse:
    """Give up "all or none"."""
    return _do(request, group, partial(contact_person.wait_singly, group))


def _do(request: HttpRequest, group: RegistrationGroup, verb: Callable[[], object]) -> HttpResponse:
    try:
        verb()
    except ValidationError as error:
        return _page(request, group, error)
    return _back(group)


def _back(group: RegistrationGroup) -> HttpResponse:
    return redirect("my-group", code=page_key(group))


@of_removal
def not_me(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Erase somebody who says that they are not the person; a link that was used says so."""
    refusal = ""
    if request.method == "POST":
        try:
            privacy.take_out(registration)
        except ValidationError as error:
            refusal = error.messages[0]
        registration.refresh_from_db(fields=["erased_at"])
    is_done = registration.erased_at is not None
    context = {"event": registration.event, "is_done": is_done, "error": refusal}
    status = 409 if refusal else 200
    return TemplateResponse(request, "website/not_me.html", context, status=status)
