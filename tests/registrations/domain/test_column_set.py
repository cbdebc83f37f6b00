from functools import partial

import pytest
from django.core.exceptions import ValidationError

from registrations.domain import column_set as domain
from registrations.models import ColumnSet
from tests.cast import make_auditor, make_clerk, make_organizer
from tests.threads import at_once


@pytest.fixture
def clerk(db):
    return make_clerk().user


@pytest.fixture
def organizer(db):
    return make_organizer().user


def save(by, name="Sponsors", columns=("name", "email"), *, is_shared=False, **options):
    return domain.save(name, columns=columns, is_shared=is_shared, by=by, **options)


def stored():
    return list(ColumnSet.objects.values_list("owner__username", "name", "is_shared", "columns"))


def test_a_choice_is_kept_in_its_order_under_a_name(clerk):
    save(clerk, columns=["email", "name"])

    assert stored() == [("clerk", "Sponsors", False, ["email", "name"])]


def test_one_name_twice_is_refused_until_one_says_to_replace(clerk):
    first = save(clerk)

    with pytest.raises(domain.NameTaken, match="You have a column set “Sponsors” already"):
        save(clerk, columns=["phone"])
    assert stored() == [("clerk", "Sponsors", False, ["name", "email"])]

    again = save(clerk, columns=["phone"], is_shared=True, replace=True)
    assert again.pk == first.pk
    assert stored() == [("clerk", "Sponsors", True, ["phone"])]


def test_a_set_without_columns_or_name_is_refused(clerk):
    for given in ({"columns": []}, {"name": ""}, {"name": "x" * 61}):
        with pytest.raises(ValidationError):
            save(clerk, **given)

    assert stored() == []


def test_private_sets_of_two_people_may_have_one_name(clerk, organizer):
    save(clerk)
    save(organizer)

    assert [each[0] for each in stored()] == ["clerk", "organizer"]
    assert set(ColumnSet.objects.usable_by(clerk)) == set(clerk.column_sets.all())


def test_a_shared_set_is_used_by_everybody_and_replaced_by_its_owner_or_an_organizer(
    clerk, organizer
):
    kept = save(organizer, is_shared=True)
    assert list(ColumnSet.objects.usable_by(clerk)) == [kept]

    with pytest.raises(ValidationError, match="A shared column set of this name exists already."):
        save(clerk, is_shared=True, replace=True)
    assert stored() == [("organizer", "Sponsors", True, ["name", "email"])]

    save(clerk, name="Partners", is_shared=True)
    with pytest.raises(domain.NameTaken, match="“Partners” is a shared column set of clerk"):
        save(organizer, name="Partners", columns=["phone"], is_shared=True)
    save(organizer, name="Partners", columns=["phone"], is_shared=True, replace=True)
    assert stored()[0] == ("clerk", "Partners", True, ["phone"])


def test_sharing_a_name_that_is_shared_is_refused_for_a_set_of_ones_own(clerk, organizer):
    save(organizer, is_shared=True)
    save(clerk)

    with pytest.raises(ValidationError, match="A shared column set of this name exists already."):
        save(clerk, is_shared=True, replace=True)

    assert {(owner, is_shared) for owner, _name, is_shared, _columns in stored()} == {
        ("organizer", True),
        ("clerk", False),
    }


def test_deleting_is_for_the_owner_and_of_shared_ones_for_organizers(clerk, organizer):
    shared, private = save(clerk, is_shared=True), save(clerk, name="Mine")
    auditor = make_auditor().user

    for who, column_set in ((auditor, shared), (auditor, private), (organizer, private)):
        with pytest.raises(domain.NotYours, match="belongs to somebody else"):
            domain.delete(column_set, by=who)
    assert len(stored()) == 2

    domain.delete(shared, by=organizer)
    domain.delete(private, by=clerk)
    assert stored() == []


def test_deleting_twice_is_harmless(clerk):
    kept = save(clerk)
    again = ColumnSet.objects.get()

    domain.delete(kept, by=clerk)
    domain.delete(again, by=clerk)

    assert stored() == []


@pytest.mark.django_db(transaction=True)
def test_saving_one_name_at_once_keeps_one(clerk):
    results = at_once(*[partial(save, clerk, columns=[f"column{n}"]) for n in range(4)])

    kept = [result for result in results if isinstance(result, ColumnSet)]
    assert len(kept) == 1
    assert all(isinstance(result, ColumnSet | ValidationError) for result in results)
    assert stored() == [("clerk", "Sponsors", False, kept[0].columns)]


@pytest.mark.django_db(transaction=True)
def test_replacing_and_deleting_at_once_leaves_one_or_none(clerk):
    kept = save(clerk)

    results = at_once(
        partial(save, clerk, columns=["phone"], replace=True),
        partial(domain.delete, kept, by=clerk),
    )

    assert [each for each in results if isinstance(each, Exception)] == []
    assert stored() in ([], [("clerk", "Sponsors", False, ["phone"])])
