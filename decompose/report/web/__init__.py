"""A report as a page: one file that asks for nothing else."""

from __future__ import annotations

from decompose.report.web.page import web_page

__all__ = ["web_page"]
