"""Texts of what changed: comparisons, and plans that are revised."""

from __future__ import annotations

from decompose.labels.message import Text

REVISING: dict[str, Text] = {
    "comparison_title": Text("{title}调整对照表", "{title}: what changed"),
    "comparison_same": Text("没有变化", "nothing changed"),
    "because_new_indicator": Text("新增指标", "a new indicator"),
    "because_lost_indicator": Text("取消的指标", "the indicator is gone"),
    "because_published": Text(
        "原印{before}，现印{after}，不能对照",
        "{before} was printed before, {after} now: they cannot be compared",
    ),
    "because_new_region": Text("新增地区", "a new region"),
    "because_lost_region": Text("撤并的地区", "the region is gone"),
    "because_new_year": Text("新增年份", "a new year"),
    "because_lost_year": Text("不再分解的年份", "the year is gone"),
    "because_of_years": Text("各年之和变化", "the sum of what changed in its years"),
    "because_of_regions": Text("各地区之和变化", "the sum of what changed in its regions"),
    "because_of_parts": Text(
        "由各地区变化后的数计算得出", "computed from what changed in its regions"
    ),
    "because_past": Text(
        "{through}年及以前改为实际数，以后年度重新分解",
        "years up to {through} are what was reached, and later ones were decomposed again",
    ),
    "because_by_hand": Text("手工改定", "set by hand"),
    "because_rounding": Text("仅取整不同", "rounding alone"),
    "because_others": Text(
        "随其他地区或年份的变化相应调整", "follows what changed in other regions or years"
    ),
    "because_move": Text("协商调整{why}", "agreed{why}"),
    "because_move_of": Text("分担{region}的协商调整{why}", "takes its part of {region}{why}"),
    "because_move_elsewhere": Text(
        "随{region}{year}年“{indicator}”的协商调整变动{why}",
        "follows the move of {region}'s “{indicator}” in {year}{why}",
    ),
    "because_why": Text("：{why}", ": {why}"),
    "because_lock": Text("锁定：{why}", "settled: {why}"),
    "because_where": Text("（{keys}）", " ({keys})"),
    "because_set": Text("新增{what}{where} {after}", "{what}{where} is now {after}"),
    "because_dropped": Text("取消{what}{where} {before}", "{what}{where} of {before} is gone"),
    "because_changed": Text(
        "{what}{where}由 {before} 改为 {after}", "{what}{where} went from {before} to {after}"
    ),
    "because_base": Text("基数由 {before} 改为 {after}", "its base went from {before} to {after}"),
    "because_tied": Text("随“{other}”的变化调整", "follows the change of “{other}”"),
    "because_merged": Text("由{parts}合并为{to}", "{parts} merged into {to}"),
    "because_renamed": Text("原{parts}，改称{to}", "{parts} is {to} now"),
    "because_bound": Text("现受{rules}约束", "now held by {rules}"),
    "because_free": Text("不再受{rules}约束", "no longer held by {rules}"),
    # revise
    "revision_title": Text("{title}目标调整表", "{title}: revised quotas"),
    "revise_wrong": Text("调整有 {count} 处错误：", "the revision has {count} mistakes:"),
    "revise_carry": Text(
        "carry 没有“{found}”；可写：{known}", "there is no carry “{found}”; write one of {known}"
    ),
    "revise_through": Text(
        "through（{found}）须是计划中最后一年以前的年份（{known}）；要续编以后年份，请在 changes 中"
        "改 years 和目标",
        "through ({found}) is a year of the plan before its last ({known}); to go on beyond it, "
        "change years and targets in changes",
    ),
    "revise_years": Text("计划中没有年份 {found}，有 {known}", "no year {found}; it has {known}"),
    "revise_base": Text(
        "bases 中的“{found}”不在计划中；请写指标代号和地区名称",
        "“{found}” of bases is not in the plan; write ids of indicators and names of regions",
    ),
    "revise_lacking": Text(
        "缺少实际数（{count} 处），无法调整；请补报，没有统计数的请填预计数：",
        "actuals are missing ({count}); report them, or an estimate where there are none yet:",
    ),
    "revise_not_reported": Text(
        "{indicator} {year}年未报送全年数：{regions}",
        "{indicator}, {year}: no number of the whole year from {regions}",
    ),
    "merge_unknown": Text(
        "没有地区“{found}”可合并；计划中有：{known}",
        "there is no region “{found}” to merge; the plan has {known}",
    ),
    "merge_twice": Text(
        "“{found}”已并入“{other}”；一个地区只能并一次",
        "“{found}” is merged into “{other}” already; merge a region once",
    ),
    "merge_taken": Text(
        "“{found}”已是别的地区、组或全市的名称；请换一个",
        "“{found}” is the name of another region, a group or the area; choose another",
    ),
    "merge_nothing": Text("“{found}”没有写由哪些地区合并", "name the regions that make “{found}”"),
    "merge_groups": Text(
        "并入“{found}”的地区所属的组不同（{groups}）；请在 changes 中写明 regions.{found}.groups",
        "the parts of “{found}” belong to different groups ({groups}); say regions.{found}.groups "
        "in changes",
    ),
    "merge_lock": Text(
        "{indicator}：{parts}{year}的锁定数在合并为{to}后不再保留（其余各地没有锁定）",
        "{indicator}: the locks of {parts} in {year} are gone, as they are now part of {to}, of "
        "which the rest was not locked",
    ),
    "merge_differs": Text(
        "并入“{found}”的地区在此写得不同，不能相加；请先用 with_changes 统一，再合并",
        "the parts of “{found}” differ here, and cannot be summed; make them alike first",
    ),
    "revise_reached": Text("{year}年实际完成数", "reached in {year}"),
    "revise_unreported": Text("{year}年未报送，按下达数计", "{year} not reported: taken as issued"),
    "revise_told_unreported": Text(
        "{indicator}：{year}年各地区均未报送全年数，按下达数计；有实际数后请重新调整",
        "{indicator}: no region has reported all of {year}; it is taken as issued. Revise again "
        "when there are actuals",
    ),
    "revise_short_area": Text(
        "{scope}到{through}年少完成 {gap}{unit}，由各地区在以后年度分担",
        "{scope} fell {gap} {unit} short by {through}, shared by all in later years",
    ),
    "revise_over_area": Text(
        "{scope}到{through}年多完成 {gap}{unit}，各地区以后年度相应减少",
        "{scope} was {gap} {unit} ahead by {through}: less for all in later years",
    ),
    "revise_short_region": Text(
        "{scope}到{through}年少完成 {gap}{unit}，结转以后年度",
        "{scope} fell {gap} {unit} short by {through}, and makes up for it",
    ),
    "revise_over_region": Text(
        "{scope}到{through}年多完成 {gap}{unit}，以后年度相应减少",
        "{scope} was {gap} {unit} ahead by {through}: less in later years",
    ),
    "revise_negative": Text(
        "{indicator}：{scope}到{through}年已完成 {reached}{unit}，超过累计目标 {total}{unit}，"
        "以后年度只按下限分解",
        "{indicator}: {scope} has reached {reached} {unit} by {through}, beyond its target of "
        "{total} {unit} over the years: later years are left at their floors",
    ),
    "revise_spent": Text(
        "{indicator}：{scope}到{through}年已完成 {reached}{unit}，连同以后年度的下限"
        "超过各年累计上限 {total}{unit}，以后年度只按下限分解",
        "{indicator}: {scope} has reached {reached}{unit} by {through}, which with the floors of "
        "later years is beyond its capacity of {total}{unit} over the years: later years are left "
        "at their floors",
    ),
    "revise_told_level": Text(
        "{indicator}：{through}年下达 {issued}{unit}，实际 {reached}{unit}；"
        "{last}年由 {before}{unit}调为 {after}{unit}",
        "{indicator}: {issued} {unit} issued for {through}, {reached} {unit} reached; {last} goes "
        "from {before} {unit} to {after} {unit}",
    ),
    "revise_told": Text(
        "{indicator}：到{through}年下达 {issued}{unit}，实际 {reached}{unit}；"
        "以后年度由 {before}{unit}调为 {after}{unit}",
        "{indicator}: {issued} {unit} issued by {through}, {reached} {unit} reached; later years "
        "go from {before} {unit} to {after} {unit}",
    ),
}
