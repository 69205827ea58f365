"""The streaming bar: 3 axes at 100 Hz for a minute from firmware in QEMU, through the bridge and through the page.

    python -m benchmarks.live_stream [--seconds 60]

Four runs: a program at the other end of the bridge, and the Live page in Chromium; each on a clean line and with one
byte in a hundred damaged. Clean: no reading may be lost, and the rate must be within 1 %. Damaged: losses are counted
and everything goes on. Ends with status 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from mote.client import Client
from mote.deploy import boards
from mote.deploy.build import Image
from mote.deploy.emulator import Emulator
from mote.device import messages
from mote.device.bridge import Bridge
from mote.device.link import Link
from mote.device.messages import BadMessage, Type, Want
from tests.device.lines import Damage, WebSocketLine
from tests.e2e.boards import BOARD, RATE_HZ, data_collection, plugged_in
from tests.e2e.studio import People, Studio, launch, new_project, run_studio

PART = 0.01
WARM_UP_S = 3


@dataclass(frozen=True)
class Measured:
    """One run."""

    way: str
    damaged_bytes: int
    seconds: float
    received: int
    lost: int
    damaged_frames: int
    trouble: str = ""

    @property
    def rate_hz(self) -> float:
        """What the board sent, by this machine's clock."""
        return (self.received + self.lost) / self.seconds

    def misses(self) -> list[str]:
        """What was promised and is not so."""
        found = [self.trouble] if self.trouble else []
        if abs(self.rate_hz / RATE_HZ - 1) > 0.01:
            found.append(f"the rate is {self.rate_hz:.2f} Hz")
        if not self.damaged_bytes and self.lost + self.damaged_frames:
            found.append(f"{self.lost} readings lost, {self.damaged_frames} frames damaged on a clean line")
        if self.damaged_bytes and not (self.lost and self.damaged_frames and self.received):
            found.append("the losses of a damaged line were not counted")
        return found


def through_the_bridge(image: Image, seconds: float, part: float) -> Measured:
    """A program that reads frames from the WebSocket."""
    damage = Damage(part)
    with (
        Emulator(boards.get(BOARD), image.elf, clock="real_time") as board,
        Bridge(board, damage=damage) as bridge,
    ):
        line = WebSocketLine(bridge.url)
        link = Link(line)
        link.hello(20)
        link.start(Want.READINGS)
        _count(link, WARM_UP_S)
        damage.on = True
        before = link.decoder.bad
        first, last, received, took = _count(link, seconds)
        damage.on = False
        line.close()
        return Measured("bridge", damage.damaged, took, received, last - first - received, link.decoder.bad - before)


def _count(link: Link, seconds: float) -> tuple[int, int, int, float]:
    """Index of the first reading, index after the last, readings received, seconds between the two."""
    first = last = received = 0
    started = ended = 0.0
    until = time.monotonic() + seconds
    while (now := time.monotonic()) < until:
        frame = link.receive(until - now)
        if frame is None or frame.type != Type.READINGS:
            continue
        try:
            came = messages.readings(frame.payload)
        except BadMessage:
            continue
        if not started:
            started, first = time.monotonic(), came.index + len(came.values)
            continue
        received += len(came.values)
        last, ended = came.index + len(came.values), time.monotonic()
    return first, last, received, ended - started


def through_the_page(
    browser: Browser, studio: Studio, owner: Client, image: Image, seconds: float, part: float
) -> Measured:
    """The Live page, recording all the while; the recording must be as long as it says."""
    damage = Damage(part)
    people = People(browser, studio)
    page = people.page(owner, bypass_csp=True)  # the policy allows the page its own server only, and the bridge is none
    people.watches[-1].also = ("ws://127.0.0.1:",)
    project = new_project(owner, f"Stream {part}")["id"]
    with plugged_in(page, image, damage):
        page.goto(f"/projects/{project}/live")
        page.get_by_role("button", name="Connect a board").click()
        page.get_by_label("Length in seconds").fill(str(seconds))
        page.get_by_role("switch", name="Count down").uncheck()
        page.wait_for_timeout(1000 * WARM_UP_S)
        damage.on = True
        page.get_by_role("button", name="Record", exact=True).click()
        before, started = _figures(page), time.monotonic()
        page.wait_for_timeout(1000 * seconds)
        after, took = _figures(page), time.monotonic() - started
        page.get_by_text("Just recorded").wait_for(timeout=60_000)
        page.get_by_text(re.compile(r"1 sample,")).wait_for()
        damage.on = False
    people.close()
    sample = owner.get(f"/projects/{project}/samples")["items"][0]
    trouble = "; ".join(problem for watch in people.watches for problem in watch.problems)
    if (sample["readings"], sample["rate_hz"]) != (round(seconds * RATE_HZ), RATE_HZ):
        trouble += f" the sample has {sample['readings']} readings at {sample['rate_hz']} Hz"
    received, lost, bad = (new - old for old, new in zip(before, after, strict=True))
    return Measured("page", damage.damaged, took, received, lost, bad, trouble)


def _figures(page: Page) -> tuple[int, int, int]:
    """Readings, lost readings, damaged frames, as the page shows them; read in one go."""
    text = page.get_by_role("main").inner_text()
    found = [
        re.search(rf"^{name}\n+([^\n]+)", text, re.MULTILINE)
        for name in ("Readings", "Lost readings", "Damaged frames")
    ]
    readings, lost, bad = (int(re.sub(r"\D", "", one[1]) or 0) if one else 0 for one in found)
    return readings, lost, bad


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    seconds = parser.parse_args().seconds
    image = data_collection()
    status = 0

    def tell(result: Measured) -> None:
        nonlocal status
        misses = result.misses()
        status |= bool(misses)
        print(
            f"{result.way:6} {result.damaged_bytes:6} bytes damaged: {result.received} readings "
            f"in {result.seconds:.1f} s, {result.lost} lost, {result.damaged_frames} frames damaged, "
            f"{result.rate_hz:.2f} Hz: {'; '.join(misses) or 'good'}",
            flush=True,
        )

    for part in (0.0, PART):
        tell(through_the_bridge(image, seconds, part))
    with (
        tempfile.TemporaryDirectory(prefix="mote-stream-") as folder,
        run_studio(Path(folder)) as studio,
        studio.set_up() as owner,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        for part in (0.0, PART):
            tell(through_the_page(browser, studio, owner, image, seconds, part))
        browser.close()
    return status


if __name__ == "__main__":
    sys.exit(main())
