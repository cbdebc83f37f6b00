import threading

import pytest
from django.db import connections, transaction
from django.urls import reverse

from events.domain import programme
from events.models import Event, Expert, Session, SiteProfile
from tests import factories
from tests.backoffice.posting import errors, filled, inline, post_at_once, save, url
from tests.factories import at
from tests.threads import at_once


def test_session_is_edited_in_the_zone_of_its_event(organizer):
    event = factories.event(time_zone="Europe/London", starts_at=at(16), ends_at=at(22))
    session = factories.session(event=event, starts_at=at(17), ends_at=at(18))

    assert 'value="2020-10-29T09:00"' in organizer.get(url(session, "change")).text
    save(organizer, session, starts_at="2020-10-29T08:30")

    session.refresh_from_db()
    assert session.starts_at == at(16, 30)


def test_session_outside_its_event_is_refused_beside_its_start(organizer):
    session = factories.session()

    response = save(organizer, session, ends_at="2020-10-29T19:00")

    assert "is outside its event" in str(errors(response)["starts_at"])


def test_expert_who_is_elsewhere_is_refused(organizer):
    elsewhere = factories.appearance()
    session = factories.session(event=elsewhere.session.event, title_en="Parallel")

    response = save(
        organizer,
        session,
        **inline("appearances", {"expert": elsewhere.expert_id, "role": "speaker", "order": 0}),
    )

    assert str(elsewhere.session) in str(errors(response)["appearances"])
    assert not session.appearances.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_add_a_session_in_one_room_at_once_do_not_both_get_it(organizer, superuser):
    event = factories.event()

    def add(person, title):
        return save(
            person,
            Session,
            "add",
            event=event.pk,
            title_en=title,
            room_en="Hall 1",
            starts_at="2020-10-29T10:00",
            ends_at="2020-10-29T11:00",
        ).status_code

    answers = at_once(lambda: add(organizer, "One"), lambda: add(superuser, "Two"))

    assert sorted(answers) == [200, 302]
    assert event.sessions.count() == 1


@pytest.mark.django_db(transaction=True)
def test_expert_who_is_put_into_two_events_at_once_is_in_one(organizer, superuser):
    expert = factories.expert()
    row = inline("appearances", {"expert": expert.pk, "role": "speaker", "order": 0})
    pages = []
    for person in (organizer, superuser):
        address = url(factories.session(), "change")
        pages.append((person, address, {**filled(person.get(address)), **row}))

    assert post_at_once(*pages) == [200, 302]
    assert expert.appearances.count() == 1


@pytest.mark.django_db(transaction=True)
def test_session_is_compared_with_its_event_as_somebody_has_just_shortened_it(organizer):
    session = factories.session(starts_at=at(15), ends_at=at(16))
    data = {**filled(organizer.get(url(session, "change"))), "ends_at": "2020-10-29T16:30"}
    answers = []

    def post():
        answers.append(organizer.post(url(session, "change"), data))
        connections.close_all()

    posting = threading.Thread(target=post)

    with transaction.atomic():
        programme.lock()
        posting.start()
        posting.join(timeout=1)
        Event.objects.filter(pk=session.event_id).update(ends_at=at(16))
    posting.join(timeout=60)

    assert "is outside its event" in str(errors(answers[0])["starts_at"])


def test_slug_twice_in_an_event_is_refused(organizer):
    one = factories.session(slug="taken")
    two = factories.session(event=one.event, starts_at=at(12), ends_at=at(13))

    response = save(organizer, two, slug="taken")

    assert "slug" in str(errors(response))
    two.refresh_from_db()
    assert two.slug != "taken"


def test_expert_speaks_the_languages_that_are_ticked(organizer):
    expert = factories.expert(languages=["en"])

    save(organizer, expert, languages=["en", "zh"])
    expert.refresh_from_db()
    assert expert.languages == ["en", "zh"]

    response = save(organizer, expert, languages=["tlh"])
    assert "languages" in errors(response)


def test_who_may_only_read_an_expert_reads_the_languages_in_words(auditor):
    expert = factories.expert(languages=["zh", "en"])

    page = auditor.get(url(expert, "change"))

    assert "Chinese" in page.text and "[&quot;zh" not in page.text
    assert page.status_code == 200


def test_expert_is_saved_with_affiliations(organizer):
    expert, nhs = factories.expert(), factories.organization()

    save(
        organizer,
        expert,
        **inline(
            "affiliations",
            {"organization": nhs.pk, "position_zh_hans": "主任", "is_primary": "on"},
        ),
    )

    assert expert.primary_affiliation.organization == nhs


def test_primary_affiliation_moves_to_another_organization(organizer):
    first = factories.affiliation()
    second = factories.affiliation(expert=first.expert, is_primary=False)

    response = save(
        organizer,
        first.expert,
        **{"affiliations-0-is_primary": None, "affiliations-1-is_primary": "on"},
    )

    assert response.status_code == 302
    second.refresh_from_db()
    assert second.is_primary


def test_two_primary_affiliations_are_refused_beside_the_second(organizer):
    first = factories.affiliation()
    factories.affiliation(expert=first.expert, is_primary=False)

    response = save(organizer, first.expert, **{"affiliations-1-is_primary": "on"})

    assert "Only one" in str(errors(response)["affiliations-1-is_primary"])


def test_same_organization_twice_is_refused(organizer):
    first = factories.affiliation()

    response = save(
        organizer,
        first.expert,
        **inline("affiliations", {"organization": first.organization_id}, initial=1),
    )

    assert errors(response)


def test_list_of_site_profiles_leads_to_the_one_there_is(organizer):
    response = organizer.get(reverse("admin:events_siteprofile_changelist"))

    assert response.url == url(SiteProfile.load(), "change")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_fields_name_their_language(auditor, organizer, language):
    expert = factories.expert()
    for person in (organizer, auditor):
        person.cookies["django_language"] = language
        page = person.get(url(expert, "change")).text
        assert page.count(expert.name_zh_hans) >= 1
        assert "(English)" in page or "英文" in page


def test_draft_is_previewed_by_view_on_site(organizer):
    expert = factories.expert(is_public=False)

    page = organizer.get(url(expert, "change"))

    assert expert.get_absolute_url() in page.text
    assert organizer.get(expert.get_absolute_url()).status_code == 200
    assert Expert.objects.visible().count() == 0
