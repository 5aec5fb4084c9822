import ast
import inspect
from importlib import import_module
from pathlib import Path

import pytest

from inbox.failpoints import REGISTRY
from tests.architecture.sources import ROOT, calls_of, inside, modules

FORBIDDEN_ROOMS = {"utils", "helpers", "services", "signals", "constants", "exceptions", "managers"}


def test_every_failpoint_is_registered_and_passed_somewhere() -> None:
    passed = {
        call.args[0].value
        for _, call in calls_of("failpoint")
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    assert passed == REGISTRY


def test_no_module_is_a_drawer_for_everything() -> None:
    assert [inside(path) for path in modules() if path.stem in FORBIDDEN_ROOMS] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        inside(path)
        for path in modules()
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def action_modules() -> list[Path]:
    return [*modules("*/actions.py"), *modules("*/actions/*.py")]


@pytest.mark.parametrize("path", action_modules(), ids=inside)
def test_an_action_takes_only_keywords_and_says_who_and_when(path: Path) -> None:
    module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ != module.__name__ or name.startswith("_"):
            continue
        parameters = inspect.signature(function).parameters
        if "at" not in parameters:
            continue
        assert all(p.kind is p.KEYWORD_ONLY for p in parameters.values()), name


def test_only_one_module_talks_imap() -> None:
    users = [
        inside(path)
        for path in modules()
        if any(
            getattr(node, "module", None) == "imapclient"
            or any(alias.name.split(".")[0] == "imapclient" for alias in getattr(node, "names", []))
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Import | ast.ImportFrom)
        )
    ]
    assert users == ["inbox/imap.py"]
