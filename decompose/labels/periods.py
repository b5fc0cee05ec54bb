"""Texts about periods, and the words in which documents write them."""

from __future__ import annotations

from decompose.labels.message import Text

MONTH_NAMES = tuple(
    Text(str(number), name)
    for number, name in enumerate(
        (
            *("January", "February", "March", "April", "May", "June", "July"),
            *("August", "September", "October", "November", "December"),
        ),
        start=1,
    )
)

PERIODS: dict[str, Text] = {
    "period_wrong": Text(
        "“{found}”不是时期；可写 2015、2015-07、2015Q3、2015H1、2015年1-7月、2015年上半年",
        "“{found}” is no period; write 2015, 2015-07, 2015Q3 or 2015H1",
    ),
    "period_no_year": Text(
        "“{found}”没有年份；请写成 2015-07 这样，或另设“年份”一列",
        "“{found}” has no year; write it like 2015-07, or add a column “year”",
    ),
    "up_to_month": Text("{year}年1—{month}月", "January–{month} {year}"),
    "in_january": Text("{year}年1月", "January {year}"),
    "schedule_key": Text(
        "“{found}”不是年内的时点；时序进度的键可写 1 至 12（月）、Q1 至 Q4、H1、H2",
        "“{found}” is no point of a year; the keys of a schedule are 1 to 12 (months), Q1 to Q4, "
        "H1 and H2",
    ),
    "schedule_share": Text(
        "时序进度从 0 到 100%，只增不减；“{found}”为 {share}，不合",
        "a schedule rises from 0 to 100% and never falls; “{found}” with {share} does not fit",
    ),
    "schedule_end": Text(
        "时序进度到年底须为 100%；“{found}”为 {share}",
        "a schedule ends the year at 100%; “{found}” says {share}",
    ),
}

YEAR = "年度?"
MONTH = "月份?"
DAY = "[日号]"
UNTIL = "截至|截止到?"
END = "年?[底末]|止"
"""What may stand before a period, and behind it, where sums are counted to its end."""
TO = "[-~—–至到]"
WHOLE_YEAR = "全年"
HALVES = ("上半年", "下半年")
FIRST_QUARTERS = {"前两季度": 2, "前二季度": 2, "前三季度": 3, "前3季度": 3, "前2季度": 2}
QUARTER = "第?([一二三四1-4])季度?"
QUARTERS = f"第?[一1](?:季度?)?{TO}{QUARTER}"
MONTH_WORDS = (*(f"{one}月" for one in "一二三四五六七八九十"), "十一月", "十二月")
DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4}
CUMULATIVE = (
    "累计完成数",
    "累计完成",
    "累计值",
    "累计数",
    "累计",
    "实际完成",
    "实际",
    "完成数",
    "完成",
    " cumulative",
    " actual",
)
"""What a heading may say behind a period, of a sum since the beginning of the year."""
SINGLE = ("当月完成", "当月值", "当月", "本月完成", "本月", "当期", " single")
"""What a heading may say behind a period, of this period alone."""
