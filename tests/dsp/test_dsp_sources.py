"""The C sources: no warning under either compiler, and a board needs neither double precision nor libm."""

import subprocess
import sys
from pathlib import Path

import pytest

from mote import native_build

STRICT = (
    "-std=c99",
    "-Wall",
    "-Wextra",
    "-Wconversion",
    "-Wshadow",
    "-pedantic",
    "-Werror",
    *native_build.SAME_BITS,
    f"-I{native_build.LIBRARY}",
)
DSP = sorted((native_build.LIBRARY / "dsp").rglob("*.c"))
BINDING = sorted(native_build.LIBRARY.glob("*.c"))
CORTEX_M4F = ("-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard")
CORTEX_M0 = ("-mcpu=cortex-m0plus", "-mthumb")
ALLOWED_LIBC = {"sqrtf", "memcpy", "memset", "memmove"}


def compile_all(compiler, flags, sources, folder):
    """Objects of all sources; fails with the compiler's words."""
    done = subprocess.run(
        [compiler, *STRICT, *flags, "-c", *map(str, sources)], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return sorted(folder.glob("*.o"))


@pytest.mark.parametrize("level", ["-O0", "-O2"])
@pytest.mark.parametrize("tool", ["host", "clang"])
@pytest.mark.parametrize("prepare", [True, False])
def test_sources_compile_without_a_warning(tool, level, prepare, tmp_path):
    compiler = native_build.host_compiler() if tool == "host" else native_build.wasm_compiler()
    flags = [level, *(["-DDSP_WITH_PREPARE"] if prepare else [])]
    compile_all(compiler, flags, [*DSP, *BINDING] if prepare else DSP, tmp_path)


def test_webassembly_heap_compiles_without_a_warning(tmp_path):
    flags = [*native_build.WASM_FLAGS, "-Wno-error=unused-command-line-argument"]
    compile_all(native_build.wasm_compiler(), flags, BINDING, tmp_path)


def symbols(objects, nm):
    """(kind, name) of every symbol, kinds as nm has them."""
    listing = subprocess.run([nm, "-A", *map(str, objects)], capture_output=True, text=True, check=True).stdout
    return [tuple(line.split()[-2:]) for line in listing.splitlines()]


def undefined_symbols(objects, nm):
    found = symbols(objects, nm)
    return {name for kind, name in found if kind == "U"} - {name for kind, name in found if kind not in "Uw"}


@pytest.mark.parametrize("level", ["-Os", "-O2", "-O3"])
def test_a_cortex_m4f_needs_no_double_precision_and_no_libm(level, tmp_path):
    objects = compile_all("arm-none-eabi-gcc", [*CORTEX_M4F, level, "-Wdouble-promotion"], DSP, tmp_path)
    assert undefined_symbols(objects, "arm-none-eabi-nm") <= ALLOWED_LIBC


def test_a_processor_without_floating_point_uses_single_precision_only(tmp_path):
    objects = compile_all("arm-none-eabi-gcc", [*CORTEX_M0, "-O2", "-Wdouble-promotion"], DSP, tmp_path)
    symbols = undefined_symbols(objects, "arm-none-eabi-nm")
    assert not {name for name in symbols if name.startswith("__aeabi_d") or "df" in name}


def test_a_board_carries_no_description(tmp_path):
    objects = compile_all("arm-none-eabi-gcc", [*CORTEX_M4F, "-O2"], DSP, tmp_path)
    program = b"".join(path.read_bytes() for path in objects)
    assert b"Mel-frequency cepstral" not in program
    assert b"frame_length_ms" not in program


def test_no_object_has_writable_data(tmp_path):
    """No globals: everything is code or constant, so everything is reentrant."""
    objects = compile_all("arm-none-eabi-gcc", [*CORTEX_M4F, "-O2", "-DDSP_WITH_PREPARE"], DSP, tmp_path)
    kinds = {kind for kind, _ in symbols(objects, "arm-none-eabi-nm")}
    assert kinds.isdisjoint("DdBbCGgSs")


def test_sources_are_formatted():
    sources = [*DSP, *BINDING, *(native_build.LIBRARY / "dsp").rglob("*.h"), *native_build.LIBRARY.glob("*.h")]
    clang_format = Path(sys.executable).with_name("clang-format")  # of the locked version, in pyproject.toml
    done = subprocess.run(
        [str(clang_format), "--dry-run", "--Werror", *map(str, sources)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
