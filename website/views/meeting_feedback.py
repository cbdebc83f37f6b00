"""What a participant says of the meetings that are over, by the personal page."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from meetings.domain import feedback
from meetings.forms.feedback import FeedbackForm
from meetings.models import Participant
from registrations.models import Registration
from website.proven_here import page_key
from website.views.personal import personal

# The name of the field that says which of the meetings a form is about.
PLACE = "place"


@dataclass
class Entry:
    """A meeting with its form; ``is_open`` shows the form at once."""

    judged: feedback.Judged
    form: FeedbackForm
    is_open: bool


@personal
def page(request: HttpRequest, registration: Registration) -> HttpResponse:
    participant = Participant.objects.filter(registration=registration).first()
    if participant is None:
        return redirect("my-registration", code=page_key(registration))
    found = feedback.list_judged(participant)
    refused: dict[int, FeedbackForm] = {}
    if request.method == "POST":
        posted = request.POST.get(PLACE, "")
        for judged in found:
            if str(judged.place.pk) == posted:
                form = _form(judged, request)
                if _give(judged, form):
                    address = reverse("my-meetings-feedback", args=[page_key(registration)])
                    return redirect(f"{address}?saved#meeting-{judged.place.pk}")
                refused[judged.place.pk] = form
    context = {
        "registration": registration,
        "event": registration.event,
        "code": page_key(registration),
        "is_saved": "saved" in request.GET and not refused,
        "entries": [
            Entry(
                each,
                refused.get(each.place.pk) or _form(each),
                each.said is None or each.place.pk in refused,
            )
            for each in found
        ],
    }
    status = 422 if refused else 200
    return TemplateResponse(request, "website/my_meeting_feedback.html", context, status=status)


def _form(judged: feedback.Judged, request: HttpRequest | None = None) -> FeedbackForm:
    return FeedbackForm(
        request.POST if request else None,
        initial=FeedbackForm.initial_for(judged.said),
        auto_id=f"id-{judged.place.pk}-%s",
    )


def _give(judged: feedback.Judged, form: FeedbackForm) -> bool:
    """Keep what was said; return whether it was, else the form says why not."""
    if not form.is_valid():
        return False
    try:
        feedback.give(judged.place, **form.given())
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
