"""Import of filled forms and lists into a call: choose files, look at what was read, confirm.

What was previewed travels signed in the confirmation, as in other imports
(``backoffice/kit/importing/importer.py``): exactly that is written, and no file waits on a server.
"""

from dataclasses import asdict, replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backoffice.call_import_files import ImportForm, Reader, Row
from backoffice.call_pages import call_urls, link_to, link_to_submissions
from backoffice.kit.actions import Button
from backoffice.kit.guard import try_twice
from backoffice.kit.importing import sheet
from backoffice.kit.importing.importer import CONFIRM_WITHIN
from backoffice.kit.model_admin import SummitAdmin
from events.domain.untold import said_to
from events.models import Department, District
from submissions.domain import importing
from submissions.domain.completeness import remarks_on
from submissions.domain.importing import Entry
from submissions.domain.submission import Sender, missing_of
from submissions.fields import BY_KEY
from submissions.models import Call, Submission
from summit.lib.web.requests import StaffRequest

_NAME, _LABEL = "import", gettext_lazy("Import forms")
# So many rows the preview shows in full.
SHOWN = 200


def link_to_import(call: Call) -> tuple[Button, str]:
    return link_to(_NAME, _LABEL, call)


def import_urls(page: SummitAdmin) -> list[URLPattern]:
    return call_urls(page, _NAME, _show)


def may_import(page: SummitAdmin, request: HttpRequest, call: Call) -> bool:
    """Whether somebody reviews submissions and may change the call."""
    may_review = request.user.has_perm("submissions.change_submission")
    return may_review and page.has_change_permission(request, call)


def _show(page: SummitAdmin, request: StaffRequest, call: Call) -> HttpResponse:
    if not may_import(page, request, call):
        raise PermissionDenied
    if request.method == "POST" and "payload" in request.POST:
        return _confirm(page, request, call)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES)
    if not form.is_bound or not form.is_valid():
        return _answer(page, request, call, form=form)
    reader = Reader(call)
    try:
        rows = reader.rows(form.cleaned_data["chosen"])
    except ValidationError as error:
        form.add_error("chosen", error)
        return _answer(page, request, call, form=form)
    told = {"notes": reader.notes, "reading": reader.reading}
    return _preview(page, request, call, form, rows, **told)


def _preview(
    page: SummitAdmin,
    request: StaffRequest,
    call: Call,
    form: ImportForm,
    rows: list[Row],
    **told: Any,
) -> HttpResponse:
    """Show what was read and what was not; nothing confirms it where a row has an error."""
    refused = [row for row in rows if row.errors]
    if refused:
        return _answer(page, request, call, form=form, refused=refused, **told)
    read = [row.submission for row in rows if row.submission]
    for row, is_double in zip(rows, importing.doubles(call, read), strict=True):
        row.is_double = is_double
        row.remarks = _remarks(row.submission) if row.submission else []
    new = [row for row in rows if not row.is_double]
    entries = [_packed(row.entry) for row in new if row.entry]
    mails = form.cleaned_data["mails_receipts"]
    told |= {
        "rows": rows[:SHOWN],
        "not_shown": max(0, len(rows) - SHOWN),
        "new": len(new),
        "doubles": len(rows) - len(new),
        "complete": sum(not row.remarks for row in new),
        "mails": sum(bool(row.submission and row.submission.email) for row in new) if mails else 0,
        "are_several_files": len({row.file for row in rows}) > 1,
    }
    if new:
        told["payload"] = signing.dumps([entries, mails], salt=_salt(request, call), compress=True)
    return _answer(page, request, call, form=form, **told)


def _remarks(submission: Submission) -> list[Any]:
    lacking = [
        _("“%(field)s” is missing.") % {"field": _label_of(key)} for key in missing_of(submission)
    ]
    # Of an address that was typed by somebody else nobody can ask more yet.
    return [*lacking, *(remark.words for remark in remarks_on(submission) if remark.field)]


def _label_of(key: str) -> str:
    if key in BY_KEY:
        return str(BY_KEY[key].label)
    return str(Submission._meta.get_field(key).verbose_name)  # type: ignore[union-attr]  # a column


def _confirm(page: SummitAdmin, request: StaffRequest, call: Call) -> HttpResponse:
    """Add what was previewed, all of it or nothing."""
    try:
        packed, mails = signing.loads(
            request.POST["payload"], salt=_salt(request, call), max_age=CONFIRM_WITHIN
        )
    except signing.BadSignature:
        messages.error(request, _("This preview is too old. Choose the file again."))
        return _answer(page, request, call, form=ImportForm())
    entries = _unpacked(packed)
    write = partial(
        importing.add, call, entries, by=request.user, mails_receipts=mails, request=request
    )
    try:
        made, left_out = try_twice(write)
    except ValidationError as error:
        form = ImportForm()
        refusal = said_to(request.user, error)
        told = {"told": refusal.messages}
        return _answer(page, request, call, form=form, **told)
    LogEntry.objects.log_actions(
        request.user.pk, made, ADDITION, change_message=_("Imported from a file.")
    )
    words = ngettext(
        "%(count)d submission was added to the call.",
        "%(count)d submissions were added to the call.",
        len(made),
    ) % {"count": len(made)}
    if left_out:
        words += " " + ngettext(
            "%(count)d that the call has already was left out.",
            "%(count)d that the call has already were left out.",
            left_out,
        ) % {"count": left_out}
    messages.success(request, words)
    return HttpResponseRedirect(link_to_submissions(call)[1])


def _packed(entry: Entry) -> list[Any]:
    sender = asdict(replace(entry.sender, district=None, department=None))
    for name in ("district", "department"):
        row = getattr(entry.sender, name)
        sender[name] = row.pk if row else None
    return [sender, entry.values, entry.language]


def _unpacked(packed: list[Any]) -> list[Entry]:
    """Return the entries with the districts and departments that are there still. Two queries."""
    places: dict[str, dict[int, Any]] = {}
    for name, model in (("district", District), ("department", Department)):
        keys = {sender[name] for sender, *_more in packed if sender[name]}
        places[name] = {row.pk: row for row in model.objects.filter(pk__in=keys)}
    return [
        Entry(
            Sender(**sender | {name: rows.get(sender[name]) for name, rows in places.items()}),
            values,
            language,
        )
        for sender, values, language in packed
    ]


def _salt(request: StaffRequest, call: Call) -> str:
    return f"import into call {call.pk} by {request.user.pk}"


def _answer(page: SummitAdmin, request: StaffRequest, call: Call, **context: Any) -> HttpResponse:
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "original": call,
        "title": _LABEL,
        "event_in_sight": call.event,
        "max_rows": sheet.MAX_ROWS,
        **context,
    }
    return TemplateResponse(request, "backoffice/call_import.html", context)
