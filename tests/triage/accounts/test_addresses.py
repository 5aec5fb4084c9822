import pytest

from triage.accounts.addresses import client_address


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "address"),
    [
        ("203.0.113.9", "", [], "203.0.113.9"),
        ("203.0.113.9", "198.51.100.7", [], "203.0.113.9"),
        ("10.0.0.2", "198.51.100.7", ["10.0.0.0/8"], "198.51.100.7"),
        ("10.0.0.2", "1.2.3.4, 198.51.100.7", ["10.0.0.2"], "198.51.100.7"),
        ("10.0.0.2", "198.51.100.7, 10.0.0.3", ["10.0.0.0/8"], "198.51.100.7"),
        ("local", "198.51.100.7", ["10.0.0.0/8"], "local"),
    ],
)
def test_only_our_own_proxies_are_believed(
    peer: str, forwarded: str, trusted: list[str], address: str
) -> None:
    assert client_address(peer=peer, forwarded=forwarded, trusted=trusted) == address
