"""Which C files a pipeline consists of: found by following their #include lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from mote.compiler import Compiled
from mote.deploy.spec import BuildSpec
from mote.paths import FIRMWARE

LIBRARY = FIRMWARE / "lib"
RUNTIME = FIRMWARE / "runtime"

_INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def with_includes(roots: Iterable[Path]) -> set[Path]:
    """The files, every header of firmware/lib that they reach, and the C file beside each such header."""
    found: set[Path] = set()
    waiting = list(roots)
    while waiting:
        path = waiting.pop().resolve()
        if path in found:
            continue
        found.add(path)
        waiting += [header for name in _INCLUDE.findall(path.read_text()) if (header := _header(path, name))]
        implementation = path.with_suffix(".c")
        if path.suffix == ".h" and implementation.is_file():
            waiting.append(implementation)
    return found


def dsp_files(spec: BuildSpec) -> set[Path]:
    """C files and headers of the pipeline's blocks and of what surrounds them."""
    folder = LIBRARY / "dsp"
    blocks = {folder / "blocks" / f"{block.name}.c" for block in spec.extractor.blocks}
    return with_includes({*blocks, folder / "features.c"})


def kernel_files(spec: BuildSpec, compiled: Compiled) -> set[Path]:
    """C files and headers of the kernels that the model calls, and of the one that quantises its input."""
    needed = set(compiled.kernel_files)
    if spec.kind == "pipeline":
        needed.add(LIBRARY / "nn" / "quantize_f32_s8.c")
    return needed | {path for path in with_includes(needed) if path.suffix == ".h"}


def c_files(paths: Iterable[Path]) -> list[Path]:
    """Those that are compiled, in a fixed order."""
    return sorted(path for path in paths if path.suffix == ".c")


def _header(includer: Path, name: str) -> Path | None:
    """Where an #include leads: beside its file, or in firmware/lib; None for generated and standard headers."""
    for folder in (includer.parent, LIBRARY):
        path = (folder / name).resolve()
        if path.is_file():
            return path
    return None
