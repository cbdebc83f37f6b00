"""Public pages under headers that no browser sends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pages import story
from tests.properties.hostile import KNOWN, ask

pytestmark = pytest.mark.django_db

NAMES = [
    *("ACCEPT_LANGUAGE", "COOKIE", "HOST", "X_FORWARDED_FOR", "X_FORWARDED_PROTO", "FORWARDED"),
    *("X_FORWARDED_HOST", "IF_NONE_MATCH", "IF_MODIFIED_SINCE", "IF_UNMODIFIED_SINCE", "IF_MATCH"),
    *("RANGE", "USER_AGENT", "REFERER", "ORIGIN", "AUTHORIZATION", "X_REQUEST_ID", "ACCEPT"),
    *("ACCEPT_ENCODING", "X_REQUESTED_WITH", "EXPECT", "X_HTTP_METHOD_OVERRIDE"),
]
PIECES = [
    *(
        "en",
        "zh-Hans;q=0.5",
        "*;q=x",
        "sessionid=",
        "csrftoken=x",
        "messages=",
        "django_language=xx",
    ),
    *(
        "bytes=0-",
        "bytes=-1",
        "bytes=9-1",
        "W/",
        '"',
        "*",
        "Bearer x",
        "Basic !",
        "127.0.0.1",
        "::1",
    ),
    *("fe80::1%eth0", "999.1.1.1", "evil.example:99999", "testserver", "testserver.", "gzip;q=9"),
]
# As a WSGI server hands headers over: bytes, read as Latin-1, without line breaks.
values = st.lists(
    st.sampled_from(PIECES)
    | st.sampled_from(KNOWN).map(lambda text: text.encode().decode("latin-1"))
    | st.text(st.characters(max_codepoint=255), max_size=40),
    max_size=4,
).map(lambda parts: ", ".join(parts).replace("\r", "").replace("\n", ""))


@pytest.fixture
def addresses(stranger):
    found = [
        *story().addresses(),
        "/",
        "/media/none.webp",
        "/en/no/such/page/",
        "/admin/",
        "/desk/",
    ]
    for path in found:
        stranger.get(path)
    return found


@pytest.mark.parametrize("page_cache", [False, True])
@given(data=st.data(), headers=st.dictionaries(st.sampled_from(NAMES), values, max_size=4))
def test_pages_take_any_header(stranger, addresses, settings, page_cache, data, headers):
    settings.PAGE_CACHE = page_cache
    path = data.draw(st.sampled_from(addresses))

    ask(stranger, "GET", path, **{f"HTTP_{name}": value for name, value in headers.items()})


@given(value=values, path=st.sampled_from(["/en/", "/admin/login/", "/en/no/such/page/"]))
def test_no_page_names_the_host_that_was_asked_for(stranger, addresses, value, path):
    response = ask(stranger, "GET", path, HTTP_X_FORWARDED_HOST=f"evil.example{value}")

    assert "evil.example" not in response.text
