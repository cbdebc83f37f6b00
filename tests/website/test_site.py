"""Media, robots, and the pages of errors."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.utils import translation

from tests import factories
from website.views import site


@pytest.fixture
def picture(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "secret.txt").write_text("secret")
    return factories.photo().image


def test_media_serves_pictures_that_never_change(client, picture):
    response = client.get(picture.url)
    b"".join(response.streaming_content)

    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["secret.txt", "pictures/", "", "../secret.webp", "%2e%2e/x.webp", "x%00.webp", "none.webp"],
)
def test_media_serves_nothing_else(client, picture, path):
    # Django answers 400 to what would climb out of the directory, and logs it.
    assert client.get(f"/media/{path}").status_code in (400, 404)


def test_robots_may_read_all_but_the_admin(client, db):
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == (
        "User-agent: *\nDisallow: /admin/\n\nSitemap: http://testserver/sitemap.xml\n"
    )


@pytest.mark.parametrize(
    ("path", "lang"),
    [("/en/nowhere/", "en"), ("/zh-hans/nowhere/", "zh-Hans"), ("/nowhere", "en"), ("/fr/", "en")],
)
@pytest.mark.django_db
def test_missing_page_belongs_to_the_site(client, path, lang):
    response = client.get(path)
    text = response.content.decode()

    assert response.status_code == 404
    assert f'<html lang="{lang}">' in text
    assert "css/catalogue.css" in text
    assert '<meta name="robots" content="noindex">' in text


@pytest.mark.parametrize("page", ["99", "0", "-1", "x", "%00", "9" * 60, "1.5"])
@pytest.mark.parametrize("name", ["projects", "experts", "intentions", "events"])
@pytest.mark.django_db
def test_page_that_a_list_has_not_leads_back_to_its_beginning(client, name, page):
    response = client.get(f"/en/{name}/?q=blood&page={page}")

    assert response.status_code == 404
    assert f'href="/en/{name}/?q=blood"' in response.content.decode()


def broken(self) -> None:
    raise RuntimeError


@pytest.mark.parametrize(("path", "lang"), [("/en/x/", "en"), ("/zh-hans/x/", "zh-Hans")])
def test_server_error_needs_no_database(path, lang, django_db_blocker):
    with django_db_blocker.block(), translation.override("en"):
        response = site.server_error(RequestFactory().get(path))

    assert response.status_code == 500
    assert f'<html lang="{lang}">' in response.content.decode()


def test_bad_request_has_a_page():
    response = site.bad_request(RequestFactory().get("/en/"), Exception())

    assert response.status_code == 400
    assert "<h1>" in response.content.decode()


@pytest.mark.django_db
def test_broken_view_answers_in_the_sites_look(monkeypatch):
    from website.views.project import ProjectView

    monkeypatch.setattr(ProjectView, "get_queryset", broken)

    response = Client(raise_request_exception=False).get("/zh-hans/projects/x/")

    assert response.status_code == 500
    assert '<html lang="zh-Hans">' in response.content.decode()
    assert "RuntimeError" not in response.content.decode()


@pytest.mark.django_db
def test_forbidden_page_belongs_to_the_site(monkeypatch):
    from website.views.project import ProjectView

    def refuse(self) -> None:
        raise PermissionDenied

    monkeypatch.setattr(ProjectView, "get_queryset", refuse)

    response = Client().get("/en/projects/x/")

    assert response.status_code == 403
    assert "You may not see this page" in response.content.decode()


@pytest.mark.django_db
def test_form_without_its_token_is_explained():
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})

    response = client.post("/i18n/setlang/", {"language": "en"})

    assert response.status_code == 403
    assert "This form could not be sent" in response.content.decode()
