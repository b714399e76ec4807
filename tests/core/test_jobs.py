"""The worker's jobs: each is safe to run twice, and a worker that dies leaves nothing undone (proof c1, I14)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from procrastinate.contrib.django import app

from baokao.core import clock, tasks
from baokao.core.models import CaptchaPicture

pytestmark = pytest.mark.django_db(transaction=True)


def work() -> None:
    """A worker that goes home when nothing is left to do; in a thread, since a browser test's loop may run in ours."""

    def run() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
            working.run_worker(wait=False, listen_notify=False, delete_jobs="successful", install_signal_handlers=False)
        connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(run).result()


def test_what_a_dead_worker_was_doing_is_run_again(run_sql):
    run_sql(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args, status)"
        """ VALUES ('default', 'core.clean', 'core.clean', '{"timestamp": 0}', 'doing')"""
    )
    run_sql("INSERT INTO core_throttle VALUES ('old', now() - interval '1 day', now())")
    app.configure_task("core.take_up_stalled").defer(timestamp=0)
    work()
    assert run_sql("SELECT count(*) FROM procrastinate_jobs") == [(0,)]
    assert run_sql("SELECT count(*) FROM core_throttle") == [(0,)]


def test_a_stalled_job_that_was_asked_for_again_is_run_once(run_sql):
    for status in ("doing", "todo"):
        run_sql(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args, status)"
            """ VALUES ('default', 'core.clean', 'core.clean', '{"timestamp": 0}', %s)""",
            status,
        )
    run_sql("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour' WHERE status = 'todo'")
    app.configure_task("core.take_up_stalled").defer(timestamp=0)
    work()
    assert run_sql("SELECT status::text FROM procrastinate_jobs") == [("todo",)]


def test_pictures_are_made_and_old_ones_go():
    tasks.fill_captcha_pool(timestamp=0)
    first = set(CaptchaPicture.objects.values_list("id", flat=True))
    assert len(first) == 20
    with clock.travel(clock.now() + timedelta(minutes=17)):
        tasks.fill_captcha_pool(timestamp=0)
    assert not first & set(CaptchaPicture.objects.values_list("id", flat=True))


def test_cleaning_and_asking_twice_changes_nothing(run_sql):
    for _ in range(2):
        tasks.clean(timestamp=0)
        tasks.ask_invariants(timestamp=0)
    assert run_sql("SELECT sum(violations) FROM core_invariantrun") == [(0,)]


def test_a_sent_mail_is_forgotten_after_a_month(run_sql):
    run_sql(
        "INSERT INTO core_outbox (id, kind, made_at, due_at, sent_at) SELECT gen_random_uuid(), 'mail', d, d, d"
        " FROM (VALUES (now() - interval '29 days'), (now() - interval '31 days')) AS days (d)"
    )
    tasks.clean(timestamp=0)
    assert run_sql("SELECT count(*) FROM core_outbox") == [(1,)]
