"""What the pages of students and conflicts show, from the query sets of the access."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from baokao.core.words import masked_number
from baokao.exams.reference import SUBJECTS
from baokao.office import access
from baokao.office.desk import Desk
from baokao.office.listing import Chip, Listing, Sort
from baokao.registration.models import Registration
from baokao.roster.models import RecordConflict, StudentRecord
from baokao.roster.rules import name_key, number_key

_NAMES = {code: name for code, name, *_ in SUBJECTS}


def students(desk: Desk, asked: QueryDict) -> Listing[StudentRecord]:
    """The roster, with what stands in each student's way as chips."""
    photos = access.photographed(desk).filter(record=OuterRef("pk"))
    live = access.registrations(desk).filter(record=OuterRef("pk"), state=Registration.State.LIVE)
    rows = access.records(desk).select_related("campus").annotate(photographed=Exists(photos), registered=Exists(live))
    there = Q(removed_at__isnull=True)
    return Listing(
        asked,
        rows,
        search=_search,
        chips=[
            Chip("", "在册", there),
            Chip("free", "未报名", there & Q(registered=False)),
            Chip("registered", "已报名", there & Q(registered=True)),
            Chip("no_photo", "无照片", there & Q(photographed=False)),
            Chip("restricted", "限制报考", there & ~Q(subjects_restricted="", subjects_barred="")),
            Chip("removed", "已移出学籍库", ~there),
        ],
        sorts=[
            Sort("", "院系、班级、学号", ("department", "class_name", "student_no", "id")),
            Sort("no", "学号", ("student_no", "id")),
            Sort("name", "姓名", ("name_key", "id")),
            Sort("campus", "校区", ("campus", "department", "class_name", "student_no", "id")),
        ],
    )


def _search(rows: QuerySet[StudentRecord], text: str) -> QuerySet[StudentRecord]:
    """Name, student number, department, major or class; never an ID number, which would stand in the address (H2)."""
    return rows.filter(
        Q(name_key__contains=name_key(text) or text)
        | Q(student_no__startswith=text)
        | Q(department__contains=text)
        | Q(major__contains=text)
        | Q(class_name__contains=text)
    )


def by_number(desk: Desk, number: str) -> StudentRecord | None:
    """The student with a whole ID number; who stands in the roster comes before who was removed."""
    key = number_key(number)
    found = access.records(desk).filter(id_number_digest__in=StudentRecord.id_number.search(key)) if key else []
    return min(found, key=lambda record: record.removed_at is not None, default=None)


def subject_names(codes: str) -> str:
    """`英语四级笔试；英语四级口试`, 无 for none."""
    return "；".join(_NAMES.get(code, code) for code in codes) or "无"


def eligibility(record: StudentRecord) -> dict[str, str]:
    """Eligible subjects and where each comes from, by names (rule B11)."""
    return {
        "now": subject_names(record.eligible),
        "given": subject_names(record.subjects_given),
        "score": subject_names(record.subjects_by_score),
        "review": subject_names(record.subjects_by_review),
    }


def live_registration(desk: Desk, record: StudentRecord) -> Registration | None:
    """The student's live registration."""
    return access.registrations(desk).filter(record=record, state=Registration.State.LIVE).first()


@dataclass(frozen=True)
class Claimed:
    """A conflict as its row and its page show it."""

    one: RecordConflict
    name: str
    number: str
    state: str


def conflicts(desk: Desk, asked: QueryDict) -> Listing[RecordConflict]:
    """学籍冲突, open ones first."""
    return Listing(
        asked,
        access.conflicts(desk),
        search=lambda rows, text: rows.filter(
            Q(holder__name__contains=text)
            | Q(claimant__name__contains=text)
            | Q(holder__code=text)
            | Q(claimant__code=text)
            | Q(claim__name__contains=text)
        ),
        chips=[
            Chip("open", "待处理", Q(state="open")),
            Chip("settled", "已处理", ~Q(state="open")),
            Chip("all", "全部", Q()),
        ],
        sorts=[
            Sort("", "最近提出", ("-claimed_at", "id")),
            Sort("old", "最早提出", ("claimed_at", "id")),
            Sort("school", "申请学校", ("claimant", "claimed_at", "id")),
        ],
    )


def claimed(desk: Desk, found: list[RecordConflict]) -> list[Claimed]:
    """Conflicts with their students, numbers masked."""
    records, contested = access.conflicted_records(desk, found), access.contested_numbers(desk, found)
    rows = []
    for one in found:
        record = records.get(one.record_id)
        rows.append(
            Claimed(
                one,
                record.name if record else one.claim["name"],
                masked_number(record.id_number) if record and record.id_number else contested.get(one.record_id, "—"),
                RecordConflict.State(one.state).label,
            )
        )
    return rows


def sides(desk: Desk, one: RecordConflict) -> list[tuple[str, str, str]]:
    """The two rows beside each other: label, what the holder has, what the claimant's file says."""
    record = access.conflicted_records(desk, [one]).get(one.record_id)
    labels = {
        "name": "姓名", "gender": "性别", "campus_id": "校区", "degree": "学历", "entry_year": "入学年份",
        "grade": "年级", "department": "院系", "major": "专业", "class_name": "班级", "student_no": "学号",
    }  # fmt: skip
    return [
        (label, str(getattr(record, name)) if record else "", str(one.claim.get(name, "")))
        for name, label in labels.items()
    ]
