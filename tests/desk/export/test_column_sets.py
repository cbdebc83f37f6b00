"""Column sets: choices of columns that are kept under a name where a list is asked for."""

import pytest

from registrations.models import ColumnSet
from tests import factories
from tests.desk.export.lists import column_set, names, table


def test_columns_are_kept_under_a_name_and_the_choice_stays(ask, clerk):
    page = ask("save", name="  Spon  sors ", is_shared="on", categories=["media"])

    kept = ColumnSet.objects.get()
    assert (kept.name, kept.is_shared, kept.columns) == ("Spon sors", True, ["name", "email"])
    assert kept.owner == clerk.user
    assert "The column set “Spon sors” is saved." in page.text
    assert page.context["form"]["categories"].value() == ["media"]
    assert page.context["form"]["column_set"].value() == str(kept.pk)


def test_set_is_used_in_its_own_order(ask, clerk, three):
    kept = column_set(clerk)

    page = ask("use", columns=["ticket"], column_set=kept.pk)

    form = page.context["form"]
    assert form["columns"].value() == ["email", "name"]
    assert form.column_names[:2] == ["email", "name"]
    assert form["name"].value() == "Sponsors"
    assert table(ask(columns=form["columns"].value()))[0] == ["email", "name"]


def test_saving_one_name_twice_asks_before_it_replaces(ask, clerk):
    kept = column_set(clerk)

    asked = ask("save", name="Sponsors", columns=["phone"])
    kept.refresh_from_db()
    assert (asked.status_code, kept.columns) == (409, ["email", "name"])
    assert "You have a column set “Sponsors” already." in asked.text
    assert "Yes, replace it" in asked.text

    # Another name than the one that was asked about.
    column_set(clerk, name="Partners")
    sure = asked.context["sure"]
    assert ask("save", name="Partners", columns=["phone"], sure=sure).status_code == 409

    ask("save", name="Sponsors", columns=["phone"], sure=sure)
    kept.refresh_from_db()
    assert kept.columns == ["phone"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "Type a name for the column set."),
        ({"name": "x" * 61}, "Ensure this value has at most 60 characters"),
        ({"name": "Mine", "columns": []}, "Choose at least one column."),
        ({"name": "Taken", "is_shared": "on"}, "A shared column set of this name exists already."),
    ],
)
def test_what_cannot_be_kept_is_refused(ask, organizer, fields, message):
    column_set(organizer, name="Taken", is_shared=True)

    page = ask("save", **fields)

    assert page.status_code == 422
    assert message in page.text
    assert ColumnSet.objects.count() == 1


def test_sets_of_others_are_offered_where_they_are_shared(ask, clerk, organizer, address):
    shared = column_set(organizer, name="Shared one", is_shared=True)
    private = column_set(organizer, name="Private one")

    page = clerk.get(address)

    assert "Shared one (shared by organizer)" in page.text
    assert "Private one" not in page.text
    used = ask("use", column_set=shared.pk).context["form"]
    assert (used["columns"].value(), used["name"].value()) == (["email", "name"], "")
    refused = ask("use", column_set=private.pk)
    assert (refused.status_code, "Choose a column set first." in refused.text) == (422, True)


def test_deleting_asks_and_is_for_ones_own(ask, clerk, organizer):
    own = column_set(clerk, name="Own", is_shared=True)
    shared = column_set(organizer, is_shared=True)

    asked = ask("delete", column_set=own.pk)
    assert "Delete “Own”? It is shared: everybody loses it." in asked.text
    assert ColumnSet.objects.count() == 2
    gone = ask("delete", column_set=own.pk, sure=asked.context["sure"])
    assert "The column set “Own” is deleted." in gone.text
    assert "Own (shared)" not in gone.text

    refused = ask("delete", column_set=shared.pk, sure=f"delete {shared.pk}")
    assert refused.status_code == 422
    assert "belongs to somebody else, who alone can delete it" in refused.text
    assert ask("delete", column_set=own.pk).status_code == 422
    assert ColumnSet.objects.get() == shared


def test_organizer_replaces_and_deletes_what_others_share(ask, clerk, organizer):
    shared = column_set(clerk, is_shared=True)

    used = ask("use", by=organizer, column_set=shared.pk).context["form"]
    assert (used["name"].value(), used["is_shared"].value()) == ("Sponsors", True)
    fields = {"name": "Sponsors", "is_shared": "on", "columns": ["phone"], "by": organizer}
    asked = ask("save", **fields)
    assert "“Sponsors” is a shared column set of clerk." in asked.text
    ask("save", sure=asked.context["sure"], **fields)
    shared.refresh_from_db()
    assert (shared.owner, shared.columns) == (clerk.user, ["phone"])

    ask("delete", by=organizer, column_set=shared.pk, sure=f"delete {shared.pk}")
    assert not ColumnSet.objects.exists()


def test_set_that_names_a_deleted_question_is_used_without_it(ask, clerk, event, three):
    questions = [factories.question(settings=event.registration_settings) for _n in range(2)]
    keys = [f"question_{question.pk}" for question in questions]
    kept = column_set(clerk, columns=["name", *keys])
    questions[0].delete()

    page = ask("use", column_set=kept.pk)

    assert page.status_code == 200
    assert (
        f"Column set “Sponsors”: 1 column does not exist here any more and is left out: {keys[0]}."
        in " ".join(page.text.split())
    )
    assert page.context["form"]["name"].value() == "Sponsors"
    kept.refresh_from_db()
    assert kept.columns == ["name", *keys]
    ticked = [each for each in page.context["form"]["columns"].value() if each != keys[0]]
    assert table(ask(columns=ticked))[0] == ["name", keys[1]]

    ask("save", name="Sponsors", columns=ticked, sure="save Sponsors")
    kept.refresh_from_db()
    assert kept.columns == ["name", keys[1]]


def test_a_set_that_is_gone_harms_nothing_but_its_own_buttons(ask, three):
    assert len(names(ask(column_set="987"))) == 3
    assert ask("use", column_set="987").status_code == 422
