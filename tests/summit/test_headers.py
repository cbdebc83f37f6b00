"""The headers of a strict site, on every answer there is, each once."""

import io
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client
from django.test.client import FakePayload

from backoffice.kit.upload_addresses import takes_files
from summit.lib.web.proxies import TrustedProxies
from tests import factories
from tests.cast import make_clerk
from tests.logged import logged
from tests.pages import story
from tests.walk import FORM, Everything

pytestmark = pytest.mark.django_db

EXPECTED = {
    "Content-Security-Policy": "default-src 'self'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(",
    "Referrer-Policy": ("same-origin", "strict-origin"),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
ADMIN = [
    "/admin/",
    "/admin/login/",
    "/admin/password_change/",
    "/admin/events/event/",
    "/admin/events/event/add/",
    "/admin/registrations/registration/",
    "/admin/projects/cooperationintention/",
    "/admin/jsi18n/",
]


def lacking(response):
    """The headers that an answer has not, or has in another way than it should."""
    found = {}
    for name, wanted in EXPECTED.items():
        value = response.headers.get(name, "")
        starts = value.startswith if name != "Permissions-Policy" else value.__contains__
        if not any(map(starts, [wanted] if isinstance(wanted, str) else wanted)):
            found[name] = value
    policy = response.headers.get("Content-Security-Policy", "")
    if "unsafe" in policy or "*" in policy or "frame-ancestors 'none'" not in policy:
        found["Content-Security-Policy"] = policy
    return found


def test_every_public_page_has_them(stranger):
    told = story()

    answers = {path: stranger.get(path) for path in told.addresses()}

    assert {path: lacking(each) for path, each in answers.items() if lacking(each)} == {}


def test_every_kind_of_page_of_the_admin_has_them(superuser):
    answers = {path: superuser.get(path) for path in ADMIN}

    assert {
        path: each.status_code for path, each in answers.items() if each.status_code > 302
    } == {}
    assert {path: lacking(each) for path, each in answers.items() if lacking(each)} == {}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/healthz", 200),
        ("/metrics", 404),
        ("/robots.txt", 200),
        ("/", 302),
        ("/admin/", 302),
        ("/en/nowhere/", 404),
        ("/media/nowhere.webp", 404),
    ],
)
def test_machines_redirects_and_refusals_have_them(client, path, status):
    response = client.get(path)

    assert response.status_code == status
    assert lacking(response) == {}


def test_foreign_host_is_refused_with_them(client):
    response = client.get("/en/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert lacking(response) == {}


def test_refused_form_has_them():
    response = Client(enforce_csrf_checks=True).post("/i18n/setlang/", {"language": "en"})

    assert response.status_code == 403
    assert lacking(response) == {}


def test_error_has_them(monkeypatch):
    from website.views.project import ProjectView

    monkeypatch.setattr(ProjectView, "get_queryset", lambda self: 1 / 0)

    response = Client(raise_request_exception=False).get("/en/projects/x/")

    assert response.status_code == 500
    assert lacking(response) == {}


def test_static_files_and_pictures_have_them(client):
    Path(configured.STATIC_ROOT, "x.css").write_text("p {}")
    picture = factories.photo().image

    css = Client().get("/static/x.css")
    shown = client.get(picture.url)
    for response in (css, shown):
        response.close()

    assert [css.status_code, shown.status_code] == [200, 200]
    assert lacking(css) == lacking(shown) == {}


def test_camera_is_for_the_desk_alone(stranger, organizer):
    event = factories.registration_settings().event
    clerk = make_clerk(event)

    desk = clerk.get(f"/desk/{event.slug}/")
    elsewhere = [stranger.get("/en/"), organizer.get("/admin/"), clerk.get("/desk/")]

    assert desk.status_code == 200
    assert "camera=(self)" in desk["Permissions-Policy"]
    assert all("camera=()" in each["Permissions-Policy"] for each in elsewhere)
    assert "microphone=()" in desk["Permissions-Policy"]


def test_scripts_of_the_admin_run_by_nonce(superuser):
    policy = superuser.get("/admin/")["Content-Security-Policy"]

    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/en/", "/readyz", "/static/nowhere.css", "/en/nowhere/"])
def test_browsers_are_told_to_stay_on_https(settings, path):
    settings.SECURE_HSTS_SECONDS = 31_536_000

    response = Client().get(path, secure=True)

    assert response["Strict-Transport-Security"].startswith("max-age=31536000")


# How much may be sent


@pytest.mark.parametrize(
    ("path", "length", "status"),
    [
        ("/en/my/", 100_001, 413),
        ("/zh-hans/my/", 100_001, 413),
        ("/admin/login/", 100_001, 413),
        ("/admin/events/event/add/", 100_001, 413),
        ("/desk/", 100_001, 413),
        ("/staff/forgotten/", 64 * 1024 * 1024 + 1, 413),
        ("/en/nowhere/", 100_001, 413),
        ("/en/my/", "nonsense", 200),
        ("/en/my/", 10, 200),
    ],
)
def test_what_a_stranger_sends_too_much_is_refused_before_it_is_read(client, path, length, status):
    body = FakePayload(b"x" * 10)

    response = client.post(
        path, **{"CONTENT_LENGTH": length, "wsgi.input": body}, content_type="x/y"
    )

    assert response.status_code == status
    assert lacking(response) == {}
    if status == 413:
        language = "zh-Hans" if "zh" in path else "en"
        assert f'<html lang="{language}">' in response.content.decode()
        assert body.read() == b"x" * 10


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/admin/events/expert/add/", 25 * 1024 * 1024),
        ("/admin/events/organization/import/", 25 * 1024 * 1024),
        ("/admin/auth/group/add/", 5 * 1024 * 1024),
        ("/admin/nowhere/", 5 * 1024 * 1024),
        ("/staff/account/", 100_000),
        ("/desk/", 100_000),
        ("/en/my/", 100_000),
    ],
)
def test_who_is_logged_in_sends_files_to_forms_that_take_some(superuser, path, limit):
    def status(length):
        # Of a body only its header.
        environ = {"CONTENT_LENGTH": length, "wsgi.input": io.BytesIO()}
        return superuser.post(path, **environ, content_type="x/y").status_code

    assert status(limit) != 413
    assert status(limit + 1) == 413


