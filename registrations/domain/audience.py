"""To whom a message goes: attendees of an event by what they have in common."""

from dataclasses import dataclass
from typing import Any, Self

from django.utils.translation import gettext, pgettext

from events.models import Event, Session
from registrations.models import Registration
from registrations.models.registration_queryset import RegistrationQuerySet
from summit.lib.i18n.languages import OWN_NAMES, listed

Status, Category = Registration.Status, Registration.Category


@dataclass(frozen=True)
class Audience:
    """Those of an event's attendees of whom all of this is so; what is not given is no matter.

    Never anybody whose place has ended, or who was erased. ``session`` is the key of one in
    which they are checked in, ``has_arrived`` whether they are at the door, ``online`` how they
    take part in a hybrid event.
    """

    statuses: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    language: str = ""
    has_arrived: bool | None = None
    session: int | None = None
    online: bool | None = None

    @classmethod
    def stored(cls, values: dict[str, Any]) -> Self:
        """Return the one that ``as_stored()`` was made of."""
        return cls(
            statuses=tuple(values.get("statuses", ())),
            categories=tuple(values.get("categories", ())),
            language=values.get("language", ""),
            has_arrived=values.get("has_arrived"),
            session=values.get("session"),
            online=values.get("online"),
        )

    def as_stored(self) -> dict[str, Any]:
        """Return plain values without what is not given. No personal data."""
        values: dict[str, Any] = {
            "statuses": list(self.statuses),
            "categories": list(self.categories),
            "language": self.language,
            "has_arrived": self.has_arrived,
            "session": self.session,
            "online": self.online,
        }
        return {name: value for name, value in values.items() if value not in (None, "", [])}

    def people(self, event: Event) -> RegistrationQuerySet:
        """Return the registrations, those without an address among them."""
        found = Registration.objects.active().filter(event=event, erased_at=None)
        if self.statuses:
            found = found.filter(status__in=self.statuses)
        if self.categories:
            found = found.filter(category__in=self.categories)
        if self.language:
            found = found.filter(language=self.language)
        if self.has_arrived is not None:
            found = found.arrived() if self.has_arrived else found.not_arrived()
        if self.session is not None:
            # One of another event has nobody of this one.
            found = found.arrived(Session(pk=self.session))
        if self.online is not None:
            found = found.sharing_seats(event, online=self.online)
        return found

    def in_words(self, sessions: dict[int, str]) -> str:
        """Return it in the current language; ``sessions`` has their titles by key."""
        parts = []
        if self.statuses:
            parts.append(listed(str(Status(each).label) for each in self.statuses))
        if self.categories:
            parts.append(listed(str(Category(each).label) for each in self.categories))
        if self.online is not None:
            parts.append(gettext("online") if self.online else gettext("in person"))
        if self.has_arrived is not None:
            parts.append(gettext("checked in") if self.has_arrived else gettext("not checked in"))
        if self.session is not None:
            title = sessions.get(self.session) or gettext("a session that was deleted")
            parts.append(gettext("checked in at “%(session)s”") % {"session": title})
        if self.language:
            parts.append(OWN_NAMES[self.language])
        return " · ".join(parts) or pgettext("recipients of a message", "all attendees")
