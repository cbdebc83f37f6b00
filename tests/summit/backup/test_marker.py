"""While the marker stands nobody is served but those who ask how the site is."""

import pytest

from summit.backup import marker, restoring


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    return settings.DATA_DIR


def test_marker_stands_from_begin_to_end():
    before = restoring()

    is_new, again = marker.begin("summit-1"), marker.begin("summit-2")
    meanwhile = restoring()
    marker.end()

    assert (before, is_new, again, meanwhile, restoring()) == (False, True, False, True, False)


@pytest.mark.parametrize(("path", "lang"), [("/zh-hans/", "zh-Hans"), ("/en/x/", "en")])
def test_site_that_is_being_restored_serves_nobody_and_asks_no_database(
    client, path, lang, django_db_blocker
):
    marker.begin("summit-1")

    with django_db_blocker.block():
        response = client.get(path)

    assert response.status_code == 503
    assert f'<html lang="{lang}">' in response.content.decode()
    assert (response["Retry-After"], response["Cache-Control"]) == ("60", "no-store")
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


def test_site_serves_again_when_it_is_restored(client, db):
    marker.begin("summit-1")
    marker.end()

    assert client.get("/robots.txt").status_code == 200
