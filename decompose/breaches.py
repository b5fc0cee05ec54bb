"""What is wrong with numbers that were taken over: every mistake, with its place in the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from decompose.errors import Mistake
from decompose.explain.words import value_words_of, words_of
from decompose.handmade import Level, Spot
from decompose.labels import Language, Message, say, word
from decompose.naming import rule_names
from decompose.plan import Plan
from decompose.plan.steps import on_grid
from decompose.plan.stretched import in_stretch
from decompose.problem import AREA, TOTAL, Bools, Matrix, Problem
from decompose.taken import Taken

MOST_PLACES = 3
"""How many cells of a sum without a cell of its own are named."""


@dataclass(frozen=True, eq=False)
class Breaches:
    """Lists what is wrong with numbers.

    Attributes
    ----------
    plan
        Whose rules they must keep; where these are stretch quotas, the plan with its stretch
        figures in place.
    own
        The plan as it is written.
    places
        Where the numbers stand.
    level
        Which numbers these are.
    language
        Of places.
    """

    plan: Plan
    own: Plan
    places: Mapping[Spot, str]
    level: Level = Level.BASE
    language: Language = "zh"

    def of(self, taken: Taken) -> Iterator[Mistake]:
        """List the mistakes of a stage."""
        yield from self._missing(taken)
        yield from self._off_grid(taken)
        yield from self._negative(taken)
        yield from self._broken(taken)

    def label(self, indicator: int) -> object:
        """Return what an indicator's numbers are called."""
        name = self.plan.indicators[indicator].label
        return say("stretch_name", name=name) if self.level is Level.STRETCH else name

    def place(self, indicator: int, scope: int, year: int) -> str:
        """Return where a number stands; nothing where it does not."""
        return self.places.get(Spot(indicator, scope, year, self.level), "")

    def _missing(self, taken: Taken) -> Iterator[Mistake]:
        """List the numbers that are not there, those of an indicator and year together."""
        plan, problem = self.plan, taken.stage.problem
        absent = np.isnan(taken.numbers)
        labels = problem.column_indicator * len(plan.years) + problem.column_year
        for label in np.unique(labels[absent]).tolist():
            number, year = divmod(label, len(plan.years))
            regions = problem.column_region[absent & (labels == label)].tolist()
            told = say(
                "adopt_missing",
                indicator=self.label(number),
                year=plan.years[year],
                regions=[plan.region_names[region] for region in regions],
            )
            place = self.listed([self.place(number, region, year) for region in regions])
            path = () if place else ("quotas", plan.indicators[number].id, plan.years[year])
            yield Mistake(told, path, place)

    def _off_grid(self, taken: Taken) -> Iterator[Mistake]:
        """List the numbers that are no whole steps."""
        problem = taken.stage.problem
        for column in np.flatnonzero(taken.off_grid & ~np.isnan(taken.numbers)).tolist():
            step, value = float(problem.step[column]), float(taken.numbers[column])
            near = float(np.rint(value / step) * step)
            yield self._of_cell(
                "adopt_off_grid", problem, column, found=value, step=step, near=near
            )

    def _negative(self, taken: Taken) -> Iterator[Mistake]:
        """List the numbers that are below 0 and may not be."""
        for column in np.flatnonzero(taken.below_0).tolist():
            found = float(taken.numbers[column])
            yield self._of_cell("adopt_negative", taken.stage.problem, column, found=found)

    def _of_cell(self, code: str, problem: Problem, column: int, **data: object) -> Mistake:
        labels = problem.column_indicator, problem.column_region, problem.column_year
        indicator, region, year = (int(label[column]) for label in labels)
        told = say(
            code,
            indicator=self.label(indicator),
            region=self.plan.region_names[region],
            year=self.plan.years[year],
            **data,
        )
        return Mistake(told, (), self.place(indicator, region, year))

    def _broken(self, taken: Taken) -> Iterator[Mistake]:
        """List the rules that the numbers break, each once."""
        problem, rules = taken.stage.problem, taken.stage.problem.rules
        told: set[str] = set()
        for row in taken.broken.tolist():
            names = rule_names(problem, row)
            names["indicator"] = self.label(int(rules.indicator[row]))
            if int(rules.year[row]) == TOTAL:
                names["year"] = say("all_years")
            if self.level is Level.STRETCH:
                names["path"] = in_stretch(self.own, str(names["path"]))
            message = say("adopt_breach", **names, what=self._what(taken, row))
            text = message.text()
            if text not in told:
                told.add(text)
                yield Mistake(message, (), self._place_of(taken, row))

    def _what(self, taken: Taken, row: int) -> Message:
        """Say what the table has, what the rule asks, and how far they are apart.

        Of a rule that ties several numbers, the others as they are, it is what the rule asks of
        its own: the region's, or the sum's, of its year. Sums of growth are told as values; one
        that may be passed by rounding has no bound there any more.
        """
        problem, rules = taken.stage.problem, taken.stage.problem.rules
        part = rules.matrix.take(np.array([row]))
        numbers = np.nan_to_num(taken.numbers)
        value = float(part.dot(numbers)[0])
        number, own = _own(problem, part, row)
        scope = int(rules.scope[row])
        series = next(one for one in taken.stage.built.series if one.number == number)
        grown = series.growth is not None and scope <= AREA
        plain = scope > AREA or not series.is_mean
        factor = 1.0
        if own.any() and plain and np.ptp(part.value[own]) == 0:
            factor = float(part.value[own][0])
        else:
            own[:] = True
        found = float((part.value[own] * numbers[part.column[own]]).sum()) / factor
        rest = value - factor * found
        ends = (float(rules.lower[row]) - rest) / factor, (float(rules.upper[row]) - rest) / factor
        least, most = min(ends), max(ends)
        if least < found < most:  # passed
            least = most = least if np.isinf(most) else most
        words, step = words_of(self.plan.indicators[number]), problem.steps[number]
        if grown:
            words, constant = value_words_of(self.plan.indicators[number]), rules.constant[row]
            least, most, found = (float(one + constant) for one in (least, most, found))
        bound = most if found > most else least
        told = [
            words.quota(round(value, 6)) if on_grid(value, step) else words.index(value)
            for value in (found, bound)
        ]
        data = {"found": told[0], "bound": told[1], "gap": words.difference(found - bound)}
        if least == most:
            way = say("adopt_above" if found > most else "adopt_below")
            return say("adopt_other", way=way, **data)
        return say("adopt_more" if found > most else "adopt_less", **data)

    def _place_of(self, taken: Taken, row: int) -> str:
        """Return the cell of a sum, where the table has one, or else the cells that it adds up."""
        problem = taken.stage.problem
        part = problem.rules.matrix.take(np.array([row]))
        number, own = _own(problem, part, row)
        columns = part.column[own] if own.any() else part.column
        years = np.unique(problem.column_year[columns]).tolist()
        sums = [self.place(number, int(problem.rules.scope[row]), year) for year in years]
        if sums and all(sums):
            return self.listed(sums)
        labels = problem.column_indicator, problem.column_region, problem.column_year
        cells = zip(*(label[columns].tolist() for label in labels), strict=True)
        return self.listed([self.place(*cell) for cell in cells])

    def listed(self, places: Sequence[str]) -> str:
        """Put places together; nothing where one is not known."""
        if not all(places) or not places:
            return ""
        parted = word("list_separator", self.language)
        if len(places) <= MOST_PLACES:
            return parted.join(places)
        items = parted.join(places[:MOST_PLACES])
        return say("list_cut", items=items, count=len(places)).text(self.language)


def _own(problem: Problem, part: Matrix, row: int) -> tuple[int, Bools]:
    """Return the indicator of which a rule speaks, and which of its terms are its own."""
    rules = problem.rules
    number, scope, year = (int(one[row]) for one in (rules.indicator, rules.scope, rules.year))
    if len(part.column) and not (problem.column_indicator[part.column] == number).any():
        number = int(problem.column_indicator[part.column[0]])  # a ratio's rule on its numerator
    own = problem.column_indicator[part.column] == number
    own &= (year == TOTAL) | (problem.column_year[part.column] == year)
    if scope > AREA:
        own &= problem.column_region[part.column] == scope
    return number, np.asarray(own)
