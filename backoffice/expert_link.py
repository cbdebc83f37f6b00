"""The personal link of an expert, on the expert's page: sent, shown to be copied, revoked.

Beside it a letter that can be printed, which names the public page and never the link.
"""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from backoffice import intention_fields
from backoffice.call_pages import LinkButton
from backoffice.expert_visit import visits_in_panel
from backoffice.kit.actions import Action, Button, Facts, RowForm
from backoffice.kit.deletion import page_of
from backoffice.kit.model_admin import SummitAdmin
from contacts.models import MAY_SEE_CONTACTS, Contact
from events.models import Event, Expert, SiteProfile
from events.models.scope import choosable, readable
from submissions.domain import expert_link, visit
from submissions.models import ExpertProposal
from summit.lib.drawing.qr import qr
from summit.lib.i18n.languages import CONTENT_LANGUAGES, OWN_NAMES, TAGS, current
from summit.lib.web.fields import field_of
from summit.lib.web.mail_addresses import EmailField
from summit.lib.web.requests import StaffRequest

_MAY_SEE = "submissions.view_expertproposal"
# How many proposals the page of an expert names.
_SHOWN = 3


class LinkForm(RowForm):
    email = EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Left empty, nothing is mailed: copy the link afterwards."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=list(OWN_NAMES.items()))
    until = intention_fields.day(
        _("Works until the end of"), help_text=_("Within two years. You can revoke it earlier.")
    )
    visit_to = forms.ModelChoiceField(
        Event.objects.none(),
        label=_("For the visit to"),
        required=False,
        help_text=_(
            "Choose an event to ask about the visit. Left empty, nothing is asked, and what was "
            "asked before stays."
        ),
    )
    asks_travel = forms.BooleanField(label=_("Ask for arrival and departure"), required=False)
    asks_passport = forms.BooleanField(
        label=_("Ask for passport data for the invitation letter"),
        required=False,
        help_text=_(
            "Only where an invitation needs it, and with an e-mail address, to which a code goes. "
            "It is erased 30 days after the event."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].required = True
        if not self.reader.has_perm(MAY_SEE_CONTACTS):
            self.initial["email"] = ""
        events = choosable(Event.objects.upcoming(), self.reader)
        field = field_of(self, "visit_to", forms.ModelChoiceField)
        field.queryset = events.exclude(status=Event.Status.CANCELLED)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = self.cleaned_data
        asks = given.get("asks_travel") or given.get("asks_passport")
        if asks and not given.get("visit_to") and "visit_to" not in self.errors:
            self.add_error("visit_to", _("Choose the event of the visit you ask about."))
        if given.get("asks_passport") and "email" in given and not given["email"]:
            self.add_error("email", _("Passport data needs an e-mail address: a code goes to it."))
        return cleaned

    @staticmethod
    def initial_for(expert: Expert) -> dict[str, Any]:
        """Propose the contact that was confirmed last, in the language that it understands."""
        contacts = Contact.objects.filter(expert=expert).exclude(email="")
        contact = contacts.order_by("-used_at", "-pk").first()
        language = {"zh": "zh-hans"}.get(contact.language, "en") if contact else current()
        until = timezone.localdate(expert_link.proposed_end())
        email = contact.email if contact else ""
        found = {"email": email, "language": language, "until": until}
        asked = visit.upcoming_visit(expert)
        if asked is None:
            return found
        boxes = {"asks_travel": asked.asks_travel, "asks_passport": asked.asks_passport}
        return {**found, **boxes, "visit_to": asked.event_id}


def _send(_admin: ModelAdmin, request: StaffRequest, expert: Expert, given: dict[str, Any]) -> None:
    last = dt.time(23, 59, 59)
    zone = timezone.get_default_timezone()
    event = given["visit_to"]
    if event is not None:
        visit.ask(
            expert,
            event,
            travel=given["asks_travel"],
            passport=given["asks_passport"],
            by=request.user,
        )
    expert_link.issue(
        expert,
        email=given["email"],
        language=given["language"],
        ends_at=dt.datetime.combine(given["until"], last, tzinfo=zone),
        by=request.user,
        request=request,
        visit_to=event.slug if event else "",
    )


def _revoke(
    _admin: ModelAdmin, request: StaffRequest, expert: Expert, _given: dict[str, Any]
) -> None:
    expert_link.revoke(expert, by=request.user, request=request)


def _what_works(expert: Expert) -> Facts:
    link = expert_link.working_link(expert)
    if link is None:
        return [(_("Expert"), expert.display_name), (_("Personal link"), "—")]
    return [
        (_("Expert"), expert.display_name),
        (_("Link sent to"), link.email or "—"),
        (_("Works until"), link.end_in_words),
    ]


SEND_LINK = Action[Expert](
    name="send-link",
    label=_("Send personal link"),
    explanation=_(
        "With the link the expert proposes corrections of this page, of talks and projects, and "
        "adds slides. That includes talks of events to come that are not published yet: their "
        "title, days and the own talks are shown. Nothing changes or is published before you "
        "accept it. A link that was sent before ends."
    ),
    run=_send,
    done=_("The personal link of %(object)s has been made, and mailed where an address was given."),
    form=LinkForm,
    facts=_what_works,
)
REVOKE_LINK = Action[Expert](
    name="revoke-link",
    label=_("Revoke personal link"),
    explanation=_("The link opens nothing any more. What was sent by it stays."),
    run=_revoke,
    done=_("The personal link of %(object)s has been revoked."),
    offered=lambda _admin, expert: expert_link.working_link(expert) is not None,
    refused=lambda _expert: _("There is no personal link that works."),
    facts=_what_works,
    is_grave=True,
)


def personal_link_panel(_page: Any, request: HttpRequest, expert: Any) -> dict[str, Any]:
    """Tell of the link that works, the latest proposals and visits. A panel. Three queries."""
    if not request.user.has_perm(_MAY_SEE):
        return {}
    rows = readable(ExpertProposal.objects.named().filter(expert=expert), request.user)
    found = rows.exclude(sent_at=None).order_by("-pk")[:_SHOWN]
    return {
        "personal_link": expert_link.working_link(expert),
        "visits": visits_in_panel(request, expert),
        "proposals": [(page_of(row), row) for row in found],
    }


def buttons(request: HttpRequest, expert: Expert, *, may_change: bool) -> list[tuple[Button, str]]:
    """Return the buttons that lead to the link, for who may send one, and to the letter."""
    names = [("letter", _("Print a letter"))]
    if may_change:
        names.insert(0, ("link", _("Copy link")))
    return [
        (LinkButton(label), reverse(f"admin:events_expert_{name}", args=[expert.pk]))
        for name, label in names
    ]


def urls(page: SummitAdmin) -> list[URLPattern]:
    def wrapped(view: Any) -> Any:
        def load(request: StaffRequest, object_id: str) -> HttpResponse:
            expert = page.read_row(request, unquote(object_id))
            if not isinstance(expert, Expert):
                raise Http404
            return view(page, request, expert)

        return page.admin_site.admin_view(load)

    return [
        path("<path:object_id>/personal-link/", wrapped(_show_link), name="events_expert_link"),
        path("<path:object_id>/letter/", wrapped(_show_letter), name="events_expert_letter"),
    ]


def _show_link(page: SummitAdmin, request: StaffRequest, expert: Expert) -> HttpResponse:
    """Show the link once that is asked for, which is recorded."""
    if not page.has_change_permission(request, expert):
        raise PermissionDenied
    link = expert_link.working_link(expert)
    address = ""
    if link is not None and request.method == "POST":
        expert_link.record_shown(link, by=request.user, request=request)
        address = settings.SITE_URL + expert_link.path_of(link)
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "original": expert,
        "title": _("Copy link"),
        "subtitle": str(expert.display_name),
        "link": link,
        "address": address,
        "page_url": page_of(expert),
    }
    response = TemplateResponse(request, "backoffice/expert_link.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _show_letter(page: SummitAdmin, request: StaffRequest, expert: Expert) -> HttpResponse:
    """Answer with a sheet in one language that names the public page, and no secret."""
    if not page.has_view_permission(request, expert):
        raise PermissionDenied
    chosen = request.GET.get("language", "")
    language = chosen if chosen in CONTENT_LANGUAGES else current()
    with translation.override(language):
        address = settings.SITE_URL + expert.get_absolute_url() if expert.is_public else ""
        context = {
            "expert": expert,
            "address": address,
            "qr": qr(address) if address else "",
            "link_address": settings.SITE_URL + reverse("find-submission"),
            "language": language,
            "languages": OWN_NAMES.items(),
            "site": SiteProfile.load(),
            "titles": [expert.display_name],
            "sheet": "notice",
            "page_url": page_of(expert),
        }
        response = TemplateResponse(request, "backoffice/print/expert_letter.html", context)
        response.render()
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = TAGS[language]
    return response
