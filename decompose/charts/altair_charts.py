"""The same pictures as Altair charts, for notebooks and files: where Altair is asked for."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd

from decompose.charts.frames import (
    HasProgress,
    HasQuotas,
    course_of,
    drawn,
    fan_frame,
    light_frame,
    named,
    path_frame,
    quota_frame,
)
from decompose.errors import ReportError
from decompose.files import write_whole
from decompose.labels import Language, say, word
from decompose.passed import require_path
from decompose.plan import Indicator, Plan
from decompose.tables.printed import printed_name, printed_unit

_FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif"
_HAN = re.compile("[\u4e00-\u9fff]")
_SAMPLE = "\u56fd\u53bf"
"""Two letters that look nothing alike."""
_COLOURS = {"green": "#C6E0B4", "yellow": "#FFE699", "red": "#F4B084", "not_reported": "#EEEEEE"}
_INK = "#1F5FA8"
_WIDTH, _SMALL = 320, 110
_SCALE = 2


class Plot:
    """Charts of an allocation: Altair charts, to be shown, changed, or written by ``save_chart``.

    Parameters
    ----------
    allocation
        With the quotas.
    language
        Of titles and of what a mark tells.
    """

    def __init__(self, allocation: HasQuotas, language: Language = "zh") -> None:
        self._allocation = allocation
        self._language: Language = language

    def __call__(self, *, language: Language) -> Plot:
        """Return the same charts in a language: ``allocation.plot(language="en")``."""
        return Plot(self._allocation, language)

    def quotas(self, indicator: str, year: int | None = None) -> Any:
        """Return bars, a group per region: the quotas of a year, or of all.

        Parameters
        ----------
        indicator
            Its id or printed name.
        year
            One of the plan's; all by default.

        Raises
        ------
        ReportError
            Altair is not installed, or no such indicator is handed out.
        """
        alt, one, own = self._own(indicator, year)
        title = say("picture_quotas").text(self._language)
        return (
            _chart(alt, own, self._titled(one, title))
            .mark_bar()
            .encode(
                y=_regions(alt, own),
                x=alt.X("quota:Q", title=None),
                yOffset=alt.YOffset("year:O"),
                color=alt.Color("year:O", title=None),
                tooltip=alt.Tooltip("told:N", title=" "),
            )
        )

    def references(self, indicator: str, year: int | None = None) -> Any:
        """Return dumbbells: a line per region from its reference to its quota.

        What a mark tells names the rules that bind.

        Parameters
        ----------
        indicator
            Its id or printed name.
        year
            One of the plan's; the first by default.

        Raises
        ------
        ReportError
            Altair is not installed, or no such indicator is handed out.
        """
        year = self._allocation.plan.years[0] if year is None else year
        alt, one, own = self._own(indicator, year)
        heads = {"reference": word("reference_number", self._language)}
        heads["quota"] = word("quota", self._language)
        title = say("picture_references", year=year).text(self._language)
        base = _chart(alt, own, self._titled(one, title)).encode(
            y=_regions(alt, own), tooltip=alt.Tooltip("told:N", title=" ")
        )
        dots = base.transform_fold(list(heads), as_=["which", "number"]).mark_circle(size=70)
        named_dots = dots.transform_calculate(
            which=f"datum.which == 'quota' ? {json.dumps(heads['quota'])} "
            f": {json.dumps(heads['reference'])}"
        )
        return base.mark_rule(strokeWidth=2, color="#888").encode(
            x=alt.X("reference:Q", title=None), x2="quota:Q"
        ) + named_dots.encode(
            x=alt.X("number:Q", title=None),
            color=alt.Color(
                "which:N",
                title=None,
                scale=alt.Scale(domain=list(heads.values()), range=["#999999", _INK]),
            ),
        )

    def paths(self, indicator: str) -> Any:
        """Return a small chart per region: its numbers over the years, base year first.

        Raises
        ------
        ReportError
            Altair is not installed, or no such indicator is handed out.
        """
        alt = _altair(self._language)
        one = self._named(indicator)
        own = path_frame(self._allocation, one, language=self._language)
        title = self._titled(one, say("picture_paths").text(self._language))
        return _panels(alt, _lines(alt, "year:O", "value:Q"), own, title)

    def _named(self, indicator: str) -> Indicator:
        plan = self._allocation.plan
        return named(indicator, drawn(plan, self._allocation.quotas), self._language)

    def _own(self, indicator: str, year: int | None) -> tuple[Any, Indicator, pd.DataFrame]:
        alt = _altair(self._language)
        one = self._named(indicator)
        own = quota_frame(self._allocation, one, language=self._language)
        return alt, one, own if year is None else own[own["year"] == year]

    def _titled(self, one: Indicator, title: str) -> str:
        name, unit = printed_name(one, self._language), printed_unit(one, self._language)
        told = say("picture_named", indicator=name, title=title).text(self._language)
        return say("picture_unit", title=told, unit=unit).text(self._language) if unit else told


class ProgressPlot:
    """Charts of what was reached.

    Parameters
    ----------
    progress, plan
        What was reached, of which plan.
    language
        Of titles and of what a mark tells.
    """

    def __init__(self, progress: HasProgress, plan: Plan, language: Language = "zh") -> None:
        self._progress = progress
        self._plan = plan
        self._language: Language = language

    def __call__(self, *, language: Language) -> ProgressPlot:
        """Return the same charts in a language."""
        return ProgressPlot(self._progress, self._plan, language)

    def course(self, indicator: str) -> Any:
        """Return a small chart per region: cumulative completion by month, the schedule dashed.

        Raises
        ------
        ReportError
            Altair is not installed, or nothing is known of such an indicator.
        """
        alt = _altair(self._language)
        reported = set(self._progress.course["indicator"])
        known = [one for one in self._plan.indicators if one.id in reported]
        one = named(indicator, known, self._language)
        own = course_of(self._progress, one, self._language)
        title = say("picture_course").text(self._language)
        name = printed_name(one, self._language)
        told = say("picture_named", indicator=name, title=title).text(self._language)
        due = (
            alt.Chart()
            .mark_line(strokeDash=[3, 2], color="#888")
            .encode(x=alt.X("month:Q", title=None), y=alt.Y("due:Q", title=None))
        )
        done = _lines(alt, "month:Q", "completion:Q", format="%")
        return _panels(alt, due + done, own, told)

    def lights(self) -> Any:
        """Return the map of colours: a row per indicator, a column per region.

        Raises
        ------
        ReportError
            Altair is not installed.
        """
        alt = _altair(self._language)
        names = {one.id: printed_name(one, self._language) for one in self._plan.indicators}
        own = light_frame(self._progress, names, self._language)
        levels = [level for level in _COLOURS if level in set(own["level"])]
        words = {level: word(level, self._language) for level in levels}
        own = own.assign(level=own["level"].map(words))
        scale = alt.Scale(domain=list(words.values()), range=[_COLOURS[level] for level in levels])
        title = say("picture_lights").text(self._language)
        have = set(own["region"])
        regions = [name for name in self._plan.region_names if name in have]
        return (
            alt.Chart(own, title=title)
            .mark_rect(stroke="white")
            .encode(
                x=alt.X("region:N", title=None, sort=regions, axis=alt.Axis(orient="top")),
                y=alt.Y("indicator:N", title=None, sort=None, axis=alt.Axis(labelLimit=300)),
                color=alt.Color("level:N", title=None, scale=scale),
                tooltip=alt.Tooltip("told:N", title=" "),
            )
        )


def fan(sweep: pd.DataFrame, indicator: str, *, language: Language = "zh") -> Any:
    """Return a small chart per region: how far the scenarios of a sweep lie apart by year.

    Parameters
    ----------
    sweep
        The frame of ``sweep``.
    indicator
        Its id.
    language
        Of the title and of what a mark tells.

    Raises
    ------
    ReportError
        Altair is not installed, the frame is none of ``sweep``, or has no such indicator.
    """
    alt = _altair(language)
    own = fan_frame(sweep, indicator, language=language)
    title = say("picture_fan").text(language)
    name = say("picture_named", indicator=indicator, title=title).text(language)
    told = [name, say("picture_fan_note").text(language)]
    bands = [
        alt.Chart()
        .mark_area(opacity=0.3, color=_INK)
        .encode(x=alt.X("year:O", title=None), y=alt.Y(f"{low}:Q", title=None), y2=f"{high}:Q")
        for low, high in (("low", "high"), ("lower", "upper"))
    ]
    lines = _lines(alt, "year:O", "middle:Q")
    return _panels(alt, bands[0] + bands[1] + lines, own, told)


def save_chart(chart: Any, path: str | Path, *, language: Language = "zh") -> None:
    """Write a chart as .svg or .png.

    Parameters
    ----------
    chart
        Of ``allocation.plot``, ``progress.plot`` or ``fan``, or any other Altair chart.
    path
        Ends with ``.svg`` or ``.png``; a file that is there is replaced.
    language
        Of errors.

    Raises
    ------
    ReportError
        For another suffix; for .png where no font of the machine has the chart's letters (.svg is
        drawn by the reader's); where vl-convert is not installed.
    """
    path = require_path("save_chart", path, language=language)
    writers = {".svg": "vegalite_to_svg", ".png": "vegalite_to_png"}
    suffix = path.suffix.lower()
    if suffix not in writers:
        told = say("chart_format", suffix=path.suffix, known=list(writers))
        raise ReportError(told, language=language)
    converter = _converter(language)
    spec = chart.to_dict()
    spec.setdefault("config", {}).setdefault("font", _FONT)
    if suffix == ".png":
        letters = "".join(dict.fromkeys(_HAN.findall(json.dumps(spec, ensure_ascii=False))))
        if letters and not _has_letters(converter):
            raise ReportError(say("chart_font", letters=letters[:8]), language=language)
        content = converter.vegalite_to_png(spec, scale=_SCALE)
    else:
        content = converter.vegalite_to_svg(spec).encode()
    write_whole(path, content, language=language)


def _has_letters(converter: Any) -> bool:
    """Whether Chinese letters are drawn: where no font has them, two of them look the same."""
    pictures = {
        bytes(
            converter.svg_to_png(
                '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
                f'<text x="4" y="30" font-family="{_FONT}" font-size="24">{letter}</text></svg>'
            )
        )
        for letter in _SAMPLE
    }
    return len(pictures) == len(_SAMPLE)


def _chart(alt: Any, own: pd.DataFrame, title: str) -> Any:
    chart = alt.Chart(own.drop(columns="shown"), title=title, width=_WIDTH)
    return chart.properties(height=alt.Step(14))


def _regions(alt: Any, own: pd.DataFrame) -> Any:
    return alt.Y("region:N", title=None, sort=list(dict.fromkeys(own["region"])))


def _lines(alt: Any, across: str, up: str, **axis: str) -> Any:
    """Return the layer of a line; the data are those of the panels that it stands in."""
    return (
        alt.Chart()
        .mark_line(point=True, color=_INK, invalid="filter")
        .encode(
            x=alt.X(across, title=None),
            y=alt.Y(up, title=None, axis=alt.Axis(**axis)),
            tooltip=alt.Tooltip("told:N", title=" "),
        )
    )


def _panels(alt: Any, layers: Any, own: pd.DataFrame, title: str | list[str]) -> Any:
    """Put the layers in a panel per region, each with a scale of its own."""
    regions = list(dict.fromkeys(own["region"]))
    whole = alt.layer(layers, data=own).properties(width=_SMALL, height=_SMALL // 2)
    facet = alt.Facet("region:N", title=None, sort=regions)
    return whole.facet(facet, columns=3, title=title).resolve_scale(y="independent")


def _altair(language: Language) -> Any:
    try:
        import altair as alt
    except ImportError as error:
        raise _missing("altair", language) from error
    return alt


def _converter(language: Language) -> Any:
    try:
        import vl_convert
    except ImportError as error:
        raise _missing("vl-convert-python", language) from error
    return vl_convert


def _missing(package: str, language: Language) -> ReportError:
    command = 'pip install "target-decompose[charts]"'
    return ReportError(say("chart_package", package=package, command=command), language=language)
