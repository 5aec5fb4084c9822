"""Every page of the resolver, and what somebody gets there."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver

from tests.triage.matrix.cast import NO_WAY, STRANGER, Allowed
from triage.accounts.models import User


def names(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every page's full name with its pattern."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from names(entry, inner)
        else:
            yield f"{space}{entry.name}", entry


def answer(user: User | None, method: str, address: str, posted: dict[str, str]) -> HttpResponse:
    """What this person gets; whatever it changed is undone, so that no page spoils the next."""
    client = Client(raise_request_exception=False)
    with transaction.atomic():
        if user is not None:
            client.force_login(user)
        given = client.get(address) if method == "GET" else client.post(address, posted)
        transaction.set_rollback(True)
    return given


def verdict(given: HttpResponse) -> str:
    """What happened at the door."""
    if given.status_code == 405:
        return "wrong method"
    if given.status_code == 403:
        return "refused"
    if given.status_code == 302 and given.headers["Location"].partition("?")[0] == "/login/":
        return "asked to log in"
    return "broken" if given.status_code >= 500 else "let in"


def expected(role: str, allowed: Allowed, name: str) -> set[str]:
    """What the table says should happen at the door."""
    if name == "account_logout":
        return {"let in", "asked to log in"}  # logging out leads to the login page
    if role in allowed:
        return {"let in"}
    outside = {"asked to log in"} if role == STRANGER else {"refused"}
    return outside | {"wrong method"} if allowed is NO_WAY else outside
