"""What the architecture tests look at: our sources and templates."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("triage", "inbox", "classifiers")


def modules(pattern: str = "**/*.py") -> list[Path]:
    """Gives our own modules, migrations left out."""
    found = [path for package in PACKAGES for path in (ROOT / package).glob(pattern)]
    return sorted(path for path in found if "migrations" not in path.parts)


def templates() -> list[Path]:
    """Gives every template."""
    return sorted(
        path for ending in ("html", "txt") for path in (ROOT / "templates").rglob(f"*.{ending}")
    )


def calls_of(name: str) -> Iterator[tuple[Path, ast.Call]]:
    """Gives each call of a function of this name in our modules."""
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
                yield path, node


def inside(path: Path) -> str:
    """Gives a path as seen from the root, for messages."""
    return str(path.relative_to(ROOT))
