"""What the YAML parser's errors mean to the person who wrote the file."""

import yaml


def sentence(error: yaml.YAMLError, text: str) -> str:
    """Where the file stops being YAML, and what to look at there."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return "文件不是有效的 YAML。"
    lines = text.splitlines()
    # An end that never came is found at the end of the file: tell where it began.
    context = getattr(error, "context_mark", None)
    if mark.line >= len(lines) and context is not None:
        mark = context
    number = min(mark.line, len(lines) - 1)
    line = lines[number]
    return f"第 {number + 1} 行：YAML 写法有误，{_hint(line, lines[number - 1] if number else '', mark.column)}。"


def _hint(line: str, before: str, column: int) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent:
        return "缩进里有制表符（Tab），请改用空格"
    if line[column : column + 1] in ("@", "`", "%", "\t"):
        return f"以 {line[column : column + 1]!r} 开头的文字请加引号"
    if "：" in line.split(":")[0] or ("：" in before and ":" not in before):
        return "键后面的冒号应为半角（:），后面加一个空格"
    if line.count('"') % 2 or line.count("'") % 2:
        return "引号不成对，或转义无效"
    if line.count(": ") > 1 and "{" not in line:
        return "一行里有两个冒号；值里有冒号的请加引号"
    return "请检查缩进是否对齐、冒号后是否有空格、括号是否成对"
