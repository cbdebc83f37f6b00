"""Contacts in the admin: on the pages of what they belong to, and in a list of their own."""

import csv
import datetime as dt
import io

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact
from events.models import Expert, Organization
from projects.models import Project
from tests import factories
from tests.backoffice.posting import do, errors, filled, inline, save, url, use_on_selected
from tests.trail import entries
from tests.two_series import world

pytestmark = pytest.mark.django_db

LIST = url(Contact, "changelist")
TYPED = {
    "name": "Zephyrine Quill",
    "language": "fr",
    "phone": "+86 311 5550 7781",
    "email": "zephyrine@quillfeather.example",
    "wechat": "zephy_quill",
    "note": "rather by phone",
    "source": "business card of 3 May",
}
OWNERS = [factories.organization, factories.expert, factories.project]
each_owner = pytest.mark.parametrize("make", OWNERS, ids=["organization", "expert", "project"])


def kept() -> list[dict]:
    return list(Contact.objects.values(*TYPED))


def add(person, **typed):
    """Open the page that adds a contact, and save it with what is given."""
    address = url(Contact, "add")
    return person.post(address, {**filled(person.get(address)), **TYPED, **typed, "_save": "Save"})


def search(person, words):
    answer = person.post(LIST, {"q": words})
    assert words not in answer.url
    page = person.get(answer.url)
    return [row.name for row in page.context["cl"].result_list]


@each_owner
def test_a_contact_is_added_on_the_page_of_what_it_belongs_to(organizer, make):
    owner = make()

    response = save(organizer, owner, **inline("contacts", TYPED))

    assert response.status_code == 302
    assert kept() == [TYPED]
    assert Contact.objects.get().owner == owner
    assert "Zephyrine Quill" in organizer.get(url(owner, "change")).text


@each_owner
def test_nobody_else_sees_them_there(auditor, make, request):
    owner = make()
    factories.contact(**{owner._meta.model_name: owner}, **TYPED)

    page = auditor.get(url(owner, "change"))

    assert page.status_code == 200
    assert "quill" not in page.text.casefold()
    assert auditor.get(LIST).status_code == 403


def test_a_contact_without_a_source_is_refused(organizer):
    owner = factories.organization()

    response = save(organizer, owner, **inline("contacts", TYPED | {"source": ""}))

    assert "required" in str(errors(response)["contacts-0-source"])
    assert kept() == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("phone", "by post", "Enter a phone number"),
        ("email", "zephyrine", "valid email"),
        ("name", "", "required"),
        ("language", "klingon", "valid choice"),
    ],
)
def test_bad_input_is_refused_beside_its_field(organizer, field, value, words):
    contact = factories.contact(**TYPED)

    address = url(contact, "change")
    response = organizer.post(address, {**filled(organizer.get(address)), field: value})

    assert words in str(errors(response)[field])
    assert kept() == [TYPED]


def test_a_contact_is_added_in_the_list_to_one_of_the_three(organizer):
    project, expert = factories.project(), factories.expert()

    none = add(organizer)
    two = add(organizer, project=project.pk, expert=expert.pk)
    one = add(organizer, project=project.pk)

    for response in (none, two):
        assert "Choose whose contact this is" in response.text
    assert one.status_code == 302
    assert Contact.objects.get().owner == project


def test_saving_a_contact_confirms_it(organizer):
    before = timezone.now() - dt.timedelta(days=400)
    contact = factories.contact(used_at=before)
    other = factories.contact(organization=contact.organization, used_at=before)

    page = organizer.get(url(contact.organization, "change"))
    number = next(
        n
        for n, form in enumerate(page.context["inline_admin_formsets"][-1].formset.forms)
        if form.instance == contact
    )
    save(organizer, contact.organization, **{f"contacts-{number}-note": "moved"})

    contact.refresh_from_db()
    other.refresh_from_db()
    assert contact.used_at > before
    assert other.used_at == before
    save(organizer, other)
    other.refresh_from_db()
    assert other.used_at > before


def test_contacts_are_confirmed_one_by_one_and_together(organizer):
    before = timezone.now() - dt.timedelta(days=400)
    contacts = [factories.contact(used_at=before) for _number in range(3)]

    do(organizer, contacts[0], "confirm")
    use_on_selected(organizer, "confirm", *contacts[1:])

    assert Contact.objects.filter(used_at__gt=before).count() == 3


