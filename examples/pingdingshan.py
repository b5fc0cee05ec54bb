"""Pingdingshan, 2015: ten zones, and what the document gives to some of them by name."""

from pathlib import Path

import decompose as dc

PLAN = Path(__file__).parent.parent / "data" / "pingdingshan" / "plan.yaml"

plan = dc.read_plan(PLAN)
for issue in dc.check(plan):
    print(f"[{issue.severity}] {issue.where}: {issue.text}")

allocation = dc.solve(plan)
print("\n附件1", allocation.annex1().to_string(index=False), sep="\n")
print("\n附件2", allocation.annex2(2015).to_string(), sep="\n")

# One zone's own sheet.
own = allocation.quotas.query("region == '叶县产业集聚区' and quota > 0")
print("\n叶县产业集聚区", own[["indicator", "quota", "bound_by"]].to_string(index=False), sep="\n")

# The annexes as a workbook (with grounds, sums and a letter for each region) and as a document.
output = Path(__file__).parent.parent / "output"
output.mkdir(exist_ok=True)
for suffix in (".xlsx", ".docx"):
    dc.write_report(allocation, output / f"pingdingshan{suffix}")
