"""The supervisor leaves nothing behind, whichever way it ends, and restarts what dies."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from triage.benchmarks.servers.ports import answers, free_port

CHECKOUT = Path(__file__).parents[2]
TREE = """
import sys
from triage.process_tree import Child, run
port, python = int(sys.argv[1]), sys.executable
sleep = "import time; time.sleep(600)"
parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {sleep!r}])"
stubborn = "import signal; signal.signal(15, signal.SIG_IGN); " + parent
web = [python, "-m", "gunicorn", "-w", "2", "--threads", "2", "-b", f"127.0.0.1:{port}"]
sys.exit(run([
    Child("web", [*web, "tests.triage.test_process_tree:hello"], ready=port),
    Child("parent", [python, "-c", parent]),
    Child("stubborn", [python, "-c", stubborn]),
], on_ready=lambda: print("all ready"), grace_seconds=1))
"""
PROCESSES = 9  # front and keeper, gunicorn and two workers, two parents and their children


def hello(environ: dict[str, object], start_response: Callable[..., object]) -> list[bytes]:
    """What gunicorn serves here."""
    start_response("200 OK", [])
    return [b"hello"]


def wait_until(condition: Callable[[], bool], *, seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


class Tree:
    """A supervisor in a process of its own, whose whole family carries a mark."""

    def __init__(self, *argv: str) -> None:
        self.mark = f"MUSTER_TREE_MARK={uuid.uuid4().hex}"
        environment = {key: value for key, value in os.environ.items() if key != "MUSTER_MAKE_PID"}
        name, _, value = self.mark.partition("=")
        self.printed: str | None = None
        self.popen = subprocess.Popen(
            argv,
            env={**environment, name: value},
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # Whoever runs the tests in the background of a script hands SIGINT down ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )

    def living(self) -> list[int]:
        """The processes of this tree that are not dead."""
        return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if self.owns(pid)]

    def owns(self, pid: int) -> bool:
        with suppress(OSError):
            is_dead = ") Z " in Path(f"/proc/{pid}/stat").read_text()
            environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            return not is_dead and self.mark.encode() in environment
        return False

    def end(self, number: int) -> bool:
        """Sends a signal to the front; whether nothing of the tree lived soon afterwards."""
        self.popen.send_signal(number)
        return wait_until(lambda: not self.living())

    def close(self) -> str:
        """Kills what a failed test left, and gives all that was printed."""
        for pid in self.living():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.printed is None:
            self.printed = self.popen.communicate(timeout=10)[0].decode()
        return self.printed


Start = Callable[..., Tree]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts trees, from a script or a command line, and leaves none behind."""
    trees: list[Tree] = []

    def start_one(script: str, *arguments: str, argv: tuple[str, ...] = ()) -> Tree:
        trees.append(Tree(*(argv or (sys.executable, "-c", script, *arguments))))
        return trees[-1]

    yield start_one
    for tree in trees:
        tree.close()


@pytest.fixture
def tree(start: Start) -> Tree:
    port = free_port()
    tree = start(TREE, str(port))
    assert wait_until(lambda: len(tree.living()) == PROCESSES and answers(port))
    return tree


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_ending_signal_ends_everything_in_order(tree: Tree, number: signal.Signals) -> None:
    assert tree.end(number)
    assert tree.popen.wait(5) == 0


def test_a_killed_front_leaves_nothing(tree: Tree) -> None:
    assert tree.end(signal.SIGKILL)


def test_a_killed_keeper_leaves_nothing(tree: Tree) -> None:
    (keeper,) = children_of(tree.popen.pid)
    os.kill(keeper, signal.SIGKILL)
    assert wait_until(lambda: not tree.living())
    assert tree.popen.wait(5) != 0


def test_ctrl_c_on_the_whole_group_leaves_nothing(tree: Tree) -> None:
    os.killpg(tree.popen.pid, signal.SIGINT)
    assert wait_until(lambda: not tree.living())


