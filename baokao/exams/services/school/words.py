"""学校通告 of a sitting, and the 学校负责老师 of a campus (rules C1, G8)."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from baokao.core import versions
from baokao.core.verdict import Refused, RefusedError
from baokao.exams.audit import ExamsAction
from baokao.exams.models import Contact, Notice
from baokao.exams.services.school.turn import Setter, refuse_changed, refuse_frozen_anywhere, turn

NOTICE_AT_MOST = 4000
CONTACTS_AT_MOST = 8
NO_CONTACT = Refused("no_contact", "至少填写一位负责老师。", "考生遇到问题时会看到。", about="name_0")


@dataclass(frozen=True)
class ContactLine:
    """One 学校负责老师: 联系人, 电话, 办公地点, 办公时间."""

    name: str
    phone: str
    office: str = ""
    hours: str = ""


def notice_version(body: str) -> str:
    """The version of a notice, by its text."""
    return versions.version({"body": body})


def set_notice(setter: Setter, body: str, seen: str) -> bool:
    """Let 学校通告 say this, one line a paragraph; empty takes it down. Whether anything changed.

    Raises RefusedError when it is too long, and when somebody else changed it meanwhile.
    """
    with turn(setter, ExamsAction.NOTICE_SET, f"notice:{setter.school}") as record:
        if len(body) > NOTICE_AT_MOST:
            message = f"通告最多 {NOTICE_AT_MOST} 字，现有 {len(body)} 字。"
            raise RefusedError(Refused("too_long", message, "请删减后再保存。", about="body"))
        row = Notice.objects.filter(sitting_id=setter.sitting, school_id=setter.school).first()
        standing = row.body if row else ""
        told = f"通告，现有 {len(standing)} 字，开头是“{standing[:20]}”" if standing else "通告，现已撤下"
        refuse_changed(seen, {"body": standing}, {"body": told})
        if body == standing:
            return False
        record({"characters": [len(standing), len(body)]})
        if row is None:
            Notice.objects.create(sitting_id=setter.sitting, school_id=setter.school, body=body)
        elif body:
            row.body = body
            row.save(update_fields=["body"])
        else:
            row.delete()
        return True


def contacts_version(lines: Sequence[ContactLine]) -> str:
    """The version of a campus's contacts."""
    return versions.version(_values(lines))


def set_contacts(setter: Setter, campus: str, lines: Sequence[ContactLine], seen: str) -> bool:
    """Replace the campus's contacts, in the order in which candidates see them. Whether anything changed.

    Raises RefusedError when there would be none (every refusal that says 联系学校负责老师 shows them, rule G8) or too
    many, when they are frozen in another sitting, and when somebody else changed them meanwhile.
    """
    with turn(setter, ExamsAction.CONTACTS_SET, f"campus:{campus}") as record:
        if not lines:
            raise RefusedError(NO_CONTACT)
        if len(lines) > CONTACTS_AT_MOST:
            raise RefusedError(Refused("too_many_contacts", f"最多填写 {CONTACTS_AT_MOST} 位负责老师。"))
        rows = Contact.objects.filter(campus_id=campus)
        standing = [ContactLine(row.name, row.phone, row.office, row.hours) for row in rows]
        told = f"负责老师，现为 {'、'.join(f'{line.name} {line.phone}' for line in standing) or '无'}"
        refuse_changed(seen, _values(standing), {"contacts": told})
        if list(lines) == standing:
            return False
        refuse_frozen_anywhere(setter.school)
        # Who may be asked is public; the log keeps how many there were and not their numbers.
        record({"count": [len(standing), len(lines)]})
        rows.delete()
        Contact.objects.bulk_create(Contact(campus_id=campus, **vars(line)) for line in lines)
        return True


def _values(lines: Sequence[ContactLine]) -> dict[str, object]:
    return {"contacts": [list(astuple(line)) for line in lines]}
