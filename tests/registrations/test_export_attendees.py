"""The command, as somebody at the machine runs it."""

import csv
import io
import os
import pwd
import stat
import subprocess
import sys

import openpyxl
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from registrations.domain import check_in
from registrations.models import ColumnSet, ExportRecord, Registration
from tests import factories
from tests.servers import database_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return factories.registration_settings().event


@pytest.fixture
def three(event):
    """Ann who came, Bea who cancelled, 赵敏 of the media."""
    made = [factories.registered(event, name=name) for name in ("Ann", "Bea")]
    made.append(factories.registered(event, name="赵敏", category="media", language="zh-hans"))
    check_in.check_in(made[0], by=User.objects.create_user("clerk"))
    Registration.objects.filter(pk=made[1].pk).update(status="cancelled")
    return made


@pytest.fixture
def target(tmp_path):
    return tmp_path / "list.csv"


def run(event, *arguments, file_format="csv", output):
    """Run the command; return what it said, and what it complained of."""
    out, err = io.StringIO(), io.StringIO()
    slug = getattr(event, "slug", event)
    command = ["export_attendees", slug, "--format", file_format, "--output", str(output)]
    if "--for" not in arguments:
        command += ["--for", "organizer"]
    call_command(*command, *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def table(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def names_in(path):
    rows = table(path.read_bytes())
    return [row[rows[0].index("name")] for row in rows[1:]]


def column_set(name, *columns, owner="owner", **fields):
    user, _made = User.objects.get_or_create(username=owner)
    return ColumnSet.objects.create(owner=user, name=name, columns=list(columns), **fields)


def record():
    [found] = ExportRecord.objects.all()
    return found


def test_a_list_is_written_for_its_owner_alone(event, three, target):
    out, err = run(event, output=target)

    assert out == f"3 attendees of {event.slug} in {target}\n"
    assert err == ""
    rows = table(target.read_bytes())
    assert rows[0][:3] == ["Ticket", "Name", "Organization"]
    assert [row[1] for row in rows[1:]] == ["Ann", "Bea", "赵敏"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in target.parent.iterdir()] == ["list.csv"]


def test_the_export_is_recorded_with_the_account_of_the_machine(event, three, target, monkeypatch):
    monkeypatch.setenv("LOGNAME", "somebody-else")
    column_set("Partners", "name", "email")
    choice = ["--columns", "Partners", "--status", "confirmed", "--checked-in", "no"]

    run(event, *choice, output=target)

    made = record()
    assert (made.event, made.user, made.source) == (event, None, "shell")
    assert made.user_name == pwd.getpwuid(os.getuid()).pw_name
    assert (made.outcome, made.rows) == ("complete", 1)
    assert (made.file_format, made.file_name) == ("csv", "list.csv")
    assert made.columns == ["name", "email"]
    assert made.filters == {
        "statuses": ["confirmed"],
        "checked_in": False,
        "column_set": "Partners",
        "headers": "labels",
        "language": "en",
        "order": "name",
    }


def test_a_directory_gets_a_file_named_after_event_and_time(event, three, tmp_path):
    run(event, output=tmp_path, file_format="xlsx")

    [path] = tmp_path.iterdir()
    assert path.name == record().file_name
    assert path.name.startswith(f"attendees-{event.slug}-")
    assert [row[1].value for row in openpyxl.load_workbook(path).active.rows] == [
        *("Name", "Ann", "Bea", "赵敏")
    ]


def test_standard_output_has_the_file_and_nothing_else(event, three, capfdbinary):
    out, err = run(event, output="-")

    assert out == ""
    assert err == f"3 attendees of {event.slug} on standard output\n"
    assert len(table(capfdbinary.readouterr().out)) == 4
    assert record().file_name == "-"


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ([], ["Ann", "Bea", "赵敏"]),
        (["--order", "registered"], ["Ann", "Bea", "赵敏"]),
        (["--status", "confirmed"], ["Ann", "赵敏"]),
        (["--status", "confirmed", "--status", "cancelled"], ["Ann", "Bea", "赵敏"]),
        (["--category", "media"], ["赵敏"]),
        (["--language", "en"], ["Ann", "Bea"]),
        (["--checked-in", "yes"], ["Ann"]),
        (["--registered-since", "2999-01-01"], []),
        (["--registered-since", "1970-01-01"], ["Ann", "Bea", "赵敏"]),
    ],
)
def test_who_is_listed_can_be_chosen(event, three, target, arguments, names):
    run(event, "--headers", "names", *arguments, output=target)

    assert names_in(target) == names


