"""Namesakes that somebody has recorded as different are not pointed out again."""

import pytest

from events.domain import merging, told_apart
from events.models import Expert, Organization, OrganizerScope
from projects.models import Project
from tests import factories
from tests.backoffice.kit.test_merging import MAKERS, merge_page
from tests.backoffice.posting import save, url
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def namesakes(model=Expert, count=2):
    name = "title_en" if model is Project else "name_en"
    return [MAKERS[model](**{name: "Wang Wei"}) for _number in range(count)]


def record(person, *rows, **more):
    data = {"rows": [row.pk for row in rows], **more}
    return person.post(url(type(rows[0]), "different"), data, follow=True)


def pointed_out(person, row):
    return len(person.get(url(row, "change")).context["alike_rows"])


def groups(person, model):
    found = person.get(url(model, "doubles")).context["groups"]
    return [{double.row for double in group.doubles} for group in found]


@pytest.mark.parametrize("model", MAKERS)
def test_rows_that_are_recorded_as_different_are_not_pointed_out(organizer, model):
    first, second = namesakes(model)
    assert (pointed_out(organizer, first), groups(organizer, model)) == (1, [{first, second}])

    answer = record(organizer, first, second)

    assert "Recorded as different" in answer.text
    assert (pointed_out(organizer, first), pointed_out(organizer, second)) == (0, 0)
    assert groups(organizer, model) == []
    record(organizer, first, second, undo="1")
    assert (pointed_out(organizer, first), groups(organizer, model)) == (1, [{first, second}])


def test_third_namesake_is_still_pointed_out(organizer):
    first, second, third = namesakes(count=3)

    record(organizer, first, second)

    assert groups(organizer, Expert) == [{first, second, third}]
    record(organizer, first, third)
    assert groups(organizer, Expert) == [{second, third}]
    record(organizer, second, third)
    assert groups(organizer, Expert) == []


def test_all_of_a_group_are_recorded_in_one_step(organizer):
    rows = namesakes(count=4)

    record(organizer, *rows)

    assert groups(organizer, Expert) == []
    assert rows[3].different_from.count() == 3


def test_row_that_is_renamed_is_not_asked_about_those_it_is_told_apart_from(organizer):
    first, second = factories.expert(name_en="Wang Wei"), factories.expert(name_en="Li Ming")
    refused = save(organizer, second, name_en="Wang Wei")
    assert "exists already" in refused.text
    record(organizer, first, second)

    assert save(organizer, second, name_en="Wang-Wei").status_code == 302


def test_pages_show_what_was_recorded_and_undo_it(organizer):
    first, second = namesakes()
    assert "These are different" in organizer.get(merge_page(first, second)).text
    record(organizer, first, second)

    alone = organizer.get(merge_page(first))
    both = organizer.get(merge_page(first, second))

    assert [address for _label, address in alone.context["told_apart"]] == [
        merge_page(first, second)
    ]
    assert "Undo: they may be duplicates" in both.text and "These are different" not in both.text


def test_recording_ends_on_the_page_that_led_there(organizer):
    first, second = namesakes()
    page = organizer.get(merge_page(first, second)).text
    address = page.partition('class="action-form telling-apart"')[2].split('"')[1]

    answer = organizer.post(address.replace("&amp;", "&"), {"rows": f"{first.pk},{second.pk}"})

    assert answer.url == url(first, "change")


@pytest.mark.parametrize("model", MAKERS)
def test_pair_goes_with_a_row_that_is_merged_or_deleted(organizer, model):
    first, second, third = namesakes(model, 3)
    told_apart.tell_apart([first, second, third])

    merging.merge(first, [second], by=organizer.user)

    assert set(first.different_from.all()) == {third}
    model.objects.get(pk=third.pk).delete()
    assert not model.different_from.through.objects.exists()


def test_merging_does_not_ask_which_pairs_to_keep(organizer):
    first, second, third = namesakes(count=3)
    told_apart.tell_apart([second, third])

    page = organizer.get(merge_page(first, second))

    assert "different_from" not in {line.name for line in page.context["lines"]}


@pytest.mark.parametrize("sent", ["", "x", "0", "9" * 40, "one", "one,gone"])
def test_what_is_no_pair_is_refused(organizer, sent):
    first, second = namesakes()
    keys = sent.replace("one", str(first.pk)).replace("gone", "987654321")

    answer = organizer.post(url(Expert, "different"), {"rows": keys}, follow=True)

    assert "merged or deleted in the meantime" in answer.text
    assert groups(organizer, Expert) == [{first, second}]


def test_who_may_not_change_them_records_nothing(auditor, organizer):
    first, second = namesakes()
    elsewhere = factories.appearance(expert=second).session.event
    OrganizerScope.objects.create(user=organizer.user, event=factories.event())
    assert elsewhere

    for person in (auditor, organizer):
        assert record(person, first, second).status_code == 403
        assert person.get(url(Expert, "different")).status_code in (403, 405)
    assert not first.different_from.exists()


def test_organizations_of_former_names_are_told_apart(organizer):
    former = factories.former_name(name_en="Bureau").organization
    present = factories.organization(name_en="bureau")

    record(organizer, former, present)

    assert groups(organizer, Organization) == []


@pytest.mark.django_db(transaction=True)
def test_two_who_record_one_pair_at_once_record_it_once():
    rows = namesakes()

    results = at_once(*[lambda: told_apart.tell_apart(Expert.objects.all())] * 2)

    assert results == [None, None]
    assert rows[0].different_from.get() == rows[1]


@pytest.mark.django_db(transaction=True)
def test_row_that_is_merged_at_once_leaves_no_pair_behind(organizer):
    first, second = namesakes()

    at_once(
        lambda: told_apart.tell_apart([first, second]),
        lambda: merging.merge(first, [second], by=organizer.user),
    )

    assert not Expert.different_from.through.objects.exists()
    assert Expert.objects.get() == first
