"""Texts about what a plan says: mistakes of names, figures, scopes and rules across fields."""

from __future__ import annotations

from decompose.labels.message import Text

PLANNING: dict[str, Text] = {
    "plan_wrong": Text("计划有 {count} 处错误：", "mistakes in the plan ({count}):"),
    "name_empty": Text("名称是空的；请填写名称", "the name is empty; write a name"),
    "text_control": Text(
        "文字 {found} 含有控制字符；请删除", "{found} holds a control character; remove it"
    ),
    "name_control": Text(
        "名称 {found} 含有控制字符；请删除", "the name {found} holds a control character; remove it"
    ),
    "not_a_year": Text(
        "“{found}”不是年份；请写四位数年份，如 2015", "“{found}” is no year; write 2015, say"
    ),
    "not_true_or_false": Text(
        "“{found}”不是真假值；请写 true 或 false", "“{found}” is neither true nor false"
    ),
    "min_or_max_wanted": Text("“{found}”下应写 min 或 max", "“{found}” must hold min or max"),
    "by_or_blend": Text("allocate 须写 by 或 blend 中的一个", "allocate takes one of by and blend"),
    "link_kind": Text(
        "每条 links 须写 part_of、at_least_share、at_most_share 中的一个",
        "a link takes one of part_of, at_least_share and at_most_share",
    ),
    "link_of": Text(
        "at_least_share、at_most_share 须用 of 写明所对的指标；part_of 不写 of",
        "at_least_share and at_most_share name the other indicator with of; part_of does not",
    ),
    "blend_weights": Text(
        "blend 的权重须非负且合计大于 0", "the weights of blend must be 0 or more, not all 0"
    ),
    "cost_missing": Text(
        "least_cost 需要每个地区的成本，缺少：{regions}；请在 cost 中补上",
        "least_cost needs the cost of every region, missing for: {regions}; add them to cost",
    ),
    "cost_rises": Text(
        "成本须逐段写 [上限, 单位成本]，上限和单位成本都从小到大",
        "write the cost as steps [up to, cost per unit], both rising",
    ),
    "series_wanted": Text(
        "“{found}”是单个数字；请写数据表的列名，或按地区写 {{地区: 数字}}",
        "“{found}” is a single number; name a column, or write {{region: number}}",
    ),
    "step_positive": Text("step 必须大于 0", "step must be above 0"),
    "integer_decimals": Text(
        "integer: true 与 decimals 大于 0 矛盾；请删去其中一个",
        "integer: true contradicts decimals above 0; leave one out",
    ),
    "integer_step": Text(
        "integer: true 与步长 {step} 矛盾；请改为整数步长",
        "integer: true contradicts the step {step}; use a whole step",
    ),
    "step_decimals": Text(
        "步长 {step} 的小数位多于 {decimals} 位，印出的数会失真；请增加 decimals 或改步长",
        "the step {step} has more than {decimals} decimals, so printed numbers would be wrong; "
        "raise decimals or change the step",
    ),
    "scopes_many": Text(
        "地区和分组共 {found} 个，超过 {most} 个；请拆成几个计划",
        "there are {found} regions and groups, more than {most}; part the plan",
    ),
    "years_many": Text(
        "共 {found} 年，超过 {most} 年；请删去不需要的年份",
        "there are {found} years, more than {most}; remove those that are not needed",
    ),
    "numbers_many": Text(
        "{scopes} 个地区和分组 × {years} 年 × {indicators} 个指标，超过 {most} 个数；"
        "请拆成几个计划",
        "{scopes} regions and groups × {years} years × {indicators} indicators are more than "
        "{most} numbers; part the plan",
    ),
    "fairness_mixed": Text(
        "这里的 fairness 是 {found}，而与它相连的“{other}”是 {known}；相连的指标一起分解，"
        "请写成同一种",
        "fairness is {found} here, and {known} of “{other}”, which rules tie to it; they are "
        "chosen together: name one rule",
    ),
    "column_twice": Text(
        "列“{column}”出现了两次；请改名或删除一列",
        "column “{column}” stands twice; rename or remove one",
    ),
    "region_twice": Text(
        "地区“{region}”有两行；请合并或删除一行",
        "region “{region}” has two rows; merge or remove one",
    ),
    "not_a_table": Text(
        "“{found}”不是数据表；请给出 DataFrame 或 {{列名: {{地区: 数字}}}}",
        "“{found}” is no table; give a DataFrame or {{column: {{region: number}}}}",
    ),
    "frame_no_regions": Text(
        "数据表没有地区列，行号也不是地区名；若“{found}”列是地区，请把列名改为 region（地区），"
        "或用 set_index 设为索引",
        "the table has no column of regions, and its rows bear numbers only; if “{found}” has the "
        "regions, call that column region, or make it the index (set_index)",
    ),
    "scope_unknown": Text(
        "“{found}”在此处读不懂；可用：{known}{hint}",
        "“{found}” means nothing here; known: {known}{hint}",
    ),
    "scope_everywhere": Text(
        "；要对每个地区，不写范围（留空）即可", "; to bind every region, name no scope"
    ),
    "sum_of_group": Text("sum 之下应写分组名称", "sum must hold the name of a group"),
    "column_unknown": Text(
        "“{found}”既不是数字（不带单位），也不是数据表的列；已有的列：{known}",
        "“{found}” is neither a number (without unit) nor a column; columns: {known}",
    ),
    "column_for_sum": Text(
        "合计的限制须是一个数字，不能是列“{found}”",
        "the limit of a sum must be one number, not the column “{found}”",
    ),
    "two_of_one_weight": Text(
        "与 {other} 同样具体，无法判断以谁为准；请删除其中一个",
        "as specific as {other}: neither can replace the other; remove one",
    ),
    "key_unknown": Text("不认识的键“{found}”{hint}", "unknown key “{found}”{hint}"),
    "key_hint": Text("；是否想写“{close}”？", "; did you mean “{close}”?"),
    "key_under": Text("；这个键写在{places}下面", "; it stands under {places}"),
    "key_beside": Text(
        "；这个键不写在{holder}里面，写在指标下、与{holder}并列",
        "; it stands beside {holder}, at the indicator, not in it",
    ),
    "key_remove": Text("；请删除或改正", "; remove or correct it"),
    "key_year": Text(
        "；各年的数写在 years 下，如 years: {{{found}: …}}",
        "; figures of years stand under years, as in years: {{{found}: …}}",
    ),
    "key_known": Text("；可用：{known}", "; known: {known}"),
    "key_missing": Text("缺少必填的键“{found}”", "the key “{found}” is missing"),
    "choice_wrong": Text(
        "“{found}”不在可选之列；可选：{known}", "“{found}” is no choice; choose among: {known}"
    ),
    "choice_close": Text(
        "“{found}”不在可选之列，是否想写“{close}”？可选：{known}",
        "“{found}” is no choice, did you mean “{close}”? Choose among: {known}",
    ),
    "field_wrong": Text("“{found}”不合要求：{reason}", "“{found}” will not do: {reason}"),
    "kind_of_value": Text(
        "“{found}”的类型不对，这里要写{wanted}",
        "“{found}” is of the wrong kind; {wanted} is wanted",
    ),
    "keys_wanted": Text("键值对，可用的键：{known}", "a mapping with keys among {known}"),
    "found_mapping": Text("键值对", "a mapping"),
    "found_list": Text("列表", "a list"),
    "found_nothing": Text("空", "nothing"),
    "list_empty": Text("至少要有一项；请补上", "at least one item is wanted; add it"),
    "out_of_range": Text("“{found}”超出范围，须 {bound}", "“{found}” is out of range: {bound}"),
    "data_deep": Text(
        "嵌套超过 {most} 层，或内容包含它自己；请检查",
        "nested more than {most} levels deep, or holding itself; look at how it was made",
    ),
    "argument_kind": Text(
        "{verb} 需要 {wanted}，这里给的是 {found}；请先读入或求解",
        "{verb} takes {wanted}, and was given {found}; read or solve the plan first",
    ),
    "argument_wrong": Text(
        "{verb} 的 {name} 需要{wanted}，这里给的是 {found}；请改正",
        "{verb} takes {wanted} as {name}, and was given {found}; put it right",
    ),
    "wanted_table": Text(
        " DataFrame，或 CSV 文件、工作簿的路径",
        "a DataFrame, or the path of a CSV file or workbook,",
    ),
    "wanted_Plan": Text("Plan（read_plan 的结果）", "a Plan (what read_plan gives)"),
    "wanted_Allocation": Text("Allocation（solve 的结果）", "an Allocation (what solve gives)"),
    "wanted_DataFrame": Text(
        "实际数的 DataFrame（read_actuals 的结果）",
        "a DataFrame of actuals (what read_actuals gives)",
    ),
    "wanted_Move": Text("Move（一处或多处调整）", "a Move, or several of them"),
    "wanted_mapping": Text("键值对", "a mapping"),
    "wanted_list": Text("列表", "a list"),
    "wanted_text": Text("文字", "a text"),
    "wanted_path": Text("路径（文字或 Path）", "a path (a text or a Path)"),
    "wanted_number": Text("数字", "a number"),
    "wanted_integer": Text("整数", "a whole number"),
    "id_wrong": Text(
        "“{found}”不能作 id；请用英文字母、数字和下划线，以字母开头",
        "“{found}” cannot be an id; use letters, digits and _, beginning with a letter",
    ),
    "name_twice": Text(
        "“{found}”与“{other}”重名（不计全半角和首尾空格）；请改名",
        "“{found}” collides with “{other}” (width and outer spaces aside); rename one",
    ),
    "name_of_area": Text(
        "“{found}”是全域或合计的名称，不能再作地区或分组的名称；请改名，若是合计行请删去",
        "“{found}” names the whole area, so no region or group may bear it; rename it, or remove a "
        "row of sums",
    ),
    "name_of_total": Text(
        "“{found}”是合计行，不是地区，各地区会因它重复计算；请删去这一行（合计由程序计算）",
        "“{found}” is a row of sums, no region, and would count everything twice; remove it (sums "
        "are computed)",
    ),
    "region_unknown": Text("没有名为“{found}”的地区{hint}", "no region is called “{found}”{hint}"),
    "group_unknown": Text("没有名为“{found}”的分组{hint}", "no group is called “{found}”{hint}"),
    "indicator_unknown": Text(
        "没有 id 为“{found}”的指标{hint}", "no indicator has the id “{found}”{hint}"
    ),
    "section_unknown": Text(
        "sections 中没有“{found}”{hint}", "sections do not list “{found}”{hint}"
    ),
    "year_unknown": Text(
        "{found} 不是计划年份（{known}）；请改这个年份（工作簿的表头里也有年份），或改计划年份",
        "{found} is not among the years {known}; change it (headings of a workbook hold years, "
        "too), or the plan's years",
    ),
    "through_unknown": Text(
        "actual_through（{found}）须是计划中最后一年以前的年份（{known}）",
        "actual_through ({found}) is a year of the plan before its last ({known})",
    ),
    "years_order": Text("years 须从小到大且不重复", "years must rise, each one once"),
    "base_year_late": Text(
        "基期 {base} 必须早于第一年 {first}", "the base year {base} must precede {first}"
    ),
    "itself": Text(
        "“{found}”指向了自己；请改写为另一个指标的 id，或删除",
        "“{found}” refers to itself; name another indicator, or remove it",
    ),
    "circle": Text(
        "其中关系成环：{chain}；请去掉一环", "part_of runs in a circle: {chain}; break it"
    ),
    "part_unit": Text(
        "单位“{unit}”与所属指标“{parent}”的单位“{other}”不同；请统一单位",
        "its unit “{unit}” differs from “{other}” of “{parent}”, of which it is a part; use one "
        "unit",
    ),
    "part_kind": Text(
        "类型 {kind} 与所属指标“{parent}”的类型 {other} 不同；请改为同一类型",
        "its kind {kind} differs from {other} of “{parent}”, of which it is a part; use one kind",
    ),
    "total_of_level": Text(
        "存量指标逐年不能相加，不能有累计数；请改为 years 或 increase",
        "a level does not add over years, so it has no total; use years or increase",
    ),
    "base_needed": Text(
        "{why}需要基期数，但没有：{regions}；请在 base 中补上",
        "{why} needs base-year values, missing for: {regions}; add them to base",
    ),
    "why_allocate_base": Text("按基期分配", "allocation by base"),
    "why_growth": Text("增长限制", "the growth limit"),
    "why_ramp": Text("增量限制", "the ramp limit"),
    "why_monotone": Text("逐年升降限制", "the monotone limit"),
    "why_share_shift": Text("占比变动限制", "the limit on share shift"),
    "why_converge": Text("converge（逐步趋同）", "converge"),
    "why_increment": Text("增量（publish: increment）", "publish: increment"),
    "why_target": Text("增长或增量目标", "a target of growth or increase"),
    "converge_allocate": Text(
        "converge 使占比从基期占比逐步过渡到 allocate 的占比；请写 allocate（base 以外的依据），"
        "或删去 converge",
        "converge leads from the shares of the base year to those by allocate: write allocate (by "
        "something else than base), or leave converge out",
    ),
    "converge_publish": Text(
        "converge 只用于发布数值并分解到地区的比率，不用于下降、上升幅度或由分子目标决定的比率；"
        "请删去 converge",
        "of ratios, converge is for those that are handed out and publish their value, not a cut, "
        "a rise or what follows from a numerator with a target; leave it out",
    ),
    "converge_of_ratio": Text(
        "比率的 converge 从本地区基期值过渡到全域基期值，用不到 allocate；请删去其中一个",
        "of a ratio, converge leads from each region's base value to the area's and needs no "
        "allocate; leave one of them out",
    ),
    "converge_negative": Text(
        "converge 从基期占比开始，基期不能为负数：{regions}；请改正，或删去 converge",
        "converge begins at the shares of the base year, which must not be negative: {regions}; "
        "correct them, or leave converge out",
    ),
    "converge_zero": Text(
        "converge 从基期占比开始，但各地区基期全为 0；请补上基期，或删去 converge",
        "converge begins at the shares of the base year, but all bases are 0; give the bases, or "
        "leave converge out",
    ),
    "display_key": Text(
        "“{found}”不是计划年份，也不是 total 或 base；可用：{known}",
        "“{found}” is neither a year of the plan nor total or base; known: {known}",
    ),
    "note_year": Text(
        "注释的年份“{found}”不是计划年份，不会印出；可用：{known}",
        "a note for “{found}”, which is no year of the plan, is never printed; known: {known}",
    ),
    "display_empty": Text(
        "display 没有写要印的文字；请填写，或删去这一项",
        "display holds no words to print; write them, or leave it out",
    ),
    "base_total_differs": Text(
        "各地区基期合计 {total} 与 base_total {stated} 相差 {gap}；"
        "请改正，或写 mismatch: scale（按比例调整）/ reserve（差额归市本级）",
        "the regions' bases add to {total}, base_total says {stated} ({gap} apart); correct them, "
        "or write mismatch: scale (in proportion) or reserve (the gap to the reserve region)",
    ),
    "no_reserve": Text(
        "mismatch: reserve 需要一个 reserve: true 的地区",
        "mismatch: reserve needs a region with reserve: true",
    ),
    "reference_negative": Text(
        "分配依据为负数：{regions}；请改用别的分配依据",
        "the allocation rule gives a negative share to: {regions}; allocate by something else",
    ),
    "reference_missing": Text(
        "分配依据“{by}”缺少：{regions}；请补上（没有请填 0）",
        "the allocation rule “{by}” says nothing for: {regions}; add them (0 where there is none)",
    ),
    "reference_none": Text(
        "分配依据“{by}”全为 0，目标无处可分；请改用别的分配依据",
        "the allocation rule “{by}” is 0 everywhere, so nobody can take the target",
    ),
    "lower_above_upper": Text(
        "{scope}{year}：下限 {lower} 大于上限 {upper}；请改正其中一个",
        "{scope}{year}: lower bound {lower} above upper bound {upper}; correct one of them",
    ),
    "rate_below": Text("“{found}”低于 -100%；请改正", "“{found}” is below -100 %; correct it"),
    "share_outside": Text(
        "占比“{found}”须在 0 与 1（100%）之间",
        "a share must lie between 0 and 1 (100 %): “{found}”",
    ),
    "negative_figure": Text(
        "“{found}”是负数；确需负数请写 signed: true",
        "“{found}” is negative; write signed: true if that is meant",
    ),
    "negative_target": Text(
        "“{found}”是负数，各地区的基准数会是负数，无法按权数分解；请把减少量另立为正数的指标"
        "（如压减量），用 allocate 给出权数，或改目标使合计不低于 0"
        "（signed: true 只容许个别地区为负）",
        "“{found}” is negative, and so would be every region's reference: shares of it mean "
        "nothing. Make an indicator of the reduction, a positive number with weights in allocate, "
        "or keep the sum at 0 or above (signed: true only lets single regions be negative)",
    ),
    "negative_reference": Text(
        "{indicator} {region} {year}年按分配规则得到的基准数是负数：{found}{unit}"
        "（这样的数共 {count} 个）。{way}",
        "{indicator} {region} {year}: the reference by the allocation rule is negative, {found} "
        "{unit} (there are {count} of them). {way}",
    ),
    "negative_sum": Text(
        "请调整目标或 path，使该年的合计不低于 0；减少量请另立为正数的指标（如压减量），"
        "用 allocate 给出权数。signed: true 只容许个别地区为负",
        "Change the target or the path so that the sum of the year is not below 0; of a reduction, "
        "make an indicator of its own, positive, with weights in allocate. signed: true only lets "
        "single regions be negative",
    ),
    "negative_ratio": Text(
        "请把目标写成正数：上升用 rise，下降用 cut。signed: true 只容许个别地区为负",
        "Write the target as a positive number: rise for more, cut for less. signed: true only "
        "lets single regions be negative",
    ),
    "negative_increment": Text(
        "该年的总量下降，增量没有可分的份额。请改为 publish: value，或把下降量另立为正数的指标，"
        "用 allocate 给出权数",
        "The level falls in that year, so that there is no increment to share. Publish the value, "
        "or make an indicator of the fall, positive, with weights in allocate",
    ),
    "negative_increase": Text(
        "存量“{level}”的基准数在该年下降。请调整它的 allocate 或 path，使各地区逐年不减，"
        "或给增量自己的目标，用 allocate 给出权数",
        "The reference of the level “{level}” falls in that year. Change its allocate or path so "
        "that no region's falls, or give the increase a target of its own, with weights in "
        "allocate",
    ),
    "area_share": Text(
        "全域占全域的比重恒为 1，不能限制；请删除",
        "the area's share of itself is always 1; remove it",
    ),
    "lock_absent": Text(
        "{region} {year} 不承担该指标，不能锁定",
        "{region} takes no part in {year}, so nothing locks",
    ),
    "lock_step": Text(
        "锁定值 {value} 不是步长 {step} 的整数倍；请改值或增加小数位",
        "the locked value {value} is no multiple of the step {step}; change it or add decimals",
    ),
    "lock_rise": Text(
        "锁定值 {value} 比基数 {base} 增加的数不是步长 {step} 的整数倍；请改值或增加小数位",
        "the rise of the locked value {value} from the base {base} is no multiple of the step"
        " {step}; change it or add decimals",
    ),
    "lock_year": Text(
        "“{found}”不是计划年份，也不是 total", "“{found}” is neither a year of the plan nor total"
    ),
    "path_total": Text(
        "path 的权重须非负且合计大于 0", "the weights of path must be 0 or more, not all 0"
    ),
    "stated_key": Text(
        "“{found}”不是计划年份，也不是 {other}",
        "“{found}” is neither a year of the plan nor {other}",
    ),
    "change_unknown": Text(
        "找不到“{path}”中的“{found}”；可用：{known}",
        "“{path}”: nothing is called “{found}”; known: {known}",
    ),
    "inside_regions": Text("inside 只能指向另一个地区", "inside must name another region"),
}
