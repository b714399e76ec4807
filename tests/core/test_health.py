"""What balancers, supervisors and Prometheus ask."""

import pytest
from django.db import OperationalError

from baokao.core import clock, watch
from baokao.core.http import health
from baokao.core.http.audience import Audience

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path):
    settings.DATA = tmp_path
    health._applied_once.cache_clear()
    yield
    health._applied_once.cache_clear()


def test_a_living_process_says_so_without_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_ready_with_a_database_and_all_migrations(client, django_assert_num_queries):
    assert client.get("/readyz").status_code == 200
    with django_assert_num_queries(1):
        client.get("/readyz")


def test_not_ready_while_draining(client, settings):
    (settings.DATA / "draining").touch()
    assert client.get("/readyz").status_code == 503


def test_not_ready_with_a_migration_missing(client, run_sql):
    run_sql("DELETE FROM django_migrations WHERE app = 'core'")
    assert client.get("/readyz").content == b"migrations not applied\n"


def test_not_ready_without_a_database(client, monkeypatch):
    def gone():
        raise OperationalError("connection refused")

    monkeypatch.setattr(health, "_migrated", gone)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"no database\n")


def test_metrics_tell_requests_jobs_outbox_loops_and_invariants(client, run_sql):
    now = clock.now()
    client.get("/healthz")
    watch.beat("sealer", 1.5, now)
    run_sql("INSERT INTO core_invariantrun VALUES ('I2', now(), 3)")
    run_sql(
        "INSERT INTO core_outbox (id, kind, made_at, due_at)"
        " VALUES (gen_random_uuid(), 'mail', now(), now() - interval '90 seconds')"
    )
    text = client.get("/metrics").content.decode()
    figures = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(figures['baokao_requests_total{method="GET",route="/healthz",status="200"}']) >= 1
    assert 1.5 <= float(figures['baokao_loop_lag_seconds{loop="sealer"}']) < 30
    assert float(figures['baokao_invariant_violations{name="I2"}']) == 3
    assert 90 <= float(figures["baokao_outbox_oldest_seconds"]) < 120
    assert figures["baokao_database_up"] == "1"
    assert "baokao_pool_requests_waiting" in text
    assert "baokao_oldest_job_seconds" in text


def test_metrics_exist_for_the_networks_named_only(client, settings):
    settings.METRICS_NETWORKS = ["10.0.0.0/8"]
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 200


@pytest.mark.parametrize("view", [health.healthz, health.readyz, health.metrics])
def test_they_are_for_operators(view):
    assert view.audience is Audience.OPERATOR
