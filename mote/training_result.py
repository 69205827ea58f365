"""What a training leaves: two models, how to prepare their input, what they are worth, and where they come from."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ValidationError

from mote.dsp import Extractor, ExtractorReport
from mote.errors import BadInput
from mote.features import standardise
from mote.learn.epoch import EpochInfo
from mote.learn.evaluate import run_tflite
from mote.metrics import Figures
from mote.params import Value
from mote.pipeline import Pipeline
from mote.sample import Axis, Floats

_FILES = {"int8.tflite": "model_int8", "float32.tflite": "model_float"}
_JSON, _ARRAYS = "training.json", "arrays.npz"
_MAX_MEMBER_BYTES = 1024 * 1024 * 1024


class Lineage(BaseModel, frozen=True):
    """Where a model comes from: enough to make it again."""

    dataset_hash: str
    seed: int
    training_samples: int
    testing_samples: int
    training_windows: int
    validation_windows: int
    testing_windows: int
    windows_left_out: int
    """Windows without a label, or with a label that training does not have."""
    versions: dict[str, str]
    machine: str
    started_at: str
    seconds: float


class Sizes(BaseModel, frozen=True):
    """Bytes of the model files, and how many weights there are."""

    int8_bytes: int
    float32_bytes: int
    parameters: int


class TrainingInfo(BaseModel, frozen=True):
    """Everything about a training that is text."""

    format: Literal[1] = 1
    pipeline: Pipeline
    rate_hz: float
    axes: tuple[Axis, ...]
    labels: tuple[str, ...]
    learn_params: dict[str, Value]
    """The learning block's parameters with the defaults that were filled in."""
    network_shape: tuple[int, ...]
    metrics: dict[str, Figures]
    """"float32" and "int8", on the same windows."""
    history: tuple[EpochInfo, ...]
    best_epoch: int
    sizes: Sizes
    extractor: ExtractorReport
    lineage: Lineage
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class TrainingResult:
    """A trained, quantised and measured model."""

    info: TrainingInfo
    model_int8: bytes
    model_float: bytes
    mean: Floats | None
    """(cols,) of the training windows' features; None when the pipeline does not standardise."""
    inv_std: Floats | None
    tested: dict[str, NDArray[np.generic]] = field(default_factory=dict)
    """Per measured window: sample (index into `tested_samples`), start (reading), truth, float32 and int8 scores."""
    tested_samples: tuple[str, ...] = ()
    """Content hashes of the recordings that were measured on."""

    @property
    def pipeline(self) -> Pipeline:
        return self.info.pipeline

    @property
    def labels(self) -> tuple[str, ...]:
        return self.info.labels

    @property
    def axes(self) -> tuple[Axis, ...]:
        return self.info.axes

    @property
    def rate_hz(self) -> float:
        return self.info.rate_hz

    @property
    def metrics(self) -> dict[str, Figures]:
        return self.info.metrics

    @property
    def history(self) -> tuple[EpochInfo, ...]:
        return self.info.history

    @property
    def lineage(self) -> Lineage:
        return self.info.lineage

    def extractor(self) -> Extractor:
        """The DSP half, as it was in training."""
        return Extractor(self.pipeline, self.rate_hz, self.axes)

    def features(self, windows: Floats) -> Floats:
        """Standardised features of windows (n, readings, axes): what the model takes, (n, features)."""
        return standardise(self.extractor().extract(windows), self.mean, self.inv_std)

    def predict(self, windows: Floats) -> Floats:
        """Scores (n, labels) of the int8 model, from LiteRT's reference kernels."""
        return run_tflite(self.model_int8, self.features(windows)).scores

    def to_zip(self) -> bytes:
        """JSON + .tflite + .npz in one archive."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self._files().items():
                archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
        return buffer.getvalue()

    def save(self, path: str | Path) -> None:
        """Write a folder, or a single file where `path` ends in .zip."""
        path = Path(path)
        if path.suffix == ".zip":
            path.write_bytes(self.to_zip())
            return
        path.mkdir(parents=True, exist_ok=True)
        for name, content in self._files().items():
            (path / name).write_bytes(content)

    @classmethod
    def load(cls, source: str | Path | bytes) -> TrainingResult:
        """Read what `save` or `to_zip` wrote.

        Raises:
            BadInput: a file is missing or damaged.
        """
        try:
            files = _read_files(source)
            arrays = np.load(io.BytesIO(files[_ARRAYS]), allow_pickle=False)
            info = TrainingInfo.model_validate_json(files[_JSON])
            named = {name: arrays[name] for name in arrays.files}
        except (KeyError, OSError, ValueError, ValidationError, zipfile.BadZipFile) as error:
            raise BadInput(f"This is not a saved training ({str(error)[:200]}).", hint="Save it again.") from error
        return cls(
            info=info,
            model_int8=files["int8.tflite"],
            model_float=files["float32.tflite"],
            mean=named.pop("mean", None),
            inv_std=named.pop("inv_std", None),
            tested_samples=tuple(str(text) for text in named.pop("tested_samples", ())),
            tested=named,
        )

    def _files(self) -> dict[str, bytes]:
        arrays: dict[str, NDArray[np.generic]] = dict(self.tested)
        if self.mean is not None and self.inv_std is not None:
            arrays |= {"mean": self.mean, "inv_std": self.inv_std}
        arrays["tested_samples"] = np.array(self.tested_samples, dtype="U64")
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
        text = self.info.model_dump_json(indent=2).encode()
        models = {name: getattr(self, attribute) for name, attribute in _FILES.items()}
        return {_JSON: text, _ARRAYS: buffer.getvalue(), **models}


def _read_files(source: str | Path | bytes) -> dict[str, bytes]:
    names = (_JSON, _ARRAYS, *_FILES)
    if not isinstance(source, bytes) and Path(source).is_dir():
        return {name: (Path(source) / name).read_bytes() for name in names}
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if any(archive.getinfo(name).file_size > _MAX_MEMBER_BYTES for name in names):
            raise ValueError("a member is too large")
        return {name: archive.read(name) for name in names}
