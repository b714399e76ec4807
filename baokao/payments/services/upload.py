"""A bill that an operator brings as a file, where a provider's can't be fetched (rule D7)."""

from datetime import date, datetime
from pathlib import Path

from baokao.core.sheets import Outcome, Progress
from baokao.payments import providers, rules
from baokao.payments.bills import staging, uploads
from baokao.payments.bills.uploads import Columns
from baokao.payments.models import Bill, Difference
from baokao.payments.services.reconcile import reconcile


def import_bill(
    path: Path,
    *,
    provider: str,
    day: date,
    columns: Columns,
    actor: str,
    dry_run: bool,
    progress: Progress,
    now: datetime,
) -> Outcome:
    """Take a file as the provider's bill of this day, instead of what was had of it before, and compare it. Nothing is
    written on a dry run or when anything is wrong with the file.

    `UnreadableFile` when the file can't be taken at all.
    """
    outcome = Outcome()
    bill = Bill.objects.filter(provider=provider, day=day).first() or Bill(
        provider=provider, day=day, fetch_at=rules.bill_ready_at(day)
    )
    lines = uploads.lines(path, columns, day, outcome.findings, progress)
    found = (providers.as_booked(provider, line) for line in lines)
    with staging.written(found, bill.id) as file:
        outcome.rows = sum(1 for _ in file)
        file.seek(0)
        if outcome.findings.sound and not dry_run:
            progress("对账", 0, outcome.rows)
            if bill._state.adding:
                bill.save(force_insert=True)
            reconcile(bill, file, Bill.State.COMPARED, f"file {path.name}"[:60], actor, now)
            outcome.applied, outcome.added = True, outcome.rows
            listed = Difference.objects.filter(bill=bill, state=Difference.State.LISTED).count()
            outcome.notes.append(f"待处理差异 {listed} 项；请用 baokao bills differences 查看。")
    return outcome
