"""The pages on which rows that look alike are found and merged."""

import pytest
from django.contrib.admin import ModelAdmin
from django.db import IntegrityError
from django.urls import reverse

from events.models import Appearance, Expert, Organization, OrganizerScope
from projects.models import Project
from tests import factories
from tests.backoffice.posting import errors, filled, url
from tests.cast import make_organizer

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>"
MAKERS = {
    Expert: factories.expert,
    Organization: factories.organization,
    Project: factories.project,
}


def merge_page(*rows) -> str:
    return url(type(rows[0]), "merge") + "?rows=" + ",".join(str(row.pk) for row in rows)


def send(client, kept, *others, **changes):
    """Press the button of the page, with what it proposes but for the changes."""
    page = client.get(merge_page(kept, *others))
    values = {
        f"value-{line.name}": cell.row.pk
        for line in page.context["lines"]
        for cell in line.cells
        if cell.is_chosen
    }
    sent = {"rows": page.context["keys"], "kept": kept.pk, "seen": page.context["seen"]}
    return client.post(url(type(kept), "merge"), sent | values | {"keeps_names": "on"} | changes)


# Finding


@pytest.mark.parametrize("model", MAKERS)
def test_rows_that_look_alike_stand_in_groups_with_what_tells_them_apart(organizer, model):
    name = "title" if model is Project else "name"
    first = MAKERS[model](**{f"{name}_en": "Alike", f"{name}_zh_hans": "相 似"})
    second = MAKERS[model](**{f"{name}_en": "ALIKE", f"{name}_zh_hans": "相似"})
    MAKERS[model]()

    page = organizer.get(url(model, "doubles"))

    [group] = page.context["groups"]
    assert [double.row for double in group.doubles] == [first, second]
    assert first.slug in page.text and second.slug in page.text
    assert url(model, "doubles") in organizer.get(url(model, "changelist")).text


def test_experts_of_one_name_are_told_apart_by_place_and_position(organizer):
    places = [factories.affiliation(expert=factories.expert(name_en="Wang Wei")) for _n in "ab"]

    page = organizer.get(url(Expert, "doubles")).text

    for place in places:
        assert f"{place.organization} · Director" in page


def test_former_name_of_one_is_the_name_of_another(organizer):
    former = factories.former_name(name_en="Bureau")
    present = factories.organization(name_en="bureau")

    [group] = organizer.get(url(Organization, "doubles")).context["groups"]

    assert {double.row for double in group.doubles} == {former.organization, present}


def test_list_of_doubles_costs_the_same_for_many(organizer, django_assert_num_queries):
    def grow(number):
        for each in range(number):
            for _twice in "ab":
                expert = factories.expert(name_en=f"Twin {each} of {number}", name_zh_hans="")
                factories.affiliation(expert=expert)

    grow(1)
    organizer.get(url(Expert, "doubles"))
    with django_assert_num_queries(11):
        organizer.get(url(Expert, "doubles"))
    grow(5)
    with django_assert_num_queries(11):
        page = organizer.get(url(Expert, "doubles"))
    assert len(page.context["groups"]) == 6


def test_nothing_alike_is_said(organizer):
    factories.expert()

    assert "No possible duplicates were found" in organizer.get(url(Expert, "doubles")).text


def test_page_of_a_row_points_to_its_doubles(organizer):
    first = factories.expert(name_en="Wang Wei")
    second = factories.expert(name_en="wang-wei")

    page = organizer.get(url(first, "change"))

    [(label, address)] = page.context["alike_rows"]
    assert "wang-wei" in label and address == merge_page(first, second)
    assert organizer.get(address).context["original"] == first


# Choosing


def test_row_alone_asks_with_what_it_is_merged(organizer):
    row, other = factories.organization(), factories.organization()

    page = organizer.get(merge_page(row))
    compared = organizer.get(url(Organization, "merge"), {"rows": [row.pk, other.pk]})

    assert "Choose the rows that are the same" in page.text
    assert [each for each, _label in compared.context["rows"]] == [row, other]


def test_selected_rows_of_a_list_are_merged(organizer):
    rows = [factories.project() for _number in range(2)]
    sent = {"action": "merge_selected", "_selected_action": [row.pk for row in rows]}

    response = organizer.post(url(Project, "changelist"), sent)

    assert response["Location"] == merge_page(*rows)


def test_rows_that_are_gone_and_too_many_rows_lead_to_the_list(organizer):
    many = [factories.expert() for _number in range(11)]

    for rows, words in (("", "no longer in the list"), ("x,9999999", "no longer"), (many, "10")):
        keys = rows if isinstance(rows, str) else ",".join(str(row.pk) for row in rows)
        response = organizer.get(url(Expert, "merge"), {"rows": keys}, follow=True)
        assert words in response.text


def test_page_shows_what_differs_and_proposes_what_is_said(organizer):
    kept = factories.organization(city_en="", website="https://kept.example.org")
    other = factories.organization(city_en=HOSTILE, website="https://other.example.org")
    factories.role(organization=other)

    page = organizer.get(merge_page(kept, other))

    chosen = {
        line.name: next(cell.row for cell in line.cells if cell.is_chosen)
        for line in page.context["lines"]
    }
    assert (chosen["city_en"], chosen["website"]) == (other, kept)
    assert "kind" not in chosen
    assert [(each.label, each.count) for each in page.context["moving"]] == [
        ("Roles of organizations", 1)
    ]
    assert "cannot be undone" in page.text
    assert HOSTILE not in page.text


def test_fields_of_one_model_are_told_apart(organizer):
    kept, other = factories.organization(), factories.organization()
    factories.intention(company=other)
    factories.intention(expert_organization=other)

    moving = organizer.get(merge_page(kept, other)).context["moving"]

    assert [each.label for each in moving] == [
        "Cooperation intentions (signing organization)",
        "Cooperation intentions (the expert acts for)",
    ]


