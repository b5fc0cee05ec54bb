"""Texts about ratios and about what ties indicators together: mistakes of a plan."""

from __future__ import annotations

from decompose.labels.message import Text

RATIOS: dict[str, Text] = {
    # keys and kinds
    "key_of_kind": Text(
        "“{key}”不能用于 kind: {kind}（只用于 {kinds}）；请删除，或改 kind",
        "“{key}” does not go with kind: {kind} (only with {kinds}); remove it or change kind",
    ),
    "publish_of_kind": Text(
        "publish: {publish} 不能用于 kind: {kind}（只用于 {kinds}）；请改 publish 或 kind",
        "publish: {publish} does not go with kind: {kind} (only with {kinds}); change either",
    ),
    "text_missing": Text(
        "文字指标没有写 text；请写出目标的原文",
        "a text indicator has no text; write the goal's words",
    ),
    "values_missing": Text(
        "给定指标没有写 values；请按年份写 {{年份: 列名}}",
        "a given indicator has no values; write {{year: column}}",
    ),
    "denominator_missing": Text(
        "比率没有写 denominator（分母）；请写分母指标的 id",
        "the ratio has no denominator; write the id of its denominator",
    ),
    "ratio_of_kind": Text(
        "“{name}”的类型是 {kind}，不能作分子或分母；请改用 {kinds}",
        "“{name}” is of kind {kind}, which no ratio is made of; use one of {kinds}",
    ),
    "cumulative_of_kind": Text(
        "“{name}”的类型是 {kind}，不能逐年累计；cumulative 只用于 {kinds}；请改用其中之一",
        "“{name}” is of kind {kind}, which does not add over years; cumulative takes {kinds}, so "
        "name one of these",
    ),
    "ratio_itself": Text(
        "分子与分母是同一指标“{name}”；请改正其中一个",
        "numerator and denominator are both “{name}”; correct one of them",
    ),
    "scale_positive": Text(
        "scale 是 {found}，必须大于 0；请改正", "scale is {found}, but must be above 0; correct it"
    ),
    # what a ratio needs
    "denominator_circle": Text(
        "分母须先定，但关系成环：{chain}；请给其中一个写 kind: given 的数据，或去掉一环",
        "a denominator is settled first, but these wait for one another: {chain}; give one of them "
        "as data (kind: given), or break the chain",
    ),
    "denominator_zero": Text(
        "{years} 年分母“{name}”为 0 或缺失：{regions}；"
        "请补上数据，或写 regions: {{except: […]}} 去掉这些地区",
        "in {years} the denominator “{name}” is 0 or missing for: {regions}; give the data, or "
        "leave the regions out with regions: {{except: […]}}",
    ),
    "denominator_nil": Text(
        "分母“{name}”在 {years} 年的目标是 0，算不出比率；"
        "请改正分母的目标，或用 years 限定比率的年份",
        "the target of the denominator “{name}” is 0 in {years}, so there is no ratio; correct "
        "that target, or limit the years of the ratio with years",
    ),
    "denominator_gone": Text(
        "{scope} {year}分母“{bottom}”没有下达，或解出来为 0，比率无从计算；"
        "请给分母写大于 0 的目标或下限，或用 years、regions 限定比率的年份、地区",
        "the denominator “{bottom}” of {scope} is not handed out, or comes out as 0, in {year}: "
        "there is no ratio; give it a target or floor above 0, or limit the ratio with years or "
        "regions",
    ),
    "denominator_open": Text(
        "分母“{name}”没有目标，求不出数；请给它写 target，或改为 kind: given 的数据",
        "the denominator “{name}” has no target, so it never gets a number; write its target, or "
        "give it as data (kind: given)",
    ),
    "denominator_years": Text(
        "分母“{name}”在 {years} 年没有数；请给它写这些年的目标，或用 years 限定比率的年份",
        "the denominator “{name}” has no number in {years}; write its targets of these years, or "
        "limit the years of the ratio with years",
    ),
    "numerator_twice": Text(
        "分子“{name}”没有目标，却要同时跟随几个比率：{ratios}；请给它写 target，或只留一个比率",
        "the numerator “{name}” has no target and would follow several ratios: {ratios}; write its "
        "target, or keep one ratio",
    ),
    "cumulative_open": Text(
        "累计的分子“{name}”没有目标，比率无从约束；请给它写 target",
        "the cumulative numerator “{name}” has no target, so the ratio binds nothing; write its "
        "target",
    ),
    "ratio_base_needed": Text(
        "{why}需要基期比率，但分子或分母缺基期数（或分母为 0）：{regions}；"
        "请在分子、分母的 base（给定指标为基期年的 values，无分子的为 base_numerator）中补上",
        "{why} needs the base-year ratio, but numerator or denominator has no base-year value (or "
        "the denominator is 0) for: {regions}; add it to the base of numerator and denominator "
        "(values of the base year if given, base_numerator if there is no numerator)",
    ),
    "ratio_base_zero": Text(
        "{why}需要基期比率，但{scope}的基期比率为 0；请核对分子的基期数（累计的分子没有基期）",
        "{why} needs the base-year ratio, but that of {scope} is 0; look at the numerator's base "
        "(a cumulative one has none)",
    ),
    "why_cut": Text("下降或提高的目标", "a target of cut or rise"),
    "why_publish": Text("按 {publish} 下达", "publish: {publish}"),
    "why_cut_limit": Text("下降率限制", "the limit on cuts"),
    "limit_of_sum": Text(
        "比率不能相加，{key} 只能限制各地区；请删去全域或分组合计的限制",
        "ratios never add, so {key} binds regions only; remove the limit of the area's or group's "
        "sum",
    ),
    "total_of_ratio": Text(
        "比率逐年不能相加，没有累计数；请改为锁定年份",
        "a ratio does not add over years, so nothing locks its total; lock a year",
    ),
    "lock_of_numerator": Text(
        "分子“{name}”有自己的目标，比率随它而定，不能另行锁定；请锁定分子",
        "the numerator “{name}” has a target of its own and sets the ratio, so the ratio cannot be "
        "locked; lock the numerator",
    ),
    # tiers
    "tiers_cut": Text(
        "tiers 是下降率的档次；请写 publish: cut 和 target: {{cut: …}}",
        "tiers are steps of a cut; write publish: cut and target: {{cut: …}}",
    ),
    "tiers_rise": Text(
        "档次 {found} 须从小到大且不重复；请重新排列",
        "the steps {found} must rise, each standing once; put them in order",
    ),
    "tier_range": Text(
        "档次 {found} 须不低于 0 且小于 100%；请改正",
        "the tier {found} must be 0 or more and below 100 %; correct it",
    ),
    "tier_step": Text(
        "档次 {found} 不是步长 {step}（百分点）的整数倍，印不出来；请增加 decimals",
        "the tier {found} is no multiple of the step {step} (points), so it cannot be printed; "
        "raise decimals",
    ),
    "tier_unknown": Text(
        "{regions} 的档次不在 values（{known}）之列；请改正 by",
        "the tier of {regions} is not among the values {known}; correct by",
    ),
    "tier_missing": Text(
        "by 没有给出这些地区的档次：{regions}；请补上",
        "by says nothing of the tier of: {regions}; add them",
    ),
    # links
    "link_scope": Text(
        "scope“{found}”读不懂；可写 region（各地区）、area（全域），或分组、地区的名称：{known}",
        "the scope “{found}” means nothing; write region (each), area, or the name of a group or "
        "region: {known}",
    ),
    "share_of_kind": Text(
        "“{name}”的类型是 {kind}，不能相加，不能作占比；请改用 {kinds}",
        "“{name}” is of kind {kind}, which never adds, so there is no share of it; use one of "
        "{kinds}",
    ),
    "share_unit": Text(
        "单位“{unit}”与所对指标“{other}”的单位“{of_unit}”不同，不能算占比；"
        "请统一单位，或改用 ratio",
        "its unit “{unit}” differs from “{of_unit}” of “{other}”, so there is no share; use one "
        "unit, or a ratio",
    ),
    "share_negative": Text(
        "占比“{found}”是负数；请改正", "the share “{found}” is negative; correct it"
    ),
    "shares_cross": Text(
        "占“{other}”的比重：下限 {lower} 大于上限 {upper}；请改正其中一个",
        "share of “{other}”: at least {lower} is more than at most {upper}; correct one of them",
    ),
    "sum_kind": Text(
        "“{name}”的类型 {kind} 与合计的类型 {own} 不同；sum_of 的各项须与合计同类型",
        "“{name}” is of kind {kind}, the sum of kind {own}; what adds up must be of one kind",
    ),
    "sum_unit": Text(
        "“{name}”的单位“{unit}”与合计的单位“{own}”不同；请统一单位",
        "the unit “{unit}” of “{name}” differs from “{own}” of the sum; use one unit",
    ),
    "sum_step": Text(
        "分项“{name}”的步长或数 {found} 不是合计步长 {step} 的整数倍，取整后加不起来；"
        "请增加合计的 decimals，或统一步长",
        "“{name}” has the step or number {found}, no multiple of the sum's step {step}, so that "
        "rounded numbers cannot add up; raise the sum's decimals, or use one step",
    ),
    "sum_twice": Text(
        "“{name}”在 sum_of 中写了两次；请删去一次", "“{name}” stands twice in sum_of; remove one"
    ),
    "sum_circle": Text(
        "sum_of 的关系成环：{chain}；请去掉一环", "sum_of runs in a circle: {chain}; break it"
    ),
    "increase_kind": Text(
        "“{name}”的类型是 {kind}；increase_of 须指向存量（kind: level）",
        "“{name}” is of kind {kind}; increase_of names a level",
    ),
    "increase_unit": Text(
        "单位“{own}”与存量“{name}”的单位“{unit}”不同；请统一单位",
        "its unit “{own}” differs from “{unit}” of the level “{name}”; use one unit",
    ),
    "increase_step": Text(
        "存量“{name}”的步长或基期数 {found} 不是年增量步长 {step} 的整数倍，取整后对不上；"
        "请增加 decimals，或统一步长",
        "the level “{name}” has the step or base {found}, no multiple of the step {step} of its "
        "rise, so that rounded numbers cannot agree; raise decimals, or use one step",
    ),
    "why_increase": Text("存量的年增量", "the yearly rise of a level"),
    # stretch and margin
    "stretch_alone": Text(
        "有 stretch（力争数）而没有目标数；请写目标数，或把力争数写成目标",
        "there are stretch figures but no target; write the target, or make them the target",
    ),
    "cut_above_one": Text(
        "降低 {found}（连同 margin）超过 100%，比率不能低于 0；请改正",
        "a cut of {found} (margin included) is more than 100 %, and no ratio falls below 0;"
        " correct it",
    ),
    "margin_low": Text(
        "margin {found} 不高于 -100%，等于不下达；请改正",
        "a margin of {found} leaves nothing; correct it",
    ),
    "tolerance_low": Text(
        "tolerance {found} 须不低于 0 且小于 100%；请改正",
        "the tolerance {found} must be 0 or more and below 100 %; correct it",
    ),
}
