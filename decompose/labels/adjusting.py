"""Texts of negotiation: moves of quotas, what stops them, and what is told of them."""

from __future__ import annotations

from decompose.labels.message import Text

ADJUSTING: dict[str, Text] = {
    "adjust_wrong": Text("调整要求有 {count} 处错误：", "the moves have {count} mistakes:"),
    "adjust_stretch": Text(
        "力争数随分解结果一起调整；请调整整个分解结果",
        "stretch quotas follow their allocation; adjust that",
    ),
    "adjust_move": Text("第{number}项调整", "move {number}"),
    "adjust_hold": Text("hold 第{number}项", "hold, item {number}"),
    "adjust_unknown": Text("计划中没有“{found}”{hint}", "the plan has no “{found}”{hint}"),
    "adjust_sum": Text(
        "“{found}”是各地区的合计，不能直接调整；请写明调整哪个地区，或修改目标（with_changes、revise）",
        "“{found}” is a sum of regions; name the region that is moved, or change the target "
        "(with_changes, revise)",
    ),
    "adjust_no_quota": Text(
        "{region}{year}年没有“{indicator}”的分解数，不能调整",
        "{region} has no quota of “{indicator}” in {year} that could be moved",
    ),
    "adjust_follows": Text(
        "“{found}”没有自己的分解数（给定的数，或随比率得出），不能调整；可调整的有：{known}",
        "“{found}” has no quotas of its own (it is given, or follows a ratio); those that can be "
        "moved are {known}",
    ),
    "adjust_amount": Text(
        "调整量应为不等于 0 的数，这里是“{found}”",
        "the amount is a number other than 0, not “{found}”",
    ),
    "adjust_off_grid": Text(
        "“{indicator}”的最小单位是 {step}，调整量 {found} 不是它的整数倍；可写 {near}",
        "the step of “{indicator}” is {step}, and {found} is no whole multiple of it; "
        "write {near}, say",
    ),
    "adjust_twice": Text(
        "{region}{year}年“{indicator}”已在第{other}项中调整；请合并为一项",
        "{region}'s “{indicator}” in {year} is moved by move {other} already; make them one",
    ),
    "adjust_held": Text(
        "{region}{year}年“{indicator}”又要调整又要不动（hold）；请去掉其中一项",
        "{region}'s “{indicator}” in {year} is both moved and held; take one of the two out",
    ),
    "adjust_nobody": Text(
        "to 中没有可以承接的地区（{regions}）：本地、同时调整的、不动的和没有这项任务的都不能承接",
        "nobody in to ({regions}) can take it: neither the region itself, nor one that is moved or "
        "held, nor one without this quota",
    ),
    "adjust_hold_form": Text(
        "hold 的每一项应为地区、分组、指标，或（指标, 地区或分组, 年份），这里是“{found}”",
        "hold lists regions, groups, indicators, or (indicator, region or group, year); “{found}” "
        "is none",
    ),
    "adjust_infeasible": Text(
        "{move}做不到：{reason}。{most}", "{move} cannot be made: {reason}. {most}"
    ),
    "adjust_together": Text(
        "这 {count} 项调整单独都能做到，合在一起做不到：{reason}",
        "each of the {count} moves can be made alone, but not all together: {reason}",
    ),
    "adjust_moved": Text(
        "{region}{year}年“{indicator}”调整 {amount}",
        "moving {region}'s “{indicator}” in {year} by {amount}",
    ),
    "adjust_because": Text(
        "与下列规则不能同时成立：{rules}", "it cannot hold together with: {rules}"
    ),
    "adjust_and": Text("{one}；{other}", "{one}; {other}"),
    "adjust_below_0": Text("分解数不能小于 0", "no quota may be below 0"),
    "adjust_most": Text(
        "这个方向最多能调 {amount}", "The most that can be moved in that direction is {amount}"
    ),
    "adjust_none": Text("这个方向一步也不能调", "Not a single step can be moved in that direction"),
    "adjust_fixed": Text(
        "{regions}{year}年“{indicator}”不变",
        "“{indicator}” of {regions} in {year} stays",
    ),
    "adjust_total": Text(
        "{scope}{year}年“{indicator}”合计不变",
        "the sum of “{indicator}” over {scope} in {year} stays",
    ),
    "adjust_rounding": Text(
        "取整到步长后，{region}{year}年“{indicator}”不能正好是 {amount}；请改用别的调整量",
        "in whole steps, {region}'s “{indicator}” in {year} cannot be exactly {amount}; "
        "move another amount",
    ),
    # what is told of a number
    "moved_before": Text("此前{moves}；", "Before, it was {moves}. "),
    "moved_it": Text("", "It was "),
    "moved_stood": Text("原为{stood}，", "It stood at {stood} and was "),
    "moved_less": Text("经协商调减{amount}{reason}", "cut by {amount} in negotiation{reason}"),
    "moved_more": Text("经协商调增{amount}{reason}", "raised by {amount} in negotiation{reason}"),
    "moved_reason": Text("（原因：{why}）", " (reason: {why})"),
    "moved_and": Text("{one}，{other}", "{one}, {other}"),
    "moved_others": Text("；相应变动的有{others}", "; {others} changed with it"),
    "moved_told": Text("{before}{stood}{moves}{others}。", "{before}{stood}{moves}{others}."),
    "moved_and_issued": Text("{moved}{issued}", "{moved} {issued}"),
    "issued_same": Text("与原下达的{issued}相同。", "It is what was issued, {issued}."),
    "issued_more": Text(
        "原下达{issued}，调整后增加{amount}。",
        "{issued} was issued; as revised it is {amount} higher.",
    ),
    "issued_less": Text(
        "原下达{issued}，调整后减少{amount}。",
        "{issued} was issued; as revised it is {amount} lower.",
    ),
    "reached_more": Text(
        "原下达{issued}，实际多{amount}。",
        "{issued} was issued; what was reached is {amount} higher.",
    ),
    "reached_less": Text(
        "原下达{issued}，实际少{amount}。",
        "{issued} was issued; what was reached is {amount} lower.",
    ),
    "moved_since": Text(
        "此前{moves}，后又重新分解。",
        "Before, it was {moves}; it was decomposed again since.",
    ),
    "moved_less_than": Text("；协商后比它少{gap}", "; as negotiated it is {gap} lower"),
    "moved_more_than": Text("；协商后比它多{gap}", "; as negotiated it is {gap} higher"),
    "took_move": Text(
        "{region}{year}年“{indicator}”{move}", "{region}'s “{indicator}” in {year} was {move}"
    ),
    "took_more": Text(
        "原为{stood}，因{moves}，增加{amount}。",
        "It stood at {stood}; as {moves}, it is {amount} higher.",
    ),
    "took_less": Text(
        "原为{stood}，因{moves}，减少{amount}。",
        "It stood at {stood}; as {moves}, it is {amount} lower.",
    ),
    "line_moved": Text("，经协商调整（{gap}）", ", moved in negotiation ({gap})"),
    "line_took": Text("，随协商调整变动（{gap}）", ", changed with a move ({gap})"),
}
