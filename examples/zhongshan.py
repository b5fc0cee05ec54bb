"""Zhongshan, 2015 to 2017: 24 镇区, and the rules by which they are assessed."""

from pathlib import Path

import decompose as dc

PLAN = Path(__file__).parent.parent / "data" / "zhongshan" / "plan.yaml"

plan = dc.read_plan(PLAN)
for issue in dc.check(plan):
    print(f"[{issue.severity}] {issue.where}: {issue.text}")

allocation = dc.solve(plan)
print("\n附件1", allocation.annex1().to_string(index=False), sep="\n")
print("\n附件2", allocation.annex2(2015).to_string(), sep="\n")

if plan.assessment is not None:
    print("\n考核", *plan.assessment.rules, sep="\n")

# The annexes as a workbook (with grounds, sums and a letter for each region) and as a document.
output = Path(__file__).parent.parent / "output"
output.mkdir(exist_ok=True)
for suffix in (".xlsx", ".docx"):
    dc.write_report(allocation, output / f"zhongshan{suffix}")
