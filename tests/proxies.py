"""nginx and Caddy as deploy/ configures them, before a web server of the test."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from pathlib import Path

from tests.postgres import free_port
from tests.visitor import HOST

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
NAMES = ("nginx", "caddy")
# Debian keeps servers out of the path of ordinary users.
PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])


def find_proxy(name: str) -> str | None:
    return shutil.which(name, path=PLACES)


class Proxy:
    """One running proxy with its shipped configuration; ``close()`` ends it.

    Nothing of the configuration is changed but where it listens, whom it asks, and where
    certificate and logs are.
    """

    def __init__(self, name: str, directory: Path, upstream: int) -> None:
        self.name = name
        self.directory = directory
        self.upstream = upstream
        self.http, self.https = free_port(), free_port()
        self.directory.mkdir()
        self._make_certificate()
        command, environment = getattr(self, f"_configure_{name}")()
        with (directory / "output.log").open("w") as log:
            self.process = subprocess.Popen(
                [find_proxy(name), *command],
                cwd=directory,
                env={"PATH": os.environ["PATH"], "HOME": str(directory)} | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._wait()

    def connect(self, *, tls: bool = True) -> socket.socket:
        port = self.https if tls else self.http
        plain = socket.create_connection(("127.0.0.1", port), timeout=20)
        if not tls:
            return plain
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context.wrap_socket(plain, server_hostname=HOST)

    def logs(self) -> str:
        """Everything that the proxy has written anywhere."""
        return "".join(each.read_text() for each in sorted(self.directory.glob("*.log")))

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _configure_nginx(self) -> tuple[list[str], dict[str, str]]:
        text = (DEPLOY / "nginx.conf").read_text()
        for before, after in {
            "127.0.0.1:8000": f"127.0.0.1:{self.upstream}",
            "listen 80;": f"listen 127.0.0.1:{self.http};",
            "listen [::]:80;": "",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.https} ssl http2;",
            "listen [::]:443 ssl http2;": "",
            "/etc/ssl/summit/": f"{self.directory}/",
            "/var/log/nginx/": f"{self.directory}/",
            "summit.example.org": HOST,
        }.items():
            text = replaced(text, before, after)
        (self.directory / "summit.conf").write_text(text)
        user = "user root;" if os.geteuid() == 0 else ""
        # As Debian's nginx.conf has it: what no server of ours logs lands in these.
        (self.directory / "nginx.conf").write_text(
            f"{user} worker_processes 1; daemon off; pid nginx.pid;\n"
            f"error_log {self.directory}/error.log;\n"
            "events { worker_connections 768; }\n"
            f"http {{ access_log {self.directory}/access.log; client_body_temp_path body;\n"
            "proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi;\n"
            "scgi_temp_path scgi; include summit.conf; }\n"
        )
        return ["-p", str(self.directory), "-c", "nginx.conf", "-e", "error.log"], {}

    def _configure_caddy(self) -> tuple[list[str], dict[str, str]]:
        for each in (DEPLOY / "caddy").iterdir():
            shutil.copy(each, self.directory)
        ports = f"admin off\n\thttp_port {self.http}\n\thttps_port {self.https}"
        text = (self.directory / "Caddyfile").read_text()
        text = replaced(text, "admin localhost:2019", ports)
        text = replaced(text, "{$UPSTREAM:web} 8000", f"localhost {self.upstream}")
        (self.directory / "Caddyfile").write_text(text)
        given = self.directory / "given.tls"
        given.write_text(replaced(given.read_text(), "/certificates/", f"{self.directory}/"))
        command = ["run", "--config", "Caddyfile", "--adapter", "caddyfile"]
        return command, {"SITE_HOST": HOST, "TLS": "given", "BUFFERS": self._buffers()}

    def _buffers(self) -> str:
        said = subprocess.run(
            [find_proxy("caddy"), "version"], capture_output=True, text=True, check=True
        ).stdout
        major, minor = map(int, re.match(r"v?(\d+)\.(\d+)", said).groups())
        return "current" if (major, minor) >= (2, 7) else "debian"

    def _make_certificate(self) -> None:
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
        command += ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
        command += ["-keyout", "privkey.pem", "-out", "fullchain.pem"]
        subprocess.run(command, cwd=self.directory, capture_output=True, check=True)

    def _wait(self) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until and self.process.poll() is None:
            try:
                self.connect().close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError(f"{self.name} did not start:\n{self.logs()}")


def replaced(text: str, before: str, after: str) -> str:
    if before not in text:
        raise AssertionError(f"The shipped configuration no longer says {before!r}.")
    return text.replace(before, after)


def head(method: str, path: str, *lines: str) -> bytes:
    """The header of a request to the site, from a browser."""
    first = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "X-Forwarded-Proto: https"]
    return "\r\n".join([*first, *lines, "", ""]).encode()


def answer(sock: socket.socket) -> tuple[int, bytes]:
    """Read to the end, or until nothing more comes; return the status, 0 without one, and all."""
    said = b""
    try:
        while data := sock.recv(65536):
            said += data
    except (ConnectionError, TimeoutError, ssl.SSLError):
        pass
    found = re.match(rb"HTTP/1\.[01] (\d{3})", said)
    return int(found[1]) if found else 0, said
