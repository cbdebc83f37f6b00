"""The slides of an expert's talks, by the personal link: listed, added, taken, removed, sent."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from events.models import Event, EventFile, Session
from submissions.domain import expert_proposal
from submissions.domain import slides as domain
from submissions.expert_fields import ExpertRecord
from submissions.forms.slides import SlidesForm
from submissions.models import ExpertLink, ExpertProposal, Slides
from summit.lib.web import client_network
from summit.lib.web.downloads import give_out_or_404, named_for_disk
from throttle import rate_limit
from website.views.expert_proposal import SEND, keyed
from website.views.submission_files import EXHAUSTING

# What the page says once, by a word of its address.
NOTES = ("added", "removed", "saved")


@dataclass(frozen=True)
class Talk:
    """A talk with the slides that are proposed, those on the site, and the form that adds some."""

    session: Session
    proposed: Slides | None
    published: list[EventFile]
    form: SlidesForm


@keyed
def page(request: HttpRequest, link: ExpertLink, code: str) -> HttpResponse:
    if request.method != "POST":
        return _show(request, link, code)
    if SEND in request.POST:
        return _send(request, link, code)
    record = ExpertRecord.of(link.expert)
    sent = request.POST.get("session", "")
    talk = next((each for each in record.sessions.values() if str(each.pk) == sent), None)
    if talk is None:
        # It went away since the page was opened.
        return _show(request, link, code, error=domain.no_talk())
    form = SlidesForm(request.POST, request.FILES, talk=talk)
    if form.is_valid():
        network = client_network.network_of(request)
        try:
            # Files are checked one after the other: nobody keeps all others waiting.
            rate_limit.count("attachment", network)
            domain.add(link, talk.pk, form.cleaned_data["file"])
        except ValidationError as error:
            if getattr(error, "code", "") == "too_complex":
                rate_limit.take("attachment", network, EXHAUSTING)
            form.add_error("file", error.messages)
        else:
            return _back(code, "added")
    return _show(request, link, code, form=form, refused=talk)


@require_POST
@keyed
def remove(request: HttpRequest, link: ExpertLink, code: str, file_code: str) -> HttpResponse:
    try:
        domain.remove(link, file_code)
    except ValidationError as error:
        return _show(request, link, code, error=error)
    # Also where another window has removed it before.
    return _back(code, "removed")


@require_safe
@keyed
def download(request: HttpRequest, link: ExpertLink, code: str, file_code: str) -> HttpResponseBase:
    found = get_object_or_404(Slides, proposal__expert=link.expert, code=file_code)
    return give_out_or_404(
        found.file,
        size=found.size,
        content_type=found.content_type,
        name=named_for_disk(found.download_name, found.ending),
    )


def _send(request: HttpRequest, link: ExpertLink, code: str) -> HttpResponse:
    """Hand in the slides with all else that is saved in the proposal."""
    proposal = expert_proposal.latest_of(link.expert)
    if proposal is not None and proposal.status != ExpertProposal.Status.SENT:
        try:
            expert_proposal.send(proposal, version=proposal.version)
        except ValidationError as error:
            return _show(request, link, code, error=error)
    # Also where another window has sent it before.
    return redirect(f"{reverse('my-expert', args=[code])}?sent")


def _show(
    request: HttpRequest,
    link: ExpertLink,
    code: str,
    *,
    form: SlidesForm | None = None,
    refused: Session | None = None,
    error: ValidationError | None = None,
) -> HttpResponse:
    proposal = expert_proposal.latest_of(link.expert)
    is_open = proposal is not None and proposal.status in ExpertProposal.OPEN
    is_editable = not is_open or (proposal is not None and proposal.is_editable)
    proposed = list(proposal.slides.all()) if proposal and is_open else []
    record = ExpertRecord.of(link.expert)
    talks = _talks(record, proposed, {refused.pk: form} if refused and form else {})
    context = {
        "link": link,
        "expert": link.expert,
        "code": code,
        "proposal": proposal,
        "talks": talks,
        "without_talk": [each for each in proposed if each.session_id not in record.sessions],
        "is_editable": is_editable,
        "may_send": is_editable and any(each.proposed for each in talks),
        "note": next((each for each in NOTES if each in request.GET), ""),
        "errors": error.messages if error else [],
    }
    status = 409 if error else 422 if form and form.errors else 200
    return TemplateResponse(request, "website/expert_slides.html", context, status=status)


def _talks(
    record: ExpertRecord, proposed: list[Slides], forms: dict[int, SlidesForm | None]
) -> list[Talk]:
    """Return the talks of an expert with their slides. One query."""
    of_talk = {each.session_id: each for each in proposed}
    published: dict[int | None, list[EventFile]] = {}
    rows = EventFile.objects.for_lists().filter(
        session__in=record.sessions, kind=EventFile.Kind.SLIDES, event__status__in=Event.VISIBLE
    )
    for row in rows:
        published.setdefault(row.session_id, []).append(row)
    return [
        Talk(
            talk,
            of_talk.get(talk.pk),
            published.get(talk.pk, []),
            forms.get(talk.pk) or SlidesForm(talk=talk),
        )
        for talk in record.sessions.values()
    ]


def _back(code: str, note: str) -> HttpResponse:
    return redirect(f"{reverse('my-expert-slides', args=[code])}?{note}")
