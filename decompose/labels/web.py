"""Texts of a report's page, and of its pictures."""

from __future__ import annotations

from decompose.labels.message import Text

WEB: dict[str, Text] = {
    "web_skip": Text("跳到正文", "Skip to the content"),
    "web_contents": Text("目录", "Contents"),
    "web_top": Text("回到目录", "Back to the contents"),
    "web_letters": Text("{sheet}（{count}份）", "{sheet} ({count})"),
    "web_filter": Text("筛选", "Filter"),
    "web_filter_hint": Text("输入地区、指标等，空格隔开", "words, separated by spaces"),
    "web_all": Text("{column}：全部", "{column}: all"),
    "web_shown": Text("显示{shown}行，共{count}行", "{shown} of {count} rows"),
    "web_download": Text("下载CSV", "Download CSV"),
    "web_download_of": Text("下载CSV：{sheet}", "Download CSV: {sheet}"),
    "web_sort": Text("按“{column}”排序", "Sort by {column}"),
    "web_close": Text("关闭", "Close"),
    "web_why": Text("为什么是这个数", "Why this number"),
    "web_hint": Text(
        "点带下划线的数，看它怎么来的（键盘：方向键移动，回车打开）；点列标题排序",
        "Choose an underlined number to see why it is what it is (keys: arrows move, Enter opens); "
        "choose a heading to sort",
    ),
    "web_sort_hint": Text("点列标题排序", "Choose a heading to sort"),
    "web_no_reasons": Text(
        "数字超过{most}个，本页不带各数的来由；请在程序中用 allocation.why(指标, 地区, 年份) 查询",
        "there are more than {most} numbers: this page does not tell why each is what it is; "
        "allocation.why(indicator, region, year) does",
    ),
    "web_pictures": Text("图", "Charts"),
    "web_pick": Text("指标", "Indicator"),
    "picture_quotas": Text("各地区目标", "Quotas by region"),
    "picture_references": Text("{year}年：参考数与目标", "{year}: reference and quota"),
    "picture_moved": Text("受规定影响", "moved by a rule"),
    "picture_paths": Text("各地区历年", "Each region over the years"),
    "picture_own_scales": Text("各小图的纵轴不同", "each panel has a scale of its own"),
    "picture_course": Text("各地区累计完成率与时序进度", "Cumulative completion and schedule"),
    "picture_lights": Text("晴雨表", "Warning lights"),
    "picture_fan": Text("各方案的范围", "Range over the scenarios"),
    "picture_fan_note": Text(
        "浅色为最低至最高，深色为中间一半，线为中位数",
        "pale: lowest to highest; darker: the middle half; line: the median",
    ),
    "picture_compared": Text("{year}：原与现", "{year}: before and after"),
    "picture_year": Text("{year}年", "{year}"),
    "picture_all_years": Text("各年合计", "All years"),
    "picture_change": Text(
        "{region}：原{before}，现{after}；{reason}", "{region}: {before}, now {after}; {reason}"
    ),
    "picture_level": Text("{sign}：{level}", "{sign}: {level}"),
    "picture_unit": Text("{title}（{unit}）", "{title} ({unit})"),
    "picture_named": Text("{indicator}：{title}", "{indicator}: {title}"),
    "picture_largest": Text("只画最大的{count}个地区", "the {count} largest regions only"),
    "picture_cell": Text("{region} {year}年：{value}", "{region} {year}: {value}"),
    "picture_reference": Text(
        "{region} {year}年：参考数{reference}，目标{quota}；起作用的规定：{rules}",
        "{region} {year}: reference {reference}, quota {quota}; rules that bind: {rules}",
    ),
    "picture_month": Text(
        "{region} {month}月：完成率{completion}，时序进度{due}",
        "{region}, month {month}: completion {completion}, due {due}",
    ),
    "picture_light": Text(
        "{region} {indicator}：{level}，完成率{completion}",
        "{region} {indicator}: {level}, completion {completion}",
    ),
    "picture_range": Text(
        "{region} {year}年：{low}至{high}，中位数{middle}",
        "{region} {year}: {low} to {high}, median {middle}",
    ),
    "chart_package": Text(
        "画图需要软件包 {package}；请运行：{command}",
        "charts need the package {package}; run: {command}",
    ),
    "chart_font": Text(
        "这台机器没有能显示“{letters}”的字体，写出的 .png 会缺字；请改写成 .svg"
        "（由阅读者的机器显示），或安装中文字体（如 Debian 的 fonts-noto-cjk）",
        "no font of this machine has “{letters}”: letters would be missing from a .png; write .svg "
        "(which the reader's machine draws), or install a Chinese font (Debian: fonts-noto-cjk)",
    ),
    "chart_format": Text(
        "图不能写成“{suffix}”格式；可写：{known}",
        "a chart cannot be written as “{suffix}”: {known}",
    ),
    "chart_indicator": Text(
        "没有名为“{found}”、分解到地区的指标；可画：{known}",
        "no indicator “{found}” is handed out to regions; these are: {known}",
    ),
    "chart_sweep": Text(
        "这张表不是 sweep 的结果，列名为 {found}",
        "this frame is none of sweep, its columns are {found}",
    ),
}
