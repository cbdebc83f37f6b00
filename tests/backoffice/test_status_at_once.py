"""Two organizers press at once: signings voided, events postponed and cancelled, drafts signed."""

import datetime as dt

import pytest

from audit.models import AuditEntry
from events.models import Event
from mail.models import OutboundMail
from projects.models import CooperationIntention
from tests import factories
from tests.backoffice.posting import confirm_seen, do, filled, url
from tests.cast import Person, make_organizer
from tests.threads import at_once, before_commit

pytestmark = pytest.mark.django_db(transaction=True)
WHY = {"reason": "The wrong company"}
WORDS = {"english": "Rain", "chinese": "下雨"}


@pytest.fixture
def event():
    made = factories.registration_settings(event=factories.upcoming_event()).event
    factories.session(
        event=made, starts_at=made.starts_at, ends_at=made.starts_at + dt.timedelta(hours=1)
    )
    for _number in range(2):
        factories.registered(made)
    OutboundMail.objects.all().delete()
    return made


@pytest.fixture
def signed():
    signer = make_organizer("signer")
    return factories.signed_intention(by=signer.user)


def statuses(answers):
    """Return the statuses of answers; none of them may be an error of a server or a thread."""
    for answer in answers:
        assert not isinstance(answer, Exception), answer
    return sorted(answer.status_code for answer in answers)


def opened(person: Person, row, action: str):
    return person.get(url(row, "action", action))


def confirm_at_once(*pressed) -> list[int]:
    """Open every page first, then confirm all in one moment; return the statuses."""
    pages = [opened(person, row, action) for person, row, action, _given in pressed]
    return statuses(
        at_once(
            *[
                lambda person=person, row=row, action=action, page=page, given=given: confirm_seen(
                    person, row, action, page, **given
                )
                for (person, row, action, given), page in zip(pressed, pages, strict=True)
            ]
        )
    )


def test_two_who_void_one_signing_are_one_and_a_refusal(signed):
    second, third = make_organizer("second"), make_organizer("third")

    found = confirm_at_once((second, signed, "void", WHY), (third, signed, "void", WHY))

    assert found == [200, 302]
    assert CooperationIntention.objects.get().status == "voided"
    assert signed.history.filter(status="voided").count() == 1
    assert AuditEntry.objects.filter(action="signing_voided").count() == 1


def test_voiding_a_signing_and_postponing_its_event_are_both_done():
    event = factories.upcoming_event()
    signed = factories.signed_intention(by=make_organizer("signer").user)
    CooperationIntention.objects.filter(pk=signed.pk).update(event=event)
    second, third = make_organizer("second"), make_organizer("third")

    found = confirm_at_once(
        (second, signed, "void", WHY), (third, event, "postpone", {**WORDS, "to": ""})
    )

    assert found == [302, 302]
    assert CooperationIntention.objects.get(pk=signed.pk).status == "voided"
    assert Event.objects.get(pk=event.pk).is_postponed


def test_one_who_cancels_and_one_who_postpones_leave_what_one_of_them_saw(event):
    first, second = make_organizer("first"), make_organizer("second")
    to = (event.starts_on + dt.timedelta(days=7)).isoformat()

    found = confirm_at_once(
        (first, event, "cancel", {**WORDS, "tell": "on"}),
        (second, event, "postpone", {**WORDS, "to": to, "with_programme": "on", "tell": "on"}),
    )

    assert found == [200, 302]
    now = Event.objects.get(pk=event.pk)
    session = now.sessions.get()
    assert session.starts_at == now.starts_at
    is_moved = now.starts_at != event.starts_at
    assert now.is_cancelled != is_moved
    # Both are told of what became of it, and of nothing else.
    assert OutboundMail.objects.count() == 2


def test_two_who_postpone_to_two_days_move_the_event_once(event):
    people = [make_organizer("first"), make_organizer("second")]
    days = [(event.starts_on + dt.timedelta(days=days)).isoformat() for days in (7, 14)]

    found = confirm_at_once(
        *[
            (person, event, "postpone", {**WORDS, "to": day, "with_programme": "on"})
            for person, day in zip(people, days, strict=True)
        ]
    )

    assert found == [200, 302]
    now = Event.objects.get(pk=event.pk)
    assert now.starts_on.isoformat() in days
    assert now.sessions.get().starts_at == now.starts_at
    assert (
        now.history.exclude(starts_at=event.starts_at).values("starts_at").distinct().count() == 1
    )


def test_two_who_take_up_one_event_are_one_and_a_refusal(event):
    do(make_organizer("canceller"), event, "cancel", **WORDS)
    people = [make_organizer("first"), make_organizer("second")]

    found = confirm_at_once(*[(person, event, "take-up", {"to": ""}) for person in people])

    assert found == [200, 302]
    assert not Event.objects.get(pk=event.pk).is_cancelled


def test_draft_that_is_being_edited_while_its_ceremony_is_held_is_not_signed_unseen():
    session = factories.session(event=factories.event(series=factories.series()), kind="signing")
    draft = factories.intention(session=session)
    signer, editor = make_organizer("signer"), make_organizer("editor")
    page = opened(signer, session, "sign-all")
    form = filled(editor.get(url(draft, "change")))

    def edit():
        answer = editor.post(
            url(draft, "change"), {**form, "purpose_en": "Buy the company", "_save": "Save"}
        )
        assert answer.status_code == 302

    refused = before_commit(
        edit, lambda: confirm_seen(signer, session, "sign-all", page, signed_on="2020-10-29")
    )

    assert "These drafts were changed after you opened this page" in refused.text
    draft.refresh_from_db()
    assert draft.is_draft and draft.purpose_en == "Buy the company"
