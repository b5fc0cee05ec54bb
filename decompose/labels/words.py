"""The vocabulary: headings, names of families of rules, names of senses."""

from __future__ import annotations

from decompose.labels.message import Text

REGION_HEADS = ("region", "地区", "区域", "县区", "单位名称")
"""Headings under which a table may name its regions."""

WORDS: dict[str, Text] = {
    "area": Text("全市", "Area"),
    "total_label": Text("合计", "Total"),
    # tables
    "annex1": Text("附件1", "Annex 1"),
    "annex2": Text("附件2", "Annex 2"),
    "section": Text("类别", "Section"),
    "number": Text("序号", "No."),
    "indicator": Text("指标", "Indicator"),
    "unit": Text("单位", "Unit"),
    "total_or_end": Text("累计/期末", "Total / end"),
    "average_growth": Text("年均增长", "Average growth"),
    "nature": Text("属性", "Nature"),
    "binding": Text("约束性", "Binding"),
    "expected": Text("预期性", "Expected"),
    "department": Text("责任单位", "Responsible"),
    "region": Text("地区", "Region"),
    "period": Text("时期", "Period"),
    "whole": Text("合计", "All"),
    "growth": Text("增速", "Growth"),
    "increase": Text("增量", "Increase"),
    "rise": Text("提高", "Rise"),
    "cut": Text("下降", "Cut"),
    "yearly_cut": Text("比上年下降", "Cut on the year before"),
    "value": Text("指标值", "Value"),
    "per_region": Text("每个地区", "Per region"),
    "gap": Text("待落实", "Not yet assigned"),
    "stretch_target": Text("力争目标", "Stretch target"),
    "base_set": Text("基本", "Base"),
    "stretch_set": Text("力争", "Stretch"),
    "points": Text("百分点", "points"),
    "list_separator": Text("、", ", "),
    # progress
    "progress": Text("完成情况", "Progress"),
    "ranking": Text("排名", "Ranking"),
    "talks": Text("约谈名单", "Talks"),
    "late": Text("未报送", "Not reported"),
    "quota": Text("年度目标", "Quota"),
    "actual": Text("累计完成", "Reached"),
    "completion": Text("完成率", "Completion"),
    "due": Text("时序进度", "Due"),
    "schedule_gap": Text("进度差", "Gap"),
    "level": Text("预警", "Level"),
    "rank": Text("名次", "Rank"),
    "full": Text("满分", "Full marks"),
    "earned": Text("得分", "Points"),
    "score": Text("得分率", "Score"),
    "forecast_straight": Text("预测全年（按进度）", "Forecast (straight)"),
    "forecast_seasonal": Text("预测全年（按上年）", "Forecast (as last year)"),
    "unmet": Text("未完成情况", "Not met"),
    "low_rank": Text("排名情况", "Rank among all"),
    "missing": Text("未报送指标", "Missing"),
    "green": Text("绿", "green"),
    "yellow": Text("黄", "yellow"),
    "red": Text("红", "red"),
    "not_reported": Text("未报送", "not reported"),
    "national_green": Text("三级（进展总体顺利）", "level 3 (on the whole well)"),
    "national_yellow": Text("二级（形势比较严峻）", "level 2 (rather grave)"),
    "national_red": Text("一级（形势十分严峻）", "level 1 (very grave)"),
    # comparisons
    "scope": Text("范围", "Scope"),
    "year": Text("年份", "Year"),
    "before": Text("原", "Before"),
    "after": Text("现", "After"),
    "change": Text("增减", "Change"),
    "reason": Text("原因", "Reason"),
    "issued_before": Text("原下达", "Issued"),
    "issued_now": Text("调整后", "Revised"),
    "revision": Text("目标调整", "Revision"),
    "comparison": Text("调整对照", "Comparison"),
    "clause_separator": Text("；", "; "),
    # command line
    "annexes": Text("附件", "annexes"),
    "severity_error": Text("错误", "error"),
    "severity_warning": Text("警告", "warning"),
    "status_solved": Text("已求解", "solved"),
    "status_infeasible": Text("无法完成", "infeasible"),
    "status_rounding": Text("不能取整", "rounding"),
    "status_error": Text("有误", "error"),
    "status_lost": Text("进程中断", "lost"),
    "severity_note": Text("提示", "note"),
}

CHANGES: dict[str, tuple[str, ...]] = {
    "increment": ("增量", "增加量", "新增", "净增", "increase", "increment"),
    "growth": ("增速", "增长", "growth"),
    "cut": ("降低", "下降", "降幅", "减排", "cut", "reduction"),
    "rise": ("提高", "提升", "上升", "增幅", "rise"),
}
"""Words by which a name says of itself that such a change is printed."""
