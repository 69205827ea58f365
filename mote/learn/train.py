"""Fitting a learning block with Keras, epoch by epoch, so that a person can watch and stop it."""

from __future__ import annotations

import hashlib
import math
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mote.errors import Cancelled, TrainingFailed
from mote.learn.block import LearnBlock
from mote.learn.epoch import EpochInfo
from mote.params import Value
from mote.sample import Floats

Indices = NDArray[np.int64]
OnEpoch = Callable[[EpochInfo], None]
ShouldStop = Callable[[], bool]


@dataclass(frozen=True)
class Trained:
    """A fitted Keras model and how it got there."""

    model: Any
    history: list[EpochInfo]
    best_epoch: int
    parameters: int


@dataclass(frozen=True)
class Examples:
    """Standardised features and classes of windows."""

    features: Floats
    """(windows, *shape)"""
    classes: Indices
    """(windows,)"""


def hold_out(classes: Indices, groups: Sequence[str], percent: float) -> NDArray[np.bool_]:
    """Which windows are set aside for validation: whole groups, for every class its share, by hash and so stable.

    Args:
        classes: (windows,) class of each.
        groups: (windows,) what must stay together: the recording, or the person.
        percent: of the groups of a class.

    Returns:
        (windows,) true = validation. A class with one group keeps it for training.
    """
    members: dict[int, set[str]] = defaultdict(set)
    for label, group in zip(classes.tolist(), groups, strict=True):
        members[label].add(group)
    chosen: set[str] = set()
    for label in sorted(members, key=lambda label: len(members[label])):
        ordered = sorted(members[label], key=lambda group: hashlib.sha256(group.encode()).digest())
        wanted = min(len(ordered) - 1, math.ceil(len(ordered) * percent / 100)) if percent else 0
        wanted -= sum(group in chosen for group in ordered)
        free = [group for group in ordered if group not in chosen]
        chosen.update(free[: max(0, min(wanted, len(free) - 1))])
    return np.array([group in chosen for group in groups], dtype=bool)


def train(
    block: LearnBlock,
    values: Mapping[str, Value],
    training: Examples,
    validation: Examples | None,
    classes: int,
    *,
    on_epoch: OnEpoch | None = None,
    should_stop: ShouldStop | None = None,
) -> Trained:
    """Fit a network.

    Args:
        block: builds the network.
        values: its checked parameters.
        training: at least one window of every class.
        validation: windows of other recordings, or None; chooses the epoch that is kept.
        classes: how many labels there are.
        on_epoch: called after every epoch.
        should_stop: asked after every batch.

    Raises:
        Cancelled: `should_stop` said so.
        TrainingFailed: the loss is no longer a number.
    """
    import keras

    keras.backend.clear_session()
    keras.utils.set_random_seed(int(values["seed"]))
    model = block.build(values, training.features.shape[1:], classes)
    batches = _batches_class()(training, values, _weights(training.classes, classes, bool(values["class_weights"])))
    steps = len(batches) * int(values["epochs"])
    schedule = keras.optimizers.schedules.CosineDecay(float(values["learning_rate"]), steps, alpha=0.01)
    model.compile(
        keras.optimizers.Adam(schedule, clipnorm=5.0), "sparse_categorical_crossentropy", weighted_metrics=["accuracy"]
    )
    watch = _watch_class()(int(values["epochs"]), int(values["early_stopping"]), on_epoch, should_stop)
    held_out = (validation.features, validation.classes) if validation is not None and len(validation.classes) else None
    model.fit(
        batches, epochs=int(values["epochs"]), validation_data=held_out, callbacks=[watch], verbose=0, shuffle=False
    )
    if watch.best_weights is not None:
        model.set_weights(watch.best_weights)
    return Trained(model, watch.history, watch.best_epoch, int(model.count_params()))


def _weights(classes: Indices, count: int, balanced: bool) -> NDArray[np.float32]:
    """Weight of each class: windows / (classes * windows of the class), so that all classes weigh alike."""
    if not balanced:
        return np.ones(count, dtype=np.float32)
    present = np.bincount(classes, minlength=count)
    return (len(classes) / (count * np.maximum(present, 1))).astype(np.float32)


