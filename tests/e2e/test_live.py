"""The Live page with real firmware: QEMU's UART is bridged to the page's serial port.

The content security policy of the page allows connections to its own server only; the bridge is another one. So these
contexts are opened with `bypass_csp`, and these contexts only: every other test runs under the policy.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from mote.client import Client, Json
from tests.e2e.boards import AXES, BOARD, RATE_HZ, data_collection, plugged_in, sketch, trained
from tests.e2e.conftest import Example
from tests.e2e.studio import People, eventually, new_project

pytestmark = pytest.mark.slow

SECONDS = 2


@pytest.fixture
def project(owner: Client) -> str:
    found: str = new_project(owner, "Live")["id"]
    return found


@pytest.fixture
def page(people: People, owner: Client) -> Page:
    made = people.page(owner, bypass_csp=True)
    people.watches[-1].also = ("ws://127.0.0.1:",)  # the bridge stands for a serial port
    return made


def connect(page: Page, project: str) -> None:
    page.goto(f"/projects/{project}/live")
    page.get_by_role("button", name="Connect a board").click()
    expect(page.get_by_role("heading", name="Record", exact=True)).to_be_visible()


def figure(page: Page, name: str) -> str:
    """The value below a name in the figures of the stream."""
    shown = page.get_by_text(name, exact=True).locator("xpath=following-sibling::*[1]").inner_text()
    return shown.strip()


def readings(page: Page) -> int:
    return int(re.sub(r"\D", "", figure(page, "Readings")) or 0)


def record(page: Page, label: str) -> None:
    page.get_by_role("textbox", name="Label").or_(page.get_by_role("combobox", name="Label")).first.fill(label)
    page.get_by_label("Length in seconds").fill(str(SECONDS))
    page.get_by_role("switch", name="Count down").uncheck()
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_role("heading", name="Just recorded")).to_be_visible()
    expect(page.get_by_text(re.compile(rf"{SECONDS * int(RATE_HZ)} readings"))).to_be_visible()


def recorded(owner: Client, project: str, label: str) -> Json:
    """The one sample with this label, once the server has it."""
    found: Json = eventually(
        "the recording",
        lambda: next(iter(owner.get(f"/projects/{project}/samples", label=label)["items"]), None),
        20,
    )
    return found


def assert_whole(sample: Json, names: list[str], units: list[str]) -> None:
    assert (sample["readings"], sample["rate_hz"]) == (SECONDS * RATE_HZ, RATE_HZ)
    assert [axis["name"] for axis in sample["axes"]] == names
    assert [axis["unit"] for axis in sample["axes"]] == units


def test_sketch_that_prints_numbers(page: Page, owner: Client, project: str) -> None:
    with plugged_in(page, sketch()):
        connect(page, project)
        expect(page.get_by_role("heading", name="Sketch that prints numbers")).to_be_visible()
        eventually("the rate", lambda: re.fullmatch(r"[\d.]+.Hz", figure(page, "Rate")), 30)
        assert figure(page, "Lost readings") == "–"
        expect(page.get_by_text("cannot be seen without a time or sequence column")).to_be_visible()

        page.get_by_role("button", name="Correct names and rate").click()
        for number, name in enumerate(("left", "up", "front"), 1):
            page.get_by_label(f"Name {number}").fill(name)
            page.get_by_label("Unit").nth(number - 1).fill("g")
        page.get_by_label("Rate of the recordings").fill(str(int(RATE_HZ)))  # as measured, it depends on this machine
        page.get_by_role("button", name="Apply").click()
        expect(page.get_by_text("set by you")).to_be_visible()
        expect(page.get_by_role("button", name=re.compile("left")).first).to_be_visible()
        record(page, "wave")
        assert_whole(recorded(owner, project, "wave"), ["left", "up", "front"], ["g"] * 3)
        page.get_by_role("button", name="Disconnect").click()
        expect(page.get_by_role("button", name="Connect a board")).to_be_visible()


def test_data_collection_firmware(page: Page, owner: Client, project: str) -> None:
    with plugged_in(page, data_collection()):
        connect(page, project)
        expect(page.get_by_role("heading", name=BOARD)).to_be_visible()
        expect(page.get_by_text("Synthetic signal")).to_be_visible()
        expect(page.get_by_text("said by the board")).to_be_visible()
        assert figure(page, "Rate") == "100 Hz"
        for axis in AXES:
            expect(page.get_by_role("button", name=re.compile(axis.name)).first).to_be_visible()
        record(page, "shake")
        sample = recorded(owner, project, "shake")
        assert_whole(sample, [axis.name for axis in AXES], [axis.unit for axis in AXES])
        assert sample["metadata"]["device"] == BOARD
        assert figure(page, "Lost readings") == "0"
        assert readings(page) >= SECONDS * RATE_HZ


def test_board_with_the_trained_model_classifies_live(page: Page, owner: Client, example: Example) -> None:
    training = owner.get(f"{example.path}/trainings/{example.training}")
    with plugged_in(page, trained(owner, example.path, example.training)):
        connect(page, example.project)
        expect(page.get_by_role("heading", name="The board says")).to_be_visible()
        panel = page.locator(".mantine-Paper-root", has=page.get_by_role("heading", name="The board says"))
        expect(panel).to_contain_text("%")
        shown = panel.inner_text()
        assert all(label in shown for label in training["labels"])
        scores = [int(score) for score in re.findall(r"(\d+)\s*%", shown)]
        assert len(scores) == len(training["labels"])
        assert 96 <= sum(scores) <= 104  # rounded percents of one whole
        assert figure(page, "Lost readings") == "0"


def test_board_that_is_connected_again_starts_anew(page: Page, owner: Client, project: str) -> None:
    with plugged_in(page, data_collection()):
        connect(page, project)
        eventually("readings", lambda: readings(page) > 50, 20)
        page.get_by_role("button", name="Disconnect").click()
        page.get_by_role("button", name="Connect a board").click()
        eventually("readings again", lambda: readings(page) > 50, 20)
        assert figure(page, "Lost readings") == "0"
