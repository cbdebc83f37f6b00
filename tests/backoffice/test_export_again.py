"""What is exported to be edited goes in again unchanged, without a difference."""

import csv
import io

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from events.models import Expert, Organization, Session
from projects.models import Project
from tests import factories
from tests.backoffice.posting import url
from tests.backoffice.test_list_exports import export
from tests.trail import entries
from tests.two_series import world

pytestmark = pytest.mark.django_db
AGAIN = {"content": "again"}


def content(response):
    assert response.status_code == 200, response
    return b"".join(response.streaming_content)


def preview(person, address, data, ending):
    file = SimpleUploadedFile(f"rows.{ending}", data)
    return person.post(address, {"file": file})


def kinds(page):
    """Return what the preview would do with each row, and the columns that it would change."""
    assert page.status_code == 200
    assert not page.context.get("errors"), page.context["errors"]
    return [(row["kind"], row["changed"]) for row in page.context["rows"]]


HOSTILE = [
    *("=HYPERLINK(A1)", "+86 311 1", "-1", "@x", "'quoted", "a, b; c、d", "line one\nline two"),
    *("“”", "<b>x</b>", "王伟", "  ", "是", "yes", "01234567890123456789", "2027-01-02", "1/2"),
    *("'=A1", "''@x", "'+8613800138000", "line\n'- one", "x;'=y", "x\n '＝A1"),
]


def organizations():
    for number, text in enumerate(HOSTILE):
        # Names have one line, and a name.
        name = " ".join(text.split()) or "Blank"
        factories.organization(
            name_en=f"{name} {number}",
            name_zh_hans=f"机构{number}",
            short_name_en=name[:20] + str(number),
            kind=list(Organization.Kind)[number % 9],
            country=["", "CN", "GB", "TW"][number % 4],
            city_en="=City",
            website="https://example.com/?a=1&b=2" if number % 2 else "",
            description_en=text,
            is_public=bool(number % 2),
        )


def experts():
    place = factories.organization(name_en="Leeds", name_zh_hans="利兹大学")
    for number, text in enumerate(HOSTILE):
        expert = factories.expert(
            name_en=f"Ann Hale {number}",
            name_zh_hans="" if number % 2 else f"安·黑尔{number}",
            honorific_en="Professor",
            biography_en=text,
            languages=[[], ["en"], ["en", "zh"]][number % 3],
            country=["", "GB"][number % 2],
        )
        if number % 3:
            factories.affiliation(
                expert=expert, organization=place, position_en=" ".join(text.split())
            )


def projects():
    sectors = [factories.sector(name_en=f"Sector {n}", name_zh_hans=f"领域{n}") for n in "ab"]
    modes = [factories.mode(name_en="Licence", name_zh_hans="许可")]
    for number, text in enumerate(HOSTILE):
        factories.project(
            title_en=f"Project {number}",
            title_zh_hans=f"项目{number}",
            description_en=text,
            maturity=[None, 1, 9][number % 3],
            property_status=["", "granted"][number % 2],
            sectors=sectors[: number % 3],
            modes=modes[: number % 2],
            valid_until="2027-12-31" if number % 2 else None,
            status=["draft", "published", "withdrawn"][number % 3],
        )


MAKERS = {Organization: organizations, Expert: experts, Project: projects}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
def test_file_goes_in_again_without_a_difference(organizer, model, ending, language):
    organizer.cookies["django_language"] = language
    MAKERS[model]()

    address = url(model, "export", "all")
    data = content(organizer.post(address, {"file_format": ending, **AGAIN}))
    page = preview(organizer, url(model, "import"), data, ending)

    assert set(map(repr, kinds(page))) == {repr(("skip", []))}
    assert len(page.context["rows"]) == model.objects.count()


