"""A demo keeps its ports and its folder to itself, and says in one sentence why it cannot start."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from triage.benchmarks.servers.ports import LOOPBACK, free_port
from triage.demo import place
from triage.demo.place import CannotStart, Prepared


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind((LOOPBACK, 0))
        server.listen()
        yield server.getsockname()[1]


def test_the_mail_servers_keep_their_ports(tmp_path: Path) -> None:
    first = place.find(tmp_path, port=free_port())
    assert place.find(tmp_path, port=free_port()).imap_port == first.imap_port
    assert place.known(tmp_path, port=first.port) == first


def test_a_port_that_is_taken_is_named_with_a_way_out(tmp_path: Path, taken_port: int) -> None:
    with pytest.raises(CannotStart, match=f"Port {taken_port} is taken.*PORT="):
        place.find(tmp_path, port=taken_port)


def test_a_folder_serves_one_running_demo(tmp_path: Path) -> None:
    with place.lock(tmp_path), pytest.raises(CannotStart, match="running"):
        place.lock(tmp_path)


def test_a_folder_is_free_again_when_its_demo_has_ended(tmp_path: Path) -> None:
    place.lock(tmp_path).close()
    place.lock(tmp_path, patience_seconds=0).close()


def test_a_folder_waits_for_what_a_killed_demo_leaves(tmp_path: Path) -> None:
    held = place.lock(tmp_path)
    dead = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(dead, 0)
    (tmp_path / "demo.lock").write_text(str(dead))
    with pytest.raises(CannotStart):
        place.lock(tmp_path, patience_seconds=0.3)
    held.close()
    place.lock(tmp_path, patience_seconds=0.3).close()


def test_what_was_prepared_holds_until_the_code_changes(tmp_path: Path) -> None:
    where = place.find(tmp_path, port=free_port())
    assert where.prepared() is None
    where.keep_prepared(Prepared(made_of=place.made_of(), logins=[], join_path="/join/x/"))
    assert where.prepared() is not None
    where.keep_prepared(Prepared(made_of="earlier code", logins=[], join_path="/join/x/"))
    assert where.prepared() is None
