"""Merging: all that refers to a row refers to the one that is kept, or nothing happens."""

import datetime as dt

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from simple_history.utils import get_history_manager_for_model

from audit.models import AuditEntry
from events.domain.merging import MergeRefused, look_over, merge
from events.domain.references import references_to
from events.models import (
    Affiliation,
    Appearance,
    EventRole,
    Expert,
    FormerName,
    Organization,
    OrganizerScope,
)
from projects.models import CooperationIntention, Project, Recommendation
from summit.lib.database.merged_rows import keys_merged_into, present_key
from tests import factories
from tests.cast import make_organizer
from tests.threads import at_once

pytestmark = pytest.mark.django_db

LAST = dt.date(2020, 12, 31)
MAKERS = {
    Expert: factories.expert,
    Organization: factories.organization,
    Project: factories.project,
}


_MODELS = {"organization": Organization, "expert": Expert, "project": Project}


@pytest.fixture
def by(db) -> User:
    return make_organizer().user


def moves_of(preview) -> dict[str, int]:
    return {moves.reference.model.__name__: moves.count for moves in preview.moves}


# What moves


@pytest.mark.parametrize("model", MAKERS)
def test_every_field_that_refers_to_the_row_is_known(model):
    """A model that a colleague adds comes along by itself."""
    referring = {
        (other, field.name)
        for other in apps.get_models(include_auto_created=True)
        for field in other._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and field.related_model is model
        and field.remote_field.on_delete is not models.DO_NOTHING
    }
    own = {many.remote_field.through for many in model._meta.many_to_many}

    assert {(each.model, each.field.name) for each in references_to(model)} == {
        pair for pair in referring if pair[0] not in own
    }


def test_all_of_an_expert_moves(by):
    kept, other = factories.expert(), factories.expert()
    moving = [
        factories.appearance(expert=other),
        factories.recommendation(expert=other),
        factories.affiliation(expert=other),
        factories.intention(expert=other),
        factories.signed_intention(expert=other),
    ]

    preview = look_over(kept, [other])
    merge(kept, [other], by=by)

    assert preview.refusals == []
    assert moves_of(preview)["Appearance"] == 1
    assert moves_of(preview)["CooperationIntention"] == 2
    for row in moving:
        row.refresh_from_db()
        assert row.expert == kept
        [newest, *_earlier] = get_history_manager_for_model(type(row)).filter(id=row.pk)
        assert (newest.expert_id, newest.history_user) == (kept.pk, by)
    assert not Expert.objects.filter(pk=other.pk).exists()


def test_all_of_an_organization_moves(by):
    kept, other, third = (factories.organization() for _number in range(3))
    registration = factories.registered(
        factories.registration_settings().event, organization_name=other.name_en
    )
    registration.organization = other
    registration.save()
    moving = {
        "organization": [
            factories.role(organization=other),
            factories.affiliation(organization=third),
            registration,
        ],
        "owner": [factories.project(owner=other)],
        "company": [factories.signed_intention(company=other)],
        "expert_organization": [factories.signed_intention(expert_organization=third)],
    }

    merge(kept, [other, third], by=by)

    for name, rows in moving.items():
        for row in rows:
            row.refresh_from_db()
            assert getattr(row, name) == kept


def test_a_project_keeps_its_sectors_in_the_history_when_its_owner_is_merged(by):
    other = factories.organization()
    project = factories.project(owner=other, sectors=[factories.sector()])

    merge(factories.organization(), [other], by=by)

    newest = project.history.latest()
    assert [each.sector for each in newest.sectors.all()] == list(project.sectors.all())


def test_all_of_a_project_moves_and_its_sectors_where_the_kept_one_has_none(by):
    sector, mode = factories.sector(), factories.mode()
    kept = factories.project(modes=[mode])
    other = factories.project(sectors=[sector], modes=[factories.mode()])
    recommendation = factories.recommendation(project=other)
    signed = factories.signed_intention(projects=[other])

    merge(kept, [other], by=by)

    recommendation.refresh_from_db()
    assert recommendation.project == kept
    assert [link.project for link in signed.project_links.all()] == [kept]
    assert (list(kept.sectors.all()), list(kept.modes.all())) == ([sector], [mode])


