"""Each fault of a sitting's file, with its line, its path and its reason; nothing is written with any (rule G3)."""

import random
from pathlib import Path

import pytest

from baokao.core.sheets import Findings
from baokao.core.yamlfile import Items, Pairs, Scalar, read
from baokao.exams.imports import sitting as files
from baokao.exams.imports.sitting.known import Known, SubjectKnown
from baokao.exams.models import Campus, Sitting
from baokao.exams.reference import SUBJECTS
from tests.exams.setting_up import SITTING, importing, schools

__all__ = ["importing"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _schools(db):
    schools()


OPEN = "opens_at: 2026-09-20 14:00:00, closes_at: 2026-09-30 17:00:00"

# A line beneath SITTING, on line 7 of the file, and below it how its fault begins.
FAULTS = f"""
windwos: []
    windwos：未知的键“windwos”，是否想写 windows？
agreement: {{label: x, text: y}}
    agreement：这个键重复，第 6 行已写过
windows:
    windows：未填写；不改动此项的请删去这个键
windows: {{by: national}}
    windows：应为列表（每项以 - 开头，或写在 [ ] 里），不是一组“键: 值”
windows: [national]
    windows[1]：应为一组“键: 值”（冒号为半角，后面有空格），不是一个值“national”
windows: [{{kind: written, pieces: []}}]
    windows[1].by：未填写
windows: [{{by: 099, kind: written, pieces: []}}]
    windows[1].by：应为 national，或 2 位省代码、5 位学校代码、6 位校区代码，不是“099”
windows: [{{by: 98, kind: written, pieces: []}}]
    windows[1].by：未知的省代码“98”
windows: [{{by: 99999, kind: written, pieces: []}}]
    windows[1].by：未知的学校代码“99999”
windows: [{{by: 991019, kind: written, pieces: []}}]
    windows[1].by：未知的校区代码“991019”
windows: [{{by: national, pieces: []}}]
    windows[1].kind：kind（整类）与 subjects（单个科目）须写且只写一个
windows: [{{by: national, kind: written, subjects: [1], pieces: []}}]
    windows[1].kind：kind（整类）与 subjects（单个科目）须写且只写一个
windows: [{{by: national, kind: oral, pieces: []}}]
    windows[1].kind：应为 written（笔试）或 speaking（口试），不是“oral”
windows: [{{by: national, subjects: [7], pieces: []}}]
    windows[1].subjects[1]：本考次没有科目 (7) 俄语四级笔试，请先写入 exams
windows: [{{by: national, subjects: [数学], pieces: []}}]
    windows[1].subjects[1]：未知的科目“数学”，应为科目代码（如 1、F）或名称
windows: [{{by: national, subjects: [], pieces: []}}]
    windows[1].subjects：列表是空的；整类开放的请改写 kind
windows: [{{by: national, subjects: [1, 1], pieces: []}}]
    windows[1].by：全国 (1) 的时间在第 7 行已写过，请写在一处
windows: [{{by: national, kind: written}}]
    windows[1].pieces：未填写；要撤销已设的时间请写 []
windows: [{{by: national, kind: written, pieces: }}]
    windows[1].pieces：未填写；不改动此项的请删去这个键
windows: [{{by: national, subjects: , pieces: []}}]
    windows[1].subjects：未填写；不改动此项的请删去这个键
windows: [{{by: national, kind: written, pieces: [{", ".join("x" * 101)}]}}]
    windows[1].pieces：至多 100 段
windows: [{{by: 99, kind: written, pieces: [{{{OPEN}, open: x}}]}}]
    windows[1].pieces[1].open：未知的键“open”，是否想写 opens_at？
windows: [{{by: 99, kind: written, pieces: [{{opens_at: 2026-09-20 14:00:00}}]}}]
    windows[1].pieces[1].closes_at：未填写
windows: [{{by: 99, kind: written, pieces: [{{opens_at: 9月20日, closes_at: 2026-09-30 17:00:00}}]}}]
    windows[1].pieces[1].opens_at：应为 2026-09-20 14:00:00 的形式，不是“9月20日”
windows: [{{by: 99, kind: written, pieces: [{{opens_at: 2026-09-20 14:00:00, closes_at: 2026-09-20 14:00:00}}]}}]
    windows[1].pieces[1].closes_at：不晚于开放时间
windows: [{{by: 99, kind: written, pieces: [{{{OPEN}, pay_until: 2026-09-30 16:59:59}}]}}]
    windows[1].pieces[1].pay_until：早于截止时间
windows: [{{by: 99, kind: written, pieces: [{{{OPEN}, for: 校友}}]}}]
    windows[1].pieces[1].for：应为 everyone（全部）、own（本校）、{{grade: 年级}} 或 {{degree: 学历}}，不是“校友”
windows: [{{by: 99, kind: written, pieces: [{{{OPEN}, for: {{grade: 04, degree: 本科}}}}]}}]
    windows[1].pieces[1].for：应为 grade（年级）或 degree（学历）之一；几个群体请分成几段
windows: [{{by: 99, kind: written, pieces: [{{{OPEN}, for: {{grade: ''}}}}]}}]
    windows[1].pieces[1].for.grade：未填写
windows: [{{by: 99, kind: written, pieces: [{{{OPEN}}}, {{{OPEN}}}]}}]
    windows[1].pieces[2]：与第 7 行的开放时间重叠
notices: {{990: x}}
    notices.990：应为 2 位省代码或 5 位学校代码，不是“990”
notices: {{97: x}}
    notices.97：未知的省代码“97”
notices: {{99: [x]}}
    notices.99：应为一个值，不是列表或映射
notices: {{99: }}
    notices.99：未填写
notices: {{99: x, '99': y}}
    notices.99：这个键重复，第 7 行已写过
notices: {{99: {"长" * 20001}}}
    notices.99：过长（多于 20000 个字符）
instructions: {{writing: x}}
    instructions.writing：未知的键“writing”，是否想写 written？
instructions: {{written: null}}
    instructions.written：不能为 null；不改动此项的请删去这个键
schools: {{99109: {{allows_both_levels: true}}}}
    schools.99109：未知的学校代码“99109”
schools: {{09910: {{allows_both_levels: true}}}}
    schools.09910：未知的学校代码“09910”
schools: {{9910: {{allows_both_levels: true}}}}
    schools.9910：应为 5 位学校代码，不是“9910”
schools: {{99101: {{allows_both_levels: no}}}}
    schools.99101.allows_both_levels：应为 true 或 false，不是“no”
schools: {{99101: {{speaking_outbound: all}}}}
    schools.99101.speaking_outbound：应为 own（本校）或 any（不限），不是“all”
schools: {{99101: {{subject_campuses: {{3: 993010}}}}}}
    schools.99101.subject_campuses.3：校区 993010 不是学校 99101 的
schools: {{99101: {{subject_campuses: {{F: 991010}}}}}}
    schools.99101.subject_campuses.F：科目 (F) 英语四级口试 是口试，校区由考生选择，不能指定
schools: {{99101: {{subject_campuses: {{7: 991010}}}}}}
    schools.99101.subject_campuses.7：本考次没有科目 (7) 俄语四级笔试，请先写入 exams
schools: {{99101: {{subject_campuses: {{3: 991010, 日语四级笔试: 991011}}}}}}
    schools.99101.subject_campuses.日语四级笔试：科目 (3) 日语四级笔试 写了两次
campuses: {{991010: {{speaking_inbound: any}}}}
    campuses.991010.speaking_inbound：应为 own（本校）、province（本省）或 nation（全国），不是“any”
campuses: {{991010: {{contacts: [{{name: 王老师}}]}}}}
    campuses.991010.contacts[1].phone：未填写
campuses: {{991010: {{contacts: [{{name: 王老师, phone: 1, offices: 1}}]}}}}
    campuses.991010.contacts[1].offices：未知的键“offices”，是否想写 office？
campuses: {{991010: {{contacts: }}}}
    campuses.991010.contacts：未填写；不改动此项的请删去这个键
campuses: {{991010: {{contacts: null}}}}
    campuses.991010.contacts：应为列表（每项以 - 开头，或写在 [ ] 里），不是一个值“null”
pages: {{Intro!: {{title: x, body: y}}}}
    pages.Intro!：页面代码应为小写字母、数字和 -，至多 30 个字符，不是“Intro!”
pages: {{intro: {{title: x}}}}
    pages.intro.body：未填写
news: [{{title: x, body: y}}]
    news[1].published_at：未填写
news: [{{title: x, published_at: 2026-09-01 09:00, body: y}}, {{title: x, published_at: 2026-09-01 09:00, body: z}}]
    news[2].title：与第 7 行的新闻相同
"""

# Whole files, and how the fault on their last line begins. NEW is one line.
NEW = "sitting: {code: 20262, name: 新考次}"
FRAME_FAULTS = """
exams: {}
    sitting：未填写；文件须写明是哪个考次
sitting: {name: x}
    sitting.code：未填写
sitting: {code: 20263}
    sitting.code：应为年份加 1（上半年）或 2（下半年），如 20262，不是“20263”
sitting: {code: 020262}
    sitting.code：应为年份加 1（上半年）或 2（下半年），如 20262，不是“020262”
sitting: {code: 20262}
    sitting.name：未填写；考次 20262 是新的，须有名称
sitting: {code: 20262, name: x, state: on}
    sitting.state：应为 preparing（准备中）、open（进行中）或 closed（已结束），不是“on”
sitting: {code: 20262, name: x, state: open}
    agreement：未填写；进行中（open）的考次须有报名协议，否则考生无法继续
sitting: {code: 20262, name: x, registration_opens_at: 2026-09-30 17:00, registration_closes_at: 2026-09-20 14:00}
    sitting.registration_closes_at：不晚于报名开始时间 registration_opens_at
NEW exams: {written: {subjects: []}}
    exams.written.day：未填写
NEW exams: {written: {day: 2026-12-12}}
    exams.written.subjects：未填写
NEW exams: {written: {day: 12/12, subjects: []}}
    exams.written.day：应为 2026-12-12 的形式，不是“12/12”
NEW exams: {written: {day: null, subjects: [{code: F}]}}
    exams.written.subjects[1].code：科目 (F) 英语四级口试 不属于 written
NEW exams: {speaking_6: {day: null, subjects: [{code: F}]}}
    exams.speaking_6.subjects[1].code：科目 (F) 英语四级口试 不属于 speaking_6
NEW exams: {written: {day: null, subjects: [{code: 1}, {code: 1}]}}
    exams.written.subjects[2]：科目 (1) 英语四级笔试 在 exams 中写了两次
NEW exams: {written: {day: null, subjects: [{code: 1}]}, undated: [1]}
    exams.undated[1]：科目 (1) 英语四级笔试 在 exams 中写了两次
NEW exams: {written: {day: null, subjects: [{code: 1, starts: 09:00}]}}
    exams.written.subjects[1].ends：未填写；starts 与 ends 须一起写
NEW exams: {written: {day: null, subjects: [{code: 1, starts: 09:00, ends: 540}]}}
    exams.written.subjects[1].ends：应为 09:00 的形式，不是“540”
NEW exams: {written: {day: null, subjects: [{code: 1, starts: 11:20, ends: 09:00}]}}
    exams.written.subjects[1].ends：不晚于 starts
NEW exams: {writen: {}}
    exams.writen：未知的键“writen”，是否想写 written？
NEW agreement: {text: x}
    agreement.label：未填写
NEW agreement: {label: x, text: '  '}
    agreement.text：未填写
"""


def pairs(table):
    lines = table.strip().splitlines()
    return [(one, fault.strip()) for one, fault in zip(lines[::2], lines[1::2], strict=True)]


def refused(importing, text, line, fault):
    code, out = importing(text)
    assert out == f"错误  第 {line} 行，{fault}\n考次：0 项，1 处错误，未导入任何数据。\n"
    assert code == 1
    assert not Sitting.objects.exists()


@pytest.mark.parametrize(("line", "fault"), pairs(FAULTS))
def test_each_fault_names_line_path_and_reason(importing, line, fault):
    refused(importing, f"{SITTING}{line}\n", 7, fault)


@pytest.mark.parametrize(("text", "fault"), pairs(FRAME_FAULTS))
def test_each_fault_of_the_frame_names_line_path_and_reason(importing, text, fault):
    lines = text.replace("NEW ", f"{NEW}\n")
    refused(importing, lines, len(lines.splitlines()), fault)


def test_a_subject_that_the_sitting_has_can_t_be_forgotten(importing):
    importing(SITTING)
    _, out = importing("sitting: {code: 20262}\nexams: {written: {day: 2026-12-19, subjects: [{code: 1}]}}")
    assert (
        "第 2 行，exams.written：本考次已有科目 (3) 日语四级笔试，请写入 subjects，不公布考试日期的写入 undated" in out
    )


def test_all_faults_are_listed_in_the_order_of_the_file(importing):
    code, out = importing(SITTING + "pages: {x: 1}\nnotices: {1: x}\nwindows: [{by: 1}]\n")
    assert code == 1
    assert [line.split("，")[0] for line in out.splitlines()[:-1]] == [
        "错误  第 7 行", "错误  第 8 行", "错误  第 9 行", "错误  第 9 行", "错误  第 9 行",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a:\n\tb: 1", "缩进里有制表符"),
        ("a: &a [*a]", "不支持锚点和引用"),
        ("a: [" * 50, "嵌套过深"),
        ("", "文件是空的"),
    ],
)
def test_d1_a_file_that_is_no_sound_yaml_is_refused_in_a_sentence(importing, text, reason):
    code, out = importing(text)
    assert (code, out.startswith("未导入任何数据："), reason in out) == (1, True, True)


