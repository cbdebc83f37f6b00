"""What a series that is beyond somebody's limits is called stands in nothing that they read.

The same is read by an organizer without limits, who does find it: so that it could be found.
"""

import datetime as dt
import re
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from events.models import Event, EventSeries, Session
from events.models.scope import readable
from projects.models import CooperationIntention
from staff.apps import GRANTED
from tests import factories
from tests.backoffice.posting import inline, save, url
from tests.backoffice.workspace.pages import program
from tests.factories import DAY, at
from tests.two_series import BEYOND, world

pytestmark = pytest.mark.django_db

PUBLIC = ("home", "series-list", "events", "projects", "experts", "intentions", "feed")
LANGUAGES = ["en", "zh-hans"]
ELSEWHERE = {"en": "is booked elsewhere at that time", "zh-hans": "在该时段已另有安排"}
OURS = {
    model: model_admin
    for model, model_admin in admin.site._registry.items()
    if model._meta.app_label in GRANTED
}


@pytest.fixture
def told():
    return world()


@pytest.fixture
def tied(told):
    """Both branches, tied to each other wherever the model lets them be; all beyond is hidden."""
    mine, beyond = told.mine, told.beyond
    Event.objects.filter(series=beyond.series).update(status="draft", published_at=None)
    for row in (mine.expert, mine.project, mine.organization):
        assert BEYOND not in str(row)
    # What is mine now has been there before.
    _move(mine.draft_event, series=beyond.series)
    _move(mine.recommendation, event=beyond.event, session=beyond.session)
    _move(mine.draft, event=beyond.event, session=beyond.session)
    factories.appearance(session=beyond.session, expert=mine.expert)
    factories.recommendation(session=beyond.session, expert=mine.expert, project=mine.project)
    factories.role(event=beyond.event, organization=mine.organization)
    parties = {"company": mine.organization, "expert": mine.expert, "projects": [mine.project]}
    factories.intention(event=beyond.event, session=beyond.session, **parties)
    factories.recommendation(event=mine.event, expert=beyond.expert, project=beyond.project)
    return told


def _move(row, **there):
    """Change a row and change it back, on record."""
    here = {name: getattr(row, name) for name in there}
    for places in (there, here):
        for name, place in places.items():
            setattr(row, name, place)
        row.save()


def _reverse(row_or_model, *args):
    try:
        return [url(row_or_model, *args)]
    except NoReverseMatch:
        return []


def _of_model(person, model):
    """Yield the addresses of a model's pages: its list, and those of every row on it."""
    changelist = url(model, "changelist")
    page = person.get(changelist)
    yield changelist
    # Finds the name, and is not the name where the page shows what was searched for.
    yield f"{changelist}?{urlencode({'q': BEYOND[1:]})}"
    yield from (address for name in ("add", "import") for address in _reverse(model, name))
    if "cl" not in (page.context or {}):
        return
    for row in page.context["cl"].queryset:
        for name in ("change", "history", "delete"):
            yield from _reverse(row, name)
        for action in OURS[model].row_actions:
            yield url(row, "action", action.name)
        if hasattr(row, "get_absolute_url"):
            yield row.get_absolute_url()


def _choosers():
    for model in OURS:
        for field in model._meta.fields:
            chosen = field.remote_field and field.remote_field.model
            if chosen in OURS and OURS[chosen].search_fields:
                asked = {
                    "app_label": model._meta.app_label,
                    "model_name": model._meta.model_name,
                    "field_name": field.name,
                }
                yield f"{reverse('admin:autocomplete')}?{urlencode(asked)}"


def _elsewhere(told):
    """Yield the addresses of pages that are of no model."""
    yield from (reverse(f"admin:{name}") for name in ("index", "reports"))
    yield from (reverse("admin:app_list", args=[label]) for label in ("events", "projects"))
    yield reverse("desk")
    for name in ("desk-door", "desk-badges", "desk-export", "desk-walk-in"):
        yield reverse(name, args=[told.mine.event.slug])
    yield reverse("admin:report_event", args=[told.mine.event.slug])
    yield reverse("admin:report_series", args=[told.mine.series.slug])
    yield from (reverse(name) for name in PUBLIC)


