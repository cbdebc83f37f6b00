"""Which proxies are trusted to say who asks."""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple

type Address = IPv4Address | IPv6Address

# Some gateways append the port: 198.51.100.7:50123, [2001:db8::7]:50123.
_WITH_PORT = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+", re.ASCII)


class TrustedProxies(NamedTuple):
    """Whose word is taken for who asks: proxies in these networks, or behind a Unix socket."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    unix: bool = False

    @classmethod
    def parse(cls, texts: list[str]) -> "TrustedProxies":
        """Read ``["127.0.0.1", "10.0.0.0/8", "unix"]``; raise ``ValueError`` for anything else."""
        names = [text.strip() for text in texts if text.strip()]
        networks = tuple(ip_network(name) for name in names if name != "unix")
        return cls(networks, "unix" in names)

    def trusts(self, peer: str) -> bool:
        """Say whether the other end of the connection is a trusted proxy; ``""`` is a socket."""
        if not peer:
            return self.unix
        address = parse_address(peer)
        return address is not None and self.holds(address)

    def holds(self, address: Address) -> bool:
        return any(
            address.version == network.version and address in network for network in self.networks
        )

    def client(self, peer: str, forwarded_for: str) -> str:
        """Return the address that asked the first of the trusted proxies.

        Each proxy appends whom it heard from, so that the list is read from its end:
        the first address that is no proxy of ours is the client, and what stands
        before it is that client's own story. A hop that is no address ends the reading.
        """
        nearest = peer
        for hop in reversed(forwarded_for.split(",")):
            address = parse_address(hop)
            if address is None:
                break
            nearest = str(address)
            if not self.holds(address):
                break
        return nearest


def parse_address(text: str) -> Address | None:
    """Return the address that ``text`` is, with or without a port; an IPv4 one as IPv4."""
    text = text.strip()
    if match := _WITH_PORT.fullmatch(text):
        text = match[1] or match[2]
    # A zone, fe80::1%eth0, may be any text at all.
    if "%" in text:
        return None
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
