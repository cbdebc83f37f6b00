"""A right that somebody gives to himself: a foreign row tied to a draft, and then changed."""

import threading

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from events.models import Affiliation, Expert, Organization
from events.models.scope import Shared, scope_of
from projects.models import CooperationIntention, Project, Recommendation
from tests import factories
from tests.backoffice.posting import filled, inline, save, select, url, use_on_selected
from tests.threads import at_once
from tests.two_series import BEYOND, limited_to_event, world

SHARED = [model for model in admin.site._registry if isinstance(scope_of(model), Shared)]
# Relations that tie to no event: where an expert works says nothing of where they take part, and
# whom staff turn to says nothing either.
TIE_NOTHING = {
    (Expert, "affiliations"),
    (Organization, "former_names"),
    *((model, "contacts") for model in (Expert, Organization, Project)),
    # What was proposed in answer to a call became part of it, wherever it is shown.
    (Project, "submissions"),
    # A visitor's question, and counts of those that are gone, make no part in an event.
    *((model, name) for model in (Expert, Project) for name in ("interests", "interest_counts")),
    # The expert's own link, and what was proposed by it.
    *((Expert, "links"), (Expert, "proposals")),
}


def _intention(told, **fields):
    return factories.intention(event=told.draft_event, projects=[], **fields)


# Every way in which a row can have a part in an event: of a branch of the world, with the row.
TIES = {
    Expert: {
        "appearance": lambda told, row: factories.appearance(session=told.session, expert=row),
        "recommendation": lambda told, row: factories.recommendation(
            event=told.draft_event, expert=row
        ),
        "intention": lambda told, row: _intention(told, expert=row),
    },
    Organization: {
        "role": lambda told, row: factories.role(event=told.draft_event, organization=row),
        "registration": lambda told, row: _registered(told, row),
        "company": lambda told, row: _intention(told, company=row),
        "company of an expert": lambda told, row: _intention(told, expert_organization=row),
        "owner of what is recommended": lambda told, row: factories.recommendation(
            event=told.draft_event, project=factories.project(owner=row)
        ),
        "owner of what is drafted": lambda told, row: factories.intention(
            event=told.draft_event, projects=[factories.project(owner=row)]
        ),
        "its expert appears": lambda told, row: factories.appearance(
            session=told.session, expert=_expert_of(row)
        ),
        "its expert recommends": lambda told, row: factories.recommendation(
            event=told.draft_event, expert=_expert_of(row)
        ),
        "its expert signs": lambda told, row: _intention(told, expert=_expert_of(row)),
    },
    Project: {
        "recommendation": lambda told, row: factories.recommendation(
            event=told.draft_event, project=row
        ),
        "intention": lambda told, row: factories.intention(event=told.draft_event, projects=[row]),
    },
}
ALL_TIES = [
    pytest.param(model, tie, id=f"{model.__name__}: {name}")
    for model, ties in TIES.items()
    for name, tie in ties.items()
]


def _registered(told, row):
    told.registration.organization = row
    told.registration.save()


def _expert_of(organization):
    return factories.affiliation(organization=organization).expert


@pytest.fixture
def told(db):
    return world()


def _row(model):
    return getattr(factories, model._meta.model_name)()


def _stored(row):
    return type(row).objects.filter(pk=row.pk).values().get()


def _list_action(person, row, action):
    return select(person, action, row, post="yes")


def _actions(row):
    actions = admin.site.get_model_admin(type(row)).actions
    return {"delete_selected", *(action.__name__ for action in actions)}


def _is_refused_everywhere(person, row):
    """Try every way to change or delete the row, each of which says so."""
    stored, history = _stored(row), row.history.count()

    page = person.get(url(row, "change"))
    assert page.status_code == 200
    assert f"This {row._meta.verbose_name} is also used in events outside" in page.text
    assert 'name="_save"' not in page.text
    assert url(row, "delete") not in page.text
    assert "/do/" not in page.text
    assert BEYOND not in page.text

    whole = {name: value for name, value in stored.items() if value is not None}
    for name in ("change", "delete"):
        posted = {**whole, "slug": "taken", "post": "yes"}
        assert person.post(url(row, name), posted).status_code == 403
    for action in admin.site.get_model_admin(type(row)).row_actions:
        refused = person.post(url(row, "action", action.name))
        assert refused.status_code == 403
        assert "outside your limits" in refused.text
    for action in ("mark-translated", "delete_selected", "publish"):
        if action in _actions(row):
            answer = _list_action(person, row, action)
            assert "Nothing was changed" in answer.text
            assert BEYOND not in answer.text
    column = "title_en" if type(row) is Project else "name_en"
    imported = _import(person, row, column)
    [(line, refused, words)] = imported.context["errors"]
    assert (line, refused) == (2, "slug")
    assert "part in other events" in words

    assert _stored(row) == stored
    assert row.history.count() == history


