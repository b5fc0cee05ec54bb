"""The site builds without a warning, its links lead somewhere, and it asks nobody for anything."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from decompose.labels import say
from decompose.plan.limits import Limits
from decompose.plan.models import Indicator
from docs.generated import GENERATED, error_codes, error_list, plan_reference
from tests.pages import ROOT

LOADS = re.compile(r"""<(?:script|link|img|iframe)[^>]*(?:src|href)="(?:https?:)?//""")
"""What a browser would fetch from elsewhere."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q"]
    done = subprocess.run(
        [*command, "-d", str(folder / "cache"), str(ROOT / "docs"), str(folder / "html")],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "html"


def test_the_site_builds_and_loads_nothing_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        text = page.read_text("utf-8")
        assert not LOADS.search(text), page
        assert "<!-- generated" not in text, page


def test_generated_parts_stand_in_their_pages(site: Path) -> None:
    assert "share_shift" in (site / "reference" / "plan.html").read_text("utf-8")
    assert "target_untaken" in (site / "reference" / "errors.html").read_text("utf-8")
    assert "<svg" in (site / "architecture.html").read_text("utf-8")
    assert "read_allocation" in (site / "reference" / "api.html").read_text("utf-8")
    assert "<math" in (site / "mathematics.html").read_text("utf-8")


def test_every_part_is_asked_for_by_a_page() -> None:
    asked = {
        name
        for page in (ROOT / "docs").rglob("*.md")
        for name in re.findall(r"<!-- generated: ([a-z-]+) -->", page.read_text("utf-8"))
    }
    assert asked == set(GENERATED)


def test_the_plan_reference_has_every_key_with_its_meaning() -> None:
    text = plan_reference()
    for model in (Indicator, Limits):
        for name, field in model.model_fields.items():
            (row,) = [
                line
                for line in text.partition(f"## {model.__name__}\n")[2].splitlines()
                if line.startswith(f"| `{name}` |")
            ][:1]
            assert (field.description or "").split()[0].replace("``", "`") in row


def test_the_error_list_has_the_errors_that_tests_raise() -> None:
    listed = set(re.findall(r"^\| `([a-z0-9_]+)` \|", error_list(), re.M))
    raised = {"plan_wrong", "not_a_figure", "year_unknown", "capacity_short", "file_missing"}
    raised |= {"growth_later_year", "rounding_impossible", "report_format", "actuals_twice"}
    assert raised <= listed
    assert not listed & {"at_line", "annex1_title", "said", "guide_1", "cause_less"}
    assert all(say(code).template.en for code in listed)


def test_codes_are_found_where_they_reach_an_error() -> None:
    source = """
def direct():
    raise PlanError(say("one"))
def by_name():
    told = say("two", found=1)
    raise ValueError(told)
def returned():
    return say("three")
def calls():
    notes.tell(returned(), 1)
def harmless():
    print(say("four"))
"""
    assert set(error_codes({"module": source})) == {"one", "two", "three"}


def test_both_pages_of_the_mathematics_have_the_same_formulas() -> None:
    found = []
    for name in ("mathematics.md", "zh/mathematics.md"):
        text = (ROOT / "docs" / name).read_text("utf-8")
        formulas = re.findall(r"\$\$(.+?)\$\$|\$(.+?)\$", text)
        found.append(
            {re.sub(r"\\text\{[^}]*\}|\s", "", large or small) for large, small in formulas}
        )
    assert found[0] == found[1]
    assert len(found[0]) > 50
