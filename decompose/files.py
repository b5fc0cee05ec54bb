"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from decompose.errors import ReportError
from decompose.labels import say


def write_whole(path: Path, content: bytes, *, language: str = "zh") -> None:
    """Write a file at once: beside its place first, then moved there.

    Raises
    ------
    ReportError
        If the folder is not there, or the file may not be written (open elsewhere, no right);
        what was there before stays, and nothing else is left.
    """
    # through a link, the file it stands for is replaced, not the link
    target = path.resolve()
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
