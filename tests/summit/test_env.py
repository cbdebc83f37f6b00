"""Variables and files that hold them: a refusal names the variable and shows no value."""

import pytest

from tests.summit.test_settings import CONFIGURED, python, setting

SECRET = "s3cr3t-Quagga"


def refusal(tmp_path, **environment):
    result = python(
        "import django; from summit import settings; django.setup()",
        DJANGO_SETTINGS_MODULE="summit.settings",
        DATA_DIR=str(tmp_path),
        **CONFIGURED | environment,
    )
    assert result.returncode != 0
    assert "ImproperlyConfigured" in result.stderr
    assert SECRET not in result.stderr + result.stdout
    return result.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", SECRET),
        ("STAFF_OTP", SECRET),
        ("PAGE_CACHE", SECRET),
        ("RATE_LIMIT_REGISTER", SECRET),
        ("HEARTBEAT_SECONDS", SECRET),
        ("FORM_MIN_SECONDS", SECRET),
        ("COUNTRY_NAMES", SECRET),
        ("TIME_ZONE", SECRET),
        ("LOG_LEVEL", SECRET),
        ("LOG_FORMAT", SECRET),
        ("SITE_URL", SECRET),
        ("SITE_URL", f"https://user:{SECRET}@summit.example.org"),
        ("TRUSTED_PROXIES", SECRET),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("DATABASE_URL", SECRET),
        ("DATABASE_URL", f"mysql://user:{SECRET}@host/name"),
        ("DATABASE_URL", f"postgres://user:{SECRET}/x@host:5432/name"),
        ("DATABASE_URL", f"user:{SECRET}@host/name"),
        ("EMAIL_URL", f"smtp://user:{SECRET}/x@host:25"),
        ("EMAIL_URL", f"mail://user:{SECRET}@host"),
        ("SECRET_KEY", SECRET),
        ("SECRET_KEY", "x" * 60),
        ("SECRET_KEY", f"django-insecure-{SECRET * 5}"),
    ],
)
def test_server_refuses_what_it_cannot_read(tmp_path, name, value):
    assert f": {name} " in refusal(tmp_path, **{name: value})


def test_earlier_name_of_the_proxies_says_what_to_write(tmp_path):
    words = refusal(tmp_path, BEHIND_PROXY="true")

    assert "TRUSTED_PROXIES=127.0.0.1" in words


def test_sentry_without_its_package_says_what_to_install(tmp_path):
    result = python(
        "import sys; sys.modules['sentry_sdk'] = None; import summit.settings",
        DATA_DIR=str(tmp_path),
        **CONFIGURED,
        SENTRY_DSN=f"https://{SECRET}@sentry.example.org/1",
    )

    assert "-r requirements/base.txt -r requirements/sentry.txt" in result.stderr
    assert SECRET not in result.stderr


# Files


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_file_holds_the_value_without_its_line_break(tmp_path, end):
    file = tmp_path / "url"
    file.write_bytes(f"postgres://summit:{SECRET} $x @db/summit".replace(" ", "").encode())
    file.write_bytes(file.read_bytes() + end.encode())

    read = setting(
        "s.DATABASES['default']['PASSWORD']", DATA_DIR=str(tmp_path), DATABASE_URL_FILE=str(file)
    )

    assert read == f"{SECRET}$x"


def test_file_of_the_key_is_a_configured_server(tmp_path):
    file = tmp_path / "key"
    file.write_text("$" + CONFIGURED["SECRET_KEY"] + "\n")

    read = setting("s.SECRET_KEY", DATA_DIR=str(tmp_path), SECRET_KEY="", SECRET_KEY_FILE=str(file))

    assert read == "$" + CONFIGURED["SECRET_KEY"].strip()


def test_value_and_file_at_once_are_refused(tmp_path):
    file = tmp_path / "key"
    file.write_text(SECRET)

    words = refusal(tmp_path, SECRET_KEY_FILE=str(file))

    assert "Set SECRET_KEY or SECRET_KEY_FILE, not both." in words


@pytest.mark.parametrize("name", ["nowhere", "", "broken"])
def test_file_that_cannot_be_read_is_named(tmp_path, name):
    (tmp_path / "broken").write_bytes(b"\xff" + SECRET.encode())

    words = refusal(tmp_path, METRICS_TOKEN_FILE=str(tmp_path / name))

    assert f"METRICS_TOKEN_FILE names {tmp_path / name}, which cannot be read" in words


def test_earlier_keys_are_kept_for_what_they_signed(tmp_path):
    read = setting("s.SECRET_KEY_FALLBACKS", DATA_DIR=str(tmp_path), SECRET_KEY_FALLBACKS="a1, b2")

    assert read == "['a1', 'b2']"


def test_database_that_refuses_does_not_show_its_password(tmp_path):
    result = python(
        "import django; django.setup()\n"
        "from django.db import connection\n"
        "import logging\n"
        "try:\n    connection.ensure_connection()\n"
        "except Exception: logging.exception('It failed')\n"
        "connection.ensure_connection()",
        DJANGO_SETTINGS_MODULE="summit.settings",
        DATA_DIR=str(tmp_path),
        **CONFIGURED,
        DATABASE_URL=f"postgres://summit:{SECRET}@127.0.0.1:1/summit",
    )

    assert "OperationalError" in result.stderr
    assert SECRET not in result.stderr + result.stdout


# What would run and still is not as it should be

CHECK = (
    "from django.core.management import execute_from_command_line as run;"
    "run(['manage.py', 'check', '--deploy', '--fail-level', 'WARNING'])"
)
SOUND = {
    **CONFIGURED,
    "DJANGO_SETTINGS_MODULE": "summit.settings",
    "DATABASE_URL": "postgres://summit@db/summit",
    "EMAIL_URL": "smtp+tls://mail.example.org:587",
    "TRUSTED_PROXIES": "127.0.0.1",
}


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({"STAFF_OTP": "false"}, "W001"),
        ({"SITE_URL": "http://summit.example.org"}, "W002"),
        ({"TRUSTED_PROXIES": ""}, "W003"),
        ({"EMAIL_URL": ""}, "W004"),
        ({"TASKS_BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}, "W005"),
        ({"DATABASE_URL": ""}, "W006"),
        ({"EMAIL_URL": "smtp://mail.example.org:25"}, "W007"),
        ({"EMAIL_URL": "smtp://user:password@192.0.2.7"}, "W007"),
    ],
)
def test_deployment_checks_say_what_to_do(tmp_path, changed, number):
    result = python(CHECK, **SOUND | {"DATA_DIR": str(tmp_path)} | changed)

    assert result.returncode != 0
    assert f"summit.{number}" in result.stderr
    assert "HINT: " in result.stderr.partition(f"summit.{number}")[2]


@pytest.mark.parametrize(
    "changed",
    [
        *({}, {"X_ACCEL_PREFIX": "/private-files/"}, {"EMAIL_URL": "smtp+ssl://mail.example.org"}),
        # Mail that nobody can read on its way.
        *({"EMAIL_URL": f"smtp://{host}"} for host in ("127.0.0.1:25", "localhost", "[::1]:25")),
        # What is meant.
        {"TRUSTED_PROXIES": "", "SILENCED_CHECKS": "summit.W003"},
    ],
)
def test_deployment_checks_find_nothing(tmp_path, changed):
    result = python(CHECK, **SOUND | {"DATA_DIR": str(tmp_path)} | changed)

    assert result.returncode == 0, result.stderr
