"""make says what it lacks, and finds a Python that is new enough."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
TOOLS = ("sh", "touch", "mkdir")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout beside a `bin` folder that is all the machine has."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(CHECKOUT / name, tmp_path)
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        path = shutil.which(tool)
        assert path is not None
        (tmp_path / "bin" / tool).symlink_to(path)
    return tmp_path


def add_program(checkout: Path, name: str, script: str) -> None:
    program = checkout / "bin" / name
    # Never through a link, which would write into the machine's own tool.
    assert not program.exists()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def make_venv(checkout: Path) -> subprocess.CompletedProcess[str]:
    make = shutil.which("make")
    assert make is not None
    return subprocess.run(
        [make, ".venv/.made"],
        cwd=checkout,
        env={"PATH": str(checkout / "bin"), "HOME": os.environ.get("HOME", "/")},
        capture_output=True,
        text=True,
    )


def test_without_python_it_says_so_in_a_sentence(checkout: Path) -> None:
    run = make_venv(checkout)
    assert run.returncode != 0
    assert "Muster needs Python 3.11 or newer and found none." in run.stderr


def test_a_python_that_is_too_old_does_not_count(checkout: Path) -> None:
    add_program(checkout, "python3", "exit 1")
    assert "found none" in make_venv(checkout).stderr


def test_without_the_venv_module_it_names_the_package(checkout: Path) -> None:
    script = 'case "$2" in *ensurepip*) exit 1;; *print*) echo python3.12-venv;; esac'
    add_program(checkout, "python3.12", script)
    add_program(checkout, "id", "echo 1000")
    run = make_venv(checkout)
    assert run.returncode != 0
    assert "sudo apt-get install python3.12-venv" in run.stderr


def test_root_gets_the_venv_module_installed(checkout: Path) -> None:
    is_there = f'test -e {checkout}/installed || case "$2" in *ensurepip*) exit 1;; esac'
    script = f'case "$2" in *print*) echo python3.12-venv;; *) {is_there};; esac'
    add_program(checkout, "python3.12", f"[ $2 = venv ] && mkdir -p .venv; {script}")
    add_program(checkout, "id", "echo 0")
    add_program(checkout, "apt-get", f'echo "$@"; touch {checkout}/installed')
    run = make_venv(checkout)
    assert run.returncode == 0
    assert "install -y --no-install-recommends python3.12-venv" in run.stderr


def test_help_names_the_commands(checkout: Path) -> None:
    make = shutil.which("make")
    assert make is not None
    told = subprocess.run([make], cwd=checkout, capture_output=True, text=True, check=True).stdout
    assert all(f"make {name} " in told for name in ("demo", "run", "test", "soak", "lint"))
