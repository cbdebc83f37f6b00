"""The organizations of an event: their roles, edited in place, and who else takes part."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission

from events.models import EventRole, Organization
from projects.domain import intention as domain
from projects.domain import signing, voiding
from registrations.domain import place
from tests import factories
from tests.backoffice.posting import errors, filled, inline, save, url
from tests.backoffice.workspace.pages import cost

pytestmark = pytest.mark.django_db


def test_roles_are_added_and_edited_in_place(organizer):
    role = factories.role(role="sponsor")
    event, media = role.event, factories.organization()

    response = save(
        organizer,
        event,
        "organizations",
        **inline("roles", {}, {"organization": media.pk, "role": "media", "order": 3}, initial=1),
        **{"roles-0-role": "organizer", "roles-1-order": 0},
    )

    assert response.url == url(event, "organizations")
    assert list(event.roles.values_list("organization", "role", "order")) == [
        (role.organization_id, "organizer", role.order),
        (media.pk, "media", 3),
    ]


def test_new_organization_is_typed_in_the_row_and_once_for_two_roles(organizer):
    event = factories.event()
    row = {"organization": "new:石家庄市科学技术局 / Science and Technology Bureau", "order": 0}

    save(
        organizer,
        event,
        "organizations",
        **inline("roles", {**row, "role": "sponsor"}, {**row, "role": "organizer"}),
    )

    bureau = Organization.objects.get()
    assert (bureau.name_en, bureau.name_zh_hans, bureau.kind, bureau.country) == (
        "Science and Technology Bureau",
        "石家庄市科学技术局",
        "public_body",
        "CN",
    )
    assert set(event.roles.values_list("organization", "role")) == {
        (bureau.pk, "sponsor"),
        (bureau.pk, "organizer"),
    }
    assert f"{url(bureau, 'change')}?_back=" in organizer.get(url(event, "organizations")).text


def test_organization_like_one_that_exists_is_asked_about_once(organizer):
    event = factories.event()
    factories.organization(name_en="Science Bureau")
    row = {"organization": "new:Science Bureau", "role": "sponsor", "order": 0}

    refused = save(organizer, event, "organizations", **inline("roles", row))

    assert "exists already" in str(errors(refused)["roles-0-organization"])
    told = refused.context["inline_admin_formsets"][0].formset.forms[0].data["roles-0-told"]
    save(organizer, event, "organizations", **inline("roles", {**row, "told": told}))

    assert event.roles.get().organization.name_en == "Science Bureau"
    assert Organization.objects.count() == 2


@pytest.mark.parametrize("twice", ["stored", "chosen", "typed"])
def test_role_that_an_organization_has_is_refused_beside_it(organizer, twice):
    role = factories.role(role="sponsor")
    before = list(EventRole.objects.values())
    other = factories.role(event=role.event, role="organizer", organization=role.organization)
    rows = {
        "stored": {"roles-1-role": "sponsor"},
        "chosen": inline(
            "roles",
            {"organization": role.organization_id, "role": "sponsor", "order": 0},
            initial=2,
        ),
        "typed": inline(
            "roles",
            {"organization": "new:New one", "role": "media", "order": 0},
            {"organization": "new:NEW ONE", "role": "media", "order": 0},
            initial=2,
        ),
    }[twice]

    refused = save(organizer, role.event, "organizations", **rows)

    assert "has this role already" in str(errors(refused))
    other.delete()
    assert list(EventRole.objects.values()) == before


def test_role_is_taken_out(organizer):
    role = factories.role()

    save(organizer, role.event, "organizations", **{"roles-0-DELETE": "on"})

    assert not EventRole.objects.exists()
    history = organizer.get(url(role.event, "history"))
    assert str(role.organization) in history.text


def test_who_saves_second_is_told_of_a_change_of_the_roles_alone(organizer, superuser):
    role = factories.role(role="sponsor")
    event, page = role.event, url(role.event, "organizations")
    opened = {**filled(organizer.get(page)), "roles-0-order": 9, "_save": "Save"}
    save(superuser, event, title_en="Another title")

    assert organizer.post(page, opened).status_code == 302

    opened = {**filled(organizer.get(page)), "roles-0-order": 2, "_save": "Save"}
    save(superuser, event, "organizations", **{"roles-0-role": "media"})
    refused = organizer.post(page, opened)

    assert "This was changed by" in refused.text
    role.refresh_from_db()
    assert (role.role, role.order) == ("media", 9)


def test_form_of_the_event_is_not_refused_for_a_change_of_its_roles(organizer, superuser):
    role = factories.role(role="sponsor")
    event, page = role.event, url(role.event, "change")
    opened = {**filled(organizer.get(page)), "title_en": "Another title", "_save": "Save"}
    save(superuser, event, "organizations", **{"roles-0-role": "media"})

    assert organizer.post(page, opened).status_code == 302


def test_saving_without_a_change_changes_nothing(organizer):
    role = factories.role()

    save(organizer, role.event, "organizations")

    assert role.history.count() == 1
    assert role.event.history.count() == 1


def test_auditor_reads_and_changes_nothing(auditor):
    role = factories.role()

    page = auditor.get(url(role.event, "organizations"))

    assert str(role.organization) in page.text
    assert 'type="submit"' not in page.text.split('id="content-main"')[1]
    assert auditor.post(url(role.event, "organizations"), {}).status_code == 403


# Who else takes part


def places(page):
    """Return (experts, intentions, attendees) of each organization that is listed."""
    return {
        place.row: (place.experts, place.intentions, place.attendees)
        for place in page.context["places"]
    }


def test_others_who_take_part_are_shown(organizer):
    at = factories.affiliation()
    appearance = factories.appearance(expert=at.expert)
    event = appearance.session.event
    intention = factories.intention(event=event)
    factories.organization(name_en="Elsewhere")

    page = organizer.get(url(event, "organizations"))

    rows = places(page)
    assert rows[at.organization] == (1, 0, 0)
    assert rows[intention.company] == (0, 1, 0)
    assert rows[intention.expert_organization] == (0, 1, 0)
    assert "Elsewhere" not in page.text


def test_experts_count_where_they_were_on_the_day_of_the_event(organizer):
    event = factories.event()
    day, one_day = event.starts_on, dt.timedelta(days=1)
    expert = factories.appearance(session=factories.session(event=event)).expert
    others = {"expert": expert, "is_primary": False}
    there = [
        factories.affiliation(expert=expert, starts_on=day, ends_on=day).organization,
        factories.affiliation(**others, ends_on=day).organization,
        factories.affiliation(**others, starts_on=day).organization,
        factories.affiliation(**others).organization,
    ]
    factories.affiliation(**others, ends_on=day - one_day)
    factories.affiliation(**others, starts_on=day + one_day)

    assert places(organizer.get(url(event, "organizations"))) == dict.fromkeys(there, (1, 0, 0))


def test_expert_with_two_parts_and_two_intentions_of_one_company_count_rightly(organizer):
    at = factories.affiliation()
    event = factories.event()
    for _number in range(2):
        factories.appearance(session=factories.session(event=event), expert=at.expert)
    factories.recommendation(event=event, expert=at.expert)
    company = factories.organization()
    for _number in range(2):
        parties = {"expert": at.expert, "expert_organization": at.organization}
        factories.intention(event=event, company=company, **parties)

    rows = places(organizer.get(url(event, "organizations")))

    assert rows == {at.organization: (1, 2, 0), company: (0, 2, 0)}


def test_abandoned_and_voided_intentions_bring_nobody(organizer, superuser):
    event = factories.event()
    domain.abandon(factories.intention(event=event), by=organizer.user)
    mistaken = factories.intention(event=event)
    signing.sign(mistaken, signed_on=event.starts_on, by=organizer.user)
    voiding.void(mistaken, reason="Another one was meant.", by=superuser.user)

    assert places(organizer.get(url(event, "organizations"))) == {}


def test_attendees_count_by_their_organization(organizer):
    event = factories.upcoming_event()
    factories.registration_settings(event=event)
    known, host = factories.organization(), factories.role(event=event).organization
    for name in (known.name_en, known.name_en, host.name_en, "Nobody knows it"):
        factories.registered(event, organization_name=name)
    place.cancel(factories.registered(event, organization_name=known.name_en))

    page = organizer.get(url(event, "organizations"))

    assert places(page) == {known: (0, 0, 2)}
    assert '<th scope="col">Attendees</th>' in page.text


def test_who_may_not_see_attendees_learns_of_none(client, django_user_model):
    event = factories.upcoming_event()
    factories.registration_settings(event=event)
    known = factories.organization()
    factories.registered(event, organization_name=known.name_en)
    reader = django_user_model.objects.create_user("reader", is_staff=True)
    may = ("view_event", "view_eventrole", "view_organization")
    reader.user_permissions.set(Permission.objects.filter(codename__in=may))
    client.force_login(reader)

    page = client.get(url(event, "organizations"))

    assert places(page) == {}
    assert "Attendees" not in page.text.split('id="content-main"')[1]


def test_page_costs_the_same_with_one_and_three_rows(organizer):
    event = factories.event()

    def add():
        factories.role(event=event)
        factories.intention(event=event)
        expert = factories.affiliation().expert
        factories.appearance(session=factories.session(event=event), expert=expert)

    add()
    few = cost(organizer, url(event, "organizations"))
    for _number in range(2):
        add()

    assert cost(organizer, url(event, "organizations")) == few <= 16
