import pytest
from django.urls import reverse

from backoffice import intentions_panel
from projects.models import CooperationIntention
from tests import factories
from tests.backoffice.posting import url

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


def test_panel_that_holds_too_many_leads_to_all_of_them(organizer, monkeypatch):
    monkeypatch.setattr(intentions_panel, "SHOWN", 1)
    project = factories.project()
    ours = [factories.signed_intention(projects=[project]) for _n in range(2)]
    factories.signed_intention()
    address = f"{url(CooperationIntention, 'changelist')}?came_of=project:{project.pk}"

    page = organizer.get(url(project, "change"))

    assert f'href="{address}"' in page.text and "Show all 2" in page.text
    assert set(organizer.get(address).context["cl"].queryset) == set(ours)


@pytest.mark.parametrize("value", ["", "project:", "project:0", "user:1", f"project:{'9' * 5000}"])
def test_list_behind_no_panel_is_empty(organizer, value):
    factories.signed_intention()

    page = organizer.get(url(CooperationIntention, "changelist"), {"came_of": value})

    assert list(page.context["cl"].queryset) == []
