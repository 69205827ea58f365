"""One source, three homes: server, browser and board compute the same features, bit for bit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from mote import dsp, native, native_build
from mote.deploy import boards
from mote.deploy.build import build
from mote.deploy.emulator import Emulator
from mote.deploy.spec import BuildSpec
from mote.deploy.verify import verify
from mote.device import messages
from mote.device.link import Link
from mote.device.messages import Type
from mote.dsp import Extractor
from mote.errors import BadInput
from mote.pipeline import BlockSpec, Pipeline, Window
from mote.sample import Axis
from tests.deploy.small import dense_model
from tests.dsp.conftest import WasmModule

pytestmark = pytest.mark.slow

Floats = NDArray[np.float32]
LABELS = ("one", "two", "three")
WINDOWS = 6
BOOT_S = 20.0
RUN_FEATURES = b"\x01"


@dataclass(frozen=True)
class Signal:
    """What a block is tried on."""

    rate_hz: float
    readings: int
    axes: int


MOTION, SOUND = Signal(100.0, 128, 3), Signal(8000.0, 1600, 1)


@pytest.fixture(scope="module")
def wasm() -> WasmModule:
    return WasmModule(native_build.build_wasm())


def pipeline(block: str, signal: Signal) -> Pipeline:
    window = Window(length_ms=1000 * signal.readings / signal.rate_hz)
    return Pipeline(window=window, blocks=(BlockSpec(block=block),))


def axes_of(signal: Signal) -> tuple[Axis, ...]:
    return tuple(Axis(name=name, unit="m/s2") for name in "xyz"[: signal.axes])


def takes(block: str, signal: Signal) -> bool:
    try:
        Extractor(pipeline(block, signal), signal.rate_hz, axes_of(signal))
    except BadInput:
        return False
    return True


def cases() -> Iterator[tuple[str, Signal]]:
    """Every block that there is, on the first kind of signal that it takes."""
    for block in dsp.blocks():
        signals = [signal for signal in (MOTION, SOUND) if takes(block, signal)]
        assert signals, f"no signal here is one that the block {block} takes"
        yield block, signals[0]


def spec_of(block: str, signal: Signal, board: str) -> BuildSpec:
    """The block, its features standardised, before a model of one dense layer."""
    extractor = Extractor(pipeline(block, signal), signal.rate_hz, axes_of(signal))
    chance = np.random.default_rng(2)
    cols = extractor.standardise_cols
    return BuildSpec(
        board=board,
        axes=axes_of(signal),
        rate_hz=signal.rate_hz,
        pipeline=pipeline(block, signal),
        mean=chance.normal(0, 1, cols).astype(np.float32),
        inv_std=chance.uniform(0.3, 2, cols).astype(np.float32),
        tflite=dense_model(extractor.features, len(LABELS)),
        labels=LABELS,
    )


def windows(signal: Signal) -> Floats:
    """Loud and faint, noise and tones."""
    chance = np.random.default_rng(3)
    noise = chance.normal(0, 1, (WINDOWS, signal.readings, signal.axes))
    tones = np.sin(np.arange(signal.readings)[None, :, None] * chance.uniform(0.01, 2, (WINDOWS, 1, signal.axes)))
    loud = 10.0 ** np.linspace(-4, 2, WINDOWS)[:, None, None]
    return (loud * (tones + 0.1 * noise)).astype(np.float32)


def on_the_host(spec: BuildSpec, given: Floats) -> Floats:
    assert spec.mean is not None
    assert spec.inv_std is not None
    return native.load().standardise(spec.extractor.extract(given), spec.mean, spec.inv_std)


def in_the_browser(wasm: WasmModule, block: str, spec: BuildSpec, given: Floats) -> Floats:
    """What the page's WebAssembly module gives: the block, then the standardisation."""
    index = list(dsp.blocks()).index(block)
    defaults = [p.choices.index(p.default) if p.kind == "choice" else p.default for p in dsp.blocks()[block].params]
    config = native.Config(index, given.shape[1], given.shape[2], spec.rate_hz, np.array(defaults, np.float32))
    plan = wasm.plan(config)
    features = np.zeros((len(given), plan.rows * plan.cols), np.float32)
    assert wasm.run(config, plan, wasm.prepare(config, plan), given, None, features) == len(given)
    return standardised(wasm, features, spec)


def standardised(wasm: WasmModule, features: Floats, spec: BuildSpec) -> Floats:
    assert spec.mean is not None
    assert spec.inv_std is not None
    at = wasm.put(features.tobytes())
    wasm.call("mote_standardise", at, features.size, wasm.put(spec.mean.tobytes()), wasm.put(spec.inv_std.tobytes()),
              spec.mean.size)  # fmt: skip
    out = np.frombuffer(wasm.get(at, features.nbytes), "<f4").reshape(features.shape)
    wasm.call("mote_reset")
    return out


def on_the_board(spec: BuildSpec, elf: bytes, given: Floats) -> Floats:
    """The features that the emulated board itself sends."""
    answers = []
    with Emulator(spec.target, elf) as emulator:
        link = Link(emulator)
        link.hello(BOOT_S)
        for window in given:
            emulator.write(link.encoder.window(window) + link.encoder.frame(Type.RUN, RUN_FEATURES))
            parts = []
            while (frame := link.receive(BOOT_S)) is not None and frame.type != Type.RESULT:
                assert frame.type in (Type.FEATURES, Type.HELLO), frame
                if frame.type == Type.FEATURES:
                    parts.append(messages.floats_chunk(frame.payload)[1])
            answers.append(np.concatenate(parts))
    return np.array(answers, np.float32)


def same_bits(one: Floats, other: Floats) -> bool:
    return one.shape == other.shape and one.tobytes() == other.tobytes()


@pytest.mark.parametrize("board", sorted(boards.load()))
@pytest.mark.parametrize(("block", "signal"), list(cases()), ids=lambda value: value if isinstance(value, str) else "")
def test_host_browser_and_board_give_the_same_bits(board: str, block: str, signal: Signal, wasm: WasmModule) -> None:
    spec, given = spec_of(block, signal, board), windows(signal)
    host = on_the_host(spec, given)
    assert np.isfinite(host).all()
    assert len(np.unique(host)) > WINDOWS, "the windows are too much alike to tell anything"
    assert same_bits(in_the_browser(wasm, block, spec, given), host)

    image = build(spec)
    assert same_bits(on_the_board(spec, image.elf, given), host)
    report = verify(image, given)
    assert (report.verdict, report.scores.different) == ("pass", 0)
