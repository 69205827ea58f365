"""Settings: what follows from what is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.settings import LOOPBACK, Settings


def test_defaults_are_a_folder_of_this_machine(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert settings.database == f"sqlite:///{tmp_path}/mote.db"
    assert settings.broker == f"redis+socket://{tmp_path}/redis.sock?virtual_host=0"
    assert settings.redis == f"unix://{tmp_path}/redis.sock?db=0"
    assert settings.storage == f"file://{tmp_path}/blobs"
    assert settings.host == "127.0.0.1"


@pytest.mark.parametrize("given", ["postgres://u:p@h/n", "postgresql://u:p@h/n", "postgresql+psycopg://u:p@h/n"])
def test_postgresql_uses_psycopg(given: str) -> None:
    assert Settings(database_url=given).database == "postgresql+psycopg://u:p@h/n"


def test_redis_by_network_is_the_same_for_celery_and_us() -> None:
    settings = Settings(redis_url="redis://:secret@redis:6379/1")
    assert settings.broker == settings.redis == "redis://:secret@redis:6379/1"


def test_server_on_loopback_answers_to_loopback_names_only() -> None:
    assert Settings().hosts == LOOPBACK
    assert Settings(host="0.0.0.0").hosts == frozenset()
    assert Settings(host="0.0.0.0", allowed_hosts=["mote.example"]).hosts == {"mote.example"}


def test_environment_variables_start_with_mote(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTE_MAX_UPLOAD_BYTES", "5")
    monkeypatch.setenv("MOTE_TRUSTED_ORIGINS", '["http://localhost:3000"]')
    assert Settings().max_upload_bytes == 5
    assert Settings().trusted_origins == ["http://localhost:3000"]
