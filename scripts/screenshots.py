"""Takes pictures of every kind of page, in both languages, at both widths, into screenshots/.

    make screenshots                       everything
    make screenshots ARGS="event session"  the pages whose names hold one of the words
    make screenshots ARGS=readme           the two of the README, into docs/pictures/

Runs a server of its own on demonstration data of its own; both go afterwards.
"""

import io
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser import find_chromium  # noqa: E402 - after the path is known

OUT = ROOT / "screenshots"
LANGUAGES = ("en", "zh-hans")
WIDTHS = (360, 1280)
SUMMIT = "events/2020-shijiazhuang-british-biomedical-summit/"
PAGES = {
    "home": "",
    "events": "events/",
    "events-past": "events/?when=past",
    "event": SUMMIT,
    "event-upcoming": "events/2027-shijiazhuang-british-project-docking-summit/",
    "event-cancelled": "events/2026-medical-instrument-exhibition/",
    "session": SUMMIT + "programme/blood-tests-away-from-the-laboratory/",
    "series-list": "series/",
    "series": "series/2020-shijiazhuang-international-biomedical-series/",
    "experts": "experts/",
    "organizations": "organizations/",
    "projects": "projects/",
    "projects-found": "projects/?q=blood",
    "projects-none": "projects/?q=zzzz",
    "intentions": "intentions/",
    "about": "about/",
    "privacy": "privacy/",
    "not-found": "nothing-here/",
}
# The first link of a list leads to the page of one of its things.
FIRST = {
    "expert": (SUMMIT, ".expert-card a"),
    "organization": (SUMMIT, ".title-facts a"),
    "project": (SUMMIT, ".project-card a"),
    "intention": ("intentions/", ".intention-parties a"),
}
DARK = ("home", "event", "session", "project", "intentions")
PRINTED = ("event", "project")
ADMIN = {
    "admin-desk": "admin/",
    "admin-events": "admin/events/event/",
    "admin-event": "admin/events/event/?q=2020",
    "admin-experts": "admin/events/expert/",
    "admin-projects": "admin/projects/project/",
    "admin-intentions": "admin/projects/cooperationintention/",
}


def main() -> int:
    chromium = find_chromium()
    if chromium is None:
        print("No Chromium found; CHROMIUM=/path/to/chromium names one.")
        return 1
    OUT.mkdir(exist_ok=True)
    words = sys.argv[1:]
    with demo_site() as (address, password), sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        if words == ["readme"]:
            take_for_readme(browser, address, password)
            return 0
        taken = take_public(browser, address, words) + take_admin(browser, address, password, words)
        browser.close()
    print(f"{taken} pictures in {OUT.relative_to(ROOT)}/")
    return 0


@contextmanager
def demo_site() -> Iterator[tuple[str, str]]:
    """Run the site on a free port with fresh demonstration data; yield address and password."""
    password = secrets.token_urlsafe(16)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="summit-screenshots-") as directory:
        # As a server runs it, so that the error pages are the site's own.
        env = os.environ | {
            "DATA_DIR": directory,
            "STATIC_ROOT": f"{directory}/static",
            "DEBUG": "false",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "127.0.0.1",
            "SITE_URL": f"http://127.0.0.1:{port}",
            "STAFF_OTP": "false",
            "LOG_LEVEL": "WARNING",
        }
        env.pop("DATABASE_URL", None)
        manage(env, "migrate", "--verbosity", "0")
        manage(env, "collectstatic", "--noinput", "--verbosity", "0")
        manage(env, "demo", f"--organizer-password={password}")
        command = [sys.executable, "manage.py", "runserver", "--noreload", str(port)]
        quiet = subprocess.DEVNULL
        server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=quiet, stderr=quiet)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/robots.txt", server)
            yield address, password
        finally:
            server.terminate()
            server.wait()


def manage(env: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        if server.poll() is not None:
            raise SystemExit("The server stopped before it answered.")
        try:
            urllib.request.urlopen(url, timeout=5)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The server does not answer.")


def take_public(browser: Browser, address: str, words: list[str]) -> int:
    taken = 0
    for language in LANGUAGES:
        base = f"{address}/{language}/"
        for width in WIDTHS:
            pages = {name: base + path for name, path in PAGES.items()}
            page = browser.new_page(viewport={"width": width, "height": 800})
            for name, (path, link) in FIRST.items():
                page.goto(base + path)
                pages[name] = f"{address}{page.locator(link).first.get_attribute('href')}"
            for name, url in pages.items():
                if not wanted(name, words):
                    continue
                taken += shoot(page, url, f"{name}.{language}.{width}")
                if name in DARK:
                    page.emulate_media(color_scheme="dark")
                    taken += shoot(page, url, f"{name}.{language}.{width}.dark")
                    page.emulate_media(color_scheme="light")
                if name in PRINTED and width == WIDTHS[-1]:
                    page.pdf(path=OUT / f"{name}.{language}.pdf", format="A4")
                    taken += 1
            page.close()
    return taken


def take_for_readme(browser: Browser, address: str, password: str) -> None:
    """Save what a visitor and an organizer see of one event, each as a small picture."""
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    page.goto(f"{address}/en/{PAGES['event-upcoming']}")
    save_small(page, "site")
    log_in(page, address, password)
    overview = first_of_list(page, f"{address}/admin/events/event/?q=2027+british")
    page.goto(urljoin(overview, "../programme/"))
    save_small(page, "admin")


def save_small(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready")
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.thumbnail((960, 960))
    picture.save(ROOT / "docs" / "pictures" / f"{name}.webp", quality=75, method=6)


def log_in(page: Page, address: str, password: str) -> None:
    page.goto(f"{address}/admin/login/?next=/admin/")
    page.fill("#id_username", "organizer")
    page.fill("#id_password", password)
    page.click("[type=submit]")


def first_of_list(page: Page, url: str) -> str:
    """Return the address of the first row of a list of the admin."""
    page.goto(url)
    link = page.locator("#result_list tbody th a").first.get_attribute("href")
    return urljoin(url, link)


def take_admin(browser: Browser, address: str, password: str, words: list[str]) -> int:
    taken = 0
    for width in WIDTHS:
        page = browser.new_page(viewport={"width": width, "height": 800})
        log_in(page, address, password)
        for name, path in ADMIN.items():
            if not wanted(name, words):
                continue
            url = f"{address}/{path}"
            if name == "admin-event":
                url = first_of_list(page, url)
            taken += shoot(page, url, f"{name}.{width}")
        page.close()
    return taken


def wanted(name: str, words: list[str]) -> bool:
    return not words or any(word in name for word in words)


def shoot(page: Page, url: str, name: str) -> int:
    """Save the whole page, with the pictures that load only when they come into view."""
    page.goto(url)
    page.evaluate(
        """async () => {
            for (let y = 0; y < document.body.scrollHeight; y += 700) {
                scrollTo(0, y);
                await new Promise((done) => setTimeout(done, 30));
            }
            scrollTo(0, 0);
            await new Promise((done) => setTimeout(done, 100));
        }"""
    )
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.screenshot(path=OUT / f"{name}.png", full_page=True)
    print(f"  {name}{'  (wider than the window)' if wide else ''}", flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
