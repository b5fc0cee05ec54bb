"""Texts about growth that is published: what it needs, what it cannot go with or reach."""

from __future__ import annotations

from decompose.labels.message import Text

GROWTH: dict[str, Text] = {
    "growth_target": Text(
        "publish: growth 按全域每年的合计分解增速，但 target 没有数；请写全域的目标，"
        "或改用 publish: value",
        "publish: growth shares out the area's sum of each year, but target says nothing; write "
        "the area's target, or use publish: value",
    ),
    "growth_base": Text(
        "publish: growth 需要大于 0 的基期数，缺少、为 0 或为负的：{regions}；请在 base 中补上，"
        "用 regions: {{except: […]}} 去掉这些地区，或改用 publish: value",
        "publish: growth needs base-year values above 0, which are missing, 0 or negative for: "
        "{regions}; add them to base, leave the regions out with regions: {{except: […]}}, or use "
        "publish: value",
    ),
    "growth_gap": Text(
        "publish: growth 逐年与上年相比，但 {regions} 在 {years} 年的上年不承担该指标；"
        "请让它们从第一年起逐年承担，或改用 publish: value",
        "publish: growth compares every year with the year before, in which {regions} take no part "
        "(before {years}); let them take part from the first year on, or use publish: value",
    ),
    "growth_years": Text(
        "publish: growth 需要全域每年的合计，但 target 没有 {years} 年的数，也没有累计数；"
        "请补上这些年份或 total",
        "publish: growth needs the area's sum of every year, but target gives neither {years} nor "
        "a total; add these years, or a total",
    ),
    "growth_fairness": Text(
        "publish: growth 只能用 fairness: leximin，不能用 {found}；请改其中一个",
        "publish: growth goes with fairness: leximin only, not with {found}; change either",
    ),
    "growth_sum": Text(
        "“{name}”的 sum_of 或 increase_of 须逐地区恰好相等，而按增速下达的指标，其数值没有步长；"
        "请改用 publish: value，或改用 links",
        "sum_of or increase_of of “{name}” must hold exactly in every region, but values that "
        "follow from published growth have no step; use publish: value, or links",
    ),
    "growth_lock_total": Text(
        "publish: growth 锁定的是某年的增速（%），累计数不能锁定；请改用 limits.total",
        "publish: growth locks the growth of a year (in percent), never a total; use limits.total",
    ),
    "growth_lock_low": Text(
        "锁定的增速 {found}% 须高于 -100%；请改正",
        "the locked growth of {found} % must be above -100 %; correct it",
    ),
    "growth_circle": Text(
        "按增速下达的指标逐年先后确定，但 links 成环：{chain}；请去掉一环，或改用 publish: value",
        "indicators linked to published growth are settled one after the other, but these wait "
        "for one another: {chain}; break the chain, or use publish: value",
    ),
    "growth_later_year": Text(
        "计划无法完成：{indicators}的增速逐年确定，{before}年的增速印出以后，{year}年起的以下要求不能同时"
        "满足；请放宽这些要求，或增加 decimals",
        "the plan cannot be met: the growth of {indicators} is settled year by year; with that of "
        "{before} printed, these rules from {year} on cannot hold together; relax them, or raise "
        "decimals",
    ),
    "growth_curved": Text(
        "{indicator}：{year}年的年均增速没有算出结果；请改为逐年的 years，或改用 publish: value",
        "{indicator}: the average growth of {year} could not be worked out; list every year in "
        "years, or use publish: value",
    ),
}
