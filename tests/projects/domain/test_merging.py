"""People and bodies that signed: what was signed stays, and keeps two apart."""

import pytest

from events.domain.merging import MergeRefused, look_over, merge
from events.models import Expert
from projects.domain import signing
from projects.models import CooperationIntention
from tests import factories
from tests.cast import make_organizer
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(db):
    return make_organizer().user


def refused(kept, other, by, words: str) -> None:
    assert words in " ".join(look_over(kept, [other]).refusals)
    with pytest.raises(MergeRefused, match=words):
        merge(kept, [other], by=by)
    assert type(other).objects.filter(pk=other.pk).exists()


def test_two_who_both_signed_become_one_and_what_was_signed_stays(by, client):
    first = factories.signed_intention(expert=factories.expert(name_en="Wang Wei"))
    second = factories.signed_intention(expert=factories.expert(name_en="Wei Wang"))
    before = second.snapshot

    merge(first.expert, [second.expert], by=by)

    second.refresh_from_db()
    assert (second.expert, second.snapshot) == (first.expert, before)
    page = client.get(second.get_absolute_url()).content.decode()
    assert "Wei Wang" in page and first.expert.get_absolute_url() in page


def test_experts_who_signed_in_one_session_are_refused(by):
    session = factories.session()
    first = factories.signed_intention(session=session)
    second = factories.signed_intention(session=session)

    refused(first.expert, second.expert, by, "Both signed in the same session")


def test_drafts_of_one_session_are_no_reason_to_refuse(by):
    session = factories.session()
    first = factories.signed_intention(session=session)
    draft = factories.intention(session=session)

    merge(first.expert, [draft.expert], by=by)

    draft.refresh_from_db()
    assert draft.expert == first.expert


@pytest.mark.parametrize("make", [factories.intention, factories.signed_intention])
def test_organizations_on_both_sides_of_an_intention_are_refused(by, make):
    intention = make()

    refused(intention.company, intention.expert_organization, by, "two sides of a cooperation")


def test_companies_that_signed_in_one_session_become_one(by):
    session = factories.session()
    first = factories.signed_intention(session=session)
    second = factories.signed_intention(session=session)

    assert merge(first.company, [second.company], by=by) == first.company


def test_projects_of_one_signed_intention_are_refused(by):
    kept, other = factories.project(), factories.project()
    factories.signed_intention(projects=[kept, other])

    refused(kept, other, by, "as different projects")


def test_signed_intention_names_a_merged_project_as_it_was_signed(by, client):
    kept, other = factories.project(), factories.project(title_en="As signed")
    signed = factories.signed_intention(projects=[other])

    merge(kept, [other], by=by)

    page = client.get(signed.get_absolute_url()).content.decode()
    assert "As signed" in page and kept.get_absolute_url() in page


@pytest.mark.django_db(transaction=True)
def test_signature_meanwhile_comes_before_or_after_the_merger():
    by = make_organizer().user
    session = factories.session()
    first = factories.signed_intention(session=session)
    draft = factories.intention(session=session)

    merged, signed = at_once(
        lambda: merge(first.expert, [draft.expert], by=by),
        lambda: signing.sign(draft, signed_on=factories.DAY),
    )

    assert isinstance(signed, CooperationIntention)
    experts = set(CooperationIntention.objects.signed().values_list("expert", flat=True))
    if isinstance(merged, MergeRefused):
        assert experts == {first.expert_id, draft.expert_id}
    else:
        # It signed what was stored by then.
        assert experts == {first.expert_id}
        assert Expert.objects.filter(pk__in=experts).count() == 1
