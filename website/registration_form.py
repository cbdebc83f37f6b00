"""The form to register, as it was sent: one person, or a group with its contact person.

More people and fewer are asked for by buttons that send the form. What was typed stays, and
nothing is checked before the form is sent to register.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict

from registrations.domain.group import ContactPerson
from registrations.domain.registration import Applicant
from registrations.forms.registration import (
    MOST_PEOPLE,
    ContactPersonForm,
    GroupForm,
    PeopleFormSet,
    SharedForm,
    people_formset,
)
from registrations.models import RegistrationSettings, SeparateConsent

# What the buttons and the switch of languages send along.
MORE, FEWER, AGAIN = "more", "fewer", "again"


@dataclass
class Entered:
    """The parts of the form. ``focus`` is the number of the person whose block has the focus.

    ``taken_out`` is the number of the person who was taken out just now.
    """

    shared: SharedForm
    people: PeopleFormSet
    contact: ContactPersonForm | None
    number: int
    focus: int | None = None
    taken_out: int | None = None

    @property
    def may_add(self) -> bool:
        return self.number < MOST_PEOPLE

    def is_valid(self) -> bool:
        is_contact_valid = self.contact is None or self.contact.is_valid()
        # Each is asked, so that each says what is wrong.
        return all([self.shared.is_valid(), self.people.is_valid(), is_contact_valid])

    def applicants(self) -> list[Applicant]:
        return self.people.applicants(self.shared.cleaned_data)

    def contact_person(self) -> ContactPerson | None:
        """Return who registers a group; nobody where somebody registers alone."""
        return self.contact.contact_person(self.shared.cleaned_data) if self.contact else None


def is_filled_in(request: HttpRequest) -> bool:
    """Whether the form was sent to be filled in further, and not to register."""
    return bool({MORE, FEWER, AGAIN} & request.POST.keys())


def read(
    request: HttpRequest, settings: RegistrationSettings, asked: Sequence[SeparateConsent]
) -> Entered:
    """Return the form as it was sent, asked for or changed; ``asked`` are separate consents."""
    data, number = request.POST.copy(), _number_typed(request)
    focus = taken_out = None
    if is_filled_in(request):
        number = min(number, MOST_PEOPLE)
        if MORE in data:
            if number == 1:
                _begin_group(data)
            number = focus = min(number + 1, MOST_PEOPLE)
        elif number > 1 and (out := _taken_out(data, number)):
            _take_out(data, out, number)
            number, taken_out = number - 1, out
            focus = min(out, number)
            if number == 1:
                _end_group(data)
    kwargs = {
        "event_settings": settings,
        "questions": list(settings.questions.all()),
        "is_alone": number == 1,
    }
    bound, initial, people = _filled(request, data, number)
    form, more = (SharedForm, {"asked": asked}) if number == 1 else (GroupForm, {})
    entered = Entered(
        shared=form(bound, initial=initial, event_settings=settings, **more),
        people=people_formset(number)(bound, initial=people, prefix="people", form_kwargs=kwargs),
        contact=(
            ContactPersonForm(
                bound, initial=_of(initial, "contact-"), prefix="contact", event_settings=settings
            )
            if number > 1
            else None
        ),
        number=number,
        focus=focus,
        taken_out=taken_out,
    )
    if focus:
        entered.people.forms[focus - 1].fields["name"].widget.attrs["autofocus"] = True
    return entered


def _filled(
    request: HttpRequest, data: QueryDict, number: int
) -> tuple[QueryDict | None, dict[str, Any], list[dict[str, Any]] | None]:
    """Return what the forms are bound to, or what stands in them at first, shared and by person."""
    if request.method == "POST" and not is_filled_in(request):
        # Whatever the hidden fields say, there is one block at least, and more than the
        # most is told as such.
        data["people-TOTAL_FORMS"] = str(number)
        data["people-INITIAL_FORMS"] = "0"
        return data, {}, None
    typed = {name: values if len(values) > 1 else values[0] for name, values in data.lists()}
    people = [_of(typed, f"people-{index}-") for index in range(number)]
    return None, typed, people if typed else None


def _number_typed(request: HttpRequest) -> int:
    """Return how many people the page asked for or the form says it holds; 1 for nonsense."""
    source = request.POST if request.method == "POST" else request.GET
    name = "people-TOTAL_FORMS" if request.method == "POST" else "people"
    most = MOST_PEOPLE + 1 if request.method == "POST" else MOST_PEOPLE
    try:
        return max(1, min(int(source.get(name, 1)), most))
    except ValueError:
        return 1


def _of(typed: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {
        name.removeprefix(prefix): value for name, value in typed.items() if name.startswith(prefix)
    }


def _begin_group(data: QueryDict) -> None:
    """Make who filled in the form alone the contact person, who reaches the others too."""
    data["contact-name"] = data.get("people-0-name", "")
    for name in ("phone", "email"):
        data[f"contact-{name}"] = data.get(f"people-0-{name}", "")
        data[f"people-0-{name}"] = ""


def _end_group(data: QueryDict) -> None:
    """Give who is left alone the contact that was given for all, unless there is an own one."""
    names = ("phone", "email")
    if not any(data.get(f"people-0-{name}") for name in names):
        for name in names:
            data[f"people-0-{name}"] = data.get(f"contact-{name}", "")


def _taken_out(data: QueryDict, number: int) -> int | None:
    """Return the number of the person to be taken out; nobody for nonsense."""
    given = data.get(FEWER, "")
    return int(given) if given in map(str, range(1, number + 1)) else None


def _take_out(data: QueryDict, out: int, number: int) -> None:
    """Take what was typed of one person out, and move up who comes behind."""
    for index in range(out - 1, number):
        for name in [name for name in data if name.startswith(f"people-{index}-")]:
            del data[name]
        behind = f"people-{index + 1}-"
        for name in [name for name in data if name.startswith(behind)]:
            data.setlist(f"people-{index}-{name.removeprefix(behind)}", data.getlist(name))
