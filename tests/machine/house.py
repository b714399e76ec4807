"""The machine's other half: the real services on a real database, told in the model's terms."""

from datetime import timedelta
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from baokao.core.brief import forget_all
from baokao.core.http.refusals import RateLimited
from baokao.core.verdict import RefusedError
from baokao.exams.models import Agreement, Campus, Offering, WindowPiece
from baokao.exams.services import import_offerings, import_schools
from baokao.registration import services
from baokao.registration.models import Entry, Registration
from baokao.roster.models import StudentRecord
from baokao.roster.services import import_roster, import_scores
from tests import files
from tests.cast import NOW, SITTING, ensure_reference_data, passports_without_password, set_stage
from tests.machine import model
from tests.machine.model import NEAR, OFFERED, OWN_OTHER, PIECES, Refusals


class House:
    """Set up through the imports, as an operator would, and used through the services."""

    def __init__(self, folder: Path, passports: int) -> None:
        call_command("flush", interactive=False, verbosity=0)
        forget_all()
        ensure_reference_data()
        set_stage()
        Offering.objects.all().delete()
        WindowPiece.objects.all().delete()
        self.file = folder / "import.csv"
        self.hours = 0.0
        self._import(import_schools, files.SCHOOLS, _school(OWN_OTHER))
        Campus.objects.filter(code=OWN_OTHER).update(speaking_inbound="own")
        self.set_seats({(campus, code): 1 for campus, codes in OFFERED.items() for code in codes})
        self.passports = passports_without_password(passports)

    def begin(self, records: dict[str, model.Record], seats: int) -> None:
        """As new: nobody registered, one version of the agreement, these records and so many seats everywhere."""
        with connection.cursor() as cursor:
            cursor.execute(
                "TRUNCATE registration_registration, registration_agreementacceptance, roster_studentrecord,"
                " roster_pastscore, core_throttle, core_audit, core_outbox CASCADE"
            )
        Agreement.objects.filter(version__gt=1).delete()
        Offering.objects.update(target=seats, capacity=seats, taken=0)
        forget_all()
        self.hours = 0.0
        self.set_records(records)

    @property
    def now(self):
        return NOW + timedelta(hours=self.hours)

    def set_seats(self, seats: dict[tuple[str, str], int]) -> None:
        rows = [
            _offering(campus, code, count, *piece)
            for (campus, code), count in seats.items()
            for piece in _pieces(campus, code)
        ]
        columns = [*files.OFFERINGS, "缴费截止", "开放对象"]
        self._import(import_offerings, columns, *rows, sitting=SITTING)

    def set_records(self, records: dict[str, model.Record]) -> None:
        rows = [
            files.student(
                证件类型="澳门身份证", 证件号码=number, 姓名=f"考生{number[-1]}", 校区代码=record.campus, 学号=number,
                资格科目="".join(sorted(record.given)), 限制科目="".join(sorted(record.restricted)), 限制原因="作弊",
            )
            for number, record in records.items()
        ]  # fmt: skip
        self._import(import_roster, files.ROSTER, *rows, sitting=SITTING)

    def set_score(self, number: str) -> None:
        row = {
            "准考证号": f"99101016210010{number[-1]}", "证件类型": "澳门身份证", "证件号码": number,
            "姓名": f"考生{number[-1]}", "科目": "1", "成绩": "430",
        }  # fmt: skip
        self._import(import_scores, files.SCORES, row)

    def new_agreement(self, version: int) -> None:
        Agreement.objects.create(sitting_id=SITTING, version=version, label=f"第{version}版", body="遵守考试纪律。")
        forget_all()

    # What candidates do

    def accept(self, passport: int, version: int) -> Refusals:
        return refusals(services.accept_agreement, self._id(passport), SITTING, version, "192.0.2.7", self.now)

    def look_up(self, passport: int, number: str, name: str) -> Refusals:
        return refusals(
            services.look_up, self._id(passport), SITTING, "6", f" {number.lower()} ", name, "192.0.2.7", self.now
        )  # fmt: skip

    def save(self, passport: int, number: str) -> Refusals:
        record = StudentRecord.objects.get(student_no=number)
        return refusals(services.save_registration, self._id(passport), record.id, self.now)

    def enter(self, passport: int, codes: set[str], along: set[str]) -> Refusals:
        return refusals(
            services.save_entries, self._id(passport), SITTING, frozenset(codes), self.now, frozenset(along)
        )

    def speak(self, passport: int, places: dict[str, str]) -> Refusals:
        return refusals(services.save_speaking, self._id(passport), SITTING, places, self.now)

    def end(self, passport: int) -> Refusals:
        return refusals(services.end_registration, self._id(passport), SITTING, self.now)

    # What there is

    def registrations(self) -> dict:
        found = Registration.objects.filter(state="live").select_related("record")
        return {
            self._index(one.passport_id): (one.record.student_no, set(one.subjects), self._since(one.empty_since))
            for one in found
        }

    def entries(self) -> set:
        rows = Entry.objects.filter(state__in=Entry.LIVE).values_list(
            "registration__passport_id", "subject_id", "offering__campus_id", "held_until"
        )
        return {(self._index(who), code, campus, self._since(until)) for who, code, campus, until in rows}

    def seats(self) -> dict:
        rows = Offering.objects.values_list("campus_id", "subject_id", "target", "capacity", "taken")
        return {(campus, code): figures for campus, code, *figures in rows}

    def _id(self, passport: int):
        return self.passports[passport].id

    def _index(self, passport_id) -> int:
        return next(n for n, passport in enumerate(self.passports) if passport.id == passport_id)

    def _since(self, moment) -> float | None:
        return None if moment is None else (moment - NOW) / timedelta(hours=1)

    def _import(self, service, columns, *rows, **options) -> None:
        path = files.write_csv(self.file, columns, *rows)
        outcome = service(
            path, actor="national", dry_run=False, progress=lambda *_: None, now=self.now, **options
        )  # fmt: skip
        assert outcome.findings.sound, outcome.findings.sorted_faults()


def refusals(service, *arguments) -> Refusals:
    """The codes that the service refuses with, as (code, subject)."""
    try:
        service(*arguments)
    except RefusedError as refused:
        return {(one.code, one.about) for one in refused.refusals}
    except RateLimited:
        return {("rate_limited", "")}
    return set()


def _pieces(campus: str, code: str):
    """The pieces of the model as the file has them; NEAR's speaking opens for its own and, later, for all."""
    if campus != NEAR or code not in model.NEEDS:
        return [(*piece, "全部") for piece in PIECES]
    (opens, closes, pay_until), second = PIECES
    return [(opens, closes, pay_until, "本校"), (model.LATER, closes, pay_until, "全部"), (*second, "全部")]


def _offering(campus: str, code: str, seats: int, opens: float, closes: float, pay_until: float, group: str):
    opened, closed, payable = (
        f"{(NOW + timedelta(hours=hours + 8)):%Y-%m-%d %H:%M:%S}" for hours in (opens, closes, pay_until)
    )
    return {
        "校区代码": campus, "科目": code, "容量": str(seats), "费用": "0.01", "开放时间": opened, "截止时间": closed,
        "缴费截止": payable, "开放对象": group,
    }  # fmt: skip


def _school(campus: str) -> dict[str, str]:
    return {
        "省代码": "99", "学校代码": campus[:5], "学校名称": "测试学校机构01", "校区代码": campus, "校区名称": "校区002"
    }  # fmt: skip
