"""A rule in a sentence: what it is called with its own figure, and what that is measured on.

``at`` says whose rule it is and of which year (the words of ``at_…``); in English these come
before the name of the rule, with a space after each.
"""

from __future__ import annotations

from decompose.labels.message import Text

_HERE = ("街道", "市", "县", "区", "镇", "乡", "级")
"""How names of regions end; such a region speaks of itself by it."""

LIMITING: dict[str, Text] = {
    # whose, and when
    "at": Text("{place}{whose}{year}", "{place}{whose}{year}"),
    "at_place": Text("{name}", "{name}'s "),
    "at_sum": Text("{name}合计", "{name}'s joint "),
    "at_whose": Text("“{indicator}”", "“{indicator}” "),
    "at_year": Text("{year}年", "{year} "),
    "at_all_years": Text("各年累计", "all-years "),
    # boxes and totals
    "rule_max": Text("{at}上限{figure}", "{at}capacity of {figure}"),
    "rule_min": Text("{at}下限{figure}", "{at}floor of {figure}"),
    "rule_total.max": Text("{at}上限{figure}", "{at}capacity of {figure}"),
    "rule_total.min": Text("{at}下限{figure}", "{at}floor of {figure}"),
    "rule_lock": Text("{at}锁定数{figure}", "{at}lock at {figure}"),
    "rule_lock_why": Text("{at}锁定数{figure}（{why}）", "{at}lock at {figure} ({why})"),
    "rule_base_quota": Text("{at}基本目标数{figure}", "{at}base quota of {figure}"),
    "rule_ahead_most": Text(
        "{at}以后年份的限制所容许的最高增速{figure}",
        "{at}greatest growth that the limits of later years allow, {figure}",
    ),
    "rule_ahead_least": Text(
        "{at}以后年份的限制所要求的最低增速{figure}",
        "{at}least growth that the limits of later years ask for, {figure}",
    ),
    "rule_tier": Text("{at}分档{figure}", "{at}tier of {figure}"),
    # targets of groups
    "rule_target": Text("{at}目标{figure}", "{at}target of {figure}"),
    "rule_handed": Text("{rule}（按{sum}下达）", "{rule} ({sum} is handed out)"),
    "rule_target_growth": Text(
        "{at}年均增长目标{figure}", "{at}target of growing by {figure} a year"
    ),
    "rule_target_increase": Text("{at}增量目标{figure}", "{at}target of a rise by {figure}"),
    "rule_target_growth_each_year": Text(
        "{at}逐年增长目标{figure}", "{at}target of growing by {figure} each year"
    ),
    "rule_target_increase_each_year": Text(
        "{at}逐年增量目标{figure}", "{at}target of a rise by {figure} each year"
    ),
    "rule_ratio": Text("{at}比率目标{figure}", "{at}ratio target of {figure}"),
    "rule_growth_each_year": Text(
        "{at}逐年增长目标{figure}（{other}年为{against}）",
        "{at}yearly growth target of {figure} ({against} in {other})",
    ),
    "rule_cut_each_year": Text(
        "{at}逐年下降目标{figure}（{other}年为{against}）",
        "{at}yearly cut of {figure} as a target ({against} in {other})",
    ),
    "rule_rise_each_year": Text(
        "{at}逐年提高目标{figure}（{other}年为{against}）",
        "{at}yearly rise of {figure} as a target ({against} in {other})",
    ),
    "rule_increase_each_year": Text(
        "{at}逐年增量目标{figure}（{other}年为{against}）",
        "{at}yearly rise of {figure} as a target ({against} in {other})",
    ),
    # between years
    "yearly_rate": Text("年均", "yearly "),
    "rule_growth.max": Text(
        "{at}{yearly}增速上限{figure}（{other}年为{against}）",
        "{at}greatest {yearly}growth of {figure} ({against} in {other})",
    ),
    "rule_growth.min": Text(
        "{at}{yearly}增速下限{figure}（{other}年为{against}）",
        "{at}least {yearly}growth of {figure} ({against} in {other})",
    ),
    "rule_ramp.max": Text(
        "{at}{yearly}增量上限{figure}（{other}年为{against}）",
        "{at}greatest {yearly}rise of {figure} ({against} in {other})",
    ),
    "rule_ramp.min": Text(
        "{at}{yearly}增量下限{figure}（{other}年为{against}）",
        "{at}least {yearly}rise of {figure} ({against} in {other})",
    ),
    "rule_monotone_up": Text(
        "{at}逐年不减的要求（{other}年为{against}）",
        "{at}rule never to fall ({against} in {other})",
    ),
    "rule_monotone_down": Text(
        "{at}逐年不增的要求（{other}年为{against}）",
        "{at}rule never to rise ({against} in {other})",
    ),
    "rule_limit": Text("{at}{name}{figure}", "{at}{name} of {figure}"),
    # cuts
    "rule_cut.max": Text("{at}下降率上限{figure}", "{at}greatest cut of {figure}"),
    "rule_cut.min": Text("{at}下降率下限{figure}", "{at}least cut of {figure}"),
    # shares of the area
    "rule_share.max": Text(
        "{at}占比上限{figure}（{area}为{against}）",
        "{at}greatest share of {figure} ({area}: {against})",
    ),
    "rule_share.min": Text(
        "{at}占比下限{figure}（{area}为{against}）",
        "{at}least share of {figure} ({area}: {against})",
    ),
    "rule_share_shift": Text(
        "{at}占比变动不超过{figure}（基期占{base}，{area}为{against}）",
        "{at}share shift of {figure} at most (it was {base} in the base year; {area}: {against})",
    ),
    # other indicators
    "rule_part_of": Text(
        "{at}所属指标“{other}”（{against}）",
        "{at}“{other}” of {against}, of which it is a part",
    ),
    "rule_part_of_none": Text(
        "{at}不承担所属指标“{other}”这一条件",
        "{at}having no “{other}”, of which it is a part",
    ),
    "rule_part_of_whole": Text(
        "{at}其中项“{other}”（{against}）", "{at}part “{other}” of {against}"
    ),
    "rule_at_least_share": Text(
        "{at}占“{other}”{against}的比重下限{figure}",
        "{at}share of at least {figure} of “{other}” ({against})",
    ),
    "rule_at_most_share": Text(
        "{at}占“{other}”{against}的比重上限{figure}",
        "{at}share of at most {figure} of “{other}” ({against})",
    ),
    "rule_at_least_share_of": Text(
        "{at}“{other}”{against}占本指标的比重下限{figure}",
        "{at}“{other}” ({against}), at least {figure} of it",
    ),
    "rule_at_most_share_of": Text(
        "{at}“{other}”{against}占本指标的比重上限{figure}",
        "{at}“{other}” ({against}), at most {figure} of it",
    ),
    "rule_sum_of": Text("{at}分项{others}之和{against}", "{at}sum of {others}, {against}"),
    "rule_sum_of_part": Text(
        "{at}总项“{other}”（{against}）",
        "{at}“{other}” of {against}, the sum of its parts",
    ),
    "rule_increase_of": Text(
        "{at}“{other}”的年增量{against}", "{at}yearly rise of “{other}”, {against}"
    ),
    "rule_increase_of_level": Text(
        "{at}年增量“{other}”（{against}）",
        "{at}“{other}” of {against}, its yearly rise",
    ),
    "quoted": Text("“{name}”", "“{name}”"),
}


def here(region: str) -> Text:
    """Return how a region speaks of itself as the subject of a sentence."""
    return Text(_own(region), "it")


def of_here(region: str) -> Text:
    """Return how a region speaks of what is its own."""
    return Text(_own(region), "its ")


def _own(region: str) -> str:
    return "本" + next((end for end in _HERE if region.endswith(end)), "地区")
