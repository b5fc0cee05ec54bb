"""Pictures: what they show is what was decided and reached; the same drawing every time."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import decompose as dc
from decompose.charts import (
    Picture,
    allocation_pictures,
    altair_charts,
    comparison_pictures,
    fan,
    frames,
    progress_pictures,
    save_chart,
    sweep_pictures,
)
from decompose.charts.drawing import Bars, Mark, bars
from tests.test_report_read_back import DATA, allocation_of
from tests.web_pages import Element, read_page

INVESTMENT = "upgrade_investment"


@pytest.fixture(scope="module")
def progress() -> dc.Progress:
    actuals = dc.read_actuals(DATA / "qingyuan" / "actuals_2015.csv")
    return dc.track(allocation_of("qingyuan"), actuals, as_of="2015-06")


@pytest.fixture(scope="module")
def sweep() -> Any:
    plan = allocation_of("qingyuan").plan
    some = [dc.Scenario(f"{by}", scale={INVESTMENT: by}) for by in (0.8, 0.9, 1.0, 1.04)]
    return dc.sweep(plan, some)


def drawing(picture: Picture) -> Element:
    return read_page(picture.drawing.encode()).one("svg")


def named(pictures: list[Picture], name: str) -> list[Picture]:
    return [one for one in pictures if one.set == name]


def test_every_quota_of_the_annexes_is_drawn_with_its_number() -> None:
    allocation = allocation_of("qingyuan")
    pictures = list(allocation_pictures(allocation))
    plan = allocation.plan
    compared = 0
    for one in plan.indicators:
        own = allocation.quotas[allocation.quotas["indicator"] == one.id]
        if not named(pictures, one.label):
            continue
        first = drawing(named(pictures, one.label)[0])
        shown = [text.text for text in first.all("text", **{"class": "value"})]
        assert [float(text) for text in shown] == own["quota"].tolist()
        compared += len(shown)
    assert compared > 400


def test_bars_are_as_long_as_their_numbers() -> None:
    marks = [Mark(value, str(value), "") for value in (10.0, 5.0, -2.5, 0.0)]
    drawn = read_page(bars([Bars("甲", marks)], name="x").encode())
    widths = [float(str(one.attributes["width"])) for one in drawn.all("rect")[1:]]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.2)
    assert widths[2] == pytest.approx(widths[1] / 2, abs=0.2)
    assert widths[3] == 0.5
    sides = [float(str(one.attributes["x"])) for one in drawn.all("rect")[1:]]
    assert sides[0] == sides[1] == pytest.approx(sides[2] + widths[2], abs=0.2)


def test_of_many_regions_the_largest_are_drawn() -> None:
    names = [f"r{k}" for k in range(frames.MOST_REGIONS + 2)]
    sizes = [float(k % 7 + 1) for k in range(len(names))]
    kept = frames.largest(names, sizes)
    assert len(kept) == frames.MOST_REGIONS
    assert [name for name in names if name in kept] == kept
    assert all(sizes[names.index(name)] == 1 for name in set(names) - set(kept))


def test_the_course_agrees_with_the_table_of_its_month(progress: dc.Progress) -> None:
    course = progress.course[progress.course["month"] == 6]
    table = progress.table[progress.table["period"] == "2015-06"]
    both = course.merge(table, on=["indicator", "region"], suffixes=("", "_table"))
    np.testing.assert_array_equal(both["completion"], both["completion_table"])
    np.testing.assert_array_equal(both["due"], both["due_table"])
    assert both["completion"].notna().sum() > 20
    march: Any = progress.course[
        (progress.course["indicator"] == INVESTMENT) & (progress.course["region"] == "英德市")
    ].set_index("month")
    quota: Any = progress.table.set_index(["indicator", "region"]).loc[
        (INVESTMENT, "英德市"), "quota"
    ]
    assert march.loc[3, "completion"] == pytest.approx(0.61 / quota)
    assert march.loc[7:, "completion"].isna().all()


def test_the_map_has_the_colours_of_the_table(progress: dc.Progress) -> None:
    plan = progress.allocation.plan
    picture, *courses = progress_pictures(progress, plan, progress.lights)
    levels = [one.attributes["class"] for one in drawing(picture).all("rect")]
    reported = progress.table[progress.table["actual"].notna()]["indicator"].unique()
    table = progress.table[progress.table["indicator"].isin(reported)]
    expected = table["level"].dropna().replace("not_reported", "none")
    assert sorted(map(str, levels)) == sorted(expected)
    assert len(courses) == len(reported)


def test_only_what_scenarios_change_is_drawn(sweep: Any) -> None:
    (picture,) = sweep_pictures(sweep)
    assert picture.set == "工业技术改造投资"
    found = frames.fan_frame(sweep, INVESTMENT)
    own = sweep[(sweep["indicator"] == INVESTMENT) & sweep["quota"].notna()]
    for row in found.to_dict("records"):
        here = own[(own["region"] == row["region"]) & (own["year"] == row["year"])]["quota"]
        assert [row["low"], row["high"]] == [here.min(), here.max()]
        assert row["middle"] == pytest.approx(np.median(here))


def test_a_comparison_is_drawn_by_year() -> None:
    allocation = allocation_of("qingyuan")
    path = f"indicators.{INVESTMENT}.target.total"
    frame = dc.compare(allocation, dc.solve(allocation.plan.with_changes({path: 95})))
    found = list(comparison_pictures(frame))
    assert {picture.set for picture in found} == {"工业技术改造投资"}
    assert [picture.title for picture in found] == [
        *(f"{year}年：原与现（亿元）" for year in (2015, 2016, 2017)),
        "各年合计：原与现（亿元）",
    ]
    regions = frame[frame["scope"].isin(allocation.plan.region_names)]
    for picture, (_, some) in zip(found, regions.groupby("year", sort=False), strict=True):
        for row in some.to_dict("records"):
            told = f"{row['scope']}：原{row['before']:.2f}，现{row['after']:.2f}"
            assert told in picture.drawing
        assert picture.drawing.count("<title>") == len(some)
    assert list(comparison_pictures(dc.compare(allocation, allocation))) == []


def test_what_is_no_sweep_is_refused() -> None:
    with pytest.raises(dc.ReportError, match="不是 sweep 的结果"):
        fan(allocation_of("qingyuan").quotas, INVESTMENT)


# Altair.


def rows_of(chart: Any) -> list[dict[str, Any]]:
    (found,) = chart.to_dict()["datasets"].values()
    return list(found)


def test_charts_have_the_numbers_of_the_allocation() -> None:
    allocation = allocation_of("qingyuan")
    own = allocation.quotas[allocation.quotas["indicator"] == INVESTMENT]
    rows = rows_of(allocation.plot.quotas("工业技术改造投资"))
    assert [row["quota"] for row in rows] == own["quota"].tolist()
    first = own[own["year"] == 2015]
    rows = rows_of(allocation.plot.references(INVESTMENT))
    assert [row["reference"] for row in rows] == first["reference"].tolist()
    assert "英德市 2015年" in [row["told"] for row in rows][3]
    rows = rows_of(allocation.plot(language="en").paths(INVESTMENT))
    assert [row["value"] for row in rows if row["year"] > 2014] == own["quota"].tolist()
    assert {row["year"] for row in rows} == {2014, 2015, 2016, 2017}


def test_an_unknown_indicator_is_told() -> None:
    with pytest.raises(dc.ReportError, match=r"没有名为“投资额”、分解到地区的指标.*upgrade"):
        allocation_of("qingyuan").plot.quotas("投资额")


def test_every_chart_is_written_the_same_every_time(
    tmp_path: Path, progress: dc.Progress, sweep: Any
) -> None:
    plot = allocation_of("qingyuan").plot
    charts = {
        "quotas": plot.quotas(INVESTMENT, 2016),
        "references": plot.references(INVESTMENT),
        "paths": plot.paths(INVESTMENT),
        "course": progress.plot.course(INVESTMENT),
        "lights": progress.plot.lights(),
        "fan": fan(sweep, INVESTMENT),
    }
    for name, chart in charts.items():
        save_chart(chart, tmp_path / f"{name}.svg")
        text = (tmp_path / f"{name}.svg").read_text(encoding="utf-8")
        assert "英德市" in text
        assert "NaN" not in text
    save_chart(charts["quotas"], tmp_path / "again.svg")
    assert (tmp_path / "again.svg").read_bytes() == (tmp_path / "quotas.svg").read_bytes()


class Fontless:
    """A converter on a machine where no font has Chinese letters."""

    vegalite_to_png = None

    @staticmethod
    def svg_to_png(_: str) -> bytes:
        return b"the same empty picture"


def test_a_picture_without_its_letters_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = allocation_of("qingyuan").plot.quotas(INVESTMENT)
    monkeypatch.setattr(altair_charts, "_converter", lambda _: Fontless)
    with pytest.raises(dc.ReportError, match=r"改写成 \.svg"):
        save_chart(chart, tmp_path / "a.png")
    monkeypatch.undo()
    if altair_charts._has_letters(altair_charts._converter("zh")):
        save_chart(chart, tmp_path / "a.png")
        assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(dc.ReportError, match=r"\.svg, \.png"):
        save_chart(chart, tmp_path / "a.jpg", language="en")


@pytest.mark.parametrize("package", ["altair", "vl_convert"])
def test_a_missing_package_is_told_with_its_command(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load: Callable[..., Any] = builtins.__import__
    allocation = allocation_of("qingyuan")
    chart = allocation.plot.quotas(INVESTMENT)

    def without(name: str, *args: Any) -> Any:
        if name == package:
            raise ImportError(name)
        return load(name, *args)

    monkeypatch.setattr(builtins, "__import__", without)
    draw = partial(allocation.plot.quotas, INVESTMENT)
    make = draw if package == "altair" else partial(save_chart, chart, tmp_path / "a.svg")
    with pytest.raises(dc.ReportError, match=re.escape('pip install "target-decompose[charts]"')):
        make()
    assert list(tmp_path.iterdir()) == []
