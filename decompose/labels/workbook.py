"""Texts of workbooks: names of sheets, choices, marks, and what is wrong in a cell."""

from __future__ import annotations

from decompose.labels.message import Text

SHEETS: dict[str, Text] = {
    "guide": Text("填报说明", "guide"),
    "plan": Text("计划", "plan"),
    "regions": Text("地区", "regions"),
    "groups": Text("分组", "groups"),
    "indicators": Text("指标", "indicators"),
    "group_targets": Text("分组目标", "group_targets"),
    "stated": Text("所列数", "stated"),
    "limits": Text("限制", "limits"),
    "locks": Text("锁定", "locks"),
    "links": Text("关联", "links"),
    "notes": Text("注释", "notes"),
    "tables": Text("基数", "tables"),
    "other": Text("其他", "other"),
}
"""The sheets of a plan, in their order; a sheet that begins with ``OWN`` is the planner's own."""

OWN = "#"

CHOICES: dict[str, dict[str, Text]] = {
    "flag": {"true": Text("是", "true"), "false": Text("否", "false")},
    "kind": {
        "flow": Text("流量", "flow"),
        "level": Text("存量", "level"),
        "ratio": Text("比率", "ratio"),
        "given": Text("给定", "given"),
        "text": Text("文字", "text"),
    },
    "nature": {"binding": Text("约束性", "binding"), "expected": Text("预期性", "expected")},
    "mismatch": {"scale": Text("按比例调整", "scale"), "reserve": Text("归预留", "reserve")},
    "fairness": {
        "leximin": Text("最均衡", "leximin"),
        "least_squares": Text("最小二乘", "least_squares"),
        "least_absolute": Text("最小绝对偏差", "least_absolute"),
        "least_cost": Text("最小成本", "least_cost"),
    },
    "path": {
        "constant_growth": Text("等速", "constant_growth"),
        "linear": Text("等差", "linear"),
        "equal": Text("等额", "equal"),
    },
    "publish": {
        "value": Text("数值", "value"),
        "increment": Text("增量", "increment"),
        "growth": Text("增速", "growth"),
        "cut": Text("下降", "cut"),
        "rise": Text("上升", "rise"),
    },
    "move": {"numerator": Text("分子", "numerator")},
    "hand_out": {"lower": Text("下限", "lower"), "upper": Text("上限", "upper")},
    "talk": {
        "unmet_and_low_rank": Text("未完成且排名靠后", "unmet_and_low_rank"),
        "fall_or_low_rank": Text("降幅较大或排名靠后", "fall_or_low_rank"),
    },
    "sharing": {"base": Text("基期", "base"), "equal": Text("平均", "equal")},
    "level": {"base": Text("基本", "base"), "stretch": Text("力争", "stretch")},
    "item": {
        "value": Text("数值", "value"),
        "growth": Text("增速", "growth"),
        "increase": Text("增量", "increase"),
        "cut": Text("下降", "cut"),
        "rise": Text("上升", "rise"),
    },
    "limit": {
        "min": Text("下限", "min"),
        "max": Text("上限", "max"),
        "total.min": Text("累计下限", "total.min"),
        "total.max": Text("累计上限", "total.max"),
        "growth.min": Text("增速下限", "growth.min"),
        "growth.max": Text("增速上限", "growth.max"),
        "ramp.min": Text("增量下限", "ramp.min"),
        "ramp.max": Text("增量上限", "ramp.max"),
        "share.min": Text("占比下限", "share.min"),
        "share.max": Text("占比上限", "share.max"),
        "share_shift": Text("占比变动", "share_shift"),
        "cut.min": Text("降幅下限", "cut.min"),
        "cut.max": Text("降幅上限", "cut.max"),
        "monotone": Text("逐年升降", "monotone"),
    },
    "monotone": {"up": Text("只增不减", "up"), "down": Text("只减不增", "down")},
    "relation": {
        "part_of": Text("属于", "part_of"),
        "at_least_share": Text("不低于其比重", "at_least_share"),
        "at_most_share": Text("不高于其比重", "at_most_share"),
    },
    "scope": {"region": Text("各地区", "region"), "area": Text("全域", "area")},
    "whole": {"total": Text("累计", "total")},
}
"""The words of a cell with a choice, by what a plan file says."""

MARKS: dict[str, Text] = {
    "sum": Text("合计", "sum"),
    "except": Text("不含", "except"),
    "cumulative": Text("累计", "cumulative"),
}
"""Words that stand before a colon: sum: a group, except: regions, cumulative: a flow."""

