"""The page of a call with its form, and the pages that list the open calls."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import ListView

from submissions.domain import link
from submissions.domain import submission as domain
from submissions.forms.submission import NewSubmissionForm
from submissions.kinds import CallKind
from submissions.models import Call, Submission
from submissions.models.call import CallQuerySet
from summit.lib.given import given
from summit.lib.web import client_network
from website.views.guards import count_post, is_switched, too_many, typed_in

SEND = "send"


# No cache on the way may have it; the browser may, so that Back shows the form as it was left.
@cache_control(private=True, no_cache=True)
@sensitive_post_parameters()
def call(request: HttpRequest, slug: str) -> HttpResponse:
    if refusal := count_post(request, "form"):
        return too_many(request, refusal)
    rows = Call.objects.visible_to(request.user).select_related("event", "series")
    found = rows.filter(slug=slug).first()
    if found is None:
        raise Http404
    # A link or a printed code fills them in.
    initial = {name: request.GET.get(name, "") for name in ("district", "department")}
    return answer(request, found, initial)


def answer(
    request: HttpRequest, call: Call, initial: dict[str, Any], like: Submission | None = None
) -> HttpResponse:
    """Show the form of a call, or keep what was sent and lead to its own page.

    What was typed is kept as a draft whatever has become of the call meanwhile.
    """
    is_sent = request.method == "POST" and not is_switched(request)
    form = NewSubmissionForm(request.POST if is_sent else None, call=call, initial=initial)
    if is_switched(request):
        form.initial = {**form.initial, **typed_in(form, request.POST)}
    if is_sent and not call.is_draft and form.is_valid():
        try:
            made = _begin(request, form, like)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect(f"{link.path_of(made)}?{_send(request, made)}")
    refused = bool(form.errors)
    context = {
        **{"call": call, "form": form, "refused": refused, "like": like},
        # The switch of languages sends the form along, where there is one.
        "kept_form": "submission" if call.is_open or call.is_draft or refused else "",
        **how_long(),
    }
    status = 422 if refused else 200
    return TemplateResponse(request, "website/call.html", context, status=status)


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, also where that is nothing; ``None`` for a page that is looked at."""
    return request.POST if request.method == "POST" else None


def how_long() -> dict[str, Any]:
    """Return what components/submission_notice.html says of how long things are kept."""
    return {
        "submission_keep_months": settings.SUBMISSION_KEEP_MONTHS,
        "submission_draft_days": settings.SUBMISSION_DRAFT_DAYS,
    }


def _begin(request: HttpRequest, form: NewSubmissionForm, like: Submission | None) -> Submission:
    try:
        return domain.begin(
            form.call,
            form.sender(),
            form.values(),
            language=get_language() or "en",
            network=client_network.network_of(request),
            use_of_form=given(form.stamp).use,
            like=like,
        )
    except domain.SentBefore:
        raise form.sent_before() from None


def _send(request: HttpRequest, made: Submission) -> str:
    """Send what was kept where the button says so; return what its page is to say."""
    if SEND not in request.POST:
        return "saved"
    try:
        domain.send(made, version=made.version)
    except domain.Incomplete:
        return "missing"
    except domain.CallClosed:
        return "closed"
    return "sent"


class OpenCallsView(ListView):
    """The open calls of some kinds, and what happens with what one sends."""

    template_name = "website/open_calls.html"
    context_object_name = "calls"
    kinds: tuple[CallKind, ...] = (CallKind.NEED, CallKind.TALENT)

    def get_queryset(self) -> CallQuerySet:
        rows = Call.objects.open().filter(kind__in=self.kinds)
        return rows.select_related("event", "series")[:100]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asks_for_needs = CallKind.NEED in self.kinds
        return super().get_context_data(asks_for_needs=asks_for_needs, **how_long(), **kwargs)
