"""The demo is built once for the whole module; each test leaves it as it found it."""

import datetime as dt
import importlib
import zipfile
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.utils import timezone, translation

from contacts.domain.contact import due_for_erasure
from contacts.models import Contact
from demo import reset, source
from events.domain import programme
from events.domain.identifiers import doubts_about
from events.models import Event, EventFile, EventSeries, Expert, Organization, Session, SiteProfile
from interests.models import Interest
from mail.models import OutboundMail
from projects.models import (
    Amendment,
    CooperationIntention,
    CooperationMode,
    Document,
    FollowUp,
    Project,
    ReferenceCounter,
    Sector,
    Signatory,
)
from registrations.domain import check_in, door_counts, privacy
from registrations.domain.desk import events_at_desk_of
from registrations.exports.attendees import chosen
from registrations.models import CheckIn, ColumnSet, DeskAssignment, ExportRecord, Registration
from submissions.models import Attachment, ExpertProposal, Slides, Submission
from summit.lib.files.file_types import FileType
from summit.lib.files.private_files import private_storage

# Each test is a savepoint within the module's transaction.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

PASSWORD = "a-password-of-our-own"
SUMMIT = "2020-shijiazhuang-british-biomedical-summit"
ROADSHOW = "2023-biomaterials-and-rehabilitation-roadshow"
SERIES = "2020-shijiazhuang-international-biomedical-series"
# Named by the source, so not invented.
REAL = {
    "shijiazhuang-science-and-technology-bureau",
    "national-health-service",
    "manchester-metropolitan-university",
}


