"""Attendees as a file, for those at whose desk they are: the choice, and column sets to keep it."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseBase, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from desk.views.access import at_desk
from events.models import Event
from registrations.domain import column_set as column_sets
from registrations.domain import export_record as exports
from registrations.exports.attendee_file import download
from registrations.exports.attendees import chosen
from registrations.forms.attendee_export import (
    ExportForm,
    left_out_in_words,
    missing_in_words,
)
from registrations.models import ExportRecord, Registration
from summit.lib.spreadsheets import TooManyRows
from summit.lib.web.requests import StaffRequest

type View = Callable[..., HttpResponseBase]


def refusals_recorded(view: View) -> View:
    """Record whoever is refused by the view, with the event of the slug, if there is one."""

    @wraps(view)
    def guarded(request: StaffRequest, slug: str) -> HttpResponseBase:
        try:
            return view(request, slug)
        except PermissionDenied:
            event = Event.objects.filter(slug=slug).first()
            if event is not None:
                exports.refuse(
                    event, by=request.user, source=ExportRecord.Source.DESK, request=request
                )
            raise

    return guarded


@refusals_recorded
@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: StaffRequest, event: Event) -> HttpResponseBase:
    """Show the form, or do what the button says that was pressed in it; a file by default."""
    if not request.user.has_perm("registrations.export_registration"):
        raise PermissionDenied(_("You may not export attendees. Ask an organizer."))
    if request.method != "POST":
        return _page(request, ExportForm(event=event, user=request.user))
    form = ExportForm(request.POST, event=event, user=request.user)
    return _BUTTONS.get(request.POST.get("do"), _download)(request, form)


def _page(
    request: StaffRequest, form: ExportForm, status: int = 200, **context: object
) -> HttpResponseBase:
    rows = form.count()
    of_event = Registration.objects.filter(event=form.event, erased_at=None)
    context |= {"event": form.event, "form": form, "rows": rows, "total": of_event.count()}
    if form.missing:
        context["missing"] = missing_in_words(form.missing)
    if rows is not None and form.is_for_others and (left_out := form.left_out()):
        context["left_out"] = left_out_in_words(left_out)
    return TemplateResponse(
        request, "desk/export.html", context, status=422 if form.errors else status
    )


def _again(request: StaffRequest, form: ExportForm, data: QueryDict) -> ExportForm:
    return ExportForm(data, event=form.event, user=request.user)


def _download(request: StaffRequest, form: ExportForm) -> HttpResponseBase:
    if form.is_valid():
        columns, _gone = chosen(form.event, form.cleaned_data["columns"])
        if form.missing:
            # Whoever asked for them would not notice that they are not in the file.
            form.add_error("columns", _("Look at the columns that are left, and download again."))
        elif not columns:
            form.add_error("columns", _("Choose at least one column."))
        elif not form.attendees(columns).count():
            form.add_error(
                None, _("Nobody matches this choice, so there is no file. Choose more people.")
            )
        elif form.fits_column_set() and form.has_purpose(columns):
            try:
                return download(
                    form.attendees(columns),
                    file_format=form.cleaned_data["file_format"],
                    by=request.user,
                    source=ExportRecord.Source.DESK,
                    filters=form.filters(),
                    reasons=form.reasons(),
                    request=request,
                )
            except TooManyRows as error:
                form.add_error("file_format", error.messages)
    return _page(request, form)


def _all(request: StaffRequest, form: ExportForm) -> HttpResponseBase:
    return _page(
        request, _again(request, form, form.with_columns(form.harmless_names)), is_open=True
    )


def _none(request: StaffRequest, form: ExportForm) -> HttpResponseBase:
    return _page(request, _again(request, form, form.with_columns([])), is_open=True)


def _use(request: StaffRequest, form: ExportForm) -> HttpResponseBase:
    """Tick the columns of a set, and name it, so that saving would write it again."""
    form.is_valid()
    column_set = form.cleaned_data["column_set"]
    if column_set is None:
        form.add_error("column_set", _("Choose a column set first."))
        return _page(request, form)
    may_change = column_sets.may_change(column_set, request.user)
    data = form.with_columns(
        column_set.columns,
        name=column_set.name if may_change else "",
        is_shared="on" if may_change and column_set.is_shared else "",
    )
    return _page(request, _again(request, form, data), used=column_set, is_open=True)


def _save(request: StaffRequest, form: ExportForm) -> HttpResponseBase:
    if form.is_valid():
        if not form.cleaned_data["name"]:
            form.add_error("name", _("Type a name for the column set."))
        if not form.cleaned_data["columns"]:
            form.add_error("columns", _("Choose at least one column."))
    if form.errors:
        return _page(request, form)
    given = form.cleaned_data
    sure = f"save {given['name']}"
    try:
        kept = column_sets.save(
            given["name"],
            columns=given["columns"],
            is_shared=given["is_shared"],
            is_for_others=form.is_for_others,
            by=request.user,
            replace=request.POST.get("sure") == sure,
        )
    except column_sets.NameTaken as taken:
        return _page(request, form, status=409, asked="save", sure=sure, question=taken.messages[0])
    except ValidationError as error:
        form.add_error("name", error.messages)
        return _page(request, form)
    said = _("The column set “%(name)s” is saved.") % {"name": kept.name}
    data = form.with_columns(given["columns"], column_set=str(kept.pk))
    return _page(request, _again(request, form, data), saved=said)


def _delete(request: StaffRequest, form: ExportForm) -> HttpResponseBase:
    form.is_valid()
    column_set = form.cleaned_data["column_set"]
    if column_set is None:
        form.add_error("column_set", _("Choose a column set first."))
        return _page(request, form)
    sure = f"delete {column_set.pk}"
    may = column_sets.may_change(column_set, request.user)
    if may and request.POST.get("sure") != sure:
        said = _("Delete “%(name)s”?")
        if column_set.is_shared:
            said = _("Delete “%(name)s”? It is shared: everybody loses it.")
        question = said % {"name": column_set.name}
        return _page(request, form, asked="delete", sure=sure, question=question)
    try:
        column_sets.delete(column_set, by=request.user)
    except ValidationError as error:
        form.add_error("column_set", error.messages)
        return _page(request, form)
    said = _("The column set “%(name)s” is deleted.") % {"name": column_set.name}
    return _page(request, _again(request, form, form.data), deleted=said)


_BUTTONS: dict[str | None, Callable[[StaffRequest, ExportForm], HttpResponseBase]] = {
    "count": _page,
    "all": _all,
    "none": _none,
    "use": _use,
    "save": _save,
    "delete": _delete,
}
