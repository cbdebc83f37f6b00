"""A file that is too large is refused before it is sent, and nothing else is lost."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from events.models import Expert
from tests import factories
from tests.cast import make_organizer
from tests.journeys.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MB = 1024 * 1024
TOO_LARGE = {
    "en": "This file is larger than 12.0\xa0MB, so it was not taken. Choose a smaller one.",
    "zh-hans": "该文件超过12.0\xa0MB，未能添加，请选择较小的文件。",
}


def file(name: str, content: bytes) -> dict:
    return {"name": name, "mimeType": "image/png", "buffer": content}


def picture() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (40, 40), "teal").save(held, "PNG")
    return held.getvalue()


@pytest.fixture
def organizer(page, live_server):
    person = make_organizer()
    cookie = person.cookies["sessionid"]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return person


@pytest.mark.parametrize(("language", "size"), [("en", DESKTOP), ("zh-hans", PHONE)])
def test_too_large_a_picture_is_refused_as_it_is_chosen(
    page, live_server, organizer, complaints, language, size
):
    page.set_viewport_size(size)
    page.context.add_cookies(
        [{"name": "django_language", "value": language, "url": live_server.url}]
    )
    expert = factories.expert(name_en="Jane Moss")
    page.goto(f"{live_server.url}/admin/events/expert/{expert.pk}/change/")
    page.fill("#id_name_en", "Jane Moss-Hale")
    picker = page.locator("#id_photo")

    picker.set_input_files(file("large.png", b"x" * (12 * MB + 1)))
    expect(page.get_by_role("alert")).to_have_text(TOO_LARGE[language])
    assert picker.evaluate("each => each.files.length") == 0
    picker.set_input_files(file("small.png", picture()))
    expect(page.locator(".not-taken")).to_have_count(0)
    page.locator("[name=_save]").last.click()
    page.wait_for_url("**/expert/")

    expert = Expert.objects.get()
    assert expert.name_en == "Jane Moss-Hale"
    assert expert.photo.name.endswith("-40x40.webp")
    assert complaints == []


def test_several_photos_are_chosen_in_one_go_and_what_does_not_fit_is_named(
    page, live_server, organizer, complaints
):
    page.set_viewport_size(DESKTOP)
    event = factories.event()
    page.goto(f"{live_server.url}/admin/events/event/{event.pk}/files/")
    picker = page.locator("#id_new_photos")

    picker.set_input_files(
        [
            file("one.png", picture()),
            file("large.png", b"x" * (12 * MB + 1)),
            file("two.png", picture()),
        ]
    )
    expect(page.get_by_role("alert")).to_have_text(f"large.png: {TOO_LARGE['en']}")
    assert picker.evaluate("each => [...each.files].map((file) => file.name)") == [
        "one.png",
        "two.png",
    ]
    page.fill("#id_new_caption_en", "At the table")
    page.locator("[name=_save]").last.click()
    expect(page.locator(".messagelist")).to_contain_text("2 photos were added.")

    assert [photo.caption_en for photo in event.photos.all()] == ["At the table"] * 2
    assert complaints == []


def test_pictures_that_are_too_much_together_are_refused_one_by_one(page, live_server, organizer):
    event = factories.event()
    page.goto(f"{live_server.url}/admin/events/event/{event.pk}/files/")
    picker = page.locator("#id_new_photos")

    picker.set_input_files([file(f"{number}.png", b"x" * 11 * MB) for number in range(3)])

    expect(page.locator(".not-taken")).to_contain_text("2.png: The files of this page")
    expect(page.locator(".not-taken")).to_contain_text("larger than 24.0\xa0MB together")
    assert picker.evaluate("each => each.files.length") == 2
