"""Emulated boards that a page can open: real firmware in QEMU behind a serial port that is a WebSocket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from mote.client import Client
from mote.deploy import boards
from mote.deploy.build import Image, build
from mote.deploy.emulator import Emulator
from mote.deploy.spec import BuildSpec, from_training
from mote.device.bridge import Bridge, Damage
from mote.sample import Axis
from mote.training_result import TrainingResult

BOARD = "mps2_an386"
RATE_HZ = 100.0
AXES = tuple(Axis(name=name, unit="m/s2") for name in ("ax", "ay", "az"))

# Only the picker is replaced: it cannot be driven from outside. Everything behind it is the page's own.
PORT = """url => {
  class BridgedPort extends EventTarget {
    readable = null;
    writable = null;
    getInfo() { return {}; }
    async setSignals() {}
    async open() {
      const socket = new WebSocket(url);
      socket.binaryType = 'arraybuffer';
      await new Promise((resolve, reject) => { socket.onopen = resolve; socket.onerror = reject; });
      this.readable = new ReadableStream({
        start(controller) {
          socket.onmessage = ({ data }) => controller.enqueue(new Uint8Array(data));
          socket.onclose = () => { try { controller.close(); } catch { /* the reader was quicker */ } };
        },
        cancel() { socket.close(); },
      });
      this.writable = new WritableStream({ write(chunk) { socket.send(chunk); } });
      this.socket = socket;
    }
    async close() { this.socket.close(); this.readable = this.writable = null; }
  }
  const port = new BridgedPort();
  Object.defineProperty(navigator.serial, 'requestPort', { value: async () => port });
  Object.defineProperty(navigator.serial, 'getPorts', { value: async () => [port] });
}"""


def sketch() -> Image:
    """A program that only prints numbers."""
    return build(BuildSpec(board=BOARD, kind="sketch", axes=AXES, rate_hz=RATE_HZ))


def data_collection() -> Image:
    return build(BuildSpec(board=BOARD, kind="data_collection", axes=AXES, rate_hz=RATE_HZ))


def trained(owner: Client, path: str, training: str) -> Image:
    """Firmware with a project's model."""
    result = owner.request("GET", f"{path}/trainings/{training}/model", params={"kind": "all"})
    return build(from_training(TrainingResult.load(result.content), BOARD))


@contextmanager
def plugged_in(page: Page, image: Image, damage: Damage = bytes) -> Iterator[Emulator]:
    """While this runs, the page's port picker gives a board that runs this image. Before the page is opened."""
    with Emulator(boards.get(BOARD), image.elf, clock="real_time") as board, Bridge(board, damage=damage) as bridge:
        page.add_init_script(f"({PORT})('{bridge.url}')")
        yield board
