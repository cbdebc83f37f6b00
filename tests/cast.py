"""The people of every permission test: who they are never changes from test to test."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, Group, User
from django.http import FileResponse
from django.test import Client

from events.models import Event
from registrations.models import DeskAssignment


class Person(Client):
    """A browser in somebody's hands: ``organizer.get(url)``, ``organizer.user``."""

    user: User | AnonymousUser

    def __init__(self, user: User | AnonymousUser) -> None:
        super().__init__()
        self.user = user
        if user.is_authenticated:
            self.force_login(user)

    def request(self, **request):
        """Answer as ``Client`` does. A file is read whole, as a browser does, and closed."""
        response = super().request(**request)
        if isinstance(response, FileResponse):
            response.streaming_content = [response.getvalue()]
        return response


@dataclass(frozen=True)
class Cast:
    organizer: Person
    auditor: Person
    superuser: Person
    stranger: Person

    def __iter__(self):
        return iter([self.organizer, self.auditor, self.superuser, self.stranger])


def make_organizer(name: str = "organizer") -> Person:
    """Edits everything but users."""
    return Person(_staff(name, "Organizer"))


def make_auditor() -> Person:
    """Reads, and changes nothing."""
    return Person(_staff("auditor", "Auditor"))


def make_clerk(*events: Event) -> Person:
    """Works at the desk of the events given, and sees no other."""
    clerk = Person(_staff("clerk", "Desk"))
    for event in events:
        DeskAssignment.objects.create(event=event, user=clerk.user)
    return clerk


def make_superuser() -> Person:
    """Does everything, users included."""
    return Person(
        User.objects.filter(username="superuser").first()
        or User.objects.create_superuser("superuser", "superuser@example.org", "x")
    )


def make_stranger() -> Person:
    """Anybody on the internet."""
    return Person(AnonymousUser())


def _staff(name: str, group: str) -> User:
    # Benches that run one after the other have the same cast.
    user = User.objects.filter(username=name).first() or User.objects.create_user(
        name, f"{name}@example.org", "x", is_staff=True
    )
    user.groups.add(Group.objects.get_or_create(name=group)[0])
    return user