@pytest.mark.parametrize(
    "words",
    [
        *("zephyrine quill", "zephy_quill", "zephyrine@quillfeather.example", "311 5550 7781"),
        "Harbour Works",
    ],
)
def test_a_contact_is_found_and_the_words_stand_in_no_address(organizer, words):
    factories.contact(organization=factories.organization(name_en="Harbour Works"), **TYPED)
    factories.contact()

    assert search(organizer, words) == ["Zephyrine Quill"]


def test_a_chinese_contact_is_found_by_pinyin(organizer):
    factories.contact(name="王伟")
    factories.contact(name="李敏")

    assert search(organizer, "wangwei") == ["王伟"]


def test_the_list_is_filtered(organizer):
    factories.contact(name="A")
    factories.contact(name="B", expert=factories.expert())
    factories.contact(
        name="C",
        project=factories.project(),
        used_at=timezone.now() - dt.timedelta(days=22 * 31),
    )

    def filtered(**query):
        page = organizer.get(LIST, query)
        return [row.name for row in page.context["cl"].result_list]

    assert filtered(of="organization") == ["A"]
    assert filtered(of="expert") == ["B"]
    assert filtered(of="project") == ["C"]
    assert filtered(due="soon") == ["C"]


@each_owner
def test_a_contact_that_is_deleted_is_in_the_audit_trail_without_a_name(organizer, make):
    owner = make()
    field = owner._meta.model_name
    first = factories.contact(**{field: owner}, **TYPED)
    second = factories.contact(**{field: owner}, **TYPED)
    third = factories.contact(**{field: owner}, **TYPED)

    ids = {form.instance.pk: n for n, form in enumerate(rows_of(organizer, owner))}
    save(organizer, owner, **{f"contacts-{ids[first.pk]}-DELETE": "on"})
    organizer.post(url(second, "delete"), {"post": "yes"})
    organizer.post(
        LIST, {"action": "delete_selected", "_selected_action": [third.pk], "post": "yes"}
    )

    assert kept() == []
    erased = [entry for entry in entries() if entry[0] == "contacts_erased"]
    assert [(by, details["reason"]) for _action, by, _subject, details in erased] == [
        ("organizer", "deleted")
    ] * 3
    told = f"{list(LogEntry.objects.values())} {entries()}"
    assert "Zephyrine" not in told


def rows_of(person, owner):
    page = person.get(url(owner, "change"))
    return next(
        each.formset.forms
        for each in page.context["inline_admin_formsets"]
        if each.formset.prefix == "contacts"
    )


def test_two_who_edit_one_contact_are_told(organizer, superuser):
    owner = factories.contact(**TYPED).organization
    data = filled(organizer.get(url(owner, "change")))
    save(superuser, owner, **{"contacts-0-note": "by post"})

    answer = organizer.post(
        url(owner, "change"), {**data, "contacts-0-note": "by hand", "_save": "Save"}
    )

    assert "changed after you opened it" in answer.text
    assert Contact.objects.get().note == "by post"


def test_the_version_of_a_page_holds_nothing_of_a_contact(organizer):
    contact = factories.contact(**TYPED)
    version = filled(organizer.get(url(contact.organization, "change")))["_version"]
    Contact.objects.filter(pk=contact.pk).update(name="Another", email="a@example.org")

    assert filled(organizer.get(url(contact.organization, "change")))["_version"] == version


def test_a_contact_goes_with_what_it_belongs_to(organizer):
    owner = factories.contact(**TYPED).organization

    page = organizer.get(url(owner, "delete"))
    organizer.post(url(owner, "delete"), {"post": "yes"})

    assert "Contact: " in page.text
    assert "Zephyrine" not in page.text
    assert kept() == []


def test_no_page_offers_contacts_to_choose_from(organizer):
    factories.contact(**TYPED)
    for model in (Organization, Expert, Project):
        opts = model._meta
        answer = organizer.get(
            "/admin/autocomplete/",
            {"app_label": opts.app_label, "model_name": opts.model_name, "field_name": "contacts"},
        )
        assert answer.status_code == 403


@pytest.fixture
def told():
    """Two series, and an organizer who is limited to the first."""
    return world()


def test_a_limited_organizer_sees_the_contacts_of_their_events_and_of_no_other(told):
    ours = factories.contact(organization=told.mine.organization, name="Ours")
    loose = factories.contact(expert=factories.expert(), name="Loose")
    factories.contact(project=told.beyond.project, name="Beyond")

    page = told.organizer.get(LIST)

    assert [row.name for row in page.context["cl"].result_list] == ["Loose", "Ours"]
    assert save(told.organizer, ours, note="by phone").status_code == 302
    assert save(told.organizer, loose, note="by phone").status_code == 302


