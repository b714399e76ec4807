"""Settings of schools and campuses and their contacts, which all sittings share, and the campuses that schools name."""

from baokao.exams.imports.sitting import SittingFile
from baokao.exams.imports.sitting.places import ContactPart
from baokao.exams.models import Campus, Contact, School, SubjectCampus
from baokao.exams.services.sitting.step import Step, of_row


def steps(file: SittingFile) -> list[Step]:
    """Schools and then campuses, each in the order of the codes."""
    return [*_schools(file), *_subject_campuses(file), *_campuses(file)]


def _schools(file: SittingFile) -> list[Step]:
    rows = School.objects.in_bulk(list(file.schools))
    return [
        of_row(f"学校 {code}", rows[code], part.columns) for code, part in sorted(file.schools.items()) if part.columns
    ]


def _subject_campuses(file: SittingFile) -> list[Step]:
    rows = SubjectCampus.objects.filter(sitting_id=file.code, school_id__in=list(file.schools))
    standing = {(row.school_id, row.subject_id): row for row in rows}
    found = []
    for school, part in sorted(file.schools.items()):
        for subject, campus in part.subject_campuses.items():
            label, row = f"学校 {school} 科目 ({subject}) 的校区", standing.get((school, subject))
            if campus is None:
                found.append(Step(f"{label}：不再指定", "changed", row.delete) if row else Step(label))
                continue
            blank = SubjectCampus(sitting_id=file.code, school_id=school, subject_id=subject)
            found.append(of_row(label, row, {"campus_id": campus}, blank))
    return found


def _campuses(file: SittingFile) -> list[Step]:
    rows = Campus.objects.in_bulk(list(file.campuses))
    contacts: dict[str, list[ContactPart]] = {}
    for row in Contact.objects.filter(campus_id__in=list(file.campuses)).order_by("id"):
        contacts.setdefault(row.campus_id, []).append(ContactPart(row.name, row.phone, row.office, row.hours))
    found = []
    for code, part in sorted(file.campuses.items()):
        if part.columns:
            found.append(of_row(f"校区 {code}", rows[code], part.columns))
        if part.contacts is not None:
            found.append(_contacts(code, contacts.get(code, []), part.contacts))
    return found


def _contacts(campus: str, standing: list[ContactPart], wanted: list[ContactPart]) -> Step:
    """All contacts of a campus are replaced together: their order is the one in which candidates see them."""
    label = f"校区 {campus} 联系人"
    if standing == wanted:
        return Step(label)

    def replace() -> None:
        Contact.objects.filter(campus_id=campus).delete()
        Contact.objects.bulk_create(Contact(campus_id=campus, **vars(one)) for one in wanted)

    return Step(f"{label}：{len(standing)} 位 → {len(wanted)} 位", "changed" if standing else "added", replace)
