"""Migrations: up, down, and no drift between them and the tables, on SQLite and PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from backend.database import load_tables, upgrade
from backend.settings import Settings
from mote.paths import ROOT

pytestmark = pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def url(database_url: str) -> str:
    return Settings(database_url=database_url).database


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names - {"alembic_version"}


def config(url: str) -> Config:
    made = Config(str(ROOT / "alembic.ini"))
    made.attributes["url"] = url
    return made


def test_upgrade_makes_every_table_and_does_so_once(url: str) -> None:
    upgrade(url)
    assert tables(url) == set(load_tables().tables)
    upgrade(url)


def test_downgrade_leaves_nothing(url: str) -> None:
    upgrade(url)
    command.downgrade(config(url), "base")
    assert tables(url) == set()
    upgrade(url)
    assert tables(url)


def test_tables_and_migrations_do_not_drift_apart(url: str) -> None:
    upgrade(url)
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, load_tables()) == []
    engine.dispose()


def test_two_servers_that_start_at_once_migrate_once(url: str) -> None:
    """In processes of their own, as servers are; alembic's context is global to a process."""
    failures: list[str] = []

    def migrate() -> None:
        environment = os.environ | {"MOTE_DATABASE_URL": url}
        command = [sys.executable, "-m", "backend.migrate"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            failures.append(done.stderr)

    threads = [threading.Thread(target=migrate) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert tables(url) == set(load_tables().tables)
