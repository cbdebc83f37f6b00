"""A server that is not configured refuses to start, and the docs explain how to configure it."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CONFIGURED = {"SECRET_KEY": "long and random " * 4, "ALLOWED_HOSTS": "summit.example.org"}
OF_THE_SYSTEM = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


def python(code, **environment):
    """Run Python in the environment given and nothing else."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        env=OF_THE_SYSTEM | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("missing", CONFIGURED)
@pytest.mark.parametrize("value", [None, "", "  "])
@pytest.mark.parametrize("module", ["wsgi", "asgi"])
def test_a_server_without_a_vital_variable_refuses_to_start_and_names_it(missing, value, module):
    environment = {name: text for name, text in CONFIGURED.items() if name != missing}
    if value is not None:
        environment[missing] = value

    result = python(f"import summit.{module}", **environment)

    assert result.returncode != 0
    assert f"Set the environment variable {missing}" in result.stderr


def setting(expression, **environment):
    code = f"from django.conf import settings as s; print({expression})"
    result = python(code, DJANGO_SETTINGS_MODULE="summit.settings", **CONFIGURED | environment)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_a_configured_server_is_hardened_without_further_words(tmp_path):
    names = ("DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT")
    read = setting(f"[getattr(s, n) for n in {names}]", DATA_DIR=str(tmp_path))

    assert read == "[False, True, True, True]"
    assert setting("s.SITE_URL", DATA_DIR=str(tmp_path)) == "https://summit.example.org"


@pytest.mark.parametrize(
    ("given", "preload"),
    [
        ({}, "False"),
        ({"HSTS_PRELOAD": "true"}, "True"),
        ({"HSTS_PRELOAD": "true", "SITE_URL": "http://summit.example.org"}, "False"),
    ],
)
def test_browsers_learn_of_the_site_beforehand_only_where_it_is_asked_for(tmp_path, given, preload):
    assert setting("s.SECURE_HSTS_PRELOAD", DATA_DIR=str(tmp_path), **given) == preload


def test_the_database_is_the_one_that_is_named(tmp_path):
    read = "s.DATABASES['default']['ENGINE'].rsplit('.')[-1]"
    postgres = "postgres://summit@db/summit"

    assert setting(read, DATA_DIR=str(tmp_path)) == "sqlite3"
    assert setting(read, DATA_DIR=str(tmp_path), DATABASE_URL=postgres) == "postgresql"


@pytest.mark.parametrize(
    ("host", "read"),
    [
        ("db.example.org:5433", ["db.example.org", 5433]),
        ("%2Fvar%2Frun%2Fpostgresql", ["/var/run/postgresql", ""]),
        ("%2Fvar%2Frun%2Fpostgresql:5433", ["/var/run/postgresql", 5433]),
    ],
)
def test_the_database_is_behind_a_socket_where_a_directory_stands_for_its_host(
    tmp_path, host, read
):
    url = f"postgres://summit@{host}/summit"

    expression = "[s.DATABASES['default'][n] for n in ('HOST', 'PORT')]"

    assert setting(expression, DATA_DIR=str(tmp_path), DATABASE_URL=url) == str(read)


def test_a_pooler_before_the_database_is_said_in_its_address(tmp_path):
    read = "[s.DATABASES['default'][n] for n in ('CONN_MAX_AGE', 'DISABLE_SERVER_SIDE_CURSORS')]"
    url = "postgres://summit@db/summit?CONN_MAX_AGE=0&DISABLE_SERVER_SIDE_CURSORS=true"

    assert setting(read, DATA_DIR=str(tmp_path), DATABASE_URL=url) == "[0, 'true']"


def test_sqlite_takes_the_write_lock_when_a_transaction_begins(tmp_path):
    read = "s.DATABASES['default']['OPTIONS']['transaction_mode']"

    assert setting(read, DATA_DIR=str(tmp_path)) == "IMMEDIATE"


COUNTRIES = """
import django; django.setup()
from django.utils.translation import override
from django_countries import countries
for language in ("en", "zh-hans"):
    with override(language):
        print(countries.name("HK"), dict(countries)["HK"], countries.name("GB"), sep="|")
"""


@pytest.mark.parametrize(
    ("names", "english", "chinese"),
    [
        (None, "Hong Kong, China", "中国香港"),
        ("{}", "Hong Kong", "香港"),
        ('{"HK": {"en": "Hong Kong SAR", "zh-hans": "香港特区"}}', "Hong Kong SAR", "香港特区"),
    ],
)
def test_regions_are_named_as_the_setting_says(tmp_path, names, english, chinese):
    given = {"COUNTRY_NAMES": names} if names else {}
    environment = {"DJANGO_SETTINGS_MODULE": "summit.settings", "DATA_DIR": str(tmp_path)}

    result = python(COUNTRIES, PYTHONIOENCODING="utf-8", **CONFIGURED, **environment, **given)

    assert result.stdout.splitlines() == [
        f"{english}|{english}|United Kingdom",
        f"{chinese}|{chinese}|英国",
    ], result.stderr


