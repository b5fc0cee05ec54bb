"""Texts of tables and reports: titles, headings with a name in them, notes, what went wrong."""

from __future__ import annotations

from decompose.labels.message import Text

NOT_FIRST = "，。、；：！？）》〉】”’％,.;:!?)]}%"
"""Marks that do not begin a line."""
NOT_LAST = "（《〈【“‘([{"
"""Marks that do not end a line."""

REPORTING: dict[str, Text] = {
    "annex1_title": Text("{title}目标总表", "{title}: overall targets"),
    "annex2_title": Text("{title}{year}年度目标分解表", "{title}: targets by region, {year}"),
    "sheet_of_year": Text("{annex}-{year}", "{annex}-{year}"),
    "year_head": Text("{year}年", "{year}"),
    "unit_line": Text("单位：{unit}", "Unit: {unit}"),
    "status_line": Text("（{status}）", "({status})"),
    "unit_mark": Text("（{unit}）", "({unit})"),
    "with_unit": Text("{name}（{unit}）", "{name} ({unit})"),
    "part_name": Text("其中：{name}", "of which: {name}"),
    "part_of_name": Text("{parent}：{name}", "{parent}: {name}"),
    "name_of_increment": Text("{name}增量", "{name}, increase"),
    "name_of_growth": Text("{name}增速", "{name}, growth"),
    "name_of_cut": Text("{name}降低率", "{name}, cut"),
    "name_of_rise": Text("{name}提高幅度", "{name}, rise"),
    "stretch_name": Text("{name}（力争）", "{name} (stretch)"),
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
    "report_format": Text(
        "不能写成“{suffix}”格式（{path}）；可写的格式：{known}。请改文件后缀",
        "cannot write “{suffix}” ({path}); what can be written: {known}. Change the suffix",
    ),
    "report_nothing": Text(
        "{kind} 不能写成表；请给出 solve 的结果",
        "a {kind} has no tables to write; give the result of solve",
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
