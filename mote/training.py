"""One training from recordings to a measured model: what the worker and a notebook both call.

windows -> features (C) -> standardise -> fit (Keras) -> quantise -> evaluate float32 and int8 with LiteRT

result = run_training(dataset.samples, pipeline)
result.metrics["int8"].accuracy
result.save("model"); TrainingResult.load("model")
"""

from __future__ import annotations

import importlib.metadata
import platform
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mote.dataset import check_together, dataset_hash
from mote.dsp import Extractor
from mote.errors import Cancelled, TrainingFailed
from mote.features import WindowSet, fit_standardise, standardise, windows_of
from mote.learn.block import resolve
from mote.learn.epoch import EpochInfo
from mote.learn.evaluate import run_tflite
from mote.learn.quantize import quantize
from mote.learn.train import Examples, hold_out, train
from mote.metrics import Figures, figures
from mote.params import Value
from mote.pipeline import Pipeline
from mote.sample import Floats, Sample
from mote.split import leaks
from mote.training_result import Lineage, Sizes, TrainingInfo, TrainingResult

__all__ = ["Callbacks", "TrainingResult", "run_training"]


@dataclass
class Callbacks:
    """How a caller watches a training. Every one may be left out."""

    on_progress: Callable[[float, str], None] | None = None
    """(0..1, what is being done)"""
    on_epoch: Callable[[EpochInfo], None] | None = None
    log: Callable[[str], None] | None = None
    should_stop: Callable[[], bool] | None = None

    def progress(self, fraction: float, message: str) -> None:
        if self.on_progress is not None:
            self.on_progress(fraction, message)

    def say(self, line: str) -> None:
        if self.log is not None:
            self.log(line)

    def check(self) -> None:
        if self.should_stop is not None and self.should_stop():
            raise Cancelled("The training was stopped.")


@dataclass(frozen=True)
class Prepared:
    """Standardised windows, divided."""

    extractor: Extractor
    labels: tuple[str, ...]
    training: Examples
    validation: Examples | None
    testing: Examples
    tested: WindowSet
    tested_samples: tuple[Sample, ...]
    measured_on: Literal["testing", "validation"]
    mean: Floats | None
    inv_std: Floats | None
    counts: dict[str, int]
    warnings: tuple[str, ...]