def augment(batch: Floats, values: Mapping[str, Value], random: np.random.Generator) -> Floats:
    """Noise, shift along time and masking of standardised features; (windows, rows, cols) or (windows, features)."""
    batch = batch.copy()
    if batch.ndim == 3:
        rows, cols = batch.shape[1:]
        reach = int(float(values["time_shift"]) * rows)
        for index, shift in enumerate(random.integers(-reach, reach + 1, len(batch)) if reach else ()):
            batch[index] = _shifted(batch[index], int(shift))
        for axis, size in ((1, rows), (2, cols)):
            longest = int(float(values["mask"]) * size)
            for index in range(len(batch) if longest else 0):
                length = int(random.integers(0, longest + 1))
                start = int(random.integers(0, size - length + 1))
                np.moveaxis(batch[index], axis - 1, 0)[start : start + length] = 0.0
    if values["noise"]:
        batch += random.normal(0.0, float(values["noise"]), batch.shape).astype(np.float32)
    return batch


def _shifted(rows: Floats, shift: int) -> Floats:
    """Moved by `shift` rows; the edge is repeated."""
    index = np.clip(np.arange(len(rows)) - shift, 0, len(rows) - 1)
    return rows[index]


def _batches_class() -> Any:
    """The class is made here because its base is Keras, which must not be imported with this module."""
    import keras

    class Batches(keras.utils.PyDataset):  # type: ignore[misc]
        """Shuffled, augmented batches; epoch and seed fix them."""

        def __init__(self, examples: Examples, values: Mapping[str, Value], weights: NDArray[np.float32]) -> None:
            super().__init__()
            self.examples, self.values, self.weights = examples, values, weights
            self.epoch = 0
            self.order = self._shuffled()

        def _shuffled(self) -> Indices:
            random = np.random.default_rng((int(self.values["seed"]), self.epoch))
            return random.permutation(len(self.examples.classes))

        def __len__(self) -> int:
            return math.ceil(len(self.examples.classes) / int(self.values["batch_size"]))

        def __getitem__(self, index: int) -> tuple[Floats, Indices, NDArray[np.float32]]:
            size = int(self.values["batch_size"])
            chosen = self.order[index * size : (index + 1) * size]
            random = np.random.default_rng((int(self.values["seed"]), self.epoch, index, 1))
            classes = self.examples.classes[chosen]
            return augment(self.examples.features[chosen], self.values, random), classes, self.weights[classes]

        def on_epoch_end(self) -> None:
            self.epoch += 1
            self.order = self._shuffled()

    return Batches


def _watch_class() -> Any:
    import keras

    class Watch(keras.callbacks.Callback):  # type: ignore[misc]
        """Reports epochs, keeps the best weights, stops early or on demand."""

        def __init__(
            self, epochs: int, patience: int, on_epoch: OnEpoch | None, should_stop: ShouldStop | None
        ) -> None:
            super().__init__()
            self.epochs, self.patience, self.tell, self.should_stop = epochs, patience, on_epoch, should_stop
            self.history: list[EpochInfo] = []
            self.best_epoch, self.best_loss, self.best_weights = 0, math.inf, None
            self.began = self.started = 0.0

        def on_train_begin(self, logs: Any = None) -> None:
            self.began = time.monotonic()

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.started = time.monotonic()

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if self.should_stop is not None and self.should_stop():
                raise Cancelled("The training was stopped.")

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            info = self._info(epoch, dict(logs or {}))
            self.history.append(info)
            if not math.isfinite(info.loss):
                raise TrainingFailed(
                    f"The loss is no longer a number in epoch {info.epoch}.",
                    hint="Lower the learning rate, or standardise the features.",
                )
            if self.tell is not None:
                self.tell(info)
            self._keep_best(info)

        def _info(self, epoch: int, logs: dict[str, float]) -> EpochInfo:
            now, done = time.monotonic(), epoch + 1
            return EpochInfo(
                epoch=done,
                epochs=self.epochs,
                loss=logs["loss"],
                accuracy=logs["accuracy"],
                val_loss=logs.get("val_loss"),
                val_accuracy=logs.get("val_accuracy"),
                seconds=now - self.started,
                seconds_left=(now - self.began) / done * (self.epochs - done),
            )

        def _keep_best(self, info: EpochInfo) -> None:
            if info.val_loss is None:
                self.best_epoch = info.epoch
                return
            if info.val_loss < self.best_loss:
                self.best_epoch, self.best_loss = info.epoch, info.val_loss
                self.best_weights = self.model.get_weights()
            elif self.patience and info.epoch - self.best_epoch >= self.patience:
                self.model.stop_training = True

    return Watch