LIST_MARKS = "、；;，,"
"""What parts the items of a list in one cell; a cell with several lines has one on each."""

YEAR_WORD = "年"

TEMPLATE: dict[str, Text] = {
    "guide_title": Text("目标分解计划填报说明", "How to fill in this plan"),
    "guide_1": Text(
        "每张工作表第一行是表头，从第二行起填写；表头和工作表的名称请不要改动，只有表头中的年份要与"
        "计划年份一致（年份不够时，照样添列）；列的顺序可以调整，空行不影响。表头写着“备注”的列供自己使用，不会读入。",
        "The first row of each sheet holds its headings; fill in the rows below. Keep the names of "
        "sheets and headings; only the years in headings follow the plan's years (add columns for "
        "more of them). Columns may change places, and blank rows do no harm. A column headed "
        "remark is your own and is not read.",
    ),
    "guide_2": Text(
        "带下拉箭头的单元格请从列表中选择。把鼠标停在表头上，可以看到这一列怎么填。“指标”表右侧还有"
        "不常用的列，点击表格上方的“+”展开。",
        "Choose from the list where a cell offers one. Hover over a heading to see how to fill its "
        "column. The sheet indicators has more columns to the right: click the + above them.",
    ),
    "guide_3": Text(
        "目标可以写成 22、22以上、22以下、22左右、力争22、3至5、6%、—（没有数）。不要写成 3-5，"
        "Excel 会把它变成日期。百分数请带上 %。",
        "A target may read 22, ≥22, ≤22, about 22, 3~5, 6% or — (none). Do not write 3-5: Excel "
        "makes it a date. Write the % of a percentage.",
    ),
    "guide_4": Text(
        "一格里要写几项时用“、”隔开；某一项自己含有“、”的，每项另起一行（Alt+Enter）。",
        "Part several items in one cell by commas; where an item holds a comma itself, put each "
        "on a line of its own (Alt+Enter).",
    ),
    "guide_5": Text(
        "请不要合并单元格。公式可以用，读入的是 Excel 算好并保存的结果。隐藏的工作表、行和列照样"
        "读入。自己的底稿请放在名称以 # 开头的工作表中。",
        "Do not merge cells. Formulas are fine: the result that Excel has saved is read. Hidden "
        "sheets, rows and columns are read too. Keep drafts on sheets whose names begin with #.",
    ),
    "guide_6": Text(
        "“指标”表写全市目标；分组自己的目标写在“分组目标”。另有一套更高的力争数时，也写在“分组目标”："
        "分组留空，档次选“力争”。",
        "The area's targets stand on indicators, those of groups on group_targets. A second, "
        "higher set of stretch figures stands there too: leave group blank, choose stretch as "
        "level.",
    ),
    "guide_7": Text(
        "填好后运行 decompose check 文件名.xlsx，会列出全部问题及所在的单元格；再运行 "
        "decompose solve 文件名.xlsx -o 文件夹，得到附件1和附件2。",
        "Then run decompose check FILE.xlsx: it lists every problem with its cell. Run decompose "
        "solve FILE.xlsx -o FOLDER for annex 1 and annex 2.",
    ),
    "guide_example": Text(
        "本表中灰色斜体的内容是示例，填写时请改成自己的（改过的变成黑色），多余的行请删除。",
        "What stands in grey italics is an example: put your own in its place, which turns black, "
        "and delete the rows you do not need.",
    ),
    "guide_sheet": Text("工作表", "Sheet"),
    "guide_head": Text("列（计划表为项目）", "Column (item, on the sheet plan)"),
    "guide_how": Text("怎么填", "How to fill it"),
    "guide_choices": Text("可选", "Choices"),
    "guide_required": Text("必填。", "Required. "),
}
"""Texts of the template's own sheet."""

