"""Texts of tables that were changed by hand, and are taken over."""

from __future__ import annotations

from decompose.labels.message import Text

QUOTA_HEADS = (
    "quota",
    "value",
    "分解数",
    "分解值",
    "分解目标",
    "目标",
    "目标值",
    "目标数",
    "数值",
)
"""Headings of the numbers of a long table."""
BLANKS = ("", "-", "--", "–", "—", "——", "/")
"""Cells that say that there is no number, in plain form."""

ADOPTING: dict[str, Text] = {
    "adopt_wrong": Text(
        "这张表还不能采用，有 {count} 处不符：",
        "this table cannot be adopted yet; {count} things are wrong:",
    ),
    "adopt_place": Text("第{row}行“{head}”", "row {row}, “{head}”"),
    "adopt_head_place": Text("表头“{head}”", "heading “{head}”"),
    "adopt_unit": Text(
        "{indicator}在这里写明单位是“{found}”，而计划中是“{unit}”；请把数换算成“{unit}”，并改单位",
        "{indicator} is said to be in “{found}” here, and the plan is in “{unit}”; convert the "
        "numbers to “{unit}”, and change the unit",
    ),
    "adopt_no_table": Text(
        "找不到分解表：须有“地区”一列和以指标为名的各列，或“指标”一列和以地区为名的各列，"
        "或“指标、地区、年份、分解数”四列",
        "there is no table of quotas: a column of regions and one per indicator, or a column of "
        "indicators and one per region, or the columns indicator, region, year, quota",
    ),
    "adopt_year": Text(
        "不知道这张表是哪一年的；请用 year 说明（{known} 之一），或在工作表名、“年份”列中写明",
        "the table does not say of which year it is; say so by year (one of {known}), in the name "
        "of the sheet, or in a column year",
    ),
    "adopt_year_unknown": Text(
        "计划中没有“{found}”这一年；应为 {known} 之一",
        "the plan has no year “{found}”; it is one of {known}",
    ),
    "adopt_indicator": Text(
        "计划中没有指标“{found}”{hint}", "the plan has no indicator “{found}”{hint}"
    ),
    "adopt_region": Text("计划中没有地区“{found}”{hint}", "the plan has no region “{found}”{hint}"),
    "adopt_unnamed": Text(
        "这一行有数，却没有写是哪个地区；请写上地区名，或清空这一行",
        "the row has numbers but names no region; write its name, or clear the row",
    ),
    "adopt_unnamed_indicator": Text(
        "这一行有数，却没有写是哪个指标；请写上指标名，或清空这一行",
        "the row has numbers but names no indicator; write its name, or clear the row",
    ),
    "adopt_ambiguous": Text(
        "“{found}”可指几个指标；请写代号：{known}",
        "“{found}” may be several indicators; write the id: {known}",
    ),
    "adopt_twice": Text(
        "这个数在{place}已写为 {other}，这里是 {found}；请改为一致",
        "this number was said at {place} already, {other}, and here it is {found}; make them agree",
    ),
    "adopt_missing": Text(
        "{indicator}{year}年缺 {regions} 的分解数；请补上",
        "the quotas of {regions} of {indicator} in {year} are missing; add them",
    ),
    "adopt_no_cell": Text(
        "{region}{year}年没有{indicator}这项任务，表中却有 {found}；请删去，或修改计划",
        "{region} has no quota of {indicator} in {year}, and the table has {found}; take it out, "
        "or change the plan",
    ),
    "adopt_off_grid": Text(
        "{region}{year}年{indicator}为 {found}，不是最小单位 {step} 的整数倍；"
        "请写成 {near} 这样的数",
        "{region}'s {indicator} in {year} is {found}, no whole multiple of its step {step}; write "
        "a number such as {near}",
    ),
    "adopt_negative": Text(
        "{region}{year}年{indicator}为 {found}，不能小于 0；请改正，或在计划中写 signed: true",
        "{region}'s {indicator} in {year} is {found} and may not be below 0; correct it, or write "
        "signed: true in the plan",
    ),
    "adopt_number": Text(
        "{scope}{year}年{indicator}，表中为 {found}，按各地的数应为 {expected}；请改为一致",
        "{scope}, {indicator}, {year}: the table has {found}, and its regions make {expected}; "
        "make them agree",
    ),
    "adopt_follows": Text(
        "{scope}{year}年{indicator}，表中为 {found}；这一项不单独分解，由其他数推算"
        "应为 {expected}；请改为一致",
        "{scope}, {indicator}, {year}: the table has {found}; it is not handed out by itself, and "
        "follows from other numbers as {expected}; make them agree",
    ),
    "adopt_gap": Text(
        "{year}年{indicator}的待落实数，表中为 {found}，按各地的数应为 {expected}；请改为一致",
        "what of {indicator} nobody takes in {year}: the table has {found}, and its regions leave "
        "{expected}; make them agree",
    ),
    "adopt_no_stretch": Text(
        "表中有{indicator}的力争数，而计划没有力争目标；请删去，或在计划中写 stretch",
        "the table has stretch quotas of {indicator}, and the plan no stretch figures; take them "
        "out, or write stretch in the plan",
    ),
    "adopt_short": Text(
        "{region}{year}年{indicator}的力争数为 {found}，不及基本数 {base}；力争数不应差于基本数，"
        "请改正",
        "{region}'s stretch quota of {indicator} in {year} is {found} and falls short of the base "
        "quota, {base}; make it no worse",
    ),
    "adopt_breach": Text(
        "{scope}{year}{indicator}：{rule}不能满足——{what}；请改表中的数，或改计划的 {path}",
        "{scope}, {indicator}, {year}: the {rule} is not kept: {what}; change the numbers, or "
        "{path} in the plan",
    ),
    "adopt_more": Text(
        "表中为{found}，最多{bound}，多{gap}",
        "the table has {found}, the most is {bound}: {gap} too much",
    ),
    "adopt_less": Text(
        "表中为{found}，至少{bound}，少{gap}",
        "the table has {found}, the least is {bound}: {gap} too little",
    ),
    "adopt_other": Text(
        "表中为{found}，应为{bound}，{way}{gap}",
        "the table has {found} and should have {bound}: {gap} {way}",
    ),
    "adopt_above": Text("多", "too much"),
    "adopt_below": Text("少", "too little"),
    "adopt_hand_less": Text(
        "；手工定的数，比参考数少{gap}，本地没有规则要求如此",
        "; it was set by hand, {gap} below its reference, as no rule of its own asks for",
    ),
    "adopt_hand_more": Text(
        "；手工定的数，比参考数多{gap}，本地没有规则要求如此",
        "; it was set by hand, {gap} above its reference, as no rule of its own asks for",
    ),
    "adopt_line": Text("，手工定的数（{gap}）", ", set by hand ({gap})"),
    "carried_less": Text(
        "；按本地区结转后的数，比参考数少{gap}", "; with what it carries over, {gap} lower"
    ),
    "carried_more": Text(
        "；按本地区结转后的数，比参考数多{gap}", "; with what it carries over, {gap} higher"
    ),
    "carried_line": Text("，按结转后的数（{gap}）", ", with what it carries over ({gap})"),
    "stood_less": Text("；沿用原定的数，比参考数少{gap}", "; it stands as it was, {gap} lower"),
    "stood_more": Text("；沿用原定的数，比参考数多{gap}", "; it stands as it was, {gap} higher"),
    "stood_line": Text("，沿用原定的数（{gap}）", ", stands as it was ({gap})"),
}
