"""Who asks and over which scheme: believed of configured proxies, and of nobody else."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from summit.lib.web import client_network
from summit.lib.web.proxies import TrustedProxies
from summit.middleware.trusted_proxy import TrustedProxyMiddleware

HEADERS = {
    "HTTP_X_FORWARDED_FOR": "6.6.6.6",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_PORT": "443",
    "HTTP_X_FORWARDED_PREFIX": "/x",
    "HTTP_X_FORWARDED": "for=6.6.6.6",
    "HTTP_FORWARDED": "for=6.6.6.6;proto=https;host=evil.example",
    "HTTP_X_REAL_IP": "6.6.6.6",
    "HTTP_X_REQUEST_ID": "0123456789abcdef",
    "HTTP_X_FORWARDED_METHOD": "POST",
}


def passed(settings, trusted, peer, **headers):
    """The request as views see it."""
    settings.TRUSTED_PROXIES = TrustedProxies.parse(trusted)
    seen = []

    def view(request):
        seen.append(request)
        return HttpResponse()

    request = RequestFactory().get("/", REMOTE_ADDR=peer, **headers)
    TrustedProxyMiddleware(view)(request)
    return seen[0]


@pytest.mark.parametrize("trusted", [[], ["10.0.0.0/8"], ["unix"], ["::1"]])
def test_stranger_says_nothing_about_themselves(settings, trusted):
    request = passed(settings, trusted, "203.0.113.9", **HEADERS)

    assert client_network.address_of(request) == "203.0.113.9"
    assert request.scheme == "http"
    assert not HEADERS.keys() & request.META.keys()
    assert not {"X-Forwarded-For", "Forwarded", "X-Real-Ip"} & set(request.headers)


def test_trusted_proxy_says_who_asks_over_which_scheme_and_under_which_id(settings):
    request = passed(settings, ["127.0.0.1"], "127.0.0.1", **HEADERS)

    assert client_network.address_of(request) == "6.6.6.6"
    assert request.scheme == "https"
    assert request.META["HTTP_X_REQUEST_ID"] == "0123456789abcdef"
    assert HEADERS.keys() & request.META.keys() == {
        "HTTP_X_FORWARDED_PROTO",
        "HTTP_X_REQUEST_ID",
        "HTTP_X_FORWARDED_METHOD",
    }


def test_host_is_never_taken_from_a_proxy(settings):
    settings.USE_X_FORWARDED_HOST = True

    request = passed(settings, ["127.0.0.1"], "127.0.0.1", **HEADERS)

    assert request.get_host().partition(":")[0] == "testserver"


@pytest.mark.parametrize(
    ("forwarded_for", "address"),
    [
        ("", "10.0.0.1"),
        ("203.0.113.9", "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("6.6.6.6,nonsense", "10.0.0.1"),
        ("6.6.6.6, nonsense, 10.0.0.2", "10.0.0.2"),
        ("6.6.6.6, unknown,203.0.113.9:50123", "203.0.113.9"),
        ("[2001:db8::9]:50123", "2001:db8::9"),
        ("6.6.6.6, ::ffff:203.0.113.9", "203.0.113.9"),
        ("6.6.6.6, fe80::1%<script>", "10.0.0.1"),
        ("6.6.6.6,", "10.0.0.1"),
        ("６.６.６.６", "10.0.0.1"),
        ("010.1.1.1", "10.0.0.1"),
    ],
)
def test_client_is_the_last_address_that_is_no_proxy(settings, forwarded_for, address):
    request = passed(settings, ["10.0.0.0/8"], "10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded_for)

    assert client_network.address_of(request) == address


@pytest.mark.parametrize(
    ("proto", "scheme"),
    [
        ("https", "https"),
        ("HTTPS", "https"),
        ("http, https", "https"),
        ("https, http", "http"),
        ("https,", "http"),
        ("ftp", "http"),
        ("", "http"),
    ],
)
def test_scheme_is_the_nearest_proxys_word(settings, proto, scheme):
    request = passed(settings, ["10.0.0.1"], "10.0.0.1", HTTP_X_FORWARDED_PROTO=proto)

    assert request.scheme == scheme


@pytest.mark.parametrize(("trusted", "address"), [(["unix"], "6.6.6.6"), (["127.0.0.1"], "")])
def test_socket_is_trusted_where_it_is_named(settings, trusted, address):
    request = passed(settings, trusted, "", HTTP_X_FORWARDED_FOR="6.6.6.6")

    assert client_network.address_of(request) == address


@pytest.mark.parametrize(
    ("peer", "source"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("::ffff:203.0.113.9", "::ffff:203.0.113.9"),
        ("fe80::1%eth0", "fe80::1%eth0"),
        ("", ""),
    ],
)
def test_tries_are_counted_by_the_network_of_one_subscriber(settings, peer, source):
    assert client_network.network_of(passed(settings, [], peer)) == source


def test_mapped_address_of_the_peer_is_the_network_that_it_is():
    assert TrustedProxies.parse(["127.0.0.1"]).trusts("::ffff:127.0.0.1")


hops = st.one_of(
    st.ip_addresses().map(str), st.text(max_size=20), st.sampled_from(["10.0.0.7", "", " "])
)


@given(story=st.lists(hops, max_size=6), real=st.ip_addresses(v=4))
def test_no_story_of_the_client_moves_its_address(story, real):
    proxies = TrustedProxies.parse(["10.0.0.0/8"])
    if proxies.holds(real):
        return
    said = ",".join([*(hop.replace("\n", "") for hop in story), str(real)])

    assert proxies.client("10.0.0.1", said) == str(real)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("peer", "given", "is_taken"),
    [
        ("127.0.0.1", "0123456789abcdef", True),
        ("203.0.113.9", "0123456789abcdef", False),
        ("127.0.0.1", "short", False),
        ("127.0.0.1", "x" * 65, False),
        ("127.0.0.1", "0123456789\u0661", False),
        ("127.0.0.1", 'with "quotes" and spaces', False),
    ],
)
def test_id_of_a_request_is_taken_from_a_trusted_proxy_where_it_is_one(
    client, settings, peer, given, is_taken
):
    settings.TRUSTED_PROXIES = TrustedProxies.parse(["127.0.0.1"])

    response = client.get("/robots.txt", REMOTE_ADDR=peer, HTTP_X_REQUEST_ID=given)

    assert (response["X-Request-ID"] == given) is is_taken
    assert len(response["X-Request-ID"]) >= 8