def test_other_row_can_be_kept(organizer):
    first, second = factories.expert(), factories.expert()

    page = organizer.get(f"{merge_page(first, second)}&kept={second.pk}")

    assert page.context["original"] == second


def test_draft_that_is_kept_instead_of_a_published_project_is_pointed_out(organizer):
    draft, published = factories.project(status="draft"), factories.project()

    assert "is not published" in organizer.get(merge_page(draft, published)).text
    assert "is not published" not in organizer.get(merge_page(published, draft)).text


# Merging


def test_merging_takes_what_was_chosen(organizer):
    kept, other = factories.expert(country="GB"), factories.expert(country="DE")
    appearance = factories.appearance(expert=other)

    response = send(organizer, kept, other, **{"value-country": other.pk})

    assert response["Location"] == url(kept, "change")
    kept.refresh_from_db()
    appearance.refresh_from_db()
    assert (kept.country, appearance.expert) == ("DE", kept)
    assert f"was merged into “{kept}”" in organizer.get(response["Location"]).text


def test_refusal_is_said_and_nothing_is_merged(organizer):
    session = factories.session()
    first = factories.signed_intention(session=session).expert
    second = factories.signed_intention(session=session).expert

    page = organizer.get(merge_page(first, second))
    response = organizer.post(
        url(Expert, "merge"), {"rows": f"{first.pk},{second.pk}", "kept": first.pk}
    )

    assert "Both signed in the same session" in page.text
    assert 'class="grave"' not in page.text
    assert response.status_code == 422
    assert "Both signed in the same session" in response.text
    assert Expert.objects.filter(pk=second.pk).exists()


def test_values_that_cannot_stand_keep_what_was_chosen(organizer):
    kept = factories.expert(name_zh_hans="")
    other = factories.expert(name_en="", name_zh_hans="无")

    chosen = {"value-name_en": other.pk, "value-name_zh_hans": kept.pk}
    response = send(organizer, kept, other, **chosen)

    assert response.status_code == 422
    assert "Name (English): Fill this in" in response.text
    [line] = [each for each in response.context["lines"] if each.name == "name_en"]
    assert [cell.row for cell in line.cells if cell.is_chosen] == [other]


def test_change_meanwhile_is_told(organizer):
    kept, other = factories.expert(), factories.expert()
    seen = organizer.get(merge_page(kept, other)).context["seen"]
    other.name_en = "Changed"
    factories.save(other)

    response = send(organizer, kept, other, seen=seen)

    assert response.status_code == 422
    assert "has been changed" in response.text and "Changed" in response.text


def test_edit_form_of_the_kept_row_is_told_of_the_merger(organizer):
    kept, other = factories.expert(), factories.expert()
    factories.affiliation(expert=other)
    form = filled(organizer.get(url(kept, "change")))
    send(organizer, kept, other)

    response = organizer.post(url(kept, "change"), form)

    assert "This was changed by" in str(errors(response))


def test_edit_form_of_a_merged_row_leads_to_the_kept_one(organizer):
    kept, other = factories.expert(), factories.expert()
    address, form = url(other, "change"), filled(organizer.get(url(other, "change")))
    send(organizer, kept, other)

    response = organizer.post(address, form, follow=True)

    assert response.redirect_chain[0][0] == url(kept, "change")
    assert "What you typed before was not saved" in response.text


def test_history_of_both_is_read_on_the_kept_row(organizer):
    kept, other = factories.expert(), factories.expert(name_en="First name")
    factories.affiliation(expert=other)
    other.name_en = "Second name"
    factories.save(other)
    send(organizer, kept, other)

    page = organizer.get(url(kept, "history")).text

    assert "First name" in page and "Second name" in page
    assert "merged into another" in page and "changed by a merge" in page


def test_row_that_is_chosen_while_it_is_merged_is_refused_in_words(organizer, monkeypatch):
    """The database refuses at the end of the transaction what the form has let pass."""
    session, other = factories.session(), factories.expert()
    form = filled(organizer.get(url(session, "change")))
    new = {"appearances-TOTAL_FORMS": 1, "appearances-0-expert": other.pk}

    def take_form_of_merged_row(page, *args):
        monkeypatch.undo()
        raise IntegrityError

    monkeypatch.setattr(ModelAdmin, "_changeform_view", take_form_of_merged_row)
    # As if it were merged by now: the second look finds none.
    Expert.objects.filter(pk=other.pk).delete()
    response = organizer.post(
        url(session, "change"), form | new | {"appearances-0-role": "speaker"}
    )

    assert response.status_code == 200
    assert "valid choice" in str(errors(response))
    assert not Appearance.objects.exists()


# Who may


def test_who_reads_alone_finds_doubles_and_merges_none(auditor):
    first, second = factories.expert(name_en="Same"), factories.expert(name_en="same")

    page = auditor.get(url(Expert, "doubles"))

    assert first.slug in page.text and 'name="rows"' not in page.text
    assert auditor.get(merge_page(first, second)).status_code == 403
    assert (
        auditor.post(url(Expert, "merge"), {"rows": f"{first.pk},{second.pk}"}).status_code == 403
    )


def test_who_is_limited_merges_what_is_theirs_alone():
    limited = make_organizer()
    mine, theirs = factories.appearance(), factories.appearance()
    OrganizerScope.objects.create(user=limited.user, event=mine.session.event)

    assert limited.get(merge_page(mine.expert, theirs.expert)).status_code == 403
    assert send(limited, mine.expert, factories.expert()).status_code == 302


def test_models_without_doubles_have_no_such_page(organizer):
    assert organizer.get(reverse("admin:index") + "events/event/doubles/").status_code == 302
