"""What a visitor sends to register."""

from events.models import Event
from tests import stamps


def typed(event: Event, *people: dict, **shared) -> dict:
    """What a visitor sends: one block for each person, and what they share.

    Several people are a group, with the contact of Ann Contact, who has informed them.
    """
    people = people or ({},)
    of_group = {
        "contact-name": "Ann Contact",
        "contact-email": "contact@example.org",
        "contact-phone": "",
        "informed": "on",
    }
    data = {
        "people-TOTAL_FORMS": len(people),
        "people-INITIAL_FORMS": 0,
        "organization_name": "Harbour Works",
        "category": "company",
        **(of_group if len(people) > 1 else {"consent": "on"}),
        "shown_at": stamps.of_registration(event),
        **shared,
    }
    for number, person in enumerate(people):
        defaults = {"name": f"Person {number}", "email": f"person{number}@example.org"}
        for name, value in (defaults | person).items():
            data[f"people-{number}-{name}"] = value
    return data


def register_url(event: Event, language: str = "en") -> str:
    return f"/{language}/events/{event.slug}/register/"


def sends(stranger, event, *people, **shared):
    return stranger.post(register_url(event), typed(event, *people, **shared))


def ten(name: str) -> list[dict]:
    return [{"email": f"{name}{number}@example.org"} for number in range(10)]
