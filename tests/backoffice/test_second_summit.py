"""An organizer enters a second summit from nothing, in the admin alone."""

import datetime as dt

from events.models import Event, EventSeries, Expert, Organization
from projects.models import CooperationIntention, Project
from tests import factories
from tests.backoffice.posting import inline, save, url
from tests.backoffice.workspace.pages import new_rows, program


def added(person, model, **fields):
    """Fill in the form for a new row, and return the row."""
    before = set(model.objects.values_list("pk", flat=True))
    response = save(person, model, "add", **fields)
    assert response.status_code == 302, response.context["errors"]
    return model.objects.exclude(pk__in=before).get()


def test_organizer_enters_publishes_and_signs_a_second_summit(organizer):
    series = added(
        organizer,
        EventSeries,
        title_en="Shijiazhuang series",
        title_zh_hans="石家庄系列活动",
        reference_prefix="SJZ",
    )
    bureau, university, company = (
        added(organizer, Organization, name_en=en, name_zh_hans=zh, kind=kind)
        for en, zh, kind in (
            ("Science and Technology Bureau", "科学技术局", "public_body"),
            ("University of the North", "北方大学", "university"),
            ("Local Instruments", "本地仪器公司", "company"),
        )
    )
    expert = added(
        organizer,
        Expert,
        name_en="Ann Hale",
        name_zh_hans="安·黑尔",
        honorific_en="Professor",
        languages=["en"],
        **inline(
            "affiliations",
            {"organization": university.pk, "position_en": "Chair", "is_primary": "on"},
        ),
    )
    event = added(
        organizer,
        Event,
        series=series.pk,
        title_en="Second docking summit",
        title_zh_hans="第二届项目对接会",
        starts_at="2021-10-28T09:00",
        ends_at="2021-10-28T17:00",
    )
    role = {"organization": bureau.pk, "role": "sponsor", "order": 0}
    save(organizer, event, "organizations", **inline("roles", role))
    save(organizer, event, "files", new_photos=[factories.picture()], new_credit_en="courtesy")
    program(
        organizer,
        event,
        **new_rows(
            {
                "day": "2021-10-28",
                "starts": "9",
                "ends": "930",
                "kind": "opening",
                "title_en": "",
                "title_zh_hans": "开幕式",
            },
            {"day": "2021-10-28", "starts": "1000", "ends": "1100"},
            {"day": "2021-10-28", "starts": "16", "ends": "17", "kind": "signing", "title_en": ""},
        ),
        **{"sessions-1-people": [expert.pk]},
    )
    keynote = event.sessions.get(kind="keynote")
    save(organizer, keynote, abstract_en="On blood.", **{"appearances-0-role": "moderator"})
    project = added(
        organizer,
        Project,
        title_en="Remote blood testing",
        title_zh_hans="远程血液检测",
        owner=university.pk,
        maturity=6,
        **inline(
            "recommendations",
            {"expert": expert.pk, "event": event.pk, "session": keynote.pk, "order": 0},
        ),
    )
    intention = added(
        organizer,
        CooperationIntention,
        event=event.pk,
        session=event.sessions.get(kind="signing").pk,
        company=company.pk,
        expert=expert.pk,
        expert_organization=university.pk,
        purpose_zh_hans="共同试用。",
        **inline("project_links", {"project": project.pk, "order": 0}),
    )
    organizer.post(url(event, "action", "publish"))
    organizer.post(url(project, "action", "publish"))
    organizer.post(url(intention, "action", "sign"), {"signed_on": "2021-10-28"})

    event.refresh_from_db()
    project.refresh_from_db()
    intention.refresh_from_db()
    assert (event.status, project.status) == ("published", "published")
    assert event.starts_at == dt.datetime(2021, 10, 28, 1, tzinfo=dt.UTC)
    assert keynote.appearances.get().role == "moderator"
    assert intention.reference == "SJZ-2021-001"
    assert intention.snapshot["position"]["en"] == "Chair"
    assert CooperationIntention.objects.visible().get() == intention
