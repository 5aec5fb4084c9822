"""Where the bytes of every mail are kept, compressed and named by sha256, before any parsing."""

import ctypes
import hashlib
import os
import shutil
import tempfile
import zlib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Self

from inbox.failpoints import failpoint

LARGEST_BYTES = 60 * 1024 * 1024
_LEVEL = 1
_SUFFIX = ".z"
_MANY = 16
_syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)


class RawError(Exception):
    """A stored mail cannot be had."""


class MissingRaw(RawError):
    """No file with that name is in the store."""


class DamagedRaw(RawError):
    """The file is there, but is not what its name promises."""


class RawTooLargeError(RawError):
    """The file would unpack to more than the reader is willing to hold."""


def unpack(path: Path, *, limit: int = LARGEST_BYTES) -> bytes:
    """The bytes stored at `path`, at most `limit` of them.

    Raises MissingRaw, DamagedRaw or RawTooLargeError. Only `RawStore.read` checks the name.
    """
    try:
        packed = path.read_bytes()
    except FileNotFoundError as error:
        raise MissingRaw(f"{path.name} is not in the raw store.") from error
    unpacker = zlib.decompressobj()
    try:
        raw = unpacker.decompress(packed, limit + 1)
    except zlib.error as error:
        raise DamagedRaw(f"{path.name} in the raw store cannot be unpacked.") from error
    if len(raw) > limit:
        raise RawTooLargeError(f"{path.name} in the raw store holds more than {limit} bytes.")
    if not unpacker.eof:
        raise DamagedRaw(f"{path.name} in the raw store ends too early.")
    return raw


class _Disk:
    """The file system of the store; opened before the writes whose errors it has to report."""

    def __init__(self, root: Path) -> None:
        self._root = os.open(root, os.O_RDONLY)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        os.close(self._root)

    def sync(self, paths: Collection[Path]) -> None:
        """Return when these are on disk; many at once by syncfs where there is one (Linux 5.8)."""
        if _syncfs is not None and len(paths) >= _MANY:
            if _syncfs(self._root) != 0:
                code = ctypes.get_errno()
                raise OSError(code, os.strerror(code))
            return
        for path in paths:
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


class RawStore:
    """A folder of raw mails, `aa/bb/<sha256>.z`.

    Writing the same mail twice, also from two processes at once, leaves one file.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def path(self, sha256: str) -> Path:
        """Where the mail with that sha256 (hex) lies or would lie."""
        return self.root / sha256[:2] / sha256[2:4] / (sha256 + _SUFFIX)

    def exists(self, sha256: str) -> bool:
        """Whether a file of that name is there; its content is not looked at."""
        return self.path(sha256).is_file()

    def read(self, sha256: str) -> bytes:
        """The mail's bytes, checked against their name. Raises MissingRaw or DamagedRaw."""
        raw = unpack(self.path(sha256), limit=1 << 31)
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise DamagedRaw(f"{sha256} in the raw store holds other bytes than its name says.")
        return raw

    def put(self, raw: bytes) -> str:
        """Store one mail durably and give its sha256 (hex)."""
        return self.put_many([raw])[0]

    def put_many(self, raws: Sequence[bytes]) -> list[str]:
        """Store mails durably; their sha256s in the same order.

        When this returns, files and folder entries are on disk. Folders are synced once a batch.
        A mail that is already there and intact is not written again; a damaged one is replaced.
        """
        names = [hashlib.sha256(raw).hexdigest() for raw in raws]
        is_new = not self.root.is_dir()
        self.root.mkdir(parents=True, exist_ok=True)
        with _Disk(self.root) as disk:
            self._put_all(names, raws, disk)
            if is_new:
                disk.sync([self.root.parent])
        return names

    def _put_all(self, names: Sequence[str], raws: Sequence[bytes], disk: "_Disk") -> None:
        # Also for a file found there: whoever wrote it may have died before syncing its folder.
        folders = {self.path(name).parent for name in names}
        for folder in list(folders):
            folders |= self._make(folder)
        missing = {
            name: raw for name, raw in zip(names, raws, strict=True) if not self._holds(name)
        }
        temporaries: dict[str, Path] = {}
        try:
            for name, raw in missing.items():
                self._write(name, raw, temporaries)
            disk.sync(temporaries.values())
            for name, temporary in temporaries.items():
                failpoint("raw.before_rename")
                temporary.replace(self.path(name))
                failpoint("raw.after_rename")
        finally:
            for temporary in temporaries.values():
                temporary.unlink(missing_ok=True)
        disk.sync(folders)

    def free_bytes(self) -> int:
        """Bytes that are free on the disk of the store."""
        self.root.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self.root).free

    def _holds(self, name: str) -> bool:
        try:
            self.read(name)
        except RawError:
            return False
        return True

    def _make(self, folder: Path) -> set[Path]:
        """Create `folder`; the folders whose entries changed by that."""
        if folder.is_dir():
            return set()
        folder.mkdir(parents=True, exist_ok=True)
        return {folder.parent, folder.parent.parent}

    def _write(self, name: str, raw: bytes, temporaries: dict[str, Path]) -> None:
        """Write beside the final place; what a crash leaves there is never read."""
        handle, temporary = tempfile.mkstemp(dir=self.path(name).parent, prefix=".", suffix=".part")
        temporaries[name] = Path(temporary)
        with os.fdopen(handle, "wb") as file:
            file.write(zlib.compress(raw, _LEVEL))
