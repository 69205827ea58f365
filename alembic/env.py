"""Runs migrations on SQLite and PostgreSQL alike.

SQLite cannot alter most of a table: `render_as_batch` makes a migration copy it instead, which needs constraints to
have names (backend.database.Base gives them). All runs in one transaction: a migration that fails changes nothing.
"""

from __future__ import annotations

from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import TypeDecorator, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool

from backend.database import load_tables
from backend.settings import get_settings


def render_item(kind: str, item: Any, _: AutogenContext) -> str | bool:
    """Migrations must not depend on today's code: write our types as what they are in the database."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def begin_at_once(connection: Connection) -> None:
    """Let no other process write between our reading of the revision and our change."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def on_connect(connection: Any, _: Any) -> None:
    """The driver commits before DDL unless it leaves transactions to us."""
    connection.isolation_level = None
    connection.execute("PRAGMA busy_timeout=60000")


def run() -> None:
    """Run what the alembic command asks for."""
    url = context.config.attributes.get("url") or get_settings().database
    engine = create_engine(url, poolclass=NullPool)
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:
        event.listen(engine, "connect", on_connect)
        event.listen(engine, "begin", begin_at_once)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=load_tables(),
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            if not sqlite:
                # Two servers that start at the same time migrate one after the other; the number is "MOTE" in ASCII.
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({int.from_bytes(b'MOTE')})")
            context.run_migrations()


run()