def run(**options) -> str:
    out = StringIO()
    call_command("demo", stdout=out, **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        # As the command runs: not in the language of a page that a test before this one opened.
        with translation.override("en"):
            printed = run(organizer_password=PASSWORD)
        yield printed
        transaction.set_rollback(True)


def counts() -> dict[str, int]:
    """Rows of every model of ours, the history's too."""
    return {
        model._meta.label: model._base_manager.count()
        for label in ("mail", "events", "registrations", "projects", "auth")
        for model in apps.get_app_config(label).get_models()
    }


# Running it


def test_demo_tells_the_login(demo):
    assert demo.endswith(
        f"Log-in of the demo organizer: organizer / {PASSWORD}\n"
        f"Log-in of the demo desk: desk / {PASSWORD}\n"
        f"Log-in of the demo series: series / {PASSWORD}\n"
    )


def test_demo_organizer_of_one_series_runs_nothing_else():
    user = User.objects.get(username="series")

    run_by = set(Event.objects.run_by(user).values_list("series__slug", flat=True))

    assert run_by == {"shijiazhuang-biomedical-cooperation-days"}


@pytest.mark.parametrize(
    ("username", "group"), [("organizer", "Organizer"), ("desk", "Desk"), ("series", "Organizer")]
)
def test_demo_people_are_staff_and_in_their_group(username, group):
    user = User.objects.get(username=username)

    assert user.is_staff
    assert not user.is_superuser
    assert [group.name for group in user.groups.all()] == [group]


def test_demo_run_twice_changes_nothing():
    before = counts()

    said = run()

    assert counts() == before
    assert "nothing was changed" in said


def test_demo_run_twice_keeps_the_password():
    said = run(organizer_password="another-password")

    for user in User.objects.all():
        assert user.check_password(PASSWORD)
    assert "another-password" not in said


def test_demo_keeps_what_was_edited():
    event = Event.objects.get(slug=SUMMIT)
    event.title_en, event.slug = "Retitled", "moved"
    event.full_clean()
    event.save()
    event.sessions.filter(slug="closing").delete()
    SiteProfile.objects.update(site_name_en="Renamed")
    before = counts()

    run()

    assert Event.objects.get(pk=event.pk).title_en == "Retitled"
    assert SiteProfile.load().site_name_en == "Renamed"
    assert counts() == before


def test_demo_keeps_who_works_at_the_desk():
    DeskAssignment.objects.get(event__slug=ROADSHOW).delete()
    before = counts()

    run()

    assert counts() == before


def test_demo_makes_the_desk_where_there_was_none_before():
    """A demo that was built by an earlier version of it."""
    User.objects.get(username="desk").delete()
    ColumnSet.objects.all().delete()

    run()

    assert DeskAssignment.objects.filter(user__username="desk").count() == 2
    assert ColumnSet.objects.filter(is_shared=True).count() == 1


def test_demo_makes_what_is_missing():
    Project.objects.get(slug="community-vaccination-records").delete()
    before = Project.objects.count()

    run()

    assert Project.objects.count() == before + 1


def test_demo_fails_as_a_whole(monkeypatch):
    Project.objects.get(slug="community-vaccination-records").delete()
    Event.objects.get(slug="2027-cell-and-gene-roadshow").delete()
    broken = {"slug": "broken", "title": {"en": "No time"}}
    monkeypatch.setitem(source.file("events/2020-forum"), "event", [broken])
    before = counts()

    with pytest.raises(KeyError):
        run()

    assert counts() == before


def test_demo_is_not_built_on_a_real_site_by_accident(settings):
    settings.STAFF_OTP = True
    before = counts()

    with pytest.raises(CommandError, match="Staff log in with codes here"):
        run()

    assert counts() == before


def test_demo_reset_needs_to_be_meant():
    before = counts()

    with pytest.raises(CommandError, match="--yes"):
        run(reset=True)

    assert counts() == before


def test_demo_reset_refuses_while_others_refer_to_it():
    Project.objects.create(title_en="Mine", owner=Organization.objects.get(slug="kaamos-health"))
    before = counts()

    with pytest.raises(CommandError, match="Mine"):
        run(reset=True, yes=True)

    assert counts() == before


def test_demo_reset_keeps_the_column_sets_of_others():
    mine = ColumnSet.objects.create(owner=User.objects.create_user("me"), name="Mine")

    reset.remove()

    assert list(ColumnSet.objects.all()) == [mine]


def test_demo_reset_takes_everything_away(django_capture_on_commit_callbacks):
    mine = Project.objects.create(title_en="Mine")
    models_with_files = (Document, EventFile, Attachment, Slides)
    rows = [row for model in models_with_files for row in model.objects.all()]
    assert Attachment.objects.get().submission.status == "sent"
    files = sorted(row.file.name for row in rows)
    kept = [name for name in files if private_storage().exists(name)]

    with django_capture_on_commit_callbacks() as afterwards:
        reset.remove()

    assert [*Project.objects.all()] == [mine]
    for model in (
        *(Event, EventSeries, Expert, Organization, CooperationIntention, SiteProfile),
        *(Registration, CheckIn, DeskAssignment, ColumnSet, ExportRecord),
        *(Amendment, Document, FollowUp, Signatory, Attachment, Submission, Slides),
    ):
        assert not model.objects.exists()
    assert len(kept) == len(afterwards) == len(rows)
    # Deleted once the rows are gone for good, which this test takes back.
    assert sorted(callback.args for callback in afterwards) == [(name,) for name in files]
    assert not ReferenceCounter.objects.exists()
    assert Sector.objects.exists()


# What is in it


def test_demo_has_slides_that_wait_for_review():
    row = Slides.objects.get()

    assert (row.proposal, row.accepted_as) == (ExpertProposal.objects.get(), None)
    assert row.proposal.status == "sent"
    assert row.session.appearances.filter(expert=row.proposal.expert).exists()
    assert private_storage().exists(row.file.name)


def test_demo_has_an_imported_submission_that_waits_for_review():
    row = Submission.objects.get(source="imported")

    assert (row.status, row.entered_by.username) == ("sent", "organizer")


def test_demo_has_a_project_whose_owner_is_asked_for_corrections():
    row = Submission.objects.get(project__isnull=False, status="draft")

    assert row.project.slug == "remote-blood-testing-system"
    assert row.to_check == "advantages key_indicators stage"
    assert not row.mails.exists()


def test_demo_passes_every_check():
    for label in ("mail", "events", "registrations", "projects"):
        for model in apps.get_app_config(label).get_models():
            # Signatories refuse to be checked once the signature has fixed them.
            if hasattr(model, "required_texts") and model is not Signatory:
                for row in model._base_manager.all():
                    row.full_clean()
    for event in Event.objects.all():
        programme.check(event, programme.slots(event))


def test_demo_terms_are_those_of_migrate():
    migration = importlib.import_module("projects.migrations.0002_first_sectors_and_modes")

    for key, terms in (("sector", migration.SECTORS), ("mode", migration.MODES)):
        told = [
            (row["slug"], row["name"]["en"], row["name"]["zh"]) for row in source.rows("terms", key)
        ]
        assert told == terms


def test_demo_shows_what_lists_and_filters_do():
    visible = Project.objects.visible().open()

    assert visible.count() > 24
    assert set(visible.values_list("maturity", flat=True)) == {None, *range(1, 10)}
    assert all(visible.filter(sectors=sector).exists() for sector in Sector.objects.all())
    assert all(visible.filter(modes=mode).exists() for mode in CooperationMode.objects.all())
    assert set(visible.values_list("property_status", flat=True)) == {
        "",
        *Project.PropertyStatus.values,
    }
    assert set(Project.objects.values_list("status", flat=True)) == set(Project.Status)
    assert Project.objects.visible().exclude(pk__in=visible).exists()
    assert set(Event.objects.values_list("status", flat=True)) == set(Event.Status)
    assert set(Event.objects.values_list("format", flat=True)) == set(Event.Format)
    assert set(Event.objects.values_list("kind", flat=True)) == set(Event.Kind)
    assert set(Session.objects.values_list("kind", flat=True)) == set(Session.Kind)
    assert CooperationIntention.objects.signed().filter(is_public=False).exists()
    assert CooperationIntention.objects.filter(status="draft").exists()
    assert CooperationIntention.objects.visible().filter(projects=None).exists()
    assert Project.objects.lacking_translation("en").exists()
    assert Project.objects.lacking_translation("zh-hans").exists()
    assert [row.outdated_language for row in Project.objects.outdated_translation()] == ["zh-hans"]


def test_demo_desk_can_be_tried_at_an_event_to_come():
    desk = User.objects.get(username="desk")
    [ahead] = events_at_desk_of(desk).upcoming()
    person = ahead.registrations.in_person().seated().first()

    assert door_counts.counts(ahead) == door_counts.Counts(
        expected=12, arrived=0, waiting=7, online=2
    )
    assert check_in.check_in(person, by=desk).is_new
    assert list(ahead.sessions.all())
    assert ahead.registration_settings.takes_session_attendance


def test_demo_desk_tells_of_an_event_that_is_over():
    over = Event.objects.get(slug=ROADSHOW)
    organizer, desk = (User.objects.get(username=name) for name in ("organizer", "desk"))
    standing = CheckIn.objects.standing().filter(registration__event=over)

    assert over in events_at_desk_of(organizer)
    assert door_counts.counts(over) == door_counts.Counts(expected=14, arrived=10, waiting=0)
    [undone] = CheckIn.objects.exclude(undone_at=None)
    assert (undone.registration.name, undone.undone_by) == ("王薇", desk)
    [walk_in] = Registration.objects.filter(registered_by=desk)
    assert walk_in.check_ins.at_the_door().count() == 1
    assert standing.exclude(session=None).count() == 9
    for check in CheckIn.objects.filter(registration__event=over):
        day = timezone.localdate(check.checked_in_at, over.zone)
        assert day == timezone.localdate(over.starts_at, over.zone)
        assert check.registration.registered_at <= check.checked_in_at


def test_demo_exports_are_recorded_as_the_list_is_today():
    record = ExportRecord.objects.get()
    columns = ColumnSet.objects.get()

    assert (record.outcome, record.rows) == ("complete", 5)
    assert record.columns == columns.columns
    assert chosen(record.event, columns.columns)[1] == []


def test_demo_sends_no_mail_to_people_whom_it_has_made_up():
    assert not OutboundMail.objects.exclude(status="sent").exists()
    addresses = Registration.objects.exclude(email="").values_list("email", flat=True)
    assert all(address.endswith("@example.org") for address in addresses)


def test_demo_interests_stand_at_every_step_and_are_plainly_invented():
    found = Interest.objects.all()

    steps = {"new", "assigned", "answered", "passed_on", "meeting", "closed", "spam"}
    assert {each.status for each in found} == steps
    for each in found:
        assert "demonstration" in each.name or "演示" in each.name
        assert each.email.endswith("@example.org") or not each.email


def test_demo_contacts_are_plainly_invented():
    contacts = Contact.objects.all()

    # One of them came with what was handed in.
    assert contacts.count() == 8
    for contact in contacts:
        assert "demonstration" in contact.name or "演示" in contact.name
        assert contact.email.endswith("@example.org")
        assert " 000 " in contact.phone or " 0000 " in contact.phone or not contact.phone
    assert due_for_erasure(in_months=3).count() == 1
    assert due_for_erasure().count() == 0


def test_demo_events_have_a_public_contact_each():
    for event in Event.objects.all():
        assert event.contact_name_en and event.contact_name_zh_hans
        assert " 0000 " in event.contact_phone
        assert event.contact_email.endswith("@example.org")


def test_demo_identifiers_belong_to_nobody_and_are_well_formed():
    organizations, experts = Organization.objects.all(), Expert.objects.all()
    codes = [each.credit_code for each in organizations if each.credit_code]

    assert [doubts_about(row) for row in (*organizations, *experts) if doubts_about(row)] == []
    assert len(codes) == 8
    # There is no area 000000, and no ORCID or ISNI of such a range.
    assert all(code[2:8] == "000000" for code in codes)
    assert {each.orcid[18:27] for each in experts if each.orcid} == {"0000-0099"}
    assert any(each.ror for each in organizations)
    assert all(each.is_demonstration for each in organizations if each.ror or each.credit_code)


def test_demo_has_one_address_for_each_name():
    alone = Registration.objects.exclude(email="").filter(group=None)
    people = set(alone.values_list("name", "email"))

    assert len(people) == len({name for name, _email in people})
    assert len(people) == len({email for _name, email in people})


def test_demo_has_people_with_a_phone_number_alone_two_of_them_with_one():
    people = Registration.objects.filter(email="").values_list("phone", "status")

    assert list(people.order_by().distinct()) == [("+8613800138000", "confirmed")]
    assert people.count() == 2


def test_demo_keeps_its_people_while_the_site_erases():
    before = Registration.objects.filter(erased_at=None).count()

    privacy.erase_expired()

    assert Registration.objects.filter(erased_at=None).count() == before


def test_demo_references_are_numbered_by_the_day_of_signing():
    signed = CooperationIntention.objects.signed().order_by("signed_on", "pk")

    assert list(signed.values_list("reference", flat=True)) == [
        *("SJZ-2020-001", "SJZ-2020-002", "SJZ-2020-003", "SJZ-2020-004"),
        *("BCD-2023-001", "BCD-2023-002", "BCD-2023-003"),
        "BCD-2025-001",
    ]


def test_demo_tells_what_came_of_the_intentions():
    found = dict(
        CooperationIntention.objects.values_list("status").annotate(models.Count("pk")).order_by()
    )

    assert found == {
        "signed": 4,
        "converted": 2,
        "lapsed": 1,
        "terminated": 1,
        "draft": 1,
        "abandoned": 1,
        "voided": 1,
    }
    converted = CooperationIntention.objects.filter(status="converted")
    assert set(converted.values_list("shows_amounts", flat=True)) == {True, False}
    amounts = CooperationIntention.objects.exclude(intended_amount=None)
    assert set(amounts.values_list("intended_currency", flat=True)) == {"CNY", "GBP"}
    assert set(Signatory.objects.values_list("side", flat=True)) == set(Signatory.Side)
    [amendment] = Amendment.objects.all()
    assert amendment.intention.valid_until == amendment.valid_until
    assert amendment.intention.signature.terms.valid_until < amendment.valid_until


def test_demo_follow_ups_are_done_overdue_and_to_come():
    today = dt.date(2026, 11, 22)

    assert set(FollowUp.objects.done().values_list("outcome", flat=True)) == set(FollowUp.Outcome)
    assert FollowUp.objects.overdue(today).count() == 3
    assert FollowUp.objects.upcoming(today=today).count() == 2
    assert {row.assigned_to.username for row in FollowUp.objects.all()} == {"organizer"}


def test_demo_documents_are_files_of_their_kind_that_say_they_are_invented():
    from pypdf import PdfReader

    documents = {document.content_type: document for document in Document.objects.all()}

    assert set(documents) == {FileType.PDF, FileType.JPEG}
    assert all("demonstration data" in each.title for each in documents.values())
    assert all("演示数据" in each.title for each in documents.values())
    with documents[FileType.PDF].file.open() as file:
        words = PdfReader(file).pages[0].extract_text()
    assert "DEMONSTRATION DATA" in words
    assert "演示数据" in words


def test_demo_slides_of_a_session_say_that_they_are_invented():
    slides = EventFile.objects.exclude(session=None).get()

    assert (slides.content_type, slides.kind, slides.audience) == (
        FileType.PPTX,
        EventFile.Kind.SLIDES,
        EventFile.Audience.PUBLIC,
    )
    with slides.file.open() as file, zipfile.ZipFile(file) as archive:
        words = archive.read("ppt/slides/slide1.xml").decode()
    assert "DEMONSTRATION DATA" in words
    assert "演示数据" in words


def test_demo_marks_everything_invented():
    for model in (Expert, Project, CooperationIntention):
        assert not model.objects.filter(is_demonstration=False).exists()
    unmarked = Organization.objects.filter(is_demonstration=False)
    assert set(unmarked.values_list("slug", flat=True)) == REAL
    assert [event.slug for event in Event.objects.filter(is_demonstration=False)] == [SUMMIT]


def test_demo_attributes_nothing_else_to_real_institutions():
    real = Organization.objects.filter(slug__in=REAL)

    assert set(real.values_list("roles__event__slug", "roles__role").distinct()) == {
        (None, None),
        (SUMMIT, "sponsor"),
    }
    assert not CooperationIntention.objects.filter(
        models.Q(company__in=real) | models.Q(expert_organization__in=real)
    ).exists()
    assert not Project.objects.filter(owner__in=real).exists()
    experts = Expert.objects.filter(affiliations__organization__in=real)
    assert set(experts.values_list("sessions__event__slug", flat=True)) == {SUMMIT}


# The seed story, on public pages


def page(client, row) -> dict[str, str]:
    texts = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            response = client.get(row.get_absolute_url())
        assert response.status_code == 200
        assert not response.cookies
        texts[language] = response.text.replace("&#x27;", "'")
    return texts


IN_EVENT = {
    "en": [
        "2020 Shijiazhuang International Biomedical Technology Innovation and Development "
        "Series Activities",
        "2020 Shijiazhuang·British International Biomedical Cutting-edge Project Docking Summit",
        "29 October 2020",
        "Shijiazhuang, Hebei",
        "China time",
        "London",
        "Shijiazhuang Science and Technology Bureau",
        "keynote speech + communication",
        "Five British biomedical industry experts",
        "National Health Service (NHS)",
        "Manchester Metropolitan University and other organizations and biomedical companies",
        "shared thematic academic talks and recommended cutting-edge projects",
        "questions were answered",
        "Three companies signed cooperation intentions with the British experts",
        "a remote blood testing system, a hand-held measuring instrument and new early cancer "
        "detection",
        "Representatives of local biomedical companies, medical and health workers, researchers",
        "courtesy of the organizer",
        "special international forums and other forms",
        "linking experts and well-known companies at home and abroad",
        "It names no expert and no company",
        "demonstration data",
    ],
    "zh-hans": [
        "2020石家庄国际生物医药科技创新发展系列活动",
        "2020石家庄·英国国际生物医药前沿项目对接峰会",
        "2020年10月29日",
        "河北石家庄",
        "北京时间",
        "伦敦",
        "石家庄市科学技术局",
        "主题报告+交流",
        "五位英国生物医药行业专家",
        "英国国家医疗服务体系（NHS）、曼彻斯特城市大学等机构以及生物医药企业",
        "专题学术分享",
        "推介前沿项目",
        "答疑",
        "三家企业与英国专家签署合作意向",
        "远程血液检测系统、手持式测量仪、癌症早期检测新技术",
        "本地生物医药企业代表、医疗卫生工作者、科研人员",
        "图片由主办方提供",
        "国际专题论坛等多种形式",
        "链接国内外专家和知名企业",
        "报道未提及专家姓名和企业名称",
        "演示数据",
    ],
}


def test_event_page_tells_every_fact_of_the_story(client):
    texts = page(client, Event.objects.get(slug=SUMMIT))

    for language, facts in IN_EVENT.items():
        # A break in the source of a page is a space on it.
        text = " ".join(texts[language].split())
        assert [fact for fact in facts if fact not in text] == []


def test_event_page_links_its_people_projects_and_signings(client):
    event = Event.objects.get(slug=SUMMIT)
    experts = Expert.objects.filter(sessions__event=event).distinct()
    intentions = event.intentions.visible()

    texts = page(client, event)

    assert experts.filter(country="GB").count() == experts.count() == 5
    assert intentions.count() == 3
    assert intentions.values("company").distinct().count() == 3
    for language, text in texts.items():
        with translation.override(language):
            for row in [*experts, *intentions, *Project.objects.filter(intentions__in=intentions)]:
                assert row.get_absolute_url() in text


def test_series_page_tells_of_november(client):
    texts = page(client, EventSeries.objects.get(slug=SERIES))

    assert "Special international forums and other forms" in texts["en"]
    assert "November 2020" in texts["en"]
    assert "链接国内外专家和知名企业" in texts["zh-hans"]


def test_pages_of_invented_rows_say_so(client):
    rows = [
        Event.objects.visible().filter(is_demonstration=True).first(),
        Expert.objects.visible().first(),
        Expert.objects.get(slug="helen-marsh"),
        Organization.objects.visible().filter(is_demonstration=True).first(),
        Project.objects.visible().first(),
        CooperationIntention.objects.visible().first(),
        Session.objects.get(event__slug=SUMMIT, slug="sensors-from-bench-to-ward"),
    ]

    for row in rows:
        texts = page(client, row)
        assert "demonstration data" in texts["en"].lower()
        assert "演示数据" in texts["zh-hans"]
