"""Texts that tell why a plan cannot be met, and what it would take."""

from __future__ import annotations

from decompose.labels.message import Text

DIAGNOSING: dict[str, Text] = {
    # whose number of which year: of one year, of all together, or of none in particular
    "told_place": Text("{scope}{year}年{indicator}", "{scope}'s {indicator} in {year}"),
    "told_place_total": Text("{scope}{indicator}各年累计", "{scope}'s {indicator} over all years"),
    "told_place_always": Text("{scope}{indicator}", "{scope}'s {indicator}"),
    "told_subject": Text("{year}年{indicator}", "{indicator} in {year}"),
    "told_subject_years": Text("{first}—{last}年{indicator}", "{indicator} in {first}–{last}"),
    "told_subject_total": Text("{indicator}各年累计", "{indicator} over all years"),
    "told_subject_always": Text("{indicator}", "{indicator}"),
    # what a rule says behind that
    "told_rule": Text("{place}{says}", "{place}: {says}"),
    "told_target": Text("目标{value}", "target of {value}"),
    "told_target_each_year": Text("逐年目标{value}", "target of {value} each year"),
    "told_target_growth": Text("年均增长{value}的目标", "target of growing by {value} a year"),
    "told_target_growth_each_year": Text(
        "比上年增长{value}的目标", "target of growing by {value} on the year before"
    ),
    "told_target_increase": Text("比基期增加{value}的目标", "target of a rise by {value}"),
    "told_target_increase_each_year": Text(
        "比上年增加{value}的目标", "target of a rise by {value} on the year before"
    ),
    "told_target_per_region": Text("每个地区{value}的目标", "target of {value} per region"),
    "told_target_cut": Text("下降{value}的目标", "target of a cut by {value}"),
    "told_target_cut_each_year": Text(
        "比上年下降{value}的目标", "target of a cut by {value} on the year before"
    ),
    "told_target_rise_each_year": Text(
        "比上年提高{value}的目标", "target of a rise by {value} on the year before"
    ),
    "told_target_rise": Text("提高{value}的目标", "target of a rise by {value}"),
    "told_on_the_way": Text(
        "{value}（到{by}年，{year}年为{now}）", "{value} by {by} ({now} by {year})"
    ),
    "told_with_margin": Text("{value}（加码{margin}）", "{value} (margin {margin})"),
    "told_handed_out": Text("{value}（按{handed}下达）", "{value} (handed out as {handed})"),
    "told_margin_handed_out": Text(
        "{value}（加码{margin}，按{handed}下达）",
        "{value} (margin {margin}, handed out as {handed})",
    ),
    "told_lock": Text("锁定为{value}", "lock at {value}"),
    "told_fact": Text("实际完成{value}", "actual of {value}"),
    "told_ahead": Text("后续年份的限制只留{value}", "room that later years leave, {value}"),
    "told_max": Text("上限{value}", "capacity of {value}"),
    "told_min": Text("下限{value}", "floor of {value}"),
    "told_total.max": Text("上限{value}", "capacity of {value}"),
    "told_total.min": Text("下限{value}", "floor of {value}"),
    "told_growth.max": Text("增速不超过{value}", "greatest growth of {value}"),
    "told_growth.min": Text("增速不低于{value}", "least growth of {value}"),
    "told_ramp.max": Text("比上年增加不超过{value}", "greatest rise of {value}"),
    "told_ramp.min": Text("比上年增加不少于{value}", "least rise of {value}"),
    "told_cut.max": Text("降幅不超过{value}", "greatest cut of {value}"),
    "told_cut.min": Text("降幅不低于{value}", "least cut of {value}"),
    "told_named_cut.max": Text("上限{value}", "greatest cut of {value}"),
    "told_named_cut.min": Text("下限{value}", "least cut of {value}"),
    "told_tier": Text("分档取{value}", "choice among the steps {value}"),
    "told_base_quota": Text("不低于基本目标数{value}", "base quota of {value}"),
    "told_monotone.up": Text("不低于上年", "rule never to fall"),
    "told_monotone.down": Text("不高于上年", "rule never to rise"),
    "told_share.max": Text("占全部的比重不超过{value}", "greatest share of {value}"),
    "told_share.min": Text("占全部的比重不低于{value}", "least share of {value}"),
    "told_share_shift": Text(
        "占全部的比重与基期相差不超过{value}",
        "share within {value} of the base year's",
    ),
    "told_limit": Text("{name}{value}", "{name} of {value}"),
    "told_part_of": Text(
        "是{other}的其中数，不得超过它", "part of {other}, which it cannot exceed"
    ),
    "told_at_least_share": Text("不低于{other}的{value}", "share of at least {value} of {other}"),
    "told_at_most_share": Text("不超过{other}的{value}", "share of at most {value} of {other}"),
    "told_sum_of": Text("等于{other}之和", "sum of {other}"),
    "told_increase_of": Text("等于{other}的年增量", "yearly rise of {other}"),
    "told_strict": Text("{indicator}取整后严守各项限制", "{indicator}: limits kept in whole steps"),
    "told_signed": Text("{indicator}不得为负", "{indicator}: never negative"),
    # several rules of one family
    "told_item": Text("{scope}{value}", "{scope} {value}"),
    "told_scope": Text("{scope}", "{scope}"),
    "named_cut.max": Text("上限", "greatest cut"),
    "named_cut.min": Text("下限", "least cut"),
    "named_target_growth": Text("年均增长目标", "average growth target"),
    "named_target_growth_each_year": Text("逐年增长目标", "yearly growth target"),
    "named_target_increase": Text("增加额目标", "target rise"),
    "named_target_increase_each_year": Text("逐年增加额目标", "yearly target rise"),
    "named_target_per_region": Text("每个地区目标", "target per region"),
    "named_target_each_year": Text("逐年目标", "yearly target"),
    "named_target_cut": Text("下降目标", "target cut"),
    "named_target_cut_each_year": Text("逐年下降目标", "yearly target cut"),
    "named_target_rise": Text("提高目标", "target rise"),
    "named_target_rise_each_year": Text("逐年提高目标", "yearly target rise"),
    "what_total": Text("各年累计{what}", "{what} over all years"),
    "rules_several": Text("{subject}的{what}：{items}", "{subject}, {what}: {items}"),
    "rules_alike": Text("{subject}{says}：{items}", "{subject}, {says}: {items}"),
    "list_cut": Text("{items}等{count}处", "{items} and others, {count} in all"),
    # the conflict
    "diagnosis_feasible": Text(
        "各项规则可以同时满足，计划可行。", "All rules can hold: the plan is possible."
    ),
    "diagnosis_infeasible": Text("计划无法完成：{reason}", "The plan cannot be met: {reason}"),
    "diagnosis_slight": Text(
        "计划无法完成：有的规则不能同时满足，但相差极小，看不出是哪几条；"
        "请把彼此接近的上下限、锁定和目标略微放宽。",
        "The plan cannot be met: rules cannot hold together, but miss by so little that it cannot "
        "be told which; loosen limits, locks and targets that nearly meet.",
    ),
    "diagnosis_late": Text(
        "{indicators}的增速逐年确定：{before}年及以前的已经取整，以下是在此之后的情形。",
        "The growth of {indicators} is settled year by year: that up to {before} is rounded, and "
        "what follows goes on from there.",
    ),
    "diagnosis_stretch": Text(
        "基本目标可以完成，力争目标无法完成（以下所说的目标，有力争数的都指力争数）：{reason}",
        "The base targets can be met, the stretch targets cannot (targets below are stretch "
        "figures where there are some): {reason}",
    ),
    "diagnosis_uneven": Text(
        "计划无法完成：各项规则取整前可以同时满足，取整后{indicators}的限制却不能一一守住"
        "（这些指标写明了 strict: true）。",
        "The plan cannot be met: before rounding all rules can hold, but in whole steps not every "
        "limit of {indicators} can be kept (strict: true).",
    ),
    "conflict_boxes_below": Text(
        "{count}个地区{subject}的{what}合计{reach}，低于{scope}的{demand}，差{gap}。",
        "the {what} of {count} regions for {subject} add up to {reach}, {gap} short of "
        "{scope}'s {demand}.",
    ),
    "conflict_boxes_above": Text(
        "{count}个地区{subject}的{what}合计{reach}，高于{scope}的{demand}，超出{gap}。",
        "the {what} of {count} regions for {subject} add up to {reach}, {gap} above {scope}'s "
        "{demand}.",
    ),
    "boxes_max": Text("上限", "capacities"),
    "boxes_min": Text("下限", "floors"),
    "boxes_lock": Text("锁定数", "locks"),
    "boxes_max_lock": Text("上限和锁定数", "capacities and locks"),
    "boxes_min_lock": Text("下限和锁定数", "floors and locks"),
    "conflict_years_below": Text(
        "{scope}{indicator}各年的目标合计{reach}，低于各年累计{demand}，差{gap}。",
        "the yearly targets of {scope}'s {indicator} add up to {reach}, {gap} short of its "
        "{demand} over all years.",
    ),
    "conflict_years_above": Text(
        "{scope}{indicator}各年的目标合计{reach}，高于各年累计{demand}，超出{gap}。",
        "the yearly targets of {scope}'s {indicator} add up to {reach}, {gap} above its "
        "{demand} over all years.",
    ),
    "conflict_groups_below": Text(
        "{groups}{subject}的目标合计{reach}，低于{scope}的{demand}，差{gap}。",
        "the targets of {groups} for {subject} add up to {reach}, {gap} short of {scope}'s "
        "{demand}.",
    ),
    "conflict_groups_above": Text(
        "{groups}{subject}的目标合计{reach}，高于{scope}的{demand}，超出{gap}。",
        "the targets of {groups} for {subject} add up to {reach}, {gap} above {scope}'s {demand}.",
    ),
    "conflict_shares_below": Text(
        "{count}个地区{subject}的占比上限合计{reach}，不足100%，差{gap}。",
        "the greatest shares of {count} regions in {subject} add up to {reach}, {gap} short of "
        "100%.",
    ),
    "conflict_shares_above": Text(
        "{count}个地区{subject}的占比下限合计{reach}，超过100%，多{gap}。",
        "the least shares of {count} regions in {subject} add up to {reach}, {gap} above 100%.",
    ),
    "conflict_below": Text(
        "{place}最多只能达到{reach}，达不到“{demand}”的要求，差{gap}。",
        "{place} can reach {reach} at most, {gap} short of its {demand}.",
    ),
    "conflict_above": Text(
        "{place}最少也要{reach}，超出“{demand}”的要求，多{gap}。",
        "{place} comes to {reach} at least, {gap} above its {demand}.",
    ),
    "conflict_cut_below": Text(
        "{place}最多只能下降{reach}，达不到“{demand}”的要求，差{gap}。",
        "{place} can fall by {reach} at most, {gap} short of its {demand}.",
    ),
    "conflict_cut_above": Text(
        "{place}最少也要下降{reach}，超出“{demand}”的要求，多{gap}。",
        "{place} falls by {reach} at least, {gap} above its {demand}.",
    ),
    "conflict_rise_below": Text(
        "{place}最多只能提高{reach}，达不到“{demand}”的要求，差{gap}。",
        "{place} can rise by {reach} at most, {gap} short of its {demand}.",
    ),
    "conflict_rise_above": Text(
        "{place}最少也要提高{reach}，超出“{demand}”的要求，多{gap}。",
        "{place} rises by {reach} at least, {gap} above its {demand}.",
    ),
    "conflict_further_below": Text(
        "{reason}连同其他限制，最多只有{reach}，差{gap}。",
        "{reason} With the other limits it is {reach} at most, {gap} short.",
    ),
    "conflict_further_above": Text(
        "{reason}连同其他限制，最少要{reach}，多{gap}。",
        "{reason} With the other limits it is {reach} at least, {gap} above.",
    ),
    "conflict_only_zero": Text(
        "{reason}这一数不为0，其余规则就不能同时成立。",
        "{reason} Unless it is 0, the other rules cannot hold together.",
    ),
    "conflict_alone": Text(
        "{place}“{demand}”本身就无法做到。", "{place}: the {demand} cannot hold even by itself."
    ),
    "conflict_nobody": Text(
        "{place}“{demand}”无法做到：没有地区承担。请在 regions 或 years 中列入承担的地区和年份，"
        "或删去这一要求。",
        "{place}: nobody takes part in what “{demand}” asks. List regions and years that do under "
        "regions or years, or remove it.",
    ),
    "conflict_steps": Text(
        "{place}“{demand}”与分档不能同时满足，各档怎样搭配都不行。",
        "{place}: the {demand} and the steps of the tiers cannot both hold, whichever are taken.",
    ),
    "conflict_slight": Text(
        "{place}“{demand}”与其他规则不能同时满足，相差很小。",
        "{place}: the {demand} and other rules cannot both hold, if only by little.",
    ),
    "conflict_because": Text("原因是下列规则不能同时成立：", "These rules cannot hold together:"),
    "conflict_line": Text("  {number}. {rule}；", "  {number}. {rule};"),
    "conflict_last": Text("  {number}. {rule}。", "  {number}. {rule}."),
    "conflict_rest": Text(
        "  ……另有{count}类，见完整清单。", "  … and {count} more kinds: see the full list."
    ),
    "conflict_elsewhere": Text(
        "除此之外，{items}也有规则不能同时成立，以下办法一并解决。",
        "Elsewhere, too, rules cannot hold together ({items}): what follows mends it all.",
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
        "把{place}的{what}由{before}改为{value}",
        "change the {what} of {place} from {before} to {value}",
    ),
    "repair_drop": Text("取消{indicator}{before}的要求", "for {indicator}, drop the {before}"),
    "repair_strict": Text(
        "不再要求{indicator}取整后严守每项限制（strict 改为 false），突破之处列明",
        "let rounding break limits of {indicator} a little (strict: false); what it breaks is "
        "listed",
    ),
    "repair_signed": Text(
        "允许个别地区的{indicator}为负（signed 改为 true）",
        "let {indicator} of single regions be negative (signed: true)",
    ),
    "repair_share": Text(
        "把{scope}{indicator}占{other}的{end}由{before}改为{value}",
        "change the {end} of {scope} {indicator} in {other} from {before} to {value}",
    ),
    "least_share": Text("最低比重", "least share"),
    "greatest_share": Text("最高比重", "greatest share"),
    "of_scope": Text("{scope}", "{scope}'s"),
    "of_each_region": Text("各地区", "each region's"),
    "repair_several": Text(
        "{way}{subject}的{what}，合计{way}{total}：{items}",
        "{way} the {what} of {subject}, by {total} in all: {items}",
    ),
    "repair_rates": Text(
        "{way}{subject}的{what}：{items}", "{way} the {what} of {subject}: {items}"
    ),
    "way_up": Text("提高", "raise"),
    "way_down": Text("降低", "lower"),
    "way_both": Text("调整", "change"),
    "repair_item": Text("{scope}{before}→{value}", "{scope} {before} → {value}"),
    "repair_item_dated": Text(
        "{scope}{year}年{before}→{value}", "{scope} in {year} {before} → {value}"
    ),
    "repair_item_total": Text(
        "{scope}各年累计{before}→{value}", "{scope} over all years {before} → {value}"
    ),
    "repair_item_each": Text(
        "{scope}逐年{before}→{value}", "{scope} in each year {before} → {value}"
    ),
    "repair_item_region": Text(
        "{scope}每个地区{before}→{value}", "{scope} per region {before} → {value}"
    ),
    "repair_and": Text("{one}；{other}", "{one}; {other}"),
    "repair_more": Text(
        "{told}；另有{count}项，见完整清单", "{told}; and {count} more: see the full list"
    ),
    "repair_unknown": Text(
        "没有第{found}种办法；共有{count}种，从 0 数起",
        "there is no repair {found}: there are {count}, from 0",
    ),
    "yields_unknown": Text(
        "“{found}”不是可以放宽的规则；可用：{known}",
        "“{found}” is no family of rules that can yield; known: {known}",
    ),
}
