"""Texts of allocations that are kept as files, and brought back."""

from __future__ import annotations

from decompose.labels.message import Text

KEEPING: dict[str, Text] = {
    "kept_wrong": Text("分解数有 {count} 处错误：", "the quotas have {count} mistakes:"),
    "kept_no_number": Text(
        "缺少 {indicator}、{region}、{year}年的分解数；请补上",
        "the quota of {indicator}, {region}, {year} is missing; add it",
    ),
    "kept_no_cell": Text(
        "{indicator}、{region}、{year}年在计划中没有分解数；请删去，或修改计划",
        "the plan has no quota of {indicator}, {region}, {year}; take it out, or change the plan",
    ),
    "kept_off_grid": Text(
        "{indicator}、{region}、{year}年的分解数不是最小单位（step）的整数倍；请按小数位数填写",
        "the quota of {indicator}, {region}, {year} is no whole multiple of its step; write it "
        "with as many decimals as the indicator has",
    ),
    "kept_stretch": Text(
        "力争数随分解结果一起保存；请保存整个分解结果",
        "stretch quotas are kept with their allocation; save that",
    ),
    "kept_format": Text(
        "这不是保存的分解结果，或版本不同（format 为“{found}”）；能读的是“{known}”。"
        "请用 Allocation.save 重新保存",
        "this is no kept allocation, or one of another version (format “{found}”); what can be "
        "read is “{known}”. Save it again with Allocation.save",
    ),
    "kept_absent": Text(
        "缺少“{key}”，或其写法不对；请用原来的文件",
        "“{key}” is missing, or not as it was written; use the file as it was saved",
    ),
    "kept_unknown": Text(
        "文件中不应有“{key}”；请用原来的文件",
        "“{key}” does not belong here; use the file as it was saved",
    ),
    "kept_stages": Text(
        "stages 应有 {count} 步，与计划不符；请用原来的文件",
        "the plan is settled in {count} stages, and the file has others; use the file as saved",
    ),
    "kept_stage": Text(
        "这一步应写明 {keys}；请用原来的文件",
        "a stage has {keys}; use the file as it was saved",
    ),
    "kept_row": Text(
        "这一行应有 {keys}；请用原来的文件", "this row has {keys}; use the file as it was saved"
    ),
    "kept_name": Text(
        "计划中没有“{found}”；请用原来的文件",
        "the plan has no “{found}”; use the file as it was saved",
    ),
    "kept_twice": Text(
        "{indicator}、{region}、{year}年出现了两次；请只留一行",
        "{indicator}, {region}, {year} stands here twice; keep one row",
    ),
    "kept_number": Text(
        "{key} 应为数字，这里是“{found}”；请用原来的文件",
        "{key} is a number, and this is “{found}”; use the file as it was saved",
    ),
    "kept_breaks": Text(
        "文件中的数不符合其计划：{indicator} {scope} {year}的{rule}应在 {lower} 与 {upper} 之间，"
        "实为 {value}（共 {count} 条规则不符）。文件被改动过：改动后的表请用 adopt 采用",
        "the numbers do not keep to their plan: the {rule} of {indicator} {scope} {year} should "
        "lie between {lower} and {upper}, and is {value} ({count} rules in all). The file was "
        "changed: take over a changed table with adopt",
    ),
    "kept_uncertified": Text(
        "文件中的数加不拢，或与取整前的数相差过大。文件被改动过：改动后的表请用 adopt 采用",
        "the numbers do not add up, or are too far from those before rounding. The file was "
        "changed: take over a changed table with adopt",
    ),
    "kept_count": Text(
        "“{key}”有 {found} 行，由计划和分解数得出的是 {expected} 行；文件被改动过",
        "“{key}” has {found} rows, and {expected} follow from plan and quotas; the file was "
        "changed",
    ),
    "kept_differs": Text(
        "“{key}”写的是 {found}，由计划和分解数得出的是 {expected}；文件被改动过，请用原来的文件",
        "“{key}” says {found}, and {expected} follows from plan and quotas; the file was "
        "changed: use it as it was saved",
    ),
    "kept_version": Text(
        "文件由 decompose {found} 保存，现在用的是 {known}；请用那一版读取，或重新求解后保存",
        "the file was saved by decompose {found}, and this is {known}; read it with that one, or "
        "solve its plan again",
    ),
    "kept_fingerprint": Text(
        "指纹不符：文件在保存后被改动过，请用原来的文件",
        "the fingerprint is another one: the file was changed after it was saved; use it as it was",
    ),
}
