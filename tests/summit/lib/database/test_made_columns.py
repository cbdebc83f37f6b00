import pytest
from django.apps import apps
from django.core.management import call_command

from events.models import Expert, Organization
from projects.models import Project
from registrations.models import Registration
from summit.lib.database.made_columns import made_columns, refill
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_saved_row_is_found_and_sorted_by_what_it_is_called():
    expert = factories.expert(name_en="Łukasz Żółć", name_zh_hans="")

    assert expert.sort_name_en == expert.sort_name_zh_hans == "lukasz zolc"
    expert.name_en = "Søren"
    expert.save()
    assert Expert.objects.get(search_text__contains="soren") == expert


def test_rows_that_are_written_in_bulk_are_found_as_well():
    Organization.objects.bulk_create(
        [Organization(slug=name, name_en=name) for name in ("One", "Two")]
    )

    assert Organization.objects.filter(search_text__contains="two").count() == 1


def test_refilling_finds_what_was_written_past_the_site():
    organizations = [factories.organization() for _ in range(3)]
    Organization.objects.filter(pk=organizations[1].pk).update(name_en="Ünal")

    assert refill(Organization) == 1
    assert refill(Organization) == 0
    assert Organization.objects.get(sort_name_en="unal") == organizations[1]


def test_refilling_writes_no_history():
    organization = factories.organization()
    Organization.objects.update(search_text="")

    refill(Organization)

    assert organization.history.count() == 1


def test_the_erased_are_not_found_again(event):
    person = factories.registered(event)
    Registration.objects.update(name="", email="", search_text="", erased_at=event.ends_at)

    assert refill(Registration) == 1  # its sort_name, which the update left
    person.refresh_from_db()
    assert (person.search_text, person.sort_name) == ("", "")


def test_the_command_names_each_table_and_how_many_were_behind(capsys, event):
    factories.project(title_en="Łódź")
    Project.objects.update(search_text="")

    call_command("refill_search")

    told = dict(line.split(": ") for line in capsys.readouterr().out.splitlines())
    assert told["projects.Project"] == "1"
    assert {name for name, number in told.items() if number != "0"} == {"projects.Project"}
    assert told.keys() == {m._meta.label for m in apps.get_models() if made_columns(m)}


@pytest.fixture
def event():
    return factories.registration_settings().event
