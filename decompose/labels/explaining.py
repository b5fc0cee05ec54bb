"""Texts that explain: why a number is what it is, and what would change it.

Those of a cell are clauses of its second sentence; ``limiting`` has the phrases of its rules.
"""

from __future__ import annotations

from decompose.labels.message import Text

EXPLAINING: dict[str, Text] = {
    # numbers and names
    "amount": Text("{number}{unit}", "{number} {unit}"),
    "amount_sign": Text("{number}{unit}", "{number}{unit}"),
    "amount_point": Text("{number}个百分点", "{number} point"),
    "amount_points": Text("{number}个百分点", "{number} points"),
    "one_of": Text("{name}（{amount}）", "{name} ({amount})"),
    "several_regions": Text("{names}等{count}个地区", "{names} and others ({count} in all)"),
    "rules": Text("{one}、{other}", "{one} and {other}"),
    "both": Text("{first}，{second}", "{first}, and {second}"),
    "two": Text("{first}{second}", "{first}{second}"),
    "and_so_on": Text("{told}等", "{told}, and others"),
    "in_year": Text("{year}年", " in {year}"),
    # the number and its reference
    "cell_quota": Text(
        "{region}{year}年{indicator}为{quota}。", "{region}'s {indicator} in {year} is {quota}."
    ),
    "cell_reason": Text("{reference}{cause}{rounding}。", "{reference}{cause}{rounding}."),
    "stretch": Text("力争目标：", "Stretch target:"),
    "basis_share": Text(
        "按{by}（{share}）应分得 {handed} × {share} = {reference}",
        "By {by} ({share}) it would get {handed} × {share} = {reference}",
    ),
    "basis_group": Text(
        "按{by}在{scope}中占{share}，应分得 {handed} × {share} = {reference}",
        "By {by}, {share} of {scope}, it would get {handed} × {share} = {reference}",
    ),
    "basis_none": Text("按{by}没有份额", "By {by} it would get nothing"),
    "basis_reserve": Text("属预留部分，不按比例分配", "It is held in reserve and takes no share"),
    "basis_index": Text(
        "为使{scope}达到{target}，各地{by}同乘 {factor}，应为 {index} × {factor} = {reference}",
        "For {scope} to reach {target}, {by} of each region is multiplied by {factor}: "
        "{index} × {factor} = {reference}",
    ),
    "basis_level": Text(
        "为使{scope}达到{target}，各地同为{reference}",
        "For {scope} to reach {target}, all regions alike would have {reference}",
    ),
    "basis_no_growth": Text(
        "{scope}的合计不高于上年，参考增速为{reference}",
        "The sum of {scope} is no higher than the year before: its reference is {reference}",
    ),
    "basis_tier": Text("按分档应为{reference}", "By its tier it would be {reference}"),
    "basis_pace": Text(
        "按{last}年达到{tier}这一档的进度，应为{reference}",
        "On the way to its tier of {tier} in {last} it would be {reference}",
    ),
    "basis_sum_of": Text(
        "各分项的参考数之和为{reference}", "The references of its parts add up to {reference}"
    ),
    "basis_increase_of": Text(
        "按“{other}”参考数的年增量应为{reference}",
        "By the yearly rise of the references of “{other}” it would be {reference}",
    ),
    "basis_lock": Text(
        "没有可供分配的合计数，参考数即锁定数{reference}",
        "There is no sum to be shared out: its reference is its lock, {reference}",
    ),
    "by_base": Text("基期占比", "share of the base year"),
    "by_equal": Text("平均分配", "equal shares"),
    "by_blend": Text("{names}的加权占比", "weighted share of {names}"),
    "by_column": Text("{name}占比", "share of {name}"),
    "by_weights": Text("给定权重占比", "share of the given weights"),
    "by_converging": Text(
        "由基期占比向{by}过渡{part}后的占比",
        "a share that has gone {part} of the way from the share of the base year to the {by}",
    ),
    "source_base": Text("基期数", "the base year"),
    "source_equal": Text("平均数", "equal shares"),
    "index_base": Text("基期比率", "the base-year ratio"),
    "index_blend": Text(
        "{names}的加权占比（平均为1）", "the weighted share of {names} (1 on average)"
    ),
    "index_share": Text("{by}（平均为1）", "{by} (1 on average)"),
    "index_converging": Text(
        "由基期比率向{area}基期比率过渡{part}后的数",
        "the base-year ratio, {part} of the way to that of {area},",
    ),
    "index_weights": Text("给定权重", "the given weight"),
    # what made it another number, and where the difference went
    "cause": Text("{moved}{area}{touching}", "{moved}{area}{touching}"),
    "cause_none": Text("，未受任何限制", ", and no rule changes it"),
    "cause_less": Text(
        "；受{rules}限制，少{gap}{taken}", "; held by {rules}, it is {gap} lower{taken}"
    ),
    "cause_more": Text(
        "；为满足{rules}，多{gap}{taken}", "; to keep {rules}, it is {gap} higher{taken}"
    ),
    "cause_others_less": Text(
        "；因{causes}{beside}，{here}少承担{gap}", "; as {causes}{beside}, {here} takes {gap} less"
    ),
    "cause_others_more": Text(
        "；因{causes}{beside}，{here}多承担{gap}", "; as {causes}{beside}, {here} takes {gap} more"
    ),
    "causes_beside": Text("，连同{others}", ", together with {others}"),
    "cause_area_less": Text(
        "；{why}{area}比参考数少{moved}，{here}相应少{gap}",
        "; with {area}, {moved} below that of the references{why}, {here} is {gap} lower",
    ),
    "cause_area_more": Text(
        "；{why}{area}比参考数多{moved}，{here}相应多{gap}",
        "; with {area}, {moved} above that of the references{why}, {here} is {gap} higher",
    ),
    "cause_tied_less": Text(
        "；须与{rules}一致，少{gap}", "; to agree with {rules}, it is {gap} lower"
    ),
    "cause_tied_more": Text(
        "；须与{rules}一致，多{gap}", "; to agree with {rules}, it is {gap} higher"
    ),
    "cause_far_less": Text(
        "；为同时满足其他年份或有关指标的规则，少{gap}",
        "; for the rules of other years or indicators, it is {gap} lower",
    ),
    "cause_far_more": Text(
        "；为同时满足其他年份或有关指标的规则，多{gap}",
        "; for the rules of other years or indicators, it is {gap} higher",
    ),
    "region_held": Text("{regions}受{rule}限制", "{regions} cannot pass {rule}"),
    "region_must": Text("{regions}须满足{rule}", "{regions} must keep {rule}"),
    "taken": Text("，由{others}分担{weighted}", ", which went to {others}{weighted}"),
    "regions": Text("其他{count}个地区", "the other {count} regions"),
    "same_year": Text("；同年{causes}", "; that year {causes}"),
    "taken_beside": Text(
        "，与{beside}的差额一并由{others}分担{weighted}",
        ", which with that of {beside} went to {others}{weighted}",
    ),
    "given": Text("，{others}相应减少{weighted}", ", which came from {others}{weighted}"),
    "given_beside": Text(
        "，连同{beside}，{others}相应减少{weighted}",
        ", which with that of {beside} came from {others}{weighted}",
    ),
    "weighted_by_values": Text("（按上年数值加权）", ", weighted by the year before"),
    "weighted": Text("（按分母加权）", ", weighted by denominators"),
    "area_less": Text(
        "；{why}{area}比参考数少{moved}",
        "; {area} is {moved} below that of the references{why}",
    ),
    "area_more": Text(
        "；{why}{area}比参考数多{moved}",
        "; {area} is {moved} above that of the references{why}",
    ),
    "area_missed": Text("{moved}（目标不能全部落实）", "{moved} (its target cannot be met)"),
    "area_why": Text("为满足{rules}，", " to keep {rules}"),
    "area_sum": Text("{area}当年合计", "the year's sum of {area}"),
    "area_growth": Text("{area}当年总体增速", "the year's growth of {area}"),
    "area_ratio": Text("{area}当年总体水平", "the year's ratio of {area}"),
    "touching": Text("，正好达到{rules}", ", just at {rules}"),
    "touching_too": Text("；同时正好达到{rules}", "; it is also just at {rules}"),
    "rounding": Text("；取整{rounding}", "; rounding {rounding}"),
    # relief
    "rule_to_move": Text("{scope}{year}{whose}{rule}", "{scope}'s {year}{whose}{rule}"),
    "moved_lock": Text("锁定数", "lock"),
    "moved_at_least_share": Text(
        "“{one}”占“{other}”的比重下限", "the least share of “{one}” in “{other}”"
    ),
    "moved_at_most_share": Text(
        "“{one}”占“{other}”的比重上限", "the greatest share of “{one}” in “{other}”"
    ),
    "relief_up": Text("提高{step}至{value}", "{step} higher ({value})"),
    "relief_down": Text("降低{step}至{value}", "{step} lower ({value})"),
    "relief_changes": Text(
        "若把{rule}{moved}，该数将变为{quota}（{change}）{others}。",
        "With {rule} {moved}, this number would be {quota} ({change}){others}.",
    ),
    "relief_nothing": Text(
        "若把{rule}{moved}，该数不变{others}。",
        "With {rule} {moved}, this number would not change{others}.",
    ),
    "relief_impossible": Text(
        "若把{rule}{moved}，其他规则将不能同时满足。",
        "With {rule} {moved}, the other rules could not all be kept.",
    ),
    "relief_others": Text("，随之变动的有{others}{more}", "; {others}{more} would change with it"),
    "relief_more": Text("等{count}个数", " and others ({count} in all)"),
    "other_number": Text("{whose}{region}{year}", "{whose}{region}{year}"),
    # pages
    "page_region": Text(
        "{region}{year}目标分解说明：{indicators}项指标，{count}个数。",
        "{region}{year}, explained (indicators: {indicators}, numbers: {count}).",
    ),
    "page_indicator": Text(
        "{region}{indicator}{year}目标分解说明：{count}个数。",
        "{indicator}{region}{year}, explained (numbers: {count}).",
    ),
    "of_region": Text("{region}", " of {region}"),
    "counted": Text(
        "其中{held}个受规则限制，{moved}个随其他数变动，{kept}个按参考数确定。",
        "Rules hold {held}, {moved} move with others, {kept} are at their references.",
    ),
    "what_binds": Text("起作用的规则：{families}。", "The rules that hold them: {families}."),
    "head": Text("{name}", "{name}"),
    "head_unit": Text("{name}（{unit}）", "{name} ({unit})"),
    "page_year": Text(
        "{year}年{indicator}：{shared}{outcome}。", "{indicator} in {year}: {shared}{outcome}."
    ),
    "year_sum": Text(
        "{area}{handed}按{by}分给{count}个地区",
        "{handed} of {area}, shared out by {by} among {count} regions",
    ),
    "year_scope": Text("{scope}达到{target}", "{scope} at {target}"),
    "year_ratio": Text("{targets}，分到{count}个地区", "{targets}, among {count} regions"),
    "year_regions": Text("{count}个地区", "{count} regions"),
    "year_kept": Text("，各地区均未受限制", ", and no rule changes them"),
    "year_held": Text("；{causes}", "; {causes}"),
    "year_taken": Text("；差额由{others}分担", "; the difference went to {others}"),
    "year_adjusted": Text("；{others}相应调整", "; {others} are moved with it"),
    "line_year": Text("{year}年{line}", "{year}: {line}"),
    "line_region": Text("{region}{line}", "{region}: {line}"),
    "line": Text(
        "{quota}，参考数{reference}{cause}{stretch}",
        "{quota}, reference {reference}{cause}{stretch}",
    ),
    "line_stretch": Text("；力争目标{quota}", "; stretch {quota}"),
    "line_kept": Text("，未受限制", ""),
    "line_held": Text("，受{rules}限制（{gap}）", ", held by {rules} ({gap})"),
    "line_must": Text("，为满足{rules}（{gap}）", ", to keep {rules} ({gap})"),
    "line_others": Text("，因{regions}受限（{gap}）", ", with {regions} held ({gap})"),
    "line_area": Text("，随{area}调整（{gap}）", ", with {area} ({gap})"),
    "line_far": Text("，随其他年份或指标调整（{gap}）", ", with other years or indicators ({gap})"),
    # what cannot be explained
    "why_unknown": Text(
        "没有“{found}”；请从这些名称中选：{known}",
        "nothing is called “{found}”; choose one of: {known}",
    ),
    "why_nothing": Text(
        "{region}{year}不承担任何指标，没有数可解释；请换一个地区或年份",
        "{region} takes part in nothing{year}: there is no number to explain; ask for another "
        "region or year",
    ),
    "why_no_quota": Text(
        "{region}{year}不承担“{indicator}”，没有数可解释；请换一个地区或年份",
        "{region} has no “{indicator}”{year}: there is no number to explain; ask for another "
        "region or year",
    ),
    "why_data": Text(
        "“{indicator}”是给定的数据或文字，不分解；请选要分解的指标",
        "“{indicator}” is given, as data or in words, and not decomposed; choose another indicator",
    ),
    "why_computed": Text(
        "“{indicator}”由分子、分母算出，不单独分解；请选它的分子或分母",
        "“{indicator}” is computed from its numerator and denominator; choose one of these",
    ),
    "why_follows": Text(
        "“{indicator}”随“{ratio}”而定；请选“{ratio}”",
        "“{indicator}” follows from “{ratio}”; choose that one",
    ),
}
