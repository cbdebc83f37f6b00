"""Tickets are scanned on every phone, with the reader of the browser or with jsQR."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from registrations.models import Registration
from summit.lib.drawing.qr import qr_picture
from tests.journeys.conftest import LANGUAGES
from tests.journeys.test_accessibility import violations
from tests.journeys.test_desk import card, heard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZE = (640, 480)
DECODER = "**/vendor/jsqr-*/jsQR*.js"
# A camera that shows a picture, and a reader that reads what the test says.
CAMERA = """
window.stopped = 0;
window.BarcodeDetector = class {
  static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
  detect() { return Promise.resolve(window.code ? [{ rawValue: window.code }] : []); }
};
navigator.mediaDevices.getUserMedia = async () => {
  if (window.refusal) throw new DOMException("no", window.refusal);
  const canvas = document.createElement("canvas");
  canvas.getContext("2d").fillRect(0, 0, 10, 10);
  const stream = canvas.captureStream();
  for (const track of stream.getTracks()) {
    const stop = track.stop.bind(track);
    track.stop = () => { window.stopped += 1; stop(); };
  }
  return stream;
};
"""


def film(path, ticket):
    """Write what a camera sees that a ticket is held before, a bit askew, as a Y4M film."""
    code = Image.open(io.BytesIO(qr_picture(ticket))).convert("L").resize((260, 260))
    scene = Image.new("L", SIZE, 110)
    scene.paste(code.rotate(9, expand=True, fillcolor=110), (170, 90))
    colourless = bytes([128]) * (SIZE[0] * SIZE[1] // 4)
    frame = b"FRAME\n" + scene.tobytes() + colourless * 2
    path.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + frame * 10)


@pytest.fixture
def filmed(event, tmp_path, browser_type, browser_type_launch_args):
    """A browser before whose camera the ticket of 王伟 is held."""
    path = tmp_path / "camera.y4m"
    film(path, Registration.objects.get(name="王伟").ticket)
    arguments = [
        *browser_type_launch_args["args"],
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    ]
    browser = browser_type.launch(**{**browser_type_launch_args, "args": arguments})
    yield browser
    browser.close()


@pytest.fixture
def browser(request, browser):
    """The browser of these tests: the one with a film where the test is about it."""
    return request.getfixturevalue("filmed") if "filmed" in request.fixturenames else browser


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("filmed")
def test_a_browser_without_a_reader_scans_a_ticket(at_desk, complaints, language):
    page = at_desk(language)
    assert page.evaluate("'BarcodeDetector' in window") is False

    page.locator("[data-scan]").click()
    expect(card(page)).to_contain_text("王伟")
    expect(page.locator("dialog.scanner")).to_be_hidden()
    expect(page.locator("#q")).to_have_value(Registration.objects.get(name="王伟").ticket)

    until(page, "document.querySelector('dialog video').srcObject === null")
    assert complaints == []


@pytest.mark.usefixtures("filmed")
def test_a_decoder_that_was_not_loaded_says_so_and_is_loaded_by_the_next_scan(at_desk, page):
    page.route(DECODER, lambda route: route.abort())
    at_desk()

    page.locator("[data-scan]").click()
    expect(page.locator("dialog.scanner [role=alert]")).to_contain_text("could not be loaded")
    assert violations(page) == []
    page.locator("[data-close]").click()
    page.unroute(DECODER)
    page.locator("[data-scan]").click()
    expect(card(page)).to_contain_text("王伟")


def test_a_browser_with_a_reader_loads_no_other(at_desk, page):
    page.add_init_script(CAMERA)
    loaded = []
    page.on("request", lambda request: loaded.append(request.url))
    at_desk()
    page.locator("[data-scan]").click()
    until(page, "document.querySelector('dialog video').srcObject !== null")

    assert [url for url in loaded if "desk-scan" in url]
    assert [url for url in loaded if "vendor" in url] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("is_secure", "words"), [("true", "data-none"), ("false", "data-insecure")]
)
def test_a_browser_that_gives_no_camera_says_why(at_desk, page, language, is_secure, words):
    page.add_init_script(
        "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"
        f"Object.defineProperty(window, 'isSecureContext', {{ value: {is_secure} }});"
    )
    at_desk(language)

    page.locator("[data-scan]").click()
    dialog = page.locator("dialog.scanner")
    expect(dialog.locator("[role=alert]")).to_have_text(dialog.get_attribute(words).strip())
    dialog.locator("[data-close]").click()
    expect(page.locator("#q")).to_be_editable()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_camera_finds_a_code_and_stops(at_desk, page, complaints, language):
    page.add_init_script(CAMERA)
    at_desk(language)
    ticket = Registration.objects.get(name="王伟").ticket

    page.locator("[data-scan]").click()
    expect(page.locator("dialog.scanner video")).to_be_visible()
    broken = violations(page)
    page.evaluate("code => { window.code = code }", ticket)
    expect(card(page)).to_contain_text("王伟")
    expect(page.locator("dialog.scanner")).to_be_hidden()
    expect(page.locator("#q")).to_have_value(ticket)
    assert page.evaluate("window.stopped") == 1

    page.evaluate("window.code = 'https://example.org/'")
    page.locator("[data-scan]").click()
    expect(page.locator(".door-results .desk-note")).to_be_visible()
    assert page.locator("[data-scanned]").input_value() == ""
    assert broken == []
    assert heard(complaints) == []


@pytest.mark.parametrize("refusal", ["NotAllowedError", "NotFoundError", "NotReadableError"])
def test_a_camera_that_may_not_be_used_says_so(at_desk, page, refusal):
    page.add_init_script(CAMERA)
    at_desk()
    page.evaluate("refusal => { window.refusal = refusal }", refusal)

    page.locator("[data-scan]").click()
    note = page.locator("dialog.scanner [role=alert]")
    expect(note).to_contain_text(
        "The camera may not be used." if refusal == "NotAllowedError" else "has no camera"
    )
    assert violations(page) == []
    page.locator("[data-close]").click()
    expect(page.locator("dialog.scanner")).to_be_hidden()


def until(page, expression):
    """Wait for a condition; Playwright's own waiting asks again by eval, which is forbidden."""
    for _each in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never so: {expression}")


def test_closing_stops_the_camera(at_desk, page):
    page.add_init_script(CAMERA)
    at_desk()

    page.locator("[data-scan]").click()
    expect(page.locator("dialog.scanner video")).to_be_visible()
    until(page, "document.querySelector('dialog video').srcObject !== null")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.scanner")).to_be_hidden()

    until(page, "window.stopped === 1")
