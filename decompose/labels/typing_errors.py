"""What is wrong with a command as it was typed: patterns of what argparse says, and our words."""

from __future__ import annotations

from decompose.labels.message import Text

WRONG_COMMANDS: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: verb", "请写要做的事，如 check、solve"),
    (r"the following arguments are required: (.+)", r"缺少 \1"),
    (r"argument verb: invalid choice: (\S+?),? .*", r"没有 \1 这条命令"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", r"\1 不能写 \2，可以写 \3"),
    (r"argument (.+?): invalid \w+ value: (.+)", r"\1 写得不对：\2"),
    (r"argument (.+?): expected .+", r"\1 后面要写内容"),
    (r"argument (.+?): not allowed with argument (.+)", r"\1 与 \2 不能一起写"),
    (r"unrecognized arguments: (.+)", r"不认识 \1"),
    (r"ambiguous option: (.+?) could match (.+)", r"\1 不明确，可以是 \2"),
    (r"argument (.+?): ignored explicit argument (.+)", r"\1 后面不能写 \2"),
)
"""A pattern of argparse's own English, and what it is in Chinese."""

TYPED: dict[str, Text] = {
    "command_wrong": Text(
        "命令写得不对：{found}。用法：{program} --help",
        "the command is wrong: {found}. For help: {program} --help --language en",
    ),
    "template_kept": Text(
        "{path} 原来的内容已另存为 {kept}", "what {path} held has been kept as {kept}"
    ),
    "old_name": Text("{stem}（原{number}）", "{stem} (old{number})"),
}
