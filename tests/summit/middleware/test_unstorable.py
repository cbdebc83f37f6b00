"""Null characters and numbers without end reach no database, wherever they are sent."""

from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.urls import reverse

from events.models import EventSeries
from registrations.models import Registration
from tests import factories
from tests.properties.hostile import FORM
from tests.website.registering import register_url, typed

WORDS = "null character"


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["name", "email", "people-TOTAL_FORMS", "a\x00b"])
def test_null_character_in_a_form_is_refused_in_words(stranger, field):
    event = factories.registration_settings().event
    sent = urlencode({**typed(event), field: "a\x00b"})

    page = stranger.generic("POST", register_url(event), sent, content_type=FORM)

    assert page.status_code == 400
    assert WORDS in page.text
    assert Registration.objects.count() == 0


@pytest.mark.django_db
def test_null_character_in_a_form_of_the_admin_is_refused_and_nothing_changes(organizer):
    series = factories.series()
    address = reverse("admin:events_eventseries_change", args=[series.pk])

    page = organizer.post(address, {"title_en": "a\x00b"})

    assert page.status_code == 400
    assert WORDS in page.text
    assert EventSeries.objects.get().title_en == series.title_en


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["q=%00", "status__exact=%00", "translation=a%00", "figure=%00&scope=event:%00"]
)
def test_null_character_in_the_address_of_a_list_finds_nothing_or_all(organizer, query):
    factories.event()

    assert organizer.get(f"{reverse('admin:events_event_changelist')}?{query}").status_code == 200


@pytest.mark.django_db
def test_null_character_in_a_search_for_a_choice_finds_nothing(organizer):
    factories.event()
    asked = "app_label=events&model_name=session&field_name=event"

    found = organizer.get(f"{reverse('admin:autocomplete')}?{asked}&term=%00")

    assert found.json()["results"] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/en/events/%00/", "/documents/a%00/", "/admin/report/event/%00/", "/%00/"]
)
def test_null_character_in_a_path_leads_to_no_page(organizer, path):
    assert organizer.get(path).status_code == 404


@pytest.mark.django_db
def test_cookie_with_a_null_character_counts_as_none(client):
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 31 + "\x00"

    assert client.get("/admin/").status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["unicode_escape", "utf-7"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_half_a_character_that_a_charset_makes_is_no_error(client, method, charset):
    form = f"multipart/form-data; boundary=x; charset={charset}"
    body = '--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n\\ud800+2AA-\r\n--x--\r\n'

    page = client.generic(method, "/en/projects/?q=%5Cud800%2B2AA-", body, content_type=form)

    assert page.status_code in (200, 400, 405)
