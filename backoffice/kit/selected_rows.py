"""Pages that ask before an action does something with the rows selected in a list."""

from collections.abc import Sequence

from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.forms import Form
from django.http import HttpRequest
from django.template.response import TemplateResponse


def ask(
    model_admin: ModelAdmin,
    request: HttpRequest,
    template: str,
    *,
    action: str,
    title: str,
    button: str,
    is_grave: bool = False,
    form: Form | None = None,
    rows: Sequence[object] | None = None,
    **context: object,
) -> TemplateResponse:
    """Return the page of an action, which sends the selection on, and ``post`` with it.

    ``template`` extends ``backoffice/selected_rows.html``. The selection is that of the list:
    however many rows it holds, its filters say which. With ``rows`` it is these alone, and
    whoever comes to the list meanwhile is not among them. Without a ``button`` there is
    nothing to do. Answers 422 for a form that is refused.
    """
    across = rows is None and request.POST.get("select_across") == "1"
    if rows is not None:
        selected = [row.pk for row in rows]
    else:
        # One box stands for all.
        selected = ["0"] if across else request.POST.getlist(ACTION_CHECKBOX_NAME)
    return TemplateResponse(
        request,
        template,
        {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.opts,
            "title": title,
            "action": action,
            "button": button,
            "is_grave": is_grave,
            "form": form,
            "rows": rows,
            "selected": selected,
            "across": across,
            "checkbox": ACTION_CHECKBOX_NAME,
            "list_url": request.get_full_path(),
            **context,
        },
        status=422 if form is not None and form.errors else 200,
    )
