"""Texts that explain: why a number is what it is, why a plan cannot be met, what would help."""

from __future__ import annotations

from decompose.labels.message import Text

EXPLAINING: dict[str, Text] = {
    "why_quota": Text(
        "{region}{year}年{indicator}为 {quota} {unit}。",
        "{region}'s {indicator} in {year} is {quota} {unit}.",
    ),
    "why_share": Text(
        "按{by}应得 {handed} × {share} = {reference}",
        "By {by} alone it would be {handed} × {share} = {reference}",
    ),
    "why_index": Text(
        "只按分配依据应为 {reference}", "By the allocation rule alone it would be {reference}"
    ),
    "by_base": Text("基期占比", "its share of the base"),
    "by_equal": Text("平均分配", "equal shares"),
    "by_blend": Text("{names}的加权占比", "its weighted share of {names}"),
    "by_column": Text("{name}占比", "its share of {name}"),
    "by_weights": Text("给定权重", "the given weights"),
    "by_converging": Text(
        "由基期占比向{by}过渡{part}后的占比",
        "a share that has gone {part} of the way from its share of the base to {by}",
    ),
    "why_index_converges": Text(
        "由本地区基期值向{area}基期值过渡{part}，再按目标统一折算，应为 {reference}",
        "{part} of the way from its own base value to that of {area}, scaled to the target, it "
        "would be {reference}",
    ),
    "why_box": Text("{rule} {bound}", "its {rule} of {bound}"),
    "why_tie": Text("{scope}的{rule}", "the {rule} of {scope}"),
    "why_stopped": Text(",受{rules}限制,相差 {gap}", ", but {rules} stops it ({gap})"),
    "why_touches": Text(",正好达到{rules}", ", which is just at {rules}"),
    "why_at_reference": Text(",没有限制改变它。", ", and no rule changes it."),
    "why_went": Text(
        ";差额 {gap} 由{others}{more}分担。", "; the difference went to {others}{more}."
    ),
    "why_came": Text(
        ",因{others}{more}受限,本地区分担 {gap}。",
        ", and it takes {gap} because {others}{more} are held.",
    ),
    "why_more": Text("等", " and others"),
    "why_rounding": Text("取整影响 {rounding}。", "Rounding adds {rounding}."),
    "why_relief": Text(
        "若把{rule}改为 {value},本数变动 {change}。",
        "With {rule} at {value} instead, this number would change by {change}.",
    ),
    "why_unknown": Text(
        "没有“{found}”;可用:{known}", "nothing is called “{found}”; known: {known}"
    ),
    "why_no_quota": Text(
        "{region}{year}年不承担{indicator},没有数可解释",
        "{region} takes no part in {indicator} in {year}: there is no number to explain",
    ),
    "why_title": Text(
        "{region}{indicator}共 {count} 个数:", "{region} {indicator}: {count} numbers"
    ),
}
