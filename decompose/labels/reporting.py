"""Texts of tables and reports: titles, headings with a name in them, notes, what went wrong."""

from __future__ import annotations

from decompose.labels.message import Text

NOT_FIRST = "，。、；：！？）》〉】”’％,.;:!?)]}%"
"""Marks that do not begin a line."""
NOT_LAST = "（《〈【“‘([{"
"""Marks that do not end a line."""
PAUSES = "和与及暨"
"""Before these a title may take a new line."""
NUMERALS = "〇零一二三四五六七八九十"
YEAR = "年"
TO = "—–～至"
"""Between the ends of a span."""
DIVISIONS = "省市区县州盟旗镇乡"
"""What the name of a place ends with."""
WITHIN_CITY = "委级属直内本政立辖"
"""After the name of a city these make another word of its last letter (市级, 市属, 市政)."""
JOINS = ("、", "和", "与", "及", "暨", "&", "and ", "or ")
"""After a first name these name a second."""
BELONGS = ("'s ", "’s ", "的")
"""Between a name and what belongs to it."""
PAUSE_MARKS = "：:，,·—–- "
"""Marks between a name and what is said of it."""

SIZES = {
    "初号": 42.0,
    "小初": 36.0,
    "一号": 26.0,
    "小一": 24.0,
    "二号": 22.0,
    "小二": 18.0,
    "三号": 16.0,
    "小三": 15.0,
    "四号": 14.0,
    "小四": 12.0,
    "五号": 10.5,
    "小五": 9.0,
    "六号": 7.5,
}
"""Sizes of letters by their Chinese names, in points."""

FONT_NAMES = {
    "title": ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "华文中宋", "STZhongsong"),
    "hei": ("黑体", "SimHei"),
    "song": ("宋体", "SimSun"),
    "kai": ("楷体", "KaiTi", "楷体_GB2312"),
}
"""Fonts of official documents, and the names by which a machine may know each, or one like it."""

