"""Texts of progress: files of actuals, tracking, the talk list, the monthly form."""

from __future__ import annotations

from decompose.labels.message import Text
from decompose.labels.words import REGION_HEADS

INDICATOR_HEADS = (
    *("indicator", "指标", "指标名称", "指标代号"),
    *("考核指标", "主要指标", "指标项", "项目", "项目名称", "考核项目", "任务名称"),
)
REPORTED_REGION_HEADS = (
    *REGION_HEADS,
    *("区县", "县市区", "市县区", "市县", "区市县", "县", "县区市", "各县区", "各县市区", "各区县"),
    *("镇街", "镇区", "乡镇", "街镇", "乡镇街道", "镇乡街道", "园区", "行政区", "行政区划"),
    *("地区名称", "区县名称", "县区名称", "县市区名称", "填报单位", "报送单位", "上报单位"),
    *("属地", "各地", "所属地区", "所属区县", "所属县区", "district", "county"),
)
"""Headings under which a file of actuals may name its regions."""
PERIOD_HEADS = (
    *("period", "month", "时期", "月份", "期间", "报告期", "时间"),
    *("年月", "月", "季度", "统计时间", "统计时期", "统计期", "数据月份", "数据时期"),
    *("所属期", "所属时期", "所属月份", "截至时间", "截止时间", "截至", "截止"),
)
YEAR_HEADS = ("year", "年份", "年度", "年")
VALUE_HEADS = ("value", "actual", "actualvalue", "cumulative")
VALUE_WORDS = (
    "(本年|今年|当年|全年|自?年初|年初至今|本期|(截?至)?(本月|目前)(止|末)?)?"
    "(实际)?(累计)?(实际)?(完成|发生|到位)(情况|数|值|额|量|数量|总额|总量)?|"
    "(本年|今年|当年|全年|自?年初|年初至今|本期|(截?至)?(本月|目前)(止|末)?)?"
    "累计(情况|数|值|额|量|数量|总额|总量)?|实际(数|值)?|实绩|数?值|数据"
)
"""Headings of what was reached since the beginning of the year, without brackets and spaces."""
SUM_WORDS = ("累计", "年初", "至今", "cumulative")
"""What says in such a heading that it is a sum."""
SINGLE_HEADS = ("single",)
SINGLE_WORDS = (
    "(当|本|单)(月|季|季度|月份)(实际)?(完成|发生|到位)?(情况|数|值|额|量)?|当期(完成)?[数值]?"
)
"""Headings of what was reached in the period alone."""
PASSED_HEADS = (
    "number",
    "no.",
    "unit",
    "quota",
    "remark",
    "note",
    "序号",
    "单位",
    "计量单位",
    "责任单位",
    "备注",
    "说明",
    "",
)
"""Headings of columns that say nothing of what was reached."""
PASSED_WORDS = (
    "(累计|当月|本月|全年|年度)?(同比|环比|比上年|比去年)±?(增长|增速|增幅|增减|增减额)?率?%?|"
    "增速|增幅|增长率?|(累计|当月|本月|全年|年度|年|目标|任务|计划)*完成(率|比例|百分比|进度)%?|"
    "(时序|序时)?进度|占.*(比重|比例|百分比|%)|排名|名次|位次|得分|"
    "(上年|去年)(同期|全年)(累计|实际)?(完成)?(数|值|额)?|同期(数|值)?|基数|"
    "(全年|年度|年|本年)?(计划|任务|目标任务|下达)(数|值|额|量)?|差额|差距|预警|预警级别|"
    "(责任|牵头|主管)(人|部门|科室|领导)|牵头单位|填报人|审核人|联系人|联系电话|电话"
)
"""Other such headings, alone or behind a period, without brackets and spaces."""
PASSED_ENDS = ("目标", "目标值", "目标数", "quota", "target")
UNIT_HEADS = ("unit", "单位", "计量单位")
UNIT_MARK = ("(", ")")
UNITS = (
    "[十百千万亿]*(元|美元|吨|吨标准煤|吨标煤|家|户|个|项|人|人次|件|起|套|台|辆|亩|公顷|平方米|"
    "平方公里|立方米|千瓦|千瓦时|度|公里|米|所|张|座|处|条|名|岁|天|次|宗|枚|株|头|只|辆次)"
    "(/.+)?|%|‰|个?百分点|(微克|毫克)/.+"
)
"""What in brackets behind a name is a unit."""
SAME_UNITS = (("%", "百分点", "个百分点"),)
"""Units that say the same."""
NOT_REPORTED = (
    "未报",
    "未报送",
    "未上报",
    "缺报",
    "漏报",
    "暂无",
    "暂无数据",
    "待报",
    "无数据",
    "暂缺",
)
"""Words for what is not reported."""
SHEET_NAMES = r"sheet\s*\d*|工作表\d*|表\d*"
"""The names of sheets to which nobody gave one."""
PART_MARKS = ("其中:", "#")
"""What stands before the name of a part."""

