"""What must hold before this installation serves people: `manage.py check --deploy`."""

import os
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from inbox.failpoints import VARIABLE


@register(Tags.security, deploy=True)
def no_failpoint_is_set(app_configs: Sequence[Any] | None, **_more: object) -> list[CheckMessage]:
    """Finds a failpoint: it kills processes on purpose, which belongs in tests only."""
    name = os.environ.get(VARIABLE, "")
    if not name:
        return []
    return [
        Error(
            f"{VARIABLE}={name} is set: a process will kill itself there.",
            hint=f"Take {VARIABLE} out of the environment.",
            id="muster.E001",
        )
    ]


@register(Tags.security, deploy=True)
def second_factors_are_asked_for(
    app_configs: Sequence[Any] | None, **_more: object
) -> list[CheckMessage]:
    """Finds that admins and supervisors may log in with a password alone."""
    if settings.MUSTER_REQUIRE_MFA:
        return []
    return [
        Warning(
            "MUSTER_REQUIRE_MFA=0: admins and supervisors log in with a password alone.",
            hint="Leave it out, or set it to 1, once people have set up a second factor.",
            id="muster.W001",
        )
    ]


@register(Tags.security, deploy=True)
def this_is_no_demo(app_configs: Sequence[Any] | None, **_more: object) -> list[CheckMessage]:
    """Finds the demo's switch: its people have known passwords."""
    if not settings.MUSTER_DEMO:
        return []
    return [
        Error(
            "MUSTER_DEMO=1: this is the demo, its passwords are printed for everyone.",
            hint="Take MUSTER_DEMO out of the environment.",
            id="muster.E002",
        )
    ]


@register(Tags.security, deploy=True)
def the_web_address_is_encrypted(
    app_configs: Sequence[Any] | None, **_more: object
) -> list[CheckMessage]:
    """Finds an address without TLS: login codes and emails would pass in the clear."""
    if settings.MUSTER_BASE_URL.startswith("https://"):
        return []
    return [
        Error(
            f"MUSTER_BASE_URL={settings.MUSTER_BASE_URL} is not encrypted.",
            hint="Put a proxy with a certificate in front and set the https:// address.",
            id="muster.E003",
        )
    ]
