"""Fixtures that tests of the backend and the worker share: real servers, and the web application on top of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine

from backend.database import Database, load_tables
from backend.main import create_app
from backend.settings import Settings
from tests.people import PASSWORD, Person, World
from tests.servers import RedisServer, postgres_database, run_postgres, run_redis, run_s3


@pytest.fixture(scope="session")
def shared_redis() -> Iterator[RedisServer]:
    with run_redis() as server:
        yield server


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """One that a test may kill."""
    with run_redis() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with run_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    with run_s3() as url:
        yield url


@pytest.fixture
def engine() -> str:
    """Which database a test uses; parametrise with ["sqlite", "postgresql"] (indirect) for both."""
    return "sqlite"


@pytest.fixture
def database_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'mote.db'}"
    else:
        with postgres_database(request.getfixturevalue("postgres_server")) as url:
            yield url


@pytest.fixture
def settings(database_url: str, shared_redis: RedisServer, tmp_path: Path) -> Settings:
    built = tmp_path / "frontend"
    return Settings(
        database_url=database_url,
        redis_url=shared_redis.url,
        data_dir=tmp_path / "data",
        frontend_dir=built,
        allowed_hosts=["testserver", "localhost", "127.0.0.1"],
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[FastAPI]:
    """The application on a new database (its lifespan does not run: see `served` for that)."""
    engine = create_engine(settings.database)
    load_tables().create_all(engine)
    engine.dispose()
    app = create_app(settings)
    yield app
    app.state.database.close()
    app.state.database.bus.close()


@pytest.fixture
def database(app: FastAPI) -> Database:
    found: Database = app.state.database
    return found


@pytest.fixture
def world(app: FastAPI) -> World:
    """An installation that has been set up: its owner, with one team."""
    owner = Person(app, "owner@example.org")
    account = {"email": owner.email, "name": "Olive", "password": PASSWORD}
    owner.begin(owner.ok("POST", "/setup", account))
    return World(app, owner, owner.ok("GET", "/teams")["items"][0]["id"])


def _shared() -> Path:
    """The folder beside the repository that holds real recordings; MOTE_SHARED says where it is elsewhere."""
    beside = Path(__file__).resolve().parent.parent.parent / "shared"
    return Path(os.environ.get("MOTE_SHARED", beside))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of real recordings belong to machines that have them."""
    if (_shared() / "data").is_dir():
        return
    absent = [item for item in items if item.get_closest_marker("real_data")]
    items[:] = [item for item in items if item not in absent]
    config.hook.pytest_deselected(items=absent)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real recordings; tests that use it are marked `real_data`."""
    return _shared() / "data"
