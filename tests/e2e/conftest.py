"""One studio and one browser for all tests of this folder; package scope, because Playwright's loop would disturb
asynchronous tests of other folders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, sync_playwright

from mote.client import Client
from tests.e2e.studio import People, Studio, finish_job, launch, run_studio


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with run_studio(tmp_path_factory.mktemp("studio") / "data") as running:
        yield running


@pytest.fixture(scope="package")
def owner(studio: Studio) -> Iterator[Client]:
    """The first account of the studio."""
    with studio.set_up() as client:
        yield client


@pytest.fixture
def people(browser: Browser, studio: Studio) -> Iterator[People]:
    """Opens pages; what must never happen in one fails the test."""
    made = People(browser, studio)
    yield made
    made.close()
    made.check()


@dataclass(frozen=True)
class Example:
    """The example project, trained and deployed."""

    project: str
    training: str
    deployment: str
    sample: str

    @property
    def path(self) -> str:
        return f"/projects/{self.project}"


@pytest.fixture(scope="package")
def example(owner: Client) -> Example:
    """Made once; its training is short."""
    project = owner.post("/projects/example")["id"]
    path = f"/projects/{project}"
    saved = owner.get(f"{path}/pipeline")
    saved["pipeline"]["learn"]["params"]["epochs"] = 12
    owner.put(f"{path}/pipeline", {"version": saved["version"], "pipeline": saved["pipeline"]})
    training = owner.post(f"{path}/trainings")
    finish_job(owner, project, training["job"]["id"])
    body = {"training_id": training["training"]["id"], "target": "firmware", "board": "mps2_an386", "windows": 20}
    deployment = owner.post(f"{path}/deployments", body)
    finish_job(owner, project, deployment["job"]["id"])
    sample = owner.get(f"{path}/samples", limit=1)["items"][0]["id"]
    return Example(project, training["training"]["id"], deployment["deployment"]["id"], sample)
