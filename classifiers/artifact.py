"""The model on disk: a folder per version with arrays and a manifest, never executable objects."""

import hashlib
import hmac
import io
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.features import BLOCKS
from classifiers.labels import LABELS
from classifiers.prediction import Sorter
from classifiers.scoring import CLASSES, HEADS, SCHEMA, VIEWS, Model
from classifiers.text import READING

ARRAYS = "arrays.npz"
MANIFEST = "manifest.json"
MOST_BYTES = 16_000_000
MOST_UNPACKED_BYTES = 64_000_000

_NAMES = ("idf", "weights", "bias", "trust")


class ModelError(Exception):
    """A model that cannot be used; the message is one sentence for people."""


class ModelMissing(ModelError):
    """There is no model where one was looked for."""


class ModelDamaged(ModelError):
    """The files are not the ones that were saved, or never were a model."""


class ModelIncompatible(ModelError):
    """The model was made for another version of this program."""


def save(sorter: Sorter, folder: Path, *, key: bytes | None = None) -> Path:
    """Keeps the model as `folder`/<version> and gives that path; saving it again is harmless.

    Written beside its place, synced to disk and renamed, so that a reader finds all of it or
    nothing. With `key` the manifest carries an HMAC-SHA256 that `load` can demand.
    """
    folder.mkdir(parents=True, exist_ok=True)
    arrays = _packed(sorter.model)
    manifest = _manifest(sorter.model, arrays)
    if key is not None:
        manifest["signature"] = _signature(manifest, key)
    written = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    try:
        written.chmod(0o755)
        _write(written / ARRAYS, arrays)
        _write(written / MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())
        _sync(written)
        _put(written, folder / sorter.version)
        _sync(folder)
    finally:
        shutil.rmtree(written, ignore_errors=True)
    return folder / sorter.version


def load(folder: Path, *, key: bytes | None = None) -> Sorter:
    """The model of a version folder, or the newest of a folder of versions.

    With `key` only a model signed with it is accepted. Raises ModelMissing, ModelDamaged or
    ModelIncompatible; nothing in the folder is ever executed.
    """
    if not (folder / MANIFEST).is_file():
        folder = newest(folder)
    _refuse_strangers(folder)
    manifest = _read_manifest(folder)
    _check_signature(folder, manifest, key)
    _check_schema(folder, manifest)
    return Sorter(_model(folder, manifest))


def newest(folder: Path) -> Path:
    """The version folder that was saved last under `folder`; raises ModelMissing."""
    try:
        found = [(path.stat().st_mtime_ns, path) for path in folder.glob(f"[!.]*/{MANIFEST}")]
    except OSError as error:
        raise ModelMissing(f"{folder} cannot be read: {error.strerror}.") from error
    if not found:
        raise ModelMissing(f"There is no model in {folder} yet.")
    return max(found)[1].parent


def _packed(model: Model) -> bytes:
    named = {name: getattr(model, name) for name in _NAMES}
    for block, listed in model.vocabulary.items():
        named[f"vocabulary_{block}"] = np.frombuffer("\n".join(listed).encode(), dtype=np.uint8)
    packed = io.BytesIO()
    np.savez_compressed(packed, **named)
    return packed.getvalue()


def _manifest(model: Model, arrays: bytes) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "reading": READING,
        "version": model.version,
        "classes": list(CLASSES),
        "thresholds": dict(model.thresholds),
        "facts": dict(model.facts),
        "arrays": {"sha256": hashlib.sha256(arrays).hexdigest(), "bytes": len(arrays)},
    }


def _signature(manifest: Mapping[str, Any], key: bytes) -> str:
    signed = {name: value for name, value in manifest.items() if name != "signature"}
    return hmac.new(key, json.dumps(signed, sort_keys=True).encode(), "sha256").hexdigest()


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put(written: Path, place: Path) -> None:
    """Renames into place; what stands there already is kept if it is the same, else replaced."""
    if place.is_dir() and _content(place) == _content(written):
        os.utime(place / MANIFEST)
        return
    if place.is_dir():
        place.rename(Path(tempfile.mkdtemp(prefix=".old-", dir=place.parent)) / place.name)
    written.rename(place)
    for old in place.parent.glob(".old-*"):
        shutil.rmtree(old, ignore_errors=True)


def _content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def _refuse_strangers(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        if path.name not in (ARRAYS, MANIFEST) or not path.is_file():
            raise ModelDamaged(
                f"The model {folder.name} is refused: {path.name} does not belong in its folder."
            )


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise ModelDamaged(f"The model {path.parent.name} lacks {path.name}.") from error
    except OSError as error:
        raise ModelMissing(f"{path} cannot be read: {error.strerror}.") from error
    if len(content) > MOST_BYTES:
        raise ModelDamaged(f"The model {path.parent.name} is refused: {path.name} is too large.")
    return content


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(_read(folder / MANIFEST))
    except (ValueError, RecursionError) as error:
        raise ModelDamaged(f"The manifest of the model {folder.name} is not JSON.") from error
    if not isinstance(manifest, dict):
        raise ModelDamaged(f"The manifest of the model {folder.name} is not a JSON object.")
    return manifest


def _check_signature(folder: Path, manifest: Mapping[str, Any], key: bytes | None) -> None:
    if key is None:
        return
    given = str(manifest.get("signature", "")).encode()
    if not hmac.compare_digest(given, _signature(manifest, key).encode()):
        raise ModelDamaged(f"The model {folder.name} is not signed with this installation's key.")


def _check_schema(folder: Path, manifest: Mapping[str, Any]) -> None:
    wanted = {"schema": SCHEMA, "reading": READING, "classes": list(CLASSES)}
    for name, value in wanted.items():
        if manifest.get(name) != value:
            raise ModelIncompatible(
                f"The model {folder.name} was made for another version of Muster ({name}); "
                "train a new one."
            )


def _model(folder: Path, manifest: Mapping[str, Any]) -> Model:
    content = _read(folder / ARRAYS)
    try:
        if hashlib.sha256(content).hexdigest() != manifest["arrays"]["sha256"]:
            raise ValueError("checksum")
        named = _unpacked(content)
        model = Model(
            vocabulary={block: _listed(named[f"vocabulary_{block}"]) for block in BLOCKS},
            thresholds={label: float(manifest["thresholds"][label]) for label in LABELS},
            facts=dict(manifest["facts"]),
            **{name: named[name] for name in _NAMES},
        )
        _check_shapes(model)
    except (ValueError, KeyError, TypeError, OSError, zipfile.BadZipFile) as error:
        raise ModelDamaged(f"The arrays of the model {folder.name} are damaged.") from error
    return model


def _unpacked(content: bytes) -> dict[str, NDArray[Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED_BYTES:
            raise ValueError("too large")
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return dict(arrays)


def _listed(packed: NDArray[np.uint8]) -> tuple[str, ...]:
    text = packed.tobytes().decode()
    return tuple(text.split("\n")) if text else ()


def _check_shapes(model: Model) -> None:
    features = sum(map(len, model.vocabulary.values()))
    shapes = {
        "idf": (features,),
        "weights": (features, len(CLASSES)),
        "bias": (len(CLASSES),),
        "trust": (len(VIEWS), len(HEADS)),
    }
    for name, shape in shapes.items():
        array = getattr(model, name)
        if array.shape != shape or array.dtype.kind != "f" or not np.isfinite(array).all():
            raise ValueError(name)