PROGRESS: dict[str, Text] = {
    # reading
    "actuals_wrong": Text("实际数有 {count} 处错误：", "mistakes in the actuals ({count}):"),
    "actuals_no_head": Text(
        "找不到列标题；须有“指标”“地区”“时期”中的两个，如“指标、地区、时期、数值”",
        "there are no headings; name at least two of indicator, region and period, such as "
        "“indicator, region, period, value”",
    ),
    "actuals_no_file": Text(
        "文件夹里没有可读的文件；可读：{known}", "the folder holds nothing to read: {known}"
    ),
    "actuals_no_column": Text(
        "缺少“{missing}”一列；列标题有：{found}。请补上，或用文件名、工作表名写明",
        "there is no column “{missing}”; the headings are {found}. Add it, or name the file or "
        "the sheet by it",
    ),
    "actuals_head": Text(
        "列标题“{found}”不是时期；可写 2015-07、2015年1-7月、2015Q3",
        "the heading “{found}” is no period; write 2015-07, 2015Q3 or 2015H1",
    ),
    "actuals_no_year": Text(
        "列标题“{found}”没有年份；请在文件名、工作表名或标题行中写明年份，或用 period= 指定",
        "the heading “{found}” has no year; say it in the name of the file or the sheet, in the "
        "title, or by period=",
    ),
    "actuals_periods": Text(
        "工作表名和标题写的时期不同：{found}；请改为一致，或用 period= 指定",
        "the name of the sheet and the title say different periods: {found}; make them agree, or "
        "say it by period=",
    ),
    "actuals_blank": Text("这一行没有写{missing}", "this row names no {missing}"),
    "actuals_twice": Text(
        "{indicator}、{region}、{period} 在 {other} 已填 {value}，这里又填 {found}；请只留一个",
        "{indicator}, {region}, {period} is {value} at {other} and {found} here; keep one",
    ),
    "actuals_overlap": Text(
        "{indicator}、{region} 的当期数 {period} 与 {other} 重叠；请只留一种",
        "the single figures of {indicator}, {region} for {period} overlap those for {other}; "
        "keep one of the two",
    ),
    "actuals_not_cumulative": Text(
        "{period} 不是从 1 月起的累计；请写累计数，或用 cumulative=False 读当期数",
        "{period} is no sum since January; give that, or read single figures with cumulative=False",
    ),
    "actuals_gap": Text(
        "{indicator}、{region} 缺 {year} 年 {month} 月的当月数，{month} 月起的累计数无法得出",
        "{indicator}, {region}: month {month} of {year} is missing, so that sums from then on "
        "are not known",
    ),
    "actuals_columns": Text(
        "实际数缺少 {absent} 列；须有 indicator、region、period、value 四列，现有：{found}",
        "the actuals lack {absent}; they have the columns indicator, region, period and value, "
        "and these have {found}",
    ),
    "actuals_columns_twice": Text(
        "实际数中 {found} 列不止一列；请改名或删除多余的列",
        "the actuals have more than one column {found}; rename or remove what is too much",
    ),
    "actuals_row": Text("第 {row} 行", "row {row}"),
    # matching with a plan
    "actuals_indicator": Text("没有指标“{found}”{hint}", "there is no indicator “{found}”{hint}"),
    "actuals_region": Text("没有地区“{found}”{hint}", "there is no region “{found}”{hint}"),
    "actuals_rows": Text("{told}（共 {count} 行）", "{told} ({count} rows)"),
    "actuals_year": Text(
        "{period} 不在计划的年份内（{first} 至 {last}）；请核对年份",
        "{period} is not within the plan's years ({first} to {last}); check the year",
    ),
    "actuals_negative": Text(
        "{indicator}不能为负，这里是 {found}；如可为负，请在计划中写 signed: true",
        "{indicator} cannot be negative, and this is {found}; if it can, say signed: true in "
        "the plan",
    ),
    "actuals_text": Text(
        "{indicator}没有数字可填，它是文字目标", "{indicator} is a goal in words: it has no figure"
    ),
    "actuals_percent": Text(
        "{indicator}的单位是“{unit}”，这里填了百分数 {found}；请填数量",
        "{indicator} is in “{unit}”, and this is the percentage {found}; write the quantity",
    ),
    # issues
    "progress_falls": Text(
        "{region} {indicator}的累计数从 {before}（{earlier}）降到 {after}（{later}）；请核对",
        "{region}: the sum of {indicator} falls from {before} ({earlier}) to {after} ({later}); "
        "check them",
    ),
    "progress_unit": Text(
        "{indicator}的实际数约为目标的 {times} 倍，单位可能写成了{unit}的 {times} 分之一；请核对",
        "the actuals of {indicator} are about {times} times the quotas: their unit may be "
        "1/{times} of {unit}; check them",
    ),
    "progress_unit_of": Text(
        "{indicator}：{regions}的实际数约为目标的 {times} 倍，单位可能写成了{unit}的 "
        "{times} 分之一；请核对",
        "the actuals of {indicator} from {regions} are about {times} times the quotas: their unit "
        "may be 1/{times} of {unit}; check them",
    ),
    "actuals_unit": Text(
        "{indicator}的实际数写明单位是“{found}”，而计划中是“{unit}”；如不是同一单位，请先换算",
        "the actuals of {indicator} are said to be in “{found}”, and the plan is in “{unit}”; "
        "convert them if these are not the same",
    ),
    "progress_no_low_rank": Text(
        "计划没有写几名算靠后（assessment.low_rank），不能列出约谈名单；"
        "可在计划中写明，或用 low_rank=（命令行 --low-rank）指定",
        "the plan does not say how many ranks are low (assessment.low_rank), so that there is no "
        "talk list; say it in the plan, or with low_rank= (--low-rank)",
    ),
    "progress_no_month": Text(
        "实际数中没有 {month} 的数；{known}有，请核对 as_of",
        "the actuals have nothing for {month}; they have {known}: check as_of",
    ),
    "progress_no_year": Text(
        "实际数中没有 {month} 的数，{year} 年其他月份也没有；请核对 as_of",
        "the actuals have nothing for {month}, nor for any other month of {year}: check as_of",
    ),
    "progress_untracked": Text(
        "{indicator}在 {year} 年没有分解到地区，实际数不参加考核",
        "{indicator} is not handed out to regions in {year}: its actuals are not tracked",
    ),
    "progress_area": Text(
        "{indicator}的{area}数 {given} 与各地区合计 {sum} 不一致；请核对",
        "{indicator}: {area} is given as {given}, and its regions add to {sum}; check them",
    ),
    "progress_stock": Text(
        "各地区报的{indicator}已是全年目标的 {part} 左右，像是某一时点的数（家数、个数），不是从 "
        "1 月起累计的，按月份比会显得超前；请填时序进度（如 01:100%），或者改为发布增量",
        "the actuals of {indicator} are about {part} of the year's quotas already: they look like "
        "numbers at a date (firms, centres) rather than sums since January, and would seem ahead "
        "of time; give it a schedule (such as 01: 100%), or publish its increment",
    ),
    "progress_direction": Text(
        "{indicator}的目标比原来低，但没有写“以下”，这里按越多越好对照；如果越少越好，请把目标写成 "
        "22以下 这样",
        "the quotas of {indicator} fall, but its figures do not say “at most”, so that more counts "
        "as better; where less is better, write them as ≤22",
    ),
    # tracking
    "track_year": Text(
        "{as_of} 不在计划的年份内（{known}）；请核对 as_of",
        "{as_of} is not within the plan's years ({known}); check as_of",
    ),
    "track_no_quota": Text(
        "{year} 年没有分解到地区的目标，无从考核",
        "no quota is handed out for {year}: there is nothing to track",
    ),
    "lights_key": Text(
        "晴雨表规则不认识“{found}”；可写 preset、measure、yellow、red",
        "the lights do not know “{found}”; write preset, measure, yellow or red",
    ),
    "lights_preset": Text(
        "没有晴雨表规则“{found}”；现有：{known}", "there are no lights “{found}”; known: {known}"
    ),
    "lights_measure": Text(
        "晴雨表的依据 measure 须为 {known} 之一，不是“{found}”",
        "the measure of the lights is one of {known}, not “{found}”",
    ),
    "lights_order": Text(
        "晴雨表 yellow 为 {yellow}、red 为 {red}，次序不合；"
        "gap 须 yellow ≤ red，其余须 red ≤ yellow",
        "lights with yellow {yellow} and red {red} are in the wrong order: for gap yellow ≤ red, "
        "for the others red ≤ yellow",
    ),
    "lights_number": Text(
        "晴雨表的 {key} 须为数字，不是“{found}”", "{key} of the lights is a number, not “{found}”"
    ),
    # the talk list
    "talk_unmet": Text("未完成：{reasons}", "not met: {reasons}"),
    "talk_behind": Text(
        "{indicator}完成 {completion}，时序进度 {due}，落后 {gap} 个百分点",
        "{indicator} is at {completion} where {due} is due, {gap} points behind",
    ),
    "talk_missed": Text(
        "{indicator}全年完成 {completion}，差 {gap} 个百分点（应完成 {due}）",
        "{indicator} ended the year at {completion} of {due}, {gap} points short",
    ),
    "talk_not_reported": Text("{indicator}未报送", "{indicator} was not reported"),
    "talk_short": Text("总分 {points}，满分 {full}", "{points} points of {full}"),
    "talk_fall": Text("下降：{reasons}", "fallen: {reasons}"),
    "talk_fell": Text(
        "{indicator}比上年同期降 {fall}", "{indicator} is down by {fall} on last year"
    ),
    "talk_low_rank": Text(
        "排名靠后：{count} 个地区中第 {rank} 名，属后 {low} 名",
        "low rank: {rank} of {count}, among the last {low}",
    ),
    # tables
    "progress_title": Text("{title}{period}完成情况表", "{title}: progress, {period}"),
    "ranking_title": Text("{title}{period}排名表", "{title}: ranking, {period}"),
    "talks_title": Text("{title}{period}约谈名单", "{title}: talks, {period}"),
    "late_title": Text("{title}{period}未报送情况", "{title}: not reported, {period}"),
    "rank_within": Text("{group}名次", "Rank in {group}"),
    "schedule_gap_note": Text(
        "进度差为完成率减时序进度，单位为百分点",
        "the gap is completion less what is due, in points",
    ),
    "forecast_note": Text(
        "预测全年不是实际数：按进度为累计完成除以时序进度，按上年为照上年同期占全年的比重推算",
        "forecasts are no actuals: straight, what was reached ÷ what was due; as last year, by "
        "the share of last year that the same months had",
    ),
    "forecast_straight_note": Text(
        "预测全年不是实际数，为累计完成除以时序进度",
        "forecasts are no actuals: what was reached ÷ what was due",
    ),
    "silent_note": Text(
        "没有一个地区报送的指标不列入：{names}", "left out, as no region reported them: {names}"
    ),
    "rank_note": Text(
        "得分率相同的名次并列，下一名次空缺；预留部分不参加排名",
        "equal scores share a rank, and the next is left out; reserves are not ranked",
    ),
    # the form
    "form_title": Text("{region}{title}{period}报送表", "{region}: {title}, {period}"),
    "form_quota": Text("{year}年目标", "{year} quota"),
    "form_actual": Text("{year}年1—{month}月累计完成", "{year}-{month:0>2} cumulative"),
    "form_units": Text(
        "填报说明：只填空白格；按“单位”一栏填 1 月起的累计数，没有数据请留空，不要填 0",
        "fill in the blank cells only: the sum since January, in the unit that is named; leave "
        "blank what is not known, and do not write 0",
    ),
    "form_deadline": Text("报送时间：{when}", "due: {when}"),
    "form_by": Text("{year}年{month}月{day}日前", "by {year}-{month}-{day}"),
    "form_remark": Text("备注", "remark"),
    "form_kind": Text(
        "报送表不能写成“{found}”；可写：{known}", "forms are no “{found}”; they are {known}"
    ),
    "form_number": Text("请填数字；没有数据请留空", "write a number, or leave the cell blank"),
    "form_nothing": Text(
        "{year} 年没有分解到地区的目标，没有表可写",
        "nothing is handed out for {year}: there is no form to write",
    ),
}
