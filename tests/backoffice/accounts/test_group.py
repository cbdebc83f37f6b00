"""Groups and permissions as pages name them: in the language of the page."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import translation

from audit.models import AuditEntry
from backoffice.permissions import permission_in_words
from staff.audited import Action
from tests.backoffice.posting import filled, url
from tests.staff.people import logged_in, member

CHINESE = {"Accept-Language": "zh-hans"}


@pytest.fixture
def root() -> Client:
    return logged_in(member("root", is_superuser=True))


def test_chinese_pages_name_the_groups_in_chinese_and_keep_the_stored_names(root):
    desk = Group.objects.get(name="Desk")
    member("wang").groups.set(Group.objects.all())

    pages = [
        root.get(address, headers=CHINESE).text
        for address in (
            reverse("admin:auth_group_changelist"),
            reverse("admin:auth_user_changelist"),
            reverse("admin:auth_user_add"),
            url(desk, "change"),
            url(desk, "delete"),
        )
    ]

    assert all("签到人员" in page for page in pages)
    assert "查阅人员、签到人员、组织者" in pages[1]
    names = Group.objects.order_by("name").values_list("name", flat=True)
    assert list(names) == ["Auditor", "Desk", "Organizer"]


def test_group_of_the_product_keeps_its_name_on_its_page(root):
    desk = Group.objects.get(name="Desk")
    page = root.get(url(desk, "change"))
    assert page.status_code == 200

    response = root.post(url(desk, "change"), {**filled(page), "name": "Door", "_save": "Save"})

    assert response.status_code == 302
    assert Group.objects.get(pk=desk.pk).name == "Desk"


def test_group_that_was_added_keeps_its_own_name_and_can_be_renamed(root):
    press = Group.objects.create(name="Press")

    root.post(url(press, "change"), {"name": "Media", "_save": "Save"})

    press.refresh_from_db()
    assert str(press) == "Media"


def test_audit_trail_names_groups_in_words(root):
    AuditEntry.objects.create(
        action=Action.PERMISSIONS_CHANGED,
        subject="group · Desk",
        details={"groups added": ["Auditor", "Press"]},
    )

    page = root.get(reverse("admin:audit_auditentry_changelist"), headers=CHINESE).text

    assert "用户组 · 签到人员" in page
    assert "加入用户组：查阅人员、Press" in page


@pytest.mark.parametrize(
    ("codename", "english", "chinese"),
    [
        ("change_event", "Events | event | change", "活动与专家 | 活动 | 修改"),
        (
            "check_in_registration",
            "Registrations | registration | check in",
            "报名 | 报名 | 签到",
        ),
        (
            "view_historicalevent",
            "Events | event (history) | view",
            "活动与专家 | 活动（修改历史） | 查看",
        ),
    ],
)
def test_permission_is_named_in_the_language_of_the_page(codename, english, chinese, db):
    permission = Permission.objects.select_related("content_type").get(codename=codename)

    told = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            told.append(permission_in_words(permission))

    assert told == [english, chinese]


def test_permission_of_an_unknown_verb_keeps_the_name_it_has(db):
    kind = Permission.objects.get(codename="change_event").content_type
    odd = Permission(content_type=kind, codename="rename_event", name="Can rename event")

    assert permission_in_words(odd) == str(odd)
