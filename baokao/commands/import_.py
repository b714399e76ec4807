"""`baokao import schools|sitting|offerings|roster|scores|bill FILE`: files of the national office (docs/imports.md)."""

import argparse
import sys
from datetime import date
from pathlib import Path

from django.db import IntegrityError, OperationalError

from baokao.core import clock
from baokao.core.sheets import Outcome, UnreadableFile
from baokao.exams.models import Sitting
from baokao.exams.services import import_offerings, import_schools, import_sitting
from baokao.payments import providers
from baokao.payments.bills.uploads import Columns
from baokao.payments.services import import_bill
from baokao.roster.imports.merging import RosterMoved
from baokao.roster.services import import_roster, import_scores

HELP = "import a file of schools, a sitting's set-up, offerings, students, past scores or a provider's bill"
ACTOR = "national"
_TITLES = {
    "schools": "学校与校区", "sitting": "考次", "offerings": "开考科目", "roster": "学籍", "scores": "历次成绩",
    "bill": "对账单",
}  # fmt: skip


class WrongColumns(Exception):
    """What was said of a bill's columns makes no sense."""


class NoSitting(Exception):
    """Which sitting is meant can't be told."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the file holds, the file, and how."""
    kinds = parser.add_subparsers(dest="kind", required=True, help="what the file holds")
    for kind in _TITLES:
        one = kinds.add_parser(kind)
        if kind == "bill":
            one.add_argument("provider", choices=tuple(providers.NAMES))
            one.add_argument("day", type=date.fromisoformat, metavar="YYYY-MM-DD")
            one.add_argument(
                "--columns", required=True, help="number=订单号,amount=金额,at=时间, and kind, trade, refund, fee"
            )
            one.add_argument("--kinds", default="", help="支付=payment,退款=refund: words of the kind's column")
        one.add_argument("file", type=Path, metavar="FILE", help=".xlsx, or .csv in UTF-8 or GB18030; a sitting: .yaml")
        one.add_argument("--dry-run", action="store_true", help="list faults and counts, write nothing")
        one.add_argument(
            "--sitting", metavar="CODE", help="for offerings and roster; else the sitting that is open now"
        )


def run(arguments: argparse.Namespace) -> int:
    """Apply the file, or apply nothing and exit 1 when anything is wrong with it."""
    progress = TerminalProgress()
    try:
        outcome = _import(arguments, progress)
    except (UnreadableFile, NoSitting, WrongColumns) as error:
        progress.end()
        print(f"未导入任何数据：{error}", file=sys.stderr)
        return 1
    except (OperationalError, IntegrityError, RosterMoved) as error:
        # Somebody held a row for too long, wrote the same one meanwhile, or the disk is full: the database says which.
        progress.end()
        print(
            f"未导入任何数据：数据正被他人修改或数据库暂不可用，请稍后再试。（{error}）".replace("\n", " "),
            file=sys.stderr,
        )
        return 1
    progress.end()
    _report(outcome, _TITLES[arguments.kind], arguments.dry_run)
    return 0 if outcome.findings.sound else 1


def _import(arguments: argparse.Namespace, progress: "TerminalProgress") -> Outcome:
    path, dry_run, now = arguments.file, arguments.dry_run, clock.now()
    match arguments.kind:
        case "schools":
            return import_schools(path, actor=ACTOR, dry_run=dry_run, progress=progress, now=now)
        case "sitting":
            if arguments.sitting:
                raise NoSitting("考次由文件中的 sitting.code 写明，请去掉 --sitting。")
            return import_sitting(path, actor=ACTOR, dry_run=dry_run, progress=progress, now=now)
        case "scores":
            return import_scores(path, actor=ACTOR, dry_run=dry_run, progress=progress, now=now)
        case "bill":
            try:
                columns = Columns.of(arguments.columns, arguments.kinds)
            except ValueError as wrong:
                raise WrongColumns(wrong) from wrong
            return import_bill(
                path, provider=arguments.provider, day=arguments.day, columns=columns, actor=ACTOR, dry_run=dry_run,
                progress=progress, now=now,
            )  # fmt: skip
        case "offerings":
            service = import_offerings
        case _:
            service = import_roster
    sitting = _sitting(arguments.sitting)
    return service(path, sitting=sitting, actor=ACTOR, dry_run=dry_run, progress=progress, now=now)


def _sitting(code: str | None) -> str:
    if code:
        if not Sitting.objects.filter(code=code).exists():
            raise NoSitting(f"没有代码为 {code} 的考次。")
        return code
    open_now = list(Sitting.objects.filter(state=Sitting.State.OPEN).values_list("code", flat=True))
    if len(open_now) != 1:
        found = "、".join(open_now) if open_now else "无"
        raise NoSitting(f"请用 --sitting 指明考次（现在进行中的考次：{found}）。")
    return str(open_now[0])


def _report(outcome: Outcome, title: str, dry_run: bool) -> None:
    """Faults first, since they are to be mended; then warnings; then what came of it."""
    findings = outcome.findings
    for fault in findings.sorted_faults():
        print(f"错误  {fault}")
    _print_rest(findings.fault_count - len(findings.faults), "错误")
    for warning in findings.warnings:
        print(f"提醒  {warning}")
    _print_rest(findings.warning_count - len(findings.warnings), "提醒")
    if not findings.sound:
        print(f"{title}：{outcome.rows} {outcome.unit}，{findings.fault_count} 处错误，未导入任何数据。")
        return
    counts = f"新增 {outcome.added}，更改 {outcome.changed}，未变 {outcome.unchanged}"
    note = "（试运行，未写入）" if dry_run else ""
    print(f"{title}：{outcome.rows} {outcome.unit}，{counts}{note}。")
    for sentence in outcome.notes:
        print(sentence)


def _print_rest(count: int, kind: str) -> None:
    if count > 0:
        print(f"{kind}  另有 {count} 处未列出")


class TerminalProgress:
    """Progress on standard error: one line that is written over on a terminal, a line a stage elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        share = f" {min(100, done * 100 // total)}%" if total else ""
        if self._terminal:
            print(f"\r\033[K{stage}{share}", end="", file=sys.stderr, flush=True)
        elif stage != self._stage:
            print(f"{stage}…", file=sys.stderr, flush=True)
        self._stage = stage

    def end(self) -> None:
        """Leave the line."""
        if self._terminal and self._stage:
            print(file=sys.stderr)
