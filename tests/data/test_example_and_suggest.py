"""The simulated motions, and pipelines to start from."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from mote import example
from mote.dsp import Extractor
from mote.errors import BadInput
from mote.sample import Axis, Sample
from mote.suggest import suggest


def test_same_seed_gives_the_same_bits_and_another_does_not() -> None:
    first, again, other = example.samples(seed=3), example.samples(seed=3), example.samples(seed=4)
    assert [s.content_hash for s in first] == [s.content_hash for s in again]
    assert not {s.content_hash for s in first} & {s.content_hash for s in other}


def test_example_says_that_it_is_simulated_and_divides_by_person() -> None:
    made = example.samples()
    assert len(made) == 120
    assert {s.metadata["simulated"] for s in made} == {"yes"}
    assert {s.label for s in made} == set(example.LABELS)
    testing = {s.metadata["person"] for s in made if s.split == "testing"}
    training = {s.metadata["person"] for s in made if s.split == "training"}
    assert testing
    assert not testing & training


def test_example_feels_gravity() -> None:
    idle = [s for s in example.samples() if s.label == "idle"]
    assert np.linalg.norm(idle[0].values.mean(axis=0)) == pytest.approx(9.81, abs=0.3)


def recordings(rate_hz: float, seconds: float, axes: int) -> list[Sample]:
    values = np.zeros((round(rate_hz * seconds), axes), np.float32)
    return [Sample(f"s{i}", values, rate_hz, tuple(Axis(name=f"a{k}") for k in range(axes))) for i in range(3)]


@pytest.mark.parametrize(
    ("rate_hz", "seconds", "axes", "blocks", "preset", "length_ms"),
    [
        (16000, 1.0, 1, ["mfcc"], "conv1d", 1000),
        (8000, 0.4, 1, ["mfcc"], "conv1d", 500),
        (16000, 30, 1, ["mfcc"], "conv1d", 1000),
        (100, 1.0, 6, ["raw"], "conv1d", 1000),
        (62.5, 10, 3, ["raw"], "conv1d", 2000),
        (200, 1.0, 3, ["spectral", "statistics"], "dense", 1000),
        (12000, 10, 2, ["spectral", "statistics"], "dense", 85),
        (4, 2.0, 9, ["statistics"], "dense", 2000),
        (1 / 60, 36000, 5, ["statistics"], "dense", 600_000),
    ],
)
def test_suggestion_follows_rate_length_and_axes_and_can_be_planned(
    rate_hz: float, seconds: float, axes: int, blocks: list[str], preset: str, length_ms: float
) -> None:
    samples = recordings(rate_hz, seconds, axes)
    pipeline = suggest(samples)
    assert [block.block for block in pipeline.blocks] == blocks
    assert pipeline.learn.params["preset"] == preset
    assert pipeline.window.length_ms == length_ms
    assert Extractor(pipeline, rate_hz, samples[0].axes).features > 0


def test_samples_that_do_not_go_together_are_named() -> None:
    with pytest.raises(BadInput, match=r"s1.*16000 Hz"):
        suggest([*recordings(100, 1, 3), *recordings(100, 1, 3), *recordings(16000, 1, 3)[1:2]])
    with pytest.raises(BadInput, match="axes"):
        suggest([*recordings(100, 1, 3), *recordings(100, 1, 2)[:1]])


def test_importing_mote_is_light() -> None:
    code = (
        "import sys, mote; mote.Pipeline; print(sorted({'tensorflow', 'keras', 'numpy', 'fastapi'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
