"""Texts of checking ratios and ties: what disagrees between indicators, what cannot be met."""

from __future__ import annotations

from decompose.labels.message import Text

COMPARING: dict[str, Text] = {
    # a ratio's figures both ways
    "rise_from_figures": Text(
        "{name}：{scope}由 {base_year} 年 {before}到 {last_year} 年 {now}，提高 {computed}，"
        "所列为 {stated}，相差 {gap}{allowed}；请核对提高幅度与数",
        "{name}, {scope}: from {before} in {base_year} to {now} in {last_year} is a rise of "
        "{computed}, stated is {stated} ({gap} apart{allowed}); compare rise and figures",
    ),
    "figure_from_rise": Text(
        "{name}：{scope} {year}由 {base_year} 年 {before}提高 {change}推算为 {computed}，"
        "所列为 {stated}，相差 {gap}{allowed}；请核对提高幅度与数",
        "{name}, {scope}, {year}: {before} in {base_year} and a rise of {change} mean {computed}, "
        "the figure is {stated} ({gap} apart{allowed}); compare rise and figures",
    ),
    "rise_from_years": Text(
        "{name}：{scope}每年提高 {yearly}，{years} 年累计提高 {computed}，所列为 {stated}，"
        "相差 {gap}{allowed}；请核对年提高幅度与累计提高幅度",
        "{name}, {scope}: a rise of {yearly} a year over {years} years is {computed}, stated is "
        "{stated} ({gap} apart{allowed}); compare the yearly rise and the rise in all",
    ),
    "yearly_from_rise": Text(
        "{name}：{scope}{years} 年累计提高 {change}，合每年提高 {computed}，所列为每年 {stated}，"
        "相差 {gap}{allowed}；请核对年提高幅度与累计提高幅度",
        "{name}, {scope}: a rise of {change} over {years} years is {computed} a year, stated is "
        "{stated} a year ({gap} apart{allowed}); compare the yearly rise and the rise in all",
    ),
    "cut_from_figures": Text(
        "{name}：{scope}由 {base_year} 年 {before}到 {last_year} 年 {now}，下降 {computed}，"
        "所列为 {stated}，相差 {gap}{allowed}；请核对下降率与数",
        "{name}, {scope}: from {before} in {base_year} to {now} in {last_year} is a cut of "
        "{computed}, stated is {stated} ({gap} apart{allowed}); compare cut and figures",
    ),
    "figure_from_cut": Text(
        "{name}：{scope} {year}由 {base_year} 年 {before}下降 {change}推算为 {computed}，"
        "所列为 {stated}，相差 {gap}{allowed}；请核对下降率与数",
        "{name}, {scope}, {year}: {before} in {base_year} and a cut of {change} mean {computed}, "
        "the figure is {stated} ({gap} apart{allowed}); compare cut and figures",
    ),
    "cut_from_years": Text(
        "{name}：{scope}每年下降 {yearly}，{years} 年累计下降 {computed}，所列为 {stated}，"
        "相差 {gap}{allowed}；请核对年下降率与累计下降率",
        "{name}, {scope}: a cut of {yearly} a year over {years} years is {computed}, stated is "
        "{stated} ({gap} apart{allowed}); compare the yearly cut and the cut in all",
    ),
    "yearly_from_cut": Text(
        "{name}：{scope}{years} 年累计下降 {change}，合每年下降 {computed}，所列为每年 {stated}，"
        "相差 {gap}{allowed}；请核对年下降率与累计下降率",
        "{name}, {scope}: a cut of {change} over {years} years is {computed} a year, stated is "
        "{stated} a year ({gap} apart{allowed}); compare the yearly cut and the cut in all",
    ),
    "ratio_from_parts": Text(
        "{name}：{scope} {year}由分子、分母的数推算为 {top} ÷ {bottom}{scale} = {computed}，"
        "所列为 {stated}，相差 {gap}{allowed}；请核对比率与分子、分母",
        "{name}, {scope}, {year}: numerator and denominator make {top} ÷ {bottom}{scale} = "
        "{computed}, the ratio is stated as {stated} ({gap} apart{allowed}); compare them",
    ),
    "cut_from_parts": Text(
        "{name}：{scope} {year}由分子、分母的数推算为 {top} ÷ {bottom}{scale} = {value}，"
        "比基期 {before}下降 {computed}，所列为 {stated}，相差 {gap}{allowed}；"
        "请核对下降率与分子、分母",
        "{name}, {scope}, {year}: numerator and denominator make {top} ÷ {bottom}{scale} = "
        "{value}, a cut of {computed} from {before}, stated is {stated} ({gap} apart{allowed}); "
        "compare them",
    ),
    "rise_from_parts": Text(
        "{name}：{scope} {year}由分子、分母的数推算为 {top} ÷ {bottom}{scale} = {value}，"
        "比基期 {before}提高 {computed}，所列为 {stated}，相差 {gap}{allowed}；"
        "请核对提高幅度与分子、分母",
        "{name}, {scope}, {year}: numerator and denominator make {top} ÷ {bottom}{scale} = "
        "{value}, a rise of {computed} from {before}, stated is {stated} ({gap} apart{allowed}); "
        "compare them",
    ),
    # by the growth of its parts, and back
    "part_is": Text("“{name}”{value}", "“{name}” {value}"),
    "part_grown": Text(
        "“{name}”由 {first} 年 {before}按{kind} {by}推算为 {value}",
        "“{name}” grows from {before} in {first} by {by} {kind} to {value}",
    ),
    "rate_of_years": Text("年均增速", "a year"),
    "rate_of_year": Text("增速", "in the year"),
    "part_risen": Text(
        "“{name}”由 {first} 年 {before}加增量 {by}推算为 {value}",
        "“{name}” rises from {before} in {first} by {by} to {value}",
    ),
    "or_planned": Text(
        "分母须{way}到 {needed}才正好相符，而比率不应靠改分母完成；",
        "only planning {way} of the denominator ({needed}) would make them agree; ",
    ),
    "cut_said": Text("“{name}”下降 {said}", "“{name}” (a cut of {said})"),
    "rise_said": Text("“{name}”提高 {said}", "“{name}” (a rise of {said})"),
    "ratio_from_growth": Text(
        "{name}：{scope} {year}{top}，{bottom}，比率推算为 {computed}，所列为 {stated}，"
        "相差 {gap}{allowed}；{or_else}请核对分子、分母的增速（增量）与比率",
        "{name}, {scope}, {year}: {top}, {bottom}, so the ratio is {computed}; it is stated as "
        "{stated} ({gap} apart{allowed}); {or_else}compare the growth of its parts with it",
    ),
    "cut_from_growth": Text(
        "{name}：{scope} {year}{top}，{bottom}，比率推算为 {value}，"
        "比基期 {before}下降 {computed}，所列为 {stated}，相差 {gap}{allowed}；{or_else}"
        "请核对分子、分母的增速（增量）与下降率",
        "{name}, {scope}, {year}: {top}, {bottom}, so the ratio is {value}, a cut of {computed} "
        "from {before}; stated is {stated} ({gap} apart{allowed}); {or_else}compare the growth of "
        "its parts with it",
    ),
    "rise_from_growth": Text(
        "{name}：{scope} {year}{top}，{bottom}，比率推算为 {value}，"
        "比基期 {before}提高 {computed}，所列为 {stated}，相差 {gap}{allowed}；{or_else}"
        "请核对分子、分母的增速（增量）与提高幅度",
        "{name}, {scope}, {year}: {top}, {bottom}, so the ratio is {value}, a rise of {computed} "
        "from {before}; stated is {stated} ({gap} apart{allowed}); {or_else}compare the growth of "
        "its parts with it",
    ),
    "growth_from_ratio": Text(
        "{name}：{scope}按{ratio}、{bottom}，{last} 年须为 {needed}，由 {first} 年 {before}起"
        "{kind}为 {computed}，所列为 {stated}，相差 {gap}{allowed}；请核对增速与比率",
        "{name}, {scope}: by {ratio} and {bottom} it must be {needed} in {last}, which is growth "
        "of {computed} {kind} from {before} in {first}; stated is {stated} ({gap} "
        "apart{allowed}); compare growth and ratio",
    ),
    "increase_from_ratio": Text(
        "{name}：{scope}按{ratio}、{bottom}，{last} 年须为 {needed}，比 {first} 年 {before}增加 "
        "{computed}，所列为 {stated}，相差 {gap}{allowed}；请核对增量与比率",
        "{name}, {scope}: by {ratio} and {bottom} it must be {needed} in {last}, {computed} more "
        "than {before} in {first}; stated is {stated} ({gap} apart{allowed}); compare rise and "
        "ratio",
    ),
    "ratio_checked": Text(
        "{name}：分子和分母各有目标（或分子是给定的数据），比率只核对、不约束；"
        "如须约束，请写 priority",
        "{name}: numerator and denominator have targets of their own (or the numerator is data), "
        "so the ratio is compared, not imposed; write priority if it should bind",
    ),
    "ratio_limit_idle": Text(
        "{name}：{path} 不起作用（比率由分子、分母决定，不单独下达）；请改写到分子上，或删除",
        "{name}: {path} binds nothing (numerator and denominator set this ratio, which is no "
        "number of its own); limit the numerator, or remove it",
    ),
    # ratios that cannot be met
    "ratio_at_most": Text("至多为", "at most"),
    "ratio_at_least": Text("至少为", "at least"),
    "ratio_just": Text("为", "just"),
    "the_ratio": Text("比率", "the ratio"),
    "the_cut": Text("下降率", "its cut"),
    "the_rise": Text("提高幅度", "its rise"),
    "planned_less": Text("少下达", "less"),
    "planned_more": Text("多下达", "more"),
    "ratio_of_regions": Text(
        "{name}：{scope} {year}按各地区的上下限{most} {reachable}，而目标为 {bound}，差 {gap}；"
        "请放宽各地区的限制，或调整目标",
        "{name}, {scope}, {year}: by the limits of the regions it is {most} {reachable}, the "
        "target is {bound} ({gap} apart); relax the regions' limits, or change the target",
    ),
    "ratio_of_tiers": Text(
        "{name}：{scope} {year}按各地区可取的档次（tiers：{tiers}）{most} {reachable}，"
        "而目标为 {bound}，差 {gap}；请在 tiers 中增补档次，放宽各地区的限制，或调整目标",
        "{name}, {scope}, {year}: by the steps that the regions can take (tiers: {tiers}) it is "
        "{most} {reachable}, the target is {bound} ({gap} apart); add steps to tiers, relax the "
        "regions' limits, or change the target",
    ),
    "ratio_unreached": Text(
        "{name}：{scope} {year}分子“{top}”{at} {above}，分母“{bottom}”按 {below}下达，{what}{most} "
        "{reachable}，而所列为 {stated}，差 {gap}；请核对比率与分子、分母的目标和限制",
        "{name}, {scope}, {year}: the numerator “{top}” is {at} {above}, and {below} of the "
        "denominator “{bottom}” is planned, so {what} is {most} {reachable}; stated is {stated} "
        "({gap} apart); compare the ratio with targets and limits of its parts",
    ),
    "ratio_never": Text(
        "{name}：{scope} {year}分子“{top}”{at} {above}，分母“{bottom}”为 {below}，比率{most} "
        "{reachable}，而目标为 {bound}，差 {gap}；请放宽分子的限制，或调整目标",
        "{name}, {scope}, {year}: the numerator “{top}” is {at} {above} and the denominator "
        "“{bottom}” {below}, so the ratio is {most} {reachable}, the target is {bound} ({gap} "
        "apart); relax the numerator's limits, or change the target",
    ),
    "ratio_by_denominator": Text(
        "{name}：{scope} {year}分子“{top}”{at} {above}，分母“{bottom}”按 {below}下达，比率{most} "
        "{reachable}，而目标为 {bound}，差 {gap}；只有把分母{way}到 {needed}才能完成，而分母先定、"
        "不为比率让路；请放宽分子的限制，或调整目标",
        "{name}, {scope}, {year}: the numerator “{top}” is {at} {above}, and {below} of the "
        "denominator “{bottom}” is planned, so the ratio is {most} {reachable}, the target is "
        "{bound} ({gap} apart); only planning {way} of the denominator ({needed}) would meet it, "
        "and the denominator is settled first; relax the numerator's limits, or change the target",
    ),
    # shares, sums, rises
    "share_at_least": Text("不低于", "at least"),
    "share_at_most": Text("不高于", "at most"),
    "share_never": Text(
        "{name}：{scope} {year}须{end}“{other}”（{whole}）的 {share}，即 {needed}，"
        "而只能做到 {own}，差 {gap}；请放宽限制、调整目标或占比",
        "{name}, {scope}, {year}: must be {end} {share} of “{other}” ({whole}), which is {needed}, "
        "but can only be {own} ({gap} apart); relax limits, or change targets or the share",
    ),
    "share_from_figures": Text(
        "{name}：{scope} {year}须{end}“{other}”（{whole}）的 {share}，即 {needed}，所列为 {own}，"
        "相差 {gap}；下达数将偏离所列数，请核对目标与占比",
        "{name}, {scope}, {year}: must be {end} {share} of “{other}” ({whole}), which is {needed}, "
        "the figure is {own} ({gap} apart), so what is handed out will depart from it; compare "
        "targets and share",
    ),
    "sum_from_parts": Text(
        "{name}：{scope} {year}各分项之和为 {terms}{computed}，所列为 {stated}，"
        "相差 {gap}{allowed}；请核对各分项与合计",
        "{name}, {scope}, {year}: what it adds up makes {terms}{computed}, the figure is {stated} "
        "({gap} apart{allowed}); compare the parts and the sum",
    ),
    "increase_from_level": Text(
        "{name}：{scope} {year}由“{level}”推算为 {now} - {before} = {computed}，所列为 {stated}，"
        "相差 {gap}{allowed}；请核对存量与年增量",
        "{name}, {scope}, {year}: “{level}” rises by {now} - {before} = {computed}, the figure is "
        "{stated} ({gap} apart{allowed}); compare the level and its rise",
    ),
}
