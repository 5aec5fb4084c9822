"""Telling a chat channel or pager: one POST, no retry of its own."""

import json
from collections.abc import Mapping
from datetime import datetime
from http.client import HTTPException
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import structlog

log = structlog.get_logger("muster.notices")

WAIT_SECONDS = 5.0


def post_alert(
    url: str, *, alert_id: int, cause: str, text: str, raised_at: datetime, page: str
) -> bool:
    """Posts one alert as JSON and tells whether it was taken; a failure is logged, never raised.

    `text` says it all, for channels that show nothing else.
    """
    told = {
        "text": f"Muster: {text} {page}",
        "alert": alert_id,
        "cause": cause,
        "raised_at": raised_at.isoformat(),
        "url": page,
    }
    return post(url, told, about=f"alert {alert_id}")


def post(url: str, told: Mapping[str, object], *, about: str) -> bool:
    """Posts this as JSON and tells whether it was taken; `about` is all that the log says of it."""
    if urlsplit(url).scheme not in {"http", "https"}:
        log.warning("MUSTER_ALERT_WEBHOOK is no web address")
        return False
    headers = {"Content-Type": "application/json"}
    request = Request(url, json.dumps(told).encode(), headers, method="POST")  # noqa: S310
    try:
        with urlopen(request, timeout=WAIT_SECONDS):  # noqa: S310 - the admin's own address
            return True
    except (URLError, OSError, ValueError, HTTPException) as error:
        log.warning("not posted", about=about, error=type(error).__name__)
        return False
