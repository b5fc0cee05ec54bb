"""Ruian solved: annex 1 and the sums against the document, figure by figure.

The figures are copied from 中共瑞安市委关于加快省级工业强市创建的决定, never from our plan. What
``solve`` returns is certified.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import decompose as dc

FOLDER = Path(__file__).parent.parent / "data" / "ruian"
PLAN = dc.read_plan(FOLDER / "plan.yaml")
ALLOCATION = dc.solve(PLAN)
BASE = pd.read_csv(FOLDER / "base.csv", index_col="region")
QUOTAS = ALLOCATION.quotas
OPEN = "open"
"""The document gives no figure: the sample or the plan does."""

# 2014, 2015, 2016, 2017, 2024, total or end
ANNEX1: dict[str, list[object]] = {
    "特色小微企业创业园用地": ["—", OPEN, OPEN, OPEN, "—", 690],
    "温州示范小微企业创业园": ["—", OPEN, OPEN, OPEN, "—", 4],
    "湖岭农产品加工、锦湖机械锻造小微企业创业园": ["—", "—", "—", 2, "—", 2],
    "小微企业创业园主导产业企业数占比": [OPEN, "70以上", "70以上", "70以上", "—", OPEN],
    "“机器换人”技术改造项目": ["—", OPEN, OPEN, OPEN, "—", OPEN],
    "年销售收入超过百亿元的企业": ["—", "—", "—", "—", "力争5", "力争5"],
    "产值500-2000万元的企业": ["—", OPEN, OPEN, OPEN, "—", OPEN],
    "规下转规上企业": ["—", OPEN, OPEN, OPEN, "—", OPEN],
}
IN_WORDS = {
    "电镀、印染、小熔炼、小化工、小农业、再生塑料等行业落后产能": "引导企业主动淘汰",
    "单位生产总值能耗和能源消费总量": "“双控”",
    "瑞安经济开发区": "向国家级开发区迈进",
    "瑞安高新技术产业园区": "向省级工业园区跃升",
    "小微企业创业园“339”建设计划": "深入实施",
}


def quotas(indicator: str, year: int) -> pd.Series[float]:
    cells = QUOTAS[(QUOTAS["indicator"] == indicator) & (QUOTAS["year"] == year)]
    return cells.set_index("region")["quota"]


def in_all(indicator: str) -> pd.Series[float]:
    return QUOTAS[QUOTAS["indicator"] == indicator].groupby("region")["quota"].sum()


def test_annex_1_prints_the_figures_of_the_document() -> None:
    frame = ALLOCATION.annex1().set_index("指标")
    cells = frame[["2014年", "2015年", "2016年", "2017年", "2024年", "累计/期末"]]
    printed = {
        str(name): list(row) for name, row in zip(frame.index, cells.to_numpy(), strict=True)
    }
    assert {name: printed.pop(name)[1] for name in IN_WORDS} == IN_WORDS
    assert list(printed) == list(ANNEX1)
    for name, wanted in ANNEX1.items():
        pairs = zip(wanted, printed[name], strict=True)
        assert [OPEN if said == OPEN else cell for said, cell in pairs] == wanted, name


def test_quotas_add_up_to_the_figures_of_the_document() -> None:
    totals = ALLOCATION.totals.query("scope == '全市'").set_index(["indicator", "year"])["quota"]
    for indicator, figure in {"park_land": 690, "demonstration_parks": 4, "named_parks": 2}.items():
        assert totals[indicator, "total"] == figure
        assert in_all(indicator).sum() == figure
    assert totals["firms_10b", 2024] == 5
    assert quotas("firms_10b", 2024).sum() == 5


def test_named_parks_are_those_of_the_document() -> None:
    assert in_all("named_parks").to_dict() == {"湖岭镇": 1, "锦湖街道": 1}
    parks = next(one for one in PLAN.indicators if one.id == "named_parks")
    assert parks.department == ("湖岭镇", "锦湖街道")


def test_leading_industries_have_70_percent_in_printed_rates() -> None:
    for year in (2015, 2016, 2017):
        rate, firms = quotas("leading_share", year), BASE["park_firms"].dropna()
        share = float((rate * firms).sum() / firms.sum())
        assert 70 <= share < 70.1


def test_every_town_answers_for_something() -> None:
    assert len(PLAN.regions) == 15
    assert sum(name.endswith("街道") for name in PLAN.region_names) == 10
    assert list(ALLOCATION.annex2(2017).index) == ["全市", *PLAN.region_names]
    raised = QUOTAS[QUOTAS["indicator"] == "above_scale"]
    assert (raised["quota"] >= 1).all()
    assert raised["region"].nunique() == 15


def test_limits_bind() -> None:
    assert quotas("park_land", 2015)["塘下镇"] == 30
    inland = ["马屿镇", "陶山镇", "湖岭镇", "高楼镇"]
    assert in_all("park_land")[inland].sum() == 150
    assert in_all("demonstration_parks").max() == 1
    assert quotas("leading_share", 2017)[["塘下镇", "高楼镇", "陶山镇"]].tolist() == [78, 60, 60]
    assert quotas("above_scale", 2017)["塘下镇"] == 8
    raised = QUOTAS[(QUOTAS["indicator"] == "above_scale") & (QUOTAS["year"] == 2017)]
    tight = raised[raised["bound_by"].str.contains("at_most_share")].set_index("region")
    assert len(tight) > 0
    assert (tight["exact"] - 0.07 * BASE["pool"][tight.index]).abs().max() < 1e-6


def test_the_class_of_firms_to_raise_is_given() -> None:
    pool = next(one for one in PLAN.indicators if one.kind == "given" and one.report)
    assert pool.label == "产值500-2000万元的企业"
    assert ALLOCATION.annex2(2015)[pool.label]["全市"] == BASE["pool"].sum()


def test_titles_and_status_are_printed() -> None:
    first, second, *_ = ALLOCATION.tables()
    assert first.title == "省级工业强市创建目标总表"
    assert second.title == "省级工业强市创建2015年度目标分解表"
    assert "示例数据" in first.status_line


def test_the_rules_are_those_of_chapter_four() -> None:
    assessment = PLAN.assessment
    assert assessment is not None
    assert assessment.low_rank is None  # the document has no number
    assert "强化相关职能部门及镇街工作责任" in assessment.rules[0]
    assert "对不能完成目标任务的实行责任追究" in assessment.rules[-1]


def test_check_has_nothing_to_say() -> None:
    assert dc.check(PLAN) == []
