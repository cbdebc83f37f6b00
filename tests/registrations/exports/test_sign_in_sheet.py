"""Who stands on a sign-in sheet, in which order, and how much of a phone number."""

import pytest

from registrations.exports import sign_in_sheet
from registrations.exports.sign_in_sheet import masked, signers
from tests import factories


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        ("+86 138 1234 5678", "+86 1** **** 5678"),
        ("0311-8612345", "031*-***2345"),
        ("+44 7700 900123", "+44 7*** **0123"),
        ("86123456", "******56"),
        ("120", "**0"),
        ("1", "*"),
        ("", ""),
    ],
)
def test_phone_is_known_by_its_owner_alone(number, shown):
    assert masked(number) == shown


@pytest.fixture
def event(db):
    return factories.registration_settings(ask_phone="optional").event


def told(event, **how):
    how = {"order": "organization", "phone": "masked"} | how
    return list(signers(sign_in_sheet.expected(event), **how))


def test_people_stand_by_organization_and_within_it_by_name(event):
    for name, organization in (
        ("赵敏", "石家庄医院"),
        ("王伟", "河北大学"),
        ("陈思远", "石家庄医院"),
        ("Ann Hale", ""),
    ):
        factories.registered(event, name=name, organization_name=organization)

    by_organization = [person.name for person in told(event)]
    by_name = [person.name for person in told(event, order="name")]

    assert by_organization == ["王伟", "陈思远", "赵敏", "Ann Hale"]
    assert by_name == ["Ann Hale", "陈思远", "王伟", "赵敏"]


def test_phone_is_left_out_masked_or_whole(event):
    factories.registered(event, phone="13812345678")

    phones = [told(event, phone=phone)[0].phone for phone in ("none", "masked", "whole")]

    assert phones == ["", "138 **** 5678", "138 1234 5678"]


def test_who_cancelled_waits_or_was_erased_does_not_stand_on_it(event):
    kept = factories.registered(event, name="王伟")
    for status in ("cancelled", "waitlisted"):
        gone = factories.registered(event)
        type(gone).objects.filter(pk=gone.pk).update(status=status)

    assert [person.name for person in told(event)] == [kept.name]


def test_one_category_alone(event):
    factories.registered(event, category="media", name="王伟")
    factories.registered(event, category="company")

    people = sign_in_sheet.expected(event, "media")

    assert [person.name for person in signers(people, order="name", phone="none")] == ["王伟"]


def test_sheet_costs_one_query(event, django_assert_num_queries):
    for _each in range(3):
        factories.registered(event)

    with django_assert_num_queries(1):
        told(event)
