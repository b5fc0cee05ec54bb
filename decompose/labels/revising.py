"""Texts of what changed: comparisons, and plans that are revised."""

from __future__ import annotations

from decompose.labels.message import Text

REVISING: dict[str, Text] = {
    "comparison_title": Text("{title}调整对照表", "{title}: what changed"),
    "because_new_indicator": Text("新增指标", "a new indicator"),
    "because_lost_indicator": Text("取消的指标", "the indicator is gone"),
    "because_new_region": Text("新增地区", "a new region"),
    "because_lost_region": Text("撤并的地区", "the region is gone"),
    "because_new_year": Text("新增年份", "a new year"),
    "because_lost_year": Text("不再分解的年份", "the year is gone"),
    "because_of_years": Text("各年之和变化", "the sum of what changed in its years"),
    "because_of_regions": Text("各地区之和变化", "the sum of what changed in its regions"),
    "because_rounding": Text("仅取整不同", "rounding alone"),
    "because_others": Text(
        "随其他地区或年份的变化相应调整", "follows what changed in other regions or years"
    ),
    "because_move": Text("协商调整：{why}", "agreed: {why}"),
    "because_move_of": Text("分担{region}的协商调整：{why}", "takes its part of {region}: {why}"),
    "because_lock": Text("锁定：{why}", "settled: {why}"),
    "because_where": Text("（{keys}）", " ({keys})"),
    "because_set": Text("新增{what}{where} {after}", "{what}{where} is now {after}"),
    "because_dropped": Text("取消{what}{where} {before}", "{what}{where} of {before} is gone"),
    "because_changed": Text(
        "{what}{where}由 {before} 改为 {after}", "{what}{where} went from {before} to {after}"
    ),
    "because_base": Text("基数由 {before} 改为 {after}", "its base went from {before} to {after}"),
    "because_tied": Text("随“{other}”的变化调整", "follows the change of “{other}”"),
    "because_bound": Text("现受{rules}约束", "now held by {rules}"),
    "because_free": Text("不再受{rules}约束", "no longer held by {rules}"),
}
