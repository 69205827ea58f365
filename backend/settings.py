"""Everything that can be set from outside: environment variables that start with MOTE_."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from mote.paths import ROOT

MIB = 1024 * 1024
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Settings(BaseSettings):
    """The defaults are the embedded set-up: SQLite, a local folder for blobs and a Redis child on a unix socket."""

    model_config = SettingsConfigDict(env_prefix="MOTE_", extra="ignore")

    data_dir: Path = Path("data")
    database_url: str = ""
    """sqlite:///path or postgresql://user:password@host/name; empty: a file in `data_dir`."""
    redis_url: str = ""
    """redis://host:port/db, or redis+socket:///path?virtual_host=0; empty: a socket in `data_dir`."""
    storage_url: str = ""
    """file:///folder or s3://bucket/prefix; empty: a folder in `data_dir`."""
    s3_endpoint_url: str = ""
    """For S3 servers that are not Amazon's (MinIO); keys come from the usual AWS_ variables."""

    host: str = "127.0.0.1"
    port: int = 8000
    allowed_hosts: list[str] = Field(default_factory=list)
    """Host names to answer to. Empty: loopback names when bound to loopback (stops DNS rebinding), else all."""
    trusted_origins: list[str] = Field(default_factory=list)
    """Origins besides our own that may send changes, such as http://localhost:3000 while developing the frontend."""
    frontend_dir: Path = ROOT / "frontend" / "build"

    max_upload_bytes: int = 2048 * MIB
    """Largest body of one multipart upload."""
    max_body_bytes: int = 64 * MIB
    """Largest body of any other request (a long recording sent as JSON is the largest of them)."""

    session_days: float = 30
    invitation_days: float = 7
    sign_in_attempts: int = 5
    """Failed sign-ins of one account from one address within `sign_in_window_s`, then 429."""
    sign_in_attempts_per_address: int = 50
    sign_in_window_s: float = 900

    heartbeat_s: float = 2
    """How often a worker says that a job is alive."""
    job_stale_s: float = 15
    """A running job without a heartbeat for this long has lost its worker."""
    reaper_interval_s: float = 5
    job_attempts: int = 3

    @property
    def database(self) -> str:
        """SQLAlchemy URL; PostgreSQL always with the psycopg 3 driver."""
        url = self.database_url or f"sqlite:///{self.data_dir.resolve() / 'mote.db'}"
        for prefix in ("postgres://", "postgresql://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url

    @property
    def broker(self) -> str:
        """Celery's form of the Redis address."""
        return self.redis_url or f"redis+socket://{self.data_dir.resolve() / 'redis.sock'}?virtual_host=0"

    @property
    def redis(self) -> str:
        """redis-py's form of the same address."""
        if not self.broker.startswith("redis+socket://"):
            return self.broker
        return "unix://" + self.broker.removeprefix("redis+socket://").replace("virtual_host=", "db=")

    @property
    def storage(self) -> str:
        """fsspec URL of the folder that holds the blobs."""
        return self.storage_url or f"file://{self.data_dir.resolve() / 'blobs'}"

    @property
    def hosts(self) -> frozenset[str]:
        """Host names to answer to; an empty set means any."""
        if self.allowed_hosts:
            return frozenset(self.allowed_hosts)
        return LOOPBACK if self.host in LOOPBACK else frozenset()


@lru_cache
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
