"""Who asks."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.http import HttpRequest

from summit.lib.web.proxies import parse_address

# What one subscriber is given of IPv6 at least.
_ONE_SUBSCRIBER = 64


def address_of(request: HttpRequest) -> str:
    """Return the client's network address, to be recorded; nothing over a Unix socket.

    ``summit.middleware.trusted_proxy`` has put it there: what a client wrote into a header
    itself is not believed.
    """
    return request.META.get("REMOTE_ADDR", "")


def stored_address_of(request: HttpRequest) -> str | None:
    """Return the address as a column of the database takes it; ``None`` over a Unix socket."""
    try:
        # An address of a link names its interface after a per cent sign, which no column takes.
        return str(ip_address(address_of(request).partition("%")[0]))
    except ValueError:
        return None


def network_of(request: HttpRequest) -> str:
    """Return by what tries are counted: the address, of IPv6 its network of 64 bits.

    Whoever has one address of such a network has all of them, and could be new at each try.
    """
    whole = address_of(request)
    parsed = parse_address(whole)
    if not isinstance(parsed, IPv6Address):
        return whole
    network = IPv6Network((parsed, _ONE_SUBSCRIBER), strict=False)
    return str(network.network_address)
