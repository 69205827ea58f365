"""The generated C, read back by a C compiler and compared with the Python that it came from."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mote.compiler import compile_model
from mote.compiler.host import compiler
from mote.deploy import generate
from mote.device.messages import Hello
from mote.paths import FIRMWARE
from mote.pipeline import Window
from tests.deploy.small import LABELS, TWO_BLOCKS, small_spec

DUMP = """
#include "mote_config.h"
#include <stdio.h>
int main(void) {
    fwrite(mote_mean, sizeof(float), MOTE_FEATURE_COLUMNS, stdout);
    fwrite(mote_inv_std, sizeof(float), MOTE_FEATURE_COLUMNS, stdout);
    for (size_t i = 0; i < MOTE_LABELS; i++) {
        fwrite(mote_labels[i], 1, 200, stdout);
    }
    return 0;
}
"""


def test_hello_says_what_the_pipeline_is() -> None:
    spec = small_spec("mps2_an386")
    hello = Hello.model_validate_json(generate.hello(spec, compile_model(spec.tflite)))
    assert (hello.kind, hello.board, hello.labels, hello.axes) == ("pipeline", "mps2_an386", LABELS, spec.axes)
    assert hello.window is not None
    assert (hello.window.readings, hello.window.stride, hello.features) == (50, 25, spec.extractor.features)
    assert hello.input is not None
    assert hello.input.length == spec.extractor.features
    assert hello.source is not None
    assert hello.source.synthetic
    assert hello.model == spec.model_hash[:16]


def test_hello_is_plain_ascii_json() -> None:
    spec = small_spec("mps2_an386")
    text = generate.hello(spec, compile_model(spec.tflite))
    assert text.isascii()
    assert json.loads(text)["labels"] == list(LABELS)


def test_every_float_and_label_survives_the_way_through_c(tmp_path: Path) -> None:
    spec = small_spec("mps2_an386", TWO_BLOCKS)
    awkward = np.array([1e-45, -1e-38, 3.4028235e38, 0.1, -0.0], np.float32)
    assert spec.mean is not None
    mean = np.resize(awkward, spec.mean.shape)
    spec = replace(spec, mean=mean)
    files = {**generate.library_config(spec), "dump.c": DUMP.replace("1, 200,", "1, strlen(mote_labels[i]) + 1,")}
    files["dump.c"] = "#include <string.h>\n" + files["dump.c"]
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    library = FIRMWARE / "lib"
    blocks = [str(library / "dsp" / "blocks" / f"{name}.c") for name in ("raw", "statistics")]
    shared = [str(path) for path in (library / "dsp").glob("*.c")]
    argv = [
        compiler(),
        "-std=c99",
        f"-I{tmp_path}",
        f"-I{library}",
        str(tmp_path / "dump.c"),
        str(tmp_path / "mote_config.c"),
    ]
    subprocess.run([*argv, *blocks, *shared, "-lm", "-o", str(tmp_path / "dump")], check=True)
    said = subprocess.run([str(tmp_path / "dump")], capture_output=True, check=True).stdout
    assert spec.inv_std is not None
    floats = mean.tobytes() + spec.inv_std.tobytes()
    assert said[: len(floats)] == floats
    assert said[len(floats) :].decode().split("\0")[:-1] == list(LABELS)


def test_a_table_that_is_not_finite_is_refused() -> None:
    spec = small_spec("mps2_an386")
    assert spec.mean is not None
    broken = replace(spec, mean=np.full_like(spec.mean, np.nan))
    with pytest.raises(ValueError, match="not finite"):
        generate.library_config(broken)


@given(st.text(max_size=40))
def test_any_label_becomes_a_safe_c_string(label: str) -> None:
    literal = generate._c_string(label)
    assert literal.isascii()
    assert not set(literal[1:-1]) & set('"\n\r\t?')
    plain = literal[1:-1].encode().decode("unicode_escape").encode("latin-1")
    assert plain == label.encode()


@given(st.floats(0.5, 48000), st.integers(1, 64))
def test_ring_is_a_power_of_two_and_stays_small(rate_hz: float, axes: int) -> None:
    spec = small_spec("mps2_an386")
    wide = replace(spec, kind="data_collection", rate_hz=rate_hz, axes=spec.axes[:1] * axes)
    readings = generate.ring_readings(wide)
    assert readings & (readings - 1) == 0
    assert 8 <= readings * (axes + 1) * 4 <= 16384 or readings == 8


def test_stride_is_rounded_to_readings_and_never_zero() -> None:
    assert generate.stride_readings(Window(stride_ms=500), 100.0) == 50
    assert generate.stride_readings(Window(stride_ms=1), 100.0) == 1
