"""Real images in the emulator: what passes, and that every kind of wrongness is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mote.deploy import verify as verification
from mote.deploy.build import Image, build
from mote.deploy.notebook import verify as verify_samples
from mote.deploy.report import Report
from mote.deploy.spec import BuildSpec
from mote.deploy.verify import reference_scores, verify, verify_model, verify_model_image
from mote.errors import BadInput, Cancelled, MissingTool, VerificationFailed
from mote.pipeline import BlockSpec
from mote.sample import Sample
from tests.compiler.small_models import SMALL
from tests.deploy.small import AXES, LABELS, RATE_HZ, TWO_BLOCKS, small_spec, windows

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def report(image: Image) -> Report:
    given = windows(image.spec, 30)
    return verify(image, given, [LABELS[n % 3] for n in range(30)])


def test_small_pipeline_passes_on_every_board(report: Report) -> None:
    assert (report.verdict, report.reasons) == ("pass", [])
    assert report.features is not None
    assert report.features.equal_bits
    assert (report.scores.equal, report.scores.different) == (90, 0)
    assert (report.classes.equal, report.classes.different) == (30, 0)


def test_report_holds_measurements_that_make_sense(report: Report) -> None:
    ram = report.ram_bytes
    assert ram.total == ram.data + ram.bss + ram.stack_peak
    assert 200 < ram.stack_peak < 2000 < ram.stack_size
    counts = report.instructions
    assert 1_000 < counts.dsp.min <= counts.dsp.median <= counts.dsp.max < 1_000_000
    assert 500 < counts.model.min <= counts.model.max < 100_000
    assert counts.total.median == pytest.approx(counts.dsp.median + counts.model.median, rel=0.05)
    assert report.latency_ms == pytest.approx(counts.total.median / report.clock_hz * 1000)
    assert report.accuracy is not None
    assert 0 <= report.accuracy <= 1
    assert {"mote", "compiler", "emulator", "litert"} <= set(report.versions)


def test_report_survives_json(report: Report) -> None:
    assert Report.model_validate_json(report.model_dump_json()) == report


def test_instructions_are_the_same_in_every_run(mps2_image: Image) -> None:
    given = windows(mps2_image.spec, 3)
    first, second = (verify(mps2_image, given).instructions for _ in range(2))
    assert abs(first.total.median - second.total.median) <= 80  # two ticks of 40 instructions


@pytest.mark.parametrize(
    ("blocks", "standardise"),
    [(TWO_BLOCKS, True), ((BlockSpec(block="raw"),), False), ((BlockSpec(block="spectral"),), True)],
)
def test_other_pipelines_pass(blocks: tuple[BlockSpec, ...], standardise: bool) -> None:
    image = build(small_spec("netduino_plus_2", blocks, length_ms=1280, standardise=standardise))
    result = verify(image, windows(image.spec, 5))
    assert result.verdict == "pass", result.reasons
    assert result.features is not None
    assert result.features.equal_bits


def test_padded_and_whole_numbered_windows_arrive_with_every_bit(mps2_image: Image) -> None:
    given = np.round(windows(mps2_image.spec, 4) * 100).astype(np.float32)
    given[:, 20:] = 0
    given[1] = -0.0
    given[2, 0, 0] = 1e-42
    result = verify(mps2_image, given)
    assert result.features is not None
    assert result.features.equal_bits


def patched(image: Image, old: bytes, new: bytes) -> Image:
    assert (image.elf.count(old), len(old)) == (1, len(new))
    return replace(image, elf=image.elf.replace(old, new))


def test_a_changed_weight_in_the_image_fails_with_the_number_of_wrong_scores(mps2_image: Image) -> None:
    clean = build(replace(mps2_image.spec))
    weights = _dense_weights(clean)
    result = verify(patched(clean, weights, weights[::-1]), windows(clean.spec, 10))
    assert result.verdict == "fail"
    assert result.scores.different > 0
    assert any("scores differ from LiteRT" in reason for reason in result.reasons)


def test_a_changed_standardisation_in_the_image_fails_on_the_features(mps2_image: Image) -> None:
    mean = mps2_image.spec.mean
    assert mean is not None
    result = verify(
        patched(mps2_image, mean.tobytes(), (mean + 0.01).astype(np.float32).tobytes()), windows(mps2_image.spec, 5)
    )
    assert result.verdict == "fail"
    assert any("feature of the board differs" in reason for reason in result.reasons)
    assert result.scores.different == 0  # LiteRT gets the features that the board sent


def test_scores_that_are_not_the_expected_ones_fail() -> None:
    image = build(BuildSpec(board="mps2_an386", kind="model", tflite=SMALL))
    inputs = [np.full(72, value, np.int8) for value in (-5, 40)]
    right = reference_scores(SMALL, inputs)
    assert verify_model_image(image, inputs, right).verdict == "pass"
    result = verify_model_image(image, inputs, [right[0], right[1] ^ np.int8(1)])
    assert result.verdict == "fail"
    assert (result.scores.equal, result.scores.different) == (3, 3)


def test_a_bare_model_gives_the_scores_of_litert() -> None:
    chance = np.random.default_rng(4)
    inputs = [chance.integers(-128, 128, 72).astype(np.int8) for _ in range(5)]
    result = verify_model(SMALL, inputs, "netduino_plus_2")
    assert (result.verdict, result.features, result.scores.different) == ("pass", None, 0)


def test_an_image_that_does_not_speak_is_a_failed_verification(
    monkeypatch: pytest.MonkeyPatch, mps2_image: Image
) -> None:
    monkeypatch.setattr(verification, "BOOT_S", 1.5)
    sketch = build(BuildSpec(board="mps2_an386", kind="sketch", axes=AXES, rate_hz=RATE_HZ))
    with pytest.raises(VerificationFailed, match=r"mps2_an386: The board did not say hello within 1.5 s"):
        verify(replace(mps2_image, elf=sketch.elf), windows(mps2_image.spec, 1))


def test_an_image_that_crashes_says_so(monkeypatch: pytest.MonkeyPatch, mps2_image: Image) -> None:
    monkeypatch.setattr(verification, "BOOT_S", 1.5)
    start = mps2_image.elf.index(mps2_image.bin[:64])
    wild = (
        mps2_image.elf[: start + 64]
        + b"\xde" * (len(mps2_image.bin) - 64)
        + mps2_image.elf[start + len(mps2_image.bin) :]
    )
    with pytest.raises(VerificationFailed):
        verify(replace(mps2_image, elf=wild), windows(mps2_image.spec, 1))


def test_an_image_that_locks_the_core_up_is_a_failed_verification_in_the_emulators_words(mps2_image: Image) -> None:
    with pytest.raises(VerificationFailed, match=r"The emulator ended\. qemu: fatal: Lockup"):
        verify(replace(mps2_image, elf=b"\x7fELF" + bytes(96)), windows(mps2_image.spec, 1))


def test_the_image_of_another_model_is_not_taken_for_this_one(mps2_image: Image) -> None:
    other = replace(mps2_image, spec=small_spec("mps2_an386", TWO_BLOCKS))
    with pytest.raises(VerificationFailed, match="was built"):
        verify(other, windows(other.spec, 1))


def test_windows_of_another_shape_are_refused(mps2_image: Image) -> None:
    for shape in ((0, 50, 3), (2, 49, 3), (50, 3)):
        with pytest.raises(BadInput, match=r"takes \(n, 50 readings, 3 axes\)"):
            verify(mps2_image, np.zeros(shape, np.float32))


def test_a_window_that_is_not_finite_is_refused_by_the_board(mps2_image: Image) -> None:
    given = windows(mps2_image.spec, 2)
    given[1, 3, 0] = np.nan
    with pytest.raises(BadInput, match="nan"):
        verify(mps2_image, given)


def test_a_verification_can_be_cancelled(mps2_image: Image) -> None:
    with pytest.raises(Cancelled):
        verify(mps2_image, windows(mps2_image.spec, 2), should_stop=lambda: True)


def test_without_qemu_the_missing_tool_is_named(mps2_image: Image, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingTool, match=r"qemu-system-arm is not installed.*apt install qemu-system-arm"):
        verify(mps2_image, windows(mps2_image.spec, 1))


def test_recordings_are_cut_into_windows_and_counted_for_accuracy(mps2_image: Image) -> None:
    values = windows(mps2_image.spec, 4).reshape(-1, 3)
    sample = Sample(name="s", values=values, rate_hz=RATE_HZ, axes=AXES)
    sample = replace(sample, segments=sample.with_label(LABELS[0]))
    result = verify_samples(mps2_image, [sample], limit=3)
    assert result.windows == 3
    assert result.accuracy is not None


def test_without_a_labelled_window_there_is_nothing_to_verify(mps2_image: Image) -> None:
    with pytest.raises(BadInput, match="no labelled window"):
        verify_samples(mps2_image, [])


def _dense_weights(image: Image) -> bytes:
    """The dense layer's weights as they lie in the flash: the compiler keeps the order of the .tflite file."""
    features = image.spec.extractor.features
    weights = np.random.default_rng(1).integers(-127, 128, (len(LABELS), features)).astype(np.int8)
    return weights.tobytes()
