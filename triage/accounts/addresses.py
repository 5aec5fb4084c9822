"""Addresses: which machine a request comes from, and whether mail can reach somebody."""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network


def client_address(*, peer: str, forwarded: str, trusted: Sequence[str]) -> str:
    """Gives the nearest address that is not one of our own proxies.

    `peer` is who connected, `forwarded` the X-Forwarded-For header, `trusted` addresses or
    networks of our proxies. The header is read from the right and only as far as our own proxies
    vouch for it, since everything further left can be made up by anyone.
    """
    address = peer
    for earlier in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
        if not _is_trusted(address, trusted):
            break
        address = earlier
    return address


def _is_trusted(address: str, trusted: Sequence[str]) -> bool:
    try:
        here = ip_address(address)
        return any(here in ip_network(network, strict=False) for network in trusted)
    except ValueError:
        return False


def can_get_mail(email: str) -> bool:
    """Tells whether mail may be sent there: never to `.invalid` (RFC 2606), which stands for none.

    People who came by a printed code have such an address.
    """
    return not email.lower().rstrip(".").endswith(".invalid")
