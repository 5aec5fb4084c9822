import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifiers import artifact, dataset
from classifiers.artifact import ModelDamaged, ModelIncompatible, ModelMissing
from classifiers.prediction import Mail, Sorter

ROOT = Path(__file__).parents[2]


class Bomb:
    """Leaves a file behind if anyone brings it back to life."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.trace,)


def rewrite_manifest(version: Path, **changes: object) -> None:
    path = version / artifact.MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def replace_arrays(version: Path, content: bytes) -> None:
    """Puts other arrays in, with a manifest that vouches for them."""
    (version / artifact.ARRAYS).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    rewrite_manifest(version, arrays={"sha256": digest, "bytes": len(content)})


def test_a_loaded_model_answers_like_the_saved_one(sorter: Sorter, model: Path) -> None:
    mails = [Mail(str(n), x.subject, x.body) for n, x in enumerate(dataset.load_own()[:60])]
    loaded = artifact.load(model)
    assert loaded.predict(mails) == sorter.predict(mails)
    assert (loaded.version, loaded.thresholds) == (sorter.version, sorter.thresholds)
    assert model.name == sorter.version


def test_the_model_is_small_and_says_what_it_is(model: Path) -> None:
    manifest = json.loads((model / artifact.MANIFEST).read_text())
    assert sum(path.stat().st_size for path in model.iterdir()) <= 5_000_000
    assert manifest["facts"]["metrics"]["label"]["macro_f1"] > 0
    assert {"seed", "data", "libraries", "promised_precision"} <= manifest["facts"].keys()


def test_loading_and_sorting_need_no_scikit_learn(model: Path) -> None:
    code = (
        "import sys, pathlib; from classifiers import artifact; from classifiers.prediction import"
        " Mail; artifact.load(pathlib.Path(sys.argv[1])).predict([Mail('1', '', 'reset it')]);"
        " sys.exit('sklearn' in sys.modules or 'django' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, model], check=True, cwd=ROOT)


def test_the_newest_version_of_a_folder_is_loaded(model: Path, sorter: Sorter) -> None:
    older = model.parent / "1-older"
    older.mkdir()
    for path in model.iterdir():
        (older / path.name).write_bytes(path.read_bytes())
    artifact.save(sorter, model.parent)
    assert artifact.newest(model.parent) == model


def test_saving_again_keeps_the_version_and_mends_a_damaged_one(
    model: Path, sorter: Sorter
) -> None:
    whole = (model / artifact.ARRAYS).read_bytes()
    (model / artifact.ARRAYS).write_bytes(b"damaged")
    assert artifact.save(sorter, model.parent) == model
    assert (model / artifact.ARRAYS).read_bytes() == whole
    assert [path.name for path in model.parent.iterdir()] == [model.name]


def test_a_disk_that_fails_leaves_no_half_model(
    sorter: Sorter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        artifact.save(sorter, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_no_model_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"^There is no model in .* yet\.$"):
        artifact.load(tmp_path)
    with pytest.raises(ModelMissing):
        artifact.load(tmp_path / "nowhere")


def test_a_flipped_bit_is_noticed(model: Path) -> None:
    content = bytearray((model / artifact.ARRAYS).read_bytes())
    content[len(content) // 2] ^= 1
    (model / artifact.ARRAYS).write_bytes(content)
    with pytest.raises(ModelDamaged, match="damaged"):
        artifact.load(model)


@pytest.mark.parametrize("manifest", ["", "[]", "{", "[" * 100_000])
def test_a_broken_manifest_is_noticed(model: Path, manifest: str) -> None:
    (model / artifact.MANIFEST).write_text(manifest)
    with pytest.raises(ModelDamaged, match="manifest"):
        artifact.load(model)


def test_a_model_without_its_arrays_is_damaged(model: Path) -> None:
    (model / artifact.ARRAYS).unlink()
    with pytest.raises(ModelDamaged, match=r"lacks arrays\.npz"):
        artifact.load(model)


def test_thresholds_that_are_no_numbers_are_damage(model: Path) -> None:
    rewrite_manifest(model, thresholds={"other": "always"})
    with pytest.raises(ModelDamaged):
        artifact.load(model)


def test_arrays_of_another_shape_are_damage(model: Path) -> None:
    packed = io.BytesIO()
    with np.load(model / artifact.ARRAYS) as arrays:
        np.savez(packed, **{**arrays, "bias": np.zeros(7)})
    replace_arrays(model, packed.getvalue())
    with pytest.raises(ModelDamaged):
        artifact.load(model)


@pytest.mark.parametrize("name", ["schema", "reading", "classes"])
def test_a_model_of_another_program_version_is_refused(model: Path, name: str) -> None:
    rewrite_manifest(model, **{name: 99})
    with pytest.raises(ModelIncompatible, match="train a new one"):
        artifact.load(model)


def test_an_object_hidden_in_the_arrays_is_refused_and_never_run(
    model: Path, tmp_path: Path
) -> None:
    packed = io.BytesIO()
    with np.load(model / artifact.ARRAYS) as arrays:
        hidden = np.array([Bomb(tmp_path / "trace")], dtype=object)
        np.savez(packed, **{**arrays, "bias": hidden})
    replace_arrays(model, packed.getvalue())
    with pytest.raises(ModelDamaged):
        artifact.load(model)
    assert not (tmp_path / "trace").exists()


def test_a_file_planted_beside_the_arrays_is_refused(model: Path) -> None:
    (model / "model.pkl").write_bytes(b"\x80\x04cos\nsystem\n.")
    with pytest.raises(ModelDamaged, match=r"model\.pkl does not belong"):
        artifact.load(model)


def test_a_key_accepts_only_what_it_signed(sorter: Sorter, tmp_path: Path) -> None:
    signed = artifact.save(sorter, tmp_path / "signed", key=b"ours")
    unsigned = artifact.save(sorter, tmp_path / "unsigned")
    assert artifact.load(signed, key=b"ours").version == sorter.version
    for folder, key in ((signed, b"theirs"), (unsigned, b"ours")):
        with pytest.raises(ModelDamaged, match="not signed"):
            artifact.load(folder, key=key)


def test_a_signed_manifest_cannot_be_altered(sorter: Sorter, tmp_path: Path) -> None:
    version = artifact.save(sorter, tmp_path, key=b"ours")
    rewrite_manifest(version, thresholds=dict.fromkeys(sorter.thresholds, 0.0))
    with pytest.raises(ModelDamaged, match="not signed"):
        artifact.load(version, key=b"ours")
