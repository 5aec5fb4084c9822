"""One trained sorter for all tests: training is seeded, so every worker has the same one."""

from pathlib import Path

import pytest

from classifiers import artifact
from classifiers.prediction import Sorter
from classifiers.training import train_shipped


@pytest.fixture(scope="session")
def sorter() -> Sorter:
    return train_shipped()


@pytest.fixture
def model(sorter: Sorter, tmp_path: Path) -> Path:
    """The folder of a freshly saved version."""
    return artifact.save(sorter, tmp_path / "models")
