"""The names of the families of rules, as users read them."""

from __future__ import annotations

from decompose.labels.message import Text

FAMILY_NAMES: dict[str, Text] = {
    "target": Text("目标", "target"),
    "ratio": Text("比率目标", "ratio target"),
    "growth_each_year": Text("逐年增长目标", "yearly growth target"),
    "cut_each_year": Text("逐年下降目标", "yearly cut target"),
    "rise_each_year": Text("逐年提高目标", "yearly rise target"),
    "lock": Text("锁定", "lock"),
    "max": Text("上限", "capacity"),
    "min": Text("下限", "floor"),
    "total.max": Text("累计上限", "capacity over the years"),
    "total.min": Text("累计下限", "floor over the years"),
    "growth.max": Text("增速上限", "greatest growth"),
    "growth.min": Text("增速下限", "least growth"),
    "ramp.max": Text("增量上限", "greatest rise"),
    "ramp.min": Text("增量下限", "least rise"),
    "cut.max": Text("下降率上限", "greatest cut"),
    "cut.min": Text("下降率下限", "least cut"),
    "ahead": Text("后续年份的限制", "limits of later years"),
    "tier": Text("分档", "tier"),
    "base_quota": Text("基本目标数", "base quota"),
    "monotone": Text("逐年升降限制", "monotone"),
    "share.max": Text("占比上限", "greatest share"),
    "share.min": Text("占比下限", "least share"),
    "share_shift": Text("占比变动限制", "share shift"),
    "part_of": Text("其中关系", "part of"),
    "at_least_share": Text("占另一指标的最低比重", "least share of another"),
    "at_most_share": Text("占另一指标的最高比重", "greatest share of another"),
    "sum_of": Text("分项之和", "sum of others"),
    "increase_of": Text("存量的年增量", "yearly rise of a level"),
    "strict": Text("取整后严守限制", "limits kept in whole steps"),
    "signed": Text("不得为负", "never negative"),
}
