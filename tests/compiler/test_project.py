"""The generated files: deterministic, documented by macros, and accepted by every compiler without a warning."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from mote.compiler import compile_model
from mote.compiler.project import compile_to_folder, identifier
from mote.errors import BadInput
from tests.cmake import cmake_build
from tests.compiler.small_models import EVERY, SMALL

STRICT = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-pedantic", "-Werror"]
COMPILERS = {
    "gcc": ["gcc"],
    "clang": ["clang-14"],
    "cortex-m4": ["arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"],
    "cortex-m0plus": ["arm-none-eabi-gcc", "-mcpu=cortex-m0plus", "-mthumb"],
}
ALLOWED = {"memcpy", "memset"}


def folder_of(tflite: bytes, tmp_path: Path, name: str = "model") -> Path:
    (tmp_path / "in.tflite").write_bytes(tflite)
    compile_to_folder(tmp_path / "in.tflite", tmp_path / name, name=name)
    return tmp_path / name


def test_equal_models_give_equal_bytes() -> None:
    assert compile_model(SMALL).files == compile_model(bytes(bytearray(SMALL))).files


def test_header_says_what_firmware_needs() -> None:
    compiled = compile_model(EVERY, name="wake_word")
    macros = dict(re.findall(r"#define WAKE_WORD_(\w+) (\S+)", compiled.files["wake_word.h"]))
    assert macros["ARENA_BYTES"] == f"{compiled.arena_bytes}u"
    assert (macros["INPUT_COUNT"], macros["INPUT_LENGTH"], macros["INPUT_IS_FLOAT"]) == ("1u", "32u", "1")
    assert (macros["OUTPUT_COUNT"], macros["OUTPUT_1_LENGTH"], macros["OUTPUT_1_IS_FLOAT"]) == ("2u", "4u", "0")
    assert np.float32(float.fromhex(macros["OUTPUT_1_SCALE"].rstrip("f"))) == np.float32(0.1)
    assert macros["OUTPUT_1_ZERO_POINT"] == "(0)"
    for function in ("void *wake_word_input(", "const void *wake_word_output(", "void wake_word_run("):
        assert function in compiled.files["wake_word.h"]


def test_names_from_the_file_cannot_leave_a_comment() -> None:
    compiled = compile_model(EVERY)
    assert "#include <x>" not in "".join(compiled.files.values())
    assert "evil _. name__include _x_" in compiled.files["model.h"]


def test_only_kernels_that_are_called_are_listed() -> None:
    assert [path.name for path in compile_model(SMALL).kernel_files] == [
        "conv2d_s8.c",
        "fully_connected_s8.c",
        "max_pool_s8.c",
        "softmax_s8.c",
    ]


def test_layers_are_explained_in_the_c_file() -> None:
    text = compile_model(SMALL).files["model.c"]
    assert re.search(r"/\* 0: CONV_2D 1x6x6x2 at \d+ -> 1x4x4x4 at \d+, 1152 MACs \*/", text)
    assert "SPDX-License-Identifier: Apache-2.0" in text


@pytest.mark.slow
@pytest.mark.parametrize("command", COMPILERS.values(), ids=COMPILERS)
def test_project_compiles_without_a_warning(command: list[str], tmp_path: Path) -> None:
    for name, tflite in (("small", SMALL), ("every", EVERY)):
        folder = folder_of(tflite, tmp_path, name)
        for source in [folder / f"{name}.c", *sorted((folder / "nn").glob("*.c"))]:
            output = source.with_suffix(".o")
            subprocess.run([*command, *STRICT, f"-I{folder}", "-c", str(source), "-o", str(output)], check=True)


@pytest.mark.slow
def test_objects_need_nothing_from_libc_but_memcpy_and_memset(tmp_path: Path) -> None:
    folder = folder_of(EVERY, tmp_path)
    needed: set[str] = set()
    for source in [folder / "model.c", *(folder / "nn").glob("*.c")]:
        output = source.with_suffix(".o")
        arm = [*COMPILERS["cortex-m4"], *STRICT, f"-I{folder}", "-c", str(source), "-o", str(output)]
        subprocess.run(arm, check=True)
        symbols = subprocess.run(
            [str(shutil.which("arm-none-eabi-nm")), "-u", str(output)], check=True, capture_output=True, text=True
        )
        needed |= set(re.findall(r"U (\w+)", symbols.stdout))
    assert {name for name in needed if not name.startswith(("nn_", "__aeabi"))} <= ALLOWED


@pytest.mark.slow
def test_project_builds_with_its_cmake_file(tmp_path: Path) -> None:
    cmake_build(folder_of(EVERY, tmp_path), tmp_path / "build")
    assert list((tmp_path / "build").glob("*.a"))


@pytest.mark.slow
def test_project_builds_by_itself(tmp_path: Path) -> None:
    """As its README says: one command, only this folder on the include path."""
    folder = folder_of(EVERY, tmp_path)
    assert {path.name for path in folder.iterdir()} == {
        "model.c",
        "model.h",
        "nn",
        "CMakeLists.txt",
        "README.md",
        "LICENSE",
    }
    listed = set(re.findall(r"nn/\w+\.c", (folder / "CMakeLists.txt").read_text()))
    assert listed == {f"nn/{path.name}" for path in (folder / "nn").glob("*.c")}
    elsewhere = shutil.move(folder, tmp_path / "moved")
    (elsewhere / "main.c").write_text(
        '#include "model.h"\nstatic float arena[MODEL_ARENA_BYTES];\nint main(void) { model_run(arena); return 0; }\n'
    )
    sources = ["main.c", "model.c", *sorted(listed)]
    subprocess.run(
        [str(shutil.which("cc")), "-std=c99", "-O2", "-I.", *sources, "-o", "program"], cwd=elsewhere, check=True
    )
    subprocess.run([str(elsewhere / "program")], check=True)


def test_file_that_cannot_be_read_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        compile_to_folder(tmp_path / "missing.tflite", tmp_path / "out")


@pytest.mark.parametrize(
    ("text", "name"), [("My Model-2", "my_model_2"), ("2nd", "model_2nd"), ("---", "model"), ("kws", "kws")]
)
def test_any_file_name_gives_a_c_name(text: str, name: str) -> None:
    assert identifier(text) == name
