"""A contact person whose address is put right: the group goes with its people."""

import pytest

from mail.models import OutboundMail
from registrations.domain import contact_change, group_contact, personal_link, proof
from registrations.domain.registration import MailboxFull, register
from registrations.models import Registration, RegistrationGroup
from summit.lib.database.states import MoveRefused
from tests import factories

pytestmark = pytest.mark.django_db
NEW = "right@example.org"


def group_of(**contact):
    event = factories.registration_settings().event
    own = factories.applicant(email="own@example.org", phone="")
    applicants = [factories.applicant(email="") for _n in range(2)]
    who = factories.contact_person(**contact)
    return register(event, [*applicants, own], contact_person=who)


def queued(group):
    return list(
        OutboundMail.objects.filter(registration_group=group).values_list("kind", flat=True)
    )


@pytest.mark.parametrize("by_staff", [False, True])
def test_the_group_goes_with_all_of_its_people_without_an_own_contact(organizer, by_staff):
    first, second, own = group_of(phone="138 0013 8000")
    group = first.group
    before = group.code
    proof.prove_group(group)
    first.refresh_from_db()
    OutboundMail.objects.all().delete()

    if by_staff:
        contact_change.change_by_staff(
            first, email=NEW, phone=first.phone, by=organizer.user, others=[second.pk]
        )
    else:
        [change, _other] = contact_change.ask(first, email=NEW, others=[second.pk])
        contact_change.confirm(change)

    group = RegistrationGroup.objects.get()
    assert (group.email, group.email_key, group.phone) == (NEW, NEW, "+8613800138000")
    assert group.code != before
    assert queued(group) == ["group_registered"]
    members = Registration.objects.order_by("pk").select_related("group")
    assert [row.has_own_contact for row in members] == [False, False, True]
    own.refresh_from_db()
    assert own.email == "own@example.org"


def test_the_group_stays_where_one_of_them_stays():
    first, _second, _own = group_of()
    before = first.group.code
    first = personal_link.prove(first)

    [change] = contact_change.ask(first, email=NEW)
    contact_change.confirm(change)

    group = RegistrationGroup.objects.get()
    assert (group.email, group.code) == ("contact@example.org", before)


def test_who_manages_an_own_contact_moves_no_group():
    _first, _second, own = group_of()
    own = personal_link.prove(own)

    [change] = contact_change.ask(own, email=NEW)
    contact_change.confirm(change)

    assert RegistrationGroup.objects.get().email == "contact@example.org"


def test_another_number_of_a_group_without_an_address(organizer):
    first, second, _own = group_of(email="", phone="138 0013 8000")

    contact_change.change_by_staff(
        first, email="", phone="139 0013 9000", by=organizer.user, others=[second.pk]
    )

    group = RegistrationGroup.objects.get()
    assert (group.phone_key, group.email) == ("+8613900139000", "")
    assert group.proven_at is not None
    assert not queued(group)


def test_what_was_typed_wrong_is_typed_anew_for_all_of_them():
    first, second, own = group_of(email="wrong@example.org")
    group = first.group
    before = {group.code, first.code, second.code}

    group_contact.type_anew(group, email=NEW, phone="")

    rows = list(Registration.objects.order_by("pk").select_related("group"))
    assert [row.email for row in rows] == [NEW, NEW, "own@example.org"]
    assert [row.status for row in rows] == ["confirmed"] * 3
    assert [row.is_as_typed for row in rows] == [True] * 3
    assert not before & {rows[0].group.code, rows[0].code, rows[1].code}
    assert rows[2].code == own.code
    sent = OutboundMail.objects.filter(registration_group=group).order_by("pk")
    assert [mail.status for mail in sent] == ["dropped", "queued"]


def test_who_turns_out_to_be_known_is_a_silent_double_and_the_seat_passes_on():
    event = factories.registration_settings(capacity=3).event
    known = factories.registered(event, name="Wang Wei", email=NEW)
    applicants = [factories.applicant(email="", name=name) for name in ("Wang Wei", "Li Jing")]
    rows = register(event, applicants, contact_person=factories.contact_person())
    waiting = factories.registered(event)
    assert waiting.status == "waitlisted"

    group_contact.type_anew(rows[0].group, email=NEW, phone="")

    first, second = Registration.objects.filter(group=rows[0].group).order_by("pk")
    assert (first.status, first.shown_status, first.double_of) == ("double", "confirmed", known)
    assert second.status == "confirmed"
    waiting.refresh_from_db()
    assert waiting.status == "confirmed"

    group_contact.type_anew(rows[0].group, email="other@example.org", phone="")

    first.refresh_from_db()
    # All seats are taken by now.
    assert (first.status, first.double_of) == ("waitlisted", None)


def test_a_proven_contact_is_not_typed_anew():
    group = group_of()[0].group
    proof.prove_group(RegistrationGroup.objects.get())

    with pytest.raises(MoveRefused):
        group_contact.type_anew(group, email=NEW, phone="")


def test_each_mail_to_a_group_counts_for_its_mailbox(settings):
    group = group_of()[0].group
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"mailbox": (2, 86400)}

    group_contact.type_anew(group, email=group.email, phone=group.phone)
    group_contact.type_anew(group, email=group.email, phone="138 0013 8000")
    with pytest.raises(MailboxFull):
        group_contact.type_anew(group, email=group.email, phone="139 0013 9000")

    assert len(queued(group)) == 2
