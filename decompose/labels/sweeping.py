"""Texts of scenarios: what is wrong with one, and how a sweep of many goes on."""

from __future__ import annotations

from decompose.labels.message import Text

SWEEPING: dict[str, Text] = {
    "scenario_name": Text(
        "情景没有名称（“{found}”）；请填写 name", "a scenario has no name (“{found}”); give it one"
    ),
    "scenario_twice": Text(
        "有两个情景都叫“{found}”；请改名", "two scenarios are called “{found}”; rename one"
    ),
    "scenario_kind": Text(
        "“{found}”不是情景；请传入 Scenario", "“{found}” is no scenario; pass Scenario objects"
    ),
    "scale_factor": Text(
        "情景“{scenario}”的 scale 中有“{found}”；倍数须为正数，如 1.05",
        "scenario “{scenario}”: scale holds “{found}”; a factor is a positive number, 1.05 say",
    ),
    "scale_unknown": Text(
        "情景“{scenario}”：scale 中没有指标“{found}”；可用的 id：{known}",
        "scenario “{scenario}”: scale names no indicator “{found}”; ids are {known}",
    ),
    "scale_nothing": Text(
        "情景“{scenario}”：指标“{found}”没有可乘的目标数；请用 changes 直接写新值",
        "scenario “{scenario}”: the indicator “{found}” has no target figure to multiply; write "
        "the new value under changes",
    ),
    "drop_nothing": Text(
        "情景“{scenario}”：计划中没有“{path}”，无从删去；请核对路径",
        "scenario “{scenario}”: the plan has nothing at “{path}” to drop; check the path",
    ),
    "scenario_lost": Text(
        "计算这个情景的进程两次中断（{reason}），没有结果；请单独求解，或检查内存",
        "the process that solved this scenario died twice ({reason}), so there is no result; solve "
        "it alone, or check the memory",
    ),
    "sweep_stopped": Text(
        "已中断：{count} 个情景完成了 {done} 个", "stopped: {done} of {count} scenarios are done"
    ),
    "sweep_again": Text(
        "有进程中断，{count} 个情景重新计算", "a worker died; {count} scenarios are solved again"
    ),
    "sweep_bar": Text("情景", "scenarios"),
}