def test_a_second_ctrl_c_ends_the_patience(start: Start) -> None:
    patient = TREE.replace("grace_seconds=1", "grace_seconds=60")
    tree = start(patient, str(free_port()))
    assert wait_until(lambda: len(tree.living()) == PROCESSES)
    tree.popen.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert tree.living()
    assert tree.end(signal.SIGINT)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_make_that_ends_takes_everything_with_it(
    start: Start, tmp_path: Path, number: signal.Signals
) -> None:
    port = free_port()
    tree = start("", argv=("make", "-f", str(a_makefile(tmp_path, port))))
    assert wait_until(lambda: len(tree.living()) >= PROCESSES and answers(port))
    assert tree.end(number)


def test_a_make_in_the_background_of_a_script_goes_on(start: Start, tmp_path: Path) -> None:
    """Shells start background jobs with SIGINT ignored, which must not look like its end."""
    port = free_port()
    tree = start("", argv=("sh", "-c", f"make -f {a_makefile(tmp_path, port)} & wait"))
    assert wait_until(lambda: len(tree.living()) >= PROCESSES and answers(port))
    time.sleep(1.5)
    assert answers(port)


def a_makefile(folder: Path, port: int) -> Path:
    (folder / "tree.py").write_text(TREE)
    ours = f"exec env MUSTER_MAKE_PID=$$PPID PYTHONPATH=. {sys.executable}"
    (folder / "Makefile").write_text(f"demo:\n\t@{ours} {folder}/tree.py {port}\n")
    return folder / "Makefile"


def test_a_killed_web_server_comes_back_without_its_old_workers(tree: Tree) -> None:
    (keeper,) = children_of(tree.popen.pid)
    web = children_of(keeper)[0]
    workers = children_of(web)
    os.kill(web, signal.SIGKILL)
    assert wait_until(lambda: not any(tree.owns(worker) for worker in workers))
    assert wait_until(lambda: len(tree.living()) == PROCESSES)
    tree.end(signal.SIGTERM)
    assert "web      | ended with -9; starting again in 1 s" in tree.close()


def test_a_child_that_keeps_dying_is_started_ever_more_slowly(start: Start) -> None:
    script = "from triage.process_tree import Child, run; run([Child('ill', ['false'])])"
    tree = start(script)
    time.sleep(4.5)
    tree.end(signal.SIGTERM)
    pauses = [line.rsplit(" ", 2)[1] for line in tree.close().splitlines()]
    assert pauses == ["1", "2", "4"]


def test_the_next_child_waits_until_the_one_before_is_ready(start: Start, tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from triage.process_tree import Child, run
sign = Path(sys.argv[1])
slow = f"sleep 0.5; echo made; touch {sign}; sleep 600"
run([Child("first", ["sh", "-c", slow], ready=sign.exists),
     Child("second", ["sh", "-c", "echo started; sleep 600"])], on_ready=lambda: print("ready"))
"""
    tree = start(script, str(tmp_path / "sign"))
    assert wait_until(lambda: len(tree.living()) == 6)
    time.sleep(0.3)
    tree.end(signal.SIGTERM)
    assert tree.close().splitlines() == ["first  | made", "ready", "second | started"]


def test_a_program_that_is_not_there_is_named(start: Start) -> None:
    script = "from triage.process_tree import Child, run; run([Child('lost', ['/no/such'])])"
    tree = start(script)
    time.sleep(1)
    tree.end(signal.SIGTERM)
    assert "lost | could not start: [Errno 2] No such file" in tree.close()


def test_names_are_coloured_on_a_terminal_only() -> None:
    script = "from triage.process_tree import Child, run; run([Child('c', ['echo', 'hi'])])"
    ours, theirs = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    argv = [sys.executable, "-c", script]
    front = subprocess.Popen(argv, cwd=CHECKOUT, stdout=theirs, env=environment)
    os.close(theirs)
    assert os.read(ours, 100).startswith(b"\x1b[36mc | \x1b[0mhi")
    front.terminate()
    front.wait(5)
    os.close(ours)


def children_of(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listed.split()]
