"""Plan files and tables: what is read, and how each mistake is told."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from decompose import Plan, PlanError, solve
from decompose.labels import Language
from decompose.reading import read_plan, read_table
from tests.plans import data as small_data
from tests.plans import indicator

QINGYUAN = Path(__file__).parent.parent / "data" / "qingyuan"
FILES = Path(__file__).parent / "files" / "wrong"

MINIMAL = """\
years: [2015, 2016]
regions: [甲区, 乙县]
indicators:
  - {id: a, kind: flow, target: {total: 3}}
"""
"""A plan without mistakes; what a test adds begins on line 5."""

Tell = Callable[..., list[str]]


def write(folder: Path, **files: str | bytes) -> None:
    """Write files; two underscores in a name stand for a point."""
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name.replace("__", ".")).write_bytes(data)


def refusal(path: Path, language: Language = "zh") -> PlanError | None:
    """Return the error of reading a plan, or None where it can be read."""
    try:
        read_plan(path, language=language)
    except PlanError as error:
        return error
    return None


@pytest.fixture
def tell(tmp_path: Path) -> Tell:
    def told(
        plan: str | bytes, *, kind: str = "yaml", language: Language = "zh", **tables: str | bytes
    ) -> list[str]:
        """Return the mistakes of a plan and its tables; nothing is written by reading them."""
        write(tmp_path, **{f"plan__{kind}": plan}, **tables)
        before = {path: path.read_bytes() for path in tmp_path.iterdir()}
        error = refusal(tmp_path / f"plan.{kind}", language)
        assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
        return [] if error is None else [one.text(language) for one in error.mistakes]

    return told


# The same plan from every kind of file.


def qingyuan_data() -> dict[str, Any]:
    data: dict[str, Any] = YAML(typ="safe").load(QINGYUAN / "plan.yaml")
    return data


def test_yaml_json_and_plain_data_give_one_plan(tmp_path: Path) -> None:
    data = qingyuan_data()
    write(tmp_path, plan__json=json.dumps(data, ensure_ascii=False, indent="\t"))
    for table in data["tables"]:
        write(tmp_path, **{table.replace(".", "__"): (QINGYUAN / table).read_bytes()})
    plan = read_plan(QINGYUAN / "plan.yaml")
    tables = [pd.read_csv(QINGYUAN / table) for table in data["tables"]]
    assert plan.region_names[0] == data["regions"][0]["name"]
    assert read_plan(tmp_path / "plan.json") == plan
    assert Plan.model_validate({**data, "tables": tables}) == plan


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    plan = MINIMAL.replace("kind: flow", "kind: flow, base: 基数") + "tables: 基数.csv\n"
    write(tmp_path, plan__yaml=plan.encode(encoding))
    write(tmp_path, 基数__csv="地区,基数\r\n甲区,3\r\n乙县,4\r\n".encode(encoding))
    read = read_plan(tmp_path / "plan.yaml")
    assert read.region_names == ("甲区", "乙县")
    assert read.tables == {"基数": {"甲区": 3.0, "乙县": 4.0}}


def test_yaml_is_version_1_2(tmp_path: Path) -> None:
    title = "title: 12:30\nsections: [on, no, y, '010', 3-5]\n"
    write(tmp_path, plan__yaml=MINIMAL + title)
    plan = read_plan(tmp_path / "plan.yaml")
    assert (plan.title, plan.sections) == ("12:30", ("on", "no", "y", "010", "3-5"))


def test_aliases_and_inline_tables(tmp_path: Path) -> None:
    more = "tables: [{b: &b {甲区: 1, 乙县: 37%}}, {c: *b}, {region: [甲区], d: [2]}]\n"
    write(tmp_path, plan__yaml=MINIMAL + more)
    cells = {"甲区": 1.0, "乙县": "37%"}
    tables = read_plan(tmp_path / "plan.yaml").tables
    assert tables == {"b": cells, "c": cells, "d": {"甲区": 2.0}}


# Mistakes of the file, each with its line.

LINES = [
    ("groups:\n  ａ: {}\n  ' a': {}\n", "第7行：键“ a”与第6行的键“ａ”重复"),
    ("groups: {南部: {label: a, label: b}}\n", "第5行：键“label”与第5行的键“label”重复"),
    ("title: 010\n", '第5行：“010”可作两种理解；若是数字请写 10，若是文字请加引号："010"'),
    ("title: 1_000\n", "第5行：“1_000”可作两种理解；若是数字请写 1000，"),
    ("title: 0x1F\n", "第5行：“0x1F”可作两种理解；若是数字请写 31，"),
    ("title: -00.5\n", "第5行：“-00.5”可作两种理解；若是数字请写 -0.5，"),
    ("title:\n  2015-07-01\n", "第6行：“2015-07-01”是日期，没有加引号；若是文字请写 "),
    ("title: .inf\n", "第5行：“.inf”不是有限的数"),
    ("title: -.INF\n", "第5行：“-.INF”不是有限的数"),
    ("title: .nan\n", "第5行：“.nan”不是有限的数"),
    ("title: 1e400\n", "第5行：“1e400”不是有限的数"),
    ("title: " + "9" * 5000, f"第5行：“{'9' * 40}…”不是有限的数"),
    ("groups: {南部:1}\n", "第5行：“南部:1”的冒号须用半角，且后接空格；请写成“南部: 1”"),
    (
        "groups: {南：1，北：2}\n",
        "第5行：“南：1，北：2”的冒号须用半角，且后接空格；请写成“南: 1, 北: 2”",
    ),
    ("title: >5\n", "第5行：“>”和“|”在值的开头有特殊含义"),
    ("title: !x 3\n", "第5行：不支持标签“!x”"),
    ("title: *x\n", "第5行：引用“*x”之前没有“&x”"),
    ("sections: &x [*x]\n", "第5行：引用“*x”指向它自己所在的内容"),
    ("groups: {<<: 3}\n", "第5行：不支持合并键“<<”"),
    ("groups: {true: 3}\n", "第5行：键须是文字或年份，不能是真假值"),
    ("groups: {~: 3}\n", "第5行：键须是文字或年份，不能是空值"),
    ("groups: {[a]: 3}\n", "第5行：键须是文字或年份，不能是列表"),
    ('title: "\\ud800"\n', "第5行：文字 '\\ud800' 中有半个字符"),
    ("---\na: 1\n", "第5行：一个文件只能有一份计划"),
    ("sections: " + "[" * 60 + "]" * 60 + "\n", "第5行：嵌套超过 60 层"),
]


@pytest.mark.parametrize(("more", "expected"), LINES)
def test_a_mistake_of_yaml_is_told_once(tell: Tell, more: str, expected: str) -> None:
    (told,) = tell(MINIMAL + more)
    assert told.startswith(f"plan.yaml {expected}")


def test_a_directive_for_another_yaml_is_told_and_the_rest_is_read(tell: Tell) -> None:
    told = tell("%YAML 1.1\n---\n" + MINIMAL + "colour: on\n")
    assert told[0] == "plan.yaml 第1行：计划文件按 YAML 1.2 读取，不支持“%YAML 1.1”；请删除这一行"
    assert told[1].startswith("plan.yaml 第7行 colour：不认识的键“colour”")
    assert tell("%YAML 1.2\n---\n" + MINIMAL) == []


@pytest.mark.parametrize("levels", [6, 70])
def test_aliases_that_blow_up_are_refused(tell: Tell, levels: int) -> None:
    width = 10 if levels == 6 else 1
    bomb = "x0: &x0 [1]\n" + "".join(
        f"x{k + 1}: &x{k + 1} [{', '.join([f'*x{k}'] * width)}]\n" for k in range(levels)
    )
    (told,) = tell(bomb)
    assert ("引用展开后超过 200000 项" if levels == 6 else "嵌套超过 60 层") in told


SYNTAX = [
    ("a:\n\tb: 1\n", "第2行第1列", "制表符"),
    ("unit: %\n", "第1行第7列", "值不能以“%”开头"),
    ("a: {b: @x}\n", "第1行第8列", "值不能以“@”开头"),
    ("title:示例\narea: x\n", "第1行第1列", "“title:示例”缺少“冒号加空格”"),
    ("title：示例\narea: x\n", "第1行第1列", "“title：示例”缺少“冒号加空格”"),
    ("a: x\narea:x\ny: 1\n", "第2行第1列", "“area:x”缺少“冒号加空格”"),
    ("a: b: c\n", "第1行第5列", "两个“冒号加空格”"),
    ("a:\n  b: 1\n c: 2\n", "第3行第2列", "缩进与上文不齐"),
    ("  a: 1\nb: 2\n", "第2行第1列", "缩进与上文不齐"),
    ("a: 1\n- b\n", "第2行第1列", "缩进与上文不齐"),
    ("a:\n- {name: 甲\n- {name: 乙}\n", "第2行第3列", "括号没有配对"),
    ("a: [1, 2\nb: 3\n", "第1行第4列", "括号没有配对"),
    ('a: "x\nb: 3\n', "第1行第4列", "引号没有配对"),
    ("a: 'it's'\n", "第1行第8列", "引号或括号之后还有内容"),
    ("a: [1,, 2]\n", "第1行第7列", "这里多了一个“,”"),
    ("a: - b\n", "第1行第4列", "“- ”须另起一行"),
    ("a: >=22\n", "第1行第5列", "值以“>”或“|”开头时须加引号"),
    ('a: "\\q"\n', "第1行第6列", "反斜杠"),
    ("a: *\n", "第1行第4列", "值不能以“*”开头"),
    ("%\na: 1\n", "第1行第1列", "以“%”开头的行"),
    ("a: ?\n", "第1行第4列", "这里读不下去"),
]


@pytest.mark.parametrize(("text", "place", "hint"), SYNTAX)
def test_a_syntax_error_stands_alone(tell: Tell, text: str, place: str, hint: str) -> None:
    (told,) = tell(text)
    assert told.startswith(f"plan.yaml {place}：语法错误：")
    assert hint in told


JSON = [
    ('{\n"a": 1,\n"a": 2}', "第3行：键“a”与第2行的键“a”重复"),
    ('{"title": NaN}', "第1行：“NaN”不是有限的数"),
    ('{"title":\n-Infinity}', "第2行：“-Infinity”不是有限的数"),
    ('{"title": 1e400}', "第1行：“1e400”不是有限的数"),
    ('{"title": 010}', "第1行第12列：语法错误：数字不能以 0 开头"),
    ('{"a": 1,}', "第1行第9列：语法错误：这里应是加双引号的键"),
    ("{'a': 1}", "第1行第2列：语法错误：这里应是加双引号的键"),
    ('{"a"：1}', "第1行第5列：语法错误：“：”是全角符号"),
    ('{"a" 1}', "第1行第6列：语法错误：键之后缺少半角冒号"),
    ('{"a": 1 "b": 2}', "第1行第9列：语法错误：各项之间缺少半角逗号"),
    ('{"a": }', "第1行第7列：语法错误：这里应是一个值"),
    ('{"a": 1}}', "第1行第9列：语法错误：内容已经结束"),
    ('{"a": "x\n"}', "第1行第9列：语法错误：引号中不能直接换行"),
    ('{"a": "x}', "第1行第7列：语法错误：引号没有配对"),
    ('{"a": "\\q"}', "第1行第8列：语法错误：双引号中的反斜杠"),
    ("[" * 61, "第1行：嵌套超过 60 层"),
    ("[1]", "第1行：计划文件须由“键: 值”组成"),
]


@pytest.mark.parametrize(("text", "expected"), JSON)
def test_mistakes_of_json(tell: Tell, text: str, expected: str) -> None:
    assert tell(text, kind="json")[0].startswith(f"plan.json {expected}")


# Mistakes of the tables, each with its row and column.

TABLES: list[tuple[str | bytes, list[str]]] = [
    ("地区,b\n甲区,１，０００\n", []),
    ('region,b\n甲区,"1,000.5"\n 乙县 ,３７％\n\n,,\n', []),
    ("地区\tb\n甲区\t1,000\n乙县\t—\n", []),
    ("地区,b,\n甲区,1,\n乙县,2,,\n", []),
    (
        "地区,b,c\n甲区,1,x\n乙县,1e400,=1+1\n",
        [
            "第2行第3列 tables.c.甲区：“x”不是数字；请填数字，如 22、1,000 或 37%",
            "第3行第2列 tables.b.乙县：“1e400”不是有限的数；请填写具体数字，没有数据请留空",
            "第3行第3列 tables.c.乙县：“=1+1”不是数字；请填数字，如 22、1,000 或 37%",
        ],
    ),
    (
        "地区,b\n甲区,1,000\n乙县\n",
        [
            '第2行：这一行有 3 格，表头有 2 格；请补齐（带千位逗号的数字须加引号："1,000"）',
            '第3行：这一行有 1 格，表头有 2 格；请补齐（带千位逗号的数字须加引号："1,000"）',
        ],
    ),
    (
        "\n地区,b\n甲区,1\n\n甲区 ,2\n,3\n",
        [
            "第5行第1列：地区“甲区”在第3行已经有了；请合并或删除一行",
            "第6行：这一行没有地区名称；请填写，或删除这一行",
        ],
    ),
    (
        "地区,b,ｂ,\u3000,c\n甲区,1,2,3,4\n",
        [
            "第1行第3列：列“b”在b.csv 第1行第2列已经有了；请改名或删除一列",
            "第1行第4列：这一列没有表头，但有数据；请填写表头",
        ],
    ),
    (
        '地区,b\n"甲"区,1\n"乙县,2\n',
        [
            '第2行：引号没有配对，或引号之后还有文字；请改正（文字中的引号写成 ""）',
            '第3行：引号没有配对，或引号之后还有文字；请改正（文字中的引号写成 ""）',
        ],
    ),
    (
        "县,b\n甲区,1\n",
        [
            (
                "第1行：表头中没有地区列；请把地区名称所在列的表头写成 region 或“地区”。"
                "已有的表头：县、b"
            )
        ],
    ),
    ("地区，b\n甲区，1\n", ["第1行：表头“地区,b”只有一列；请用半角逗号（或分号、制表符）分隔各列"]),
    ("地区,b\n", ["第1行：表头下面没有数据行；请补上"]),
    ("地区,b\n甲\x00,1\n", ["第2行：有不可见的控制字符 U+0000；请删除"]),
    (b"a\n\xff\xfe,1\n", ["第2行：这一行有读不懂的字节；请用 UTF-8 编码另存文件"]),
]


@pytest.mark.parametrize(("table", "expected"), TABLES)
def test_mistakes_of_tables(tell: Tell, table: str | bytes, expected: list[str]) -> None:
    told = tell(MINIMAL + "tables: [b.csv]\n", b__csv=table)
    assert told == [f"b.csv {text}" for text in expected]


@pytest.mark.parametrize("begin", ["", "sep=;\n"])
def test_semicolons_part_the_columns_of_a_table(begin: str, tmp_path: Path) -> None:
    table = begin + "region;b\n甲区;1\n乙县;2.5\n"
    write(tmp_path, b__csv=table, plan__yaml=MINIMAL + "tables: b.csv")
    assert read_plan(tmp_path / "plan.yaml").tables["b"] == {"甲区": 1.0, "乙县": 2.5}


def test_places_under_a_line_that_says_what_parts_columns(tell: Tell) -> None:
    told = tell(MINIMAL + "tables: [b.csv]\n", b__csv="sep=;\n地区;b\n甲区;x\n")
    assert told[0].startswith("b.csv 第3行第2列")


def test_cells_of_tables(tmp_path: Path) -> None:
    table = 'region,b,c\n甲区,"1,000",１２．５％\nNA,−3,-\nnull,,1e3\n'
    write(
        tmp_path, b__csv=table, plan__yaml=MINIMAL.replace("乙县", "NA, 'null'") + "tables: b.csv"
    )
    tables = read_plan(tmp_path / "plan.yaml").tables
    assert tables["b"] == {"甲区": 1000.0, "NA": -3.0}
    assert tables["c"] == {"甲区": "12.5%", "null": 1000.0}


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("c.csv", "plan.yaml 第5行 c.csv：找不到文件“c.csv”；请核对文件名和所在文件夹"),
        ("b.xls", "plan.yaml 第5行 b.xls：找不到文件“b.xls”；"),
        ("plan.yaml", "plan.yaml 第5行 plan.yaml：“plan.yaml”的后缀不认识；可读：.csv、.tsv、"),
        (
            "../b.csv",
            "plan.yaml 第5行 tables：数据表“../b.csv”须与计划文件在同一文件夹或其下级文件夹中",
        ),
        ("/b.csv", "plan.yaml 第5行 tables：数据表“/b.csv”须与计划文件在同一文件夹"),
        ("'C:\\b.csv'", "plan.yaml 第5行 tables：数据表“C:\\b.csv”须与计划文件在同一文件夹"),
        ('"\\0.csv"', "plan.yaml 第5行 tables：数据表“\\x00.csv”须与计划文件在同一文件夹"),
        ("./b.csv", "plan.yaml 第5行 tables：数据表“./b.csv”列了两次；请删除一个"),
        ("3", "plan.yaml 第5行 tables：tables 中应写 CSV 文件名，或 {列名: {地区: 数字}}"),
        ("{b: {甲区: 1}}", "plan.yaml 第5行 tables.b：列“b”在b.csv 第1行第2列已经有了；"),
        ("{b: 3}", "plan.yaml 第5行 tables：“b”不是数据表；"),
        ("{c: {甲区: x}}", "plan.yaml 第5行 tables.c.甲区：“x”不是数字；"),
        ("{c: {丙县: 3}}", "plan.yaml 第5行 tables.c.丙县：没有名为“丙县”的地区"),
    ],
)
def test_mistakes_of_what_is_listed(tell: Tell, listed: str, expected: str) -> None:
    (told,) = tell(MINIMAL + f"tables: [b.csv, {listed}]\n", b__csv="地区,b\n甲区,1\n乙县,2\n")
    assert told.startswith(expected)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path, tell: Tell) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}.csv"
    outside.write_text("地区,b\n甲区,1\n", encoding="utf-8")
    (tmp_path / "b.csv").symlink_to(outside)
    (told,) = tell(MINIMAL + "tables: b.csv\n")
    assert "须与计划文件在同一文件夹或其下级文件夹中" in told


def test_a_table_in_a_folder_below(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "b.csv").write_text("地区,b\n甲区,1\n", encoding="utf-8")
    write(tmp_path, plan__yaml=MINIMAL + "tables: data\\b.csv\n")
    assert read_plan(tmp_path / "plan.yaml").tables == {"b": {"甲区": 1.0}}


def test_read_table_gives_texts_and_places(tmp_path: Path) -> None:
    write(tmp_path, b__csv='\n指标,地区,值\n投资,甲区,"1,000"\n\n投资, 乙县 ,\n')
    table = read_table(tmp_path / "b.csv", language="en")
    assert (table.heads, table.head_row) == (("指标", "地区", "值"), 2)
    assert table.rows == ((3, ("投资", "甲区", "1,000")), (5, ("投资", "乙县", "")))
    assert table.file.cell(5, 3) == "b.csv row 5 column 3"
    write(tmp_path, b__csv="a,a\n1\n")
    with pytest.raises(PlanError, match="row 2: this row has 1 cells and the headings 2"):
        read_table(tmp_path / "b.csv", language="en")


# Everything that is wrong, at once.

WRONG = (FILES / "plan.yaml").read_text(encoding="utf-8")
WRONG_TABLE = (FILES / "base.csv").read_text(encoding="utf-8")
WRONG_TOLD = (FILES / "told.txt").read_text(encoding="utf-8").splitlines()


def test_every_mistake_is_told_at_once_and_none_twice(tell: Tell) -> None:
    """What only follows is left out: a base that is missing because its cell was no number."""
    assert tell(WRONG, base__csv=WRONG_TABLE) == WRONG_TOLD


def test_the_same_in_english(tell: Tell) -> None:
    told = tell(WRONG, language="en", base__csv=WRONG_TABLE)
    assert len(told) == len(WRONG_TOLD)
    assert told[0] == (
        "plan.yaml line 13: the key “base” repeats “base” of line 11 (width and outer spaces "
        "aside); merge the two or remove one"
    )
    assert told[5].startswith("base.csv row 3 column 2 tables.inv.乙县: “x” is not a number;")
    assert told[12].startswith(
        "plan.yaml line 17 indicators.inv.limits.growth.max: “60” is above 1"
    )


def test_of_two_items_of_one_name_the_second_is_the_place(tell: Tell) -> None:
    more = "  - {id: b, kind: flow}\n  - {id: a, kind: flow}\n"
    assert tell(MINIMAL + more)[0].startswith("plan.yaml 第6行 indicators.a：")


# Files that cannot be read at all.


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    write(
        tmp_path,
        empty__yaml=" \n",
        comment__yaml="# x\n",
        plan__doc=b"x",
        bytes__yaml=b"\xff",
    )
    write(tmp_path, large__yaml=b"#" * (5 * 2**20 + 1), text__yaml="计划")
    expected = {
        "none.yaml": "none.yaml：找不到文件“none.yaml”；请核对文件名和所在文件夹",
        "folder.yaml": "folder.yaml：“folder.yaml”是文件夹，不是文件；请给出文件名",
        "pipe.yaml": "pipe.yaml：“pipe.yaml”不是普通文件；请给出普通文件",
        "plan.doc": "plan.doc：“plan.doc”的后缀不认识；可读：.yaml、.yml、.json、.xlsx",
        "empty.yaml": "empty.yaml：文件是空的；请填写内容",
        "comment.yaml": "comment.yaml：文件是空的；请填写内容",
        "large.yaml": "large.yaml：文件超过 5 MB；请拆分，或把各地区的数列移到 CSV 数据表",
        "bytes.yaml": "bytes.yaml 第1行：这一行有读不懂的字节；请用 UTF-8 编码另存文件",
        "text.yaml": "text.yaml 第1行：计划文件须由“键: 值”组成",
    }
    for name, text in expected.items():
        with pytest.raises(PlanError) as caught:
            read_plan(tmp_path / name)
        (mistake,) = caught.value.mistakes
        assert mistake.text().startswith(text)


def test_a_name_that_no_file_can_have() -> None:
    with pytest.raises(PlanError, match=r"cannot be read: embedded null"):
        read_plan("a\0.yaml", language="en")


# Whatever a file holds, it is read or refused by name.

SMALL = WRONG.replace("yes", "true").replace("{each_year:30}, parent: invv", "{each_year: 30}")
PIECES = st.sampled_from(
    [
        *"{}[]:,-#&*!?|>'\"%@\t\n ",
        *(": ", "- ", "  ", "甲区", "：", "010", ".inf", "2015", "null", "~", "[]", "{}", "1e400"),
        *("22以上", "37%", "base", "&a", "*a", "---\n", "\ufeff", "\x85"),
    ]
)


@st.composite
def mutated(draw: st.DrawFn, text: str) -> str:
    """Put pieces in, or take letters out, at a few places of a text."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        cut = draw(st.integers(0, 6))
        text = text[:at] + draw(st.one_of(st.just(""), PIECES)) + text[at + cut :]
    return text