def test_the_sitting_stands_in_the_file_and_not_on_the_command_line(importing):
    code, out = importing(SITTING, sitting="20261")
    assert (code, "考次由文件中的 sitting.code 写明，请去掉 --sitting。" in out) == (1, True)


ODD = f"""
windows: [{{by: national, kind: written, pieces: [{{{OPEN}}}]}}, {{by: 99, kind: written, pieces: [{{{
    OPEN.replace("-09-", "-10-")
}}}]}}]
    99 笔试：与全国的开放时间没有重叠，考生将无法报考
windows: [{{by: 99, kind: written, pieces: [{{{OPEN}}}]}}, {{by: 99, subjects: [1], pieces: [{{{OPEN}}}]}}]
    99 (1)：同一设置者对笔试整类另有时间，两者都有效
"""


@pytest.mark.parametrize(("line", "warning"), pairs(ODD))
def test_c13_what_is_sound_and_odd_is_warned_of(importing, line, warning):
    code, out = importing(f"{SITTING}{line}\n")
    assert (code, f"提醒  第 7 行，windows：{warning}\n" in out) == (0, True)


def test_a_sitting_taken_out_of_registration_is_warned_of(importing):
    importing(SITTING)
    code, out = importing("sitting: {code: 20262, state: preparing}")
    assert (code, "提醒  第 1 行，sitting.state：考次将不再进行中，考生不能再进入报名" in out) == (0, True)


EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "sitting.yaml"
KNOWN = Known(
    "20262", frozenset({"99"}), frozenset({"99101", "99301"}), frozenset({"991010", "991011"}),
    {code: SubjectKnown(code, name, level, kind) for code, name, level, _, kind in SUBJECTS},
)  # fmt: skip


def test_the_checks_are_pure(django_assert_num_queries, tmp_path):
    """A file is judged against what is known of it and asks nothing of the database."""
    path = tmp_path / "s.yaml"
    path.write_text(f"{SITTING}windows: [{{by: 991010, subjects: [1, F], pieces: [{{{OPEN}}}]}}]", encoding="utf-8")
    findings = Findings()
    with django_assert_num_queries(0):
        file = files.read(read(path), KNOWN, findings)
    assert findings.sound
    assert [one.key for one in file.windows] == [
        ("campus", "991010", "written", "1"), ("campus", "991010", "speaking", "F"),
    ]  # fmt: skip
    assert Campus.objects.exists()


JUNK = [Scalar(1, ""), Scalar(1, "null"), Scalar(1, "01"), Scalar(1, "x" * 300), Scalar(1, "99101"), Items(1), Pairs(1),
        Items(1, [Scalar(1, "null")]), Items(1, [Items(1)]), Pairs(1, [(Scalar(1, "code"), Items(1))])]  # fmt: skip


def spoilt(node, chance):
    """The tree with some of its nodes replaced by others, and some of its keys."""
    if chance.random() < 0.03:
        return chance.choice(JUNK)
    if isinstance(node, Items):
        return Items(node.line, [spoilt(one, chance) for one in node.nodes])
    if isinstance(node, Pairs):
        pairs = [(key, spoilt(value, chance)) for key, value in node.pairs]
        return Pairs(node.line, [(chance.choice(pairs)[0] if chance.random() < 0.03 else key, v) for key, v in pairs])
    return node


@pytest.mark.parametrize("seed", range(300))
def test_d1_whatever_stands_where_is_a_fault_and_no_traceback(seed):
    findings = Findings()
    root = spoilt(read(EXAMPLE), random.Random(seed))
    code, faults = files.code_of(root)
    assert code or not faults.sound
    files.names_shared(root)
    files.read(root, KNOWN, findings)
    assert all(fault.row and fault.reason for fault in findings.faults)
