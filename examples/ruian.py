"""Ruian, 2015 to 2024: land for parks and numbers of firms, handed to the 镇街."""

from pathlib import Path

import decompose as dc

PLAN = Path(__file__).parent.parent / "data" / "ruian" / "plan.yaml"

plan = dc.read_plan(PLAN)
for issue in dc.check(plan):
    print(f"[{issue.severity}] {issue.where}: {issue.text}")

allocation = dc.solve(plan)
print("\n附件1", allocation.annex1().to_string(index=False), sep="\n")
print("\n附件2", allocation.annex2(2015).to_string(), sep="\n")

# What one 镇街 answers for, all years together.
own = allocation.quotas.query("region == '湖岭镇' and quota > 0")
print("\n湖岭镇", own.pivot(index="indicator", columns="year", values="quota"), sep="\n")

# The annexes as a workbook (with grounds, sums and a letter for each region) and as a document.
output = Path(__file__).parent.parent / "output"
output.mkdir(exist_ok=True)
for suffix in (".xlsx", ".docx"):
    dc.write_report(allocation, output / f"ruian{suffix}")
