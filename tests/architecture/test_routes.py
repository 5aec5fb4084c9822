from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from triage.accounts.access import LIBRARY_PAGES


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, path)
        else:
            yield path, entry


def test_every_page_states_what_it_needs() -> None:
    silent = [
        path
        for path, entry in routes(get_resolver())
        if not hasattr(entry.callback, "muster_need")
        and not entry.callback.__module__.startswith(LIBRARY_PAGES)
    ]
    assert silent == []
