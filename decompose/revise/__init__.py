"""The March re-decomposition: years that are over stay as they came, the rest is solved again."""

from __future__ import annotations

from decompose.revise.carry import CARRIES
from decompose.revise.model import Revision
from decompose.revise.revise import revise

__all__ = ["CARRIES", "Revision", "revise"]
