"""Boots an image in the emulator, feeds it windows over its UART and compares everything it answers with the host."""

from __future__ import annotations

import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mote import native
from mote.deploy.build import Image, Progress, ShouldStop, build
from mote.deploy.emulator import Emulator
from mote.deploy.report import TOLERANCE, CountReport, FeatureReport, InstructionReport, RamReport, Report, Spread
from mote.deploy.spec import BuildSpec
from mote.device import messages
from mote.device.link import Link, NoAnswer, Refused, refusal
from mote.device.messages import BadMessage, Hello, Result, Stats, Type
from mote.errors import BadInput, Cancelled, VerificationFailed

Floats = NDArray[np.float32]
Bytes8 = NDArray[np.int8]

BOOT_S = 20.0
WINDOW_S = 60.0
"""Longest wait for one window; the emulator runs about 200 million instructions a second."""
_WANT_ALL = 3  # RUN: features and scores
_NANOSECONDS = 1_000_000_000


@dataclass(frozen=True)
class Answer:
    """What the board sent for one window or input."""

    features: Floats
    scores: Bytes8
    result: Result


@dataclass(frozen=True)
class Run:
    """A whole session with an emulated board."""

    hello: Hello
    answers: list[Answer]
    stats: Stats
    emulator: str


def verify(
    image: Image,
    windows: NDArray[Any],
    labels: Sequence[str | None] | None = None,
    progress: Progress = lambda fraction, message: None,
    should_stop: ShouldStop = lambda: False,
) -> Report:
    """Prove a firmware on windows.

    Args:
        image: of kind "pipeline".
        windows: (n, readings, axes) in the axes' own units, as the pipeline cuts them.
        labels: the true label of each window, for the accuracy; optional.
        progress: told (fraction 0 .. 1, what happens now).
        should_stop: asked between windows.

    Returns:
        The report; a wrong answer of the board makes its verdict "fail", it does not raise.

    Raises:
        BadInput: no windows, or of another shape than the pipeline's.
        VerificationFailed: the image does not boot, does not answer or is not the one that was built.
        MissingTool: QEMU is not installed.
        Cancelled: `should_stop` said so.
    """
    windows = _checked(image, windows)
    run = _session(image, windows, progress, should_stop)
    progress(0.95, "compare with the host")
    expected = _host_features(image.spec, windows)
    return _report(image, run, expected, _accuracy(image.spec, run.answers, labels))


def verify_model(
    tflite: bytes,
    inputs: Sequence[NDArray[np.int8]],
    board: str = "mps2_an386",
    expected: Sequence[NDArray[np.int8]] | None = None,
    progress: Progress = lambda fraction, message: None,
) -> Report:
    """Prove a bare int8 model: build it for a board without any DSP and run it on raw inputs.

    Args:
        inputs: int8, each as long as the model's input.
        expected: the outputs; by default those of LiteRT's reference kernels.
    """
    image = build(BuildSpec(board=board, kind="model", tflite=tflite))
    return verify_model_image(image, inputs, expected, progress)


def verify_model_image(
    image: Image,
    inputs: Sequence[NDArray[np.int8]],
    expected: Sequence[NDArray[np.int8]] | None = None,
    progress: Progress = lambda fraction, message: None,
) -> Report:
    """The same for an image of kind "model" that is already built."""
    if not inputs:
        raise BadInput("There is nothing to verify with.", hint="Give at least one input.")
    whole = [np.ascontiguousarray(values, np.int8) for values in inputs]
    run = _session(image, whole, progress, lambda: False)
    if expected is None:
        wanted = reference_scores(image.spec.tflite, whole)
    else:
        wanted = [np.ascontiguousarray(values, np.int8).ravel() for values in expected]
    return _report(image, run, None, None, wanted)


