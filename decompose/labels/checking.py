"""Texts of checking: bounds that cannot hold, figures that disagree, what may surprise."""

from __future__ import annotations

from decompose.labels.message import Text

CHECKING: dict[str, Text] = {
    # when, and what sets a bound
    "the_year": Text("{year} 年", "{year}"),
    "the_base_year": Text("基期 {year} 年", "base year {year}"),
    "the_years": Text("{first}—{last} 年累计", "{first}–{last} together"),
    "by_sign": Text("非负要求", "need to be 0 or more"),
    "by_absent": Text("承担范围", "absence of any region"),
    "by_members": Text("各地区数之和", "sum of the regions"),
    "by_groups": Text("各分组数之和", "sum of the groups"),
    "by_years": Text("各年数之和", "sum of the years"),
    "by_part_of": Text("其中关系", "tie between part and whole"),
    "limit_count": Text("{by}（{count} 个地区）", "{by} (regions: {count})"),
    "limit_regions": Text("{by}（{regions}）", "{by} ({regions})"),
    # bounds that cannot hold together
    "capacity_short": Text(
        "{name}：{scope} {year} {count} 个地区的上限合计 {upper}，低于{lower_by} {lower}，"
        "差 {gap}；请放宽{limits}，或下调{lower_by}",
        "{name}, {scope}, {year}: what its regions ({count}) can take adds to {upper}, below the "
        "{lower_by} of {lower} ({gap} short); relax the {limits}, or lower the {lower_by}",
    ),
    "floors_exceed": Text(
        "{name}：{scope} {year} {count} 个地区须完成的下限合计 {lower}，高于{upper_by} {upper}，"
        "多 {gap}；请放宽{limits}，或上调{upper_by}",
        "{name}, {scope}, {year}: what its regions ({count}) must do adds to {lower}, above the "
        "{upper_by} of {upper} ({gap} over); relax the {limits}, or raise the {upper_by}",
    ),
    "target_untaken": Text(
        "{name}：{scope} {year}要完成 {lower}，但没有地区承担；"
        "请在 regions 或 years 中列入承担的地区和年份，或删去这一要求",
        "{name}, {scope}, {year}: {lower} is wanted, but no region takes part; add regions or "
        "years, or leave the figure out",
    ),
    "groups_short": Text(
        "{name}：{scope} {year}各分组（及其余地区）至多合计 {upper}，低于{lower_by} {lower}，"
        "差 {gap}；请上调分组的数，或下调{lower_by}",
        "{name}, {scope}, {year}: the groups (with the other regions) add to {upper} at most, "
        "below the {lower_by} of {lower} ({gap} short); raise the groups' figures, or lower the "
        "{lower_by}",
    ),
    "groups_exceed": Text(
        "{name}：{scope} {year}各分组（及其余地区）至少合计 {lower}，高于{upper_by} {upper}，"
        "多 {gap}；请下调分组的数，或上调{upper_by}",
        "{name}, {scope}, {year}: the groups (with the other regions) add to {lower} at least, "
        "above the {upper_by} of {upper} ({gap} over); lower the groups' figures, or raise the "
        "{upper_by}",
    ),
    "years_short": Text(
        "{name}：{scope}各年至多合计 {upper}，而全部年份的{lower_by}为 {lower}，差 {gap}；"
        "请核对各年数与累计数，放宽各年的限制或下调累计数",
        "{name}, {scope}: the years add to {upper} at most, below the {lower_by} of {lower} "
        "({gap} short); compare years and total, relax the years or lower the total",
    ),
    "years_exceed": Text(
        "{name}：{scope}各年至少合计 {lower}，而全部年份的{upper_by}为 {upper}，多 {gap}，"
        "已无余数；请核对各年数与累计数，下调各年数或上调累计数",
        "{name}, {scope}: the years add to {lower} at least, above the {upper_by} of {upper} "
        "({gap} over), so that nothing remains; lower the years or raise the total",
    ),
    "part_above_whole": Text(
        "{name}：{scope} {year}至少为 {lower}（{lower_by}），而所属指标“{whole}”只容许 {upper}，"
        "多 {gap}；请下调其中项，或上调所属指标",
        "{name}, {scope}, {year}: at least {lower} ({lower_by}), but “{whole}”, of which it is a "
        "part, leaves {upper} ({gap} over); lower the part or raise the whole",
    ),
    "sum_exceeded": Text(
        "{name}：{scope} {year}各分项至少合计 {lower}，而合计至多为 {upper}，多 {gap}；"
        "请下调分项，或上调合计",
        "{name}, {scope}, {year}: its parts add to {lower} at least, but it may be {upper} at most "
        "({gap} over); lower the parts or raise the sum",
    ),
    "sum_unreached": Text(
        "{name}：{scope} {year}各分项至多合计 {upper}，而合计至少为 {lower}，差 {gap}；"
        "请上调或放宽分项，或下调合计",
        "{name}, {scope}, {year}: its parts add to {upper} at most, but it must be {lower} at "
        "least ({gap} short); raise or relax the parts, or lower the sum",
    ),
    "lock_above_capacity": Text(
        "{name}：{scope} {year}锁定为 {lower}，高于{upper_by} {upper}，多 {gap}；"
        "请改正锁定值，或放宽{upper_by}",
        "{name}, {scope}, {year}: locked at {lower}, above the {upper_by} of {upper} ({gap} "
        "over); correct the lock, or relax the {upper_by}",
    ),
    "lock_below_floor": Text(
        "{name}：{scope} {year}锁定为 {upper}，低于{lower_by} {lower}，差 {gap}；"
        "请改正锁定值，或放宽{lower_by}",
        "{name}, {scope}, {year}: locked at {upper}, below the {lower_by} of {lower} ({gap} "
        "short); correct the lock, or relax the {lower_by}",
    ),
    "bounds_cross": Text(
        "{name}：{scope} {year}按{lower_by}至少为 {lower}，按{upper_by}至多为 {upper}，相差 {gap}；"
        "请放宽其中一项",
        "{name}, {scope}, {year}: at least {lower} by the {lower_by}, at most {upper} by the "
        "{upper_by} ({gap} apart); relax one of them",
    ),
    "shares_short": Text(
        "{name}：{scope} {year}至少为 {lower}，而各地区按占比上限至多合计 {upper}，差 {gap}；"
        "请放宽占比上限",
        "{name}, {scope}, {year}: at least {lower}, but by their greatest shares the regions add "
        "to {upper} at most ({gap} short); relax the shares",
    ),
    "shares_exceed": Text(
        "{name}：{scope} {year}为 {upper} 时，各地区按占比下限至少合计 {lower}，多 {gap}；"
        "请下调占比下限",
        "{name}, {scope}, {year}: of {upper}, the least shares of the regions add to {lower} "
        "({gap} over); lower the shares",
    ),
    # figures that disagree
    "within_about": Text("（在左右范围内）", ", within “about”"),
    "within_at_least": Text("（符合“以上”）", ", in keeping with “at least”"),
    "within_at_most": Text("（符合“以下”）", ", in keeping with “at most”"),
    "points": Text("{gap} 个百分点", "{gap} points"),
    "total_from_years": Text(
        "{name}：{scope}各年之和为 {terms}{computed}，所列累计为 {stated}，相差 {gap}{allowed}；"
        "请核对各年数与累计数",
        "{name}, {scope}: the years add to {terms}{computed}, the stated total is {stated} "
        "({gap} apart{allowed}); compare years and total",
    ),
    "growth_from_figures": Text(
        "{name}：{scope} {year}增速由 {before}到 {now}推算为 {computed}，所列为 {stated}，"
        "相差 {gap}{allowed}；请核对增速与数",
        "{name}, {scope}, {year}: from {before} to {now} is growth of {computed}, stated is "
        "{stated} ({gap} apart{allowed}); compare growth and figures",
    ),
    "figure_from_growth": Text(
        "{name}：{scope} {year}由 {before}按所列增速 {rate}推算为 {computed}，所列为 {stated}，"
        "相差 {gap}{allowed}；请核对增速与数",
        "{name}, {scope}, {year}: {before} growing by {rate} is {computed}, the figure is "
        "{stated} ({gap} apart{allowed}); compare growth and figures",
    ),
    "total_from_growth": Text(
        "{name}：{scope}由 {start}按所列增速 {rates}逐年推算为 {terms}，合计 {computed}，"
        "所列累计为 {stated}，相差 {gap}{allowed}；请核对增速、各年数与累计数",
        "{name}, {scope}: the stated growth {rates} from {start} means {terms}, which add to "
        "{computed}; the stated total is {stated} ({gap} apart{allowed}); compare growth, years "
        "and total",
    ),
    "last_from_growth": Text(
        "{name}：{scope} {year}由 {start}按所列增速 {rates}逐年推算为 {terms}，末年 {computed}，"
        "所列为 {stated}，相差 {gap}{allowed}；请核对增速与数",
        "{name}, {scope}, {year}: the stated growth {rates} from {start} means {terms}, so "
        "{computed} at the end; the figure is {stated} ({gap} apart{allowed}); compare growth and "
        "figures",
    ),
    "average_from_figures": Text(
        "{name}：{scope}由 {base_year} 年 {before}到 {last_year} 年 {now}，年均增速为 {computed}，"
        "所列为 {stated}，相差 {gap}{allowed}；请核对年均增速与数",
        "{name}, {scope}: from {before} in {base_year} to {now} in {last_year} is {computed} a "
        "year, stated is {stated} ({gap} apart{allowed}); compare average growth and figures",
    ),
    "figure_from_average": Text(
        "{name}：{scope} {year}由 {base_year} 年 {before}按年均增速 {rate}推算为 {computed}，"
        "所列为 {stated}，相差 {gap}{allowed}；请核对年均增速与数",
        "{name}, {scope}, {year}: {before} in {base_year} and {rate} a year mean {computed}, the "
        "figure is {stated} ({gap} apart{allowed}); compare average growth and figures",
    ),
    "increase_from_figures": Text(
        "{name}：{scope} {year}增量由数推算为 {now} - {before} = {computed}，所列为 {stated}，"
        "相差 {gap}{allowed}；请核对增量与数",
        "{name}, {scope}, {year}: the figures mean a rise of {now} - {before} = {computed}, "
        "stated is {stated} ({gap} apart{allowed}); compare rise and figures",
    ),
    "figure_from_increase": Text(
        "{name}：{scope} {year}由所列增量推算为 {before} + {rise} = {computed}，所列为 {stated}，"
        "相差 {gap}{allowed}；请核对增量与数",
        "{name}, {scope}, {year}: the stated rise means {before} + {rise} = {computed}, the "
        "figure is {stated} ({gap} apart{allowed}); compare rise and figures",
    ),
    "increase_from_years": Text(
        "{name}：{scope}各年增量之和为 {terms}{computed}，所列总增量为 {stated}，"
        "相差 {gap}{allowed}；请核对各年增量与总增量",
        "{name}, {scope}: the yearly rises add to {terms}{computed}, the stated rise in all is "
        "{stated} ({gap} apart{allowed}); compare them",
    ),
    "bases_differ": Text(
        "{name}：{scope}由 {last_year} 年 {now}倒推，年均增速 {rate}要求 {base_year} 年基期为 "
        "{by_growth}，增量 {rise}要求基期为 {by_increase}，相差 {gap}；计划的基期：{base}；"
        "请核对各数的口径",
        "{name}, {scope}: back from {now} in {last_year}, growth of {rate} a year means a base of "
        "{by_growth} in {base_year}, a rise of {rise} means {by_increase} ({gap} apart); base of "
        "the plan: {base}; see whether all speak of the same thing",
    ),
    "no_base": Text("未给出", "not given"),
    "groups_from_figures": Text(
        "{name}：{scope} {year}各分组之和为 {terms}{computed}，所列为 {stated}，"
        "相差 {gap}{allowed}；请核对各分组与{scope}的数",
        "{name}, {scope}, {year}: the groups add to {terms}{computed}, the figure is {stated} "
        "({gap} apart{allowed}); compare groups and {scope}",
    ),
    "groups_increase": Text(
        "{name}：{scope}各分组增量之和为 {terms}{computed}，所列增量为 {stated}，"
        "相差 {gap}{allowed}；请核对各分组与{scope}的增量",
        "{name}, {scope}: the groups' rises add to {terms}{computed}, the stated rise is "
        "{stated} ({gap} apart{allowed}); compare groups and {scope}",
    ),
    "groups_increase_from_figures": Text(
        "{name}：{scope}增量由数推算为 {now} - {before} = {computed}，各分组增量之和为 "
        "{terms}{stated}，相差 {gap}{allowed}；请核对各分组的增量与{scope}的数",
        "{name}, {scope}: the figures mean a rise of {now} - {before} = {computed}, the groups' "
        "rises add to {terms}{stated} ({gap} apart{allowed}); compare the groups' rises and "
        "the figures of {scope}",
    ),
    "stated_twice": Text(
        "{name}：{scope} {year}的目标为 {computed}，stated 中所列为 {stated}，相差 {gap}{allowed}；"
        "请统一",
        "{name}, {scope}, {year}: the target is {computed}, stated is {stated} ({gap} "
        "apart{allowed}); make them one",
    ),
    "display_differs": Text(
        "{name}：{when}全域数印作“{text}”，而计划的数是 {figure}；请改正 display 或计划的数",
        "{name}, {when}: “{text}” is printed in place of the area's figure, which is {figure}; "
        "correct display or the figure",
    ),
    # what may surprise
    "base_size": Text(
        "{name}：各地区基期合计 {base}，目标每年 {figure}，相差约 {times} 倍；"
        "请核对单位是否一致（如万元、亿元）",
        "{name}: the regions' bases add to {base}, the target is {figure} a year, about {times} "
        "times apart; are they in one unit?",
    ),
    "base_size_of": Text(
        "{name}：{region}的基期 {base} 是多数地区的一千倍以上，超过全域目标（每年 {figure}）；"
        "请核对单位是否一致（如万元、亿元）",
        "{name}: the base of {region}, {base}, is more than a thousand times what is usual, and "
        "above the area's target of {figure} a year; is it in the same unit?",
    ),
    "ratio_percent": Text(
        "{name}：基期的分子除以分母是 {base}，目标却是 {figure}%；若按百分数填，请写 scale: 100",
        "{name}: numerator by denominator is {base} in the base year, and the figure is {figure}%; "
        "for a ratio in percent write scale: 100",
    ),
    "zero_base": Text(
        "{name}：{regions}的基期为 0，第一年（{year} 年）不受增速限制；如需限制，请写 max 或 min",
        "{name}: the base is 0 for {regions}, so growth limits do not bind there in the first year "
        "({year}); write max or min if they should",
    ),
    "equal_shares": Text(
        "{name}：没有基期，也没有写 allocate，按地区均分；如不合适，请写 allocate 或 base",
        "{name}: there is neither a base nor allocate, so all regions share equally; write "
        "allocate or base if they should not",
    ),
    "moved_to_grid": Text(
        "{name}：{scope} {year}的目标 {figure} 不是步长 {step} 的整数倍，按 {handed} 下达；"
        "如须保留，请增加小数位或改 step",
        "{name}, {scope}, {year}: the target of {figure} is no multiple of the step {step}, so "
        "{handed} is handed out; add decimals or change step to keep it",
    ),
    "margin_beyond": Text(
        "{name}：{scope}的目标 {figure} 加码{margin}后按 {handed} 下达，反而完不成这个目标；"
        "margin 乘在目标数上，要从严请写 {other}",
        "{name}, {scope}: with a margin of {margin} the target of {figure} is handed out as "
        "{handed}, which misses it; margin multiplies the figure: to be stricter write {other}",
    ),
    "tiers_exact": Text(
        "{name}：目标 {figure} 是正好一个数，各档几乎凑不成；请写成“{figure}以上”，"
        "或者写左右、区间",
        "{name}: the target of {figure} is just one number, which steps hardly ever make; write "
        "≥{figure}, about {figure} or an interval",
    ),
    "issue_of_stretch": Text("力争目标：{told}", "Stretch figures: {told}"),
    "stretch_groups": Text(
        "{name}：{groups}没有力争数，力争目标中仍按基本数分，多出的都由其他地区承担；要一起多分，"
        "请给分组也写力争数",
        "{name}: {groups} have no stretch figures and keep to their base figures, so that others "
        "take all that the stretch target adds; give these groups stretch figures as well where "
        "they should take part",
    ),
    "limit_idle": Text(
        "{name}：{path} 不起作用（指标在该处不适用或未下达，没有基期，或被更具体的限制取代）；"
        "请删除或改正",
        "{name}: {path} binds nothing (the indicator does not apply or is not assigned there, "
        "there is no base, or more specific limits replace it); remove or correct it",
    ),
    "no_figure": Text(
        "{name}：没有任何目标数，各表印“—”；如须分解，请写 target",
        "{name}: there is no figure at all, so tables print —; write a target to decompose it",
    ),
    "base_scaled": Text(
        "{name}：各地区基期合计 {sum}，与 base_total {total} 相差 {gap}，已按比例调整各地区基期",
        "{name}: the regions' bases add to {sum}, base_total says {total} ({gap} apart); the "
        "bases are scaled to it",
    ),
    "base_row": Text(
        "{name}：各地区基期合计 {sum}，与表中合计行的 {row} 相差 {gap}；请核对，"
        "若以合计行为准，请写 base_total",
        "{name}: the regions' bases add to {sum}, the table's row of the area says {row} ({gap} "
        "apart); put them right, or write base_total if the row is right",
    ),
    "base_reserved": Text(
        "{name}：各地区基期合计 {sum}，与 base_total {total} 相差 {gap}，差额计入{region}",
        "{name}: the regions' bases add to {sum}, base_total says {total} ({gap} apart); the gap "
        "is put on {region}",
    ),
    "one_value_left": Text(
        "{name}：{year}下列地区的限制只容许一个数：{regions}；如非本意，请放宽上限或下限",
        "{name}, {year}: limits leave a single value to {regions}; relax floors or capacities if "
        "that is not meant",
    ),
    "reserve_base": Text(
        "{name}：预留地区{region}有基期 {base}，计入全域基期，但不参与分配；"
        "如须分配，请删去 reserve 或写锁定",
        "{name}: the reserve region {region} has a base of {base}; it counts in the area's base, "
        "but takes no share; drop reserve or write a lock if it should",
    ),
}
