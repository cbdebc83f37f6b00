"""What is printed of an event: badges, the programme, the sign-in sheet, what was signed."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from backoffice.attendee_export import may_export
from backoffice.workspace.page import EventPage
from backoffice.workspace.print_forms import BOTH, ProgrammeForm, SignedForm, SignInForm
from events.exports.programme_table import people_of_the_whole, programme_days
from events.models import Event, EventRole
from events.models.organization import FormerNames
from meetings.domain.desk import events_at_meetings_desk_of
from projects.report.signed import signed_lines
from projects.report.subject import Subject
from registrations.domain import export_record as exports
from registrations.domain.desk import events_at_desk_of
from registrations.exports import sign_in_sheet
from registrations.models import ExportRecord
from summit.lib.i18n import clock
from summit.lib.i18n.bilingual import text_in
from summit.lib.i18n.languages import CONTENT_LANGUAGES, TAGS, Words, current, listed
from summit.lib.web.requests import user_of

PROGRAMME, SIGN_IN, SIGNED = "programme", "sign-in", "signed"
PERMISSIONS = {
    PROGRAMME: "events.view_session",
    SIGN_IN: "registrations.view_registration",
    SIGNED: "projects.view_cooperationintention",
}


def _offers(request: HttpRequest, event: Event) -> dict[str, Any]:
    """Return for the page what there is to print and the person may see."""
    user = user_of(request)
    language = {"language": current()}
    offered: dict[str, Any] = {}
    if events_at_desk_of(user).filter(pk=event.pk).exists():
        offered["badges_url"] = reverse("desk-badges", args=[event.slug])
    if events_at_meetings_desk_of(user).filter(pk=event.pk).exists():
        offered["meetings_url"] = reverse("meetings-sheets", args=[event.slug])
        offered["meetings_desk_url"] = reverse("meetings-desk", args=[event.slug])
    if user.has_perm(PERMISSIONS[PROGRAMME]):
        offered["has_programme"] = event.sessions.exists()
        offered["programme_form"] = ProgrammeForm(initial=language)
    if user.has_perm(PERMISSIONS[SIGN_IN]):
        offered["expected"] = sign_in_sheet.expected(event).count()
        offered["sign_in_form"] = SignInForm(
            initial=language, event=event, may_see_phones=may_export(user, event)
        )
    if user.has_perm(PERMISSIONS[SIGNED]):
        offered["signed"] = event.intentions.signed().count()
        offered["signed_form"] = SignedForm(initial=language)
    return offered


class PrintPage(EventPage):
    """The page that offers what is printed, and each sheet: ``?sheet=programme``.

    The sheet of people is posted and recorded as an export. Overrides ``respond``.
    """

    name = "print"
    change_form_template = "backoffice/workspace/print.html"

    def respond(self, request: HttpRequest, object_id: str) -> HttpResponse:
        event = self.read_event(request, object_id)
        if event is None:
            return self.lead_away(request, object_id)
        name = request.GET.get("sheet", "")
        if name and name not in SHEETS:
            raise Http404
        if name and not request.user.has_perm(PERMISSIONS[name]):
            raise PermissionDenied
        methods = ["POST"] if name == SIGN_IN else ["GET", "HEAD"]
        if request.method not in methods:
            return HttpResponseNotAllowed(methods)
        if name:
            return SHEETS[name](self, request, event)
        return self.show(request, event, **_offers(request, event))


def _programme(page: PrintPage, request: HttpRequest, event: Event) -> HttpResponse:
    form = ProgrammeForm(request.GET)
    chosen = form.cleaned_data["language"] if form.is_valid() else current()
    languages = CONTENT_LANGUAGES[::-1] if chosen == BOTH else (chosen,)
    context = {"days": programme_days(event, languages), "is_wide": len(languages) > 1}
    return _sheet(request, event, PROGRAMME, context, *languages)


def _signed(page: PrintPage, request: HttpRequest, event: Event) -> HttpResponse:
    form = SignedForm(request.GET)
    language, with_confidential = current(), False
    if form.is_valid():
        language = form.cleaned_data["language"]
        with_confidential = form.cleaned_data["confidential"]
    with translation.override(language):
        lines = list(signed_lines(Subject(event)))
    shown = [line for line in lines if line.is_public or with_confidential]
    context = {"lines": shown, "left_out": len(lines) - len(shown), "is_wide": True}
    return _sheet(request, event, SIGNED, context, language)


def _sign_in(page: PrintPage, request: HttpRequest, event: Event) -> HttpResponse:
    """Answer with the sheet of people, and record it as an export of them before it is made."""
    user = user_of(request)
    form = SignInForm(request.POST, event=event, may_see_phones=may_export(user, event))
    if not form.is_valid():
        shown = page.show(request, event, **_offers(request, event) | {"sign_in_form": form})
        shown.status_code = 422
        return shown
    given, people = form.cleaned_data, form.people
    has_phone = given["phone"] != sign_in_sheet.NO_PHONE
    record = exports.begin(
        event,
        by=user,
        user_name=user.get_username(),
        source=ExportRecord.Source.ADMIN,
        file_format="print",
        file_name=f"sign-in-{event.slug}",
        columns=["name", "organization", "position", *(["phone"] if has_phone else [])],
        filters={
            "purpose": "sign_in",
            "phone": given["phone"],
            "order": given["order"],
            "language": given["language"],
            "categories": [given["category"]] if given["category"] else [],
        },
        expected=people.count(),
        request=request,
    )
    rows = sign_in_sheet.signers(people, order=given["order"], phone=given["phone"])
    signers = list(exports.counted(record, rows))
    context = {
        "signers": signers,
        "blank": range(len(signers) + 1, len(signers) + 1 + given["blank"]),
        "has_phone": has_phone,
        # To be filled in by hand.
        "line": format_html('<span class="{}"></span>', "to-fill"),
    }
    return _sheet(request, event, SIGN_IN, context, given["language"])


SHEETS: dict[str, Callable[[PrintPage, HttpRequest, Event], HttpResponse]] = {
    PROGRAMME: _programme,
    SIGN_IN: _sign_in,
    SIGNED: _signed,
}


def _sheet(
    request: HttpRequest,
    event: Event,
    name: str,
    context: dict[str, Any],
    *languages: str,
) -> HttpResponse:
    """Answer with a sheet in the first of the languages, its title in all. No cache keeps it."""
    language = languages[0]
    with translation.override(language), timezone.override(event.zone):
        head = _head(event)
        if name == PROGRAMME:
            head += people_of_the_whole(event)
        response = TemplateResponse(
            request,
            f"backoffice/print/{name}.html",
            {
                "event": event,
                "sheet": name,
                "titles": list(filter(None, (text_in(event, "title", each) for each in languages)))
                or [event.title],
                "head": head,
                "page_url": reverse("admin:events_event_print", args=[event.pk]),
                **context,
            },
        ).render()
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = TAGS[language]
    return response


def _head(event: Event) -> list[tuple[Words, object]]:
    """Return when, where and by whom, as stands above a table of a public body."""
    roles = EventRole.objects.filter(event=event, organization__is_public=True)
    hosts = list(roles.filter(role=EventRole.Role.SPONSOR).select_related("organization"))
    names = FormerNames((each.organization_id, each.organization.names_before) for each in hosts)
    day = event.starts_on
    sponsors = [names.at(each.organization_id, day) or each.organization.name for each in hosts]
    where = [text for text in (event.city, event.venue) if text]
    told: list[tuple[Words, str]] = [
        (_("Time"), clock.full(clock.Span.of(event.starts_at, event.ends_at, event.zone))),
        (_("Place"), " ".join(where)),
        (EventRole.Role.SPONSOR.label, listed(sponsors)),
    ]
    return [(label, text) for label, text in told if text]
