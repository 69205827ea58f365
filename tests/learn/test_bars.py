"""The suggested pipeline on real recordings reaches the figures that Mote promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from mote import dataset
from mote.formats import ReadOptions
from mote.split import SplitRule
from mote.suggest import suggest
from mote.training import run_training

pytestmark = [pytest.mark.real_data, pytest.mark.slow]


@pytest.mark.parametrize(
    ("folder", "split", "options", "least"),
    [
        ("audio_fsdd", {"kind": "where", "key": "index", "values": ["0", "1", "2", "3", "4"]}, {}, 0.96),
        ("motion_magic_wand_abg", {"kind": "every", "n": 5}, {}, 0.94),
        ("vibration_ceiling_fan", {"kind": "last", "testing_percent": 20}, {"rate_hz": 200}, 0.94),
    ],
)
def test_int8_accuracy(
    shared_data: Path, folder: str, split: dict[str, object], options: dict[str, object], least: float
) -> None:
    loaded = dataset.load(
        shared_data / folder, split=SplitRule.model_validate(split), options=ReadOptions.model_validate(options)
    )
    result = run_training(loaded.samples, suggest(loaded.samples))
    assert result.metrics["int8"].accuracy >= least
    assert abs(result.metrics["int8"].accuracy - result.metrics["float32"].accuracy) <= 0.01
