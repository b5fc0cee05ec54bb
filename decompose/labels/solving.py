"""Texts of solving."""

from __future__ import annotations

from decompose.labels.message import Text

SOLVING: dict[str, Text] = {
    "solver_missing": Text(
        "没有求解器 {solver}。可用的求解器：{available}。"
        "请改用其中之一，或先安装它（CBC：pip install pulp[cbc]；其他求解器见 PuLP 的说明）",
        "no solver {solver} here. Solvers that are: {available}. Choose one of them, or install "
        "it first (CBC: pip install pulp[cbc]; for others see PuLP's documentation)",
    ),
    "solver_number": Text(
        "规划中有求解器不能处理的数（{what}）：空值、无穷大，或与同行其他数相差过大。"
        "请检查计划中的单位和数量级",
        "the program has a number that a solver cannot take ({what}): NaN, infinite, or far too "
        "large or small beside the others. Check the units and magnitudes in the plan",
    ),
    "solver_refused": Text(
        "求解器 HiGHS 拒绝了调用 {call}。请更新 highspy，或改用其他求解器",
        "the solver HiGHS refused the call {call}. Update highspy, or use another solver",
    ),
    "solver_crashed": Text(
        "求解器 {solver} 出错：{detail}。请检查它的安装和许可，或改用 highs",
        "the solver {solver} failed: {detail}. Check its installation and licence, or use highs",
    ),
    "solver_quadratic": Text(
        "求解器 {solver} 在此只解线性规划；least_squares 请用 highs",
        "the solver {solver} takes linear programs only here; use highs for least_squares",
    ),
    "solver_stage": Text(
        "求解器 {solver} 没有完成第 {program} 个规划（{status}）。请放宽时间限制，或改用其他求解器",
        "the solver {solver} did not finish program {program} ({status}). Allow more time, or use "
        "another solver",
    ),
}