WORKBOOK: dict[str, Text] = {
    **TEMPLATE,
    # where
    "at_sheet": Text("{file} {sheet}", "{file} {sheet}"),
    "at_sheet_row": Text("{file} {sheet} 第{row}行", "{file} {sheet} row {row}"),
    "at_sheet_cell": Text("{file} {sheet}!{cell}", "{file} {sheet}!{cell}"),
    # the file
    "workbook_package": Text(
        "读取 .xlsx 需要软件包 openpyxl 和 defusedxml；请运行：{command}",
        ".xlsx needs the packages openpyxl and defusedxml; run: {command}",
    ),
    "workbook_unsafe": Text(
        "环境变量 OPENPYXL_DEFUSEDXML 关闭了安全读取；请删除它再运行",
        "the environment variable OPENPYXL_DEFUSEDXML switches safe reading off; unset it",
    ),
    "workbook_old": Text(
        "这是旧版 .xls 或加了密码的工作簿；请在 Excel 中去掉密码，另存为 .xlsx",
        "this is an old .xls, or a workbook with a password; remove the password and save it as "
        ".xlsx",
    ),
    "workbook_broken": Text(
        "工作簿读不出来（{reason}）；请用 Excel 打开并另存为 .xlsx，打不开则文件已损坏",
        "the workbook cannot be read ({reason}); open it in Excel and save it as .xlsx; if that "
        "fails, the file is damaged",
    ),
    "workbook_repeats": Text(
        "工作簿中有重名的工作表，或几个工作表是同一份内容；请用 Excel 打开并另存为 .xlsx",
        "sheets of the workbook share a name or their content; open it in Excel and save it as "
        ".xlsx",
    ),
    "workbook_lost": Text(
        "文件中缺少工作表的内容：{found}；文件可能已损坏，请用 Excel 打开、核对并另存为 .xlsx",
        "the file lacks the content of sheets: {found}; it may be damaged: open it in Excel, look "
        "it over and save it as .xlsx",
    ),
    "workbook_blanks": Text(
        "空行和带格式的空单元格铺到了很远处，工作簿太大；请选中内容以外的整行整列，删除后保存",
        "blank rows and formatted blank cells reach too far out; select the whole rows and columns "
        "beyond the content, delete them and save",
    ),
    "workbook_format": Text(
        "工作簿中有超过 {most} 个字的数字格式；请在 Excel 中把内容（只粘贴数值）复制到新工作簿",
        "the workbook has a number format of more than {most} letters; copy its content (values "
        "only) to a new workbook",
    ),
    "workbook_letters": Text(
        "工作簿中的文字超过 {most} 个字；请删除多余的内容",
        "the workbook holds more than {most} letters of text; remove what is not needed",
    ),
    "workbook_parts": Text(
        "工作簿中有 {found} 个部件，超过 {most} 个；请删除图片和多余的工作表",
        "the workbook has {found} parts, more than {most}; remove pictures and sheets",
    ),
    "workbook_unpacked": Text(
        "工作簿中的“{part}”展开后有 {found} MB，超过 {most} MB；请删除多余的内容和格式后另存，"
        "或把各地区的数列移到 CSV 数据表",
        "the workbook's “{part}” unpacks to {found} MB, more than {most}; remove content and "
        "formats that are not needed, or move its series to CSV tables",
    ),
    "workbook_whole": Text("全部部件", "all parts"),
    "workbook_ratio": Text(
        "工作簿中的“{part}”压缩了 {found} 倍，不像正常的工作簿；请在 Excel 中把内容复制到新工作簿",
        "the workbook's “{part}” is compressed {found} times, as no plan is; copy its content to a "
        "new workbook",
    ),
    "workbook_tags": Text(
        "工作簿中有 {found} 个 XML 标签，超过 {most} 个；请删除多余的内容、空行和格式，"
        "或把各地区的数列移到 CSV 数据表",
        "the workbook holds {found} XML tags, more than {most}; remove content, blank rows and "
        "formats that are not needed, or move its series to CSV tables",
    ),
    "workbook_entities": Text(
        "工作簿中有 XML 实体声明，可能有害，不予读取；请在 Excel 中另存为 .xlsx",
        "the workbook declares XML entities, which may do harm; save it again as .xlsx in Excel",
    ),
    # sheets
    "key_in_workbook": Text("{key} 即“{head}”", "{key} is “{head}”"),
    "keys_in_workbook": Text("（在工作簿中，{said}）", "(in a workbook, {said})"),
    "sheet_unknown": Text(
        "不认识的工作表“{found}”{hint}（自用的底稿请在表名前加 #）",
        "unknown sheet “{found}”{hint} (put # before the name of a sheet of your own)",
    ),
    "sheet_missing": Text(
        "缺少工作表“{found}”或其中没有内容；请补上（decompose template 可生成空表）",
        "the sheet “{found}” is missing or blank; add it (decompose template writes one)",
    ),
    "sheet_twice": Text(
        "工作表“{found}”与“{other}”是同一种；请合并或删除一个",
        "the sheets “{found}” and “{other}” are one and the same; merge them or remove one",
    ),
    "sheet_hidden": Text(
        "工作表“{found}”是隐藏的，照样读入", "the hidden sheet “{found}” is read too"
    ),
    "sheet_no_head": Text(
        "表头中没有“{found}”列；请补上，表头须写在一行里，不要合并单元格",
        "no column is headed “{found}”; add it; headings stand in one row, cells not merged",
    ),
    "row_above_heads": Text(
        "这一行在表头（第{row}行）之上，不会读入；请移到表头之下，或删除",
        "this row stands above the headings (row {row}) and is not read; move it below, or "
        "remove it",
    ),
    "sheet_far": Text(
        "内容超出 {rows} 行 {columns} 列的范围；请删除远处的内容（清除整行整列），再保存",
        "there is content beyond {rows} rows and {columns} columns; clear it and save again",
    ),
    # cells
    "head_unknown": Text(
        "不认识的表头“{found}”{hint}（自用的列，表头请写“备注”）",
        "unknown heading “{found}”{hint} (head a column of your own remark)",
    ),
    "item_unknown": Text("不认识的项目“{found}”{hint}", "unknown item “{found}”{hint}"),
    "cells_merged": Text(
        "单元格 {found} 是合并的；请取消合并，每格分别填写",
        "the cells {found} are merged; split them, and fill each",
    ),
    "cell_date": Text(
        "“{found}”是日期（Excel 会把 3-5 变成日期）；若是区间，请写成 {low}至{high}，"
        "或把单元格设为文本再写 {low}-{high}；若是文字，也请设为文本",
        "“{found}” is a date (Excel makes one of 3-5); for a range write {low}~{high}, or format "
        "the cell as text; for a text too",
    ),
    "cell_time": Text(
        "“{found}”是日期或时间；若是文字或数字，请把单元格设为文本或常规再填",
        "“{found}” is a date or time; format the cell as text or general, and write it again",
    ),
    "cell_error": Text(
        "单元格是错误值 {found}；请改正公式，没有数据请清空",
        "the cell holds the error {found}; mend its formula, or clear it",
    ),
    "cell_formula": Text(
        "公式没有保存结果；请在 Excel 中打开、重新计算并保存，或粘贴为数值",
        "the formula has no saved result; open the file in Excel, calculate and save it, or paste "
        "the value",
    ),
    "cell_truth": Text(
        "Excel 把“{found}”存成了逻辑值；请把单元格设为文本再填",
        "Excel stored “{found}” as a truth value; format the cell as text and write it again",
    ),
    "cell_missing": Text(
        "这一行没有填“{found}”；请填写", "“{found}” is blank in this row; fill it in"
    ),
    "item_missing": Text("没有填“{found}”；请填写", "“{found}” is not filled in; add it"),
    "row_twice": Text(
        "与第{row}行说的是同一件事；请合并或删除一行",
        "this repeats row {row}; merge them or remove one",
    ),
    "row_no_value": Text(
        "这一行没有填任何目标；请填写，或删除这一行",
        "this row holds no target; fill it in or remove it",
    ),
    "said_twice": Text(
        "“{found}”在 {other} 已经填过；请删除一处",
        "“{found}” stands at {other} already; remove one",
    ),
    "indicator_not_found": Text(
        "没有代号或名称为“{found}”的指标{hint}", "no indicator has the id or name “{found}”{hint}"
    ),
    "indicator_two": Text(
        "有几个指标都叫“{found}”；请改写代号：{ids}",
        "several indicators are called “{found}”; write the id: {ids}",
    ),
    "path_no_text": Text(
        "路径须写成 indicators.代号.键 这样的形式；这里是“{found}”",
        "a path reads indicators.ID.KEY, say; this is “{found}”",
    ),
    "path_lost": Text(
        "找不到路径中的“{found}”；请核对名称", "nothing is called “{found}” in this path; check it"
    ),
    # writing
    "workbook_text_long": Text(
        "“{path}”的内容超过 {most} 字，一个单元格放不下；请缩短",
        "the content of “{path}” is longer than the {most} letters that a cell holds; shorten it",
    ),
    "workbook_suffix": Text(
        "模板须写成 .xlsx，不能是“{path}”；请改文件后缀",
        "a template is an .xlsx, which “{path}” is not; change the suffix",
    ),
}
