"""Texts that tell why a plan cannot be met, and what it would take."""

from __future__ import annotations

from decompose.labels.message import Text

DIAGNOSING: dict[str, Text] = {
    # what a rule says: place, year and indicator come before it
    "told_place": Text("{scope}{year}{indicator}", "{indicator} of {scope} {year}"),
    "told_in_year": Text("{year}年", "in {year}"),
    "told_over_years": Text("各年合计", "over all years"),
    "told_target": Text("{place}目标{value}", "{place}: target {value}"),
    "told_total": Text("{place}目标{value}", "{place}: target {value}"),
    "told_target_growth": Text("{place}年均增长{value}的目标", "{place}: target growth {value}"),
    "told_target_growth_each_year": Text(
        "{place}比上年增长{value}的目标", "{place}: target growth {value} on the year before"
    ),
    "told_target_increase": Text("{place}比基期增加{value}的目标", "{place}: target rise {value}"),
    "told_target_increase_each_year": Text(
        "{place}比上年增加{value}的目标", "{place}: target rise {value} on the year before"
    ),
    "told_target_per_region": Text(
        "{place}每个地区{value}的目标", "{place}: target {value} per region"
    ),
    "told_target_cut": Text("{place}下降{value}的目标", "{place}: target cut {value}"),
    "told_target_cut_each_year": Text(
        "{place}比上年下降{value}的目标", "{place}: target cut {value} on the year before"
    ),
    "told_target_rise": Text("{place}提高{value}的目标", "{place}: target rise {value}"),
    "told_with_margin": Text("{value}（加码{margin}）", "{value} (margin {margin})"),
    "told_lock": Text("{place}锁定为{value}", "{place}: locked at {value}"),
    "told_max": Text("{place}上限{value}", "{place}: at most {value}"),
    "told_min": Text("{place}下限{value}", "{place}: at least {value}"),
    "told_total.max": Text("{place}上限{value}", "{place}: at most {value}"),
    "told_total.min": Text("{place}下限{value}", "{place}: at least {value}"),
    "told_growth.max": Text("{place}增速不超过{value}", "{place}: growth at most {value}"),
    "told_growth.min": Text("{place}增速不低于{value}", "{place}: growth at least {value}"),
    "told_ramp.max": Text("{place}比上年增加不超过{value}", "{place}: rise at most {value}"),
    "told_ramp.min": Text("{place}比上年增加不少于{value}", "{place}: rise at least {value}"),
    "told_cut.max": Text("{place}降幅不超过{value}", "{place}: cut at most {value}"),
    "told_cut.min": Text("{place}降幅不低于{value}", "{place}: cut at least {value}"),
    "told_tier": Text("{place}分档取{value}", "{place}: one of the steps {value}"),
    "told_base_quota": Text(
        "{place}不低于基本目标数{value}", "{place}: not below its base quota {value}"
    ),
    "told_monotone.up": Text("{place}不低于上年", "{place}: not below the year before"),
    "told_monotone.down": Text("{place}不高于上年", "{place}: not above the year before"),
    "told_share.max": Text("{place}占全部的比重不超过{value}", "{place}: share at most {value}"),
    "told_share.min": Text("{place}占全部的比重不低于{value}", "{place}: share at least {value}"),
    "told_share_shift": Text(
        "{place}占全部的比重与基期相差不超过{value}",
        "{place}: share within {value} of the base year's",
    ),
    "told_part_of": Text("{place}是{other}的其中数，不得超过它", "{place}: part of {other}"),
    "told_at_least_share": Text(
        "{place}不低于{other}的{value}", "{place}: at least {value} of {other}"
    ),
    "told_at_most_share": Text(
        "{place}不超过{other}的{value}", "{place}: at most {value} of {other}"
    ),
    "told_sum_of": Text("{place}等于{other}之和", "{place}: the sum of {other}"),
    "told_increase_of": Text("{place}等于{other}的年增量", "{place}: the yearly rise of {other}"),
    # several rules of one family
    "told_item": Text("{scope}{value}", "{scope} {value}"),
    "rules_several": Text(
        "{year}{indicator}的{what}：{items}", "{what} of {indicator} {year}: {items}"
    ),
    "list_cut": Text("{items}等{count}处", "{items} and {count} in all"),
    # the conflict
    "diagnosis_feasible": Text(
        "各项规则可以同时满足，计划可行。", "All rules can hold: the plan is possible."
    ),
    "diagnosis_infeasible": Text("计划无法满足：{reason}", "The plan cannot be met: {reason}"),
    "conflict_boxes_below": Text(
        "{count}个地区{year}{indicator}的上限合计{reach}，低于{demand}，差{gap}。",
        "the capacities of {count} regions for {indicator} {year} add up to {reach}, short of "
        "{demand} by {gap}.",
    ),
    "conflict_boxes_above": Text(
        "{count}个地区{year}{indicator}的下限合计{reach}，高于{demand}，超出{gap}。",
        "the floors of {count} regions for {indicator} {year} add up to {reach}, above "
        "{demand} by {gap}.",
    ),
    "conflict_below": Text(
        "{place}最多只能达到{reach}，达不到“{demand}”，差{gap}。",
        "{place} can reach {reach} at most, short of “{demand}” by {gap}.",
    ),
    "conflict_above": Text(
        "{place}最少也要{reach}，超出“{demand}”，多{gap}。",
        "{place} comes to {reach} at least, above “{demand}” by {gap}.",
    ),
    "conflict_alone": Text("“{demand}”自身就无法做到。", "“{demand}” cannot hold even by itself."),
    "conflict_steps": Text(
        "“{demand}”与分档不能同时满足：各档怎样搭配都不行。",
        "“{demand}” and the steps of the tiers cannot both hold, however they are taken.",
    ),
    "conflict_because": Text("原因是下列规则不能同时成立：", "These rules cannot hold together:"),
    "conflict_line": Text("  {number}. {rule}；", "  {number}. {rule};"),
    "conflict_last": Text("  {number}. {rule}。", "  {number}. {rule}."),
    "conflict_rest": Text(
        "  ……另有{count}条，见完整清单。", "  … and {count} more: see the full list."
    ),
    # the repairs
    "repairs_none": Text(
        "只放宽某一类规则都不能使计划可行，请同时调整多类规则，或把目标改低。",
        "No single family of rules can make it possible by yielding: change several, or lower "
        "the target.",
    ),
    "repairs_head": Text("可以这样调整（任选一种）：", "Any one of these would make it possible:"),
    "repair_line": Text("  办法{number}：{repair}。", "  {number}. {repair}."),
    "repair_one": Text(
        "把{scope}{year}{indicator}的{what}由{before}改为{value}",
        "change the {what} of {indicator} of {scope} {year} from {before} to {value}",
    ),
    "repair_several": Text(
        "调整{year}{indicator}的{what}，合计{total}：{items}",
        "change the {what} of {indicator} {year}, {total} in all: {items}",
    ),
    "repair_rates": Text(
        "调整{year}{indicator}的{what}：{items}", "change the {what} of {indicator} {year}: {items}"
    ),
    "repair_item": Text("{scope}{before}→{value}", "{scope} {before} → {value}"),
    "repair_item_dated": Text("{scope}{year}{before}→{value}", "{scope} {year} {before} → {value}"),
    "repair_and": Text("{one}；{other}", "{one}; {other}"),
    "repair_unknown": Text(
        "没有第{found}种办法；共有{count}种，从 0 数起",
        "there is no repair {found}: there are {count}, from 0",
    ),
    "yields_unknown": Text(
        "“{found}”不是可以放宽的规则；可用：{known}",
        "“{found}” is no family of rules that can yield; known: {known}",
    ),
}
