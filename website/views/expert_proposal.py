"""The page of an expert's personal link: corrections proposed, saved, sent, taken back."""

import re
from collections.abc import Callable
from functools import wraps

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from submissions.domain import expert_link, expert_privacy, visit
from submissions.domain import expert_proposal as domain
from submissions.domain.comparison import shown
from submissions.domain.decisions import ChangedMeanwhile
from submissions.domain.expert_proposal import NothingProposed
from submissions.expert_fields import PORTRAIT, ExpertRecord
from submissions.forms.expert_proposal import ExpertForm
from submissions.models import ExpertLink, ExpertProposal, ExpertVisit
from summit.lib.web.downloads import give_out_or_404
from throttle import rate_limit
from website.views.guards import View, count_post, is_switched, too_many
from website.views.personal import hide_key, not_found

SEND, SLIDES = "send", "slides"
# What the page says once, by a word of its address.
NOTES = ("saved", "sent", "withdrawn", "renewed")

# Matched without the URL configuration, which knows no language before the request has one.
_PAGE = re.compile(r"/[a-z-]+/my/expert/([^/]+)/(?:slides/)?")


def takes_uploads(path: str) -> bool:
    """Whether a path is a page of a link that works, which takes a picture or slides.

    Costs a query for what this site has signed, and none for anything else.
    """
    match = _PAGE.fullmatch(path)
    return match is not None and expert_link.open_link(match[1]) is not None


def keyed(view: Callable[..., HttpResponseBase]) -> View:
    """Find the link of a token, and keep the page from leaking its address."""

    @never_cache
    @sensitive_post_parameters()
    @wraps(view)
    def load(request: HttpRequest, code: str, **more: str) -> HttpResponseBase:
        if refusal := count_post(request, "form"):
            return hide_key(too_many(request, refusal))
        link = expert_link.open_link(code)
        if link is None:
            return hide_key(not_found(request))
        return hide_key(view(request, link, code, **more))

    return load


@keyed
def page(request: HttpRequest, link: ExpertLink, code: str) -> HttpResponse:
    proposal = domain.latest_of(link.expert)
    form = _form(request, link, _open(proposal))
    if request.method != "POST":
        return _show(request, link, code, proposal, form)
    if form.is_valid():
        try:
            note = _save(request, link, form)
        except NothingProposed as error:
            if SLIDES in request.POST:
                return redirect("my-expert-slides", code=code)
            if is_switched(request):
                return redirect(request.path)
            form.add_error(None, error)
        except ChangedMeanwhile as error:
            proposal = domain.latest_of(link.expert)
            still_open = _open(proposal)
            if still_open is not None and still_open.is_editable:
                form.renew_version(still_open.version)
            form.add_error(None, error.messages)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            to = "my-expert-slides" if SLIDES in request.POST else "my-expert"
            return redirect(f"{reverse(to, args=[code])}?{note}")
    return _show(request, link, code, proposal, form)


def _form(request: HttpRequest, link: ExpertLink, proposal: ExpertProposal | None) -> ExpertForm:
    record = ExpertRecord.of(link.expert)
    if request.method != "POST":
        return ExpertForm(record=record, proposal=proposal)
    return ExpertForm(request.POST, request.FILES, record=record, proposal=proposal)


def _open(proposal: ExpertProposal | None) -> ExpertProposal | None:
    return proposal if proposal and proposal.status in ExpertProposal.OPEN else None


def _save(request: HttpRequest, link: ExpertLink, form: ExpertForm) -> str:
    """Save what was typed, and send it where the button says so. Return what to say."""
    saved = domain.save(
        link, form.changes(), version=form.cleaned_data["version"], portrait=form.portrait()
    )
    # What comes after this may be refused, and the same page is sent again.
    form.renew_version(saved.version)
    if SEND not in request.POST:
        return "saved"
    domain.send(saved, version=saved.version)
    return "sent"


