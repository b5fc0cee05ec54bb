"""Texts of the command line."""

from __future__ import annotations

from decompose.labels.message import Text

COMMANDS: dict[str, Text] = {
    "command_about": Text(
        "把全市目标分解到各地区、各年度、各指标，并印出附件1、附件2",
        "decompose a plan's targets to every region, year and indicator, and print its annexes",
    ),
    "command_plan": Text("计划文件（.yaml、.json、.xlsx）", "the plan file (.yaml, .json, .xlsx)"),
    "command_language": Text("文字的语言：zh 或 en", "language of texts: zh or en"),
    "command_help": Text("显示这些说明", "show this help"),
    "command_verbose": Text("在标准错误输出中说明过程", "tell the progress on stderr"),
    "command_interrupted": Text(
        "已中断，没有写完的文件不会留下", "interrupted; no file is half written"
    ),
    "command_solve": Text(
        "求解并印出附件1和第一年的附件2", "solve, and print annex 1 and the first year's annex 2"
    ),
    "command_output": Text(
        "写入文件的文件夹：工作簿、Word、网页、Markdown、CSV 和 allocation.json；"
        "或一个文件，如 a.html、a.json",
        "folder for files: workbook, Word, page, Markdown, CSV and allocation.json; or one file: "
        "a.html, a.json",
    ),
    "command_solver": Text(
        "求解器：highs 或 PuLP 的求解器名", "highs, or the name of a PuLP solver"
    ),
    "command_gap": Text(
        "row：目标不能完成时，先分解能分解的部分，其余列为“待落实”一行",
        "row: where targets cannot be met, hand out what can be, and print the rest as a row",
    ),
    "command_check": Text("求解前检查计划", "check the plan before solving"),
    "command_explain": Text(
        "说明计划为何无法完成，以及怎样调整才行",
        "tell why a plan cannot be met, and what it would take",
    ),
    "command_yields": Text(
        "可以放宽的规则（max、growth 等），写在前面的优先",
        "families that may yield (max, growth, …), the first one first",
    ),
    "command_export": Text("导出线性规划（.lp、.mps）", "export the linear program (.lp, .mps)"),
    "command_model": Text("要写的文件（.lp 或 .mps）", "the file to write (.lp or .mps)"),
    "command_template": Text(
        "写出可填报的工作簿（.xlsx）", "write a workbook to be filled in (.xlsx)"
    ),
    "command_template_output": Text("要写的文件（.xlsx）", "the file to write (.xlsx)"),
    "command_from": Text(
        "写入这份计划的内容；不给则写一个示例", "the plan that it holds; an example by default"
    ),
    "template_years": Text(
        "示例和表头的年份，如 2026 2027 2028",
        "years of the example and its headings, such as 2026 2027 2028",
    ),
    "command_track": Text(
        "对照实际完成数：完成率、进度差、预警、排名、约谈名单、未报送",
        "compare actuals with quotas: completion, gap, level, ranks, talks, who is late",
    ),
    "command_actuals": Text(
        "实际数（.csv、.xlsx 或文件夹）", "the actuals (.csv, .xlsx or a folder of them)"
    ),
    "command_as_of": Text("数据截至的月份，如 2015-06", "the data's month, such as 2015-06"),
    "command_single": Text(
        "数字是当月数，不是累计数", "numbers are of single months, not sums since January"
    ),
    "command_low_rank": Text(
        "后几名算靠后；不给则按计划", "how many of the last ranks are low; as the plan says"
    ),
    "command_adjust": Text(
        "协商调整：定下的数照改，其余在原下达数的基础上变动最小",
        "negotiate: what is agreed upon changes, and the rest as little as it can",
    ),
    "command_move": Text(
        "每项调整：指标,地区,年份,调整量,原因",
        "each move: indicator,region,year,amount,why",
    ),
    "command_to": Text(
        "由谁承接：地区或分组；不给则由其余地区分担",
        "who takes it: regions or groups; all others by default",
    ),
    "command_hold": Text(
        "不动的：地区、分组、指标，或 指标,地区,年份",
        "what stays: regions, groups, indicators, or indicator,region,year",
    ),
    "command_move_form": Text(
        "“{found}”读不懂；请写成 指标,地区,年份,调整量,原因",
        "“{found}” is not understood; write indicator,region,year,amount,why",
    ),
    "command_adopt": Text(
        "采用手工改过的分解表：逐条核对，都满足才采用，不满足的逐条指出",
        "take over a table that was changed by hand: only where it keeps every rule of the plan",
    ),
    "command_table": Text(
        "改过的表（.xlsx、.csv），如印出的附件2",
        "the table (.xlsx, .csv), such as a printed annex 2",
    ),
    "command_table_year": Text("表中没有写年份时，是哪一年", "its year, where it does not say so"),
    "command_adopt_gap": Text(
        "row：表中没有完成的目标列为“待落实”一行，其余规则照常核对",
        "row: targets that the table misses are listed as a row; all other rules hold",
    ),
    "command_revise": Text(
        "年度结束后调整：已过去的年份按实际数，其余年份在原下达数的基础上变动最小",
        "revise after a year is over: it stays as it came, the rest changes as little as it can",
    ),
    "command_issued": Text(
        "下达的分解结果（allocation.json），或计划文件",
        "an issued allocation (allocation.json), or a plan file",
    ),
    "command_through": Text("实际数到哪一年，如 2015", "the last year that is over, such as 2015"),
    "command_carry": Text(
        "累计目标的差额：area 各地区分担，region 各地区自负，none 不结转",
        "who carries what is lacking: area (all), region (each its own), none (nobody)",
    ),
    "command_set": Text("修改计划，如 路径=新值", "changes of the plan, as path=value"),
    "command_merge": Text(
        "合并或改名的地区，如 新区=甲区,乙区", "regions merged or renamed, as New=One,Other"
    ),
    "command_base": Text(
        "重报的基期数，如 指标,地区=数值", "restated bases, as INDICATOR,REGION=VALUE"
    ),
    "command_base_form": Text(
        "“{found}”读不懂；请写成 指标,地区=数值",
        "“{found}” is not understood; write indicator,region=value",
    ),
    "command_new": Text("写入新的分解结果（.json）", "the file for the new allocation (.json)"),
    "command_pair": Text(
        "“{found}”读不懂；请写成 名称=内容", "“{found}” is not understood; write name=value"
    ),
    "command_compare": Text(
        "对照两份分解结果：原、现、增减、原因", "what changed between two allocations"
    ),
    "command_all": Text("没有变化的也列出", "list what did not change, too"),
    "command_report": Text(
        "写入的文件（.xlsx、.docx、.md、.csv）", "the file to write (.xlsx, .docx, .md, .csv)"
    ),
    "command_write": Text(
        "求解并写成一个文件；不能完成的计划写冲突和办法",
        "solve, and write one file; of a plan that cannot be met, the conflict and the ways out",
    ),
    "command_years": Text("写哪些年度的附件2", "the years whose annex 2 is written"),
    "command_theme": Text("样式文件（.yaml）", "the theme (.yaml)"),
    "command_formulas": Text("工作簿中的合计写成公式", "write sums in .xlsx as formulas"),
    "command_form": Text(
        "给每个地区写一张待填的报送表", "write a blank form for each region to fill in"
    ),
    "command_form_folder": Text("写入的文件夹", "the folder to write to"),
    "command_period": Text("报送的月份，如 2015-06", "the month to report, such as 2015-06"),
    "command_kind": Text("表的格式：xlsx 或 csv", "kind of the forms: xlsx or csv"),
    "check_issue": Text("[{severity}] {where}：{text}", "[{severity}] {where}: {text}"),
    "check_issue_whole": Text("[{severity}] {text}", "[{severity}] {text}"),
    "check_clean": Text("未发现问题", "nothing to report"),
}
