"""Slides that experts propose for their talks: what is taken, races, and what accepting does."""

import datetime as dt
import os
import time

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import ProtectedError
from django.utils import timezone

from events.models import Event, EventFile
from registrations.domain.proof import prove
from submissions.domain import (
    expert_link,
    expert_privacy,
    expert_proposal,
    expert_review,
    slides_review,
)
from submissions.domain import slides as domain
from submissions.domain.decisions import ChangedMeanwhile, Choice
from submissions.domain.slides_review import Publication
from submissions.domain.upload import UploadRefused
from submissions.expert_fields import slides_key
from submissions.models import Decision, ExpertLink, ExpertProposal, Slides
from summit.lib.database.states import MoveRefused
from summit.lib.files.private_files import private_storage
from tests import factories, files, office
from tests.cast import make_organizer
from tests.threads import at_once
from tests.two_series import world
from website.own_data import own_data_sections

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]
ACCEPT, REFUSE = Choice(Decision.Outcome.ACCEPTED), Choice(Decision.Outcome.REFUSED)


@pytest.fixture
def hale():
    """An expert with a talk."""
    expert = factories.expert(name_en="Ann Hale")
    factories.appearance(session=factories.session(), expert=expert)
    return expert


@pytest.fixture
def talk(hale):
    return hale.sessions.get()


@pytest.fixture
def link(hale):
    return factories.expert_link(hale)


@pytest.fixture
def user():
    return make_organizer().user


def pdf(name="talk.pdf"):
    return files.upload(files.pdf(), name)


def stored(folder="slides"):
    """Return the names of all files that are stored in a folder."""
    place = private_storage()

    def walk(folder):
        folders, found = place.listdir(folder)
        for each in folders:
            yield from walk(f"{folder}/{each}")
        yield from (f"{folder}/{each}" for each in found)

    return list(walk(folder)) if place.exists(folder) else []


def refusal_of(call):
    with pytest.raises(ValidationError) as refusal:
        call()
    return refusal.value


def sent(link):
    proposal = ExpertProposal.objects.get(expert=link.expert, status="draft")
    return expert_proposal.send(proposal, version=proposal.version)


def accept(proposal, talk, user, *, audience="public", replaces=None, **options):
    key = slides_key(talk.pk)
    publication = Publication(audience, "Slides", "演示文稿", replaces)
    read = slides_review.read(proposal, {key: ACCEPT}, {key: publication})
    return expert_review.accept_fields(proposal, {key: ACCEPT}, by=user, slides=read, **options)


@pytest.mark.parametrize(
    ("data", "kind", "ending"),
    [
        (files.pdf(), "application/pdf", ".pdf"),
        (office.office(office.SLIDES), office.SLIDES, ".pptx"),
    ],
    ids=["pdf", "pptx"],
)
def test_slides_wait_in_the_open_proposal_and_nobody_gets_them(link, talk, data, kind, ending):
    row = domain.add(link, talk.pk, files.upload(data, "C:\\talks\\演讲 1.ppt"))

    proposal = ExpertProposal.objects.get()
    assert (row.proposal, row.session, proposal.status) == (proposal, talk, "draft")
    assert (row.name, row.content_type, row.ending) == ("演讲 1.ppt", kind, ending)
    assert proposal.values == {slides_key(talk.pk): {"code": row.code, "name": "演讲 1.ppt"}}
    with private_storage().open(row.file.name) as file:
        assert file.read() == data
    assert not EventFile.objects.exists()


def test_texts_and_slides_are_one_proposal(link, talk):
    saved = expert_proposal.save(link, {"name_en": "Anna Hale"}, version=0)
    domain.add(link, talk.pk, pdf())

    with pytest.raises(ChangedMeanwhile, match="another window"):
        expert_proposal.save(link, {"name_en": "Anne"}, version=saved.version)
    again = expert_proposal.save(link, {"name_en": "Anne"}, version=saved.version + 1)

    assert set(again.values) == {"name_en", slides_key(talk.pk)}


def test_new_slides_take_the_place_of_those_that_wait(
    link, talk, django_capture_on_commit_callbacks
):
    domain.add(link, talk.pk, pdf())

    with django_capture_on_commit_callbacks(execute=True):
        row = domain.add(link, talk.pk, pdf())

    assert [*Slides.objects.all()] == [row]
    assert stored() == [row.file.name]
    assert ExpertProposal.objects.get().values[slides_key(talk.pk)]["code"] == row.code


def test_removed_slides_are_gone_for_good(link, talk, django_capture_on_commit_callbacks):
    row = domain.add(link, talk.pk, pdf())

    with django_capture_on_commit_callbacks(execute=True):
        assert domain.remove(link, row.code) == row

    assert domain.remove(link, row.code) is None
    assert (ExpertProposal.objects.get().values, stored()) == ({}, [])


