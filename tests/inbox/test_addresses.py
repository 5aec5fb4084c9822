"""Addresses of IMAP servers: what is taken, and what is refused with a sentence."""

import pytest

from inbox.addresses import Security, ServerAddress, WrongImapUrlError, imap_address


def test_a_user_name_that_is_an_address_is_read_whole() -> None:
    assert imap_address("imaps://help@example.org@imap.example.org") == ServerAddress(
        host="imap.example.org", port=993, security=Security.TLS, username="help@example.org"
    )


def test_plain_imap_is_taken_for_this_machine() -> None:
    address = imap_address("imap://help%40example.org@127.0.0.1:18143")
    assert (address.username, address.port) == ("help@example.org", 18143)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("imap://help@imap.example.org", "imaps://"),
        ("pop3://help@imap.example.org", "imaps://"),
        ("imaps://imap.example.org", "names no user"),
        ("imaps://help:secret@imap.example.org", "password"),
        ("imaps://help@imap.example.org:99999", "cannot be read"),
        ("imaps://help@imap.example.org/INBOX", "cannot be read"),
        ("imaps://[::1", "cannot be read"),
        ("", "cannot be read"),
    ],
)
def test_an_address_that_cannot_be_used_says_why(url: str, words: str) -> None:
    with pytest.raises(WrongImapUrlError, match=words):
        imap_address(url)