def _import(person, row, column):
    text = f"slug,{column}\n{row.slug},Renamed\n"
    file = SimpleUploadedFile("rows.csv", text.encode())
    return person.post(url(type(row), "import"), {"file": file})


@pytest.mark.parametrize(("model", "tie"), ALL_TIES)
def test_row_of_others_that_somebody_ties_to_a_draft_of_theirs_stays_read_only(told, model, tie):
    row = getattr(told.beyond, model._meta.model_name)

    tie(told.mine, row)

    _is_refused_everywhere(told.organizer, row)


@pytest.mark.parametrize(("model", "tie"), ALL_TIES)
def test_row_with_any_part_beyond_is_read_only(told, model, tie):
    row = _row(model)
    for mine in TIES[model].values():
        mine(told.mine, row)

    tie(told.beyond, row)

    _is_refused_everywhere(told.organizer, row)


@pytest.mark.parametrize(("model", "tie"), ALL_TIES)
def test_row_with_a_part_in_what_is_mine_alone_is_changed(told, model, tie):
    row = _row(model)
    tie(told.mine, row)

    page = told.organizer.get(url(row, "change"))
    saved = save(told.organizer, row, slug="renamed")

    assert "outside your limits" not in page.text
    assert saved.status_code == 302
    assert _stored(row)["slug"] == "renamed"


@pytest.mark.parametrize("model", SHARED)
def test_row_with_a_part_in_an_event_of_no_series_is_read_only(told, model):
    row = _row(model)
    alone = factories.event(series=None)
    if model is Organization:
        factories.role(event=alone, organization=row)
    else:
        factories.recommendation(event=alone, **{model._meta.model_name: row})

    _is_refused_everywhere(told.organizer, row)


@pytest.mark.parametrize("model", SHARED)
def test_who_is_limited_to_an_event_does_not_change_what_its_series_shares(told, model):
    row = getattr(told.mine, model._meta.model_name)
    person = limited_to_event(told)

    # Each has a part in the event before as well, which is not theirs.
    _is_refused_everywhere(person, row)


@pytest.mark.parametrize("model", SHARED)
def test_row_that_somebody_adds_is_theirs_until_it_has_a_part_beyond(told, model):
    name = "title" if model is Project else "name"
    given = {f"{name}_en": "New here", "slug": "new-here"}
    if model is Project:
        given |= {"kind": "offer", "owner": told.mine.organization.pk}
    if model is Organization:
        given |= {"kind": "company"}

    form = filled(told.organizer.get(url(model, "add")))
    added = told.organizer.post(url(model, "add"), form | given)
    row = model.objects.filter(slug="new-here").first()

    assert added.status_code == 302, added.context["errors"]
    assert save(told.organizer, row, slug="newer").status_code == 302
    next(iter(TIES[model].values()))(told.beyond, row)
    row.refresh_from_db()
    _is_refused_everywhere(told.organizer, row)


@pytest.mark.parametrize(("model", "tie"), ALL_TIES)
def test_organizer_without_limits_changes_what_has_a_part_in_many_events(
    told, superuser, model, tie
):
    row = getattr(told.beyond, model._meta.model_name)
    tie(told.mine, row)

    page = superuser.get(url(row, "change"))
    saved = save(superuser, row, slug="renamed")

    assert "outside your limits" not in page.text
    assert saved.status_code == 302


def test_everything_that_refers_to_a_shared_row_is_looked_at_for_events():
    for model in SHARED:
        looked_at = {path.partition("__")[0] for path in scope_of(model).paths}
        referring = {
            relation.name
            for relation in model._meta.get_fields()
            if relation.one_to_many and not relation.hidden
        }
        nothing = {name for owner, name in TIE_NOTHING if owner is model}

        assert referring - nothing == looked_at, model


# Parts of a page


def test_part_of_a_shared_page_is_not_changed_with_it(told):
    expert = told.beyond.expert
    factories.appearance(session=told.mine.session, expert=expert)
    affiliation = factories.affiliation(expert=expert, position_en="Director")
    posted = inline("affiliations", initial=1) | {
        "affiliations-0-id": affiliation.pk,
        "affiliations-0-expert": expert.pk,
        "affiliations-0-organization": told.mine.organization.pk,
        "affiliations-0-position_en": "Nobody",
    }

    answer = told.organizer.post(url(expert, "change"), {"name_en": "Nobody", **posted})

    assert answer.status_code == 403
    assert list(Affiliation.objects.filter(expert=expert)) == [affiliation]
    affiliation.refresh_from_db()
    assert affiliation.position_en == "Director"


