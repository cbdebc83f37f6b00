"""What organizers see of a group: who registered somebody, and the others."""

import re

import pytest

from mail.models import OutboundMail
from registrations.exports.attendees.columns import columns_of
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/admin/registrations/registration/"


def test_the_page_of_a_member_says_who_informed_them_and_leads_to_the_others(organizer):
    event = factories.registration_settings().event
    group, alone = factories.group(event), factories.registered(event, name="Somebody Alone")
    member = group.members.first()

    page = organizer.get(f"{LIST}{member.pk}/change/").text
    others = organizer.get(re.search(r"[^\"]*of_group=\d+", page)[0]).text

    assert "Ann Contact" in page and "contact@example.org" in page
    assert "no consent; informed by the contact person on" in page
    assert "Member 1" in others and "Member 2" in others
    assert alone.name not in others
    assert "informed by the contact person" not in organizer.get(f"{LIST}{alone.pk}/change/").text


@pytest.mark.parametrize("number", ["x", "9" * 30, "-1"])
def test_a_group_that_is_none_has_nobody(organizer, number):
    group = factories.group()

    page = organizer.get(f"{LIST}?of_group={number}")

    assert page.status_code == 200
    assert group.members.first().name not in page.text


def test_the_outbox_shows_the_mail_to_a_contact_person_without_its_link(organizer):
    group = factories.group()
    row = OutboundMail.objects.get(kind="group_registered")

    page = organizer.get(f"/admin/mail/outboundmail/{row.pk}/change/").text

    assert "contact@example.org" in page
    assert f"of_group={group.pk}" in page
    assert "personal link, not shown" in page and "/my/group/" not in page


def test_exports_say_who_registered_somebody_and_when_they_were_informed():
    names = {column.name: column.read for column in columns_of(factories.group().event)}

    assert names["contact_person"] == ("group__name",)
    assert names["informed_at"] == ("group__informed_at",)
