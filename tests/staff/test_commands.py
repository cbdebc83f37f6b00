import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from audit.models import AuditEntry
from staff.models import LockOut
from tests.staff.people import PASSWORD, send_password


def path_in(text: str) -> str:
    return text.strip().removeprefix("http://testserver")


def test_first_superuser_gets_a_link_and_no_password(capsys, db):
    call_command("first_superuser", "root", "root@example.org")

    printed = capsys.readouterr().out
    user = User.objects.get()
    assert (user.is_superuser, user.is_staff, user.has_usable_password()) == (True, True, False)
    assert printed.startswith("http://testserver/staff/welcome/")
    assert Client().get(path_in(printed)).url == "/staff/new-password/"
    assert AuditEntry.objects.get().subject == "account · root"


def test_first_superuser_is_not_made_twice_but_gets_another_link(capsys, db):
    call_command("first_superuser", "root", "root@example.org")
    capsys.readouterr()

    with pytest.raises(CommandError, match="is there already"):
        call_command("first_superuser", "root", "root@example.org")
    call_command("first_superuser", "root", "root@example.org", "--again")

    assert Client().get(path_in(capsys.readouterr().out)).status_code == 302
    assert User.objects.count() == 1


def test_again_gives_no_rights_to_an_ordinary_account(zhang):
    with pytest.raises(CommandError, match="no superuser"):
        call_command("first_superuser", "zhang", "zhang@example.org", "--again")

    zhang.refresh_from_db()
    assert not zhang.is_superuser


def test_first_superuser_needs_a_name_and_an_address_that_are_ones(db):
    with pytest.raises(CommandError):
        call_command("first_superuser", "a name", "no address")

    assert not User.objects.exists()


def test_who_lost_everything_gets_a_link_to_begin_anew(capsys, zhang):
    call_command("staff_link", "zhang")

    assert Client().get(path_in(capsys.readouterr().out)).url == "/staff/new-password/"


@pytest.mark.parametrize("name", ["nobody", "visitor"])
def test_link_is_for_staff_alone(db, name):
    User.objects.create_user("visitor")

    with pytest.raises(CommandError, match="No member of staff"):
        call_command("staff_link", name)


def test_unlock_lets_an_account_in_again(capsys, zhang):
    for _number in range(5):
        send_password(Client(), password="wrong")
    assert LockOut.objects.current().count() == 1

    call_command("unlock", "zhang")

    assert "failures in 1 places" in capsys.readouterr().out
    assert send_password(Client(), password=PASSWORD).status_code == 302


def test_unlock_refuses_a_name_that_is_none(db):
    with pytest.raises(CommandError, match="No account"):
        call_command("unlock", "nobody")
