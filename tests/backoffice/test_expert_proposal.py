"""The personal link on the page of an expert, and the review of what was proposed by it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from submissions.domain import expert_link, expert_review
from submissions.domain import expert_proposal as domain
from submissions.models import Decision, ExpertLink, ExpertProposal
from tests import factories
from tests.backoffice.posting import do, url
from tests.cast import make_organizer
from tests.two_series import world

pytestmark = pytest.mark.django_db
LIST = reverse("admin:submissions_expertproposal_changelist")


@pytest.fixture
def hale():
    return factories.expert(name_en="Ann Hale", biography_en="Old.", biography_zh_hans="旧。")


@pytest.fixture
def sent(hale):
    values = {"biography_en": "New.", "name_en": "Anna Hale"}
    return factories.expert_proposal(factories.expert_link(hale), values, status="sent")


def as_shown(page) -> dict:
    form, data = page.context["form"], {"_seen": str(page.context["seen"])}
    for bound in form:
        value = bound.value()
        data[bound.html_name] = "" if value is None else value
    return data


def decide(person, proposal, page=None, *, do="chosen", **typed):
    page = page or person.get(url(proposal, "change"))
    return person.post(url(proposal, "change"), as_shown(page) | {"do": do} | typed)


def in_days(days):
    return (timezone.localdate() + dt.timedelta(days=days)).isoformat()


def test_all_is_accepted_with_one_press(organizer, sent, hale):
    response = decide(organizer, sent, do="all")

    assert response.status_code == 302
    hale.refresh_from_db()
    assert (hale.name_en, hale.biography_en) == ("Anna Hale", "New.")
    assert "Proposed by Anna Hale." in organizer.get(url(sent, "change")).text
    assert "Old." not in organizer.get(hale.get_absolute_url()).text


def test_values_are_changed_and_left_out(organizer, sent, hale):
    typed = {
        "mark_biography_en": "accept",
        "value_biography_en": "Newer.",
        "mark_name_en": "refuse",
    }

    decide(organizer, sent, **typed)

    hale.refresh_from_db()
    sent.refresh_from_db()
    assert (hale.name_en, hale.biography_en) == ("Ann Hale", "Newer.")
    assert sent.status == "partly_accepted"


def test_review_shows_three_values_where_staff_changed_one(organizer, sent, hale):
    page = organizer.get(url(sent, "change"))
    hale.biography_en = "By staff."
    hale.save()

    refused = decide(organizer, sent, page, do="all")

    assert refused.status_code == 422
    assert "changed what is proposed or its record in the meantime" in refused.text
    assert all(text in refused.text for text in ("Old.", "By staff.", "New."))
    assert not Decision.objects.exists()


def test_a_reviewer_and_the_expert_at_once(organizer, sent):
    page = organizer.get(url(sent, "change"))
    domain.withdraw(sent, version=sent.version)

    refused = decide(organizer, sent, page, do="all")

    assert refused.status_code == 422
    assert "Nothing can be decided now." in refused.text


def test_a_portrait_is_seen_by_reviewers_and_accepted(organizer, hale, client):
    link = factories.expert_link(hale)
    made = factories.expert_proposal(link, {}, portrait=factories.picture(), status="sent")
    picture = f"{url(made, 'change')}../portrait.webp".replace("/change/../", "/")

    assert picture in organizer.get(url(made, "change")).text.replace("/change/../", "/")
    assert b"".join(organizer.get(picture))[8:12] == b"WEBP"
    assert client.get(picture).status_code == 302
    decide(organizer, made, do="all")

    hale.refresh_from_db()
    assert hale.photo.size_in_pixels == (64, 48)


def test_list_has_what_waits_at_the_top(organizer, sent):
    draft = factories.expert_proposal()

    page = organizer.get(LIST)

    assert list(page.context["cl"].result_list) == [sent, draft]
    assert list(organizer.get(f"{LIST}?review=waiting").context["cl"].result_list) == [sent]
    assert "1 proposal of an expert is waiting" in organizer.get(reverse("admin:index")).text


def test_list_costs_the_same_for_more(organizer, sent, django_assert_num_queries):
    organizer.get(LIST)
    with CaptureQueriesContext(connection) as counted:
        organizer.get(LIST)
    for _number in range(2):
        factories.expert_proposal(status="sent")

    with django_assert_num_queries(len(counted)):
        organizer.get(LIST)


def test_drafts_show_nothing_of_what_was_typed(organizer):
    draft = factories.expert_proposal(values={"biography_en": "Not yet."})

    page = organizer.get(url(draft, "change"))

    assert "Not yet." not in page.text
    assert "This has not been sent." in page.text


def test_returned_refused_assigned_erased(organizer, sent):
    do(organizer, sent, "assign-to-me")
    do(organizer, sent, "return", reason="Which year?")
    sent.refresh_from_db()
    assert (sent.reviewer, sent.status) == (organizer.user, "returned")

    do(organizer, sent, "erase")

    assert not ExpertProposal.objects.exists()
    assert AuditEntry.objects.filter(action="expert_proposals_erased").count() == 1


def test_a_link_is_sent_to_the_contact_of_the_expert(organizer, hale):
    factories.contact(expert=hale, email="hale@example.org", language="zh")

    page = organizer.get(url(hale, "action", "send-link"))
    initial = page.context["form"].initial
    do(
        organizer,
        hale,
        "send-link",
        email="hale@example.org",
        language="zh-hans",
        until=in_days(30),
    )

    assert (initial["email"], initial["language"]) == ("hale@example.org", "zh-hans")
    [link] = ExpertLink.objects.all()
    assert (link.email, link.language, link.made_by) == (
        "hale@example.org",
        "zh-hans",
        organizer.user,
    )
    assert "A personal link works until" in organizer.get(url(hale, "change")).text
    entry = AuditEntry.objects.get(action="expert_link_sent")
    assert "hale" not in f"{entry.subject}{entry.details}".lower()


def test_a_link_whose_end_is_past_is_refused_beside_its_box(organizer, hale):
    page = do(organizer, hale, "send-link", language="en", until=in_days(-1))

    assert "Choose a day that is still to come" in str(page.context["form"].errors["until"])
    assert not ExpertLink.objects.exists()


def test_a_link_is_revoked(organizer, hale):
    link = factories.expert_link(hale)

    do(organizer, hale, "revoke-link")

    assert expert_link.open_link(expert_link.token_of(link)) is None


def test_the_link_is_shown_on_request_and_that_is_recorded(organizer, hale):
    link = factories.expert_link(hale)
    address = reverse("admin:events_expert_link", args=[hale.pk])

    assert expert_link.token_of(link) not in organizer.get(address).text
    shown = organizer.post(address)

    assert expert_link.token_of(link) in shown.text
    assert "no-store" in shown.headers["Cache-Control"]
    assert AuditEntry.objects.filter(action="expert_link_shown").count() == 1


def test_the_letter_names_the_public_page_alone(organizer, hale):
    link = factories.expert_link(hale)

    for language in ("en", "zh-hans"):
        page = organizer.get(
            reverse("admin:events_expert_letter", args=[hale.pk]), {"language": language}
        )
        assert f"/{language}/experts/{hale.slug}/" in page.text
        assert link.code not in page.text


def test_auditors_see_no_proposals_and_send_no_links(auditor, sent, hale):
    assert auditor.get(LIST).status_code == 403
    assert auditor.get(reverse("admin:events_expert_link", args=[hale.pk])).status_code == 403
    assert "E0" not in auditor.get(url(hale, "change")).text


def test_who_is_limited_reads_those_of_the_own_events():
    two = world()
    ours = factories.expert_proposal(factories.expert_link(two.mine.expert), status="sent")
    theirs = factories.expert_proposal(factories.expert_link(two.beyond.expert), status="sent")

    assert list(two.organizer.get(LIST).context["cl"].result_list) == [ours]
    assert two.organizer.get(url(theirs, "change")).status_code == 302
    assert decide(two.organizer, ours, do="all").status_code == 302
    picture = reverse("admin:submissions_expertproposal_portrait", args=[theirs.pk])
    assert two.organizer.get(picture).status_code == 404
    do(two.organizer, two.beyond.expert, "send-link", language="en", until=in_days(3))
    assert ExpertLink.objects.filter(expert=two.beyond.expert).count() == 1


def waiting(name, reviewer=None):
    link = factories.expert_link(factories.expert(name_en=name))
    made = factories.expert_proposal(link, {"name_en": f"{name} Ng"}, status="sent")
    return expert_review.assign(made, to=reviewer)


def test_a_decision_leads_to_the_next_proposal_where_that_is_ticked(organizer, sent):
    second = waiting("Bea")
    waiting("Carl", reviewer=make_organizer("other").user)
    page = organizer.get(url(sent, "change"))
    assert "Next one waiting (1 more)" in page.text

    answer = decide(organizer, sent, page, do="all", next="1")
    assert answer.url == f"{url(second, 'change')}?next=1"

    last = decide(organizer, second, organizer.get(answer.url), do="all", next="1")
    assert last.url == url(second, "change")


def test_who_reads_alone_is_led_to_no_other_proposal(auditor, sent):
    waiting("Bea")

    assert "Next one waiting" not in auditor.get(url(sent, "change")).text