def _read(person, address, language):
    person.cookies["django_language"] = language
    answer = person.get(address, follow=True, headers={"Accept-Language": language})
    assert answer.status_code < 500, address
    if answer.streaming:
        return b"".join(answer.streaming_content).decode("latin-1")
    return answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_names_what_is_hidden(tied, superuser, language):
    person = tied.organizer
    with translation.override(language):
        addresses = [*_elsewhere(tied), *_choosers()]
        for model in OURS:
            addresses += _of_model(person, model)

    naming = [
        each
        for each in dict.fromkeys(addresses)
        if BEYOND.lower() in _read(person, each, language).lower()
    ]

    assert naming == []
    # The same pages name it to whom they may.
    found = [url(tied.mine.draft_event, "history"), url(tied.mine.recommendation, "history")]
    found += [url(tied.mine.draft, "history"), url(tied.mine.expert, "change")]
    found += [url(CooperationIntention, "changelist"), reverse("admin:index")]
    assert set(found) <= set(addresses)
    assert [each for each in found if BEYOND not in _read(superuser, each, language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_no_page_that_asks_before_deleting_names_what_is_hidden(tied, model, language):
    rows = readable(model._default_manager.all(), tied.organizer.user)
    tied.organizer.cookies["django_language"] = language

    for row in rows:
        posted = {"action": "delete_selected", "_selected_action": [row.pk]}
        answer = tied.organizer.post(url(model, "changelist"), posted, follow=True)
        assert BEYOND.lower() not in answer.text.lower()


def test_history_says_that_something_was_outside_the_limits(tied):
    page = tied.organizer.get(url(tied.mine.recommendation, "history"))

    assert "outside your limits" in page.text
    assert "Own title" in page.text


# Nobody is in two places at once


def said_beside_fields(page) -> str:
    """The page without the list of what to correct above its form, which repeats each message."""
    return re.sub(r'(?s)<nav class="error-summary".*?</nav>', "", page.text)


class Clash:
    """A programme of mine that meets a hidden one: the same hall, the same expert."""

    def __init__(self, told):
        place = {"venue_en": "Centre", "status": "draft"}
        named = {"title_en": f"{BEYOND} talk", "title_zh_hans": f"{BEYOND} 报告"}
        self.expert = factories.expert()
        self.mine = factories.event(series=told.mine.series, slug="mine", **place)
        self.before = factories.event(
            series=told.mine.series,
            slug="before",
            starts_at=at(9, day=DAY - dt.timedelta(days=7)),
            ends_at=at(17, day=DAY - dt.timedelta(days=7)),
            **place,
        )
        there = factories.event(series=told.beyond.series, slug="there", **named, **place)
        hours = {"starts_at": at(10, 7), "ends_at": at(10, 53)}
        hidden = factories.session(event=there, room_en="Hall 1", **named, **hours)
        factories.appearance(session=hidden, expert=self.expert)
        self.session = factories.session(event=self.mine, starts_at=at(14), ends_at=at(15))

    def at_ten(self):
        return {"starts_at": "2020-10-29T10:00", "ends_at": "2020-10-29T11:00"}

    def row_at_ten(self):
        typed = {"day": "2020-10-29", "starts": "10:00", "ends": "11:00"}
        return {f"sessions-0-{name}": value for name, value in typed.items()}

    def page_of_the_session(self, person):
        return save(person, self.session, room_en="hall 1", **self.at_ten())

    def page_of_a_new_session(self, person):
        given = {"event": self.mine.pk, "kind": "keynote", "title_en": "New", "room_en": "Hall 1"}
        posted = {**given, **self.at_ten(), **inline("appearances")}
        return person.post(url(type(self.session), "add"), posted)

    def experts_of_the_session(self, person):
        rows = inline("appearances", {"expert": self.expert.pk, "role": "speaker", "order": 0})
        return save(person, self.session, **self.at_ten(), **rows)

    def room_in_the_table(self, person):
        return program(person, self.mine, **self.row_at_ten(), **{"sessions-0-room_en": "Hall 1"})

    def experts_in_the_table(self, person):
        experts = {"sessions-0-people": [self.expert.pk]}
        return program(person, self.mine, **self.row_at_ten(), **experts)

    def publishing(self, person):
        self.session.starts_at, self.session.ends_at = at(10), at(11)
        self.session.room_en = "Hall 1"
        self.session.save()
        return person.post(url(self.mine, "action", "publish"))

    def copying(self, person):
        day = DAY - dt.timedelta(days=7)
        hours = {"starts_at": at(10, day=day), "ends_at": at(11, day=day)}
        theirs = factories.session(event=self.before, **hours)
        factories.appearance(session=theirs, expert=self.expert)
        posted = {"starts_on": DAY.isoformat(), "with_experts": "on", "title_en": "Copy"}
        return person.post(url(self.before, "action", "copy"), posted)


WAYS = [name for name in vars(Clash) if not name.startswith("_") and not name.endswith("at_ten")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("way", WAYS)
def test_clash_with_what_is_hidden_says_only_that_it_is_booked(told, way, language):
    clash = Clash(told)
    told.organizer.cookies["django_language"] = language

    page = getattr(clash, way)(told.organizer)

    assert page.status_code == 200
    assert said_beside_fields(page).count(ELSEWHERE[language]) == 1
    for told_of_it in (BEYOND, "10:07", "10:53"):
        assert told_of_it not in page.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("way", WAYS)
def test_clash_is_named_to_an_organizer_without_limits(told, superuser, way, language):
    clash = Clash(told)
    superuser.cookies["django_language"] = language

    page = getattr(clash, way)(superuser)

    assert page.status_code == 200
    assert f"{BEYOND} talk" in page.text or f"{BEYOND} 报告" in page.text
    assert "10:07–10:53" in page.text


def test_clash_with_what_one_runs_is_named(told):
    clash = Clash(told)
    other = factories.event(series=told.mine.series, slug="other", venue_en="Centre")
    factories.session(event=other, title_en="Opening", room_en="Hall 1", starts_at=at(10))

    page = clash.page_of_the_session(told.organizer)

    assert "“hall 1” is taken by “Opening" in page.text
    assert said_beside_fields(page).count(ELSEWHERE["en"]) == 1


def test_two_clashes_with_what_is_hidden_are_told_as_one(told):
    clash = Clash(told)
    again = factories.event(series=told.beyond.series, slug="again", venue_en="Centre")
    factories.session(event=again, room_en="Hall 1", starts_at=at(10, 30), ends_at=at(11))

    page = clash.page_of_the_session(told.organizer)

    assert said_beside_fields(page).count(ELSEWHERE["en"]) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_taken_address_and_prefix_quote_nothing_of_what_has_them(told, language):
    told.beyond.series.reference_prefix = "BYD"
    told.beyond.series.save()
    told.organizer.cookies["django_language"] = language

    # The slug is what was typed, and of nothing hidden by its name alone.
    Event.objects.filter(pk=told.beyond.draft_event.pk).update(slug="typed")
    slug = save(told.organizer, told.mine.event, slug="typed")
    prefix = save(told.organizer, told.mine.series, reference_prefix="BYD")

    for page in (slug, prefix):
        assert page.status_code == 200
        assert page.context["adminform"].form.errors or page.context["errors"]
        assert BEYOND.lower() not in page.text.lower()


# What is asked for by its number

NAMED_BY = [
    (field.model, field.name)
    for model in OURS
    for field in model._meta.fields
    if field.remote_field and field.remote_field.model in (Event, EventSeries, Session)
]


@pytest.mark.parametrize(("model", "name"), NAMED_BY)
def test_form_that_is_asked_for_what_is_hidden_does_not_name_it(told, superuser, model, name):
    hidden = getattr(told.beyond, name)
    add = _reverse(model, "add")
    if not add or told.organizer.get(add[0]).status_code == 403:
        pytest.skip("Nobody adds such a row by a form.")
    posted = {name: hidden.pk, **inline("recommendations")}

    filled_in = told.organizer.get(add[0], {name: hidden.pk})
    refused = told.organizer.post(add[0], posted)

    for page in (filled_in, refused):
        assert BEYOND not in page.text
    assert name in refused.context["adminform"].form.errors
    assert BEYOND in superuser.get(add[0], {name: hidden.pk}).text


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_list_that_is_filtered_by_what_is_hidden_does_not_name_it(told, model):
    for field in model._meta.fields:
        chosen = field.remote_field and field.remote_field.model
        if chosen in (Event, EventSeries, Session):
            asked = {f"{field.name}__id__exact": getattr(told.beyond, field.name).pk}
            page = told.organizer.get(url(model, "changelist"), asked, follow=True)
            assert BEYOND not in page.text
