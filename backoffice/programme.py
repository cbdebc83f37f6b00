"""What is refused of a programme, beside the field that it is about."""

from django import forms
from django.core.exceptions import ValidationError

from backoffice.kit.labels import pair
from events.domain.untold import said_to
from events.models.limits import Person

# Beside which field a refusal of the programme stands, by whichever name a form has it.
FIELDS_OF = {
    "outside_event": ("starts_at", "starts"),
    "room_taken": pair("room"),
    "expert_elsewhere": ("people",),
}


def add_refusals(form: forms.ModelForm, errors: list[ValidationError], reader: Person) -> None:
    """Put each refusal of the programme beside the field that it is about, as one may read it."""
    for error in said_to(reader, ValidationError(errors)).error_list:
        names = [name for name in FIELDS_OF.get(error.code or "", ()) if name in form.fields]
        if error.code == "room_taken":
            names = [name for name in names if getattr(form.instance, name)]
        form.add_error(names[0] if names else None, error)
