"""Qingyuan, 2015 to 2017: read, check, solve, print, change one capacity, solve again."""

from pathlib import Path

import decompose as dc

PLAN = Path(__file__).parent.parent / "data" / "qingyuan" / "plan.yaml"

plan = dc.read_plan(PLAN)
for issue in dc.check(plan):
    print(f"[{issue.severity}] {issue.where}: {issue.text}")

allocation = dc.solve(plan)
print("\n附件1", allocation.annex1().to_string(index=False), sep="\n")
print("\n附件2", allocation.annex2(2015).to_string(), sep="\n")

# 英德市 finds room for 3.6 instead of 3.2 亿元 in 2015: who gets less, and when?
roomier = plan.with_changes({"indicators.upgrade_investment.limits.max.英德市.2015": 3.6})
cells = ["indicator", "region", "year"]
both = allocation.quotas.merge(dc.solve(roomier).quotas, on=cells, suffixes=("", "_after"))
changed = both.loc[both["quota"] != both["quota_after"], [*cells, "quota", "quota_after"]]
print("\n变动", changed.to_string(index=False), sep="\n")

# The annexes as a workbook (with grounds, sums and a letter for each region) and as a document.
output = Path(__file__).parent.parent / "output"
output.mkdir(exist_ok=True)
for suffix in (".xlsx", ".docx"):
    dc.write_report(allocation, output / f"qingyuan{suffix}")