@pytest.mark.parametrize("ends", ["forged", "logged out", "without its code"])
def test_login_that_does_not_hold_sends_no_files(superuser, settings, ends):
    client = superuser
    if ends == "forged":
        client.cookies[settings.SESSION_COOKIE_NAME] = "abcdefghijklmnopqrstuvwxyz012345"
    if ends == "logged out":
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        client.logout()
        client.cookies[settings.SESSION_COOKIE_NAME] = key
    if ends == "without its code":
        settings.STAFF_OTP = True
        session = client.session
        session.pop("otp_device_id", None)
        session.save()

    response = client.post("/admin/events/event/add/", CONTENT_LENGTH=100_001)

    assert response.status_code == 413


def test_too_large_a_file_is_read_to_its_end_so_that_proxies_pass_the_refusal_on(superuser):
    body = FakePayload(b"x" * (configured.UPLOAD_MAX_BYTES + 1))

    response = superuser.post(
        "/admin/events/event/add/",
        **{"CONTENT_LENGTH": len(body), "wsgi.input": body},
        content_type="x/y",
    )

    assert response.status_code == 413
    assert body.read() == b""


def test_body_of_unknown_length_is_refused(client):
    response = client.post("/en/my/", {}, HTTP_TRANSFER_ENCODING="chunked")

    assert response.status_code == 411
    assert lacking(response) == {}


@pytest.mark.parametrize("length", [0, 100_000])
def test_what_is_short_enough_costs_no_query(client, length, django_assert_num_queries):
    client.cookies[configured.SESSION_COOKIE_NAME] = "abcdefghijklmnopqrstuvwxyz012345"

    with django_assert_num_queries(0):
        client.post("/media/nowhere.webp", b"x" * length, content_type="text/plain")


class BrokenOff:
    def read(self, *args):
        raise OSError("the visitor went away")

    readline = read


def test_refusals_and_bodies_that_break_off_are_no_errors_of_the_program(superuser, client):
    broken = {"CONTENT_LENGTH": 1000, "wsgi.input": BrokenOff()}

    with logged() as log:
        statuses = [
            client.post("/en/my/", CONTENT_LENGTH=100_001).status_code,
            client.post("/en/my/", {f"x{number}": "1" for number in range(4001)}).status_code,
            client.post("/en/my/", {}, HTTP_TRANSFER_ENCODING="chunked").status_code,
            client.post("/en/my/", **broken, content_type=FORM).status_code,
            superuser.post("/admin/events/event/add/", **broken, content_type=FORM).status_code,
            client.get("/en/", headers={"host": "evil.example"}).status_code,
        ]

    assert statuses == [413, 413, 411, 408, 408, 400]
    assert [line for line in log.lines if line["level"] in ("ERROR", "CRITICAL")] == []


def test_forms_with_files_are_those_that_take_large_bodies(superuser):
    """Every page of the admin that shows a form, against what is derived of the registry."""
    paths = [each.path for each in Everything().addresses() if each.path.startswith("/admin/")]
    pages = {path: superuser.get(path) for path in paths}

    shown = {
        path: 'type="file"' in page.content.decode()
        for path, page in pages.items()
        if page.status_code == 200 and not page.streaming and "html" in page["Content-Type"]
    }
    for page in pages.values():
        if page.streaming:
            # Read to its end, a file is closed.
            page.getvalue()

    assert sum(shown.values()) > 8
    assert {path: takes_files(path) for path in shown} == shown


def test_too_many_fields_are_too_much(client):
    response = client.post("/en/my/", {f"x{number}": "1" for number in range(4001)})

    assert response.status_code == 413


def test_proxy_that_asks_is_told_who_may_send_files(settings, stranger, superuser):
    settings.TRUSTED_PROXIES = TrustedProxies.parse(["127.0.0.1"])
    paths = ["/admin/events/event/add/", "/admin/events/event/", "/en/my/", "/desk/"]

    def told(person):
        asked = {"HTTP_X_FORWARDED_METHOD": "POST"}
        return [person.get(path, **asked).status_code for path in paths]

    assert told(stranger) == [403] * 4
    # The other forms of the admin may be long as well.
    assert told(superuser) == [204, 204, 403, 403]
    settings.TRUSTED_PROXIES = TrustedProxies()
    assert told(superuser) == [200, 200, 200, 200]
