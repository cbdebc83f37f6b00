"""Accounts in the hands of superusers: invited, given rights, logged out, closed."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from audit.models import AuditEntry
from events.models import SiteProfile
from events.models.limits import limits_of
from mail.models import OutboundMail
from registrations.models import DeskAssignment
from staff.domain import authenticator
from staff.models import Login
from tests import factories
from tests.backoffice.posting import filled, inline, url, use_on_selected
from tests.staff.people import is_logged_in, link_of, logged_in, member, posted, send_password


@pytest.fixture
def root() -> Client:
    user = member("root", is_superuser=True)
    client = logged_in(user)
    client.user = user
    return client


def audited(action):
    return [
        (entry.actor_name, entry.subject, entry.details)
        for entry in AuditEntry.objects.filter(action=action).order_by("pk")
    ]


def invite(root, **fields):
    data = {
        "username": "wang",
        "last_name": "Wang",
        "first_name": "Wei",
        "email": "wang@example.org",
        "groups": [Group.objects.get(name="Desk").pk],
        "_save": "Save",
    }
    return root.post(reverse("admin:auth_user_add"), data | inline("organizer_scopes") | fields)


def do(root, user, action):
    return root.post(url(user, "action", action), {"post": "yes"})


def change(root, user, **changes):
    data = {**filled(root.get(url(user, "change"))), **changes, "_save": "Save"}
    return root.post(url(user, "change"), {k: v for k, v in data.items() if v is not None})


def test_inviting_makes_an_account_that_only_its_owner_opens(root):
    event = factories.event()

    response = invite(root, events=[event.pk])

    wang = User.objects.get(username="wang")
    assert response.status_code == 302
    assert (wang.is_staff, wang.is_superuser, wang.has_usable_password()) == (True, False, False)
    assert [group.name for group in wang.groups.all()] == ["Desk"]
    assert DeskAssignment.objects.get().event == event
    assert Client().get(link_of(posted()[0])).url == "/staff/new-password/"
    assert audited("account_made") == [
        ("root", "account · wang", {"groups": ["Desk"], "events": [event.slug]})
    ]
    assert audited("invited") == [("root", "account · wang", {})]


def test_organizer_is_limited_before_the_first_log_in(root):
    series, event = factories.series(), factories.event()
    groups = [Group.objects.get(name="Organizer").pk]
    rows = inline("organizer_scopes", {"series": series.pk}, {"event": event.pk})

    invite(root, groups=groups, **rows)

    limits = limits_of(User.objects.get(username="wang"))
    assert (limits.series, limits.events) == ({series.pk}, {event.pk})
    assert audited("assigned") == [
        ("root", "account · wang", {"assignment": "limit", "series": series.slug}),
        ("root", "account · wang", {"assignment": "limit", "event": event.slug}),
    ]


def test_limit_that_is_refused_invites_nobody(root):
    series, event = factories.series(), factories.event()
    row = {"series": series.pk, "event": event.pk}

    response = invite(root, **inline("organizer_scopes", row))

    assert response.status_code == 200
    assert not User.objects.filter(username="wang").exists()
    assert posted() == []


def test_invitation_without_an_address_is_refused(root):
    response = invite(root, email="")

    assert response.status_code == 200
    assert not User.objects.filter(username="wang").exists()


def test_invitation_without_a_group_is_refused(root):
    response = invite(root, groups=[])

    assert response.status_code == 200
    assert not User.objects.filter(username="wang").exists()
    assert posted() == []


def test_event_is_only_for_the_desk(root):
    organizer = Group.objects.get(name="Organizer")

    response = invite(root, groups=[organizer.pk], events=[factories.event().pk])

    assert "Only who is in the group Desk works at a desk." in response.text
    assert not User.objects.filter(username="wang").exists()


def test_invitation_is_sent_again_until_its_owner_has_come(root):
    invite(root)
    wang = User.objects.get(username="wang")

    do(root, wang, "invite-again")

    assert len(posted()) == 2
    logged_in(member("li"))
    li = User.objects.get(username="li")
    assert "invite-again" not in root.get(url(li, "change")).text


def test_authenticator_is_reset_and_a_link_mailed(root, zhang):
    authenticator.make_codes(zhang)
    theirs = logged_in(zhang)

    do(root, zhang, "reset-authenticator")

    assert not authenticator.is_enrolled(zhang)
    assert authenticator.codes_left(zhang) == 0
    assert not is_logged_in(theirs)
    assert Client().get(link_of(posted()[0])).url == "/staff/new-authenticator/"
    assert audited("device_removed") == [("root", "account · zhang", {})]


def test_authenticator_of_an_account_without_address_is_not_reset(root):
    li = member("li", email="")

    response = do(root, li, "reset-authenticator")

    assert "no e-mail address" in response.text
    assert authenticator.is_enrolled(li)
    assert audited("device_removed") == []


def test_closed_account_is_logged_out_and_can_be_opened_again(root, zhang):
    theirs = logged_in(zhang)

    do(root, zhang, "deactivate")

    assert not is_logged_in(theirs)
    assert Login.objects.filter(user=zhang).count() == 0
    assert send_password(Client()).status_code == 422
    do(root, zhang, "activate")
    assert send_password(Client()).status_code == 302
    assert audited("permissions_changed") == [
        ("root", "account · zhang", {"flags removed": ["is_active"]}),
        ("root", "account · zhang", {"flags added": ["is_active"]}),
    ]


def test_nobody_closes_or_degrades_themselves(root):
    refused = do(root, root.user, "deactivate")
    degraded = change(root, root.user, is_superuser=None)

    assert "You cannot close your own account." in refused.text
    assert "You cannot take this from yourself." in degraded.text
    assert User.objects.get(username="root").is_superuser
    assert root.get(url(root.user, "delete")).status_code == 403


def test_rights_given_and_taken_are_in_the_audit_trail_by_name(root, zhang):
    auditor = Group.objects.get(name="Auditor")

    change(root, zhang, groups=[auditor.pk], is_superuser="on", email="new@example.org")

    assert audited("permissions_changed") == [
        (
            "root",
            "account · zhang",
            {
                "groups added": ["Auditor"],
                "groups removed": ["Organizer"],
                "flags added": ["is_superuser"],
            },
        )
    ]
    assert audited("account_changed") == [("root", "account · zhang", {"fields": ["email"]})]


def test_saving_without_a_change_records_nothing(root, zhang):
    assert change(root, zhang).status_code == 302

    assert audited("permissions_changed") == audited("account_changed") == []


def test_who_is_made_no_staff_is_logged_out(root, zhang):
    theirs = logged_in(zhang)

    change(root, zhang, is_staff=None)

    assert not is_logged_in(theirs)


def test_superuser_sees_and_ends_a_login_of_somebody(root, zhang):
    theirs = logged_in(zhang)
    login = Login.objects.get(user=zhang)
    row = {"id": login.pk, "user": zhang.pk, "DELETE": "on"}

    change(root, zhang, **inline("logins", row) | {"logins-INITIAL_FORMS": 1})

    assert not is_logged_in(theirs)
    assert audited("login_ended")[-1][:2] == ("root", "account · zhang")


def test_superuser_ends_all_logins_of_somebody(root, zhang):
    theirs = [logged_in(zhang)]

    do(root, zhang, "end-logins")

    assert not any(map(is_logged_in, theirs))
    assert is_logged_in(root)


def test_deleting_an_account_is_recorded(root):
    li = member("li")

    root.post(url(li, "delete"), {"post": "yes"})

    assert not User.objects.filter(username="li").exists()
    assert audited("account_deleted") == [("root", "account · li", {})]


def test_account_that_has_worked_is_closed_and_not_deleted(root):
    li = member("li")
    logged_in(li)

    assert root.post(url(li, "delete"), {"post": "yes"}).status_code == 403
    assert User.objects.filter(username="li").exists()


def test_account_that_was_invited_is_deleted_with_its_mails(root):
    invite(root)
    [invited] = User.objects.exclude(pk=root.user.pk)
    assert OutboundMail.objects.filter(user=invited).exists()

    root.post(url(invited, "delete"), {"post": "yes"})

    assert not User.objects.filter(pk=invited.pk).exists()
    assert not OutboundMail.objects.exists()


def test_list_says_who_has_an_authenticator_at_one_cost(root, django_assert_num_queries):
    def cost():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            page = root.get(reverse("admin:auth_user_changelist"))
        assert page.status_code == 200
        return len(queries)

    member("one", enrolled=False)
    cost()
    few = cost()
    for number in range(3):
        member(f"more{number}")

    assert cost() == few


def test_permissions_to_edit_accounts_are_worth_nothing_without_being_superuser(zhang):
    from django.contrib.auth.models import Permission

    zhang.user_permissions.set(Permission.objects.filter(content_type__app_label="auth"))
    client = logged_in(zhang)

    assert client.get(reverse("admin:auth_user_changelist")).status_code == 403
    assert client.get(reverse("admin:auth_group_changelist")).status_code == 403
    assert invite(client).status_code == 403


def test_no_page_of_the_admin_shows_a_key_of_an_authenticator(root, zhang):
    device = TOTPDevice.objects.get(user=zhang)
    registered = {model._meta.label for model in admin.site._registry}

    assert not {name for name in registered if name.startswith(("otp_", "axes", "django_tasks"))}
    page = root.get(url(zhang, "change")).text
    assert device.key not in page
    assert "md5$" not in page


def test_change_of_a_groups_permissions_is_recorded(root):
    group = Group.objects.get(name="Desk")
    taken = group.permissions.first()
    kept = [p.pk for p in group.permissions.exclude(pk=taken.pk)]

    root.post(url(group, "change"), {"name": "Desk", "permissions": kept, "_save": "Save"})

    name = f"{taken.content_type.app_label}.{taken.codename}"
    assert audited("permissions_changed") == [("root", "group · Desk", {"removed": [name]})]


def test_lock_outs_are_listed_and_ended(root, zhang):
    for name in ("zhang", "My-Secret-Passphrase-77"):
        for number in range(5):
            send_password(Client(headers={"user-agent": f"a{number % 2}"}), name, "wrong")
    for _number in range(4):
        send_password(Client(), "root", "wrong")
    address = reverse("admin:staff_lockout_changelist")

    page = root.get(address)

    assert "zhang" in page.text
    assert "a name that no account has" in page.text
    assert "My-Secret-Passphrase-77" not in page.text
    [row] = [row for row in page.context["cl"].result_list if row.username == "zhang"][:1]
    use_on_selected(root, "unlock", row)
    assert send_password(Client()).status_code == 302
    assert audited("account_changed") == [("root", "account · zhang", {"unlocked": True})]


def test_chinese_name_is_written_as_its_owner_writes_it(root):
    invite(root, last_name="王", first_name="伟")

    assert "王伟" in root.get(reverse("admin:auth_user_changelist")).text
    mail = posted()[0]
    assert "王伟" in mail.body
    assert "王伟" in mail.alternatives[0].content
    assert "伟 王" not in mail.body + mail.alternatives[0].content


def test_deleting_page_lists_no_rows_that_only_tie(root):
    li = member("li", enrolled=False)

    for page in (url(li, "delete"), url(Group.objects.get(name="Organizer"), "delete")):
        text = root.get(page).text
        assert "relationship" not in text
        assert " object (" not in text


def test_mail_is_signed_in_both_languages(root):
    SiteProfile.objects.update_or_create(
        pk=1, defaults={"operator_en": "Office of Summits", "operator_zh_hans": "项目对接办公室"}
    )

    invite(root)

    mail = posted()[0]
    signature = "项目对接办公室 | Office of Summits"
    assert signature in mail.body
    assert signature in mail.alternatives[0].content