def test_a_limited_organizer_does_not_see_contacts_beyond(told):
    beyond = factories.contact(organization=told.beyond.organization, name="Quillfeather")

    page = told.organizer.get(url(told.beyond.organization, "change"))

    assert page.status_code == 200
    assert "Quillfeather" not in page.text
    assert told.organizer.get(url(beyond, "change")).status_code == 302
    assert search(told.organizer, "Quillfeather") == []


def test_a_limited_organizer_adds_no_contact_that_they_would_not_see(told):
    beyond = told.beyond.organization.pk

    response = add(told.organizer, organization=beyond)

    assert "does not belong to any of your events" in str(errors(response)["organization"])
    assert kept() == []


def test_what_is_said_after_saving_names_nobody(organizer):
    contact = factories.contact(**TYPED)

    response = save(organizer, contact, note="by post")

    assert "Zephyrine" not in " ".join(map(str, get_messages(response.wsgi_request)))


def test_the_start_page_names_how_many_are_erased_soon(organizer, auditor):
    used_at = timezone.now() - dt.timedelta(days=22 * 31)
    factories.contact(used_at=used_at)
    factories.contact()
    start = reverse("admin:index")

    page = organizer.get(start).text

    assert "1 contact will be erased within three months" in page
    assert f'href="{LIST}?due=soon"' in page
    assert "will be erased" not in auditor.get(start).text


# Exporting


GIVEN = {"file_format": "csv", "purpose": "invitations", "recipient": "Science Bureau"}


def exported(person, posted=GIVEN, keys="all", query=""):
    return person.post(url(Contact, "export", keys) + query, posted)


def lines(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_contacts_are_exported_for_a_purpose_and_a_recipient(organizer):
    owner = factories.organization(name_en="Harbour Works")
    factories.contact(organization=owner, **TYPED)
    factories.contact(expert=factories.expert(name_en="Ann Hale"), name="Agent of Hale")

    rows = lines(exported(organizer))

    assert [row["Contact of"] for row in rows] == ["Ann Hale", "Harbour Works"]
    assert rows[1]["Name"] == "Zephyrine Quill"
    assert rows[1]["Phone"] == "+86 311 5550 7781"
    assert rows[1]["Language"] == "French"
    [(action, by, subject, details)] = entries()
    assert (action, by, subject) == ("list_exported", "organizer", "list · contacts.contact")
    assert details == {"rows": 2} | GIVEN


@pytest.mark.parametrize("missing", ["purpose", "recipient"])
def test_contacts_are_not_exported_without_a_reason(organizer, missing):
    factories.contact(**TYPED)

    page = exported(organizer, GIVEN | {missing: " "})

    assert page.status_code == 422
    assert "This field is required" in page.text
    assert entries() == []


def test_a_search_of_contacts_is_exported_and_its_words_are_not_recorded(organizer):
    factories.contact(**TYPED)
    factories.contact()
    found = organizer.post(LIST, {"q": "zephyrine"}).url
    query = found.partition("?")[2]

    page = organizer.get(found)
    rows = lines(exported(organizer, query=f"?{query}"))

    assert f'href="{url(Contact, "export", "all")}?{query}"' in page.text
    assert [row["Name"] for row in rows] == ["Zephyrine Quill"]
    assert entries()[-1][3]["filters"] == {"search": True}


def test_who_may_not_export_contacts_has_no_button_and_no_file(organizer):
    factories.contact(**TYPED)
    may_export = Permission.objects.get(codename="export_contact")
    organizer.user.groups.get().permissions.remove(may_export)

    assert "Export this list" not in organizer.get(LIST).text
    assert exported(organizer).status_code == 403
    assert entries() == []


def test_a_limited_organizer_exports_the_contacts_they_see(told):
    factories.contact(organization=told.mine.organization, name="Ours")
    factories.contact(organization=told.beyond.organization, name="Beyond")

    assert [row["Name"] for row in lines(exported(told.organizer))] == ["Ours"]


def test_exporting_contacts_costs_the_same_for_one_and_many(
    organizer, django_assert_max_num_queries
):
    for number in range(9):
        factories.contact(name=f"Person {number}")
    organizer.get(LIST)

    with django_assert_max_num_queries(14):
        assert len(lines(exported(organizer))) == 9