def programme():
    event = factories.event(series=factories.series())
    expert = factories.expert(name_en="Ann Hale", name_zh_hans="安·黑尔")
    for number, kind in enumerate(Session.Kind.values):
        start, end = factories.at(9, 20 + number), factories.at(9, 21 + number)
        session = factories.session(
            event=event,
            kind=kind,
            starts_at=start,
            ends_at=end,
            title_en=f"Session {number}",
            title_zh_hans=f"议程{number}",
            room_en="Hall, 1",
            abstract_en=HOSTILE[number],
            language=["", "en"][number % 2],
            has_interpretation=bool(number % 2),
        )
        if number % 2:
            factories.appearance(session=session, expert=expert)
        if number % 3:
            factories.programme_person(
                event=event, session=session, role="host", name_en=f"Li, {number} / {HOSTILE[-6]}"
            )
    return event


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_programme_goes_in_again_without_a_difference(organizer, ending, language):
    organizer.cookies["django_language"] = language
    event = programme()

    address = reverse("admin:events_event_programme_export", args=[event.pk])
    data = content(organizer.post(address, {"file_format": ending}))
    page = preview(
        organizer, reverse("admin:events_event_programme_import", args=[event.pk]), data, ending
    )

    assert set(map(repr, kinds(page))) == {repr(("skip", []))}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_drafts_of_intentions_go_in_again_without_a_difference(organizer, ending, language):
    organizer.cookies["django_language"] = language
    event = factories.event(series=factories.series())
    session = factories.session(event=event, kind="signing")
    factories.intention(
        event=event,
        session=session,
        purpose_en=HOSTILE[6],
        signed_on=factories.DAY,
        valid_until="2027-12-31",
        intended_amount="1200000.50",
        intended_currency="CNY",
        text_languages=["en", "zh"],
        governing_language="zh",
        is_public=False,
    )
    factories.intention(event=event, projects=[], subject_en="=Talent")
    factories.intention(event=event, projects=[factories.project(), factories.project()])
    factories.signed_intention(event=event)

    address = reverse("admin:events_event_intentions_export", args=[event.pk])
    data = content(organizer.post(address, {"file_format": ending}))
    page = preview(
        organizer, reverse("admin:events_event_intentions_import", args=[event.pk]), data, ending
    )

    assert list(map(repr, kinds(page))) == [repr(("skip", []))] * 3


def test_change_in_the_file_is_the_only_difference(organizer):
    organizations()
    data = content(export(organizer, Organization, content="again"))
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    place = rows[0].index("Name (Chinese)")
    rows[3][place] = "另一名称"
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)

    page = preview(organizer, url(Organization, "import"), buffer.getvalue().encode(), "csv")

    changed = [changed for kind, changed in kinds(page) if kind != "skip"]
    assert changed == [["name_zh_hans"]]


# The page


def test_page_offers_the_other_file_to_those_who_may_import(organizer, auditor):
    factories.organization()

    assert 'value="again"' in organizer.get(url(Organization, "export", "all")).text
    assert 'value="again"' not in auditor.get(url(Organization, "export", "all")).text
    refused = auditor.post(url(Organization, "export", "all"), {"file_format": "csv", **AGAIN})
    assert "slug" not in content(refused).decode().casefold().splitlines()[0]


def test_more_rows_than_an_import_takes_are_refused_in_words(organizer, monkeypatch):
    monkeypatch.setattr("backoffice.kit.exporting.exporter.MAX_ROWS", 1)
    factories.organization(), factories.organization()

    page = organizer.post(url(Organization, "export", "all"), {"file_format": "csv", **AGAIN})

    assert page.status_code == 422
    assert "an import takes at most 1" in page.text
    assert entries() == []


def test_export_for_editing_is_recorded_as_such(organizer):
    event = programme()

    content(
        organizer.post(
            reverse("admin:events_event_programme_export", args=[event.pk]),
            {"file_format": "csv"},
        )
    )

    [(action, actor, subject, details)] = entries()
    assert (action, actor, subject) == ("list_exported", "organizer", "list · events.session")
    assert details == {
        "content": "again",
        "file_format": "csv",
        "rows": len(Session.Kind),
        "filters": {"event": event.pk},
    }


def test_programme_leads_to_its_export(organizer):
    event = programme()

    page = organizer.get(reverse("admin:events_event_programme", args=[event.pk]))

    assert reverse("admin:events_event_programme_export", args=[event.pk]) in page.text


def test_programme_without_a_session_makes_no_file(organizer):
    event = factories.event()

    page = organizer.get(
        reverse("admin:events_event_programme_export", args=[event.pk]), follow=True
    )

    assert "There are no rows to export." in page.text


def test_programme_beyond_ones_limits_is_not_exported():
    told = world()
    address = reverse("admin:events_event_programme_export", args=[told.beyond.event.pk])

    assert told.organizer.post(address, {"file_format": "csv"}).status_code == 302
    assert "list_exported" not in [action for action, *_others in entries()]


def test_programme_is_exported_by_those_who_may_read_sessions(organizer):
    event = programme()
    organizer.user.groups.clear()
    organizer.user.user_permissions.set(Permission.objects.filter(codename="view_event"))

    address = reverse("admin:events_event_programme_export", args=[event.pk])

    assert organizer.get(address).status_code == 403