def run_training(
    samples: Sequence[Sample],
    pipeline: Pipeline,
    *,
    on_progress: Callable[[float, str], None] | None = None,
    on_epoch: Callable[[EpochInfo], None] | None = None,
    log: Callable[[str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> TrainingResult:
    """The whole way from recordings to a measured int8 model.

    Args:
        samples: labelled and divided recordings of one rate and one set of axes.
        pipeline: window, DSP blocks and learning block.
        on_progress, on_epoch, log, should_stop: see `Callbacks`.

    Raises:
        BadInput: samples that do not go together, or a pipeline that does not fit them.
        TrainingFailed: too little to learn from, or the training or conversion came to nothing; says why.
        Cancelled: `should_stop` said so.
    """
    began, started_at = time.monotonic(), datetime.now(UTC).isoformat(timespec="seconds")
    calls = Callbacks(on_progress, on_epoch, log, should_stop)
    block, values = resolve(pipeline.learn)
    data = prepare(samples, pipeline, values, calls)
    for warning in data.warnings:
        calls.say(f"Note: {warning}")
    calls.progress(0.2, "Starting TensorFlow")
    _quiet_tensorflow()
    trained = train(
        block, values, data.training, data.validation, len(data.labels),
        on_epoch=lambda info: _tell(info, calls), should_stop=should_stop,
    )  # fmt: skip
    calls.say(f"Kept epoch {trained.best_epoch}; {trained.parameters} parameters.")
    calls.progress(0.8, "Quantising")
    calls.check()
    models = quantize(trained.model, data.training.features, should_stop)
    calls.progress(0.9, "Measuring")
    metrics, tested = _measure(models.float32, models.int8, data, calls)
    info = TrainingInfo(
        pipeline=pipeline,
        rate_hz=data.extractor.rate_hz,
        axes=tuple(samples[0].axes),
        labels=data.labels,
        learn_params=values,
        network_shape=data.extractor.network_shape,
        metrics=metrics,
        history=tuple(trained.history),
        best_epoch=trained.best_epoch,
        sizes=Sizes(int8_bytes=len(models.int8), float32_bytes=len(models.float32), parameters=trained.parameters),
        extractor=data.extractor.report(),
        lineage=_lineage(samples, data, values, started_at, time.monotonic() - began),
        warnings=data.warnings,
    )
    calls.say(_verdict(metrics))
    calls.progress(1.0, "Done")
    hashes = tuple(sample.content_hash for sample in data.tested_samples)
    return TrainingResult(info, models.int8, models.float32, data.mean, data.inv_std, tested, hashes)


def prepare(samples: Sequence[Sample], pipeline: Pipeline, values: dict[str, Value], calls: Callbacks) -> Prepared:
    """Everything before the network: windows, features, standardisation, validation set aside.

    Raises:
        BadInput, TrainingFailed, Cancelled: see `run_training`.
    """
    check_together(samples)
    sides = {side: tuple(sample for sample in samples if sample.split == side) for side in ("training", "testing")}
    if not sides["training"]:
        raise TrainingFailed("No sample is in the training split.", hint="Move some samples to training.")
    rate_hz = float(np.median([sample.rate_hz for sample in samples]))
    extractor = Extractor(pipeline, rate_hz, samples[0].axes)
    calls.progress(0.0, "Cutting windows and extracting features")

    def watch(done: int, total: int) -> None:
        calls.check()
        if done % 50 == 0:
            calls.progress(0.2 * done / total, f"Features of recording {done} of {total}")

    learned = windows_of(sides["training"], pipeline, extractor, watch)
    labels = _labels(learned)
    tested, warnings = _known(windows_of(sides["testing"], pipeline, extractor), labels)
    copies = leaks(samples)
    if copies:
        warnings.append(
            f"{len(copies)} testing recordings are copies of training recordings, {copies[0][1].name} for one: "
            "the figures are too good."
        )
    mean, inv_std = (
        fit_standardise(learned.features, extractor.standardise_cols) if pipeline.standardise else (None, None)
    )
    shape = extractor.network_shape

    def examples(windows: WindowSet, chosen: NDArray[np.bool_] | None = None) -> Examples:
        flat = standardise(windows.features, mean, inv_std)
        classes = np.array([labels.index(label) for label in windows.labels], dtype=np.int64)
        if chosen is not None:
            flat, classes = flat[chosen], classes[chosen]
        return Examples(np.ascontiguousarray(flat.reshape(-1, *shape)), classes)

    everything = examples(learned)
    groups = [sides["training"][index].content_hash for index in learned.samples]
    held = hold_out(everything.classes, groups, float(values["validation_percent"]))
    validation = examples(learned, held) if held.any() else None
    tested_samples, measured_on = sides["testing"], "testing"
    if len(tested.labels) == 0:
        warnings.append("No testing windows: the figures are of the validation recordings, and too good.")
        tested, tested_samples, measured_on = _subset(learned, held), sides["training"], "validation"
    counts = Counter(training=int((~held).sum()), validation=int(held.sum()), testing=len(tested.labels))
    counts["left_out"] = learned.unlabelled + tested.unlabelled
    calls.say(
        f"{counts['training']} training, {counts['validation']} validation and {len(tested.labels)} testing windows,"
        f" {extractor.features} features each, {len(labels)} labels: {', '.join(labels)}."
    )
    return Prepared(
        extractor, labels, examples(learned, ~held), validation, examples(tested), tested, tested_samples,
        "testing" if measured_on == "testing" else "validation", mean, inv_std, dict(counts), tuple(warnings),
    )  # fmt: skip


def _labels(learned: WindowSet) -> tuple[str, ...]:
    """The labels that training windows have.

    Raises:
        TrainingFailed: none, only one, or one with a single window.
    """
    counts = Counter(learned.labels)
    if not counts:
        raise TrainingFailed(
            "No training window has a label.",
            hint="Label samples, shorten the window, allow padding, or lower the label threshold.",
        )
    if len(counts) < 2:
        raise TrainingFailed(
            f"All {len(learned.labels)} training windows have the label {next(iter(counts))!r}.",
            hint="A classifier needs recordings of at least two labels in training.",
        )
    label, count = min(counts.items(), key=lambda item: item[1])
    if count < 2:
        raise TrainingFailed(f"The label {label!r} has {count} training window.", hint="Record more of it.")
    return tuple(sorted(counts))


def _known(tested: WindowSet, labels: tuple[str, ...]) -> tuple[WindowSet, list[str]]:
    """Testing windows whose label training knows; the others are left out, and that is said."""
    known = np.array([label in labels for label in tested.labels], dtype=bool)
    if known.all():
        return tested, []
    unknown = sorted({label for label in tested.labels if label not in labels})
    note = f"{int((~known).sum())} testing windows have labels that training does not: {', '.join(unknown)}; left out."
    subset = _subset(tested, known)
    return replace(subset, unlabelled=tested.unlabelled + int((~known).sum())), [note]


def _subset(windows: WindowSet, chosen: NDArray[np.bool_]) -> WindowSet:
    labels = tuple(label for label, kept in zip(windows.labels, chosen.tolist(), strict=True) if kept)
    return WindowSet(
        windows.features[chosen], labels, windows.samples[chosen], windows.starts[chosen], windows.unlabelled
    )


def _tell(info: EpochInfo, calls: Callbacks) -> None:
    validation = "" if info.val_accuracy is None else f", validation {info.val_accuracy:.3f} (loss {info.val_loss:.3f})"
    calls.say(f"Epoch {info.epoch}/{info.epochs}: accuracy {info.accuracy:.3f} (loss {info.loss:.3f}){validation}")
    calls.progress(0.2 + 0.6 * info.epoch / info.epochs, f"Epoch {info.epoch} of {info.epochs}")
    if calls.on_epoch is not None:
        calls.on_epoch(info)


def _measure(
    float32: bytes, int8: bytes, data: Prepared, calls: Callbacks
) -> tuple[dict[str, Figures], dict[str, NDArray[np.generic]]]:
    truth = data.testing.classes
    tested: dict[str, NDArray[np.generic]] = {
        "sample": data.tested.samples,
        "start": data.tested.starts,
        "truth": truth,
    }
    metrics: dict[str, Figures] = {}
    for name, model in (("float32", float32), ("int8", int8)):
        scores = run_tflite(model, data.testing.features, calls.should_stop)
        metrics[name] = figures(truth, scores.scores, data.tested.samples, data.labels, data.measured_on)
        tested[f"{name}_scores"] = scores.raw
    return metrics, tested


def _verdict(metrics: dict[str, Figures]) -> str:
    int8, float32 = metrics["int8"], metrics["float32"]
    return (
        f"Accuracy on {int8.windows} {int8.measured_on} windows: int8 {int8.accuracy:.2%},"
        f" float32 {float32.accuracy:.2%}; by recording ({int8.samples}): int8 {int8.sample_accuracy:.2%}."
    )


def _lineage(
    samples: Sequence[Sample], data: Prepared, values: dict[str, Value], started_at: str, seconds: float
) -> Lineage:
    packages = ("mote-studio", "numpy", "tensorflow", "keras", "ai-edge-litert")
    return Lineage(
        dataset_hash=dataset_hash(samples),
        seed=int(values.get("seed", 0)),
        training_samples=sum(sample.split == "training" for sample in samples),
        testing_samples=sum(sample.split == "testing" for sample in samples),
        training_windows=data.counts["training"],
        validation_windows=data.counts["validation"],
        testing_windows=data.counts["testing"],
        windows_left_out=data.counts["left_out"],
        versions={"python": platform.python_version(), **{name: _version(name) for name in packages}},
        machine=f"{platform.system()} {platform.machine()}",
        started_at=started_at,
        seconds=round(seconds, 2),
    )


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def _quiet_tensorflow() -> None:
    """Import it now, without its start-up chatter, and fix the order of operations.

    Raises:
        MissingTool: it is not installed.
    """
    from mote.learn.backend import start

    start()
