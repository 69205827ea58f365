"""Real recordings beside the repository: CSV and WAV are read or refused in words, exports keep label and split."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from mote import dataset, formats
from mote.dataset import Loaded, load_folder
from mote.errors import MoteError
from mote.formats import ReadOptions
from mote.split import SplitRule

pytestmark = pytest.mark.real_data


def counts(loaded: Loaded) -> dict[tuple[str | None, str | None], int]:
    return dict(Counter((sample.label, sample.split) for sample in loaded.samples))


def test_every_csv_and_wav_is_read_or_refused_in_words(shared_data: Path) -> None:
    paths = [path for path in shared_data.rglob("*") if path.suffix.lower() in (".csv", ".wav")]
    assert len(paths) > 5000
    refusals: list[MoteError] = []
    for path in paths:
        try:
            formats.read(path.name, path.read_bytes())
        except MoteError as error:
            refusals.append(error)
    assert len(refusals) < 1200  # most of them ask for the rate of a file without time column
    assert all(refusal.message and refusal.hint for refusal in refusals)


@pytest.mark.parametrize(
    ("folder", "options", "files"),
    [
        ("vibration_ceiling_fan", {"rate_hz": 200}, 960),
        ("motion_har_wrist", {"rate_hz": 30}, 53),
        ("fall_umafall_a", {"sensor": "0/3", "resample": True, "rate_hz": 20}, 68),
        ("fall_umafall_a", {"sensor": "0/0", "resample": False}, 68),
        ("bio_ppg_heartpy", {"rate_hz": 100, "time_unit": "ms", "resample": True}, 3),
        ("gas_ai_nose_a", {}, 742),
        ("env_air_quality", {}, 1),
        ("env_occupancy", {}, 3),
        ("audio_speech_commands_a", {}, 660),
        ("tflm_testdata", {}, 6),
    ],
)
def test_answers_import_whole_folders(shared_data: Path, folder: str, options: dict[str, object], files: int) -> None:
    loaded = load_folder(shared_data / folder, options=ReadOptions.model_validate(options))
    assert len(loaded.imported) == files, [refused.message for refused in loaded.refused[:3]]


def test_export_of_gestures(shared_data: Path) -> None:
    loaded = load_folder(shared_data / "import_ei_export_gestures" / "imu-acc-export.zip")
    assert loaded.refused == []
    assert loaded.missing == []
    assert {sample.rate_hz for sample in loaded.samples} == {104.0}
    assert counts(loaded) == {(label, "training"): 18 for label in ("circle", "flick", "idle", "updown")} | {
        (label, "testing"): 6 for label in ("circle", "flick", "idle", "updown")
    }
    whole = load_folder(shared_data / "import_ei_export_gestures")
    assert len(whole.samples) == 100
    assert all(sample.label and sample.split for sample in whole.samples)


def test_export_of_motions_in_two_archives(shared_data: Path) -> None:
    loaded = load_folder(shared_data / "import_ei_export_motionsense")
    assert loaded.refused == []
    assert Counter(sample.split for sample in loaded.samples) == {"training": 2988, "testing": 748}
    assert {sample.label for sample in loaded.samples} == {"fall", "groundquack", "idle", "shake"}


def test_export_that_lists_more_than_is_there(shared_data: Path) -> None:
    loaded = load_folder(shared_data / "import_ei_audio_json")
    assert counts(loaded) == {(label, "testing"): 3 for label in ("Chinese", "English", "noise")}
    assert len(loaded.missing) == 139
    assert all(abs(sample.values).max() <= 1 for sample in loaded.samples)


def test_spoken_digits_with_the_official_split(shared_data: Path) -> None:
    rule = SplitRule(kind="where", key="index", values=("0", "1", "2", "3", "4"))
    digits = dataset.load(shared_data / "audio_fsdd", split=rule)
    assert len(digits.side("training")) == 2700
    assert len(digits.side("testing")) == 300
    assert digits.labels == tuple("0123456789")
    assert len({sample.metadata["speaker"] for sample in digits.samples}) == 6
