import pytest
from django.utils import translation

from projects.models import CooperationIntention
from tests import factories

pytestmark = pytest.mark.django_db


def load():
    return CooperationIntention.objects.with_parties().get()


def test_only_what_is_signed_and_public_at_a_visible_event_shows():
    shown = factories.signed_intention()
    factories.intention()
    factories.signed_intention(is_public=False)
    factories.signed_intention(event=factories.event(status="draft"))

    assert CooperationIntention.objects.visible().get() == shown


def test_what_came_of_it_is_as_visible_as_the_signature():
    made = [
        factories.converted_intention(),
        factories.lapsed_intention(),
        factories.terminated_intention(),
    ]
    factories.abandoned_intention()

    assert set(CooperationIntention.objects.signed()) == set(made)
    assert set(CooperationIntention.objects.visible()) == set(made)
    assert all(each.was_signed for each in made)


def test_every_state_is_reached_by_a_move_or_is_the_first():
    reached = {end for ends in CooperationIntention.MOVES.values() for end in ends}

    assert reached == set(CooperationIntention.Status) - {CooperationIntention.Status.DRAFT}
    assert CooperationIntention().is_draft


def test_drafts_and_confidential_ones_are_for_staff(cast):
    hidden = {factories.intention(), factories.signed_intention(is_public=False)}

    seen = [set(CooperationIntention.objects.visible_to(person.user)) for person in cast]

    assert seen == [hidden, hidden, hidden, set()]


def test_a_draft_has_no_signature():
    factories.intention()

    assert load().signature is None


def test_the_signature_reads_as_it_was_signed():
    signed = factories.signed_intention(
        expert=factories.expert(
            name_en="Ann Hale", name_zh_hans="安·黑尔", honorific_zh_hans="教授"
        ),
        projects=[factories.project(title_en="Blood test", title_zh_hans="血液检测")],
    )
    signed.expert.name_zh_hans = "改名"
    factories.save(signed.expert)

    with translation.override("zh-hans"):
        signature = load().signature

        assert signature.expert.name == "安·黑尔教授"
        assert [project.name for project in signature.projects] == ["血液检测"]
        assert signature.company.name == signed.company.name_zh_hans


def test_the_signature_leaves_out_who_is_not_public_today():
    signed = factories.signed_intention()
    project = signed.project_links.get().project
    for row in (signed.company, signed.expert, signed.expert_organization):
        row.is_public = False
        factories.save(row)
    project.status = "withdrawn"
    factories.save(project)

    signature = load().signature

    assert (signature.company, signature.expert, signature.expert_organization) == (None,) * 3
    assert signature.projects == []


def test_the_signature_costs_no_query(django_assert_num_queries):
    factories.signed_intention()
    intention = load()

    with django_assert_num_queries(0):
        signature = intention.signature
        assert signature.company and signature.expert and signature.event and signature.projects