@pytest.mark.parametrize("name", ["organization", "expert", "project"])
def test_contacts_move(by, name):
    contact = factories.contact(**{name: MAKERS[_MODELS[name]]()})
    kept = MAKERS[_MODELS[name]]()

    merge(kept, [getattr(contact, name)], by=by)

    contact.refresh_from_db()
    assert getattr(contact, name) == kept


def test_a_row_that_nothing_refers_to_is_merged(by):
    kept, other = factories.expert(), factories.expert()

    preview = look_over(kept, [other])

    assert preview.moves == []
    assert merge(kept, [other], by=by) == kept


# What cannot stand twice


def test_same_appearance_twice_becomes_one(by):
    first = factories.appearance(role="moderator")
    second = factories.appearance(session=first.session, role="speaker")

    [moves] = look_over(first.expert, [second.expert]).moves
    merge(first.expert, [second.expert], by=by)

    assert [(row.pk, other.pk) for row, other in moves.same] == [(second.pk, first.pk)]
    [left] = Appearance.objects.all()
    assert (left.pk, left.role) == (first.pk, "moderator")


def test_same_recommendation_twice_becomes_one_with_all_that_either_says(by):
    first = factories.recommendation(note_en="Good")
    second = factories.recommendation(
        project=first.project,
        event=first.event,
        session=factories.session(event=first.event),
        note_en="Better",
        note_zh_hans="更好",
    )

    merge(first.expert, [second.expert], by=by)

    [left] = Recommendation.objects.all()
    assert (left.note_en, left.note_zh_hans) == ("Good", "更好")
    assert left.session == second.session


def test_what_stands_three_times_becomes_one(by):
    role = factories.role()
    others = [
        factories.role(event=role.event).organization,
        factories.role(event=role.event).organization,
    ]

    merge(role.organization, others, by=by)

    assert [each.organization for each in EventRole.objects.all()] == [role.organization]


def test_draft_that_names_both_projects_names_the_kept_one(by):
    kept, other = factories.project(), factories.project()
    draft = factories.intention(projects=[other, kept])

    merge(kept, [other], by=by)

    assert [link.project for link in draft.project_links.all()] == [kept]


def test_affiliations_at_one_organization_become_one_in_the_time_of_both(by):
    place = factories.organization()
    first = factories.affiliation(
        organization=place, position_en="", starts_on=dt.date(2015, 1, 1), is_primary=False
    )
    second = factories.affiliation(
        organization=place, position_en="Reader", starts_on=dt.date(2012, 1, 1)
    )
    elsewhere = factories.affiliation(expert=second.expert, is_primary=False, ends_on=LAST)

    merge(first.expert, [second.expert], by=by)

    kept = {each.pk: each for each in Affiliation.objects.filter(expert=first.expert)}
    assert set(kept) == {first.pk, elsewhere.pk}
    left = kept[first.pk]
    assert (left.position_en, left.starts_on) == ("Reader", dt.date(2012, 1, 1))
    assert (left.ends_on, left.is_primary) == (None, True)


def test_affiliation_without_days_is_not_cut_by_one_with_days(by):
    first = factories.affiliation()
    second = factories.affiliation(
        organization=first.organization, starts_on=dt.date(2012, 1, 1), ends_on=LAST
    )

    merge(first.expert, [second.expert], by=by)

    left = Affiliation.objects.get()
    assert (left.starts_on, left.ends_on) == (None, None)


def test_who_returned_keeps_both_times(by):
    first = factories.affiliation(ends_on=LAST)
    second = factories.affiliation(organization=first.organization, starts_on=dt.date(2022, 1, 1))

    merge(first.expert, [second.expert], by=by)

    assert Affiliation.objects.filter(expert=first.expert).count() == 2


