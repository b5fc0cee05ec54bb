"""A year of the Qingyuan plan: drafts, haggling, issue, a half-year report, and next March.

Whatever was reached, moved or drafted here is invented (示例数据); targets are the document's.
"""

import tempfile
from pathlib import Path

import decompose as dc

DATA = Path(__file__).parent.parent / "data" / "qingyuan"
INVESTMENT = "upgrade_investment"
plan = dc.read_plan(DATA / "plan.yaml")

print("一月：草案比选（情景为示例）")
drafts = [
    dc.Scenario("原方案"),
    dc.Scenario("英德扩产", changes={f"indicators.{INVESTMENT}.limits.max.英德市.2015": 3.6}),
    dc.Scenario("目标加码5%", scale={INVESTMENT: 1.05}),
    dc.Scenario("目标加码30%", scale={INVESTMENT: 1.3}),
]
drafted = dc.sweep(plan, drafts)
own = drafted[(drafted["indicator"] == INVESTMENT) & (drafted["year"] == 2015)]
print(own.pivot(index="region", columns="scenario", values="quota").loc[list(plan.region_names)])
for name, reason in drafted.loc[drafted["status"] != "solved", ["scenario", "reason"]].to_numpy():
    print(f"{name}：{reason}")

print("\n二月：协商（示例）")
draft = dc.solve(plan)
moves = [
    dc.Move(INVESTMENT, 2015, "佛冈县", -0.2, why="两个技改项目推迟到2016年"),
    dc.Move(INVESTMENT, 2015, "清新区", -0.1, to="高新区", why="一个项目迁往高新区"),
]
agreed = dc.adjust(draft, moves, hold=["连山县", "连南县"])
print(dc.compare(draft, agreed).drop(columns="indicator").to_string(index=False))
print(agreed.why(INVESTMENT, "佛冈县", 2015))

print("\n二月底：主管部门在印出的附件2上手工改数（示例），逐条核对后采用")
folder = Path(tempfile.mkdtemp())
table = agreed.annex2(2015)
NAME = "工业技术改造投资"
for wanted in ({"清城区": 0.05, "英德市": 1.0}, {"清城区": 0.05, "英德市": -0.05}):
    numbers = [round(one + wanted.get(str(region), 0.0), 2) for region, one in table[NAME].items()]
    changed = table.assign(**{NAME: numbers})
    try:
        agreed = dc.adopt(agreed, changed, year=2015)
        print("已采用：清城区增加0.05亿元，英德市减少0.05亿元")
    except dc.PlanError as error:
        print(error)

print("\n三月：下达、存档")
agreed.save(folder / "issued.json")
issued = dc.read_allocation(folder / "issued.json")
print(issued.annex2(2015)["工业技术改造投资"].to_string())

print("\n七月：半年通报（完成数为示例数据）")
halfway = dc.track(issued, dc.read_actuals(DATA / "actuals_2015.csv"), as_of="2015-06", low_rank=2)
shown = halfway.table[halfway.table["indicator"] == INVESTMENT]
print(
    shown[["region", "quota", "actual", "completion", "gap", "level", "rank"]].to_string(
        index=False
    )
)
for talk in halfway.talks.itertuples():
    print(f"约谈 {talk.region}：{talk.unmet}；{talk.low_rank}")

print("\n次年三月：按2015年完成数（示例数据）重新分解，2016年目标随省调整为31亿元")
reached = issued.quotas[issued.quotas["year"] == 2015]
actuals = reached.rename(columns={"quota": "value"}).assign(period="2015")
actuals = actuals[["indicator", "region", "period", "value"]]
short = (actuals["indicator"] == INVESTMENT) & actuals["region"].isin(["清城区", "英德市"])
actuals.loc[short, "value"] -= 0.3
changes = {f"indicators.{INVESTMENT}.target.years.2016": "31以上"}
revision = dc.revise(issued, actuals, through=2015, changes=changes)
march = revision.changes[revision.changes["indicator"] == INVESTMENT]
print(march.drop(columns="indicator").to_string(index=False))
print(next(line for line in revision.text.splitlines() if line.startswith("工业技术改造投资")))
