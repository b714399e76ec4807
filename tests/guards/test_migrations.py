"""The migrations make what the models say: a change without its migration would be noticed by an operator first."""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from baokao.roster.models import StudentRecord


def missing() -> list[str]:
    """What there is no migration for."""
    known = MigrationLoader(None)
    detector = MigrationAutodetector(known.project_state(), ProjectState.from_apps(apps))
    found = detector.changes(known.graph).values()
    return [each.describe() for migrations in found for one in migrations for each in one.operations]


def test_every_model_is_as_its_migrations_make_it():
    assert missing() == []


def test_control_a_column_that_grew_without_a_migration_is_found(monkeypatch):
    monkeypatch.setattr(StudentRecord._meta.get_field("remark"), "max_length", 999)
    assert missing() == ["Alter field remark on studentrecord"]
