"""What an expert enters of a visit by the personal link: arrival and departure, the passport.

Each has a page of its own, so that what is typed there and on the page of corrections is not
lost by saving the other. The passport is behind a code that is mailed to the address of the link
and opens it for half an hour, in the browser that asked for it.
"""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from submissions.domain import passport
from submissions.domain import visit as domain
from submissions.domain.decisions import ChangedMeanwhile
from submissions.forms.visit import PassportForm, TravelForm
from submissions.models import ExpertLink, ExpertVisit
from summit.lib.i18n.languages import Words
from website.forms.subscription import CodeForm
from website.views.expert_proposal import keyed

# What a browser's session keeps: the code that it asked for, and until when one has opened.
_ASKED, _OPENED = "passport-code-asked", "passport-opened"
_NOTES = ("saved", "sent", "erased")
_TIME_IS_UP = _(
    "The half hour for this page is over, and nothing was saved. Have a new code sent and enter "
    "the data again."
)


@keyed
def travel(request: HttpRequest, link: ExpertLink, code: str, event: str) -> HttpResponse:
    """Show arrival and departure, and save them at once: no page of the public holds them."""
    visit = _load(link, event)
    if not visit.asks_travel:
        raise Http404
    form = TravelForm(request.POST if request.method == "POST" else None, visit=visit)
    stored = None
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            domain.save_travel(visit, form.travel, version=version, link=link)
        except ChangedMeanwhile as error:
            # Beside what was typed, what somebody else has written meanwhile.
            stored = _load(link, event)
            form.renew_version(stored.version)
            form.add_error(None, error.messages)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect(f"{request.path}?saved")
    context = {
        **_context(link, code, visit),
        "form": form,
        "stored": stored,
        "note": "saved" if "saved" in request.GET else "",
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "website/expert_travel.html", context, status=status)


@keyed
def passport_data(request: HttpRequest, link: ExpertLink, code: str, event: str) -> HttpResponse:
    """Send a code, take it, and then the passport; show of what was entered a masked part."""
    visit = _load(link, event)
    if not visit.asks_passport and visit.passport_data is None:
        raise Http404
    post = request.POST if request.method == "POST" else None
    if post is not None and "erase" in post:
        # What somebody else has the link for may be erased, and never read.
        passport.erase(visit, reason="own_wish")
        return redirect(f"{request.path}?erased")
    if not _is_open(request, link):
        return _ask_code(request, link, code, visit)
    consent = passport.consent_to(visit)
    form = PassportForm(post, consent=consent)
    if form.is_bound and form.is_valid():
        try:
            passport.save(visit, form.entered, agreed_to=form.cleaned_data["agreed_to"], link=link)
        except ValidationError as error:
            form.renew_consent(passport.consent_to(visit))
            form.add_error(None, error)
        else:
            return redirect(f"{request.path}?saved")
    context = {
        **_context(link, code, visit),
        "form": form if visit.asks_passport else None,
        "is_open": True,
        "note": next((each for each in _NOTES if each in request.GET), ""),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "website/expert_passport.html", context, status=status)


def _ask_code(
    request: HttpRequest, link: ExpertLink, code: str, visit: ExpertVisit
) -> HttpResponse:
    """Mail a code, or take the one that was mailed."""
    asked = _asked(request, link)
    is_entered = request.method == "POST" and "enter" in request.POST
    form = CodeForm(request.POST if is_entered else None)
    error: Words = ""
    if request.method == "POST" and "send" in request.POST:
        try:
            asked = passport.send_code(link)
        except ValidationError as refusal:
            error = refusal.messages[0]
        else:
            request.session[_ASKED] = {"link": link.pk, "key": asked.key, "at": asked.asked_at}
            return redirect(f"{request.path}?sent")
    if form.is_bound and form.is_valid():
        try:
            passport.check_code(link, asked, form.cleaned_data["code"])
        except ValidationError as refusal:
            form.add_error("code", refusal)
        else:
            _open(request, link)
            return redirect(request.path)
    elif request.method == "POST" and not is_entered and not error:
        # The half hour has ended while the passport was typed.
        error = _TIME_IS_UP
    context = {
        **_context(link, code, visit),
        "form": form,
        "was_sent": asked is not None and not asked.is_over,
        "error": error,
        "note": next((each for each in _NOTES if each in request.GET), ""),
    }
    status = 422 if form.errors or error else 200
    return TemplateResponse(request, "website/expert_passport.html", context, status=status)


def _load(link: ExpertLink, event: str) -> ExpertVisit:
    """Return the visit of the link's expert that is kept. Raises ``Http404``."""
    for visit in domain.open_visits(link.expert):
        if visit.event.slug == event:
            return visit
    raise Http404


def _context(link: ExpertLink, code: str, visit: ExpertVisit) -> dict[str, object]:
    return {
        "link": link,
        "expert": link.expert,
        "code": code,
        "visit": visit,
        "about": visit.event,
        "recipients": passport.recipients(visit.event),
        "kept_until": passport.period(visit),
    }


def _asked(request: HttpRequest, link: ExpertLink) -> passport.Asked | None:
    """Return the code that this browser asked for by this link."""
    kept = request.session.get(_ASKED) or {}
    if kept.get("link") != link.pk:
        return None
    return passport.Asked(key=kept["key"], asked_at=kept["at"])


def _open(request: HttpRequest, link: ExpertLink) -> None:
    """Open the passport of a link in this browser, and use up the code."""
    # A session that somebody else gave to this browser is not the one that is opened.
    request.session.cycle_key()
    request.session.pop(_ASKED, None)
    until = (timezone.now() + passport.OPEN_FOR).timestamp()
    request.session[_OPENED] = {"mark": _mark(link), "until": until}


def _is_open(request: HttpRequest, link: ExpertLink) -> bool:
    kept = request.session.get(_OPENED) or {}
    return kept.get("mark") == _mark(link) and kept.get("until", 0) > timezone.now().timestamp()


def _mark(link: ExpertLink) -> str:
    """Return by what a session names a link, which a new one in its place does not have."""
    return salted_hmac("passport opened", link.code, algorithm="sha256").hexdigest()[:32]
