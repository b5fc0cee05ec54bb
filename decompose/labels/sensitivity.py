"""Texts of sensitivities: what a unit of relief on each rule would change."""

from __future__ import annotations

from decompose.labels.message import Text

SENSITIVITY: dict[str, Text] = {
    "sens_title": Text(
        "起作用的规则 {count} 条，按每放宽一个单位能使最大偏离程度下降多少排列：",
        "{count} rules bind; by how much a unit of relief lowers the largest burden:",
    ),
    "sens_none": Text("没有规则起作用。", "No rule binds."),
    "sens_line": Text(
        "{rank}. {scope}{year}{indicator}的{rule}{bound}：{side} {unit}，最大偏离程度变动 {burden}"
        " 个百分点，{moved} {of}换位{range}。",
        "{rank}. {rule}{bound} of {scope}, {indicator}, {year}: {side} {unit}, the largest burden"
        " changes by {burden} points, {moved} {of} change place{range}.",
    ),
    "sens_without": Text(
        "{rank}. {scope}{year}{indicator}的{rule}{bound}：{note}。",
        "{rank}. {rule}{bound} of {scope}, {indicator}, {year}: {note}.",
    ),
    "sens_whole": Text(
        "只能整档变动，没有每单位的数", "it moves in whole steps only, there is no figure per unit"
    ),
    "sens_held": Text(
        "被其他规则固定，不能单独变动", "other rules hold it, and it cannot move alone"
    ),
    "sens_jump": Text(
        "稍一放宽，结果就整段跳动，没有每单位的数",
        "quotas jump however little it yields, there is no figure per unit",
    ),
    "sens_yearly": Text(
        "逐年确定，每年以上年印出的数为基础，没有单位放宽的数；可用 why(…, relief=True) 重算",
        "settled year by year on what is printed, there is no figure per unit; ask "
        "why(…, relief=True), which solves again",
    ),
    "sens_unsolved": Text("求解器没有算出", "the solver did not say"),
    "sens_upper": Text("每提高 1", "for each rise by 1"),
    "sens_lower": Text("每降低 1", "for each fall by 1"),
    "sens_point": Text("个百分点", "point"),
    "sens_points": Text("个百分点", "points"),
    "sens_unit": Text("个单位", "unit"),
    "sens_range": Text("，放宽 {range} 以内成立", ", up to {range}"),
    "sens_every": Text("各年", "every year"),
    "sens_year": Text("{year}年", "{year}"),
    "sens_left": Text(
        "另有 {count} 条没有算（most={most}）。", "{count} more were left out (most={most})."
    ),
    "sens_more": Text("其余 {count} 条见表。", "{count} more stand in the table."),
}
