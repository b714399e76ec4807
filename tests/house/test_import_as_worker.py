"""`baokao import sitting` as the worker's database role: adding, changing and taking away, as an operator runs it."""

import os
import subprocess
import sys

import pytest

from baokao.exams.models import Contact, Notice, SubjectCampus, WindowPiece
from tests.exams.setting_up import SITTING, schools
from tests.site import environment_of

pytestmark = pytest.mark.django_db(transaction=True)

PIECE = "{opens_at: 2026-09-20 14:00:00, closes_at: 2026-09-30 17:00:00}"
MORE = f"""
notices: {{99: 通告}}
windows: [{{by: national, kind: written, pieces: [{PIECE}]}}]
schools: {{99101: {{allows_both_levels: false, subject_campuses: {{3: 991010}}}}}}
campuses: {{991010: {{speaking_inbound: own, contacts: [{{name: 甲, phone: 1}}]}}}}
pages: {{intro: {{title: 考试简介, body: 一}}}}
news: [{{title: 公告, published_at: 2026-09-01 09:00:00, body: 一}}]
"""
CHANGED = (SITTING + MORE).replace("一", "二").replace("99: 通告", "99: null").replace(PIECE, "")
GONE = CHANGED.replace("{3: 991010}", "{3: null}").replace("{name: 甲, phone: 1}", "").replace("false", "true")


def as_worker(path, text):
    path.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "baokao", "import", "sitting", str(path)]
    environment = os.environ | environment_of("worker")
    ran = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_the_worker_role_may_do_all_of_it(tmp_path):
    schools()
    path = tmp_path / "sitting.yaml"
    assert "新增 11，更改 2，未变 0" in as_worker(path, SITTING + MORE)
    assert "更改" in as_worker(path, CHANGED)
    as_worker(path, GONE)
    assert [model.objects.count() for model in (Notice, WindowPiece, SubjectCampus, Contact)] == [0, 0, 0, 0]
    assert "新增 0，更改 0" in as_worker(path, GONE)
