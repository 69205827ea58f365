"""The engine, the base of all tables and the one place where a transaction is committed.

A service takes a `Session`, changes rows and may `flush`; it never commits. `Database.transaction` commits when its
block ends without an error, and only then runs what was put off with `after_commit` (queue messages, events): nobody is
told of a row that is not there. SQLite runs in WAL mode; a transaction that will write begins with BEGIN IMMEDIATE,
because a reader that turns into a writer would otherwise fail at once when somebody else wrote in between.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, cast

from fastapi import Depends, Request
from pydantic import BaseModel
from sqlalchemy import (
    JSON,
    DateTime,
    Delete,
    Dialect,
    Enum,
    Integer,
    MetaData,
    TypeDecorator,
    Update,
    create_engine,
    event,
)
from sqlalchemy.engine import URL, Connection, CursorResult, Engine, make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column
from sqlalchemy.pool import NullPool

from backend.bus import Bus
from backend.errors import Conflict
from mote.paths import ROOT

log = logging.getLogger(__name__)
BUSY_TIMEOUT_S = 30
FOLDER = Path(__file__).parent


def now() -> datetime:
    """This instant, in UTC. All times that are stored come from here."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. SQLite forgets the time zone, so all go in and come out as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def words(kind: type[StrEnum]) -> Enum:
    """A column that holds one word of a StrEnum; a plain VARCHAR, so that adding a word needs no migration."""
    return Enum(kind, native_enum=False, length=32, values_callable=lambda members: [one.value for one in members])


class Base(DeclarativeBase):
    """Every table. Constraints have predictable names, which SQLite needs to alter them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy's own name and form)
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        list[str]: JSON,
    }


class Identified:
    """A row with a random UUID."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)


class Timed:
    """A row that knows when it was made and last changed."""

    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Versioned:
    """A row that people edit: each change raises `version`, and two at the same time end in a 409, never silently."""

    version: Mapped[int] = mapped_column(Integer, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.version}


def expect_version(row: Versioned, seen: int, current: Callable[[], BaseModel]) -> None:
    """Refuse an edit that was based on an older state of `row`.

    Args:
        row: as it is now.
        seen: the version that the caller saw.
        current: makes the row's API shape, which goes back with the refusal.

    Raises:
        Conflict: 409 with the current row.
    """
    if row.version != seen:
        hint = "Look at the current state and make your change again."
        raise Conflict("Somebody else changed this in the meantime.", hint=hint, current=current())


class Database:
    """The engine and its transactions.

    Args:
        url: SQLAlchemy URL.
        bus: where queue messages and events go after a commit.
        pooled: False for a process that forks (a worker's parent): connections must not be inherited.
    """

    def __init__(self, url: str, bus: Bus, *, pooled: bool = True) -> None:
        load_tables()
        self.bus = bus
        self.engine = _engine(make_url(url), pooled)
        self._writer = self.engine.execution_options(mote_write=True)

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[Session]:
        """One transaction: committed at the end of the block, rolled back by an exception.

        `write=False` is for blocks that only read; on SQLite they never wait for a writer.
        """
        engine = self._writer if write else self.engine
        later: list[Callable[[], None]] = []
        with Session(engine, expire_on_commit=False, info={"bus": self.bus, "after_commit": later}) as session:
            yield session
            session.commit()
        for action in later:
            _run_safely(action)

    def close(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()


def load_tables() -> MetaData:
    """Import every backend/<noun>/tables.py: foreign keys find their tables by name only once these are known."""
    for package in pkgutil.iter_modules([str(FOLDER)]):
        if (FOLDER / package.name / "tables.py").is_file():
            importlib.import_module(f"backend.{package.name}.tables")
    return Base.metadata


def after_commit(session: Session, action: Callable[[], None]) -> None:
    """Run `action` once the transaction of `session` is committed; never when it is rolled back."""
    session.info["after_commit"].append(action)


def changed(session: Session, statement: Update | Delete) -> int:
    """Run an UPDATE or DELETE as it is and say how many rows it met: the heart of every compare-and-set."""
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", result).rowcount


def bus_of(session: Session) -> Bus:
    """The message bus of the database a session belongs to."""
    bus: Bus = session.info["bus"]
    return bus


def _run_safely(action: Callable[[], None]) -> None:
    try:
        action()
    except Exception:  # the rows are committed; the reaper sends lost queue messages again
        log.warning("could not send a message after the commit", exc_info=True)


def _engine(url: URL, pooled: bool) -> Engine:
    sqlite = url.get_backend_name() == "sqlite"
    options: dict[str, Any] = {"pool_size": 20, "max_overflow": 30} if pooled else {"poolclass": NullPool}
    if sqlite:
        if url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        options["connect_args"] = {"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}
    else:
        options["pool_pre_ping"] = True
    engine = create_engine(url, **options)
    if sqlite:
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
    return engine


def _on_sqlite_connect(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions on its own
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_sqlite_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("mote_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to a revision of alembic/versions."""
    from alembic import command
    from alembic.config import Config

    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "alembic"))
    config.attributes["url"] = url
    command.upgrade(config, revision)


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


DatabaseDep = Annotated[Database, Depends(_database)]


def _session(request: Request, database: DatabaseDep) -> Iterator[Session]:
    with database.transaction(write=request.method not in ("GET", "HEAD", "OPTIONS")) as session:
        yield session


# scope="function": the commit happens before the answer leaves, so a 2xx means that it is stored.
SessionDep = Annotated[Session, Depends(_session, scope="function")]
