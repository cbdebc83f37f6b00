"""What an expert proposes by the personal link, and what accepting it does."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from events.domain.merging import MergeRefused, merge
from events.models import Affiliation, Expert
from submissions.domain import expert_link, expert_privacy, expert_review
from submissions.domain import expert_proposal as domain
from submissions.domain.comparison import compare
from submissions.domain.decisions import ChangedMeanwhile, Choice
from submissions.models import Decision, ExpertLink, ExpertProposal
from summit.lib.database.states import MoveRefused
from summit.lib.files import pictures
from summit.lib.files.private_files import private_storage
from tests import factories
from tests.cast import make_organizer
from tests.threads import at_once
from tests.two_series import world

pytestmark = pytest.mark.django_db
ACCEPT, REFUSE = Choice(Decision.Outcome.ACCEPTED), Choice(Decision.Outcome.REFUSED)


@pytest.fixture
def hale():
    """An expert with a position, a talk and a project."""
    expert = factories.expert(
        name_en="Ann Hale",
        name_zh_hans="安·黑尔",
        biography_en="Old biography.",
        biography_zh_hans="旧简介。",
        languages=["en"],
    )
    factories.affiliation(expert=expert)
    talk = factories.session(abstract_en="Old abstract.", abstract_zh_hans="旧摘要。")
    factories.appearance(session=talk, expert=expert)
    factories.recommendation(expert=expert, session=talk)
    return expert


@pytest.fixture
def link(hale):
    return factories.expert_link(hale)


@pytest.fixture
def user():
    return make_organizer().user


def keys_of(expert):
    place, talk = expert.affiliations.get(), expert.sessions.get()
    project = expert.recommendations.get().project
    return {
        "position": f"affiliation-{place.pk}-position_en",
        "abstract": f"session-{talk.pk}-abstract_en",
        "summary": f"project-{project.pk}-summary_en",
    }


def proposed(link, values, **fields):
    return factories.expert_proposal(link, values, **{"status": "sent"} | fields)


def accept(proposal, user, *keys, **options):
    choices = {key: ACCEPT for key in keys or proposal.values}
    return expert_review.accept_fields(proposal, choices, by=user, **options)


def test_nothing_of_the_record_changes_before_something_is_accepted(link, hale):
    keys = keys_of(hale)

    made = proposed(link, {"biography_en": "New.", keys["abstract"]: "New abstract."})

    assert (made.status, made.sent_at is not None) == ("sent", True)
    assert made.base == {"biography_en": "Old biography.", keys["abstract"]: "Old abstract."}
    hale.refresh_from_db()
    assert hale.biography_en == "Old biography."
    assert hale.sessions.get().abstract_en == "Old abstract."


def test_what_is_accepted_goes_to_expert_position_talk_and_project(link, hale, user):
    keys = keys_of(hale)
    values = {
        "name_zh_hans": "安娜·黑尔",
        "languages": ["de", "en"],
        keys["position"]: "Head",
        keys["abstract"]: "New abstract.",
        keys["summary"]: "New summary.",
    }
    made = proposed(link, values)

    accept(made, user)

    hale.refresh_from_db()
    assert (made.status, made.reviewer) == ("accepted", user)
    assert (hale.name_zh_hans, hale.languages) == ("安娜·黑尔", ["de", "en"])
    assert hale.affiliations.get().position_en == "Head"
    assert hale.sessions.get().abstract_en == "New abstract."
    assert hale.recommendations.get().project.summary_en == "New summary."
    told = {each.field: (each.outcome, each.by) for each in Decision.objects.all()}
    assert told == dict.fromkeys(values, ("accepted", user))
    assert hale.history.first().history_user == user


def test_the_other_language_is_marked_as_out_of_date(link, hale, user):
    made = proposed(link, {"biography_en": "New.", keys_of(hale)["abstract"]: "New abstract."})

    accept(made, user)

    hale.refresh_from_db()
    assert (hale.outdated_language, hale.sessions.get().outdated_language) == ("zh-hans",) * 2


def test_a_value_that_was_left_out_or_emptied_touches_nothing(link, hale, user):
    made = proposed(link, {"name_en": "Anna Hale", "biography_en": "", "honorific_en": ""})

    accept(made, user)

    hale.refresh_from_db()
    assert (hale.name_en, hale.biography_en) == ("Anna Hale", "Old biography.")


def test_some_values_are_accepted_changed_and_refused(link, hale, user):
    made = proposed(link, {"name_en": "A. Hale", "biography_en": "Best.", "honorific_en": "Dr"})
    edited = Choice(Decision.Outcome.EDITED, "Good.")

    choices = {"name_en": REFUSE, "biography_en": edited, "honorific_en": ACCEPT}
    expert_review.accept_fields(made, choices, by=user)

    hale.refresh_from_db()
    assert made.status == "partly_accepted"
    assert (hale.name_en, hale.biography_en, hale.honorific_en) == ("Ann Hale", "Good.", "Dr")


def test_a_value_that_staff_changed_meanwhile_is_compared_with_both(link, hale, user):
    made = proposed(link, {"biography_en": "New."})
    hale.biography_en = "By staff."
    hale.save()

    [row] = compare(ExpertProposal.objects.get(pk=made.pk))

    assert (row.base, row.current, row.proposed) == ("Old biography.", "By staff.", "New.")
    assert row.is_conflict
    with pytest.raises(ChangedMeanwhile):
        accept(made, user, seen={"biography_en": "Old biography."})
    assert not Decision.objects.exists()


def test_what_is_proposed_is_kept_once_with_what_was_there_first(link, hale):
    made = factories.expert_proposal(link, {"biography_en": "One.", "name_en": "A. Hale"})
    hale.biography_en = "By staff."
    hale.save()

    again = domain.save(link, {"biography_en": "Two."}, version=made.version)
    back = domain.save(link, {"name_en": "Ann Hale"}, version=again.version)

    assert back.pk == made.pk
    assert (back.values, back.base) == ({"biography_en": "Two."}, {"biography_en": "By staff."})


def test_nothing_new_makes_no_proposal(link):
    with pytest.raises(ValidationError, match="not changed anything"):
        domain.save(link, {"biography_en": "Old biography.", "unknown": "x"}, version=0)

    assert not ExpertProposal.objects.exists()


def test_two_tabs_find_each_other_out(link):
    first = domain.save(link, {"name_en": "One"}, version=0)

    with pytest.raises(ChangedMeanwhile, match="another window"):
        domain.save(link, {"name_en": "Two"}, version=0)
    domain.send(first, version=first.version)
    with pytest.raises(ChangedMeanwhile, match="sent or reviewed"):
        domain.save(link, {"name_en": "Two"}, version=first.version)


def test_one_that_was_erased_meanwhile_is_neither_sent_nor_decided(link, user):
    draft = domain.save(link, {"name_en": "Anna"}, version=0)
    expert_privacy.erase([draft])

    for act in (
        lambda: domain.send(draft, version=draft.version),
        lambda: domain.withdraw(draft, version=draft.version),
        lambda: expert_review.refuse(draft, reason="No", by=user),
        lambda: expert_review.accept_fields(draft, {"name_en": ACCEPT}, by=user),
    ):
        with pytest.raises(MoveRefused, match="erased"):
            act()


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_at_once_one_wins(link):
    def save(name):
        return domain.save(ExpertLink.objects.get(pk=link.pk), {"name_en": name}, version=0)

    results = at_once(lambda: save("One"), lambda: save("Two"))

    assert sorted(type(each).__name__ for each in results) == ["ChangedMeanwhile", "ExpertProposal"]
    assert ExpertProposal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_once_one_wins(link, user):
    made = proposed(link, {"name_en": "Anna Hale"})

    def decide():
        row = ExpertProposal.objects.get(pk=made.pk)
        return accept(row, user, version=row.version)

    results = at_once(decide, decide)

    refused = [each for each in results if isinstance(each, (ChangedMeanwhile, MoveRefused))]
    assert (len(refused), Decision.objects.count()) == (1, 1)


def test_accepting_what_the_expert_took_back_is_refused(link, user):
    made = proposed(link, {"name_en": "Anna Hale"})
    domain.withdraw(made, version=made.version)

    with pytest.raises(MoveRefused):
        accept(made, user)

    assert Expert.objects.get().name_en == "Ann Hale"


def test_after_a_decision_the_next_change_begins_another_proposal(link, hale, user):
    made = proposed(link, {"name_en": "Anna Hale"})
    accept(made, user)
    hale.refresh_from_db()

    another = domain.save(link, {"honorific_en": "Dr"}, version=0)

    assert another.pk != made.pk
    assert domain.latest_of(hale) == another


def test_a_refused_one_is_not_returned_once_another_has_begun(link, user):
    made = proposed(link, {"name_en": "Anna Hale"})
    expert_review.refuse(made, reason="No.", by=user)
    domain.save(link, {"honorific_en": "Dr"}, version=0)

    with pytest.raises(MoveRefused, match="another proposal"):
        expert_review.return_with_reason(made, reason="Why?", by=user)


def test_one_that_was_returned_is_changed_and_sent_again(link, user):
    made = proposed(link, {"name_en": "Anna Hale"})
    with pytest.raises(ValidationError, match="Say why"):
        expert_review.return_with_reason(made, reason=" ", by=user)

    expert_review.return_with_reason(made, reason="Which one?", by=user)
    saved = domain.save(link, {"name_en": "Anne Hale"}, version=made.version)
    sent = domain.send(saved, version=saved.version)

    assert (sent.pk, sent.status, sent.reason) == (made.pk, "sent", "")


def test_what_cannot_be_in_the_record_is_refused_and_nothing_changes(link, hale, user):
    made = proposed(link, {"biography_en": "New.", "name_en": "x" * 300})

    with pytest.raises(ValidationError):
        accept(made, user)

    hale.refresh_from_db()
    assert (hale.biography_en, Decision.objects.count()) == ("Old biography.", 0)


def test_a_portrait_stays_private_until_it_is_accepted(link, hale, user):
    made = proposed(link, {}, portrait=factories.picture(format="JPEG"))
    name = made.portrait.name
    assert private_storage().exists(name)
    assert made.portrait.read(4) == b"RIFF"

    portrait = expert_review.read_portrait(made, {"photo": ACCEPT})
    accept(made, user, portrait=portrait)

    hale.refresh_from_db()
    assert (hale.photo.size_in_pixels, made.status) == ((64, 48), "accepted")
    assert hale.photo.name != name


def test_another_portrait_takes_the_place_of_the_first(link, django_capture_on_commit_callbacks):
    made = factories.expert_proposal(link, {}, portrait=factories.picture())
    first = made.portrait.name

    with django_capture_on_commit_callbacks(execute=True):
        found = pictures.check(factories.picture(size=(80, 40)))
        saved = domain.save(link, {}, version=made.version, portrait=found)

    assert saved.values == {"photo": saved.portrait.name}
    assert not private_storage().exists(first)


def test_somebody_limited_accepts_nothing_beyond_the_own_events(link, hale):
    two = world()
    factories.appearance(expert=hale, session=two.mine.session)
    made = proposed(link, {"name_en": "Anna Hale"})

    with pytest.raises(ValidationError, match="You may not change"):
        accept(made, two.organizer.user)


def test_of_what_is_over_cancelled_or_no_more_to_be_seen_nothing_is_offered(link, hale):
    for gone in (factories.event(status="draft"), factories.upcoming_event(status="cancelled")):
        factories.appearance(expert=hale, session=factories.session(event=gone))
    hidden = factories.project(status="draft")
    factories.recommendation(expert=hale, project=hidden)

    keys = {field.key for field in ExpertProposal(expert=hale).known_fields()}

    talk = hale.sessions.get(event__status="published")
    assert {key.split("-")[1] for key in keys if key.startswith("session")} == {str(talk.pk)}
    assert not any(key.startswith(f"project-{hidden.pk}-") for key in keys)


def test_talks_are_corrected_before_their_event_is_published(link, hale, user):
    event = factories.upcoming_event(status="draft")
    talk = factories.session(event=event)
    factories.appearance(expert=hale, session=talk)

    accept(proposed(link, {f"session-{talk.pk}-abstract_en": "New abstract."}), user)

    talk.refresh_from_db()
    event.refresh_from_db()
    assert (talk.abstract_en, event.status, event.published_at) == ("New abstract.", "draft", None)


def test_a_row_that_went_away_is_left_out_of_the_review(link, hale, user):
    keys = keys_of(hale)
    made = proposed(link, {keys["position"]: "Head", "name_en": "Anna Hale"})
    Affiliation.objects.all().delete()

    made = ExpertProposal.objects.get(pk=made.pk)
    accept(made, user, "name_en")

    assert made.status == "accepted"


def test_a_new_link_ends_those_of_before(hale, user):
    old = factories.expert_link(hale)
    ahead = timezone.now() + dt.timedelta(days=3)

    new = expert_link.issue(hale, email="a@example.org", language="en", ends_at=ahead, by=user)

    assert expert_link.open_link(expert_link.token_of(old)) is None
    assert expert_link.open_link(expert_link.token_of(new)) == new
    assert [each.kind for each in new.mails.all()] == ["expert_link"]


@pytest.mark.parametrize("days", [-1, 1000])
def test_a_link_ends_within_two_years(hale, user, days):
    end = timezone.now() + dt.timedelta(days=days)

    with pytest.raises(ValidationError, match="within two years"):
        expert_link.issue(hale, email="", language="en", ends_at=end, by=user)


def test_a_link_that_ended_or_was_revoked_opens_nothing(link, hale, user):
    token = expert_link.token_of(link)
    assert expert_link.open_link(token) == link

    assert expert_link.revoke(hale, by=user) == 1

    assert expert_link.open_link(token) is None
    ended = factories.expert_link(ends_at=timezone.now() - dt.timedelta(minutes=1))
    assert expert_link.open_link(expert_link.token_of(ended)) is None
    with pytest.raises(ChangedMeanwhile, match="has ended"):
        domain.save(link, {"name_en": "Anna"}, version=0)


def test_experts_are_not_merged_while_two_proposals_are_open(user):
    one, two = factories.expert_proposal(), factories.expert_proposal()

    with pytest.raises(MergeRefused, match="not decided yet"):
        merge(one.expert, [two.expert], by=user)

    domain.withdraw(two, version=two.version)
    expert_privacy.erase([two])
    merge(one.expert, [two.expert], by=user)
    assert ExpertProposal.objects.get().expert == one.expert


def test_an_expert_has_one_open_proposal(link, hale):
    proposed(link, {"name_en": "Anna Hale"})

    with pytest.raises(IntegrityError), transaction.atomic():
        ExpertProposal.objects.create(expert=hale)


def test_erasing_by_address_takes_links_proposals_mails_and_files(
    link, hale, user, django_capture_on_commit_callbacks
):
    made = proposed(link, {"name_en": "Anna"}, portrait=factories.picture())
    name = made.portrait.name
    accept(made, user, "name_en")
    factories.expert_proposal(factories.expert_link())

    with django_capture_on_commit_callbacks(execute=True):
        assert expert_privacy.erase_by_email(link.email.upper()) == 2

    assert ExpertProposal.objects.count() == ExpertLink.objects.count() == 1
    assert not Decision.objects.exists()
    assert not private_storage().exists(name)
    hale.refresh_from_db()
    assert hale.name_en == "Anna"


def test_old_proposals_and_ended_links_are_erased(link, settings):
    proposed(link, {"name_en": "Anna"})
    waiting = factories.expert_proposal(status="sent")
    fresh = factories.expert_link()
    ended = timezone.now() - dt.timedelta(days=settings.SUBMISSION_DRAFT_DAYS + 1)
    ExpertLink.objects.exclude(pk=fresh.pk).update(ends_at=ended)
    old = timezone.now() - dt.timedelta(days=31 * settings.SUBMISSION_KEEP_MONTHS)
    ExpertProposal.objects.exclude(pk=waiting.pk).update(saved_at=old)

    assert expert_privacy.erase_expired() == 2

    assert list(ExpertProposal.objects.all()) == [waiting]
    assert set(ExpertLink.objects.all()) == {waiting.link, fresh}
    assert expert_privacy.erase_expired() == 0


def test_own_data_has_what_was_proposed(link, hale):
    proposed(link, {"biography_en": "New.", keys_of(hale)["abstract"]: "New abstract."})

    [row] = expert_privacy.own_data(link.email)

    [proposal] = row["proposals"]
    assert "New abstract." in proposal["values"].values()
    assert row["email"] == link.email
    assert expert_privacy.own_data("") == []


def test_a_proposal_names_nobody_in_logs(link):
    made = proposed(link, {"name_en": "Anna"})

    assert "Hale" not in f"{made}{link}"
