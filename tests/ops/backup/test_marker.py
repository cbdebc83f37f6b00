"""While the marker stands nobody is served but those who ask how the site is."""

import pytest

from ops.backup import marker, restoring
from ops.backup.errors import BackupError


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    return settings.DATA_DIR


def test_marker_stands_until_the_restore_has_ended():
    before = restoring()
    with marker.standing("summit-1") as mark:
        meanwhile = restoring()

    assert (before, meanwhile, restoring()) == (False, True, False)
    assert mark.is_new


@pytest.mark.parametrize("has_begun", [False, True])
def test_marker_stays_after_an_error_once_something_was_replaced(has_begun):
    with pytest.raises(RuntimeError), marker.standing("summit-1") as mark:
        mark.has_begun = has_begun
        raise RuntimeError

    assert restoring() == has_begun


def test_marker_that_was_left_behind_stays_until_a_restore_has_ended(place):
    place.mkdir()
    (place / "restoring").write_text("summit-1\n")

    with pytest.raises(RuntimeError), marker.standing("summit-2"):
        raise RuntimeError
    after_an_error = restoring()
    with marker.standing("summit-2") as mark:
        pass

    assert (after_an_error, mark.is_new, restoring()) == (True, False, False)


def test_second_restore_waits_for_the_first():
    with (
        marker.standing("summit-1"),
        pytest.raises(BackupError, match="Another restore is at work"),
        marker.standing("summit-2"),
    ):
        pass


@pytest.mark.parametrize(("path", "lang"), [("/zh-hans/", "zh-Hans"), ("/en/x/", "en")])
def test_site_that_is_being_restored_serves_nobody_and_asks_no_database(
    client, path, lang, django_db_blocker
):
    with marker.standing("summit-1"), django_db_blocker.block():
        response = client.get(path)

    assert response.status_code == 503
    assert f'<html lang="{lang}">' in response.content.decode()
    assert (response["Retry-After"], response["Cache-Control"]) == ("60", "no-store")
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


def test_site_serves_again_when_it_is_restored(client, db):
    with marker.standing("summit-1"):
        pass

    assert client.get("/robots.txt").status_code == 200


def test_process_says_that_it_lives_and_that_it_is_not_ready_meanwhile(client, db):
    with marker.standing("summit-1"):
        alive, ready = client.get("/healthz"), client.get("/readyz")

    assert alive.status_code == 200
    assert ready.status_code == 503
    assert ready.json()["checks"]["restore"] == {"ok": False}
