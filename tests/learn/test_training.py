"""The whole way from recordings to a measured model, on simulated motions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from mote import example
from mote.dsp import Extractor
from mote.errors import BadInput, Cancelled, TrainingFailed
from mote.features import windows_of
from mote.learn.block import resolve
from mote.learn.epoch import EpochInfo
from mote.learn.evaluate import run_tflite
from mote.learn.train import train
from mote.pipeline import BlockSpec, LearnSpec, Pipeline, Window
from mote.sample import Sample, Segment
from mote.training import Callbacks, Prepared, TrainingResult, prepare, run_training

QUICK = Pipeline(
    window=Window(length_ms=1000, stride_ms=500),
    blocks=(BlockSpec(block="statistics"),),
    learn=LearnSpec(params={"preset": "dense", "epochs": 3, "width": 8, "layers": 1}),
)
SAMPLES = example.samples(per_person=2)


@dataclass
class Watched:
    """What a caller was told during a training."""

    epochs: list[EpochInfo] = field(default_factory=list)
    fractions: list[float] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def watched() -> Watched:
    return Watched()


@pytest.fixture(scope="module")
def trained(watched: Watched) -> TrainingResult:
    return run_training(
        example.samples(),
        example.pipeline(),
        on_epoch=watched.epochs.append,
        on_progress=lambda fraction, message: watched.fractions.append(fraction),
        log=watched.lines.append,
    )


def prepared(samples: list[Sample]) -> Prepared:
    return prepare(samples, QUICK, resolve(QUICK.learn)[1], Callbacks())


@pytest.mark.slow
def test_example_reaches_95_percent(trained: TrainingResult) -> None:
    assert trained.metrics["int8"].accuracy > 0.95
    assert abs(trained.metrics["int8"].accuracy - trained.metrics["float32"].accuracy) < 0.01


@pytest.mark.slow
def test_figures_are_those_of_the_testing_person(trained: TrainingResult) -> None:
    testing = [sample for sample in example.samples() if sample.split == "testing"]
    assert trained.metrics["int8"].measured_on == "testing"
    assert trained.metrics["int8"].samples == len(testing)
    assert trained.tested_samples == tuple(sample.content_hash for sample in testing)
    scores = trained.tested["int8_scores"]
    assert np.mean(scores.argmax(axis=1) == trained.tested["truth"]) == trained.metrics["int8"].accuracy


@pytest.mark.slow
def test_saved_and_loaded_again_it_is_the_same(trained: TrainingResult, tmp_path: Path) -> None:
    trained.save(tmp_path / "model")
    trained.save(tmp_path / "model.zip")
    for source in (tmp_path / "model", tmp_path / "model.zip", trained.to_zip()):
        again = TrainingResult.load(source)
        assert again.info == trained.info
        assert again.model_int8 == trained.model_int8
        assert np.array_equal(again.mean, trained.mean)
        assert np.array_equal(again.tested["int8_scores"], trained.tested["int8_scores"])
        assert again.tested_samples == trained.tested_samples


@pytest.mark.slow
def test_prediction_takes_windows_of_readings(trained: TrainingResult) -> None:
    testing = [sample for sample in example.samples() if sample.split == "testing"]
    windows = np.stack([sample.values[:100] for sample in testing])
    predicted = [trained.labels[index] for index in trained.predict(windows).argmax(axis=1)]
    assert np.mean([a == b.label for a, b in zip(predicted, testing, strict=True)]) > 0.9


@pytest.mark.slow
def test_int8_model_is_integer_throughout(trained: TrainingResult) -> None:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=trained.model_int8)
    kinds = {detail["dtype"] for detail in interpreter.get_tensor_details()}
    assert kinds <= {np.int8, np.int32}
    assert interpreter.get_input_details()[0]["shape"][0] == 1


@pytest.mark.slow
def test_same_seed_gives_the_same_weights() -> None:
    block, values = resolve(QUICK.learn)
    data = prepared(SAMPLES)
    runs = [train(block, values, data.training, data.validation, len(data.labels)) for _ in range(2)]
    assert all(np.array_equal(a, b) for a, b in zip(*(run.model.get_weights() for run in runs), strict=True))
    assert [epoch.loss for epoch in runs[0].history] == [epoch.loss for epoch in runs[1].history]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("block", "preset"),
    [("raw", "conv1d"), ("raw", "dense"), ("mfe", "ds_cnn")],
)
def test_every_preset_trains_and_converts(block: str, preset: str) -> None:
    axes = ("accX",) if block == "mfe" else ()
    params = {"frame_length_ms": 100.0, "frame_stride_ms": 50.0, "filters": 8} if block == "mfe" else {}
    pipeline = Pipeline(
        blocks=(BlockSpec(block=block, axes=axes, params=params),),
        learn=LearnSpec(params={"preset": preset, "epochs": 1, "width": 8, "layers": 2, "mask": 0.2}),
    )
    result = run_training(SAMPLES, pipeline)
    scores = run_tflite(result.model_float, np.zeros((1, *result.info.network_shape), np.float32)).scores
    assert scores.sum() == pytest.approx(1.0, abs=1e-5)


@pytest.mark.slow
def test_epochs_progress_and_log_are_told_in_order(trained: TrainingResult, watched: Watched) -> None:
    assert tuple(watched.epochs) == trained.history
    assert [epoch.epoch for epoch in watched.epochs] == list(range(1, len(watched.epochs) + 1))
    assert all(epoch.val_accuracy is not None for epoch in watched.epochs)
    assert watched.fractions == sorted(watched.fractions)
    assert watched.fractions[-1] == 1.0
    assert watched.lines[-1].startswith("Accuracy on 216 testing windows")


@pytest.mark.slow
def test_stop_between_batches() -> None:
    asked = iter(range(10_000))
    with pytest.raises(Cancelled):
        run_training(SAMPLES, QUICK, should_stop=lambda: next(asked) > len(SAMPLES) + 5)


def test_stop_before_anything_heavy() -> None:
    with pytest.raises(Cancelled):
        run_training(SAMPLES, QUICK, should_stop=lambda: True)


def unlabelled(sample: Sample) -> Sample:
    return replace(sample, segments=())


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        ([replace(s, split="testing") for s in SAMPLES], "training split"),
        ([unlabelled(s) for s in SAMPLES], "No training window has a label"),
        ([s for s in SAMPLES if s.label == "idle"], "All .* windows have the label 'idle'"),
    ],
)
def test_too_little_to_learn_from_is_said_in_words(samples: list[Sample], message: str) -> None:
    with pytest.raises(TrainingFailed, match=message) as failure:
        run_training(samples, QUICK)
    assert failure.value.hint


def test_sequence_network_on_one_vector_is_refused_with_a_remedy() -> None:
    pipeline = QUICK.model_copy(update={"learn": LearnSpec(params={"preset": "conv1d"})})
    with pytest.raises(BadInput, match="needs a sequence") as refusal:
        run_training(SAMPLES, pipeline)
    assert "dense" in refusal.value.hint


@pytest.mark.parametrize("params", [{"epochs": 0}, {"preset": "lstm"}, {"epoch": 3}])
def test_wrong_parameter_is_named(params: dict[str, int | str]) -> None:
    with pytest.raises(BadInput, match=next(iter(params))):
        run_training(SAMPLES, QUICK.model_copy(update={"learn": LearnSpec(params=params)}))


def test_label_that_only_testing_has_is_left_out_and_said() -> None:
    data = prepared([s for s in SAMPLES if not (s.label == "wave" and s.split == "training")])
    assert data.labels == ("circle", "idle", "shake")
    assert data.counts["left_out"] == 10
    assert "wave" in data.warnings[0]


def test_without_testing_samples_the_figures_are_marked() -> None:
    data = prepared([replace(s, split="training") for s in SAMPLES])
    assert data.measured_on == "validation"
    assert data.validation is not None
    assert np.array_equal(data.testing.features, data.validation.features)
    assert "No testing windows" in data.warnings[0]


def test_copies_on_both_sides_are_said() -> None:
    training = next(s for s in SAMPLES if s.split == "training")
    data = prepared([*SAMPLES, replace(training, name="copy", split="testing")])
    assert "copies of training recordings, copy" in data.warnings[0]


def test_windows_carry_the_labels_of_their_segments() -> None:
    long = replace(
        SAMPLES[0],
        segments=(Segment(start_s=0, end_s=1.5, label="a"), Segment(start_s=1.5, end_s=3.0, label="b")),
    )
    pipeline = QUICK.model_copy(update={"label_threshold": 0.9})
    windows = windows_of([long], pipeline, Extractor(pipeline, 100.0, long.axes))
    assert windows.labels == ("a", "a", "b", "b")
    assert windows.starts.tolist() == [0, 50, 150, 200]
    assert windows.unlabelled == 1


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"{}"])
def test_what_is_not_a_saved_training_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="not a saved training"):
        TrainingResult.load(data)
