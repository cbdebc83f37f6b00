"""The production stack without Docker: the scripts of the image, in processes of their own."""

import os
import re
import resource
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.postgres import Cluster, free_port
from tests.visitor import HOST, Visitor

ROOT = Path(__file__).resolve().parent.parent
INSIDE = ROOT / "tests" / "production" / "inside"


class CommandFailed(AssertionError):
    """A command of the product ended with an error."""


class Stack:
    """One site: its database, its directory, its processes. ``close()`` ends all of them."""

    def __init__(
        self, cluster: Cluster, database: str, directory: Path, **environment: str
    ) -> None:
        self.cluster = cluster
        self.database = database
        self.directory = directory
        self.asked = directory / "asked"
        self.processes: list[subprocess.Popen] = []
        # Nothing of the shell's or the test run's own but what finds programs.
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(directory),
            "LANG": "C.UTF-8",
            "PYTHON": sys.executable,
            "PYTHONPATH": str(INSIDE),
            "PYTHONDONTWRITEBYTECODE": "1",
            "DJANGO_SETTINGS_MODULE": "summit.settings",
            "SUMMIT_ASKED": str(self.asked),
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": HOST,
            "SITE_URL": f"https://{HOST}",
            "TRUSTED_PROXIES": "127.0.0.1",
            "DATABASE_URL": cluster.url(database),
            "DATA_DIR": str(directory / "data"),
            "STATIC_ROOT": str(directory / "static"),
            "TASKS_BACKEND": "django_tasks_db.DatabaseBackend",
            "FORM_MIN_SECONDS": "0",
            "RATE_LIMIT_REGISTER": "1000000",
            "RATE_LIMIT_UNPROVEN": "1000000",
            "PERIODIC_SECONDS": "1",
            **environment,
        }

    def run(self, *command: str, **environment: str) -> str:
        """Run a command of the product to its end and return what it printed.

        Raises ``CommandFailed``, with all that it said, where it fails.
        """
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode:
            raise CommandFailed(f"{done.stdout}{done.stderr}")
        return done.stdout

    def python(self, code: str) -> str:
        """Run code inside the product, and return what it printed."""
        return self.run(sys.executable, "-c", f"import django; django.setup()\n{code}").strip()

    def start(
        self, *command: str, before: Callable[[], None] | None = None, **environment: str
    ) -> subprocess.Popen:
        with self._log(command).open("a") as log:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=before,
            )
        self.processes.append(process)
        return process

    def web(self, *, largest_file: int | None = None, **environment: str) -> int:
        """Start a web server with two workers, wait until it answers, and return its port.

        ``largest_file`` is how many bytes a file may have at most: the kernel refuses
        the rest in the middle of writing, as it does where the disk is full.
        """
        port = free_port()
        limit = (largest_file, largest_file)
        before = largest_file and partial(resource.setrlimit, resource.RLIMIT_FSIZE, limit)
        bind = {"BIND": f"127.0.0.1:{port}", "WEB_WORKERS": "2"}
        process = self.start("scripts/start-web", before=before or None, **bind | environment)
        self.wait_until(lambda: self.answers(port, process), "the web server answers")
        return port

    def answers(self, port: int, process: subprocess.Popen | None = None) -> bool:
        if process is not None and process.poll() is not None:
            raise AssertionError(f"The web server ended:\n{self.said()}")
        try:
            return Visitor(port).get("/robots.txt").status == 200
        except OSError:
            return False

    def worker(self, **environment: str) -> subprocess.Popen:
        return self.start("scripts/start-worker", **environment)

    def periodic(self, **environment: str) -> subprocess.Popen:
        return self.start("scripts/start-periodic", **environment)

    def wait_until(self, is_so: Callable[[], object], what: str, *, seconds: float = 60) -> None:
        """Look again and again; raise ``AssertionError`` with the logs where it never is so."""
        until = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > until:
                raise AssertionError(f"Not within {seconds} s: {what}.\n{self.said()}")
            time.sleep(0.1)

    def rows(self, query: str, *values: object) -> list[tuple]:
        return self.cluster.rows(self.database, query, *values)

    def value(self, query: str, *values: object) -> object:
        return self.rows(query, *values)[0][0]

    def connections(self) -> int:
        """How many connections the processes hold to the database."""
        query = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
        )
        return self.value(query, self.database)

    def said(self) -> str:
        """The end of every log."""
        logs = sorted(self.directory.glob("*.log"))
        return "\n".join(f"── {log.name}\n{log.read_text()[-4000:]}" for log in logs)

    def hosts(self) -> set[str]:
        """Every host that a process of this site has asked for."""
        return set(self.asked.read_text().split()) if self.asked.exists() else set()

    def _log(self, command: tuple[str, ...]) -> Path:
        return self.directory / f"{Path(command[0]).name}.log"

    def close(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(each) for each in listed.split()]


def memory(pid: int) -> float:
    """The megabytes that a process uses, what it shares with others divided among them."""
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
    return int(found[1]) / 1024
