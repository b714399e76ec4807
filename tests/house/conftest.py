"""Data folders for databases and demonstrations of the tests' own."""

import pytest

from baokao.sandbox.database import running


@pytest.fixture
def start(tmp_path):
    """`with start() as database:` on this test's own data folder, without fsync."""

    def begin(data=tmp_path, **options):
        return running(data, durable=False, **options)

    return begin
