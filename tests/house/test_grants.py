"""What the web's and the worker's roles may do, asked of PostgreSQL as those roles (rule H2)."""

import psycopg
import pytest
from django.apps import apps
from django.db import connection
from psycopg.errors import InsufficientPrivilege

from baokao.config import grants
from tests.site import address

pytestmark = pytest.mark.django_db

REFUSED_TO_WEB = (
    "SELECT * FROM core_audit",
    "UPDATE core_audit SET actor = 'nobody'",
    "DELETE FROM core_audit",
    "TRUNCATE core_audit",
    "DELETE FROM core_seal",
    "INSERT INTO core_seal DEFAULT VALUES",
    "UPDATE core_switch SET changed_at = now()",
    "DELETE FROM registration_entry",
    "DELETE FROM registration_registration",
    "DELETE FROM passport_passport",
    "UPDATE exams_offering SET fee = 0",
    "DELETE FROM exams_offering",
    "UPDATE roster_studentrecord SET sitting_id = '20261'",
    "DELETE FROM roster_studentrecord",
    "SELECT sealed FROM core_uploadchunk",
    "DELETE FROM roster_importline",
    "UPDATE roster_importline SET subjects_given = '1'",
    "UPDATE roster_recordchange SET by_name = ''",
    "DELETE FROM roster_recordconflict",
    "UPDATE exams_school SET name = ''",
    "UPDATE exams_campus SET school_id = '99101'",
    "UPDATE django_migrations SET name = ''",
    "INSERT INTO procrastinate_jobs (task_name) VALUES ('core.x')",
    "CREATE TABLE mine (id int)",
    "CREATE TEMPORARY TABLE mine (id int)",
    "ALTER TABLE core_audit ADD COLUMN mine int",
    "DROP TABLE core_switch",
)
REFUSED_TO_WORKER = (
    "UPDATE core_audit SET actor = 'nobody'",
    "DELETE FROM core_audit",
    "TRUNCATE core_audit",
    "UPDATE core_seal SET count = 0",
    "DELETE FROM core_seal",
    "DELETE FROM registration_entry",
    "DELETE FROM exams_offering",
    "DELETE FROM exams_sitting",
    "CREATE TABLE mine (id int)",
    "DROP TABLE core_switch",
)


def refused(role, statement):
    with psycopg.connect(address(role)) as raw:
        try:
            raw.execute(statement)
        except (InsufficientPrivilege, psycopg.errors.UndefinedTable) as error:
            return isinstance(error, InsufficientPrivilege)
        finally:
            raw.rollback()
    return False


@pytest.mark.parametrize("statement", REFUSED_TO_WEB)
def test_the_web_role_is_refused(statement):
    assert refused("web", statement)


@pytest.mark.parametrize("statement", REFUSED_TO_WORKER)
def test_the_worker_role_is_refused(statement):
    assert refused("worker", statement)


def test_the_web_role_may_move_an_offering_s_counter():
    assert not refused("web", "UPDATE exams_offering SET taken = taken + 1, capacity = greatest(target, taken + 1)")


def test_the_worker_role_may_seal_and_import():
    assert not refused("worker", "SELECT count(*) FROM core_audit")
    assert not refused("worker", "CREATE TEMPORARY TABLE staged (id int)")


def test_every_table_of_ours_has_a_line_of_its_own():
    ours = {model._meta.db_table for model in apps.get_models() if model.__module__.startswith("baokao.")}
    assert ours - grants.TABLES.keys() == set(), "say in baokao/config/grants.py what web and worker may do with these"
    assert {table for table in grants.TABLES if table != "django_migrations"} - ours == set(), "these tables are gone"


def test_giving_rights_again_changes_nothing():
    def rights():
        with connection.cursor() as cursor:
            cursor.execute("SELECT relname, relacl::text FROM pg_class WHERE relkind = 'r' ORDER BY 1")
            return [(name, sorted((acl or "").strip("{}").split(","))) for name, acl in cursor.fetchall()]

    before = rights()
    grants.apply()
    assert rights() == before
