"""Badges to print from the browser: for everybody, for some, or for the person at the desk."""

from itertools import batched

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from desk.forms.badges import EVERYBODY, PROGRAMME, BadgeForm, SizeForm, with_badge
from desk.views.access import at_desk
from events.models import Event
from registrations.domain import ticket as tickets
from registrations.exports.badges import (
    DEFAULT,
    SIZES,
    Badge,
    Size,
    badges_of,
    badges_of_programme,
    titles_of,
)
from registrations.models import Registration

# More at once make browsers slow and printers stop.
BATCH = 500
# What is printed on stays chosen until the log-out.
_SIZE = "badge_size"


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def badges(request: HttpRequest, event: Event) -> HttpResponse:
    """Ask which, then show them as they are printed. A ticket is posted, never in an address."""
    if request.method != "POST":
        form = BadgeForm(event=event, initial={"size": _last_size(request)})
        return _ask(request, event, form)
    if "ticket" in request.POST:
        return _of_one(request, event)
    form = BadgeForm(request.POST, event=event)
    if not form.is_valid():
        return _ask(request, event, form)
    if form.cleaned_data["category"] == PROGRAMME:
        return _of_programme(request, event, form)
    return _batch(request, event, form)


def _ask(request: HttpRequest, event: Event, form: BadgeForm) -> HttpResponse:
    context = {
        "event": event,
        "form": form,
        "count": with_badge(event).count(),
        "has_programme": event.programme_people.exists(),
        "batch": BATCH,
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "desk/badges.html", context, status=status)


def _of_one(request: HttpRequest, event: Event) -> HttpResponse:
    try:
        person = tickets.find(event, request.POST["ticket"])
        if person.status != Registration.Status.CONFIRMED:
            raise ValidationError(
                _("This person has no confirmed place (%(status)s), so there is no badge."),
                code="no_place",
                params={"status": person.get_status_display()},
            )
    except ValidationError as error:
        form = BadgeForm({"size": _last_size(request), "category": EVERYBODY}, event=event)
        form.add_error(None, error.messages)
        return _ask(request, event, form)
    chosen = SizeForm(request.POST)
    size = chosen.cleaned_data["size"] if chosen.is_valid() else _last_size(request)
    again: dict[str, object] = {"again": {"ticket": person.ticket}}
    return _show(request, event, badges_of([person], SIZES[size]), SIZES[size], again)


def _of_programme(request: HttpRequest, event: Event, form: BadgeForm) -> HttpResponse:
    size = SIZES[form.cleaned_data["size"]]
    badges = badges_of_programme(event, size)
    if not badges:
        form.add_error(None, _("The programme names only experts so far."))
        return _ask(request, event, form)
    number = len(badges)
    context = {"again": {"category": PROGRAMME}, "first": 1, "last": number, "total": number}
    return _show(request, event, badges, size, context)


def _batch(request: HttpRequest, event: Event, form: BadgeForm) -> HttpResponse:
    rest = form.rest()
    # One more says whether there is another batch.
    people = list(rest[: BATCH + 1])
    if not people:
        form.add_error(None, _("Nobody with a confirmed place matches. Choose more people."))
        return _ask(request, event, form)
    has_next, people = len(people) > BATCH, people[:BATCH]
    # Nothing to count where one batch is all.
    total = form.people().count() if has_next or form.last else len(people)
    before = total - rest.count() if form.last else 0
    asked = {name: form.data.get(name, "") for name in ("category", "since")}
    context = {
        "again": asked | {"after": form.cleaned_data["after"]},
        "first": before + 1,
        "last": before + len(people),
        "total": total,
        "next": asked | {"after": people[-1].ticket} if has_next else None,
    }
    size = SIZES[form.cleaned_data["size"]]
    return _show(request, event, badges_of(people, size), size, context)


def _show(
    request: HttpRequest,
    event: Event,
    badges: list[Badge],
    size: Size,
    context: dict[str, object],
) -> HttpResponse:
    if request.session.get(_SIZE) != size.name:
        request.session[_SIZE] = size.name
    context |= {
        "event": event,
        "size": size,
        "sizes": SIZES.values(),
        "titles": titles_of(event, size),
        "sheets": list(batched(badges, size.per_page)),
    }
    return TemplateResponse(request, "desk/badges_print.html", context)


def _last_size(request: HttpRequest) -> str:
    size = request.session.get(_SIZE)
    return size if size in SIZES else DEFAULT
