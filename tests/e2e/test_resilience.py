"""The bar of the issue: whatever is killed while a model trains, the job gets done and the page tells what happened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from mote.client import Client, Json
from tests.e2e.studio import People, Studio, eventually, finish_job, run_studio

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

EPOCHS = 150


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    """One of its own, that notices a dead worker sooner than usual."""
    settings = {"heartbeat_s": "1", "job_stale_s": "5", "reaper_interval_s": "1"}
    with run_studio(tmp_path / "data", **settings) as running:
        yield running


class Run:
    """A long training of the example project."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.project: str = client.post("/projects/example")["id"]
        self.path = f"/projects/{self.project}"
        saved = client.get(f"{self.path}/pipeline")
        saved["pipeline"]["learn"]["params"] |= {"epochs": EPOCHS, "early_stopping": 0}
        client.put(f"{self.path}/pipeline", {"version": saved["version"], "pipeline": saved["pipeline"]})
        self.samples = client.get(self.path)["counts"]["samples"]
        started = client.post(f"{self.path}/trainings")
        self.training_id, self.job_id = started["training"]["id"], started["job"]["id"]

    def job(self) -> Json:
        found: Json = self.client.get(f"{self.path}/jobs/{self.job_id}")
        return found

    def training(self) -> Json:
        found: Json = self.client.get(f"{self.path}/trainings/{self.training_id}")
        return found

    def learns(self, attempt: int) -> Json:
        """Wait until an attempt is in the middle of its epochs."""

        def learning() -> Json | None:
            job = self.job()
            assert job["state"] in ("queued", "running"), job
            begun = job["attempt"] == attempt and job["state"] == "running" and f"Try {attempt}:" in self.log()
            return job if begun and len(self.training()["history"]) >= 3 else None

        found: Json = eventually(f"attempt {attempt} to learn", learning)
        return found

    def log(self) -> str:
        text, after = "", 0
        while (part := self.client.get(f"{self.path}/jobs/{self.job_id}/log", after=after))["lines"]:
            text += "".join(f"{line['text']}\n" for line in part["lines"])
            after = part["next"]
        return text


def training_child(job: Json) -> psutil.Process:
    """The process that runs the job: its name is machine:pid."""
    return psutil.Process(int(job["worker"].rsplit(":", 1)[1]))


def kill_and_see_it_come_back(studio: Studio, word: str) -> None:
    """Kill -9 a child of the supervisor; it starts another one."""
    victims = studio.children(word)
    assert len(victims) == 1
    victims[0].kill()
    fresh = eventually(f"a new {word}", lambda: [one for one in studio.children(word) if one.pid != victims[0].pid])
    assert len(fresh) == 1


def api_answers(studio: Studio) -> bool:
    try:
        with studio.client() as visitor:
            return bool(visitor.get("/status"))
    except Exception:
        return False


def says(page: Page, text: str) -> None:
    expect(page.get_by_text(text).first).to_be_visible(timeout=60_000)


def test_training_survives_the_death_of_everything(browser: Browser, studio: Studio) -> None:
    with studio.set_up() as client:
        run = Run(client)
        people = People(browser, studio)
        # While the API is away the page's requests fail; that is what is tested.
        page = people.page(client, allowed=(r"Failed to load resource", r"ERR_", r"status of 50\d"))
        page.goto(f"{run.path}/jobs")

        training_child(run.learns(1)).kill()
        second = run.learns(2)
        says(page, "Attempt 2 of 3")

        worker = psutil.Process(training_child(second).ppid())
        assert "training@" in " ".join(worker.cmdline())
        worker.kill()
        run.learns(3)
        says(page, "Attempt 3 of 3")

        kill_and_see_it_come_back(studio, "redis-server")
        assert run.job()["state"] == "running"
        kill_and_see_it_come_back(studio, "uvicorn")
        eventually("the API", lambda: api_answers(studio))
        assert run.job()["attempt"] == 3

        job = finish_job(client, run.project, run.job_id)
        assert (job["attempt"], job["error"]) == (3, None)
        training = run.training()
        assert [epoch["epoch"] for epoch in training["history"]] == list(range(1, EPOCHS + 1))
        assert training["int8_accuracy"] > 0.8
        assert client.get(f"{run.path}/trainings")["total"] == 1
        assert client.get(f"{run.path}/jobs")["total"] == 1
        assert client.get(run.path)["counts"]["samples"] == run.samples

        for attempt in (2, 3):
            assert re.search(rf"has not been heard for 5 s; trying again \(try {attempt} of 3\)", run.log())
            assert (
                f"Try {attempt}: {training['training_samples'] + training['testing_samples']} recordings." in run.log()
            )
        for name in ("training worker", "redis", "api"):
            assert any(line.startswith(f"{name} ended with status") for line in studio.printed), studio.printed

        says(page, "Done")
        page.get_by_role("button", name="Log").click()
        expect(page.get_by_role("log")).to_contain_text("trying again (try 3 of 3)")
        people.close()
        people.check()


def test_jobs_that_wait_outlive_redis(studio: Studio) -> None:
    """Redis keeps nothing: a job that was queued while it died is sent again from the table."""
    with studio.set_up() as client:
        first, second = Run(client), Run(client)
        first.learns(1)
        assert second.job()["state"] == "queued"
        kill_and_see_it_come_back(studio, "redis-server")
        client.post(f"{first.path}/jobs/{first.job_id}/cancel")
        eventually("the first to end", lambda: first.job()["state"] == "cancelled", 30)
        assert second.learns(1)["attempt"] == 1
        client.post(f"{second.path}/jobs/{second.job_id}/cancel")
        eventually("the second to end", lambda: second.job()["state"] == "cancelled", 30)
