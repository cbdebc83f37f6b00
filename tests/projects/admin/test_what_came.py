import pytest
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


def test_pages_show_staff_what_came_of_it(organizer):
    session, project, expert = factories.session(), factories.project(), factories.expert()
    factories.recommendation(session=session, project=project, expert=expert)
    draft = factories.intention(projects=[project])
    confidential = factories.signed_intention(projects=[project], is_public=False)

    for model, row in (("events_session", session), ("events_expert", expert)):
        text = organizer.get(reverse(f"admin:{model}_change", args=[row.pk])).text
        for intention in (draft, confidential):
            url = reverse("admin:projects_cooperationintention_change", args=[intention.pk])
            assert url in text
        assert "confidential" in text
    text = organizer.get(reverse("admin:projects_project_change", args=[project.pk])).text
    assert str(confidential) in text
    assert str(draft) in text


def test_a_page_where_nothing_was_signed_says_so(auditor):
    project = factories.project()

    text = auditor.get(reverse("admin:projects_project_change", args=[project.pk])).text

    assert "Nothing has been signed or drafted yet." in text