def reference_scores(tflite: bytes, inputs: Sequence[NDArray[Any]]) -> list[Bytes8]:
    """The model's first output for each input, by LiteRT's reference kernels.

    Args:
        inputs: int8 as they are, or float32 in real units (quantised here by LiteRT's own rule).
    """
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    interpreter = Interpreter(model_content=tflite, experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    interpreter.allocate_tensors()
    into, out = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scores = []
    for values in inputs:
        interpreter.set_tensor(into["index"], _quantised(values, into).reshape(into["shape"]))
        interpreter.invoke()
        scores.append(interpreter.get_tensor(out["index"]).ravel().astype(np.int8))
    return scores


def _quantised(values: NDArray[Any], tensor: dict[str, Any]) -> Bytes8:
    """q = round(r / scale) + zero_point, half away from zero, clamped: LiteRT's AffineQuantize in single precision."""
    if values.dtype == np.int8:
        return values
    scale, zero_point = tensor["quantization"]
    ratio = values.astype(np.float32) / np.float32(scale)
    nearest = np.trunc(ratio)
    rest = ratio - nearest  # exact in float32
    nearest += np.where(np.abs(rest) >= 0.5, np.sign(rest), 0).astype(np.float32)
    quantised: Bytes8 = np.clip(nearest + zero_point, -128, 127).astype(np.int8)
    return quantised


def _checked(image: Image, windows: NDArray[Any]) -> Floats:
    if image.spec.kind != "pipeline":
        raise BadInput(f"An image of kind {image.spec.kind!r} classifies no windows.")
    shape = (image.spec.extractor.readings, len(image.spec.axes))
    windows = np.ascontiguousarray(windows, np.float32)
    if windows.ndim != 3 or windows.shape[1:] != shape or len(windows) == 0:
        raise BadInput(
            f"Windows of shape {windows.shape} were given.",
            hint=f"This image takes (n, {shape[0]} readings, {shape[1]} axes), n > 0.",
        )
    return windows


def _session(
    image: Image, inputs: Sequence[Floats] | Floats | Sequence[Bytes8], progress: Progress, should_stop: ShouldStop
) -> Run:
    """Boot, check that it is the image we mean, feed everything, read everything."""
    with Emulator(image.spec.target, image.elf) as emulator:
        link = Link(emulator)
        progress(0.0, "boot")
        try:
            hello = link.hello(BOOT_S)
            _check_identity(image, hello)
            answers = []
            for number, values in enumerate(inputs):
                if should_stop():
                    raise Cancelled("The verification was cancelled.")
                answers.append(_ask(link, values, number))
                progress(0.05 + 0.9 * (number + 1) / len(inputs), f"window {number + 1} of {len(inputs)}")
            return Run(hello, answers, link.stats(), emulator.version)
        except (NoAnswer, Refused, BadMessage) as error:
            raise VerificationFailed(
                f"The emulated {image.spec.board}: {error.message}", hint=_NO_ANSWER_HINT
            ) from error


_NO_ANSWER_HINT = (
    "The image may be damaged, or the board's port is broken; the build log and an attached gdb tell more."
)


def _check_identity(image: Image, hello: Hello) -> None:
    spec = image.spec
    if (hello.board, hello.kind, hello.model) != (spec.board, spec.kind, spec.model_hash[:16]):
        raise VerificationFailed(
            f"The image says it is {hello.kind or 'unknown'} for {hello.board or 'no board'} with model "
            f"{hello.model or 'none'}, and {spec.kind} for {spec.board} with model {spec.model_hash[:16]} was built.",
            hint="Build it again.",
        )


def _ask(link: Link, values: Floats | Bytes8, number: int) -> Answer:
    """Send one window (or a bare model's input) and RUN, collect features, scores and result."""
    encoder = link.encoder
    data = encoder.input(values) if values.dtype == np.int8 else encoder.window(np.asarray(values, np.float32))
    link.transport.write(data + encoder.frame(Type.RUN, struct.pack("<B", _WANT_ALL)))
    features: list[Floats] = []
    scores: list[Bytes8] = []
    deadline = time.monotonic() + WINDOW_S
    while (frame := link.receive(deadline - time.monotonic())) is not None:
        if frame.type == Type.FEATURES:
            features.append(messages.floats_chunk(frame.payload)[1])
        elif frame.type == Type.SCORES:
            scores.append(messages.bytes_chunk(frame.payload)[1])
        elif frame.type == Type.ERROR:
            raise refusal(frame)
        elif frame.type == Type.RESULT:
            return Answer(_joined(features, np.float32), _joined(scores, np.int8), messages.result(frame.payload))
    raise NoAnswer(f"No result for window {number} within {WINDOW_S:g} s.")


def _joined(parts: list[NDArray[Any]], dtype: Any) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0, dtype)


def _host_features(spec: BuildSpec, windows: Floats) -> Floats:
    features = spec.extractor.extract(windows)
    if spec.mean is None or spec.inv_std is None:
        return features
    return native.load().standardise(features, spec.mean, spec.inv_std)


def _accuracy(spec: BuildSpec, answers: list[Answer], labels: Sequence[str | None] | None) -> float | None:
    if labels is None:
        return None
    known = [(answer, label) for answer, label in zip(answers, labels, strict=True) if label is not None]
    right = sum(_label(spec, answer) == label for answer, label in known)
    return right / len(known) if known else None


def _label(spec: BuildSpec, answer: Answer) -> str | None:
    best = answer.result.best
    return spec.labels[best] if best < len(spec.labels) else None


