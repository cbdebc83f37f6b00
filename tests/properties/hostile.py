"""What the internet sends, and what an answer to it has to be."""

import gzip
from urllib.parse import quote, quote_from_bytes

from django.db import connection, reset_queries, transaction
from django.http import HttpResponseBase
from django.test.utils import CaptureQueriesContext
from hypothesis import strategies as st

from tests.cast import Person
from tests.test_query_counts import MOST, PAGES

FORM = "application/x-www-form-urlencoded"
# No page of ours has this element, so wherever it stands it was echoed.
MARK = "<zq onload=alert(1)>"
KNOWN = [
    *("", " ", "\x00", "a\x00b", "\r\nSet-Cookie: a=b", "\u202eabc", "\u3000", "\ufeff", "𝕏" * 300),
    *("-1", "0", "1e999", "NaN", "inf", "٣", "²", "9" * 30, "9" * 5000, "x" * 5000, "None", "true"),
    *("2026-02-30", "9999-12-31", "0001-01-01", "2026-01-01T25:61", "2026-01-01 00:00:00+99:99"),
    *(
        "../../etc/passwd",
        "//evil.example",
        "javascript:alert(1)",
        "{{ 7*7 }}",
        "%s%n",
        "' OR 1=1--",
    ),
    *(f'"{MARK}', f"'>{MARK}", f"</title></script>{MARK}", f"a@{MARK}.example", "a@b.example"),
]
texts = st.sampled_from(KNOWN) | st.text(max_size=60)
# Percent-encoded as an address or a form carries it: any bytes at all, UTF-8 or not.
encoded = (
    texts.map(lambda text: quote(text.encode("utf-8", "surrogatepass"), safe=""))
    | st.binary(max_size=20).map(lambda data: quote_from_bytes(data, safe=""))
    | st.sampled_from(["%", "%zz", "%u0041", "+", "%ff%fe", "%c0%af", "%ed%a0%80"])
)


def pairs(names: list[str], *, most: int = 6) -> st.SearchStrategy[str]:
    """Query strings and bodies of forms: these names, some twice, and others that nobody knows."""
    name = st.sampled_from([quote(each) for each in names]) | encoded
    pair = st.tuples(name, encoded).map("=".join) | name
    return st.lists(pair, max_size=most).map("&".join)


def budget_of(response: HttpResponseBase) -> int:
    match = response.wsgi_request.resolver_match
    return max(MOST, PAGES.get(match.view_name, 0) if match else 0)


def ask(
    person: Person, method: str, path: str, *, body: str = "", budget: int = 0, **extra: object
) -> HttpResponseBase:
    """Send the request, hold its answer to what every answer has to be, and undo what it did.

    Without a ``budget`` it may take ``MOST`` queries, or what its page is known to cost.
    """
    # The log of queries is of limited length, and the examples are many.
    reset_queries()
    with transaction.atomic():
        with CaptureQueriesContext(connection) as queries:
            response = person.generic(method, path, body, content_type=FORM, **extra)
        transaction.set_rollback(True)
    assert response.status_code < 500
    assert len(queries) <= (budget or budget_of(response)), [query["sql"] for query in queries]
    assert "Content-Security-Policy" in response.headers
    if response.headers.get("Content-Type", "").startswith("text/html"):
        is_zipped = response.headers.get("Content-Encoding") == "gzip"
        text = gzip.decompress(response.content).decode() if is_zipped else response.text
        assert MARK not in text
        assert "Traceback" not in text
    return response


def is_refused_null(response, body) -> bool:
    """Whether a form was refused for the null character that it holds."""
    return response.status_code == 400 and "%00" in body
