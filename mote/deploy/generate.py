"""Writes the C that is different in every image: sizes, tables, labels, HELLO. All else is firmware/ as it is."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from textwrap import wrap

import numpy as np

from mote.compiler import Compiled
from mote.deploy.spec import BuildSpec, Floats
from mote.dsp import PlannedBlock
from mote.pipeline import Window

PROTOCOL = 1
RING_S = 0.5
"""Readings that the firmware keeps while the model or the line is busy."""
RING_BYTES_MAX = 16384
LICENCE = "/* SPDX-License-Identifier: Apache-2.0 */"


def config(spec: BuildSpec, compiled: Compiled | None) -> dict[str, str]:
    """mote_config.h and mote_config.c of an image, by file name."""
    return {"mote_config.h": _header(spec), "mote_config.c": _source(spec, compiled)}


def library_config(spec: BuildSpec) -> dict[str, str]:
    """The same for the C source library, which has no board and no link."""
    return {
        "mote_config.h": _file(_guarded([*_sizes(spec), "", *_declarations(spec)])),
        "mote_config.c": _file(['#include "mote_config.h"', "", *_definitions(spec)]),
    }


def stride_readings(window: Window, rate_hz: float) -> int:
    """How many readings lie between the starts of two windows."""
    return max(1, int(window.stride_ms * rate_hz / 1000.0 + 0.5))


def mote_version() -> str:
    try:
        return version("mote-studio")
    except PackageNotFoundError:
        return "0.1.0"


def hello(spec: BuildSpec, compiled: Compiled | None) -> str:
    """The JSON that a board introduces itself with (docs/protocol.md), in ASCII."""
    facts = {
        "mote": PROTOCOL,
        "firmware": mote_version(),
        "kind": spec.kind,
        "board": spec.board,
        "source": _source_facts(spec),
        "rate_hz": spec.rate_hz,
        "max_rate_hz": _max_rate_hz(spec),
        "axes": [axis.model_dump() for axis in spec.axes],
        "can": _abilities(spec),
        "labels": list(spec.labels),
        "window": _window_facts(spec),
        "features": spec.extractor.features if spec.pipeline else 0,
        "input": _tensor_facts(compiled, "inputs"),
        "output": _tensor_facts(compiled, "outputs"),
        "model": spec.model_hash[:16],
    }
    return json.dumps(facts, separators=(",", ":"))


def _source_facts(spec: BuildSpec) -> dict[str, object] | None:
    if spec.kind == "model":
        return None
    sensor = spec.chosen_sensor
    return {"name": sensor.name, "synthetic": sensor.synthetic, "help": sensor.help}


def _max_rate_hz(spec: BuildSpec) -> float:
    return 0.0 if spec.kind == "model" else max(spec.chosen_sensor.max_rate_hz, spec.rate_hz)


def _abilities(spec: BuildSpec) -> list[str]:
    return {
        "pipeline": ["readings", "classification", "feed", "window", "run"],
        "model": ["input", "run"],
        "data_collection": ["readings", "feed"],
        "sketch": [],
    }[spec.kind]


def _window_facts(spec: BuildSpec) -> dict[str, int] | None:
    if spec.pipeline is None:
        return None
    return {"readings": spec.extractor.readings, "stride": stride_readings(spec.pipeline.window, spec.rate_hz)}


def _tensor_facts(compiled: Compiled | None, side: str) -> dict[str, float] | None:
    if compiled is None:
        return None
    tensor = getattr(compiled, side)[0]
    return {"length": math.prod(tensor.shape), "scale": float(tensor.scale), "zero_point": int(tensor.zero_point)}


def _header(spec: BuildSpec) -> str:
    return _file(
        _guarded(
            [
                *_sizes(spec),
                *_stream_sizes(spec),
                "",
                *_declarations(spec),
                "",
                "/* The JSON of HELLO, without a final 0. */",
                "extern const char mote_hello[];",
                "extern const size_t mote_hello_length;",
            ]
        )
    )


def _source(spec: BuildSpec, compiled: Compiled | None) -> str:
    text = hello(spec, compiled)
    lines = ['#include "mote_config.h"', "", *_definitions(spec), ""]
    lines += _array("char", "mote_hello", [str(byte) for byte in text.encode("ascii")])
    lines += ["const size_t mote_hello_length = sizeof mote_hello;"]
    return _file(lines)


def _sizes(spec: BuildSpec) -> list[str]:
    if spec.kind == "model":
        return ["#define MOTE_AXES 1u /* none: this image is a bare model */", "#define MOTE_RATE_HZ 1.0f"]
    lines = [
        _define(
            "MOTE_AXES", f"{len(spec.axes)}u", "values of one reading: " + ", ".join(axis.name for axis in spec.axes)
        ),
        _define("MOTE_RATE_HZ", _f32(spec.rate_hz), f"readings per second: {spec.rate_hz:g}"),
    ]
    return lines + (_pipeline_sizes(spec, spec.pipeline.window) if spec.pipeline else [])


def _pipeline_sizes(spec: BuildSpec, window: Window) -> list[str]:
    extractor = spec.extractor
    return [
        _define("MOTE_WINDOW_READINGS", f"{extractor.readings}u", f"{window.length_ms:g} ms"),
        _define(
            "MOTE_WINDOW_STRIDE", f"{stride_readings(window, spec.rate_hz)}u", f"readings, {window.stride_ms:g} ms"
        ),
        _define("MOTE_FEATURES", f"{extractor.features}u", "floats that the network sees"),
        _define("MOTE_FEATURE_COLUMNS", f"{extractor.standardise_cols}u", "length of mote_mean and mote_inv_std"),
        _define("MOTE_STANDARDISE", "1" if spec.standardises else "0", "whether features are standardised"),
        _define("MOTE_BLOCKS", f"{len(extractor.blocks)}u", "DSP blocks"),
        _define("MOTE_SCRATCH", f"{max(1, extractor.scratch_bytes // 4)}u", "floats"),
        _define("MOTE_LABELS", f"{len(spec.labels)}u", "classes"),
    ]


def _stream_sizes(spec: BuildSpec) -> list[str]:
    return [
        _define("MOTE_STREAMS", "0" if spec.kind == "model" else "1", "whether there are readings to send"),
        _define("MOTE_MAX_RATE_HZ", _f32(_max_rate_hz(spec)), f"readings per second: {_max_rate_hz(spec):g}"),
        _define("MOTE_RING_READINGS", f"{ring_readings(spec)}u", "kept while model or line are busy; a power of two"),
    ]


def ring_readings(spec: BuildSpec) -> int:
    """Length of the ring buffer between the timer and the main loop: a power of two, so that its indices may wrap."""
    if spec.kind == "model":
        return 1
    wanted = max(128, math.ceil(spec.rate_hz * RING_S))
    most = RING_BYTES_MAX // (4 * (len(spec.axes) + 1))
    return 1 << min((wanted - 1).bit_length(), max(3, most.bit_length() - 1))


def _declarations(spec: BuildSpec) -> list[str]:
    lines = ["#include <stddef.h>"]
    if spec.pipeline is None:
        return lines
    return [
        *lines,
        "",
        '#include "dsp/block.h"',
        "",
        "/* One DSP block of the pipeline. */",
        "typedef struct {",
        "    const dsp_block *block;",
        "    dsp_config config;",
        "    const float *tables;",
        "    const unsigned char *axes; /* which of the window's axes it takes; a null pointer for all */",
        "    size_t offset;             /* of its first feature */",
        "} mote_block;",
        "",
        "extern const mote_block mote_blocks[MOTE_BLOCKS];",
        "extern const char *const mote_labels[MOTE_LABELS];",
        *(
            [
                "extern const float mote_mean[MOTE_FEATURE_COLUMNS];",
                "extern const float mote_inv_std[MOTE_FEATURE_COLUMNS];",
            ]
            if spec.standardises
            else ["#define mote_mean    ((const float *)0)", "#define mote_inv_std ((const float *)0)"]
        ),
    ]


def _definitions(spec: BuildSpec) -> list[str]:
    if spec.pipeline is None:
        return []
    blocks = spec.extractor.blocks
    lines = [f"extern const dsp_block dsp_block_{name};" for name in sorted({block.name for block in blocks})]
    for number, block in enumerate(blocks):
        lines += ["", *_block_arrays(number, block)]
    lines += ["", "const mote_block mote_blocks[MOTE_BLOCKS] = {", *_block_entries(blocks), "};", ""]
    if spec.mean is not None and spec.inv_std is not None:
        lines += _array("float", "mote_mean", _f32s(spec.mean))
        lines += _array("float", "mote_inv_std", _f32s(spec.inv_std))
    lines += ["", "const char *const mote_labels[MOTE_LABELS] = {"]
    return [*lines, *(f"    {_c_string(label)}," for label in spec.labels), "};"]


def _block_arrays(number: int, block: PlannedBlock) -> list[str]:
    lines = [f"/* Block {number + 1}: {block.name}, {block.rows} x {block.cols} features */"]
    if len(block.params):
        lines += _array("float", f"params_{number}", _f32s(block.params), static=True)
    if len(block.tables):
        lines += _array("float", f"tables_{number}", _f32s(block.tables), static=True)
    if not block.all_axes:
        lines += _array("unsigned char", f"axes_{number}", [str(axis) for axis in block.axis_indices], static=True)
    return lines


def _block_entries(blocks: Sequence[PlannedBlock]) -> Iterable[str]:
    offset = 0
    for number, block in enumerate(blocks):
        params = f"params_{number}" if len(block.params) else "0"
        tables = f"tables_{number}" if len(block.tables) else "0"
        axes = "0" if block.all_axes else f"axes_{number}"
        given = f"{{{block.config.readings}u, {block.config.axes}u, {_f32(block.config.rate_hz)}, {params}}}"
        yield f"    {{&dsp_block_{block.name}, {given}, {tables}, {axes}, {offset}u}},"
        offset += block.features


def _define(name: str, value: str, comment: str) -> str:
    return f"#define {name:<21} {value} /* {comment.replace('*/', '* /')} */"


def _f32(value: float) -> str:
    """A float32 as a C99 hexadecimal constant: the same bits whoever reads it."""
    return f"{float(np.float32(value)).hex()}f"


def _f32s(values: Floats) -> list[str]:
    flat = np.asarray(values, np.float32).ravel()
    if not np.isfinite(flat).all():
        raise ValueError("a table holds a value that is not finite")
    return [f"{value.hex()}f" for value in flat.tolist()]


def _array(kind: str, name: str, values: Sequence[str], *, static: bool = False) -> list[str]:
    head = f"{'static ' if static else ''}const {kind} {name}[{len(values)}] = {{"
    return [head, *(f"    {line}" for line in wrap(", ".join(values), 96)), "};"]


def _c_string(text: str) -> str:
    """A C string literal; all but plain ASCII as three-digit octal escapes, which cannot swallow what follows."""
    plain = {ord(c) for c in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-+.,:;()[]/=<>!#%&*'"}
    return '"' + "".join(chr(byte) if byte in plain else f"\\{byte:03o}" for byte in text.encode()) + '"'


def _guarded(lines: Iterable[str]) -> list[str]:
    return ["#ifndef MOTE_CONFIG_H", "#define MOTE_CONFIG_H", "", *lines, "", "#endif"]


def _file(lines: Iterable[str]) -> str:
    return "\n".join([LICENCE, "/* Generated by Mote: what is particular to this image. */", *lines, ""])
