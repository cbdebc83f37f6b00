"""A signing that was voided, in the public register and in the admin."""

import pytest
from django.contrib.auth.models import Group, User

from projects.domain import signing, voiding
from tests import factories
from tests.backoffice.posting import buttons, do, url

pytestmark = pytest.mark.django_db

REASON = "Somebody pressed the wrong button."


@pytest.fixture
def signed(organizer):
    """Signed by somebody else than the organizer of the cast."""
    first = User.objects.create_user(
        "first", is_staff=True, first_name="Wrongly", last_name="Signed"
    )
    first.groups.add(Group.objects.get(name="Organizer"))
    draft = factories.intention(
        company=factories.organization(name_en="Acme", name_zh_hans="艾克米"),
        expert=factories.expert(name_en="Ann Hale", name_zh_hans="安海尔"),
        projects=[factories.project(title_en="Pump", title_zh_hans="水泵")],
    )
    return signing.sign(draft, signed_on=draft.event.starts_on, by=first)


@pytest.fixture
def voided(signed, organizer):
    return voiding.void(signed, reason=REASON, by=organizer.user)


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(("language", "word"), [("en", "Voided"), ("zh-hans", "已作废")])
@pytest.mark.parametrize("where", ["", "SJZ-2020-001/"])
def test_register_says_that_it_is_void_and_names_nobody(client, voided, language, word, where):
    names = ("Acme", "艾克米", "Ann Hale", "安海尔", "Pump", "水泵", "Wrongly", REASON)

    text = page(client, f"/{language}/intentions/{where}")

    assert "SJZ-2020-001" in text
    assert word in text
    assert [name for name in names if name in text] == []


def test_register_does_not_count_it(client, voided):
    factories.signed_intention(event=voided.event)

    assert "1 signed intention" in " ".join(page(client, "/en/intentions/").split())


def test_no_filter_tells_who_was_named_in_it(client, voided):
    for query in (
        f"organization={voided.company.slug}",
        f"expert={voided.expert.slug}",
        f"project={voided.projects.get().slug}",
    ):
        assert "SJZ-2020-001" not in page(client, f"/en/intentions/?{query}")
    assert "SJZ-2020-001" in page(client, "/en/intentions/?status=voided")


def test_pages_of_the_parties_feed_and_sitemap_leave_it_out(client, voided):
    for path in (
        voided.company.get_absolute_url(),
        voided.expert.get_absolute_url(),
        voided.event.get_absolute_url(),
        "/en/feed.xml",
        "/sitemap-intentions.xml",
    ):
        response = client.get(path)
        assert "SJZ-2020-001" not in response.content.decode(), path


def test_second_organizer_voids_it_on_its_page(organizer, signed):
    assert "void" in buttons(organizer, signed)

    do(organizer, signed, "void", reason=REASON)

    signed.refresh_from_db()
    assert (signed.status, signed.voided_by) == ("voided", organizer.user)
    text = organizer.get(url(signed, "change")).text
    assert REASON in text
    assert "Acme" in text
    assert "void" not in buttons(organizer, signed)


def test_who_signed_reads_that_a_second_one_is_needed(organizer):
    draft = factories.intention()
    signed = signing.sign(draft, signed_on=draft.event.starts_on, by=organizer.user)

    response = do(organizer, signed, "void", reason=REASON)

    assert "another organizer" in response.text
    signed.refresh_from_db()
    assert signed.status == "signed"


def test_auditor_sees_it_and_voids_nothing(auditor, signed):
    assert do(auditor, signed, "void", reason=REASON).status_code == 403
    assert auditor.get(url(signed, "change")).status_code == 200
