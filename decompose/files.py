"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from decompose.errors import ReportError
from decompose.labels import say

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_LOCK = "~$"
"""How the files begin by which office programs mark those that are open; readers pass them over."""
_LONGEST = 60


def file_names(names: Iterable[str]) -> list[str]:
    """Return a file name for each name, without suffix: safe on every system, no two alike."""
    taken: set[str] = set()
    found = []
    for name in names:
        clean = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).strip(". ")[:_LONGEST]
        if not clean or _DEVICES.fullmatch(clean) or clean.startswith(_LOCK):
            clean = f"_{clean}"
        number, unique = 1, clean
        while _plain(unique) in taken:
            number += 1
            unique = f"{clean}({number})"
        taken.add(_plain(unique))
        found.append(unique)
    return found


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def make_folder(folder: Path, *, language: str = "zh") -> None:
    """Make a folder, and those that lead to it, where it is not there yet.

    Raises
    ------
    ReportError
        If it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReportError(say("report_folder", folder=str(folder)), language=language) from error


def write_whole(path: Path, content: bytes, *, language: str = "zh") -> None:
    """Write a file at once: beside its place first, then moved there.

    Raises
    ------
    ReportError
        If the folder is not there, or the file may not be written (open elsewhere, no right);
        what was there before stays, and nothing else is left.
    """
    try:
        # through a link, the file it stands for is replaced, not the link
        target = path.resolve()
        special = target.exists() and not target.is_file()
    except (OSError, ValueError) as error:  # ValueError: a name that holds a NUL
        failed = say("report_failed", path=str(path), reason=str(error))
        raise ReportError(failed, language=language) from error
    if special:  # a device, such as /dev/null, would be replaced for the whole machine
        raise ReportError(say("file_special", found=str(path)), language=language)
    if not target.parent.is_dir():
        raise ReportError(say("report_folder", folder=str(target.parent)), language=language)
    beside = target.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        try:
            with beside.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise
    except PermissionError as error:
        raise ReportError(say("report_locked", path=str(path)), language=language) from error
    except OSError as error:
        reason = error.strerror or str(error)
        failed = say("report_failed", path=str(path), reason=reason)
        raise ReportError(failed, language=language) from error
