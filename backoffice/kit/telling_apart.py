"""Recording on the pages of possible duplicates that rows are different ones, and undoing it."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from backoffice.kit.choosers import chooser_label, chooser_rows
from backoffice.kit.way_back import way_back
from events.domain import told_apart
from summit.lib.database.numbers import rows_by_keys
from summit.lib.i18n.languages import listed_long
from summit.lib.web.requests import StaffRequest

if TYPE_CHECKING:
    from backoffice.kit.model_admin import SummitAdmin


def tell_apart(page: "SummitAdmin", request: StaffRequest) -> HttpResponse:
    """Record of the rows that are sent that they are different, or take it back with ``undo``."""
    if not page.has_change_permission(request):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    keys = [key for part in request.POST.getlist("rows") for key in part.split(",") if key]
    rows = list(rows_by_keys(page.get_queryset(request), keys).order_by("pk"))
    if not all(page.has_change_permission(request, row) for row in rows):
        raise PermissionDenied(getattr(page.scope, "beyond_limits", ""))
    undone = "undo" in request.POST
    try:
        if len(rows) < len(set(keys)):
            raise told_apart.gone()
        (told_apart.take_back if undone else told_apart.tell_apart)(rows)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        _tell(page, request, rows, undone)
    doubles = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_doubles")
    return HttpResponseRedirect(way_back(request) or doubles)


def _tell(page: "SummitAdmin", request: StaffRequest, rows: list[Any], undone: bool) -> None:
    for row in rows:
        others = listed_long(other for other in rows if other != row)
        words = (
            _("No longer recorded as different from %(others)s.")
            if undone
            else _("Recorded as different from %(others)s.")
        )
        page.log_change(request, row, words % {"others": others})
    names = {"rows": listed_long(rows)}
    if undone:
        messages.success(request, _("May be duplicates again: %(rows)s.") % names)
        return
    said = _("Recorded as different: %(rows)s. They are no longer shown as possible duplicates.")
    address = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_merge")
    keys = ",".join(str(row.pk) for row in rows)
    link = format_html(
        '{} <a href="{}?rows={}">{}</a>', said % names, address, keys, _("Compare or undo")
    )
    messages.success(request, link)


def label_told_apart(page: "SummitAdmin", request: StaffRequest, row: Any) -> list[tuple[Any, str]]:
    """Return the rows that one is told apart from, each as a chooser names it. Two queries."""
    others = page.get_queryset(request).filter(pk__in=row.different_from.values("pk"))
    return [(each, chooser_label(page, each)) for each in chooser_rows(page, others).order_by("pk")]


def are_told_apart(rows: list[Any]) -> bool:
    """Whether each of the rows is recorded as different from all the others. One query."""
    apart = told_apart.told_apart(type(rows[0]), [row.pk for row in rows])
    keys = {row.pk for row in rows}
    return all(keys - {key} <= apart.get(key, set()) for key in keys)
