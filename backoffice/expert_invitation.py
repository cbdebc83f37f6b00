"""The passport data of an expert on one sheet for a letter of invitation, shown for a purpose."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.kit.actions import add_refusal
from backoffice.kit.labels import field_of
from submissions.domain import passport
from submissions.models import ExpertVisit, PassportData
from summit.lib.i18n.bilingual import text_in
from summit.lib.i18n.clock import moment_in_words
from summit.lib.i18n.languages import CONTENT_LANGUAGES
from summit.lib.i18n.names import staff_name
from summit.lib.web.requests import StaffRequest
from summit.lib.web.typed_text import LineField

if TYPE_CHECKING:
    from backoffice.kit.model_admin import SummitAdmin

MAY_SEE_PASSPORT = "submissions.view_passportdata"


class PurposeForm(forms.Form):
    purpose = LineField(
        label=_("Purpose"),
        max_length=200,
        help_text=_("Such as: letter of invitation by the foreign affairs office. It is recorded."),
    )


def told_passport(visit: ExpertVisit) -> str:
    """Return in words what was entered of the passport: the masked number, and when."""
    data = visit.passport_data
    if data is None:
        return gettext("not entered yet") if visit.asks_passport else gettext("not asked")
    words = gettext("entered on %(day)s, number %(number)s")
    day = timezone.localdate(data.entered_at).isoformat()
    return words % {"day": day, "number": data.masked_number}


def respond(page: "SummitAdmin", request: StaffRequest, visit: ExpertVisit) -> HttpResponse:
    """Ask for the purpose, and then show the whole data once, which is recorded.

    It is the answer to what was sent, so that no address and no cache holds it.
    """
    form = PurposeForm(request.POST if request.method == "POST" else None)
    response = None
    if form.is_bound and form.is_valid():
        purpose = form.cleaned_data["purpose"]
        try:
            data = passport.show(visit, purpose=purpose, by=request.user, request=request)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            response = _sheet(page, request, visit, data, purpose)
    if response is None:
        response = _ask(page, request, visit, form)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _ask(
    page: "SummitAdmin", request: StaffRequest, visit: ExpertVisit, form: PurposeForm
) -> HttpResponse:
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "original": visit,
        "title": _("Show for the invitation"),
        "subtitle": str(visit.expert.display_name),
        "form": form,
        "visit": visit,
        "state": told_passport(visit),
        "event_in_sight": visit.event,
        "change_url": page.row_url(visit),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "backoffice/expert_invitation.html", context, status=status)


def _sheet(
    page: "SummitAdmin",
    request: StaffRequest,
    visit: ExpertVisit,
    data: PassportData,
    purpose: str,
) -> HttpResponse:
    titles = [text_in(visit.event, "title", language) for language in CONTENT_LANGUAGES]
    context = {
        "event": visit.event,
        "titles": [title for title in titles if title],
        "sheet": "invitation",
        "lines": lines_of_invitation(visit, data),
        "purpose": purpose,
        "shown_to": staff_name(request.user),
        "shown_at": moment_in_words(timezone.now(), timezone.get_current_timezone()),
        "page_url": page.row_url(visit),
    }
    return TemplateResponse(request, "backoffice/print/expert_invitation.html", context)


def lines_of_invitation(visit: ExpertVisit, data: PassportData) -> list[tuple[str, ...]]:
    """Return what a letter of invitation says of an invitee: the label in Chinese and in English.

    In the order of the forms of foreign affairs offices. Two queries.
    """
    event, expert = visit.event, visit.expert
    place = expert.affiliation_at(event.starts_on)
    days = [
        at.astimezone(event.zone).date().isoformat() if at else ""
        for at in (visit.arrives_at, visit.departs_at)
    ]
    lines: list[tuple[Any, Any]] = [
        (field_of(PassportData, "name").verbose_name, lambda: data.name),
        (_("Chinese name"), lambda: expert.name_zh_hans),
        (field_of(PassportData, "sex").verbose_name, data.get_sex_display),
        (field_of(PassportData, "born_on").verbose_name, data.born_on.isoformat),
        (field_of(PassportData, "nationality").verbose_name, lambda: str(data.nationality.name)),
        (field_of(PassportData, "number").verbose_name, lambda: data.number),
        (field_of(PassportData, "issued_on").verbose_name, data.issued_on.isoformat),
        (field_of(PassportData, "expires_on").verbose_name, data.expires_on.isoformat),
        (_("organization"), lambda: place.organization.label if place else ""),
        (_("position"), lambda: place.position if place else ""),
        (field_of(PassportData, "contact").verbose_name, lambda: data.contact),
        (_("day of entry"), lambda: days[0]),
        (_("day of departure"), lambda: days[1]),
        (_("place of the visit"), lambda: _joined(event.city, event.venue)),
        (field_of(PassportData, "visa_city").verbose_name, lambda: data.visa_city),
    ]
    return [
        (*map(capfirst, _in_both(lambda label=label: label)), _values(read))
        for label, read in lines
    ]


def _in_both(read: Any) -> list[str]:
    """Return words in Chinese and in English."""
    found = []
    for language in reversed(CONTENT_LANGUAGES):
        with translation.override(language):
            found.append(str(read()))
    return found


def _values(read: Any) -> str:
    """Return a value in both languages where they differ, "—" for nothing."""
    return _joined(*dict.fromkeys(_in_both(lambda: read() or ""))) or "—"


def _joined(*texts: Any) -> str:
    return " · ".join(str(text) for text in texts if text)
