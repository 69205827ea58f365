"""Files and folders through the upload dialog: what became of each is said, and nothing is final by accident."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from mote.client import Client
from tests.e2e.studio import People, eventually, new_project

pytestmark = pytest.mark.slow


@pytest.fixture
def project(owner: Client) -> str:
    found: str = new_project(owner, "Uploads")["id"]
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """recordings/<label>/<n>.csv: four that are good, one that is broken, one that does not say its rate."""
    root = tmp_path / "recordings"
    for label, speed in (("slow", 1.0), ("fast", 9.0)):
        (root / label).mkdir(parents=True)
        for n in (1, 2):
            (root / label / f"{n}.csv").write_text(table(speed + n / 10, with_time=True))
    (root / "slow" / "broken.wav").write_bytes(b"RIFF\x10\x00\x00\x00WAVEjunk")
    (root / "fast" / "rateless.csv").write_text(table(12.0, with_time=False))
    return root


def table(speed: float, *, with_time: bool, rows: int = 300) -> str:
    head = "t_ms,x (g),y (g)" if with_time else "x (g),y (g)"
    lines = [f"{math.sin(speed * n / 50):.4f},{math.cos(speed * n / 50):.4f}" for n in range(rows)]
    timed = (f"{10 * n},{line}" for n, line in enumerate(lines))
    return "\n".join([head, *(timed if with_time else lines)]) + "\n"


def open_dialog(page: Page, project: str) -> Locator:
    page.goto(f"/projects/{project}/samples")
    page.get_by_role("button", name=re.compile("^Upload( files)?$")).click()
    return page.get_by_role("dialog", name="Upload recordings")


def choose(page: Page, dialog: Locator, button: str, what: Path | list[Path]) -> None:
    with page.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name=button).click()
    chooser.value.set_files(what)


def samples(owner: Client, project: str) -> dict[str, dict[str, object]]:
    items = owner.get(f"/projects/{project}/samples", limit=100)["items"]
    return {item["name"]: item for item in items}


def test_folder_with_a_broken_and_an_ambiguous_file(people: People, owner: Client, project: str, folder: Path) -> None:
    page = people.page(owner)
    dialog = open_dialog(page, project)
    choose(page, dialog, "Choose a folder", folder)
    expect(dialog).to_contain_text("From the folders")
    expect(dialog).to_contain_text("2 labels")
    dialog.get_by_role("button", name="Upload 6 files").click()

    expect(dialog).to_contain_text("4 samples imported")
    expect(dialog).to_contain_text("1 refused")
    refused = dialog.get_by_role("region").filter(has_text="broken.wav")
    expect(refused).to_be_visible()
    reason = refused.inner_text().replace("recordings/slow/broken.wav", "").strip()
    assert len(reason.split()) >= 4, f"no reason in words: {reason!r}"

    expect(dialog).to_contain_text("1 file can be read in more than one way")
    expect(dialog.get_by_role("button", name="Import it")).to_be_disabled()
    question = dialog.locator("form").get_by_role("textbox")
    question.fill("100")
    dialog.get_by_role("button", name="Import it").click()
    expect(dialog).to_contain_text("5 samples imported")
    expect(dialog).to_contain_text("1 refused")
    dialog.get_by_role("button", name="Done").click()

    found = samples(owner, project)
    assert len(found) == 5
    assert found["recordings/fast/rateless"]["rate_hz"] == 100
    assert {item["label"] for item in found.values()} == {"slow", "fast"}
    expect(page.get_by_role("link", name=re.compile("rateless$"))).to_be_visible()


def test_the_same_files_again_are_duplicates(people: People, owner: Client, project: str, folder: Path) -> None:
    page = people.page(owner)
    for words in ("2 samples imported", "2 duplicates"):
        dialog = open_dialog(page, project)
        choose(page, dialog, "Choose files", sorted(folder.glob("slow/*.csv")))
        dialog.get_by_role("button", name="Upload 2 files").click()
        expect(dialog).to_contain_text(words)
    assert len(samples(owner, project)) == 2


def test_stopped_upload_can_be_sent_later(people: People, owner: Client, project: str, folder: Path) -> None:
    page = people.page(owner)
    dialog = open_dialog(page, project)
    choose(page, dialog, "Choose files", sorted(folder.glob("fast/?.csv")))
    held: list[Route] = []
    page.route(f"**/api/projects/{project}/samples", lambda route: held.append(route))  # a network that stands still
    dialog.get_by_role("button", name="Upload 2 files").click()
    dialog.get_by_role("button", name="Stop").click()
    expect(dialog).to_contain_text("You stopped the upload")
    expect(dialog).to_contain_text("2 files not sent")
    page.unroute_all(behavior="ignoreErrors")
    assert samples(owner, project) == {}
    dialog.get_by_role("button", name="Send them now").click()
    expect(dialog).to_contain_text("2 samples imported")
    assert len(samples(owner, project)) == 2


def test_dropped_files_open_the_dialog(people: People, owner: Client, project: str) -> None:
    page = people.page(owner)
    page.goto(f"/projects/{project}/samples")
    expect(page.get_by_text("No recordings yet")).to_be_visible()
    transfer = page.evaluate_handle(
        """text => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([text], 'dropped.csv', { type: 'text/csv' }));
          return transfer;
        }""",
        table(3.0, with_time=True),
    )
    target = page.get_by_text("No recordings yet")
    for kind in ("dragenter", "dragover"):
        target.dispatch_event(kind, {"dataTransfer": transfer})
    expect(page.get_by_text("Drop to upload")).to_be_visible()
    target.dispatch_event("drop", {"dataTransfer": transfer})
    dialog = page.get_by_role("dialog", name="Upload recordings")
    dialog.get_by_role("button", name="Upload 1 file").click()
    expect(dialog).to_contain_text("1 sample imported")


def test_deleted_sample_comes_back_with_undo(people: People, owner: Client, project: str, folder: Path) -> None:
    owner.upload(project, [(f"slow/{path.name}", path) for path in sorted(folder.glob("slow/*.csv"))], {})
    assert set(samples(owner, project)) == {"slow/1", "slow/2"}
    page = people.page(owner)
    page.goto(f"/projects/{project}/samples")
    page.get_by_role("link", name=re.compile("1$")).click()
    page.get_by_role("button", name="Delete", exact=True).click()
    notice = page.get_by_role("alert").filter(has_text="deleted")
    expect(notice).to_be_visible()
    assert set(samples(owner, project)) == {"slow/2"}
    notice.get_by_role("button", name="Undo").click()
    eventually("the sample", lambda: set(samples(owner, project)) == {"slow/1", "slow/2"}, 20)
