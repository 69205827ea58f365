"""A person who has just started the studio for the first time, and knows nothing of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.studio import PASSWORD, People, Studio, eventually, run_studio

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

MINUTES = 60_000


@pytest.fixture
def new_studio(tmp_path: Path) -> Iterator[Studio]:
    with run_studio(tmp_path / "data") as studio:
        yield studio


def create_account(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome")
    page.get_by_label("Name").fill("Nora New")
    page.get_by_label("E-mail address").fill("nora@example.org")
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()


def see_what_the_blocks_make(page: Page) -> None:
    page.get_by_role("navigation", name="Project").get_by_role("link", name="Pipeline").click()
    expect(page.get_by_role("heading", name="Preview")).to_be_visible()
    expect(page.get_by_role("heading", name="What the DSP takes on a board")).to_be_visible()
    output = page.get_by_role("img", name=re.compile("values, from|frames over time")).or_(
        page.get_by_role("list", name="Features")
    )
    expect(output.first).to_be_visible()


def train(page: Page) -> set[int]:
    """Returns the epochs that were seen while it ran."""
    page.get_by_role("link", name="Go to training").click()
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Training 1")
    seen: set[int] = set()

    def is_done() -> bool:
        live = re.search(r"Epoch (\d+) of \d+", page.get_by_role("main").inner_text())
        if live:
            seen.add(int(live[1]))
        return page.get_by_role("table", name="Confusion matrix").is_visible()

    eventually("the training's result", is_done, 300)
    return seen


def accuracy(page: Page) -> float:
    """Percent, as the page says it."""
    shown = re.search(r"int8 accuracy\s+([\d.]+)\s*%", page.get_by_role("main").inner_text())
    assert shown
    return float(shown[1])


def build_firmware(page: Page) -> None:
    page.get_by_role("link", name="Build firmware").click()
    page.get_by_role("radio", name=re.compile("AN386")).click()
    page.get_by_role("button", name="Build and verify").click()
    verdict = page.get_by_text("Verified: the board computes what the model does")
    expect(verdict).to_be_visible(timeout=5 * MINUTES)


def download(page: Page, name: re.Pattern[str]) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    return Path(waiting.value.path()).read_bytes()


def test_from_first_visit_to_a_proven_image(browser: Browser, new_studio: Studio) -> None:
    people = People(browser, new_studio)
    page = people.page(None)
    page.goto("/")
    create_account(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Projects")
    page.get_by_role("button", name="Try with example data").click()
    see_what_the_blocks_make(page)

    epochs = train(page)
    assert len(epochs) >= 2, "the epochs were not seen live"
    assert accuracy(page) > 80

    build_firmware(page)
    report = page.request.get(f"/api{page.url.removeprefix(new_studio.address)}").json()["report"]
    assert (report["verdict"], report["reasons"], report["scores"]["different"]) == ("pass", [], 0)
    image = download(page, re.compile(r"Download .*\.bin"))
    assert hashlib.sha256(image).hexdigest() == report["image_hash"]
    expect(page.get_by_text(report["image_hash"][:24])).to_be_visible()
    people.close()
    people.check()