@st.composite
def changed(draw: st.DrawFn) -> str:
    """Put another value at one place of a plan in JSON."""
    data = qingyuan_data()
    data["tables"] = ["base.csv"]
    holder: Any = data
    key: Any = draw(st.sampled_from(sorted(data)))
    while isinstance(holder[key], (dict, list)) and holder[key] and draw(st.integers(0, 3)):
        holder = holder[key]
        key = draw(
            st.sampled_from(list(holder) if isinstance(holder, dict) else range(len(holder)))
        )
    values = [None, True, -1, 10**30, 1e-9, "", "x", "3-5", "150%", "甲区", [], {}, [1], {"a": 1}]
    holder[key] = draw(st.sampled_from(values))
    return json.dumps(data, ensure_ascii=False)


def reads_or_tells(folder: Path, name: str, text: str, table: str = WRONG_TABLE) -> None:
    write(folder, base__csv=table, **{name.replace(".", "__"): text})
    error = refusal(folder / name)
    if error is not None:
        assert error.mistakes
        assert all(one.place.startswith((name, "base.csv")) for one in error.mistakes)
        assert error.text("en")


@given(
    text=st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("{}[]:- \n")), max_size=60)
)
def test_any_text(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    for kind in ("yaml", "json"):
        reads_or_tells(tmp_path_factory.getbasetemp(), f"plan.{kind}", text)


@given(text=mutated(SMALL), table=mutated(WRONG_TABLE))
def test_any_mutation(tmp_path_factory: pytest.TempPathFactory, text: str, table: str) -> None:
    reads_or_tells(tmp_path_factory.getbasetemp(), "plan.yaml", text, table)


@given(text=changed())
def test_any_value(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    table = (QINGYUAN / "base.csv").read_text(encoding="utf-8")
    reads_or_tells(tmp_path_factory.getbasetemp(), "plan.json", text, table)


def test_rates_above_1_are_written_as_they_are_read() -> None:
    data = small_data(
        indicator(
            target={"years": {2015: 18}, "margin": "150%"},
            limits={"growth": {"max": {"default": "300%", "甲区": {2015: "117%"}}}},
        )
    )
    plan = Plan.model_validate(data)
    assert Plan.model_validate(plan.source()) == plan
    said = plan.source()["indicators"][0]
    assert said["target"]["margin"] == "150%"
    assert said["limits"]["growth"]["max"] == {"default": "300%", "甲区": {"2015": "117%"}}


def test_a_kept_allocation_is_told_from_a_plan(tmp_path: Path) -> None:
    path = tmp_path / "issued.json"
    solve(Plan.model_validate(small_data(indicator()))).save(path)
    with pytest.raises(PlanError) as raised:
        read_plan(path)
    (mistake,) = raised.value.mistakes
    assert mistake.message.code == "plan_is_kept"
