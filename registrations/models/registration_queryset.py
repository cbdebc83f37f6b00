"""Registrations as lists ask for them."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import connections, models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Cast, Collate

from events.models.event import Event
from events.models.session import Session
from registrations.models.registration_choices import ACTIVE, SEATED, CancelReason, Status
from summit.lib.i18n.likeness import search_words

if TYPE_CHECKING:
    from registrations.models.check_in import CheckInQuerySet
    from registrations.models.registration import Registration
    from registrations.models.separate_consent import SeparateConsent

# Compared in one row, so that a second printing which waited for the first sees what that wrote.
BADGE_PRINTED = Q(
    badge_printed_at__isnull=False,
    badge_name=F("name"),
    badge_organization_name=F("organization_name"),
)
# Who is expected at the door of a hybrid event, and everybody of any other.
IN_PERSON = Q(chose_online=False) | ~Q(event__format=Event.Format.HYBRID)
# Who takes part online, at an online event everybody.
ONLINE = Q(event__format=Event.Format.ONLINE) | Q(
    event__format=Event.Format.HYBRID, chose_online=True
)
# Whoever was invited and never accepted, whatever became of the invitation.
ONLY_INVITED = Q(status=Status.INVITED) | Q(
    cancel_reason__in=(
        CancelReason.INVITATION_DECLINED,
        CancelReason.INVITATION_WITHDRAWN,
    )
)


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def active(self) -> Self:
        return self.filter(status__in=ACTIVE)

    def seated(self) -> Self:
        """Those who have a seat: confirmed, held until they are proven, and offered one."""
        return self.filter(status__in=SEATED)

    def waiting(self) -> Self:
        """The queue, in the order in which they came."""
        return self.filter(status=Status.WAITLISTED).order_by("queued_at", "pk")

    def sharing_seats(self, event: Event, *, online: bool) -> Self:
        """Those who share seats and a waiting list: at a hybrid event who takes part likewise."""
        found = self.filter(event=event)
        return found.filter(chose_online=online) if event.is_hybrid else found

    def in_person(self) -> Self:
        """All but those who take part online in a hybrid event."""
        return self.filter(IN_PERSON)

    def arrived(self, session: Session | None = None, day: dt.date | None = None) -> Self:
        """Those who are checked in at the door, on any day or the one given, or in the session."""
        check_ins = _standing_check_ins(session)
        return self.filter(Exists(check_ins.filter(day=day) if day else check_ins))

    def with_badge_printed(self) -> Self:
        """Those whose badge was printed with the name and the organization of now."""
        return self.filter(BADGE_PRINTED)

    def with_badge_outdated(self) -> Self:
        """Those whose name or organization changed after the badge was printed."""
        return self.filter(~BADGE_PRINTED, badge_printed_at__isnull=False)

    def without_badge_printed(self) -> Self:
        """Those whose badge is to be printed: never printed, or outdated."""
        return self.filter(~BADGE_PRINTED)

    def not_arrived(self, session: Session | None = None) -> Self:
        return self.exclude(Exists(_standing_check_ins(session)))

    def only_invited(self) -> Self:
        """Those who were invited and never accepted: an invitation is no registration."""
        return self.filter(ONLY_INVITED)

    def registered(self) -> Self:
        """All who registered or were given a place, whatever became of it."""
        return self.exclude(ONLY_INVITED).filter(double_of=None)

    def with_contact_of(self, registration: "Registration") -> Self:
        """Those of the same event whose mails go to the same address, doubles among them."""
        same = self.filter(event=registration.event_id, email_key=registration.email_key)
        return same.filter(erased_at=None) if registration.email_key else self.none()

    def consenting(self) -> Self:
        """Those who agreed to the privacy notice, and not those whom only an organizer added."""
        return self.exclude(consented_at=None)

    def agreeing_to(self, separate_consent: "SeparateConsent") -> Self:
        """Those who agreed to a separate consent on its terms of now, and have not withdrawn it.

        What may be a person once more agrees for nobody, and neither does who has not verified
        the contact: anybody may have typed that and ticked the boxes.
        """
        standing = apps.get_model("registrations", "Consent").objects.standing()
        given = standing.filter(
            registration=OuterRef("pk"),
            to=separate_consent.pk,
            wording__terms=separate_consent.terms,
        )
        return self.filter(Exists(given), double_of=None, proven_at__isnull=False)

    def search(self, text: str) -> Self:
        """Those in whose name, pinyin, address, organization, phone or ticket every word stands.

        Everybody where nothing was typed, nobody where it holds no word, such as a comma.
        """
        words = search_words(text)
        if text.strip() and not words:
            return self.none()
        found = self
        for word in words:
            found = found.filter(search_text__contains=word)
        return found

    def by_name(self) -> Self:
        """In the order of their names, Chinese ones by pinyin, as ``by_pinyin``, ``by_characters``.

        Byte by byte, whatever the language of the database: the space between syllables
        comes before every letter, so that no Wang stands among the Wan.
        """
        collation = "C" if connections[self.db].vendor == "postgresql" else "BINARY"
        # Of varchar PostgreSQL would take the longest for granted, and hold the sort for dear.
        pinyin, characters = (
            Collate(Cast(name, models.TextField()), collation) for name in ("sort_name", "name")
        )
        return self.annotate(by_pinyin=pinyin, by_characters=characters).order_by(
            "by_pinyin", "by_characters", "pk"
        )


def _standing_check_ins(session: Session | None) -> "CheckInQuerySet":
    check_ins: CheckInQuerySet = apps.get_model("registrations", "CheckIn").objects.standing()
    return check_ins.filter(registration=OuterRef("pk"), session=session)
