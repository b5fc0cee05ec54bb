"""Shiyan, 2018 to 2020: shares, a stretch goal, and capacities that do not add up."""

from pathlib import Path

import decompose as dc

FOLDER = Path(__file__).parent.parent / "data" / "shiyan"

plan = dc.read_plan(FOLDER / "plan.yaml")
for issue in dc.check(plan):
    print(f"[{issue.severity}] {issue.where}: {issue.text}")

allocation = dc.solve(plan)
print("\n附件1", allocation.annex1().to_string(index=False), sep="\n")
print("\n附件2", allocation.annex2(2020).to_string(), sep="\n")

# The goals that are dated after 2020 have a plan of their own.
later = dc.solve(dc.read_plan(FOLDER / "plan_2022.yaml"))
print("\n附件1", later.annex1().to_string(index=False), sep="\n")

# The annexes as a workbook (with grounds, sums and a letter for each region) and as a document.
output = Path(__file__).parent.parent / "output"
output.mkdir(exist_ok=True)
for suffix in (".xlsx", ".docx"):
    dc.write_report(allocation, output / f"shiyan{suffix}")
