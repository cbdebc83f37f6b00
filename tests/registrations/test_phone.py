"""One number, however it is written: stored once, shown as it is dialled, found by any of it."""

import pytest

from registrations.models import Registration
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(db):
    return factories.registration_settings(ask_phone="optional").event


@pytest.mark.parametrize(
    "searched",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 138 0013 8000",
        "１３８００１３８０００",
        "8000",
    ],
)
def test_a_person_is_found_by_the_number_and_its_last_digits(event, searched):
    mine = factories.registered(event, phone="138 0013 8000（微信同号）")
    factories.registered(event, phone="139 1111 2222")

    assert mine.phone == "+8613800138000"
    assert mine.readable_phone == "138 0013 8000"
    assert Registration.objects.search(searched).get() == mine


@pytest.mark.parametrize(
    "searched", ["0311-8888 8888", "031188888888", "8888 8888", "+8631188888888"]
)
def test_a_person_is_found_by_a_landline(event, searched):
    mine = factories.registered(event, phone="0311-8888 8888转801")
    factories.registered(event, phone="139 1111 2222")

    assert mine.phone == "+8631188888888;ext=801"
    assert Registration.objects.search(searched).get() == mine


def test_a_number_that_is_not_understood_stays_as_staff_typed_it(event):
    assert factories.registered(event, phone="8612 3456").phone == "8612 3456"
