"""The headings of a plan's workbook, and how each column is filled."""

from __future__ import annotations

from typing import NamedTuple

from decompose.labels.message import Text


class Head(NamedTuple):
    """A heading in Chinese (in English it is the key of the plan file), and its guide."""

    zh: str
    guide: Text


_INDICATOR = Head("指标", Text("指标的名称或代号，与“指标”表一致。", "Name or id of an indicator."))
_YEAR = Text("年份，如 2015；留空指每年。", "A year; blank for every year.")

TARGET_HEADS: dict[str, Head] = {
    "target.years.{year}": Head(
        "{year}年目标",
        Text(
            "这一年全市的目标，如 22以上、570左右、3至5；比率按印出的单位填，如 13。",
            "The area's figure of that year, with its words; of a ratio in its printed unit.",
        ),
    ),
    "target.total": Head("累计目标", Text("各年合计的目标（流量）。", "Sum over all years.")),
    "target.each_year": Head(
        "每年目标", Text("每年都是这个数时填这里。", "The same figure every year.")
    ),
    "target.growth": Head(
        "年均增长目标", Text("从基期到末年的年均增长，如 14%左右。", "Average yearly growth.")
    ),
    "target.increase": Head(
        "增量目标", Text("末年比基期增加多少。", "Rise from the base year to the last year.")
    ),
    "target.cut": Head(
        "下降目标", Text("比率末年比基期下降多少，如 6%以上。", "Fall of a ratio since the base.")
    ),
    "target.rise": Head(
        "上升目标",
        Text("比率末年比基期上升多少，如 3个百分点。", "Rise of a ratio since the base."),
    ),
    "target.per_region": Head(
        "每地区目标", Text("每年每个地区的数，乘以参加的地区数为当年合计。", "Per region and year.")
    ),
    "target.growth_each_year": Head(
        "每年增长目标", Text("每年都比上年增长的比例。", "Growth of every year.")
    ),
    "target.increase_each_year": Head(
        "每年增量目标", Text("每年都比上年增加的数。", "Rise of every year.")
    ),
    "target.cut_each_year": Head(
        "每年下降目标", Text("比率每年都比上年下降的比例。", "Fall of a ratio in every year.")
    ),
    "target.rise_each_year": Head(
        "每年上升目标",
        Text("比率每年都比上年上升多少，如 0.5个百分点。", "Rise of a ratio in every year."),
    ),
    "target.margin": Head(
        "加码", Text("分下去的数比目标多百分之几，如 5%。", "How much more is handed out.")
    ),
    "target.tolerance": Head(
        "左右幅度", Text("“左右”允许差多少，不填为 2%。", "How far about may be off; 2% if blank.")
    ),
}