def test_a_region_needs_both_names(tmp_path):
    result = python(
        "import summit.settings",
        **CONFIGURED,
        DATA_DIR=str(tmp_path),
        COUNTRY_NAMES='{"HK": {"en": "x"}}',
    )

    assert result.returncode != 0
    assert 'COUNTRY_NAMES: give HK two names, as "en" and as "zh-hans".' in result.stderr


# Private files


def refusal(code="import summit.settings", **environment):
    result = python(code, **CONFIGURED | environment)
    assert result.returncode != 0
    return result.stderr


def test_private_files_lie_beside_the_public_ones_and_never_among_them(tmp_path):
    read = "s.STORAGES['private']['OPTIONS']['location'], str(s.MEDIA_ROOT)"

    private, public = setting(read, DATA_DIR=str(tmp_path)).split()

    assert (private, public) == (f"{tmp_path}/private", f"{tmp_path}/media")


def test_server_refuses_to_serve_its_private_files_as_static_ones(tmp_path):
    words = refusal(DATA_DIR=str(tmp_path), STATIC_ROOT=str(tmp_path))

    assert "served to everybody" in words
    assert "Set DATA_DIR or STATIC_ROOT" in words


def test_s3_without_its_packages_says_what_to_install(tmp_path):
    without = "import sys; sys.modules['boto3'] = None; import summit.settings"

    words = refusal(without, DATA_DIR=str(tmp_path), PRIVATE_STORAGE_URL="s3://papers")

    assert "-r requirements/base.txt -r requirements/s3.txt" in words


WITH_STAND_INS = """
import sys, types
sys.modules |= {"boto3": types.ModuleType("boto3"), "storages": types.ModuleType("storages")}
import summit.settings as s
print(s.STORAGES["private"])
"""


def test_s3_with_its_packages_is_configured_by_url_and_keys(tmp_path):
    result = python(
        WITH_STAND_INS,
        **CONFIGURED,
        DATA_DIR=str(tmp_path),
        PRIVATE_STORAGE_URL="s3://papers/signed?endpoint=https://oss.example.org",
        S3_ACCESS_KEY_ID="id",
        S3_SECRET_ACCESS_KEY="word",
    )

    assert ast.literal_eval(result.stdout) == {
        "BACKEND": "summit.lib.files.private_s3.PrivateS3Storage",
        "OPTIONS": {
            "bucket_name": "papers",
            "location": "signed",
            "endpoint_url": "https://oss.example.org",
            "access_key": "id",
            "secret_key": "word",
        },
    }


def test_proxy_cannot_give_out_what_lies_in_s3(tmp_path):
    words = refusal(
        DATA_DIR=str(tmp_path), PRIVATE_STORAGE_URL="s3://papers", X_ACCEL_PREFIX="/private/"
    )

    assert "Unset one of the two" in words


def test_proxy_that_gives_files_out_may_read_them(tmp_path):
    read = "s.X_ACCEL_PREFIX, s.STORAGES['private']['OPTIONS']['group_may_read']"

    assert setting(read, DATA_DIR=str(tmp_path)) == "False"
    assert setting(read, DATA_DIR=str(tmp_path), X_ACCEL_PREFIX="/files") == "/files/ True"


def variables_of_the_code():
    """The names that settings read from the environment, and those of the scripts."""
    for path in (ROOT / "summit").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            reads = ast.unparse(node.func)
            named = isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
            if named and (
                reads in ("choice", "at_least", "mail_addresses", "required")
                or reads.startswith("env.")
            ):
                yield str(node.args[0].value)
    for script in [*(ROOT / "scripts").glob("start-*"), ROOT / "scripts/backup"]:
        yield from re.findall(r"\$\{([A-Z_]+)", script.read_text())


def test_the_docs_explain_every_variable_and_no_other():
    table = re.findall(
        r"^\| `([A-Z0-9_]+)` \|", (ROOT / "docs/operations.md").read_text(), re.MULTILINE
    )

    assert sorted(table) == sorted(set(variables_of_the_code()))


def test_no_requirement_names_a_host():
    for path in (ROOT / "requirements").iterdir():
        assert "://" not in path.read_text(), path.name


def test_server_that_mails_its_errors_starts():
    code = (
        "import django, logging; django.setup();"
        "print([type(handler).__name__ for handler in logging.getLogger().handlers])"
    )

    result = python(
        code,
        DJANGO_SETTINGS_MODULE="summit.settings",
        ERROR_MAIL_TO="ops@example.org",
        **CONFIGURED,
    )

    assert "MailedErrors" in result.stdout, result.stderr
