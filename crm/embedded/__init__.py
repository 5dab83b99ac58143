"""PostgreSQL, Valkey and everything else that one command needs on a bare machine.

Plain Python without Django: `manage.py` enters `parts()` before any setting is read.
What the environment names (DATABASE_URL, REDIS_URL, EMAIL_URL) is used as it is; only what is
missing is taken from here, and never in production.
"""

from crm.embedded.errors import EmbeddedError
from crm.embedded.parts import parts, placeholders
from crm.embedded.servers import check_database

__all__ = ["EmbeddedError", "check_database", "parts", "placeholders"]
