"""Texts of solving."""

from __future__ import annotations

from decompose.labels.message import Text

SOLVING: dict[str, Text] = {
    "solver_missing": Text(
        "没有求解器 {solver}。可用的求解器：{available}。"
        "请改用其中之一，或先安装它（CBC：pip install pulp[cbc]；其他求解器见 PuLP 的说明）",
        "no solver {solver} here. Solvers that are: {available}. Choose one of them, or install "
        "it first (CBC: pip install pulp[cbc]; for others see PuLP's documentation)",
    ),
    "solver_number": Text(
        "规划中有求解器不能处理的数（{what}）：空值、无穷大，或与同行其他数相差过大。"
        "请检查计划中的单位和数量级",
        "the program has a number that a solver cannot take ({what}): NaN, infinite, or far too "
        "large or small beside the others. Check the units and magnitudes in the plan",
    ),
    "solver_refused": Text(
        "求解器 HiGHS 拒绝了调用 {call}。请更新 highspy，或改用其他求解器",
        "the solver HiGHS refused the call {call}. Update highspy, or use another solver",
    ),
    "solver_crashed": Text(
        "求解器 {solver} 出错：{detail}。请检查它的安装和许可，或改用 highs",
        "the solver {solver} failed: {detail}. Check its installation and licence, or use highs",
    ),
    "solver_squares": Text(
        "least_squares 没有算出结果：有的限制几乎互相重合或矛盾，或基准数相差过大。请改用 leximin",
        "least_squares found no answer: rules nearly coincide or contradict, or references are of "
        "too different size. Use leximin",
    ),
    "solver_duals": Text(
        "求解器 {solver} 不给出对偶值；least_absolute 请用 highs",
        "the solver {solver} gives no duals; use highs for least_absolute",
    ),
    "solver_answer": Text(
        "求解器 {solver} 的结果不符合规则，未予采用。请改用其他求解器",
        "the answer of the solver {solver} breaks a rule and was not used. Use another solver",
    ),
    "tiers_search": Text(
        "分档的搭配太多，没有找到正好满足目标的一种。各档很难凑成正好一个数：请把有分档的指标的目标"
        "写成“14%以上”这样，或者写左右、区间",
        "there are too many ways to choose tiers, and none was found that meets the target. Steps "
        "hardly ever make just one number: write the target of the indicator with tiers as ≥14%, "
        "about 14% or an interval",
    ),
    "solver_stage": Text(
        "求解器 {solver} 没有完成第 {program} 个规划（{status}）。"
        "请改用默认的 highs，或放宽时间限制",
        "the solver {solver} did not finish program {program} ({status}). Use the default "
        "solver, highs, or allow more time",
    ),
    "gap_unknown": Text(
        "gap 没有“{found}”这一种；可用的是：{known}，或不给",
        "there is no gap “{found}”; it may be {known}, or left out",
    ),
    "all_years": Text("累计", "all years together"),
    "one_year": Text("{year}年", "{year}"),
    "certificate_not_finite": Text(
        "求解器给出的结果不是有限的数；请换用别的求解器，或报告此问题",
        "the solver's answer is not finite; use another solver, or report this",
    ),
    "certificate_negative": Text(
        "求解器给出了负数；请换用别的求解器，或报告此问题",
        "the solver's answer holds a negative quota; use another solver, or report this",
    ),
    "certificate_broken": Text(
        "结果未通过校验（{count} 条规则）：{indicator} {scope} {year}的{rule}应在 {lower} 与 "
        "{upper} 之间，实为 {value}；请换用别的求解器，或报告此问题",
        "the answer failed its certificate ({count} rules): the {rule} of {indicator} {scope} "
        "{year} should lie between {lower} and {upper}, but is {value}; use another solver, or "
        "report this",
    ),
    "tiers_infeasible": Text(
        "{indicator}（{path}）：分母已定后，各档（{tiers}）怎样搭配都完不成下降 {target}的目标，"
        "或守不住限制；请在 tiers 中增补档次，调整 target.cut，或放宽限制",
        "{indicator} ({path}): with its denominators settled, no choice of steps ({tiers}) reaches "
        "the target (a cut of {target}) and keeps the limits; add steps to tiers, change "
        "target.cut, or relax the limits",
    ),
    "plan_infeasible": Text(
        "计划无法完成：各项规则不能同时满足",
        "the plan cannot be met: its rules cannot hold together",
    ),
    "rounding_impossible": Text(
        "取整到步长后，没有一张表能使各项合计都相符（涉及 {count} 个数，每个数只能稍离取整前）。"
        "以下各项不能同时做到，请改动其中任何一项，或改用更小的步长（step、decimals）",
        "no table in whole steps adds up ({count} cells, none of which may go far from its value "
        "before rounding). These cannot hold together; change any of them, or take a smaller step "
        "(step, decimals)",
    ),
    "rounding_strict": Text(
        "取整到步长后，没有一张表能守住 strict: true 的限制（涉及 {count} 个数）。"
        "以下各项不能同时做到，请去掉有关指标的 strict，放宽其中任何一项，"
        "或改用更小的步长（step、decimals）",
        "no table in whole steps keeps the limits with strict: true ({count} cells). These "
        "cannot hold together; drop strict from these indicators, relax any of them, or take a "
        "smaller step (step, decimals)",
    ),
    "rounding_rule": Text(
        "{indicator} {scope} {year}的{rule}（{path}）",
        "{indicator} {scope} {year}: {rule} ({path})",
    ),
    "rounding_bound": Text(
        "{indicator} {scope} {year}的{rule}：{wanted}（{path}）",
        "{indicator} {scope} {year}: {rule}, {wanted} ({path})",
    ),
    "rounding_sum": Text(
        "{indicator} {scope} {year}的合计：{wanted}（取整前为 {exact}）",
        "{indicator} {scope} {year}: the sum, {wanted} ({exact} before rounding)",
    ),
    "wanted_exactly": Text("应为 {value}", "exactly {value}"),
    "wanted_least": Text("不低于 {value}", "at least {value}"),
    "wanted_most": Text("不高于 {value}", "at most {value}"),
    "wanted_between": Text("在 {lower} 与 {upper} 之间", "between {lower} and {upper}"),
    "rounding_moved": Text(
        "{indicator} {scope} {year}：取整前为 {exact}，取整后为 {quota}，各项合计不能都就近取整",
        "{indicator} {scope} {year}: {exact} before rounding, {quota} after it; not every sum can "
        "go to a step beside it",
    ),
    "rounding_solver": Text(
        "取整时求解器没有得出结果（{status}）；请改用其他求解器，或报告此问题",
        "the solver gave no answer while rounding ({status}); use another solver, or report this",
    ),
    "rounding_wrong": Text(
        "取整结果未通过整数校验：{count} 项合计或数值不相符；请改用其他求解器，或报告此问题",
        "the rounded table failed its count in whole numbers: {count} sums or cells are wrong; use "
        "another solver, or report this",
    ),
}
