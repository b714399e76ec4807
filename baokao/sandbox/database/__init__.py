"""The embedded PostgreSQL of the demonstration and the tests: found, made, started, recovered and stopped here.

Everything lies under the data folder; nothing else on the machine is changed. Never used in production.
"""

from baokao.sandbox.database.supervisor import Running, running
from baokao.sandbox.database.trouble import Trouble
from baokao.sandbox.database.urls import urls

__all__ = ["Running", "Trouble", "running", "urls"]
