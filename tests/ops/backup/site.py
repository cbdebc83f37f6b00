"""Whole sites in processes of their own, beside the database of the test run."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings

SERVER = os.environ.get("TEST_DATABASE_URL")
ON_POSTGRESQL = bool(SERVER)


def tools_are_missing() -> str:
    """Why backups of this database cannot be tested here; where they must be, never."""
    required = os.environ.get("SUMMIT_TEST_REQUIRE", "")
    if not ON_POSTGRESQL or "postgres" in required.split(","):
        return ""
    gone = [name for name in ("pg_dump", "pg_restore", "psql") if shutil.which(name) is None]
    return f"{', '.join(gone)} not found: install postgresql-client" if gone else ""


@dataclass
class Site:
    """A database and a directory, driven by ``manage.py`` as an operator does."""

    name: str
    directory: Path
    # What its environment has besides.
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.directory / self.name

    @property
    def database_name(self) -> str:
        return f"summit_{os.getpid()}_{self.name}" if ON_POSTGRESQL else "summit.sqlite3"

    @property
    def url(self) -> str:
        if ON_POSTGRESQL:
            return urlsplit(SERVER)._replace(path=f"/{self.database_name}").geturl()
        return f"sqlite:///{self.data}/{self.database_name}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "summit.settings",
            "DATABASE_URL": self.url,
            "DATA_DIR": str(self.data),
            "DEBUG": "true",
            "TASKS_BACKEND": "",
            "EMAIL_URL": "dummymail://",
            **self.variables,
        }

    def make(self) -> "Site":
        self.data.mkdir()
        if ON_POSTGRESQL:
            with psycopg.connect(SERVER, autocommit=True) as server:
                server.execute(f'CREATE DATABASE "{self.database_name}"')
        return self

    def take_database_of(self, other: "Site") -> None:
        """Put a copy of the database of another site, that nobody uses now, in place of its own."""
        if not ON_POSTGRESQL:
            with closing(other.connect()) as theirs, closing(self.connect()) as own:
                theirs.backup(own)
            return
        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(f'DROP DATABASE "{self.database_name}" WITH (FORCE)')
            server.execute(
                f'CREATE DATABASE "{self.database_name}" TEMPLATE "{other.database_name}"'
            )

    def drop(self) -> None:
        if ON_POSTGRESQL:
            with psycopg.connect(SERVER, autocommit=True) as server:
                server.execute(f'DROP DATABASE "{self.database_name}" WITH (FORCE)')
        shutil.rmtree(self.data)

    def connect(self):
        """A connection of its own kind, past Django."""
        if ON_POSTGRESQL:
            return psycopg.connect(self.url)
        return sqlite3.connect(self.data / self.database_name, timeout=20)

    def start(self, *command: object, **options: object) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "manage.py", *map(str, command)],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            **options,
        )

    def manage(self, *command: object, **options: object) -> str:
        """Run a command that has to succeed, and return what it printed."""
        process = self.start(*command, **options)
        out, error = process.communicate(timeout=180)
        assert process.returncode == 0, error
        return out + error

    def refused(self, *command: object, **options: object) -> str:
        """Run a command that has to refuse in plain words, and return them."""
        process = self.start(*command, **options)
        _out, error = process.communicate(timeout=180)
        assert process.returncode == 1, error
        assert error.startswith("CommandError: "), error
        return error

    def asked(self, code: str) -> object:
        """Run Python within the site, and return what it left in ``answer``."""
        code = f"import django, json; django.setup()\n{code}\nprint(json.dumps(answer))"
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def rows(self) -> dict[str, int]:
        tables = (
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            if ON_POSTGRESQL
            else "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'"
        )
        with closing(self.connect()) as connection:
            names = sorted(name for (name,) in connection.execute(tables).fetchall())
            count = 'SELECT count(*) FROM "{}"'
            return {each: connection.execute(count.format(each)).fetchone()[0] for each in names}

    def files(self) -> dict[str, bytes]:
        roots = [self.data / "media", self.data / "private"]
        paths = [path for root in roots for path in root.rglob("*") if path.is_file()]
        return {str(path.relative_to(self.data)): path.read_bytes() for path in paths}
