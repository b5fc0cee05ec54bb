"""Texts about numbers and figures with words, and the words that a figure may carry."""

from __future__ import annotations

from decompose.labels.message import Text

SHAPING = r"[\s()、/·]+"
"""What shapes a heading without saying anything: spaces, brackets, marks between names."""

FIGURES: dict[str, Text] = {
    "not_a_number": Text(
        "“{found}”不是数字；请填数字，如 22、1,000 或 37%",
        "“{found}” is not a number; write a number such as 22, 1,000 or 37%",
    ),
    "not_a_figure": Text(
        "“{found}”读不懂；可写 22、22以上、22以下、570左右、力争45、3-5、6% 或 —，不写单位",
        "“{found}” is no figure; write 22, ≥22 (22以上), ≤22 (22以下), about 570 (570左右), "
        "力争45 (striven for), 3-5, 6% or —, without unit",
    ),
    "not_finite": Text(
        "“{found}”不是有限的数；请填写具体数字，没有数据请留空",
        "“{found}” is not a finite number; write a number, or leave it out",
    ),
    "percent_not_expected": Text(
        "“{found}”是百分数，这里要填数量；请去掉 %（工作簿的单元格若是百分比格式，请改成常规）",
        "“{found}” is a percentage where a quantity is wanted; leave out the % (in a workbook, "
        "make the format of the cell General)",
    ),
    "rate_above_one": Text(
        "“{found}”大于 1，不清楚是倍数还是百分数；若指 {percent}，请写成 {percent}{multiple}",
        "“{found}” is above 1: a multiple or a percentage? For {percent} write {percent}{multiple}",
    ),
    "rate_multiple": Text("；若指 {times} 倍，请写成 {percent}", ", for {times} times {percent}"),
    # a figure with words; in Chinese the plan's own come first
    "said": Text("{told}", "{told}"),
    "said_exact": Text("{number}", "{number}"),
    "said_at_least": Text("{number}以上", "at least {number}"),
    "said_at_most": Text("{number}以下", "at most {number}"),
    "said_about": Text("{number}左右", "about {number}"),
    "said_interval": Text("{low}至{number}", "{low} to {number}"),
    "said_strive": Text("力争{number}", "{number} (to be striven for)"),
    "interval_reversed": Text(
        "“{found}”的下限大于上限；请把小的数写在前面",
        "“{found}” has its lower end above its upper end; write the smaller first",
    ),
}

AT_LEAST_BEFORE = ("≥", ">=", "不低于", "不少于", "突破", "至少", "at least ")
AT_MOST_BEFORE = ("≤", "<=", "不超过", "不高于", "不多于", "至多", "at most ")
ABOUT_BEFORE = ("大约", "约", "about ")
AT_LEAST_AFTER = ("及以上", "以上", "余", " or more")
AT_MOST_AFTER = ("及以下", "以下", "以内", " or less")
ABOUT_AFTER = ("左右", "上下")
STRIVE = ("力争达到", "力争", "争取达到", "争取")
DATES = ("年", "月", "日")
POINTS = ("个百分点", "百分点", "pp")
RANGE = ("--", "-", "~", "至", "到", "—", "–", "―")
NO_FIGURE = "—"
NONE = frozenset({"—", "-", "–", "――", "——", "--", "/", "无", "n/a"})