HOSTILE = {
    "nothing in it": (b"", "empty"),
    "a program": (b"MZ\x90\0" * 50, "unknown_type"),
    "a Word file": (office.office(office.TEXT), "no_slides"),
    "an old .ppt": (office.OLD, "old_office"),
    "a .key": (office.zipped({"Index/Document.iwa": b"x"}), "other_office"),
    "a PDF that breaks off": (files.pdf()[:-20], "broken"),
    "a zip that unpacks to a gigabyte": (
        office.office(office.SLIDES, {"ppt/presentation.xml": b"<a>" + b" " * 300 * 2**20}),
        "unpacks",
    ),
}


@pytest.mark.parametrize(("data", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_slides_is_refused_and_leaves_nothing(link, talk, data, code):
    refusal = refusal_of(lambda: domain.add(link, talk.pk, files.upload(data, "talk.ppt")))

    assert refusal.code == code
    assert not ExpertProposal.objects.exists()
    assert stored() == []


@pytest.mark.parametrize("code", ["old_office", "other_office"])
def test_old_and_foreign_slides_are_answered_with_how_to_save_them(link, talk, code):
    data = next(data for data, each in HOSTILE.values() if each == code)

    [words] = refusal_of(lambda: domain.add(link, talk.pk, files.upload(data))).messages

    assert "(.pptx) or PDF" in words


def test_limits_of_a_file_and_of_all_that_wait(link, hale, talk, settings):
    settings.SLIDES_MAX_BYTES = 700
    second = factories.session()
    factories.appearance(session=second, expert=hale)
    domain.add(link, talk.pk, pdf())

    # What is replaced does not count.
    domain.add(link, talk.pk, pdf())
    assert refusal_of(lambda: domain.add(link, second.pk, pdf())).code == "full"
    settings.DOCUMENT_MAX_BYTES = 100
    assert refusal_of(lambda: domain.add(link, talk.pk, pdf())).code == "too_large"
    assert Slides.objects.get().session == talk


def test_slides_are_of_a_talk_of_their_own(link):
    other = factories.session()

    for key in (other.pk, other.pk + 1000):
        assert refusal_of(lambda key=key: domain.add(link, key, pdf())).code == "no_talk"


def test_slides_are_added_before_an_event_is_published(link, hale):
    draft = factories.session(event=factories.upcoming_event(status="draft"))
    factories.appearance(session=draft, expert=hale)

    assert domain.add(link, draft.pk, pdf()).session == draft


def test_talk_that_goes_while_the_file_is_checked_takes_no_slides(link, talk, monkeypatch):
    def check_slowly(*args, check=domain._check):
        Event.objects.update(status="cancelled")
        return check(*args)

    monkeypatch.setattr(domain, "_check", check_slowly)

    assert refusal_of(lambda: domain.add(link, talk.pk, pdf())).code == "no_talk"
    assert (stored(), ExpertProposal.objects.count()) == ([], 0)


def test_nothing_changes_while_it_waits_for_review(link, talk):
    row = domain.add(link, talk.pk, pdf())
    sent(link)

    assert refusal_of(lambda: domain.add(link, talk.pk, pdf())).code == "not_editable"
    assert refusal_of(lambda: domain.remove(link, row.code)).code == "not_editable"
    assert stored() == [row.file.name]


def test_link_that_was_revoked_meanwhile_adds_nothing(link, hale, talk, user):
    expert_link.revoke(hale, by=user)

    refusal = refusal_of(lambda: domain.add(link, talk.pk, pdf()))

    assert refusal.code == "link_ended"
    assert "Ask the organizer" in refusal.messages[0]
    assert stored() == []


def _refused(call):
    try:
        call()
    except UploadRefused as refusal:
        return refusal.code
    return "added"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_leave_one_file_of_a_talk(link, talk):
    uploads = [pdf(), pdf()]

    def add(upload):
        return _refused(lambda: domain.add(ExpertLink.objects.get(pk=link.pk), talk.pk, upload))

    assert at_once(*(lambda each=each: add(each) for each in uploads)) == ["added"] * 2
    row = Slides.objects.get()
    assert ExpertProposal.objects.get().values[slides_key(talk.pk)]["code"] == row.code
    assert stored() == [row.file.name]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_pass_the_limit_together(link, hale, talk, settings):
    settings.SLIDES_MAX_BYTES = 700
    second = factories.session()
    factories.appearance(session=second, expert=hale)
    uploads = {talk.pk: pdf(), second.pk: pdf()}

    results = at_once(
        *(
            lambda key=key, each=each: _refused(lambda: domain.add(link, key, each))
            for key, each in uploads.items()
        )
    )

    assert sorted(results) == ["added", "full"]


@pytest.mark.django_db(transaction=True)
def test_upload_and_erasure_at_once_leave_no_file_without_a_row(link, talk):
    domain.add(link, talk.pk, pdf())
    upload = pdf()

    at_once(
        lambda: _refused(lambda: domain.add(link, talk.pk, upload)),
        lambda: expert_privacy.erase(ExpertProposal.objects.all()),
    )

    assert stored() == [row.file.name for row in Slides.objects.all()]


@pytest.mark.django_db(transaction=True)
def test_upload_and_deletion_of_the_session_at_once(link, talk):
    upload = pdf()

    results = at_once(
        lambda: _refused(lambda: domain.add(link, talk.pk, upload)),
        lambda: [each.delete() for each in talk.appearances.all()] and talk.delete(),
    )

    assert results[0] in ("added", "no_talk")
    assert stored() == [row.file.name for row in Slides.objects.all()]


# Review


def test_accepted_slides_become_a_file_of_the_session(link, talk, user):
    row = domain.add(link, talk.pk, pdf())
    proposal = sent(link)

    accept(proposal, talk, user)

    file = EventFile.objects.get()
    assert (file.event, file.session, file.kind, file.audience) == (
        *(talk.event, talk, "slides", "public"),
    )
    assert (file.title_en, file.title_zh_hans, file.uploaded_by) == ("Slides", "演示文稿", user)
    assert file.sha256 == row.sha256
    assert file.file.name != row.file.name
    row.refresh_from_db()
    assert (row.accepted_as, proposal.status) == (file, "accepted")
    assert file.history.first().history_user == user


def test_slides_are_kept_for_the_organizers(link, talk, user):
    domain.add(link, talk.pk, pdf())

    accept(sent(link), talk, user, audience="staff")

    assert not EventFile.objects.for_attendees().exists()


def test_accepting_slides_of_a_draft_publishes_nothing(link, hale, user):
    draft = factories.session(event=factories.upcoming_event(status="draft"))
    factories.appearance(session=draft, expert=hale)
    domain.add(link, draft.pk, pdf())

    accept(sent(link), draft, user)

    draft.event.refresh_from_db()
    assert draft.event.status == "draft"
    assert not EventFile.objects.filter(event__in=Event.objects.visible()).exists()


def test_refused_slides_are_no_file_of_the_event(link, talk, user):
    domain.add(link, talk.pk, pdf())

    expert_review.refuse(sent(link), reason="The logo is missing.", by=user)

    assert not EventFile.objects.exists()


def test_slides_are_left_out_while_a_text_is_accepted(link, talk, user):
    domain.add(link, talk.pk, pdf())
    saved = ExpertProposal.objects.get()
    expert_proposal.save(link, {"name_en": "Anna Hale"}, version=saved.version)

    choices = {"name_en": ACCEPT, slides_key(talk.pk): REFUSE}
    made = expert_review.accept_fields(sent(link), choices, by=user)

    assert (made.status, EventFile.objects.count()) == ("partly_accepted", 0)


def test_public_file_stays_until_the_new_one_is_accepted(
    link, talk, user, django_capture_on_commit_callbacks
):
    domain.add(link, talk.pk, pdf())
    accept(sent(link), talk, user)
    old = EventFile.objects.get()
    row = domain.add(link, talk.pk, pdf())
    proposal = sent(link)
    assert EventFile.objects.get().sha256 == old.sha256
    assert slides_review.accepted_before(proposal) == {talk.pk: old.pk}

    with django_capture_on_commit_callbacks(execute=True):
        accept(proposal, talk, user, replaces=old.pk)

    file = EventFile.objects.get()
    assert (file.pk, file.code, file.sha256) == (old.pk, old.code, row.sha256)
    assert stored("files") == [file.file.name]


def test_file_to_be_replaced_that_is_gone_is_told(link, talk, user):
    domain.add(link, talk.pk, pdf())
    proposal = sent(link)

    with pytest.raises(ValidationError, match="deleted in the meantime"):
        accept(proposal, talk, user, replaces=1_000_000)

    other = factories.event_file(event=talk.event)
    with pytest.raises(ValidationError, match="deleted in the meantime"):
        accept(proposal, talk, user, replaces=other.pk)
    assert not Decision.objects.exists()


def test_slides_that_were_not_read_are_not_accepted(link, talk, user):
    domain.add(link, talk.pk, pdf())
    proposal = sent(link)

    with pytest.raises(ChangedMeanwhile):
        expert_review.accept_fields(proposal, {slides_key(talk.pk): ACCEPT}, by=user)


def test_slides_that_were_exchanged_after_they_were_read_are_not_accepted(link, talk, user):
    domain.add(link, talk.pk, pdf())
    proposal = sent(link)
    key = slides_key(talk.pk)
    read = slides_review.read(proposal, {key: ACCEPT}, {key: Publication("public", "Slides")})
    expert_proposal.withdraw(proposal, version=proposal.version)
    domain.add(link, talk.pk, pdf())
    again = ExpertProposal.objects.get()
    expert_proposal.send(again, version=again.version)

    with pytest.raises(ChangedMeanwhile):
        expert_review.accept_fields(again, {key: ACCEPT}, by=user, slides=read)
    assert not EventFile.objects.exists()


def test_lost_slides_are_told(link, talk, user):
    row = domain.add(link, talk.pk, pdf())
    private_storage().delete(row.file.name)

    with pytest.raises(ValidationError, match="are lost"):
        accept(sent(link), talk, user)


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_once_one_publishes(link, talk, user):
    domain.add(link, talk.pk, pdf())
    proposal = sent(link)

    def decide():
        row = ExpertProposal.objects.get(pk=proposal.pk)
        return accept(row, talk, user, version=row.version)

    results = at_once(decide, decide)

    refused = [each for each in results if isinstance(each, (ChangedMeanwhile, MoveRefused))]
    assert (len(refused), EventFile.objects.count(), Decision.objects.count()) == (1, 1, 1)


def test_somebody_limited_publishes_nothing_beyond_the_own_events(hale, talk):
    two = world()
    link = factories.expert_link(two.beyond.expert)
    beyond = two.beyond.session
    if not beyond.appearances.filter(expert=two.beyond.expert).exists():
        factories.appearance(session=beyond, expert=two.beyond.expert)
    factories.slides(factories.expert_proposal(link, status="sent"), beyond, data=files.pdf())
    proposal = ExpertProposal.objects.get(link=link)

    with pytest.raises(ValidationError, match="You may not change"):
        accept(proposal, beyond, two.organizer.user)
    assert not EventFile.objects.filter(session=beyond, kind="slides").exists()


def test_slides_outlive_their_session(link, talk, user):
    row = domain.add(link, talk.pk, pdf())
    proposal = sent(link)
    talk.appearances.all().delete()
    talk.delete()

    row.refresh_from_db()
    proposal = ExpertProposal.objects.get(pk=proposal.pk)
    assert (row.session, domain.without_talk(proposal)) == (None, [row])
    assert not proposal.proposed


# How they go


@pytest.mark.parametrize("how", ["erase", "address", "retention"])
def test_slides_go_with_the_proposal(link, talk, django_capture_on_commit_callbacks, how):
    domain.add(link, talk.pk, pdf())
    other = factories.expert_link()
    kept = factories.slides(factories.expert_proposal(other), factories.session())

    with django_capture_on_commit_callbacks(execute=True):
        if how == "erase":
            expert_privacy.erase(link.proposals.all())
        elif how == "address":
            expert_privacy.erase_by_email(link.email)
        else:
            old = timezone.now() - dt.timedelta(days=800)
            link.proposals.update(saved_at=old)
            expert_privacy.erase_expired()

    assert [*Slides.objects.all()] == [kept]
    assert stored() == [kept.file.name]


def test_published_slides_outlive_the_proposal(link, talk, user):
    domain.add(link, talk.pk, pdf())
    made = accept(sent(link), talk, user)

    expert_privacy.erase([made])

    assert EventFile.objects.get().session == talk


def test_proposal_is_not_deleted_around_its_slides(link, talk):
    row = domain.add(link, talk.pk, pdf())

    with pytest.raises(ProtectedError):
        row.proposal.delete()


def test_own_data_names_the_slides(link, talk):
    row = domain.add(link, talk.pk, pdf("My talk.pdf"))

    [told] = expert_privacy.own_data(link.email)

    [proposal] = told["proposals"]
    assert [(each["name"], each["size"]) for each in proposal["slides"]] == [(row.name, row.size)]


def test_own_data_page_names_slides_once_also_without_their_talk(link, talk):
    domain.add(link, talk.pk, pdf("My talk.pdf"))
    event = factories.registration_settings().event
    person = factories.registered(event, email=link.email)
    prove(person, "link")
    assert str(own_data_sections(person)).count("My talk.pdf") == 1

    talk.appearances.all().delete()
    talk.delete()

    assert str(own_data_sections(person)).count("My talk.pdf") == 1


def test_sweep_deletes_what_no_row_names(link, talk, capsys):
    kept = domain.add(link, talk.pk, pdf())
    gone = factories.slides(factories.expert_proposal(), factories.session())
    for row in (kept, gone):
        path = private_storage().path(row.file.name)
        os.utime(path, (time.time() - 2 * 86_400,) * 2)
    Slides.objects.filter(pk=gone.pk).delete()

    call_command("sweep_documents")

    assert "Slides without a proposal deleted: 1" in capsys.readouterr().out
    assert stored() == [kept.file.name]


def test_slides_name_nobody_in_logs(link, talk):
    row = domain.add(link, talk.pk, pdf("Hale.pdf"))

    assert "Hale" not in str(row)