def _show(
    request: HttpRequest,
    link: ExpertLink,
    code: str,
    proposal: ExpertProposal | None,
    form: ExpertForm,
    error: ValidationError | None = None,
) -> HttpResponse:
    refused = bool(form.errors)
    is_sent = proposal is not None and proposal.status == ExpertProposal.Status.SENT
    context = {
        "link": link,
        "expert": link.expert,
        "visits": visit.open_visits(link.expert),
        "code": code,
        "proposal": proposal,
        "is_waiting": is_sent,
        # What was typed in a window of before stays readable, though it cannot be saved.
        "form": form if refused or not is_sent else None,
        # The switch of languages saves what was typed.
        "kept_form": "proposal" if refused or not is_sent else "",
        "refused": refused,
        "values": _values(proposal) if proposal and is_sent else [],
        "talks": form.record.sessions,
        "has_portrait": proposal is not None and PORTRAIT in proposal.values,
        "kept_until": expert_privacy.kept_until(proposal) if proposal else None,
        "shows_reason": proposal and proposal.reason and proposal.status in ("returned", "refused"),
        "note": next((each for each in NOTES if each in request.GET), ""),
        "error": error.messages[0] if error else "",
    }
    status = 409 if error else 422 if refused else 200
    return TemplateResponse(request, "website/expert_proposal.html", context, status=status)


def _values(proposal: ExpertProposal) -> list[tuple[str, str, str]]:
    """Return what was proposed: of which row, as what, and the value in words."""
    return [
        (field.part, str(field.label), shown(field, value)) for field, value in proposal.proposed
    ]


@require_POST
@keyed
def withdraw(request: HttpRequest, link: ExpertLink, code: str) -> HttpResponse:
    proposal = _open(domain.latest_of(link.expert))
    if proposal is None:
        return _back(code, "")
    try:
        domain.withdraw(proposal, version=proposal.version)
    except ValidationError as error:
        latest = domain.latest_of(link.expert)
        form = ExpertForm(record=ExpertRecord.of(link.expert), proposal=_open(latest))
        return _show(request, link, code, latest, form, error)
    return _back(code, "?withdrawn")


@require_POST
@keyed
def renew(request: HttpRequest, link: ExpertLink, code: str) -> HttpResponse:
    """Make the link invalid, which somebody else may have, and lead to the new one."""
    try:
        # Each is mailed: who was sent the link floods no mailbox.
        rate_limit.count("link", f"expert {link.pk}")
    except ValidationError as error:
        latest = domain.latest_of(link.expert)
        form = ExpertForm(record=ExpertRecord.of(link.expert), proposal=_open(latest))
        return _show(request, link, code, latest, form, error)
    expert_link.renew(link)
    return redirect(f"{expert_link.path_of(link)}?renewed")


@keyed
def erase(request: HttpRequest, link: ExpertLink, code: str) -> HttpResponse:
    """Erase what was proposed by any link and entered of visits, once that is confirmed."""
    is_done = request.method == "POST"
    if is_done:
        visit.clear(ExpertVisit.objects.filter(expert=link.expert))
        proposals = ExpertProposal.objects.filter(expert=link.expert)
        expert_privacy.erase(proposals, reason="own_wish")
    context = {"expert": link.expert, "code": code, "is_done": is_done}
    return TemplateResponse(request, "website/expert_proposal_erased.html", context)


@keyed
def portrait(request: HttpRequest, link: ExpertLink, code: str) -> HttpResponseBase:
    """Give out the picture that the expert proposed, which has no other address."""
    proposal = domain.latest_of(link.expert)
    if proposal is None or not proposal.portrait:
        raise Http404
    return give_out_or_404(
        proposal.portrait,
        size=proposal.portrait.size,
        content_type="image/webp",
        name="portrait.webp",
        is_shown=True,
    )


def _back(code: str, note: str) -> HttpResponse:
    response = redirect("my-expert", code=code)
    response.headers["Location"] += note
    return response