REPORTING: dict[str, Text] = {
    "annex1_title": Text("{title}目标总表", "{title}: overall targets"),
    "annex2_title": Text("{title}{year}年度目标分解表", "{title}: targets by region, {year}"),
    "letter_title": Text("{region}{title}目标责任书", "{title}: targets of {region}"),
    "sheet_of_letter": Text("责任书-{region}", "Letter {region}"),
    "department_title": Text("{title}责任分工表", "{title}: who answers for what"),
    "department_note": Text(
        "同一指标有几个责任单位的，在各单位名下都列出",
        "an indicator of several departments stands under each of them",
    ),
    "sheet_title": Text("{title}{sheet}表", "{title}: {sheet}"),
    "grounds_note": Text(
        "参考数是不计各项限制、只按分配依据应得的数；起作用的规定是正好卡住该数的规定",
        "the reference is what the allocation rule alone would give; rules that bind are those "
        "that are tight at the number",
    ),
    "bounds_note": Text(
        "下限、上限只是对该数本身的限制，不含增速、占比等与其他数相关的规定；下限为0的不列",
        "lower and upper are the bounds of the number itself, without rules that tie it to others; "
        "a floor of 0 is not shown",
    ),
    "sums_note": Text(
        "计算数由各地区印出的数重新加总或推算；按所列数的语义（以上、左右等）判断",
        "computed numbers are added up, or derived, from the printed numbers of the regions; "
        "verdicts follow the sense of the figure (at least, about)",
    ),
    "repairs_note": Text(
        "每个办法单独采用即可；同一办法中的各项要一起改",
        "each way is enough by itself; the changes of one way go together",
    ),
    "compared_nothing": Text("两边的数字没有不同", "no number differs"),
    "way": Text("办法{number}", "Way {number}"),
    "way_head": Text("办法{number}：放宽{family}", "Way {number}: {family} yield"),
    "sheet_of_year": Text("{annex}-{year}", "{annex}-{year}"),
    "year_head": Text("{year}年", "{year}"),
    "unit_line": Text("单位：{unit}", "Unit: {unit}"),
    "status_line": Text("（{status}）", "({status})"),
    "unit_mark": Text("（{unit}）", "({unit})"),
    "with_unit": Text("{name}（{unit}）", "{name} ({unit})"),
    "part_name": Text("其中：{name}", "of which: {name}"),
    "part_of_name": Text("{parent}：{name}", "{parent}: {name}"),
    "name_of_increment": Text("{name}增量", "increase of {name}"),
    "name_of_growth": Text("{name}增速", "growth of {name}"),
    "name_of_cut": Text("{name}降低率", "cut of {name}"),
    "name_of_rise": Text("{name}提高幅度", "rise of {name}"),
    "stretch_name": Text("{name}（力争）", "{name} (stretch)"),
    "continued": Text("（续表 {number}/{count}）", "(continued, {number} of {count})"),
    "notes_head": Text("注：", "Notes: "),
    "indicator_note": Text("{name}：{note}", "{name}: {note}"),
    "indicator_year_note": Text("{name}（{year}年）：{note}", "{name} ({year}): {note}"),
    "since_base_note": Text("{name}：与{base}年相比", "{name}: compared with {base}"),
    "shortfall_note": Text(
        "{name}（{year}年）：{count}个地区的力争数达不到基本数，相差最多的是{worst}",
        "{name} ({year}): the stretch quotas of {count} region(s) fall short of their base quotas, "
        "most of all {worst}",
    ),
    "shortfall_regions_note": Text(
        "{name}：{count}个地区的力争数达不到基本数：{regions}{more}",
        "{name}: the stretch quotas of {count} region(s) fall short of their base quotas: "
        "{regions}{more}",
    ),
    "shortfall_region": Text(
        "{region}{stretch}（基本数{base}，相差{part}）",
        "{region} {stretch} (base {base}, {part} apart)",
    ),
    "shortfall_more": Text("等", " and others"),
    "mix_note_cut": Text(
        "{name}：到{year}年下降{whole}，其中地区结构变动{mix}，各地区自身{own}",
        "{name}: a fall of {whole} by {year}, of which {mix} comes from the mix of regions and "
        "{own} from the regions themselves",
    ),
    "mix_note_rise": Text(
        "{name}：到{year}年提高{whole}，其中地区结构变动{mix}，各地区自身{own}",
        "{name}: a rise of {whole} by {year}, of which {mix} comes from the mix of regions and "
        "{own} from the regions themselves",
    ),
    "ratio_note": Text(
        "比率类指标的合计、小计按各地区合计的分子、分母计算，不是各地区的合计或平均",
        "ratios of several regions are those of their sums, neither sums nor means of ratios",
    ),
    "growth_note": Text(
        "增速的合计、小计按各地区合计的数值计算，不是各地区增速的平均",
        "growth of several regions is that of their sums, no mean of their growth",
    ),
    "gap_note": Text(
        "“{gap}”是目标中受各项限制、未能分解到各地区的部分",
        "“{gap}”: the part of a target that other rules leave no room for in any region",
    ),
    "gap_row_note": Text(
        "“{area}”等于各地区之和加“{gap}”；“{gap}”是受各项限制、未能分解到各地区的部分",
        "“{area}” is the sum of the regions and of “{gap}”, which other rules leave no room for "
        "in any region",
    ),
    "gap_ratio_note": Text(
        "比率类指标的“{area}”为目标数，“{gap}”是它与各地区合起来的比率之差，受各项限制未能达到",
        "of ratios, “{area}” is the target, and “{gap}” the target less the regions' ratio, which "
        "other rules keep from it",
    ),
    "gap_negative_note": Text(
        "“{gap}”为负数，表示各地区合起来超出目标：受下限等限制，或补上以前年度的增量",
        "where “{gap}” is negative, the regions have more than the target: floors or other rules "
        "force it, or an increase makes up for the years before",
    ),
    "gap_group_note": Text(
        "{name}：{group}目标为{target}，各地区合计{reached}，{word}{gap}",
        "{name}: the target of {group} is {target}, its regions have {reached}; “{word}”: {gap}",
    ),
    "inside_note": Text(
        "{holder}的数据不含{regions}", "the figures of {holder} exclude those of {regions}"
    ),
    "reserve_note": Text(
        "{regions}为统筹预留部分，不分解到地区",
        "{regions}: held in reserve, not handed out to regions",
    ),
    "moved_note": Text(
        "{name}：{scope}{year}取整前为{exact}，表中为{quota}；各项合计不能都就近取整",
        "{name}: {scope} {year} was {exact} before rounding and is {quota} here; not every sum "
        "can go to a step beside it",
    ),
    "theme_wrong": Text("样式文件有 {count} 处错误：", "the theme has {count} mistake(s):"),
    "theme_key": Text(
        "没有“{found}”这个键；可用的键：{known}", "there is no key “{found}”; keys are: {known}"
    ),
    "theme_size": Text(
        "“{found}”不是字号；请填磅数（如 16）或 {known} 之一",
        "“{found}” is no size; write points (16), or one of {known}",
    ),
    "theme_colour": Text(
        "“{found}”不是颜色；请写成 #C00000 的样子", "“{found}” is no colour; write one like #C00000"
    ),
    "theme_sheet": Text(
        "没有“{found}”这种表；可写的有：{known}", "there is no sheet “{found}”; sheets are: {known}"
    ),
    "theme_place": Text(
        "标题样式中的“{found}”读不懂；花括号里可写：{known}",
        "“{found}” in the pattern of a title cannot be read; in braces may stand: {known}",
    ),
    "theme_column": Text(
        "样式文件的 {key}：表中没有可以省去的“{found}”列；可省去的列：{known}",
        "theme, {key}: the table has no column “{found}” that can be left out; these can: {known}",
    ),
    "report_format": Text(
        "不能写成“{path}”：后缀只能是 {known} 之一；请改文件后缀",
        "cannot write “{path}”: its suffix can only be one of {known}; change it",
    ),
    "report_nothing": Text(
        "{kind} 不能写成表；请给出 solve、track、explain、revise、sweep 或 compare 的结果",
        "a {kind} has no tables to write; give the result of solve, track, explain, revise, sweep "
        "or compare",
    ),
    "report_frame": Text(
        "这张表不能写成报告，列名为 {found}；请给出 sweep、compare 的结果，或先用 to_csv 另存",
        "this frame is no report, its columns are {found}; give the result of sweep or compare, "
        "or write it with to_csv",
    ),
    "report_sheet": Text("第 {number}/{count} 张表：{sheet}", "sheet {number} of {count}: {sheet}"),
    "report_rows": Text(
        "“{sheet}”有 {count} 行，一张工作表最多 {most} 行；请写成 .csv，或在样式文件的 sheets 中"
        "不列这张表",
        "“{sheet}” has {count} rows, a sheet has {most} at most; write .csv, or leave it out of "
        "the theme's sheets",
    ),
    "report_folder": Text(
        "文件夹 {folder} 不存在；请先建立它，或改写到别处",
        "there is no folder {folder}; make it first, or write elsewhere",
    ),
    "report_locked": Text(
        "{path} 不能写入；可能正被其他程序打开，或没有权限。请关闭它，或换一个文件名",
        "{path} cannot be written: it may be open in another program, or you may not write "
        "there. Close it, or choose another name",
    ),
    "report_failed": Text("{path} 写入失败：{reason}", "{path} could not be written: {reason}"),
    "report_package": Text(
        "写 {suffix} 需要软件包 {package}；请运行：{command}",
        "{suffix} needs the package {package}; run: {command}",
    ),
}
