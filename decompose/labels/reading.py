"""Texts of reading: files, their syntax, their tables, and where in them something stands."""

from __future__ import annotations

from decompose.labels.message import Text

READING: dict[str, Text] = {
    # where
    "at_line": Text("{file} 第{line}行", "{file} line {line}"),
    "at_line_column": Text("{file} 第{line}行第{column}列", "{file} line {line} column {column}"),
    "at_cell": Text("{file} 第{row}行第{column}列", "{file} row {row} column {column}"),
    "at_row": Text("{file} 第{row}行", "{file} row {row}"),
    # files
    "file_missing": Text(
        "找不到文件“{found}”；请核对文件名和所在文件夹",
        "there is no file “{found}”; check its name and folder",
    ),
    "plan_is_kept": Text(
        "这是分解结果的存档，不是计划；请给出计划文件，或用能读存档的命令（adjust、revise、track、"
        "compare、report；脚本中为 read_allocation）",
        "this is a kept allocation, no plan; name the plan's file, or use what reads it (adjust, "
        "revise, track, compare, report; read_allocation in a script)",
    ),
    "file_folder": Text(
        "“{found}”是文件夹，不是文件；请给出文件名",
        "“{found}” is a folder; name a file in it",
    ),
    "file_special": Text(
        "“{found}”不是普通文件；请给出普通文件", "“{found}” is no regular file; name one that is"
    ),
    "file_unreadable": Text(
        "“{found}”读不出来：{reason}；请检查权限，或先关闭占用它的程序",
        "“{found}” cannot be read: {reason}; check its permissions, or close what holds it open",
    ),
    "file_suffix": Text(
        "“{found}”的后缀不认识；可读：{known}，其他格式请另存为其中一种",
        "the suffix of “{found}” is not known; readable: {known}; save it as one of these",
    ),
    "file_large": Text(
        "文件超过 {most} MB；请拆分，或把各地区的数列移到 CSV 数据表",
        "the file is larger than {most} MB; split it, or move its series to CSV tables",
    ),
    "file_empty": Text("文件是空的；请填写内容", "the file is empty; fill it in"),
    "file_encoding": Text(
        "这一行有读不懂的字节；请用 UTF-8 编码另存文件",
        "this line holds bytes that are no text; save the file as UTF-8",
    ),
    "file_character": Text(
        "有不可见的控制字符 {found}；请删除",
        "there is an invisible control character, {found}; remove it",
    ),
    "file_items": Text(
        "文件超过 {most} 项；请删去不需要的内容，或把各地区的数列移到 CSV 数据表",
        "the file holds more than {most} items; remove what is not needed, or move its series to "
        "CSV tables",
    ),
    "mistakes_more": Text(
        "后面还有错误，这里只列出前 {most} 处；请先改正这些，再读一次",
        "there are more; these are the first {most}: mend them and read again",
    ),
    # keys and values
    "plan_no_mapping": Text(
        "计划文件须由“键: 值”组成（半角冒号，后接空格）；这里不是；"
        "可参照示例 data/example/plan.yaml",
        "a plan file consists of “key: value” pairs (a colon and a space), and this does not; see "
        "data/example/plan.yaml",
    ),
    "key_twice": Text(
        "键“{found}”与第{line}行的键“{other}”重复（不计全半角和首尾空格）；请合并或删除其中一个",
        "the key “{found}” repeats “{other}” of line {line} (width and outer spaces aside); merge "
        "the two or remove one",
    ),
    "key_no_text": Text(
        "键须是文字或年份，不能是{found}；若是文字请加引号",
        "a key must be a text or a year, not {found}; quote it if it is meant as text",
    ),
    "kind_null": Text("空值", "null"),
    "kind_truth": Text("真假值", "a truth value"),
    "kind_list": Text("列表", "a list"),
    "kind_mapping": Text("键值对", "a mapping"),
    "colon_space": Text(
        "“{found}”的冒号须用半角，且后接空格；请写成“{key}: {value}”",
        "“{found}” lacks a space after its colon; write “{key}: {value}”",
    ),
    "number_two_ways": Text(
        '“{found}”可作两种理解；若是数字请写 {number}，若是文字请加引号："{found}"',
        '“{found}” can be read in two ways; write {number} for the number, or quote it: "{found}"',
    ),
    "date_bare": Text(
        '“{found}”是日期，没有加引号；若是文字请写 "{found}"，若要填数字请改正',
        '“{found}” is a bare date; quote it if it is meant as text: "{found}", or write a number',
    ),
    "number_not_finite": Text(
        "“{found}”不是有限的数；请填写具体数字，没有数据请留空",
        "“{found}” is not a finite number; write a number, or leave it out",
    ),
    "number_tiny": Text(
        "“{found}”小得无法与 0 区分；请填写 0 或别的数字",
        "“{found}” is too small to be told from 0; write 0, or another number",
    ),
    "text_surrogate": Text(
        "文字 {found} 中有半个字符（\\ud800 之类）；请删除或改正",
        "the text {found} holds half a character (such as \\ud800); remove or correct it",
    ),
    "text_long": Text(
        "这里的文字有 {found} 个字，超过 {most} 个；请缩短",
        "this text has {found} characters, more than {most}; shorten it",
    ),
    "block_text_empty": Text(
        "“>”和“|”在值的开头有特殊含义，这里的值成了空的；请加引号，或改写为“22以上”",
        "> or | at the start has a meaning of its own, which leaves this value empty; quote it, "
        "or write ≥22",
    ),
    "tag_refused": Text(
        "不支持标签“{found}”；请删除，以“!”开头的文字请加引号",
        "the tag “{found}” is not supported; remove it, or quote a text that begins with !",
    ),
    "merge_refused": Text(
        "不支持合并键“<<”；请把各项直接写出",
        "the merge key << is not supported; write its keys out",
    ),
    "alias_unknown": Text(
        "引用“*{found}”之前没有“&{found}”；以“*”开头的文字请加引号",
        "no &{found} stands before the alias *{found}; quote a text that begins with *",
    ),
    "alias_itself": Text(
        "引用“*{found}”指向它自己所在的内容；请改正",
        "the alias *{found} stands inside what it refers to; correct it",
    ),
    "aliases_many": Text(
        "引用展开后超过 {most} 项；请把内容直接写出，或改用数据表",
        "the aliases expand to more than {most} items; write them out, or use a table",
    ),
    "nested_deep": Text(
        "嵌套超过 {most} 层；请检查括号和缩进",
        "nested more than {most} levels deep; check brackets and indentation",
    ),
    "yaml_version": Text(
        "计划文件按 YAML 1.2 读取，不支持“{found}”；请删除这一行",
        "plan files are YAML 1.2, so “{found}” is not supported; remove this line",
    ),
    "second_document": Text(
        "一个文件只能有一份计划，这里的“---”另起了一份；请删除",
        "a file holds one plan, and this --- begins another; remove it",
    ),
    # syntax
    "syntax": Text("语法错误：{hint}", "syntax error: {hint}"),
    "hint_tab": Text(
        "这里有制表符（Tab）；请换成空格，行尾的请删除",
        "there is a tab here; replace it by spaces, or remove it at the end of a line",
    ),
    "hint_first_letter": Text(
        '值不能以“{found}”开头；请加引号，如 "{found}"',
        'a value cannot begin with {found}; quote it, as in "{found}"',
    ),
    "hint_colon_space": Text(
        "“{found}”缺少“冒号加空格”；请用半角冒号，后接空格，如 title: 三年行动",
        "“{found}” lacks a colon followed by a space, as in title: Plan",
    ),
    "hint_two_colons": Text(
        "一行里有两个“冒号加空格”，或缩进多了；含冒号的文字请加引号，同级的键请对齐",
        "there are two colons with a space in one line, or too deep an indentation; quote a text "
        "that holds a colon, and align keys of one level",
    ),
    "hint_quote": Text(
        "引号没有配对；请补上另一半（英文半角引号）", "a quotation mark has no partner; add it"
    ),
    "hint_after_quote": Text(
        "引号或括号之后还有内容，或这一行的缩进与上文不齐；请删除多余的内容，同级的行请对齐",
        "something follows a closed quotation or bracket, or the indentation differs from the "
        "lines above; remove what is too much, and align lines of one level",
    ),
    "hint_indentation": Text(
        "这一行的缩进与上文不齐，或混用了“- ”和“键: 值”；同级的行请对齐",
        "the indentation differs from the lines above, or “- ” is mixed with “key: value”; align "
        "lines of one level",
    ),
    "hint_bracket": Text(
        "从这里开始的括号没有配对，或各项之间缺少半角逗号；请补上",
        "the bracket that opens here is not closed, or a comma is missing between its items; add "
        "it",
    ),
    "hint_comma": Text(
        "这里多了一个“{found}”，或缺少一项；请删除或补上",
        "there is one {found} too many, or an item is missing; remove or add it",
    ),
    "hint_dash": Text(
        "“- ”须另起一行，写在键的下面；若是文字请加引号",
        "“- ” belongs on a line of its own under the key; quote it if it is meant as text",
    ),
    "hint_block": Text(
        '值以“>”或“|”开头时须加引号，如 ">=22"；也可写“22以上”',
        'quote a value that begins with > or |, as in ">=22", or write ≥22',
    ),
    "hint_escape": Text(
        "双引号中的反斜杠“\\”须写两个；也可改用单引号",
        "write a backslash in double quotes twice, or use single quotes",
    ),
    "hint_directive": Text(
        "以“%”开头的行有特殊含义；若是文字请加引号",
        "a line that begins with % has a meaning of its own; quote it if it is meant as text",
    ),
    "hint_any": Text(
        "这里读不下去；请检查这一行和上一行的缩进、冒号、引号和括号",
        "this cannot be read on; check indentation, colons, quotes and brackets here and above",
    ),
    "hint_json_name": Text(
        '这里应是加双引号的键，如 "title"；请检查多余的逗号和单引号',
        'a key in double quotes is wanted, such as "title"; look for a trailing comma or single '
        "quotes",
    ),
    "hint_json_comma": Text(
        "各项之间缺少半角逗号，或引号、括号没有配对；请补上",
        "a comma is missing between items, or a quote or bracket has no partner; add it",
    ),
    "hint_json_colon": Text(
        "键之后缺少半角冒号；请补上", "a colon is missing after the key; add it"
    ),
    "hint_json_value": Text(
        "这里应是一个值：数字、加双引号的文字、[…]、{{…}}、true、false 或 null；"
        "请补上，或删除多余的逗号",
        "a value is wanted: a number, a text in double quotes, […], {{…}}, true, false or null; "
        "add it, or remove a trailing comma",
    ),
    "hint_json_zero": Text(
        '数字不能以 0 开头；请去掉前面的 0，若是文字（如编号）请加引号，如 "010"',
        'a number cannot begin with 0; leave the zeros out, or quote a text, as in "010"',
    ),
    "hint_json_more": Text(
        "内容已经结束，后面还有多余的文字；请删除或检查括号",
        "the content has ended and something follows; remove it, or check the brackets",
    ),
    "hint_json_line": Text(
        "引号中不能直接换行或用制表符；请写 \\n、\\t，或检查引号是否配对",
        "a quoted text cannot hold a line break or a tab; write \\n or \\t, or close the quote",
    ),
    "hint_full_width": Text(
        "“{found}”是全角符号；请改为半角", "“{found}” is a full-width sign; use the plain one"
    ),
    # tables
    "table_path": Text(
        "数据表“{found}”须与计划文件在同一文件夹或其下级文件夹中；请移动它并写相对路径",
        "the table “{found}” must stand in the plan's folder or below it; move it there and "
        "write its relative path",
    ),
    "table_listed_twice": Text(
        "数据表“{found}”列了两次；请删除一个", "the table “{found}” is listed twice; remove one"
    ),
    "table_wanted": Text(
        "tables 中应写 CSV 文件名，或 {{列名: {{地区: 数字}}}}",
        "tables takes names of CSV files, or {{column: {{region: number}}}}",
    ),
    "table_no_region": Text(
        "表头中没有地区列；请把地区名称所在列的表头写成 region 或“地区”。已有的表头：{found}",
        "no column holds the regions; head it with region. Headings found: {found}",
    ),
    "table_separator": Text(
        "表头“{found}”只有一列；请用半角逗号（或分号、制表符）分隔各列",
        "the heading “{found}” is a single column; separate columns by commas (or semicolons or "
        "tabs)",
    ),
    "table_large": Text(
        "数据表超过 {most} 格；请删去不需要的行和列，或拆成几个计划",
        "the tables hold more than {most} cells; remove rows and columns that are not needed, or "
        "part the plan",
    ),
    "table_no_rows": Text(
        "表头下面没有数据行；请补上", "no rows stand under the headings; add them"
    ),
    "table_quote": Text(
        '引号没有配对，或引号之后还有文字；请改正（文字中的引号写成 ""）',
        'a quotation mark has no partner, or text follows it; correct it (write "" for a quote '
        "inside a text)",
    ),
    "row_ragged": Text(
        '这一行有 {found} 格，表头有 {wanted} 格；请补齐（带千位逗号的数字须加引号："1,000"）',
        "this row has {found} cells and the headings {wanted}; correct it (quote a number with a "
        'thousands separator: "1,000")',
    ),
    "row_no_region": Text(
        "这一行没有地区名称；请填写，或删除这一行",
        "this row names no region; add it, or remove the row",
    ),
    "row_region_twice": Text(
        "地区“{found}”在第{row}行已经有了；请合并或删除一行",
        "region “{found}” already stands in row {row}; merge the rows or remove one",
    ),
    "head_blank": Text(
        "这一列没有表头，但有数据；请填写表头", "this column has cells but no heading; add one"
    ),
    "head_twice": Text(
        "列“{found}”在{other}已经有了；请改名或删除一列",
        "the column “{found}” already stands at {other}; rename or remove one",
    ),
}
