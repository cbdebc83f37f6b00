"""What is wrong with a form stands above it, each line a link to its field."""

import re
import uuid

import pytest

from events.models import Expert, Session
from tests import factories
from tests.backoffice.posting import inline, save, url

pytestmark = pytest.mark.django_db


def lines(page):
    return [
        (str(each.section), str(each.label), each.target) for each in page.context["error_lines"]
    ]


def ids(page):
    return set(re.findall(r'\bid="([^"]+)"', page.text))


def test_errors_are_listed_in_the_order_of_the_page_with_their_section(organizer):
    expert = factories.expert()

    page = save(organizer, expert, name_en="", name_zh_hans="", slug="not a slug")

    assert lines(page) == [
        ("", "Name (English)", "id_name_en"),
        ("", "Slug", "id_slug"),
    ]
    assert '<a href="#id_name_en">Name (English)</a>' in page.text


def test_errors_below_a_heading_name_it(organizer):
    organization = factories.organization()

    page = save(organizer, organization, website="nothing")

    assert lines(page) == [("Where", "Website", "id_website")]


def test_errors_of_an_inline_name_its_row(organizer):
    expert = factories.expert()
    rows = inline("affiliations", {"position_en": "Director"}, {"position_en": "Professor"})

    page = save(organizer, expert, **rows)

    assert lines(page) == [
        ("Affiliations, row 1", "Organization", "id_affiliations-0-organization"),
        ("Affiliations, row 2", "Organization", "id_affiliations-1-organization"),
    ]
    assert {target for *_rest, target in lines(page)} <= ids(page)


def test_error_of_all_rows_leads_to_the_inline(organizer):
    event = factories.event()
    expert = factories.expert()
    for _ in range(2):
        session = factories.session(event=event)
    factories.appearance(session=event.sessions.first(), expert=expert)
    row = {"expert": expert.pk, "role": "speaker", "order": 0}

    page = save(organizer, session, **inline("appearances", row))

    assert lines(page) == [("Appearances", "", "appearances-group")]
    assert "appearances-group" in ids(page)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_text_that_lacks_both_languages_is_asked_for_in_that_of_the_interface(organizer, language):
    organizer.cookies["django_language"] = language

    page = organizer.post(url(Expert, "add"), inline("affiliations") | inline("contacts"))

    first = "id_name_en" if language == "en" else "id_name_zh_hans"
    assert [target for *_rest, target in lines(page)] == [first]


def test_every_link_leads_to_something_on_the_page(organizer):
    page = organizer.post(url(Session, "add"), inline("appearances", {"expert": ""}))

    targets = {target for *_rest, target in lines(page)}
    assert len(targets) >= 4
    assert targets <= ids(page)


def test_form_without_errors_lists_none(organizer):
    page = organizer.get(url(factories.expert(), "change"))

    assert page.context["error_lines"] == []
    assert "error-summary" not in page.text


def test_errors_of_a_programme_name_the_day_and_the_row_that_is_seen(organizer):
    event = factories.event()
    # Those before are spare ones, which a browser with scripts does not show.
    spare = {"day": event.starts_on, "kind": "keynote"}
    wrong = spare | {"starts": "9:00", "ends": "later", "title_en": "Opening"}

    page = save(organizer, event, "programme", **inline("sessions", spare, spare, wrong))

    [(section, label, target)] = lines(page)
    assert section.endswith(", row 1")
    assert (label, target) == ("To", "id_sessions-2-ends")


def test_errors_of_rows_to_add_of_a_message_and_of_an_action_are_listed_too(organizer):
    event = factories.upcoming_event()
    rows = {"rows-TOTAL_FORMS": 2, "rows-INITIAL_FORMS": 0, "rows-1-position_en": "Director"}

    added = organizer.post(url(event, "experts"), rows)
    message = {"subject_en": "Coats", "preview": "1", "key": str(uuid.uuid4())}
    written = organizer.post(url(event, "messages"), message)
    moved = organizer.post(url(event, "action", "postpone"), {"to": "soon"})

    assert ("Add experts, row 2", "id_rows-1-name_en") in [
        (section, target) for section, _label, target in lines(added)
    ]
    assert ("", "Text in English", "id_text_en") in lines(written)
    assert lines(moved) == [("", "New first day", "id_to")]
    for page in (added, written, moved):
        assert 'class="error-summary"' in page.text
        assert "admin-summit/errors.js" in page.text
