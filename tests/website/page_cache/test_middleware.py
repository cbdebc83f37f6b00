import datetime as dt
import gzip

import pytest
import time_machine
from django.conf.urls.i18n import i18n_patterns
from django.core.cache import caches
from django.http import HttpResponse, StreamingHttpResponse
from django.template import engines
from django.test import Client
from django.urls import path
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

from events.domain import event as domain
from events.models import Event
from tests import cast, factories
from website.page_cache import cached_page, middleware

pytestmark = pytest.mark.django_db(transaction=True)
GZIP = {"Accept-Encoding": "br, gzip"}
renders = []


def page(request):
    renders.append(request.get_full_path())
    events = Event.objects.visible_to(request.user)
    titles = [f"{event.title_en} {'over' if event.is_over else 'ahead'}" for event in events]
    return HttpResponse(f"{request.get_host()}: {', '.join(titles)}{' ' * 300}")


def with_cookie(request):
    response = page(request)
    response.set_cookie("visited", "yes")
    return response


def with_nonce(request):
    renders.append(request.path)
    template = engines["django"].from_string("{{ csp_nonce }}")
    return HttpResponse(template.render({"csp_nonce": request._csp_nonce}, request))


def with_language(request):
    response = page(request)
    response.headers["Vary"] = "Accept-Language"
    return response


def streamed(request):
    renders.append(request.path)
    return StreamingHttpResponse(iter(["streamed"]))


def missing(request):
    renders.append(request.path)
    return HttpResponse("no such page", status=404)


def _public(route, view):
    view.login_required = False
    return path(route, view)


REFUSED = {
    "cookie/": cached_page(with_cookie),
    "nonce/": cached_page(csp_override({"script-src": [CSP.SELF, CSP.NONCE]})(with_nonce)),
    "language/": cached_page(with_language),
    "streamed/": cached_page(streamed),
    "missing/": cached_page(missing),
    "not-opted-in/": page,
}
urlpatterns = i18n_patterns(
    _public("page/", cached_page(page)),
    *(_public(route, view) for route, view in REFUSED.items()),
)


@pytest.fixture(autouse=True)
def _cache_on(settings):
    settings.PAGE_CACHE = True
    settings.ROOT_URLCONF = __name__
    renders.clear()


@pytest.fixture
def event():
    return factories.event(title_en="Summit")


def _without_id(response):
    return {name: value for name, value in response.headers.items() if name != "X-Request-ID"}


def test_page_is_rendered_once(client, event, django_assert_num_queries):
    first = client.get("/en/page/?day=1")
    with django_assert_num_queries(1):
        second = client.get("/en/page/?day=1")

    assert first.content == second.content
    assert first["X-Request-ID"] != second["X-Request-ID"]
    assert _without_id(first) == _without_id(second)
    assert renders == ["/en/page/?day=1"]


def test_page_is_compressed_once(client, event):
    first, second = (client.get("/en/page/", headers=GZIP) for _ in range(2))
    plain = client.get("/en/page/")

    assert first.content == second.content
    assert gzip.decompress(second.content) == plain.content
    assert second["Content-Encoding"] == "gzip"
    assert second["Content-Length"] == str(len(second.content))
    assert "Content-Encoding" not in plain
    assert len(renders) == 2


def test_other_spellings_of_accept_encoding_share_a_page(client, event):
    for value in ("gzip", "gzip, deflate, br", "deflate;q=0.5, gzip;q=1.0", "x", ""):
        client.get("/en/page/", headers={"Accept-Encoding": value})

    assert len(renders) == 2


def test_browser_keeps_it_and_asks_each_time(client, event):
    response = client.get("/en/page/")

    assert response["Cache-Control"] == "no-cache"
    assert set(response["Vary"].split(", ")) == {"Accept-Encoding", "Cookie"}
    assert response["ETag"].startswith('W/"')


@pytest.mark.parametrize("encoding", ["gzip", ""])
def test_browser_that_has_the_page_gets_304(client, event, encoding):
    headers = {"Accept-Encoding": encoding}
    etag = client.get("/en/page/", headers=headers)["ETag"]

    response = client.get("/en/page/", headers={**headers, "If-None-Match": f'"other", {etag}'})

    assert (response.status_code, response.content) == (304, b"")
    assert response["ETag"] == etag
    assert response["Cache-Control"] == "no-cache"
    assert "Cookie" in response["Vary"]


def test_304_needs_no_page_in_memory(client, event):
    etag = client.get("/en/page/", headers=GZIP)["ETag"]
    caches["pages"].clear()

    response = client.get("/en/page/", headers={**GZIP, "If-None-Match": etag})

    assert response.status_code == 304


def test_page_that_reads_the_same_after_a_write_is_still_304(client, event):
    etag = client.get("/en/page/")["ETag"]
    factories.organization()

    response = client.get("/en/page/", headers={"If-None-Match": etag})

    assert response.status_code == 304
    assert len(renders) == 2


def test_page_that_reads_otherwise_after_a_write_is_sent(client, event):
    etag = client.get("/en/page/")["ETag"]
    Event.objects.update(title_en="Forum")

    response = client.get("/en/page/", headers={"If-None-Match": etag})

    assert response.status_code == 200
    assert "Forum" in response.text