HEADS: dict[str, dict[str, Head]] = {
    "plan": {
        "key": Head("项目", Text("请勿改动。", "Leave as it is.")),
        "value": Head("内容", Text("填在这一列。", "Fill in here.")),
    },
    "items": {
        "title": Head("计划名称", Text("附件标题以它开头。", "The annexes' titles begin with it.")),
        "area": Head("区域", Text("计划的整个区域，如清远市。", "The whole, such as a city.")),
        "total_label": Head("合计行名称", Text("如全市、合计。", "Words of the area's row.")),
        "base_year": Head("基期年份", Text("如 2014；不填为第一年的上一年。", "Such as 2014.")),
        "years": Head(
            "计划年份",
            Text("如 2015、2016、2017，或 2015-2017。", "Such as 2015, 2016, 2017, or 2015-2017."),
        ),
        "actual_through": Head(
            "实际数截至年份",
            Text(
                "已过去的年份：到这一年为止的锁定都是实际数；没有则不填。",
                "The last year that is over: its locks are what was reached.",
            ),
        ),
        "sections": Head("类别", Text("附件1 的分块，按次序。", "The blocks of annex 1.")),
        "data_status": Head(
            "数据状态",
            Text(
                "印在标题下，如示例数据、征求意见稿；不印填 none。", "Under titles; none for none."
            ),
        ),
        "assessment.low_rank": Head(
            "考核末位名次", Text("最后几名算靠后。", "Ranks that are low.")
        ),
        "assessment.talk": Head("约谈条件", Text("谁会被约谈。", "Who is called to a talk.")),
        "assessment.lights.measure": Head("亮灯依据", Text("如 gap。", "Such as gap.")),
        "assessment.lights.yellow": Head("黄灯界线", Text("数字。", "A number.")),
        "assessment.lights.red": Head("红灯界线", Text("数字。", "A number.")),
        "assessment.calendar": Head(
            "考核日程", Text("如 monthly:8、yearly:12月中。", "Such as monthly:8, yearly:December.")
        ),
        "assessment.rules": Head("考核规则", Text("文字，每条一行。", "Texts, one on each line.")),
    },
    "regions": {
        "name": Head("地区", Text("印在表中的名称，按表中次序。", "As printed, in table order.")),
        "groups": Head("分组", Text("所属分组，可以有几个。", "The groups it belongs to.")),
        "aliases": Head("别名", Text("“基数”表中可能用到的其他名称。", "Other names in tables.")),
        "reserve": Head(
            "预留", Text("市本级这类只接受锁定或下限的，填是。", "Takes only locks and floors.")
        ),
        "inside": Head(
            "所在地区",
            Text("印在哪个地区之下（那个地区的数不含它）。", "Printed under this region."),
        ),
    },
    "groups": {
        "name": Head("分组", Text("分组的名称。", "Name of the group.")),
        "subtotal": Head("印小计", Text("表中是否印这一组的小计。", "Whether to print its sum.")),
        "label": Head("小计名称", Text("小计行的名称，不填用分组名称。", "Words of that row.")),
    },
    "indicators": {
        "id": Head(
            "代号",
            Text(
                "英文字母、数字、下划线，以字母开头，每个指标不同。",
                "Letters, digits and _, each one once.",
            ),
        ),
        "name": Head("名称", Text("印在表中的名称。", "As printed.")),
        "kind": Head(
            "类型",
            Text(
                "流量各年可以相加（投资）；存量是某一年的数（增加值、家数）；比率是分子除以分母；"
                "给定是已知数据；文字没有数。",
                "A flow adds over years; a level does not; a ratio has a denominator; given is "
                "data; text has no figure.",
            ),
        ),
        "unit": Head("单位", Text("如亿元、家、%。", "As printed.")),
        "section": Head("类别", Text("“计划”表中类别的一个。", "One of the plan's sections.")),
        "nature": Head("属性", Text("约束性或预期性。", "Binding or expected.")),
        "department": Head("责任单位", Text("可以有几个。", "Who answers for it.")),
        "decimals": Head("小数位", Text("不填为 2 位。", "2 if blank.")),
        "integer": Head("取整", Text("家数、个数填是。", "Whole numbers.")),
        "base": Head("基期", Text("“基数”表中基期数那一列的表头。", "A column of tables.")),
        "base_total": Head("基期合计", Text("文件写明的全市基期数。", "The area's own base.")),
        **TARGET_HEADS,
        "allocate": Head(
            "分配依据",
            Text(
                "基期、平均，或“基数”表的列；几个依据合用写 基期:0.7、列名:0.3。不填按基期。",
                "base, equal or a column; several with weights: base:0.7, column:0.3.",
            ),
        ),
        "path": Head(
            "路径",
            Text(
                "没有年度目标的年份怎么走；也可写权重 2015:0.2、2016:0.3、2017:0.5。",
                "How open years run; or weights such as 2015:0.2, 2016:0.8.",
            ),
        ),
        "fairness": Head("公平规则", Text("不填为最均衡。", "leximin if blank.")),
        "parent": Head(
            "上级指标(其中)", Text("印在哪个指标的“其中”之下。", "Printed as a part of this.")
        ),
        "numerator": Head(
            "分子", Text("比率的分子指标；累计的流量写 累计:名称。", "Or cumulative: NAME.")
        ),
        "denominator": Head("分母", Text("比率的分母指标。", "Of a ratio.")),
        "scale": Head("倍数", Text("印成百分数填 100。", "100 for per cent.")),
        "publish": Head("发布", Text("表中印什么，不填为数值。", "What tables print.")),
        "text": Head("文字目标", Text("没有数字的目标，照文件写。", "A goal in words.")),
        "step": Head("步长", Text("数字须是它的整数倍，如 0.5。", "Quotas are multiples of it.")),
        "mismatch": Head(
            "基期差额",
            Text("各地区基期合计与基期合计不一致时怎么办。", "Where bases do not add up."),
        ),
        "base_numerator": Head(
            "基期分子", Text("没有分子指标的比率，基期分子的列。", "A column, for a rate.")
        ),
        "regions": Head(
            "适用地区",
            Text(
                "如 甲区、乙县；或 不含:丙县；或每年一行 2016:甲区。",
                "Or except: NAMES; or 2016: NAMES.",
            ),
        ),
        "years": Head("适用年份", Text("不填为全部年份。", "All if blank.")),
        "values.{year}": Head(
            "{year}年已知数", Text("给定指标这一年的列。", "The column of a given indicator.")
        ),
        "tiers.values": Head("分档", Text("如 10%、14%、15%。", "Such as 10%, 14%, 15%.")),
        "tiers.by": Head("分档依据", Text("写明各地区档次的列。", "A column with each tier.")),
        "sum_of": Head("合计自", Text("由哪几个指标相加。", "The indicators that add to it.")),
        "increase_of": Head("增量来自", Text("是哪个存量的年增量。", "The level it is a rise of.")),
        "priority": Head("次序", Text("1 最先确定。", "1 is settled first.")),
        "signed": Head("可为负", Text("数可以是负的。", "May be negative.")),
        "strict": Head("严格", Text("取整后也不得超出增速等限制。", "Limits hold after rounding.")),
        "tolerance": Head(
            "各目标左右幅度",
            Text("目标未写左右幅度的，按此。", "For targets that say none themselves."),
        ),
        "hand_out": Head(
            "区间取值", Text("3至5 按哪一头分，不填为下限。", "Which end of a range.")
        ),
        "annexes": Head("印入附件", Text("如 1、2；不填都印。", "Such as 1, 2.")),
        "report": Head("印表", Text("填否则不印。", "false: not printed.")),
        "decompose": Head("分解到地区", Text("填否则只印附件1。", "false: annex 1 alone.")),
        "cut_unit": Head("降幅单位", Text("不填为 %。", "% if blank.")),
        "move": Head("由谁让步", Text("比率靠调整分子来达到。", "What gives way to a ratio.")),
        "schedule": Head(
            "时序进度", Text("如 Q1:15%、Q2:45%、Q3:72%、Q4:100%。", "Such as Q1:15%, Q2:45%.")
        ),
        "assess.points": Head("考核分值", Text("数字。", "A number.")),
        "assess.cap": Head("完成率上限", Text("如 1.2。", "Such as 1.2.")),
        "assess.key": Head(
            "关键指标", Text("未完成即总体未完成的，填是。", "Missing it is failing.")
        ),
        "converge": Head(
            "逐步趋同",
            Text(
                "各地区占比从基期逐年过渡到分配依据（比率过渡到全市值）：填是，或末年走完的百分比。",
                "Shares go from the base to allocate (a ratio to the area's): true or a part.",
            ),
        ),
        "display.base": Head("基期印作", Text("代替全市基期数的文字。", "Words for the base.")),
        "display.{year}": Head(
            "{year}年印作",
            Text("代替全市这一年数的文字，如 570左右。", "Words for the area's figure."),
        ),
        "display.total": Head("累计印作", Text("代替累计数的文字。", "Words for the total.")),
    },
    "group_targets": {
        "indicator": _INDICATOR,
        "group": Head("分组", Text("留空指全市（力争数用）。", "Blank for the area (of stretch).")),
        "level": Head(
            "档次",
            Text(
                "力争：另一套更高的数，全市的也写在这张表；不填为基本。",
                "stretch: a second, higher set of figures, the area's too; base if blank.",
            ),
        ),
    },
    "stated": {
        "indicator": _INDICATOR,
        "group": Head("分组", Text("留空指全市。", "Blank for the area.")),
        "item": Head(
            "项目",
            Text("文件里写到、只印只核对、不强制的数。", "Printed and checked, not imposed."),
        ),
        "year": Head(
            "年份", Text("留空：数值指累计，增速指年均，增量指总增量。", "Blank for the whole.")
        ),
        "value": Head("数值", Text("如 37%左右、180左右。", "Such as about 37%.")),
    },
    "limits": {
        "indicator": _INDICATOR,
        "limit": Head("限制", Text("从列表中选择。", "Choose from the list.")),
        "scope": Head(
            "范围",
            Text(
                "留空对每个地区；写地区只对它；写分组对组内每个地区；写全市对全市合计；"
                "写 合计:分组 对这一组的合计。",
                "Blank: each region; a region; a group: each of its regions; the area; sum: GROUP.",
            ),
        ),
        "year": Head("年份", _YEAR),
        "value": Head(
            "数值",
            Text("数字、百分数，或“基数”表的列。", "A number, a percentage or a column of tables."),
        ),
    },
    "locks": {
        "indicator": _INDICATOR,
        "region": Head("地区", Text("已经定了数的地区。", "Whose quota is settled.")),
        "year": Head("年份", Text("年份，或“累计”。", "A year, or total.")),
        "value": Head("数值", Text("已经定的数。", "The quota.")),
        "why": Head("说明", Text("依据，如文号。", "What settled it.")),
        "signed": Head("已签", Text("已签责任书的填是。", "Whether it was signed.")),
    },
    "links": {
        "indicator": _INDICATOR,
        "relation": Head("关系", Text("与所对指标的关系。", "How it is tied to the other.")),
        "other": Head("所对指标", Text("名称或代号。", "Name or id.")),
        "share": Head("比重", Text("如 10%；“属于”不填。", "Such as 10%; blank for part_of.")),
        "scope": Head(
            "范围", Text("各地区、全域或分组；不填为各地区。", "region, area or a group.")
        ),
    },
    "notes": {
        "indicator": _INDICATOR,
        "year": Head("年份", _YEAR),
        "text": Head("内容", Text("印在表下的注。", "Printed under the tables.")),
    },
    "tables": {
        "region": Head(
            "地区",
            Text(
                "地区名称或别名；其余各列自定表头，每列一个数列，没有数据留空。",
                "Regions; further columns as you name them, one series each.",
            ),
        ),
    },
    "other": {
        "path": Head(
            "路径",
            Text(
                "别的表里没有的键，如 indicators.代号.cost.甲区。",
                "A key that no sheet has, such as indicators.ID.cost.REGION.",
            ),
        ),
        "value": Head("值", Text("数字、文字，或 YAML、JSON。", "A number, a text, YAML or JSON.")),
    },
}
"""Headings by sheet and key; ``items`` are the rows of the sheet ``plan``."""

KEYS = {
    "target": "各目标列",
    "years": "各年目标（指标的年份为适用年份）",
    "values": "各年已知数",
    "limits": "限制表",
    "locks": "锁定表",
    "links": "关联表",
    "stated": "所列数表",
    "tiers": "分档",
    "by": "依据",
    "display": "印作",
    "except": "不含",
    "min": "下限",
    "max": "上限",
}
"""What keys of a plan file are called in a workbook that are no heading of one column."""

REMARK = Text("备注", "remark")
"""The heading of a column that is the planner's own."""

EXPLANATION = Text("说明", "note")
"""The heading of the column of the sheet ``plan`` that explains its items."""


def head_of(sheet: str, code: str) -> Text:
    """Return a heading in both languages; the English one is the key."""
    heads = HEADS[sheet]
    return Text((heads.get(code) or HEADS["indicators"][code]).zh, code)


def guide_of(sheet: str, code: str) -> Text:
    """Return how the column of a heading is filled."""
    return (HEADS[sheet].get(code) or HEADS["indicators"][code]).guide
