"""The reference models in the emulator: every stored vector of LiteRT, bit for bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mote.deploy.verify import verify_model
from tests.compiler.conftest import models, read_model

__all__ = ["models"]  # a fixture

MLPERF = ("mlperf_kws_dscnn", "mlperf_vww_mobilenet", "mlperf_ic_resnet8", "mlperf_ad_toycar")


@pytest.mark.slow
@pytest.mark.real_data
@pytest.mark.parametrize("name", MLPERF)
def test_reference_model_gives_the_stored_vectors_on_the_emulated_board(models: Path, name: str) -> None:
    stored = np.load(models / name / f"{name}.litert.io.npz")
    inputs = [stored[f"in0_run{run}"].ravel() for run in range(8)]
    expected = [stored[f"out0_run{run}"].ravel() for run in range(8)]
    report = verify_model(read_model(models, name), inputs, "mps2_an386", expected)
    assert (report.verdict, report.reasons) == ("pass", [])
    assert report.scores.equal == sum(values.size for values in expected)
