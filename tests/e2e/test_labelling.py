"""Segments drawn with the mouse and changed with keys, by one person and by two at the same time."""

from __future__ import annotations

import math
import re

import pytest
from playwright.sync_api import Page, Route, expect

from mote.client import Client, Json
from tests.e2e.studio import PASSWORD, People, Studio, eventually, new_project

pytestmark = pytest.mark.slow

RATE_HZ = 100.0
READINGS = 1000
DURATION_S = READINGS / RATE_HZ
CLOSE_S = 0.06  # a few pixels of the plot


@pytest.fixture
def project(owner: Client) -> str:
    found: str = new_project(owner, "Labelling")["id"]
    return found


@pytest.fixture
def sample(owner: Client, project: str) -> Json:
    """A recording without a label."""
    body = {
        "name": "swing",
        "rate_hz": RATE_HZ,
        "axes": [{"name": "x", "unit": "g"}],
        "values": [[math.sin(n / 20)] for n in range(READINGS)],
        "metadata": {},
    }
    made: Json = owner.post(f"/projects/{project}/samples/recordings", body)
    return made


@pytest.fixture
def colleague(studio: Studio, owner: Client) -> Client:
    """Somebody else of the team, who may label."""
    team = owner.get("/teams")["items"][0]["id"]
    token = owner.post(f"/teams/{team}/invitations", {"role": "labeller"})["token"]
    person = studio.client()
    account = {"email": f"{token[:8].lower()}@example.org", "name": "Lena Labeller", "password": PASSWORD}
    person.post(f"/invitations/{token}/accept", account)
    return person


class Labeller:
    """A person at the page of the sample."""

    def __init__(self, page: Page, project: str, sample: Json) -> None:
        self.page = page
        page.goto(f"/projects/{project}/samples/{sample['id']}")
        self.plot = page.locator(".u-over")
        self.plot.wait_for()
        expect(page.get_by_role("img", name=re.compile("^Signal of swing"))).to_be_visible()

    def drag(self, start_s: float, end_s: float) -> None:
        box = self.plot.bounding_box()
        assert box is not None
        y = box["y"] + box["height"] / 2
        at = [box["x"] + box["width"] * seconds / DURATION_S for seconds in (start_s, end_s)]
        self.page.mouse.move(at[0], y)
        self.page.mouse.down()
        self.page.mouse.move((at[0] + at[1]) / 2, y, steps=4)
        self.page.mouse.move(at[1], y, steps=4)
        self.page.mouse.up()

    def click(self, at_s: float) -> None:
        box = self.plot.bounding_box()
        assert box is not None
        self.page.mouse.click(box["x"] + box["width"] * at_s / DURATION_S, box["y"] + box["height"] / 2)

    def name_the_first(self, label: str) -> None:
        dialog = self.page.get_by_role("dialog", name="Which label?")
        dialog.get_by_role("textbox", name="Label").fill(label)
        dialog.get_by_role("button", name="Use it").click()

    def choose(self, label: str) -> None:
        self.page.get_by_role("button", name="New label").click()
        self.page.get_by_role("textbox", name="New label").fill(label)
        self.page.keyboard.press("Enter")

    def sees(self, segments: int) -> None:
        expect(self.page.get_by_role("img", name=re.compile(f", {segments} segments?$"))).to_be_visible()


def stored(owner: Client, project: str, sample: Json) -> list[tuple[str, float, float]]:
    segments = owner.get(f"/projects/{project}/samples/{sample['id']}")["segments"]
    return sorted((one["label"], one["start_s"], one["end_s"]) for one in segments)


def becomes(owner: Client, project: str, sample: Json, wanted: list[tuple[str, float, float]]) -> None:
    """Wait until the server has these segments, within a few pixels."""
    close = [
        (label, pytest.approx(start, abs=CLOSE_S), pytest.approx(end, abs=CLOSE_S)) for label, start, end in wanted
    ]
    eventually(
        f"{wanted} instead of {stored(owner, project, sample)}", lambda: stored(owner, project, sample) == close, 20
    )


def test_draw_resize_delete_undo_redo(people: People, owner: Client, project: str, sample: Json) -> None:
    person = Labeller(people.page(owner), project, sample)
    person.drag(2, 4)
    person.name_the_first("wave")
    becomes(owner, project, sample, [("wave", 2, 4)])
    person.drag(4, 6)  # the right edge
    becomes(owner, project, sample, [("wave", 2, 6)])
    person.drag(3, 4)  # the middle: moves it
    becomes(owner, project, sample, [("wave", 3, 7)])
    keys = person.page.keyboard
    keys.press("Escape")  # else the label is given to the chosen segment
    person.choose("rest")
    person.drag(8, 9)
    becomes(owner, project, sample, [("rest", 8, 9), ("wave", 3, 7)])

    person.click(5)
    keys.press("Delete")
    becomes(owner, project, sample, [("rest", 8, 9)])
    keys.press("Control+z")
    becomes(owner, project, sample, [("rest", 8, 9), ("wave", 3, 7)])
    keys.press("Control+Shift+z")
    becomes(owner, project, sample, [("rest", 8, 9)])
    for _ in range(2):
        keys.press("Control+z")
    becomes(owner, project, sample, [("wave", 3, 7)])
    person.page.reload()
    person.sees(1)


def test_another_persons_segments_appear_by_themselves(
    people: People, owner: Client, colleague: Client, project: str, sample: Json
) -> None:
    one = Labeller(people.page(owner), project, sample)
    other = Labeller(people.page(colleague), project, sample)
    one.drag(2, 4)
    one.name_the_first("wave")
    other.sees(1)


@pytest.mark.parametrize(
    ("choice", "left"),
    [("Take theirs", [("wave", 2, 4)]), ("Save mine over theirs", [("rest", 6, 8)])],
)
def test_a_stale_edit_never_overwrites_silently(
    choice: str,
    left: list[tuple[str, float, float]],
    people: People,
    owner: Client,
    colleague: Client,
    project: str,
    sample: Json,
) -> None:
    one = Labeller(people.page(owner), project, sample)
    slow_page = people.page(colleague, allowed=(r"status of 409 ",))
    slow = Labeller(slow_page, project, sample)
    held: list[Route] = []
    slow_page.route("**/segments", lambda route: held.append(route), times=1)  # a slow network

    slow.drag(6, 8)
    slow.name_the_first("rest")
    while not held:
        slow_page.wait_for_timeout(50)
    one.drag(2, 4)
    one.name_the_first("wave")
    becomes(owner, project, sample, [("wave", 2, 4)])

    held[0].continue_()
    conflict = slow_page.get_by_role("alert").filter(has_text="Somebody else changed these labels meanwhile")
    expect(conflict).to_contain_text("Theirs: 1 segment. Yours: 1 segment. Nothing of yours is saved yet.")
    becomes(owner, project, sample, [("wave", 2, 4)])
    conflict.get_by_role("button", name=choice).click()
    becomes(owner, project, sample, left)
    expect(conflict).not_to_be_visible()
    slow.sees(1)
    one.sees(1)
    expect(slow_page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