def test_the_kept_expert_keeps_the_primary_affiliation(by):
    first, second = factories.affiliation(), factories.affiliation()
    past = factories.affiliation(
        expert=factories.expert(), starts_on=dt.date(2010, 1, 1), ends_on=dt.date(2011, 1, 1)
    )

    merge(second.expert, [first.expert, past.expert], by=by)

    rows = Affiliation.objects.filter(expert=second.expert, is_primary=True)
    assert list(rows) == [second]


def test_affiliations_of_one_expert_at_both_organizations_become_one(by):
    expert = factories.expert()
    first = factories.affiliation(expert=expert, is_primary=False)
    second = factories.affiliation(expert=expert)

    merge(first.organization, [second.organization], by=by)

    assert expert.primary_affiliation == first


# Names and values


def test_empty_fields_of_the_kept_row_are_filled(by):
    kept = factories.organization(name_zh_hans="", city_en="Here")
    other = factories.organization(name_zh_hans="机构", city_en="There", website="https://x.org")

    merge(kept, [other], by=by)

    kept.refresh_from_db()
    assert (kept.name_zh_hans, kept.city_en, kept.website) == ("机构", "Here", "https://x.org")


def test_chosen_values_are_taken(by):
    kept, other = factories.expert(country="GB"), factories.expert(country="DE")

    merge(kept, [other], by=by, values={"country": other.pk, "name_en": kept.pk})

    kept.refresh_from_db()
    assert kept.country == "DE"
    assert kept.slug != other.slug


def test_values_that_cannot_stand_together_are_refused_and_nothing_is_done(by):
    kept, other = factories.expert(name_zh_hans=""), factories.expert(name_en="", name_zh_hans="无")
    appearance = factories.appearance(expert=other)

    with pytest.raises(ValidationError):
        merge(kept, [other], by=by, values={"name_en": other.pk, "name_zh_hans": kept.pk})

    appearance.refresh_from_db()
    assert appearance.expert == other


def test_names_of_a_merged_organization_become_former_names(by):
    names = {"name_en": "Health Commission", "name_zh_hans": "卫健委", "short_name_en": "HC"}
    kept = factories.organization(**names)
    other = factories.organization(
        name_en="HEALTH  Commission", name_zh_hans="卫生局", short_name_en="Bureau"
    )

    merge(kept, [other], by=by)

    names = FormerName.objects.filter(organization=kept)
    assert {(each.name_en, each.name_zh_hans) for each in names} == {
        ("HEALTH  Commission", "卫生局"),
        ("Bureau", ""),
    }
    assert Organization.objects.alike("卫生局") == [kept]


def test_names_are_dropped_where_that_is_wished(by):
    kept, other = factories.organization(), factories.organization(name_zh_hans="错字")

    merge(kept, [other], by=by, keeps_names=False)

    assert not FormerName.objects.exists()


def test_former_names_come_along_and_do_not_overlap(by):
    kept, other = factories.organization(), factories.organization()
    same = {"name_en": "Old", "name_zh_hans": "旧", "ends_on": LAST}
    factories.former_name(organization=kept, **same)
    factories.former_name(organization=other, **same)
    factories.former_name(organization=other, name_en="Older", ends_on=LAST)

    merge(kept, [other], by=by, keeps_names=False)

    assert [(each.name_en, each.ends_on) for each in kept.former_names.all()] == [
        ("Old", LAST),
        ("Older", None),
    ]
    assert Organization.objects.alike("Older") == [kept]


# Addresses, history, audit trail


@pytest.mark.parametrize("model", MAKERS)
def test_former_addresses_lead_to_the_kept_row(by, client, model):
    first, second, third = (MAKERS[model]() for _number in range(3))
    addresses = [first.get_absolute_url(), second.get_absolute_url()]
    second.slug = "renamed"
    addresses.append(factories.save(second).get_absolute_url())

    merge(second, [first], by=by)
    merge(third, [second], by=by)

    for address in addresses:
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (301, third.get_absolute_url())


def test_no_other_row_gets_the_address_of_a_merged_one(by):
    kept = factories.organization(name_en="Kept")
    merge(kept, [factories.organization(name_en="Gone")], by=by)

    assert factories.organization(name_en="Gone").slug == "gone-2"


