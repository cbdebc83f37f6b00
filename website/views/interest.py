"""A visitor expresses interest, sees on the same screen that it arrived, and manages it later."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from events.models import Event, Expert
from interests.domain import link, privacy, receiving
from interests.domain.receiving import About
from interests.forms.interest import InterestForm
from interests.models import Interest
from projects.models import Project
from registrations.domain.registration import SentBefore
from summit.lib.given import given
from summit.lib.web import client_network
from summit.lib.web.signed_links import INTEREST, sign
from website.views.guards import View, count_post, is_switched, too_many, typed_in
from website.views.personal import keyed

# The codes of what this browser has sent: which of them is whose, the session alone knows.
_KEY = "interests-sent-here"
_MOST = 20
SECTIONS = {"project": "projects", "expert": "experts", "event": "events"}


def project(request: HttpRequest, slug: str) -> HttpResponse:
    return _express(request, Project.objects.listed(), slug)


def expert(request: HttpRequest, slug: str) -> HttpResponse:
    return _express(request, Expert.objects.visible(), slug)


def event(request: HttpRequest, slug: str) -> HttpResponse:
    return _express(request, Event.objects.visible(), slug)


# No cache on the way may have it; the browser may, so that Back shows the form as it was left.
@cache_control(private=True, no_cache=True)
@sensitive_post_parameters()
def _express(request: HttpRequest, rows: QuerySet[Model], slug: str) -> HttpResponse:
    """Show the form about one of the rows that visitors see, and take what is sent."""
    # Before anything is looked up: strangers try things.
    if refusal := count_post(request, "form"):
        return too_many(request, refusal)
    about: About | None = rows.filter(slug=slug).first()  # type: ignore[assignment]  # of three
    if about is None:
        raise Http404
    is_sent = request.method == "POST" and not is_switched(request)
    form = InterestForm(request.POST if is_sent else None, about=about)
    if is_switched(request):
        form.initial = {**form.initial, **typed_in(form, request.POST)}
    if is_sent and form.is_valid():
        try:
            interest = receiving.receive(
                about,
                form.visitor(),
                event=_met_at(request, about),
                network=client_network.network_of(request),
                use_of_form=given(form.stamp).use,
            )
        except SentBefore:
            form.add_error(None, form.sent_before())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            kept = [*request.session.get(_KEY, []), interest.code]
            request.session[_KEY] = kept[-_MOST:]
            return redirect("interests-sent")
    context = {
        "form": form,
        "refused": form.is_bound,
        "about": about,
        "event": about if isinstance(about, Event) else None,
        "title": about.display_name if isinstance(about, Expert) else about.title,
        "keep_months": settings.INTEREST_KEEP_MONTHS,
        "section": SECTIONS[str(about._meta.model_name)],
        # The switch of languages sends the form along.
        "kept_form": "interest",
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "website/interest.html", context, status=status)


def _met_at(request: HttpRequest, about: About) -> Event | None:
    """Return the event whose page led here, as the address says, if it has a part in that."""
    slug = request.GET.get("event", "")
    events = receiving.events_of(about) if slug else []
    return next((each for each in events if each.slug == slug), None)


@never_cache
def sent(request: HttpRequest) -> HttpResponse:
    """Show what this browser has sent: nothing of it to anybody else."""
    codes = request.session.get(_KEY, [])
    found = Interest.objects.filter(code__in=codes).with_about() if codes else []
    interests = [(each, sign(each.code, INTEREST), link.code_to_tell(each)) for each in found]
    return TemplateResponse(request, "website/interests_sent.html", {"interests": interests})


@require_POST
@never_cache
def leave(request: HttpRequest) -> HttpResponse:
    """Forget in this browser what was sent from it."""
    request.session.pop(_KEY, None)
    return redirect("interests-sent")


def of_interest(view: View) -> View:
    """Find what a visitor wrote by the link that they got, as ``personal`` does."""
    return keyed(view, INTEREST, _find, lambda _interest: None)


def _find(code: str) -> Interest | None:
    return Interest.objects.with_about().filter(code=code).first()


@of_interest
@require_safe
def page(request: HttpRequest, interest: Interest) -> HttpResponse:
    context = {
        "interest": interest,
        "code": sign(interest.code, INTEREST),
        "query_code": link.code_to_tell(interest),
        "is_renewed": "renewed" in request.GET,
        "answers": [
            (each.text, timezone.localdate(each.answered_at)) for each in interest.answers.all()
        ],
        "hand_overs": [
            (each.recipient, timezone.localdate(each.passed_on_at))
            for each in interest.hand_overs.all()
        ],
        "sent_on": timezone.localdate(interest.received_at),
        "kept_until": timezone.localdate(interest.kept_until),
        "agreed_on": interest.consented_at and timezone.localdate(interest.consented_at),
        "withdrawn_on": interest.withdrawn_at and timezone.localdate(interest.withdrawn_at),
    }
    return TemplateResponse(request, "website/my_interest.html", context)


@of_interest
@require_POST
def withdraw(_request: HttpRequest, interest: Interest) -> HttpResponse:
    privacy.withdraw_consent(interest)
    return redirect("my-interest", code=sign(interest.code, INTEREST))


@of_interest
@require_POST
def renew(request: HttpRequest, interest: Interest) -> HttpResponse:
    """Make the link invalid, which somebody else may have, and lead to the new one."""
    before = interest.code
    link.renew(interest)
    # The page of this browser goes on showing it.
    kept = request.session.get(_KEY, [])
    if before in kept:
        request.session[_KEY] = [interest.code if code == before else code for code in kept]
    return redirect(f"{link.path_of(interest)}?renewed")


@of_interest
def delete(request: HttpRequest, interest: Interest) -> HttpResponse:
    """Ask whether everything is to be deleted, and delete it."""
    if request.method == "POST":
        privacy.erase([interest], reason="visitor")
        return TemplateResponse(request, "website/my_interest_deleted.html")
    context = {"interest": interest, "code": sign(interest.code, INTEREST)}
    return TemplateResponse(request, "website/my_interest_delete.html", context)
