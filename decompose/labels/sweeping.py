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
        "情景“{scenario}”：计划中没有指标“{found}”；可用的是：{known}",
        "scenario “{scenario}”: the plan has no indicator “{found}”; known ones are {known}",
    ),
    "scale_nothing": Text(
        "情景“{scenario}”：指标“{found}”没有可乘的目标数；请用 changes 直接写新值",
        "scenario “{scenario}”: the indicator “{found}” has no target figure to multiply; write "
        "the new value under changes",
    ),
    "scale_dropped": Text(
        "情景“{scenario}”：指标“{found}”在同一情景中已删去或改了 id，无从乘以倍数；请去掉其中一项",
        "scenario “{scenario}”: the indicator “{found}” is dropped, or its id changed, by the same "
        "scenario, so that nothing is left to multiply; take one of the two out",
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
    "scenario_key": Text(
        "不认识的键“{found}”；可用的是：{known}", "unknown key “{found}”; known ones are {known}"
    ),
    "scenario_list": Text(
        "文件里应写 scenarios: 和一个情景清单", "write scenarios: and a list of scenarios here"
    ),
    "scenario_mapping": Text(
        "每个情景应写成若干键：{known}", "write a scenario as some of the keys {known}"
    ),
    "scenario_paths": Text("这里应逐行写“键: 值”", "write lines “key: value” here"),
    "scenario_names": Text("这里应写一列名称或路径", "write a list of names or paths here"),
    "scenario_told": Text("{text}", "{text}"),
    "combine_unknown": Text(
        "上文没有名为“{found}”的情景；combine 只能用写在它上面的：{known}",
        "no scenario “{found}” above; combine takes those above it: {known}",
    ),
    "chance_indicator": Text(
        "“{found}”不是流量或存量指标；可用的是：{known}",
        "“{found}” is no flow or level; those are {known}",
    ),
    "chance_year": Text(
        "计划中没有 {found} 年；计划的年度：{known}",
        "the plan has no year {found}; its years are {known}",
    ),
    "chance_region": Text(
        "计划中没有地区“{found}”；可用的是：{known}",
        "the plan has no region “{found}”; its regions are {known}",
    ),
    "chance_base": Text(
        "{region}没有基期值，不能由增速推算；请改用 capacity",
        "{region} has no base-year value to grow from; use capacity",
    ),
    "chance_wanted": Text(
        "{found} 不是概率；请写 0 到 1 之间的数，如 0.9",
        "{found} is no probability; write a number between 0 and 1, such as 0.9",
    ),
    "chance_draws": Text(
        "n 是抽样次数，须不少于 1，这里是 {found}",
        "n is the number of draws, at least 1; this is {found}",
    ),
    "chance_kind": Text(
        "不认识的分布 {found}；请写成 (名称, 参数…)，名称可用：{known}",
        "unknown distribution {found}; write (name, parameters …), the name being one of {known}",
    ),
    "chance_parameters": Text(
        "分布 {found} 的参数不对（{reason}）；请核对参数",
        "wrong parameters of the distribution {found} ({reason}); check them",
    ),
    "command_sweep": Text(
        "逐一求解一批情景，写成一张表", "solve many scenarios of a plan, and write one table"
    ),
    "command_scenarios": Text("情景文件（.yaml）", "the file of scenarios (.yaml)"),
    "command_sweep_output": Text("要写的表（.csv）", "the table to write (.csv)"),
    "command_workers": Text("同时使用的进程数", "how many processes work at once"),
    "sweep_line": Text("{scenario}：{status} {reason}", "{scenario}: {status} {reason}"),
    "sweep_bar": Text("情景", "scenarios"),
}
