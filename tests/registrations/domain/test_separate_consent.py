import datetime as dt

import pytest
from django.db.models import ProtectedError

from events.domain.event import copy
from registrations.domain import attendees, privacy, proof, registration, separate_consent
from registrations.domain.attendees import Listed
from registrations.domain.separate_consent import WordingChanged
from registrations.models import Consent, ConsentWording, Registration, SeparateConsent
from summit.lib.database.states import MoveRefused
from tests import factories
from tests.threads import at_once

Kind = SeparateConsent.Kind


@pytest.fixture
def asked(db) -> SeparateConsent:
    return factories.separate_consent(
        recipient_en="Harbour Alliance", recipient_zh_hans="海港联盟", is_abroad=True
    )


@pytest.fixture
def mine(asked) -> Registration:
    return factories.proven(asked.settings.event)


def agrees(person: Registration, asked: SeparateConsent) -> bool:
    found = Registration.objects.agreeing_to(asked)
    return found.filter(pk=person.pk).exists()


def tick(person: Registration, *asked: SeparateConsent) -> None:
    keys = [each.key for each in asked]
    separate_consent.decide(person, shown=keys, ticked=keys)


def untick(person: Registration, *asked: SeparateConsent) -> None:
    separate_consent.decide(person, shown=[each.key for each in asked], ticked=[])


def test_nobody_agrees_who_has_not_said_so(asked, mine):
    assert not agrees(mine, asked)
    assert not Consent.objects.exists()


def test_who_agrees_when_registering_agrees_for_themselves_alone(asked):
    event = asked.settings.event

    first, second = registration.register(
        event, [factories.applicant(agreed=[asked]), factories.applicant()]
    )

    before = agrees(first, asked)
    for each in (first, second):
        proof.prove(each, Registration.Proof.LINK)
    assert not before
    assert agrees(first, asked)
    assert not agrees(second, asked)


def test_staff_never_consent_for_another(asked, organizer):
    event = asked.settings.event

    [typed] = registration.register(event, [factories.applicant(agreed=[asked])], by=organizer.user)
    [listed] = attendees.add(
        event,
        [Listed(**vars(factories.applicant(agreed=[asked])))],
        source="a list",
        by=organizer.user,
    )

    assert not Consent.objects.exists()
    assert not agrees(typed, asked)
    with pytest.raises(MoveRefused):
        tick(listed, asked)


def test_what_was_agreed_to_is_kept_as_it_was_worded(asked, mine):
    tick(mine, asked)
    asked.purpose_en = "advertising"
    asked.save()

    consent = mine.consents.get()
    assert "Purpose: meetings" in consent.wording.text_en
    assert "abroad" in consent.wording.text_en
    assert "海港联盟" in consent.wording.text_zh_hans


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("recipient_en", "Another"),
        ("purpose_zh_hans", "广告"),
        ("data_kinds_en", "name, phone"),
        ("is_abroad", False),
    ],
)
def test_other_terms_are_agreed_to_anew(asked, mine, field, value):
    tick(mine, asked)

    setattr(asked, field, value)
    asked.save()
    before = agrees(mine, asked), separate_consent.ticked(mine)
    tick(mine, asked)

    assert before == (False, [])
    assert agrees(mine, asked)
    assert [each.withdrawn_at is None for each in mine.consents.all()] == [False, True]


def test_the_same_name_typed_in_the_other_language_can_be_agreed_to(db):
    asked = factories.separate_consent(recipient_en="ABC GmbH", recipient_zh_hans="")
    first, second = (factories.proven(asked.settings.event) for _person in range(2))
    tick(first, asked)
    asked.recipient_zh_hans = "ABC GmbH"
    asked.save()

    tick(second, asked)

    assert agrees(second, asked)
    assert separate_consent.ticked(second) == [asked.key]


