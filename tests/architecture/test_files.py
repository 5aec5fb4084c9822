import re

from tests.architecture.sources import ROOT


def test_the_pinned_versions_carry_no_address() -> None:
    assert "://" not in (ROOT / "constraints.txt").read_text()


def test_every_dependency_is_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert all("==" in line for line in lines if line and not line.startswith("#"))


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    block = re.findall(r'^  "[\w\-\[\],]+[>=<][^"]*",(.*)$', text, re.MULTILINE)
    assert block
    assert all("#" in rest for rest in block)
