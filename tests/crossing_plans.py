"""Plans whose rounding is hard: equal fractions, groups that cross, several steps, growth."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Data = dict[str, Any]

REGIONS = ("丙县", "甲区", "丁市", "乙县", "戊区", "己县")
GROUPS = ("北部", "东部", "山区")
RESERVE = "市本级"
STEPS = (1.0, 0.5, 0.1, 0.25, 0.01)


@st.composite
def crossing_plans(draw: st.DrawFn) -> Data:
    """Plans of small sums over up to six regions, a third of them with a reserve."""
    regions = list(REGIONS[: draw(st.integers(3, 6))])
    years = [2015, 2016, 2017][: draw(st.integers(1, 3))]
    groups = {name: draw(st.sets(st.sampled_from(regions), min_size=2)) for name in GROUPS}
    listed: list[Data] = [
        {"name": name, "groups": [group for group in GROUPS if name in groups[group]]}
        for name in regions
    ]
    if draw(st.integers(0, 2)) == 0:
        listed.append({"name": RESERVE, "reserve": True})
    if draw(st.booleans()):
        listed[0]["inside"] = regions[1]
    indicators: list[Data] = []
    for number in range(draw(st.integers(1, 3))):
        indicators.append(_indicator(draw, number, regions, years, indicators))
    found: Data = {
        "title": "示例行动",
        "area": "示例市",
        "total_label": "全市",
        "base_year": 2014,
        "years": years,
        "regions": listed,
        "groups": {name: {"subtotal": draw(st.booleans())} for name in GROUPS},
        "tables": {},
        "indicators": indicators,
    }
    return found


def _indicator(
    draw: st.DrawFn, number: int, regions: list[str], years: list[int], others: list[Data]
) -> Data:
    step = draw(st.sampled_from(STEPS))
    size = draw(st.integers(1, 4 * len(regions)))
    said: Data = {
        "id": f"i{number}",
        "kind": others[0]["kind"] if others else draw(st.sampled_from(("flow", "level"))),
        "step": step,
        "decimals": 2,
        "base": {name: draw(st.integers(1, 3)) * step for name in regions},
        "allocate": draw(st.sampled_from(("equal", "base"))),
        "target": {"years": {year: round((size + k) * step, 2) for k, year in enumerate(years)}},
        "limits": {},
    }
    if draw(st.booleans()) and others:
        said["parent"] = others[0]["id"]
        share = draw(st.sampled_from((0.5, 1.0)))
        whole = others[0]["target"]["years"]
        said["target"]["years"] = {
            year: round(int(share * value / step + 1e-9) * step, 2) for year, value in whole.items()
        }
    if draw(st.integers(0, 3)) == 0:
        said["limits"]["growth"] = {"max": draw(st.sampled_from(("50%", "30%", "100%")))}
    if draw(st.integers(0, 3)) == 0:
        said["limits"]["max"] = {draw(st.sampled_from(regions)): round(2 * step, 2)}
    if draw(st.integers(0, 3)) == 0:
        said["strict"] = True
    return said
