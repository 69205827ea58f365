"""The real models that lie beside the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mote.paths import ROOT

MODELS = Path(os.environ.get("MOTE_SHARED", ROOT.parent / "shared")) / "models"

INT8_MODELS = (
    "mlperf_ad_toycar",
    "mlperf_ic_resnet8",
    "mlperf_kws_dscnn",
    "mlperf_streaming_wakeword",
    "mlperf_vww_mobilenet",
    "mltk_autoencoder_example",
    "mltk_image_example1",
    "tflm_hello_world",
    "tflm_micro_speech",
)


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder of real models; a test that asks for it is marked real_data."""
    assert MODELS.is_dir(), f"no real models at {MODELS}; set MOTE_SHARED"
    return MODELS


def read_model(models: Path, name: str) -> bytes:
    return (models / name / f"{name}.tflite").read_bytes()
