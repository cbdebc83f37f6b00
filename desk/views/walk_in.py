"""Somebody at the door who has not registered."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from desk.forms.desk import WalkInForm
from desk.views import people
from desk.views.access import at_desk
from desk.views.door import is_fetched, no_session
from desk.views.people import Card
from events.models import Event, Session
from registrations.domain import check_in, ticket
from summit.lib.i18n.languages import CONTENT_LANGUAGES, OWN_NAMES, TAGS
from summit.lib.web.requests import StaffRequest

_CARRIED = ("name", "email", "organization_name", "position", "phone", "category", "language")


@at_desk
def walk_in(request: StaffRequest, event: Event) -> HttpResponse:
    settings = event.registration_settings
    posted = request.method == "POST"
    source = request.POST if posted else request.GET
    try:
        session = people.session_of(event, source.get("session", ""))
    except ValidationError as refusal:
        return no_session(request, event, refusal)
    if not posted or "begin" in request.POST:
        form = WalkInForm(settings=settings, initial=_known_of(request, event) if posted else None)
        return _page(request, event, session, form=form)
    form = WalkInForm(request.POST, settings=settings)
    if not form.is_valid():
        return _page(request, event, session, form=form, status=422)
    return _register(request, event, session, form)


def _register(
    request: StaffRequest, event: Event, session: Session | None, form: WalkInForm
) -> HttpResponse:
    """Answer with the person's card, or with the form as it was typed and why not."""
    try:
        registration = check_in.walk_in(
            event,
            form.applicant(),
            by=request.user,
            session=session,
            beyond_capacity="beyond" in request.POST,
        )
    except check_in.PersonKnown as refusal:
        form.add_error("name", refusal.messages)
        [known] = people.cards(event, [refusal.registration], session)
        return _page(request, event, session, form=form, card=known, status=409)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        full = isinstance(refusal, check_in.NoSeat)
        return _page(request, event, session, form=form, full=full, status=409)
    [card] = people.cards(event, [registration], session)
    card.is_new = True
    card.said = _("Registered and checked in")
    return _page(request, event, session, card=card)


def _known_of(request: StaffRequest, event: Event) -> dict[str, str]:
    """Return what is known of a person already: a registration that ended, or a name typed."""
    try:
        registration = ticket.find(event, request.POST.get("ticket", ""))
    except ticket.TicketRefused:
        name = request.POST.get("name", "")[:100].strip()
        # A number or an address was searched for, no name.
        is_name = not any(character.isdigit() or character in "@＠" for character in name)
        return {"name": name} if name and is_name else {}
    return {name: getattr(registration, name) for name in _CARRIED}


def _page(
    request: StaffRequest,
    event: Event,
    session: Session | None,
    *,
    form: WalkInForm | None = None,
    card: Card | None = None,
    full: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        **people.shown(event, session),
        "form": form,
        "card": card,
        "full": full,
        "notices": [_notice(code) for code in CONTENT_LANGUAGES],
    }
    template = "desk/walk_in_answer.html" if is_fetched(request) else "desk/walk_in.html"
    return TemplateResponse(request, template, context, status=status)


def _notice(language: str) -> dict[str, str]:
    with translation.override(language):
        url = reverse("privacy")
    return {"url": url, "lang": TAGS[language], "name": OWN_NAMES[language]}