def test_head_is_answered_from_a_kept_page_without_its_body(client, event):
    length = client.get("/en/page/")["Content-Length"]

    response = client.head("/en/page/")

    assert (response.content, response["Content-Length"]) == (b"", length)
    assert len(renders) == 1


def test_head_keeps_nothing(client, event):
    client.head("/en/page/")

    assert client.get("/en/page/").content
    assert len(renders) == 2


@pytest.mark.parametrize("route", REFUSED)
def test_response_that_is_not_for_everybody_or_not_a_page_is_not_kept(client, event, route):
    for _ in range(2):
        client.get(f"/en/{route}")
        client.cookies.clear()

    assert len(renders) == 2


def test_post_is_not_answered_from_memory(client, event):
    client.get("/en/page/")
    client.post("/en/page/")

    assert len(renders) == 2


def test_hosts_and_schemes_do_not_mix(client, event):
    asked = [("testserver", False), ("localhost", False), ("localhost", True)]

    shown = [client.get("/en/page/", headers={"Host": h}, secure=s).text for h, s in asked * 2]

    assert [text.split(":")[0] for text in shown] == ["testserver", "localhost", "localhost"] * 2
    assert len(renders) == 3


def test_unknown_host_is_refused(client, event):
    assert client.get("/en/page/", headers={"Host": "elsewhere.example"}).status_code == 400


def test_staff_neither_see_kept_pages_nor_leave_theirs(client):
    factories.event(title_en="Draft", status="draft")
    organizer = cast.make_superuser()
    assert "Draft" not in client.get("/en/page/").text

    preview = organizer.get("/en/page/")

    assert "Draft" in preview.text
    assert preview["Cache-Control"] == "private, no-cache"
    assert "ETag" not in preview
    assert "Draft" not in client.get("/en/page/").text
    assert len(renders) == 2


@pytest.mark.parametrize(
    "headers",
    [{"Authorization": "Basic eDp4"}, {"Cookie": "sessionid=x"}, {"Cookie": "messages=x"}],
)
def test_visitor_who_may_be_known_gets_a_page_of_their_own(client, event, headers):
    client.get("/en/page/")
    client.get("/en/page/", headers=headers)

    assert len(renders) == 2


def test_cookie_that_says_nothing_of_a_log_in_does_not_matter(client, event):
    client.get("/en/page/")
    client.get("/en/page/", headers={"Cookie": "django_language=en; theme=dark"})

    assert len(renders) == 1


def test_publishing_and_cancelling_show_at_once(client):
    event = factories.event(title_en="Docking", status="draft")
    assert "Docking" not in client.get("/en/page/").text

    domain.publish(event)
    assert "Docking" in client.get("/en/page/").text

    domain.cancel(event)
    client.get("/en/page/")
    assert len(renders) == 3


def test_end_of_an_event_shows_at_once(client):
    end = dt.datetime(2030, 5, 1, 8, 7, tzinfo=dt.UTC)
    factories.event(starts_at=end - dt.timedelta(hours=4), ends_at=end)

    with time_machine.travel(end - dt.timedelta(minutes=6), tick=False) as clock:
        assert "ahead" in client.get("/en/page/").text
        clock.move_to(end - dt.timedelta(microseconds=1))
        assert "ahead" in client.get("/en/page/").text
        assert len(renders) == 1

        clock.move_to(end)
        assert "over" in client.get("/en/page/").text
        clock.move_to(end - dt.timedelta(minutes=6))
        assert "ahead" in client.get("/en/page/").text


def test_midnight_of_the_site_begins_a_new_page(client, event):
    midnight = dt.datetime(2030, 5, 1, 16, tzinfo=dt.UTC)

    with time_machine.travel(midnight - dt.timedelta(seconds=1), tick=False) as clock:
        client.get("/en/page/")
        clock.move_to(midnight)
        client.get("/en/page/")

    assert len(renders) == 2


def test_endless_query_strings_push_nothing_out(client, event):
    client.get("/en/page/")
    for number in range(20):
        client.get("/en/page/", {"q": "x" * 200 + str(number)})

    client.get("/en/page/")

    assert len(renders) == 21


def test_memory_is_bounded(client, event, settings):
    pages = caches["pages"]
    limit = settings.CACHES["pages"]["OPTIONS"]["MAX_ENTRIES"]
    for number in range(limit):
        pages.set(f"page-{number}", b"")

    for number in range(5):
        client.get("/en/page/", {"q": number})

    assert len(pages._cache) <= limit


def test_huge_page_is_not_kept(client, event, monkeypatch):
    monkeypatch.setattr(middleware, "MAX_BODY_BYTES", 100)

    client.get("/en/page/")
    client.get("/en/page/")

    assert len(renders) == 2


def test_hostile_queries_are_answered(client, event):
    for target in ("/en/page/?%00=%ff", "/en/page/?" + "&" * 150, "/en/page/?=&&=?"):
        assert [client.get(target).status_code for _ in range(2)] == [200, 200]


def test_setting_switches_it_off(client, event, settings):
    settings.PAGE_CACHE = False

    responses = [client.get("/en/page/") for _ in range(2)]

    assert len(renders) == 2
    assert [response["Cache-Control"] for response in responses] == ["no-cache"] * 2


def test_processes_agree_on_the_etag(event):
    etags = set()
    for _ in range(2):
        etags.add(Client().get("/en/page/", headers=GZIP)["ETag"])
        caches["pages"].clear()

    assert len(etags) == 1
    assert len(renders) == 2
