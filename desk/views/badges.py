"""Badges to print from the browser: for everybody, for some, or for the person at the desk."""

import datetime as dt
from itertools import batched
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from desk.forms.badges import (
    EVERYBODY,
    PROGRAMME,
    BadgeForm,
    PrintedForm,
    SizeForm,
    Which,
    after,
    with_badge,
)
from desk.views.access import at_desk
from events.models import Event
from registrations.domain import badge_printing
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
from summit.lib.web.requests import user_of

# More at once make browsers slow and printers stop.
BATCH = 500
# So many are offered to be shown again or forgotten.
PRINTINGS = 5
# What is printed on stays chosen until the log-out.
_SIZE = "badge_size"


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def badges(request: HttpRequest, event: Event) -> HttpResponse:
    """Ask which, record them as printed, then show them. A ticket is posted, never in an address.

    What is recorded is shown by an address that holds the moment, so that to load it again
    prints nobody else.
    """
    if request.method != "POST":
        return _show_printed(request, event) if "printed" in request.GET else _ask(request, event)
    if "forget" in request.POST:
        return _forget(request, event)
    if "ticket" in request.POST:
        return _of_one(request, event)
    form = BadgeForm(request.POST, event=event)
    if not form.is_valid():
        return _ask(request, event, form)
    if form.cleaned_data["category"] == PROGRAMME:
        return _of_programme(request, event, form)
    return _print(request, event, form)


def _ask(request: HttpRequest, event: Event, form: BadgeForm | None = None) -> HttpResponse:
    form = form or BadgeForm(event=event, initial={"size": _last_size(request)})
    people = with_badge(event)
    context = {
        "event": event,
        "form": form,
        "count": people.count(),
        "has_programme": event.programme_people.exists(),
        "batch": BATCH,
        "to_print": people.without_badge_printed().count(),
        "outdated": people.with_badge_outdated().count(),
        "printings": badge_printing.last_printings(event, most=PRINTINGS),
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
        chosen = {
            "size": _last_size(request),
            "category": EVERYBODY,
            "which": Which.NOT_PRINTED,
        }
        form = BadgeForm(chosen, event=event)
        form.add_error(None, error.messages)
        return _ask(request, event, form)
    _keep_size(request, SizeForm(request.POST))
    alone = with_badge(event).filter(pk=person.pk)
    by = user_of(request)
    return _lead_to(event, badge_printing.record_printing(alone, event=event, by=by, most=1))


def _of_programme(request: HttpRequest, event: Event, form: BadgeForm) -> HttpResponse:
    size = SIZES[_keep_size(request, form)]
    badges = badges_of_programme(event, size)
    if not badges:
        form.add_error(None, _("The programme names only experts so far."))
        return _ask(request, event, form)
    number = len(badges)
    context = {
        "again": {"category": PROGRAMME, "which": Which.ALL},
        "again_method": "post",
        "first": 1,
        "last": number,
        "total": number,
    }
    return _show(request, event, badges, size, context)


def _print(request: HttpRequest, event: Event, form: BadgeForm) -> HttpResponse:
    people = form.rest()
    by = user_of(request)
    moment = badge_printing.record_printing(people, event=event, by=by, most=BATCH)
    if moment is None:
        form.add_error(None, _("Nobody with a confirmed place matches. Choose more people."))
        return _ask(request, event, form)
    _keep_size(request, form)
    return _lead_to(event, moment, **_asked(form))


def _lead_to(event: Event, moment: dt.datetime | None, **asked: str) -> HttpResponse:
    address = reverse("desk-badges", args=[event.slug])
    if moment is None:
        return redirect(address)
    return redirect(f"{address}?{urlencode({'printed': moment.isoformat(), **asked})}")


def _asked(form: BadgeForm) -> dict[str, str]:
    return {name: form.data.get(name, "") for name in ("which", "category", "since")}


def _show_printed(request: HttpRequest, event: Event) -> HttpResponse:
    """Show what was printed at a moment, and how many follow of those who were asked for."""
    printed = PrintedForm(request.GET)
    if not printed.is_valid():
        return _ask(request, event)
    moment = printed.cleaned_data["printed"]
    people = list(with_badge(event).filter(badge_printed_at=moment))
    if not people:
        messages.warning(request, _("These badges were marked as not printed, or printed anew."))
        return redirect("desk-badges", event.slug)
    size = SIZES[_keep_size(request, SizeForm(request.GET))]
    again = {"printed": request.GET["printed"]}
    context: dict[str, object] = {"printed_at": moment}
    form = BadgeForm(request.GET.dict() | {"size": size.name, "after": ""}, event=event)
    if form.is_valid() and form.cleaned_data["category"] != PROGRAMME:
        again |= _asked(form)
        context |= _place_among_all(form, people)
    context |= {"again": again, "again_method": "get"}
    return _show(request, event, badges_of(people, size), size, context)


def _place_among_all(form: BadgeForm, people: list[Registration]) -> dict[str, object]:
    """Return which of how many these are, and what asks for the next of them."""
    asked, number = _asked(form), len(people)
    if form.cleaned_data["which"] == Which.NOT_PRINTED:
        # These are printed, and no longer among them.
        rest = form.people().count()
        shown = {"first": 1, "last": number, "total": number + rest}
        return shown | {"next": asked if rest else None}
    total, rest = form.people().count(), after(people[-1], form.people()).count()
    shown = {"first": total - rest - number + 1, "last": total - rest, "total": total}
    return shown | {"next": asked | {"after": people[-1].ticket} if rest else None}


def _forget(request: HttpRequest, event: Event) -> HttpResponse:
    """Mark a printing as not printed, and ask anew."""
    printed = PrintedForm({"printed": request.POST["forget"]})
    if printed.is_valid():
        moment = printed.cleaned_data["printed"]
        number = badge_printing.forget_printing(event, printed_at=moment)
        said = ngettext(
            "%(number)d badge is marked as not printed.",
            "%(number)d badges are marked as not printed.",
            number,
        )
        messages.success(request, said % {"number": number})
    return redirect("desk-badges", event.slug)


def _show(
    request: HttpRequest,
    event: Event,
    badges: list[Badge],
    size: Size,
    context: dict[str, object],
) -> HttpResponse:
    context |= {
        "event": event,
        "size": size,
        "sizes": SIZES.values(),
        "titles": titles_of(event, size),
        "sheets": list(batched(badges, size.per_page)),
    }
    return TemplateResponse(request, "desk/badges_print.html", context)


def _keep_size(request: HttpRequest, form: SizeForm) -> str:
    """Return the paper that is chosen, or the last one where none is, and keep it."""
    size = form.cleaned_data["size"] if form.is_valid() else _last_size(request)
    if request.session.get(_SIZE) != size:
        request.session[_SIZE] = size
    return size


def _last_size(request: HttpRequest) -> str:
    size = request.session.get(_SIZE)
    return size if size in SIZES else DEFAULT