def _report(
    image: Image, run: Run, expected: Floats | None, accuracy: float | None, wanted: list[Bytes8] | None = None
) -> Report:
    """Compare and measure. `wanted` scores default to LiteRT's on the features that the board itself sent."""
    answers = run.answers
    if wanted is None:
        wanted = reference_scores(image.spec.tflite, [answer.features for answer in answers])
    features = _compare_features(answers, expected) if expected is not None else None
    scores = _compare_scores(answers, wanted)
    classes = _compare_classes(answers, wanted)
    reasons = _reasons(answers, features, scores, classes, run.stats)
    spec, board = image.spec, image.spec.target
    instructions = _instructions(answers, run.stats.ticks_hz)
    return Report(
        board=spec.board,
        kind=spec.kind,
        verdict="fail" if reasons else "pass",
        reasons=reasons,
        windows=len(answers),
        features=features,
        scores=scores,
        classes=classes,
        accuracy=accuracy,
        flash_bytes=image.flash_bytes,
        flash_available_bytes=board.memory.flash.bytes,
        ram_bytes=_ram(image, run.stats),
        ram_available_bytes=board.memory.ram.bytes,
        instructions=instructions,
        clock_hz=board.cpu.clock_hz,
        latency_ms=instructions.total.median / board.cpu.clock_hz * 1000,
        model_hash=spec.model_hash,
        image_hash=image.image_hash,
        versions={**image.versions, "emulator": run.emulator, "litert": version("ai-edge-litert")},
    )


def _compare_features(answers: list[Answer], expected: Floats) -> FeatureReport:
    worst, equal_bits = 0.0, True
    for answer, wanted in zip(answers, expected, strict=True):
        if answer.features.shape != wanted.shape:
            return FeatureReport(max_abs_difference=float("inf"), equal_bits=False)
        equal_bits = equal_bits and answer.features.tobytes() == wanted.tobytes()
        difference = np.abs(answer.features.astype(np.float64) - wanted)
        worst = max(worst, float(np.nan_to_num(difference, nan=np.inf).max(initial=0.0)))
    return FeatureReport(max_abs_difference=worst, equal_bits=equal_bits)


def _compare_scores(answers: list[Answer], wanted: list[Bytes8]) -> CountReport:
    equal = different = 0
    for answer, scores in zip(answers, wanted, strict=True):
        same = int((answer.scores == scores).sum()) if answer.scores.shape == scores.shape else 0
        equal += same
        different += scores.size - same
    return CountReport(equal=equal, different=different)


def _compare_classes(answers: list[Answer], wanted: list[Bytes8]) -> CountReport:
    equal = sum(answer.result.best == int(scores.argmax()) for answer, scores in zip(answers, wanted, strict=True))
    return CountReport(equal=equal, different=len(answers) - equal)


def _reasons(
    answers: list[Answer], features: FeatureReport | None, scores: CountReport, classes: CountReport, stats: Stats
) -> list[str]:
    """Everything that must not be, in words."""
    reasons = []
    refused = sum(answer.result.status != 0 for answer in answers)
    if refused:
        reasons.append(f"The board's DSP refused {refused} of {len(answers)} windows.")
    if features is not None and not features.max_abs_difference <= TOLERANCE:
        reasons.append(
            f"A feature of the board differs from the host's by {features.max_abs_difference:g}; "
            f"{TOLERANCE:g} is allowed."
        )
    if scores.different:
        total = scores.equal + scores.different
        reasons.append(
            f"{scores.different} of {total} scores differ from LiteRT's reference kernels on the same features."
        )
    if classes.different:
        reasons.append(f"The board chose another class than LiteRT for {classes.different} of {len(answers)} windows.")
    if stats.stack_peak >= stats.stack_size:
        reasons.append(f"The stack used all of its {stats.stack_size:,} bytes and may have overwritten other memory.")
    return reasons


def _ram(image: Image, stats: Stats) -> RamReport:
    return RamReport(
        data=image.data_bytes,
        bss=image.bss_bytes,
        stack_peak=stats.stack_peak,
        stack_size=stats.stack_size,
        arena=image.arena_bytes,
        total=image.ram_static_bytes + stats.stack_peak,
    )


def _instructions(answers: list[Answer], ticks_hz: int) -> InstructionReport:
    """Ticks to instructions: the emulator takes 1 ns for each."""
    dsp = [answer.result.dsp_ticks * _NANOSECONDS // max(1, ticks_hz) for answer in answers]
    model = [answer.result.model_ticks * _NANOSECONDS // max(1, ticks_hz) for answer in answers]
    total = [a + b for a, b in zip(dsp, model, strict=True)]
    return InstructionReport(dsp=Spread.of(dsp), model=Spread.of(model), total=Spread.of(total))