def test_list_action_changes_none_where_one_is_of_others(told):
    mine, beyond = told.mine.project, told.beyond.project
    Project.objects.update(outdated_language="en")
    factories.recommendation(event=told.mine.draft_event, project=beyond)

    answer = use_on_selected(told.organizer, "mark-translated", mine, beyond)
    everything = select(told.organizer, "mark-translated", mine, select_across="1")

    assert "Nothing was changed" in answer.text
    assert "Nothing was changed" in everything.text
    assert not Project.objects.filter(outdated_language="").exists()


def test_list_action_changes_what_is_theirs(told):
    Project.objects.update(outdated_language="en")

    use_on_selected(told.organizer, "mark-translated", told.mine.project)

    assert list(Project.objects.filter(outdated_language="")) == [told.mine.project]


def test_import_changes_what_is_theirs(told):
    page = _import(told.organizer, told.mine.expert, "name_en")
    told.organizer.post(url(Expert, "process_import"), {"payload": page.context["payload"]})

    told.mine.expert.refresh_from_db()
    assert told.mine.expert.name_en == "Renamed"


def test_import_that_was_looked_at_before_the_row_was_tied_elsewhere_changes_nothing(told):
    page = _import(told.organizer, told.mine.expert, "name_en")
    factories.appearance(session=told.beyond.session, expert=told.mine.expert)

    answer = told.organizer.post(
        url(Expert, "process_import"), {"payload": page.context["payload"]}
    )

    assert "part in other events" in answer.context["errors"][0][2]
    assert Expert.objects.get(pk=told.mine.expert.pk).name_en != "Renamed"


def test_copy_of_an_event_brings_experts_along_and_no_right_to_change_them(told):
    factories.appearance(session=told.mine.session, expert=told.beyond.expert)

    told.organizer.post(
        url(told.mine.event, "action", "copy"),
        {"title_en": "Another", "starts_on": "2031-05-05", "with_experts": "on"},
    )

    copied = told.mine.series.events.get(starts_at__year=2031)
    assert copied.sessions.filter(appearances__expert=told.beyond.expert).exists()
    _is_refused_everywhere(told.organizer, told.beyond.expert)


def test_deletion_of_what_others_use_names_nothing_of_theirs(told, superuser):
    project = told.beyond.project
    Project.objects.filter(pk=project.pk).update(status="draft", published_at=None)
    factories.recommendation(event=told.mine.draft_event, project=project)

    mine = told.organizer.get(url(project, "delete"))
    of_all = superuser.get(url(project, "delete"))

    assert mine.status_code == 403
    assert BEYOND not in mine.text
    assert BEYOND in of_all.text


def test_series_and_site_say_why_they_are_read_only(told):
    person = limited_to_event(told)

    assert "You work on single events" in person.get(url(told.mine.series, "change")).text
    sector = factories.sector()
    assert "This is shared by all events." in person.get(url(sector, "change")).text


def test_auditor_who_is_limited_is_told_nothing_of_rights_that_nobody_gave_them(told, auditor):
    auditor.user.organizer_scopes.create(series=told.mine.series)

    page = auditor.get(url(told.beyond.expert, "change"))

    assert "outside your limits" not in page.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["form", "action", "list", "import"])
def test_row_that_is_being_tied_elsewhere_is_not_changed_meanwhile(way):
    told = world()
    person, project = told.organizer, told.mine.project
    Project.objects.update(outdated_language="en")
    page = person.get(url(project, "change"))
    payload = _import(person, project, "title_en").context["payload"]
    stored = _stored(project)
    is_tied, is_over = threading.Event(), threading.Event()

    def tie():
        with transaction.atomic():
            factories.recommendation(event=told.beyond.draft_event, project=project)
            # As it commits: the database looks at what is referred to no sooner than that.
            connection.check_constraints()
            is_tied.set()
            # Whoever does not wait for the row is done long before.
            is_over.wait(timeout=1.5)

    def change():
        is_tied.wait(timeout=10)
        try:
            if way == "form":
                return _post_form(person, project, page)
            if way == "action":
                return person.post(url(project, "action", "withdraw")).status_code
            if way == "list":
                return use_on_selected(person, "mark-translated", project).status_code
            posted = {"payload": payload}
            return person.post(url(Project, "process_import"), posted).status_code
        finally:
            is_over.set()

    at_once(tie, change)

    assert Recommendation.objects.filter(event=told.beyond.draft_event).exists()
    assert _stored(project) == stored


def _post_form(person, row, page):
    posted = {**filled(page), "slug": "taken", "_save": "Save"}
    return person.post(url(row, "change"), posted).status_code


def test_intention_of_a_shared_company_stays_out_of_reach(told):
    factories.role(event=told.mine.draft_event, organization=told.beyond.organization)

    page = told.organizer.get(url(told.beyond.organization, "change"))

    signed = CooperationIntention.objects.filter(company=told.beyond.organization)
    assert signed.exists()
    assert all(str(intention.pk) not in page.text.split("intention/") for intention in signed)
