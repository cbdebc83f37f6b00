"""The figures of a report as spreadsheets."""

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.http import content_disposition_header

from audit import trail
from backoffice.audited import Action
from backoffice.report import ENDINGS, in_its_language, scope_of
from backoffice.report_meetings import export_lines
from backoffice.report_selection import PERMISSION
from interests.report import SECTION, numbers_of
from projects.exports import report as export
from projects.exports import signed
from projects.models import CooperationIntention
from projects.report import queries
from projects.report.figures import register
from summit.lib.web.requests import StaffRequest

CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@permission_required(PERMISSION, raise_exception=True)
@in_its_language
def report_file(request: StaffRequest, kind: str, slug: str, ending: str) -> HttpResponse:
    """Send the file. It names no attendee, so that nobody has to record who had it."""
    read = queries.read(scope_of(kind, slug, request.user))
    interest = [
        export.Line(
            f"interest_{figure.key}",
            str(SECTION),
            str(figure.label),
            "",
            number,
            str(figure.unit),
            str(figure.definition),
        )
        for figure, number in numbers_of(read.subject)
    ]
    write = export.workbook if ending == "xlsx" else export.csv_file
    content = write(read, [*interest, *export_lines(read.subject)])
    name = content_disposition_header(True, export.file_name(read, ending))
    headers = {"Content-Disposition": name}
    return HttpResponse(content, content_type=CONTENT_TYPES[ending], headers=headers)


@permission_required(PERMISSION, raise_exception=True)
@in_its_language
def signed_file(request: StaffRequest, kind: str, slug: str, ending: str) -> HttpResponse:
    """Send the signed intentions one by one, and record it as the export of a list."""
    subject = scope_of(kind, slug, request.user)
    content = signed.workbook(subject) if ending == "xlsx" else signed.csv_file(subject)
    trail.record(
        Action.LIST_EXPORTED,
        by=request.user,
        request=request,
        subject=f"list · {CooperationIntention._meta.label_lower}",
        file_format=ending,
        rows=register.signed.rows(subject).count(),
        filters={"report": subject.name},
    )
    name = content_disposition_header(True, signed.file_name(subject, ending))
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=CONTENT_TYPES[ending], headers=headers)


def urls(site: AdminSite) -> list[URLPattern]:
    """Return the addresses of the files, for the admin site to put before its own."""
    return [
        path(
            f"report/{kind}/<slug:slug>/{file}.{ending}",
            site.admin_view(view),
            {"kind": kind, "ending": ending},
            name=name.format(kind=kind, ending=ending),
        )
        for kind in ("series", "event")
        for ending in ENDINGS
        for file, view, name in (
            ("report", report_file, "report_{kind}_{ending}"),
            ("signed", signed_file, "report_{kind}_signed_{ending}"),
        )
    ]
