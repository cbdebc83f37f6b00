"""What is deployed is what was tested: Compose, image, units and variables fit together."""

import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from django.db import connection
from django.urls import reverse

from tests.summit.test_settings import variables_of_the_code

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {
    name: each for name, each in SERVICES.items() if each.get("image", "").startswith("summit:")
}
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))


def example() -> dict[str, str]:
    """The variables of .env.example, each with the line of words above it."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    pairs = zip([""] + lines, lines, strict=False)
    named = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]*)=(?!/path)")
    return {found[1]: above for above, line in pairs if (found := named.match(line))}


def used_by_compose() -> set[str]:
    text = (ROOT / "docker-compose.yml").read_text()
    return set(re.findall(r"\$\{([A-Z0-9_]+)", re.sub(r"^\s*#.*$", "", text, flags=re.M)))


def test_example_explains_every_variable_and_no_other():
    known = set(variables_of_the_code()) | used_by_compose()

    assert set(example()) == known
    assert [name for name, above in example().items() if not above.startswith("# ")] == []


def test_example_sets_no_secret():
    text = (ROOT / ".env.example").read_text()

    assert (
        re.findall(r"^#? ?(?:SECRET_KEY|DATABASE_URL|METRICS_TOKEN|S3_\w+)=(.+)$", text, re.M) == []
    )


@pytest.mark.parametrize("name", SERVICES)
def test_service_is_locked_up(name):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    assert service["restart"] == ("no" if name in ("release", "backup") else "unless-stopped")


@pytest.mark.parametrize("name", OURS)
def test_service_of_ours_runs_a_script_as_nobody(name):
    service = OURS[name]
    script = ROOT / service["command"][0]

    assert service["user"] == "10001:10001"
    assert script.stat().st_mode & stat.S_IXUSR
    assert not {"SECRET_KEY", "DATABASE_URL"} & service["environment"].keys()
    assert {f"/run/secrets/{each}" for each in service["secrets"]} <= {
        *service["environment"].values()
    }


@pytest.mark.parametrize("name", ["web", "worker", "periodic"])
def test_nothing_serves_before_the_release_is_through(name):
    wanted = {"release": {"condition": "service_completed_successfully"}}

    assert SERVICES[name]["depends_on"] == wanted
    assert SERVICES["release"]["depends_on"] == {"db": {"condition": "service_healthy"}}


def test_only_the_proxy_has_a_port_and_web_servers_can_be_many():
    assert [name for name, each in SERVICES.items() if "ports" in each] == ["proxy"]
    assert "container_name" not in SERVICES["web"]
    assert SERVICES["proxy"]["depends_on"] == {"web": {"condition": "service_healthy"}}
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["db"]["networks"] == ["inside"]


@pytest.mark.parametrize(
    ("proxy", "lines"),
    [
        (
            "nginx.conf",
            [
                "proxy_set_header X-Forwarded-For $remote_addr;",
                "proxy_set_header X-Request-ID $request_id;",
                'proxy_set_header Forwarded "";',
                "proxy_request_buffering on;",
            ],
        ),
        (
            "caddy/Caddyfile",
            [
                "header_up X-Forwarded-For {remote_host}",
                "header_up X-Request-ID {http.request.uuid}",
                "header_up -Forwarded",
                "import {$BUFFERS:current}.buffers",
            ],
        ),
    ],
)
def test_proxy_believes_no_visitor_and_waits_for_slow_ones_itself(proxy, lines):
    said = [line.strip() for line in (ROOT / "deploy" / proxy).read_text().splitlines()]

    assert [line for line in lines if line not in said] == []


def test_log_of_the_proxy_holds_no_key():
    text = (ROOT / "deploy/nginx.conf").read_text()
    named = re.findall(r"^ +~(\^/\S+) +\$uri;$", text, re.M)
    keys = [
        reverse("my-registration", args=["KEY"]),
        reverse("my-cancel", args=["KEY"]),
        reverse("follow-up-calendar", args=["KEY"]),
        reverse("staff-link", args=["KEY"]),
    ]
    public = ["/", reverse("home"), reverse("events"), reverse("event", args=["x"]), "/admin/"]

    def is_named(path: str) -> bool:
        return any(re.match(each, path) for each in named)

    assert [path for path in keys if is_named(path)] == []
    assert [path for path in public if not is_named(path)] == []


def test_image_copies_what_is_there_and_keeps_secrets_out():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.M)
    ignored = (ROOT / ".dockerignore").read_text().split()

    assert [each for line in copied for each in line.split() if not (ROOT / each).exists()] == []
    assert {".git", ".env", ".env.*", "secrets", "backups", "var", "tests"} <= set(ignored)
    assert "--require-hashes" in (ROOT / "Dockerfile").read_text()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_unit_starts_a_script_that_is_there(unit):
    command = re.search(r"^ExecStart=/srv/summit/current/(\S+)$", unit.read_text(), re.M)[1]

    assert os.access(ROOT / command, os.X_OK)
    assert "User=summit" in unit.read_text()
    assert "NoNewPrivileges=yes" in unit.read_text()


def test_command_runs_by_hand_as_the_services_run(tmp_path):
    # What systemd-run is asked for is written down in its place.
    stand_in = tmp_path / "systemd-run"
    stand_in.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    stand_in.chmod(0o755)
    link = tmp_path / "current"
    link.symlink_to(ROOT)
    unit = (ROOT / "deploy/systemd/summit-web.service").read_text()
    variables = re.search(r"^EnvironmentFile=.*$", unit, re.M)[0]

    asked = subprocess.run(
        [link / "deploy/run", "python", "manage.py", "restore", "a directory"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()

    assert asked[-5:] == ["/usr/bin/env", "python", "manage.py", "restore", "a directory"]
    assert {f"--property={variables}", "--uid=summit", f"--working-directory={ROOT}"} <= set(asked)
    assert f"--setenv=PATH={ROOT}/.venv/bin:/usr/local/bin:/usr/bin:/bin" in asked


def documented_environment() -> dict[str, str]:
    """The variables that the docs give a machine without Docker."""
    blocks = re.findall(r"```ini\n(.*?)```", (ROOT / "docs/operations.md").read_text(), re.S)
    lines = [line.partition("=") for block in blocks for line in block.splitlines()]
    return {name: value for name, _equals, value in lines}


def test_variables_of_the_docs_start_a_site(tmp_path):
    given = documented_environment() | {
        "SECRET_KEY": "".join(chr(33 + number % 90) for number in range(200)),
        "DATA_DIR": str(tmp_path),
        "PATH": os.environ["PATH"],
    }

    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=given,
        check=False,
        capture_output=True,
        text=True,
    )

    assert documented_environment().keys() > {"DATABASE_URL", "TRUSTED_PROXIES", "BIND"}
    assert checked.returncode == 0, checked.stderr


@pytest.mark.django_db
def test_nightly_backups_lie_in_one_directory_and_the_oldest_go(tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHON": sys.executable,
        "SECRET_KEY": "while testing and for nothing else at all, a long one",
        "ALLOWED_HOSTS": "summit.example.org",
        "DATA_DIR": str(tmp_path / "data"),
        "BACKUP_DIR": str(tmp_path / "backups"),
        "BACKUP_KEEP": "2",
    }

    def run(*command: str) -> None:
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)

    def kept() -> list[str]:
        return sorted(each.name for each in (tmp_path / "backups").glob("[!.]*"))

    # As this run has migrated it: doing so takes long.
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "summit.sqlite3").write_bytes(connection.connection.serialize())
    seen = []
    for _day in range(3):
        run("scripts/backup")
        seen.append(kept())
        time.sleep(1)

    assert [len(each) for each in seen] == [1, 2, 2]
    assert seen[0][0] not in seen[2]
    assert all(name.startswith("summit-") for name in seen[2])


def test_secrets_are_made_once_and_for_nobody_else(tmp_path):
    (tmp_path / "deploy").mkdir()
    shutil.copy(ROOT / "deploy/make-secrets", tmp_path / "deploy")
    run = [tmp_path / "deploy/make-secrets"]

    subprocess.run(run, check=True, capture_output=True)
    first = {each.name: each.read_text() for each in (tmp_path / "secrets").iterdir()}
    subprocess.run(run, check=True, capture_output=True)
    second = {each.name: each.read_text() for each in (tmp_path / "secrets").iterdir()}

    assert first == second
    assert set(first) == set(COMPOSE["secrets"])
    assert first["postgres_password"] in first["database_url"]
    assert min(map(len, first.values())) >= 64
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


@pytest.mark.parametrize("script", sorted((ROOT / "scripts").glob("start-*")), ids=lambda s: s.name)
def test_script_becomes_what_it_starts(script):
    # Signals then reach the process itself, not a shell before it.
    last = script.read_text().replace("\\\n", " ").strip().splitlines()[-1]

    assert shlex.split(last)[0] == "exec"


def test_docs_name_every_command():
    ours = (path for path in ROOT.glob("*/management/commands/[a-z]*.py"))
    commands = {path.stem for path in ours if path.parts[-4] != "tests"}
    table = re.findall(r"^\| `.*$", (ROOT / "docs/operations.md").read_text(), re.M)
    named = set(re.findall(r"`([a-z_]+)", " ".join(table)))

    assert commands - named == set()
