"""Answers under every Python and PuLP found here: ``bash scripts/matrix``.

Each pair gets an environment of its own under ``.venv/matrix``; ``tests.answers`` runs in it, and
``tests/test_solvers.py``. Pythons that are not here, and pairs that cannot be installed, are told
as not run.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
KEPT = ROOT / ".venv" / "matrix"
MINORS = range(11, 16)
PULP = {"3.3": "pulp>=3.3.2,<4", "4": "pulp[cbc]>=4,<5"}
OLDEST = {"3.3": 11, "4": 12}
"""The oldest Python of a PuLP, its minor version."""
NEEDED = ("pytest", "hypothesis")
CHECKS = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_solvers.py")

Answers = dict[str, dict[str, str]]


def pythons() -> dict[int, Path]:
    """Return the newest Python of each minor version on the path, or among pyenv's."""
    home = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    folders = [Path(one) for one in os.environ.get("PATH", "").split(os.pathsep) if one]
    folders += sorted(home.glob("3.*/bin"), reverse=True)
    found: dict[int, Path] = {}
    for path in (path for folder in folders for path in sorted(folder.glob("python3*"))):
        if re.fullmatch(r"python3(\.\d+)?", path.name):
            minor = _minor(path)
            if minor is not None and minor in MINORS:
                found.setdefault(minor, path)
    return found


def _minor(path: Path) -> int | None:
    """Return the minor version of a Python that can make environments."""
    asked = "import ensurepip, sys; print(sys.version_info.minor)"
    try:
        done = subprocess.run([path, "-c", asked], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return int(done.stdout)


def environment(python: Path, minor: int, pulp: str) -> Path:
    """Make an environment with one PuLP, or take the one that was made before."""
    folder = KEPT / f"{minor}-{pulp}"
    inside = folder / "bin" / "python"
    stamp, wanted = folder / "installed", (ROOT / "pyproject.toml").read_text("utf-8")
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        subprocess.run([python, "-m", "venv", "--clear", folder], check=True)
        pip = ("-m", "pip", "install", "--disable-pip-version-check", "-q", "-e", ROOT)
        subprocess.run((inside, *pip, PULP[pulp], *NEEDED), check=True)
        stamp.write_text(wanted, "utf-8")
    return inside


def run(inside: Path) -> dict[str, Any]:
    """Run the checks of solvers, then return versions and answers."""
    subprocess.run((inside, *CHECKS), cwd=ROOT, check=True, stdout=sys.stderr)
    asked = (inside, "-m", "tests.answers")
    done = subprocess.run(asked, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def differences(first: Answers, other: Answers) -> Iterator[str]:
    """Yield the plans and solvers whose answers differ, within one run and between two."""
    for name, answers in other.items():
        for solver, digest in answers.items():
            if digest != first[name]["highs"]:
                yield f"{name} ({solver})"


def main() -> int:
    """Run all pairs, tell what was run and what was not; 1 where a digit differs."""
    here, first, failed = pythons(), None, False
    for minor in MINORS:
        for pulp in PULP:
            pair = f"Python 3.{minor}, PuLP {pulp}"
            if minor not in here or minor < OLDEST[pulp]:
                why = "not on this machine" if minor not in here else "PuLP needs a newer Python"
                print(f"{pair}: not run ({why})")
                continue
            try:
                inside = environment(here[minor], minor, pulp)
            except subprocess.CalledProcessError:
                print(f"{pair}: not run (could not be installed)")
                continue
            found = run(inside)
            first = first or found["answers"]
            wrong = list(differences(first, found["answers"]))
            failed = failed or bool(wrong)
            versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
            print(f"{versions}: {len(found['answers'])} plans, {len(wrong)} differ", *wrong[:10])
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
