"""A browser's half of HTTP, behind a proxy that ends TLS: cookies, headers, forms as shown."""

import html
import http.client
import re
import urllib.parse
from dataclasses import dataclass
from http.cookies import SimpleCookie

HOST = "summit.example"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def location(self) -> str:
        return urllib.parse.urlsplit(self.headers["Location"] or "").path


class Visitor:
    """Asks the web servers at ``ports`` in turn, as one proxy before all of them does."""

    def __init__(self, *ports: int, address: str = "203.0.113.7") -> None:
        self.ports = list(ports)
        self.address = address
        self.cookies: dict[str, str] = {}

    def has(self, cookie: str) -> "Visitor":
        """Take a cookie, given as its name and its value."""
        name, value = cookie.split()
        self.cookies[name] = value
        return self

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, fields: dict[str, object]) -> Answer:
        body = urllib.parse.urlencode(fields).encode()
        return self._ask("POST", path, body, "application/x-www-form-urlencoded")

    def upload(self, path: str, fields: dict[str, object], **files: bytes) -> Answer:
        """Send a form with files, all of them said to be PNG pictures."""
        edge = "an-edge-that-is-in-no-file"
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        for name, data in files.items():
            head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="a.png"'
            parts.append(f"{head}\r\nContent-Type: image/png\r\n\r\n".encode() + data + b"\r\n")
        body = b"".join([*parts, f"--{edge}--\r\n".encode()])
        return self._ask("POST", path, body, f"multipart/form-data; boundary={edge}")

    def _ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> Answer:
        # The next one first next time.
        self.ports.append(self.ports.pop(0))
        headers = {
            "Host": HOST,
            "Origin": f"https://{HOST}",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": self.address,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if kind:
            headers["Content-Type"] = kind
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[-1], timeout=60)
        try:
            connection.request(method, path, body or None, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: each.value for name, each in SimpleCookie(line).items()}
        return Answer(response.status, response.headers, text)


def fields_of(text: str) -> dict[str, str]:
    """Return what a browser would send of every text field and hidden field of a page."""
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", text):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind = attributes.get("type", "text")
        is_left_out = kind in ("submit", "file", "button") or (
            kind in ("checkbox", "radio") and not re.search(r"\bchecked\b", tag)
        )
        if "name" in attributes and not is_left_out:
            found[attributes["name"]] = html.unescape(attributes.get("value", ""))
    for name, value in re.findall(r'<textarea name="([^"]+)"[^>]*>\s*([^<]*)</textarea>', text):
        found[name] = html.unescape(value)
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', text, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


class RegistrationForm:
    """The form of one event as one browser has it; opened and sent again under other names."""

    def __init__(self, visitor: Visitor, slug: str, *, language: str = "en") -> None:
        self.visitor = visitor
        self.path = f"/{language}/events/{slug}/register/"
        page = visitor.get(self.path)
        if page.status != 200:
            raise AssertionError(f"{self.path} answered {page.status}")

    def send(self, number: int) -> Answer:
        page = self.visitor.get(self.path)
        if page.status != 200:
            return page
        hidden = {
            name: re.search(rf'name="{name}" value="([^"]+)"', page.text)[1]
            for name in ("csrfmiddlewaretoken", "shown_at")
        }
        fields = {
            **hidden,
            "people-TOTAL_FORMS": 1,
            "people-INITIAL_FORMS": 0,
            "people-0-name": f"Person {number}",
            "people-0-email": email_of(number),
            "organization_name": "Harbour Works",
            "category": "company",
            "consent": "on",
        }
        return self.visitor.post(self.path, fields)


def email_of(number: int) -> str:
    return f"person{number}@example.org"