def test_labels_can_be_in_chinese(event, three, target):
    run(event, "--in", "zh-hans", output=target)

    assert "状态" in table(target.read_bytes())[0]
    assert "已确认" in table(target.read_bytes())[1]


def test_what_stood_there_is_replaced(event, three, target):
    target.write_text("old")
    target.chmod(0o644)

    run(event, output=target)

    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


# Column sets


def test_a_shared_set_comes_before_private_ones_of_its_name(event, three, target):
    column_set("Partners", "name", owner="one")
    column_set("Partners", "email", owner="two", is_shared=True)

    run(event, "--columns", "Partners", "--headers", "names", output=target)

    assert table(target.read_bytes())[0] == ["email"]


def test_private_sets_of_one_name_are_refused_with_their_owners(event, three, target):
    column_set("Partners", "name", owner="one")
    column_set("Partners", "email", owner="two")

    with pytest.raises(CommandError, match="Several people have a column set “Partners”: one, two"):
        run(event, "--columns", "Partners", output=target)

    assert not target.exists()
    assert not ExportRecord.objects.exists()


def test_an_unknown_set_is_refused_with_those_there_are(event, target):
    column_set("Partners", "name")

    with pytest.raises(CommandError, match="no column set “Hotel”. There are: Partners."):
        run(event, "--columns", "Hotel", output=target)


def test_an_unknown_set_is_refused_where_there_is_none(event, target):
    with pytest.raises(CommandError, match="no column set “Hotel”. There is none yet."):
        run(event, "--columns", "Hotel", output=target)


def test_a_question_deleted_since_is_left_out_and_named(event, three, target):
    question = factories.question(settings=event.registration_settings)
    gone = f"question_{question.pk}"
    column_set("Partners", "name", gone)
    question.delete()

    _out, err = run(event, "--columns", "Partners", "--headers", "names", output=target)

    assert err == f"Left out, since this event has no such column (any more): {gone}\n"
    assert table(target.read_bytes())[0] == ["name"]
    assert record().columns == ["name"]


def test_a_set_of_which_nothing_is_left_is_refused(event, target):
    column_set("Partners", "question_0")

    with pytest.raises(CommandError, match="No column is left"):
        run(event, "--columns", "Partners", output=target)

    assert not target.exists()


# Refusals


def test_an_unknown_event_is_refused(db, target):
    with pytest.raises(CommandError, match="no event “nowhere”"):
        run("nowhere", output=target)

    assert not target.exists()


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "0001-01-01"])
def test_what_is_no_day_is_refused(event, target, day):
    with pytest.raises(CommandError, match=f"“{day}” is not a day such as 2026-11-22"):
        run(event, "--registered-since", day, output=target)


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("/nowhere/at/all.csv", "Could not write /nowhere/at/all.csv: No such file or directory"),
        ("/dev/null", "/dev/null is not a file that can be replaced"),
    ],
)
def test_where_nothing_can_be_written_nothing_is_exported(event, three, output, reason):
    with pytest.raises(CommandError, match=reason):
        run(event, output=output)

    assert not ExportRecord.objects.exists()


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_a_failure_on_the_way_leaves_what_stood_there(event, three, target, file_format):
    target.write_text("old")
    Registration.objects.update(registered_at="0001-01-01T00:00:00Z")
    event.time_zone = "America/New_York"
    event.save()

    # The first moment of all has none before it, as New York would need.
    with pytest.raises(OverflowError):
        run(event, output=target, file_format=file_format)

    assert target.read_text() == "old"
    assert [path.name for path in target.parent.iterdir()] == ["list.csv"]
    assert (record().outcome, record().rows) == ("interrupted", 0)


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_goes_away_is_told_apart_from_success(event):
    factories.registered(event)
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "manage.py", "export_attendees", event.slug, "--format", "csv"]
    command += ["--for", "organizer"]
    environment = {**os.environ, "DATABASE_URL": database_url()}

    done = subprocess.run(
        [*command, "--output", "-"],
        cwd=settings.BASE_DIR,
        env={**environment, "DJANGO_SETTINGS_MODULE": "summit.settings"},
        check=False,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writing)

    assert done.returncode == 1
    assert done.stderr == "CommandError: Could not write to standard output: Broken pipe.\n"
    assert (record().outcome, record().rows) == ("interrupted", 1)
