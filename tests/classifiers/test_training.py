import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classifiers import dataset
from classifiers.labels import TONES, TOPICS
from classifiers.prediction import NEVER, Mail, Sorter
from classifiers.scoring import CLASSES, VIEWS
from classifiers.training import TrainingError, calibrate, choose_thresholds, train

ROOT = Path(__file__).parents[2]


def trained_files(folder: Path, hash_seed: str) -> dict[str, bytes]:
    subprocess.run(
        [sys.executable, "-m", "classifiers", "train", "--out", folder],
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        stdout=subprocess.DEVNULL,
    )
    return {path.name: path.read_bytes() for path in folder.glob("*/*")}


def test_the_same_emails_and_seed_give_the_same_bytes(model: Path, tmp_path: Path) -> None:
    """In another process, whose sets are ordered differently."""
    here = {path.name: path.read_bytes() for path in model.iterdir()}
    there = trained_files(tmp_path / "there", "7")
    assert here.keys() == {"arrays.npz", "manifest.json"}
    assert there == here


def test_a_tone_that_nobody_has_cannot_be_learned() -> None:
    own = [one for one in dataset.load_own() if one.tone != "praise"]
    with pytest.raises(TrainingError, match=r"are praise\.$"):
        train(own)


def test_one_writer_alone_cannot_prove_anything() -> None:
    own = [replace(one, style="ann") for one in dataset.load_own()]
    with pytest.raises(TrainingError, match="by one writer"):
        train(own)


def shares(*certainties: float) -> np.ndarray:
    return np.array([[sure, 1 - sure, 0, 0, 0, 1] for sure in certainties])


def test_a_threshold_is_the_lowest_certainty_that_keeps_the_promise() -> None:
    certainties = np.linspace(0.99, 0.50, 50)
    answers = [("password_reset" if sure > 0.695 else "other", "neutral") for sure in certainties]
    thresholds = choose_thresholds(shares(*certainties), answers, 0.95)
    kept = certainties[certainties >= thresholds["password_reset"]]
    assert np.mean(kept > 0.695) >= 0.95
    assert len(kept) == 31


def test_too_little_proof_means_always_asking_a_person() -> None:
    right = [("password_reset", "neutral")] * 5
    thresholds = choose_thresholds(shares(0.9, 0.9, 0.9, 0.9, 0.9), right, 0.95)
    assert set(thresholds.values()) == {NEVER}


def test_a_view_that_is_mostly_right_is_trusted_and_one_that_is_wrong_is_not() -> None:
    right = np.repeat([0, 1, 2], 20)
    said = np.where(np.arange(60) % 5, right, (right + 1) % 3)
    views = np.full((60, len(VIEWS), len(CLASSES)), np.log(1 / 3))
    views[:, 2] = np.tile(np.log(0.1 + 0.7 * np.eye(3)[said]), 2)
    views[:, 0] = np.tile(np.log(0.1 + 0.7 * np.eye(3)[(said + 1) % 3]), 2)
    trust = calibrate(views, [(TOPICS[k], TONES[k]) for k in right])
    assert (trust[2] > 0.8).all()
    assert (trust[0] < 0.1).all()


def test_corrections_move_the_sorter(sorter: Sorter) -> None:
    fresh = dataset.Example("", "The zorbler is glimmering", "data_concern", "neutral", "en")
    known, _ = dataset.split(dataset.load_own())
    taught = train([*known, *[replace(fresh, style=f"helper {n}") for n in range(12)]])
    assert taught.version != sorter.version
    assert taught.model.facts["data"]["emails"] == len(known) + 12
    (zorbler,) = taught.predict([Mail("1", "", "A zorbler glimmering again", language="en")])
    assert zorbler.topic == "data_concern"
