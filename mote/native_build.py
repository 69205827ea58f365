"""Builds firmware/lib for this machine (libmote) and for the browser (mote.wasm).

A build carries the hash of the sources it was made from inside itself, so one file says whether it is current, and
replacing that file is atomic: any number of processes may build at once, and all of them leave the same library.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mote.errors import BuildFailed, MissingTool
from mote.paths import BUILD, FIRMWARE, ROOT

LIBRARY = FIRMWARE / "lib"
HOST_LIBRARY = BUILD / "host" / ("libmote.dylib" if sys.platform == "darwin" else "libmote.so")
WASM_MODULE = BUILD / "wasm" / "mote.wasm"
WASM_FOR_BROWSER = ROOT / "frontend" / "public" / "native" / "mote.wasm"

SAME_BITS = ("-ffp-contract=off", "-fno-tree-vectorize", "-fno-math-errno")
"""No fused multiply-add anywhere, or the server and the board give different features: gcc 12 still fuses in vectorised
code (vfmaddsub in the FFT), so there is none of that either. The last makes sqrtf one instruction."""

FLAGS = ("-std=c99", "-O3", *SAME_BITS, "-DDSP_WITH_PREPARE")
HOST_FLAGS = (*FLAGS, "-fPIC")
WASM_FLAGS = (*FLAGS, "--target=wasm32-wasi", "-fvisibility=default")
HOST_LINK = ("-shared", "-lm")
WASM_LINK = (
    "--target=wasm32-wasi",
    "-mexec-model=reactor",
    "-nostartfiles",
    "-Wl,--no-entry",
    "-Wl,--export-dynamic",
    "-Wl,--strip-all",
)

_HOST_FOLDERS = ("dsp", "link", "nn")
_WASM_FOLDERS = ("dsp", "link")
_WASM_COMPILERS = ("clang", *(f"clang-{version}" for version in range(22, 12, -1)))
_HOST_HINT = "Install a C compiler (Debian: apt install gcc; macOS: xcode-select --install) or name one in CC."
_WASM_HINT = (
    "Install one (Debian: apt install clang lld wasi-libc libclang-rt-14-dev-wasm32), or unpack the WASI SDK and set "
    "WASI_SDK_PATH. Only what computes in the browser needs it."
)


@dataclass(frozen=True)
class Recipe:
    """What is compiled how; two recipes with equal hashes give equal libraries."""

    sources: tuple[Path, ...]
    flags: tuple[str, ...]
    link: tuple[str, ...]

    @property
    def source_hash(self) -> str:
        """SHA-256 over the flags, the sources and every header of the library."""
        digest = hashlib.sha256(repr((self.flags, self.link)).encode())
        for path in (*self.sources, *_headers()):
            digest.update(f"\0{path.relative_to(LIBRARY)}\0".encode())
            digest.update(path.read_bytes())
        return digest.hexdigest()


def host_recipe() -> Recipe:
    return Recipe(_sources(_HOST_FOLDERS), HOST_FLAGS, HOST_LINK)


def wasm_recipe() -> Recipe:
    return Recipe(_sources(_WASM_FOLDERS), WASM_FLAGS, WASM_LINK)


def build_host(output: Path = HOST_LIBRARY) -> Path:
    """The shared library; does nothing when it is current.

    Raises:
        MissingTool: no C compiler, and no current library either.
        BuildFailed: the compiler's own words.
    """
    recipe = host_recipe()
    return output if is_current(output, recipe) else compile_library(recipe, host_compiler(), output)


def build_wasm(output: Path = WASM_MODULE, browser_copy: Path = WASM_FOR_BROWSER) -> Path:
    """The WebAssembly module without any import, and its copy for the frontend; does nothing when both are current."""
    recipe = wasm_recipe()
    if not is_current(output, recipe):
        compile_library(recipe, wasm_compiler(), output)
    if not is_current(browser_copy, recipe):
        _write_atomically(browser_copy, output.read_bytes())
    return output


def is_current(library: Path, recipe: Recipe) -> bool:
    return library.is_file() and recipe.source_hash.encode() in library.read_bytes()


def host_compiler() -> str:
    """$CC, cc, gcc or clang."""
    found = _first_tool((os.environ.get("CC", ""), "cc", "gcc", "clang"))
    if found is None:
        raise MissingTool("No C compiler was found, so the DSP library cannot be built.", hint=_HOST_HINT)
    return found


@cache
def wasm_compiler() -> str:
    """The first clang of this machine that can compile and link for wasm32-wasi."""
    sdk = os.environ.get("WASI_SDK_PATH", "")
    for name in (os.environ.get("WASM_CC", ""), f"{sdk}/bin/clang" if sdk else "", *_WASM_COMPILERS):
        found = _first_tool((name,))
        if found is not None and _makes_wasm(found):
            return found
    raise MissingTool("No clang that can build WebAssembly was found.", hint=_WASM_HINT)


def compile_library(recipe: Recipe, compiler: str, output: Path) -> Path:
    """Compile and link into `output`, atomically. Objects are kept by content: only what changed is compiled."""
    objects = output.parent / "objects"
    objects.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent) as folder:
        registry = Path(folder) / "registry.c"
        registry.write_text(registry_source(recipe))
        made = _compile_all(recipe, compiler, registry, objects)
        linked = Path(folder) / output.name
        _run([compiler, *(str(path) for path in made), *recipe.link, "-o", str(linked)])
        linked.replace(output)
    _forget_old(objects, made)
    return output


def registry_source(recipe: Recipe) -> str:
    """The C file that lists the DSP blocks: one for each file in dsp/blocks/."""
    names = sorted(path.stem for path in recipe.sources if path.parent.name == "blocks")
    return "\n".join(
        [
            "/* Generated by mote/native_build.py from the files in firmware/lib/dsp/blocks. */",
            '#include "registry.h"',
            *(f"extern const dsp_block dsp_block_{name};" for name in names),
            "const dsp_block *const mote_registry[] = {",
            *(f"    &dsp_block_{name}," for name in names),
            "};",
            f"const size_t mote_registry_count = {len(names)}u;",
            f'const char mote_registry_hash[] = "{recipe.source_hash}";',
            "",
        ]
    )


def block_files() -> dict[str, Path]:
    """The C file of every DSP block, by name."""
    return {path.stem: path for path in sorted((LIBRARY / "dsp" / "blocks").glob("*.c"))}


def _sources(folders: Sequence[str]) -> tuple[Path, ...]:
    own = list(LIBRARY.glob("*.c"))
    return tuple(sorted(own + [path for folder in folders for path in (LIBRARY / folder).rglob("*.c")]))


def _headers() -> list[Path]:
    return sorted(LIBRARY.rglob("*.h"))


def _compile_all(recipe: Recipe, compiler: str, registry: Path, objects: Path) -> list[Path]:
    headers = hashlib.sha256(b"".join(path.read_bytes() for path in _headers())).hexdigest()
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        jobs = [
            pool.submit(_compile_object, compiler, recipe.flags, source, headers, objects)
            for source in (*recipe.sources, registry)
        ]
        return [job.result() for job in jobs]


def _compile_object(compiler: str, flags: Sequence[str], source: Path, headers: str, objects: Path) -> Path:
    key = hashlib.sha256(repr((compiler, flags, source.name, headers)).encode() + source.read_bytes()).hexdigest()
    made = objects / f"{source.stem}-{key[:16]}.o"
    if not made.exists():
        with tempfile.TemporaryDirectory(dir=objects) as folder:
            fresh = Path(folder) / made.name
            _run([compiler, *flags, f"-I{LIBRARY}", "-c", str(source), "-o", str(fresh)])
            fresh.replace(made)
    return made


def _forget_old(objects: Path, needed: Sequence[Path]) -> None:
    """Objects of earlier sources; a day is kept, because another process may be linking them right now."""
    yesterday = time.time() - 86_400
    for path in set(objects.glob("*.o")) - set(needed):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < yesterday:
                path.unlink()


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode != 0:
        words = (done.stderr or done.stdout).strip()
        raise BuildFailed(f"{Path(command[0]).name} could not build the C library: {words[-4000:]}")


def _first_tool(names: Sequence[str]) -> str | None:
    return next((path for name in names if name and (path := shutil.which(name))), None)


def _makes_wasm(compiler: str) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "try.c"
        source.write_text("#include <string.h>\n#include <math.h>\nfloat try_it(float x) { return sqrtf(x); }\n")
        command = [compiler, str(source), *WASM_LINK, "-o", str(source.with_suffix(".wasm"))]
        return subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 0


def _write_atomically(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(name).chmod(0o644)
    Path(name).replace(path)
