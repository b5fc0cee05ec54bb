"""The vocabulary: headings, names of families of rules, names of senses."""

from __future__ import annotations

from decompose.labels.message import Text

REGION_HEADS = ("region", "地区", "区域", "县区", "单位名称")
"""Headings under which a table may name its regions."""

WORDS: dict[str, Text] = {
    "area": Text("全市", "Area"),
    "total_label": Text("合计", "Total"),
}
