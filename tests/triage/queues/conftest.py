"""A helper of the day, for the tests of the queues."""

from collections.abc import Callable
from datetime import datetime

import pytest

from tests.factories import desk
from triage.accounts.policy import Actor, Helping


@pytest.fixture
def helper() -> Callable[..., Actor]:
    """Makes a helper whose time ends eight hours after noon, while all hands are on."""

    def make(name: str, *, at: datetime = desk.NOON, level: str = "all-hands") -> Actor:
        until = desk.NOON + desk.minutes(480)
        helping = Helping(until=until, state="ready", level=level, briefed=True)
        return Actor(id=desk.user(name).pk, name=name, at=at, helping=helping)

    return make
