"""C library: the whole pipeline as portable C99 sources, for any project and any compiler."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from mote.compiler import Compiled, compile_model
from mote.deploy import generate, sources
from mote.deploy.build import Progress, ShouldStop
from mote.deploy.spec import BuildSpec
from mote.deploy.targets import Artefacts
from mote.native_build import SAME_BITS
from mote.paths import ROOT

FOLDER = "mote_pipeline"
_EPOCH = (2026, 1, 1, 0, 0, 0)
"""Of every file in the archive: the same pipeline gives the same bytes."""

_CMAKE = """\
# SPDX-License-Identifier: Apache-2.0
cmake_minimum_required(VERSION 3.13)
project(mote_pipeline C)

# A static library; link it and include "pipeline.h".
add_library(mote_pipeline STATIC
    {sources}
)
target_include_directories(mote_pipeline PUBLIC ${{CMAKE_CURRENT_SOURCE_DIR}})
set_target_properties(mote_pipeline PROPERTIES C_STANDARD 99 C_EXTENSIONS OFF)
if(NOT MSVC)
    # No fused multiply-add, not in vectorised code either: every machine gives the features the model was trained on.
    target_compile_options(mote_pipeline PRIVATE {flags})
    target_link_libraries(mote_pipeline PUBLIC m)
endif()

# cmake -B build && cmake --build build && build/mote_example < readings.txt
add_executable(mote_example example.c)
target_link_libraries(mote_example PRIVATE mote_pipeline)
set_target_properties(mote_example PROPERTIES C_STANDARD 99 C_EXTENSIONS OFF)
"""

FLAGS = " ".join(("-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-pedantic", "-Werror", *SAME_BITS))

_EXAMPLE = """\
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads readings as numbers ({axes} each, any white space between them) and prints a class for every window.
 */
#include "mote_config.h"
#include "pipeline.h"

#include <stdio.h>

static int read_reading(float *reading) {{
    for (unsigned a = 0; a < MOTE_AXES; a++) {{
        if (scanf("%f", &reading[a]) != 1) {{
            return 0;
        }}
    }}
    return 1;
}}

int main(void) {{
    float reading[MOTE_AXES];
    while (read_reading(reading)) {{
        if (!pipeline_push(reading)) {{
            continue;
        }}
        if (pipeline_extract() != PIPELINE_OK) {{
            puts("not a number");
            continue;
        }}
        pipeline_classify();
        size_t best = pipeline_best();
        printf("%s %.6f\\n", mote_labels[best], (double)pipeline_score(best));
    }}
    return 0;
}}
"""

_README = """\
# A Mote pipeline as C99

Readings in, classes out: window -> DSP -> features -> int8 neural network. No allocation, no I/O, no dependency but the
standard library's `memcpy`, `memset` and `memmove` (and `sqrtf`, one instruction where there is an FPU).

| | |
|---|---|
| rate | {rate:g} readings a second |
| axes | {axes} |
| window | {readings} readings, a class every {stride} |
| features | {features} |
| classes | {labels} |
| RAM | about {ram} bytes, all static |
| model | {model_hash} |

## Use
`pipeline.h` says everything; `example.c` is a whole program:

```c
if (pipeline_push(reading) && pipeline_extract() == PIPELINE_OK) {{
    pipeline_classify();
    puts(mote_labels[pipeline_best()]);
}}
```

## Build
`cmake -B build && cmake --build build`, or without CMake:
`cc -std=c99 -O2 -ffp-contract=off -fno-tree-vectorize -fno-math-errno -I. *.c dsp/*.c dsp/blocks/*.c nn/*.c -lm`.
`-ffp-contract=off` matters, and `-fno-tree-vectorize` where the vector unit has fused multiply-add: otherwise the
features differ from those that the model was trained on.

Licence: Apache-2.0, see LICENSE. The weights are yours.
"""


class _CLibrary:
    name = "c_library"
    title = "C library"
    help = "The pipeline as C99 sources with CMake and an example: for your own firmware, any chip, any compiler."
    needs_model = True
    needs_board = False

    def build(self, spec: BuildSpec, progress: Progress, should_stop: ShouldStop) -> Artefacts:
        progress(0.0, "compile the model to C")
        files = library_files(replace(spec, kind="pipeline"))
        progress(1.0, "packed")
        return Artefacts(files={f"{FOLDER}.zip": _zip(files)}, log="\n".join(sorted(files)))


PLUGIN = _CLibrary()


def library_files(spec: BuildSpec) -> dict[str, str]:
    """Every file of the library by its path within it."""
    compiled = compile_model(spec.tflite, name="model")
    runtime = [sources.RUNTIME / name for name in ("pipeline.c", "pipeline.h", "aligned.h")]
    library = sources.dsp_files(spec) | sources.kernel_files(spec, compiled)
    files = {
        **generate.library_config(spec),
        **compiled.files,
        **_texts(runtime, sources.RUNTIME),
        **_texts(library, sources.LIBRARY),
        "example.c": _EXAMPLE.format(axes=len(spec.axes)),
        "README.md": _readme(spec, compiled),
        "LICENSE": (ROOT / "LICENSE").read_text(),
    }
    compiled_files = sorted(name for name in files if name.endswith(".c") and name != "example.c")
    return {**files, "CMakeLists.txt": _CMAKE.format(sources="\n    ".join(compiled_files), flags=FLAGS)}


def _texts(paths: Iterable[Path], base: Path) -> dict[str, str]:
    return {path.relative_to(base).as_posix(): path.read_text() for path in paths}


def _readme(spec: BuildSpec, compiled: Compiled) -> str:
    assert spec.pipeline is not None
    extractor = spec.extractor
    shared = max(extractor.scratch_bytes, compiled.arena_bytes)
    return _README.format(
        rate=spec.rate_hz,
        axes=", ".join(f"{axis.name} [{axis.unit}]" if axis.unit else axis.name for axis in spec.axes),
        readings=extractor.readings,
        stride=generate.stride_readings(spec.pipeline.window, spec.rate_hz),
        features=extractor.features,
        labels=", ".join(spec.labels),
        ram=extractor.ram_bytes - extractor.scratch_bytes + shared,
        model_hash=f"SHA-256 {spec.model_hash}",
    )


def _zip(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{FOLDER}/{name}", _EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
