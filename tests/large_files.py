"""Files of a few megabytes that would take a careless reader minutes, or all memory.

As a program it reads each of them and prints, as JSON, how long that took, in millions of plain
steps, and what was told; and the most memory that all of them took, in MB. A machine that is slow
or busy takes as much longer for the steps, which seconds would not show.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import decompose as dc
from decompose.report.theme import read_theme
from decompose.scenario import read_scenarios
from tests.workbooks import blank, patched

HEAD = "years: [2015, 2016]\nregions: [甲区, 乙县]\n"
PLAN = HEAD + "indicators:\n  - {id: a, kind: flow, target: {total: 3}}\n"
TABLES = PLAN + "tables: b.csv\n"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LONG = "xy" * 16_000


def rows(count: int, row: str) -> str:
    return "地区,b\n" + "".join(row.format(k) for k in range(count))


def many_regions() -> str:
    names = "".join(f"- {{name: 县{k}}}\n" for k in range(3000))
    return TABLES.replace("regions: [甲区, 乙县]\n", f"regions:\n{names}")


def sheets_of_one_part() -> bytes:
    """A workbook of 2,000 sheets, all of which stand in one part."""
    names = "".join(f'<sheet name="s{k}" sheetId="{k}" r:id="one"/>' for k in range(1, 2001))
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{names}</sheets></workbook>'
    link = f'<Relationship Id="one" Type="{LINKS}/worksheet" Target="worksheets/sheet8.xml"/>'
    end = b"</Relationships>"
    return patched(
        blank(),
        {
            "xl/workbook.xml": lambda _: book.encode(),
            "xl/_rels/workbook.xml.rels": lambda old: old.replace(end, link.encode() + end),
        },
    )


def cells_of_one_text() -> bytes:
    """A workbook in which 10,000 cells show one long text."""
    end = b"</sst>"
    text = f"<si><t>{LONG} </t></si>".encode()
    with zipfile.ZipFile(io.BytesIO(blank())) as book:
        number = book.read("xl/sharedStrings.xml").count(b"<si>")
    cell = f'<c t="s"><v>{number}</v></c>'
    row = f"<row>{cell * 10}</row>"
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{row * 1000}</sheetData></worksheet>'
    return patched(
        blank(),
        {
            "xl/sharedStrings.xml": lambda old: old.replace(end, text + end),
            "xl/worksheets/sheet8.xml": lambda _: sheet.encode(),
        },
    )


Files = dict[str, str | bytes]

LARGE: dict[str, Callable[[], Files]] = {
    "json text without an end": lambda: {"plan.json": '{"a": "' + '\\"' * 4_000_000},
    "json of lists": lambda: {"plan.json": f'{{"a": [{",".join(["[]"] * 4_000_000)}]}}'},
    "json deep": lambda: {"plan.json": '{"a":' * 3000 + "1" + "}" * 3000},
    "yaml of numbers": lambda: {"plan.yaml": f"a: [{'1,' * 2_000_000}]"},
    "yaml deep": lambda: {"plan.yaml": "a: " + "[" * 3000 + "]" * 3000},
    "yaml of one text": lambda: {
        "plan.yaml": f"a: &a {LONG}\nsections: [{','.join(['*a'] * 30_000)}]\n{PLAN}"
    },
    "yaml of twins": lambda: {"plan.yaml": PLAN.replace("乙县", ",".join(["甲区"] * 20_000))},
    "yaml of unknown keys": lambda: {
        "plan.yaml": PLAN + "".join(f"k{k}: 1\n" for k in range(20_000))
    },
    "csv of stray quotes": lambda: {"plan.yaml": TABLES, "b.csv": rows(10**6, '"a"b,1\n')},
    "csv of no numbers": lambda: {"plan.yaml": TABLES, "b.csv": rows(300_000, "r{},x\n")},
    "csv of cells": lambda: {"plan.yaml": TABLES, "b.csv": rows(5_000_000, "a,\n")},
    "csv of unknown regions": lambda: {
        "plan.yaml": many_regions(),
        "b.csv": rows(5000, "县区{},1\n"),
    },
    "workbook of one part": lambda: {"plan.xlsx": sheets_of_one_part()},
    "workbook of one text": lambda: {"plan.xlsx": cells_of_one_text()},
    "allocation of lists": lambda: {"allocation.json": f"[{'[],' * 4_000_000}[]]"},
    "allocation of keys": lambda: {
        "allocation.json": "{\n" + ",\n".join(f' "k{k}": [0]' for k in range(2_500_000)) + "\n}\n"
    },
    "allocation of rows": lambda: {
        "allocation.json": '{\n "fingerprint": "0",\n "quotas": [\n'
        + ",\n".join(['  {"k": 0}'] * 2_500_000)
        + "\n ]\n}\n"
    },
    "actuals of no periods": lambda: {
        "actuals.csv": "指标,地区,时期,数值\n" + "a,r,20x5,1\n" * 400_000
    },
    "scenarios of scenarios": lambda: {
        "scenarios.yaml": "- {name: s0, drop: [x]}\n"
        + "".join(f"- {{name: s{k + 1}, combine: [s{k}, s{k}, oops]}}\n" for k in range(3000))
    },
    "theme of keys": lambda: {"theme.yaml": "".join(f"k{k}: 1\n" for k in range(20_000))},
}
READERS: dict[str, Callable[[Path], object]] = {
    "plan": dc.read_plan,
    "allocation": dc.read_allocation,
    "actuals": dc.read_actuals,
    "scenarios": read_scenarios,
    "theme": read_theme,
}


def read(folder: Path, files: Files) -> str:
    """Write some files and read the first; return what is told of it."""
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(data)
    path = folder / next(iter(files))
    try:
        READERS[path.stem](path)
    except dc.DecomposeError as error:
        return error.text("en")
    return ""


def million_steps() -> float:
    """Return how many seconds of the processor a million plain steps take now."""
    start = time.process_time()
    total, sums = 0, dict[int, int]()
    for number in range(1_000_000):
        sums[number & 1023] = total
        total += number
    return time.process_time() - start


def memory() -> float:
    """Return the most memory that the process took so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(folder: Path) -> None:
    found, before = {}, memory()
    for name, make in LARGE.items():
        files, before_it = make(), million_steps()
        start = time.process_time()
        told = read(folder, files)
        took = time.process_time() - start
        found[name] = (took / max(before_it, million_steps()), told)
    sys.stdout.write(json.dumps({"memory": memory() - before, "found": found}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
