import pytest

from projects.domain import project as domain
from projects.models import Project
from summit.lib.database.states import MoveRefused
from tests import factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_publish_puts_a_project_into_the_catalogue(status, organizer):
    project = factories.project(status=status)

    domain.publish(project, by=organizer.user)

    stored = Project.objects.visible().get()
    assert (stored.published_at is not None, stored.withdrawn_at) == (True, None)
    assert stored.history.first().history_user == organizer.user


def test_publish_twice_is_refused():
    with pytest.raises(MoveRefused, match="published"):
        domain.publish(factories.project())


def test_withdraw_takes_a_project_out_of_the_catalogue():
    project = domain.withdraw(factories.project())

    assert project.withdrawn_at is not None
    assert not Project.objects.visible().exists()


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_withdraw_is_refused_for_what_is_not_published(status):
    project = factories.project(status=status)

    with pytest.raises(MoveRefused, match="cannot become"):
        domain.withdraw(project)

    assert Project.objects.get().status == status


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("verb", "status"), [("publish", "draft"), ("withdraw", "published")])
def test_two_at_once_are_one_and_a_refusal(verb, status):
    project = factories.project(status=status)

    results = at_once(
        *[lambda: getattr(domain, verb)(Project.objects.get(pk=project.pk)) for _ in range(2)]
    )

    assert sorted(type(result).__name__ for result in results) == ["MoveRefused", "Project"]
