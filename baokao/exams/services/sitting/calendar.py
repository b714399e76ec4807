"""The sitting's own row and its subjects."""

from baokao.exams.imports.sitting import SittingFile
from baokao.exams.models import Sitting, SittingSubject, Subject
from baokao.exams.services.sitting.step import Step, of_row


def steps(file: SittingFile) -> list[Step]:
    """The sitting with its announced dates, then its subjects. A subject is never taken out of a sitting."""
    columns = file.columns | file.exams.days
    row = Sitting.objects.filter(code=file.code).first()
    found = [of_row(f"考次 {file.code}", row, columns, Sitting(code=file.code))]
    standing = {one.subject_id: one for one in SittingSubject.objects.filter(sitting_id=file.code)}
    labels = {subject.code: str(subject) for subject in Subject.objects.all()}
    for code, dates in file.exams.subjects.items():
        blank = SittingSubject(sitting_id=file.code, subject_id=code)
        found.append(of_row(f"科目 {labels[code]}", standing.get(code), dates, blank))
    return found
