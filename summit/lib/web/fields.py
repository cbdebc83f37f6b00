"""Fields of a form by their kind, which the form itself does not know."""

from django import forms


def field_of[Kind: forms.Field](form: forms.BaseForm, name: str, kind: type[Kind]) -> Kind:
    """Return a field of the form. Raises ``TypeError`` where it is of another kind."""
    field = form.fields[name]
    if not isinstance(field, kind):
        raise TypeError(f"{name} is a {type(field).__name__}, not a {kind.__name__}.")
    return field


def was_sent(form: forms.BaseForm) -> bool:
    """Whether anything of a bound form of a formset was sent.

    Of a row that a browser took off the page nothing is; its number is counted all the same.
    """
    return any(name.startswith(f"{form.prefix}-") for name in form.data)