def test_history_knows_what_was_merged(by):
    first, second, third = (factories.expert() for _number in range(3))
    keys = first.pk, second.pk
    merge(second, [first], by=by)
    merge(third, [second], by=by)

    assert sorted(keys_merged_into(Expert, third.pk)) == sorted(keys)
    assert [present_key(Expert, key) for key in keys] == [third.pk, third.pk]
    assert present_key(Expert, third.pk) is None


def test_deleted_row_was_not_merged():
    expert = factories.expert()
    key = expert.pk
    expert.delete()

    assert present_key(Expert, key) is None


def test_merger_is_in_the_audit_trail_without_names(by):
    kept, other = factories.organization(), factories.organization()
    slug = other.slug
    factories.role(organization=other)

    merge(kept, [other], by=by)

    entry = AuditEntry.objects.get(action="rows_merged")
    assert (entry.actor_name, entry.subject) == (by.username, f"organization · {kept.slug}")
    assert entry.details == {"merged": [slug], "moved": {"eventrole": 1}}


# Refusals


def test_row_that_is_gone_is_refused(by):
    kept, other = factories.expert(), factories.expert()
    Expert.objects.filter(pk=other.pk).delete()

    with pytest.raises(MergeRefused, match="merged or deleted in the meantime"):
        merge(kept, [other], by=by)


def test_row_is_not_merged_with_itself(by):
    kept = factories.expert()

    with pytest.raises(MergeRefused):
        merge(kept, [kept], by=by)
    assert Expert.objects.filter(pk=kept.pk).exists()


def test_row_that_was_changed_since_it_was_looked_at_is_refused(by):
    kept, other = factories.expert(), factories.expert()
    seen = look_over(kept, [other]).seen
    other.name_en = "Another"
    factories.save(other)

    with pytest.raises(MergeRefused, match="has been changed"):
        merge(kept, [other], by=by, seen=seen)
    assert Expert.objects.filter(pk=other.pk).exists()


def test_who_is_limited_merges_what_is_theirs_alone(by):
    mine, theirs = factories.appearance(), factories.appearance()
    OrganizerScope.objects.create(user=by, event=mine.session.event)

    with pytest.raises(MergeRefused, match="outside your limits"):
        merge(mine.expert, [theirs.expert], by=by)
    assert merge(mine.expert, [factories.expert()], by=by) == mine.expert


def test_what_the_database_refuses_is_refused_in_words(by, monkeypatch):
    kept, other = factories.role(), factories.role()
    monkeypatch.setattr("events.domain.merging.join", _refused_by_the_database)

    with pytest.raises(MergeRefused, match="contradict each other"):
        merge(kept.organization, [other.organization], by=by)


def _refused_by_the_database(*args):
    raise IntegrityError


# Races


@pytest.mark.django_db(transaction=True)
def test_two_mergers_at_once_leave_one_row_with_everything():
    by = make_organizer().user
    first, second = factories.appearance(), factories.appearance()
    experts = first.expert, second.expert

    results = at_once(
        lambda: merge(experts[0], [experts[1]], by=by),
        lambda: merge(experts[1], [experts[0]], by=by),
    )

    assert sorted(isinstance(each, MergeRefused) for each in results) == [False, True]
    [left] = Expert.objects.all()
    assert {each.expert_id for each in Appearance.objects.all()} == {left.pk}


@pytest.mark.django_db(transaction=True)
def test_reference_that_is_added_meanwhile_moves_or_is_refused():
    by = make_organizer().user
    kept, other = factories.expert(), factories.expert()
    sessions = [factories.session() for _number in range(3)]

    def add(session):
        return Appearance.objects.create(session=session, expert_id=other.pk)

    results = at_once(lambda: merge(kept, [other], by=by), *(lambda s=s: add(s) for s in sessions))

    assert results[0] == kept
    added = [each for each in results[1:] if not isinstance(each, Exception)]
    assert all(isinstance(each, (Appearance, IntegrityError)) for each in results[1:])
    assert Appearance.objects.filter(expert=kept).count() == len(added)
    assert CooperationIntention.objects.count() == 0
