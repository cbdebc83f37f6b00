"""Fills in the admin's forms as a browser does: what the page shows, with some of it changed."""

from django.test import Client
from django.urls import reverse

from registrations.models import Registration
from tests.threads import at_once


def url(row_or_model, name, *args):
    opts = row_or_model._meta
    if not isinstance(row_or_model, type):
        args = (row_or_model.pk, *args)
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=args)


def filled(response) -> dict:
    """Return what a browser would send of a change form if nothing were typed."""
    data = {}
    context = response.context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            if bound.field.__class__.__name__ in ("PictureFormField", "FileField"):
                continue
            value = bound.value()
            if value is None or value is False:
                continue
            widget = getattr(bound.field.widget, "widget", bound.field.widget)
            shown = widget.get_context(bound.html_name, value, {})["widget"]["value"]
            if hasattr(widget, "choices") and not isinstance(shown, list):
                shown = value
            if value is True:
                shown = "on"
            if shown is not None:
                data[bound.html_name] = shown
    if version := context.get("row_version"):
        data["_version"] = str(version)
    return data


def save(person: Client, row_or_model, name="change", **changes):
    """Open the form, change what is given (``None`` leaves it out), and press “Save”."""
    address = url(row_or_model, name)
    data = {**filled(person.get(address)), **changes, "_save": "Save"}
    return person.post(address, {key: value for key, value in data.items() if value is not None})


def do(person: Client, row, action: str, **given):
    """Confirm an action on the page of a row."""
    return person.post(url(row, "action", action), given)


def confirm_seen(person: Client, row, action: str, page, **given):
    """Confirm what the page of an action has shown, as a browser does that was left open."""
    hidden = {
        field.html_name: field.value() or "" for field in page.context["form"].hidden_fields()
    }
    return do(person, row, action, **hidden, _shown=page.context["shown"], **given)


def buttons(person: Client, row) -> list[str]:
    """Name the actions that the page of a row offers."""
    actions = person.get(url(row, "change")).context.get("row_actions", [])
    return [action.name for action, _address in actions]


def select(person: Client, action: str, *rows, query="", **posted):
    """Tick rows in their list and choose an action; return the page that it leads to."""
    posted = {"action": action, "_selected_action": [row.pk for row in rows], **posted}
    return person.post(url(type(rows[0]), "changelist") + query, posted, follow=True)


def confirm(person: Client, page, **given):
    """Send what the page of an action asks for the selected rows; return the list."""
    [(address, _status)] = page.redirect_chain
    return person.post(address, {"newest": page.context["newest"] or "", **given}, follow=True)


def use_on_selected(person: Client, action: str, *rows, **given):
    """Choose an action for rows of a list, and confirm what its page asks; return the list.

    Who is not offered the action asks for its page by the address.
    """
    page = select(person, action, *rows)
    if page.redirect_chain and "/do/" in page.redirect_chain[-1][0]:
        return confirm(person, page, **given)
    keys = "".join(f"{row.pk}," for row in rows)
    return person.post(url(type(rows[0]), "action", keys, action), given, follow=True)


def post_at_once(*pages: tuple[Client, str, dict]) -> list[int]:
    """Save pages, each with who sends which data where, in one moment; return the statuses."""
    calls = [
        lambda who=who, where=where, data=data: who.post(where, {**data, "_save": "Save"})
        for who, where, data in pages
    ]
    return sorted(response.status_code for response in at_once(*calls))


def inline(prefix: str, *rows: dict, initial: int = 0) -> dict:
    """Return the fields of an inline with new rows after the ``initial`` ones."""
    data = {
        f"{prefix}-TOTAL_FORMS": initial + len(rows),
        f"{prefix}-INITIAL_FORMS": initial,
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 1000,
    }
    for number, row in enumerate(rows, initial):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def errors(response) -> dict:
    """Return every message of a form that was refused, by the name of its field."""
    assert response.status_code == 200, response
    found = dict(response.context["adminform"].form.errors)
    for each in response.context["inline_admin_formsets"]:
        for form in each.formset.forms:
            found |= {form.add_prefix(name): texts for name, texts in form.errors.items()}
        if each.formset.non_form_errors():
            found[each.formset.prefix] = each.formset.non_form_errors()
    return found


def search(person, words, query=""):
    """Search the list of attendees as its form does; return the address of what was found."""
    answer = person.post(f"{url(Registration, 'changelist')}{query}", {"q": words})
    assert answer.status_code == 302
    return answer.url