def test_another_contact_of_the_same_recipient_asks_nobody_anew(asked, mine):
    tick(mine, asked)

    asked.contact = "another@example.org"
    asked.save()
    tick(mine, asked)

    assert agrees(mine, asked)
    assert mine.consents.count() == 1


def test_a_box_of_an_earlier_wording_is_refused(asked, mine):
    old = asked.key
    asked.purpose_en = "advertising"
    asked.save()

    with pytest.raises(WordingChanged):
        separate_consent.decide(mine, shown=[old], ticked=[old])

    assert not agrees(mine, asked)


def test_withdrawing_works_on_an_old_page_and_twice(asked, mine):
    tick(mine, asked)
    old = asked.key
    asked.contact = "another@example.org"
    asked.save()

    for _time in range(2):
        separate_consent.decide(mine, shown=[old], ticked=[])

    assert not agrees(mine, asked)
    assert mine.consents.get().withdrawn_at


def test_who_withdrew_can_agree_again(asked, mine):
    tick(mine, asked)
    untick(mine, asked)
    tick(mine, asked)

    assert agrees(mine, asked)
    assert mine.consents.count() == 2


def test_what_a_page_did_not_show_stays_as_it_is(asked, mine):
    photos = factories.separate_consent(settings=asked.settings, kind=Kind.PHOTOS)
    tick(mine, asked)

    tick(mine, photos)

    assert agrees(mine, asked)
    assert agrees(mine, photos)


def test_what_is_no_longer_offered_can_be_withdrawn_and_not_given(asked, mine):
    other = factories.registered(asked.settings.event)
    tick(mine, asked)
    asked.is_offered = False
    asked.save()

    assert separate_consent.choices(mine) == [asked]
    assert separate_consent.choices(other) == []
    with pytest.raises(WordingChanged):
        tick(other, asked)
    assert agrees(mine, asked)
    untick(mine, asked)
    assert not agrees(mine, asked)


def test_a_possible_double_agrees_for_nobody(asked, mine):
    person = factories.applicant(name=mine.name, email=mine.email, agreed=[asked])
    [double] = registration.register(asked.settings.event, [person])
    proof.prove(double, Registration.Proof.LINK)

    assert double.status == "double"
    assert double.consents.count() == 1
    assert not Registration.objects.agreeing_to(asked).exists()


def test_consents_of_another_event_are_refused(asked, mine):
    with pytest.raises(WordingChanged):
        tick(mine, factories.separate_consent())


def test_own_data_tells_what_was_agreed_to_and_withdrawn(asked, mine):
    tick(mine, asked)
    untick(mine, asked)

    [told] = privacy.own_data(mine)["separate_consents"]
    consent = mine.consents.get()
    assert told["text"]["en"].startswith("My data may be given to Harbour Alliance.")
    assert (told["given_at"], told["withdrawn_at"]) == (consent.given_at, consent.withdrawn_at)


def test_erasing_a_person_takes_the_consents_along(asked, mine):
    tick(mine, asked)

    privacy.erase([mine])

    assert not Consent.objects.exists()
    assert ConsentWording.objects.exists()
    with pytest.raises(MoveRefused):
        tick(mine, asked)


def test_a_consent_that_somebody_gave_is_not_deleted(asked, mine):
    tick(mine, asked)

    with pytest.raises(ProtectedError):
        asked.delete()


def test_a_copied_event_asks_the_same_and_nobody_has_agreed(asked, mine):
    tick(mine, asked)

    new = copy(asked.settings.event, starts_on=dt.date(2027, 5, 1))

    copied = new.registration_settings.separate_consents.get()
    assert copied.terms == asked.terms
    assert not copied.given.exists()


def test_ticking_twice_at_once_notes_it_once(transactional_db):
    asked = factories.separate_consent()
    mine = factories.registered(asked.settings.event)

    at_once(*[lambda: tick(Registration.objects.get(pk=mine.pk), asked)] * 2)

    assert mine.consents.count() == 1
