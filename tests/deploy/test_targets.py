"""Everything that a pipeline can be turned into."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import pytest

from mote import native
from mote.compiler.host import compiler
from mote.deploy import targets
from mote.deploy.targets.c_library import FLAGS, FOLDER
from mote.deploy.verify import reference_scores
from mote.errors import BadInput
from tests.cmake import cmake_build
from tests.deploy.small import LABELS, TWO_BLOCKS, small_spec, windows

pytestmark = pytest.mark.slow


def nothing(*_: object) -> bool:
    return False


def test_targets_are_found_by_scanning_and_describe_themselves() -> None:
    found = targets.load()
    assert {"firmware", "c_library", "data_collection"} <= set(found)
    for target in found.values():
        assert target.title
        assert target.help
    assert not found["data_collection"].needs_model
    assert not found["c_library"].needs_board


def test_an_unknown_target_is_refused_with_the_list_of_those_there_are() -> None:
    with pytest.raises(BadInput, match=r"no target 'toast'.*firmware"):
        targets.get("toast")


@pytest.mark.parametrize(("name", "kind"), [("firmware", "pipeline"), ("data_collection", "data_collection")])
def test_firmware_targets_give_flashable_files_and_the_image(name: str, kind: str) -> None:
    made = targets.get(name).build(small_spec("netduino_plus_2"), nothing, nothing)
    assert made.image is not None
    assert made.image.spec.kind == kind
    assert {Path(file).suffix for file in made.files} == {".elf", ".bin", ".hex", ".map"}
    assert made.log


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked C library of a pipeline with two blocks, one of which sees a single axis."""
    folder = tmp_path_factory.mktemp("library")
    made = targets.get("c_library").build(small_spec("", TWO_BLOCKS), nothing, nothing)
    with zipfile.ZipFile(io.BytesIO(made.files[f"{FOLDER}.zip"])) as archive:
        archive.extractall(folder)
    return folder / FOLDER


def test_c_library_is_complete_and_the_same_every_time() -> None:
    spec = small_spec("", TWO_BLOCKS)
    first, second = (targets.get("c_library").build(spec, nothing, nothing).files for _ in range(2))
    assert first == second


def test_c_library_compiles_without_a_warning_by_hand_and_with_cmake(library: Path, tmp_path: Path) -> None:
    sources = [str(path) for path in library.rglob("*.c")]
    for optimise in ("-O0", "-O3"):
        argv = [compiler(), "-std=c99", optimise, *FLAGS.split(), f"-I{library}", *sources, "-lm"]
        subprocess.run([*argv, "-o", str(tmp_path / "example")], check=True)
    build = tmp_path / "build"
    cmake_build(library, build)
    assert (build / "mote_example").is_file()


def test_c_library_gives_the_classes_of_the_host(library: Path, tmp_path: Path) -> None:
    spec = small_spec("", TWO_BLOCKS)
    argv = [compiler(), "-std=c99", "-O2", *FLAGS.split(), f"-I{library}", *map(str, library.rglob("*.c")), "-lm"]
    subprocess.run([*argv, "-o", str(tmp_path / "example")], check=True)
    readings = windows(spec, 4).reshape(-1, 3)
    text = "\n".join(" ".join(repr(float(value)) for value in row) for row in readings)
    said = subprocess.run([str(tmp_path / "example")], input=text.encode(), capture_output=True, check=True).stdout
    length, stride = spec.extractor.readings, spec.extractor.readings // 2
    cut = np.stack([readings[at : at + length] for at in range(0, len(readings) - length + 1, stride)])
    assert spec.mean is not None
    assert spec.inv_std is not None
    features = native.load().standardise(spec.extractor.extract(cut), spec.mean, spec.inv_std)
    scores = reference_scores(spec.tflite, list(features))
    expected = [f"{LABELS[int(q.argmax())]} {(int(q.max()) + 128) / 256:.6f}" for q in scores]
    assert said.decode().splitlines() == expected


def test_c_library_holds_no_name_of_this_machine(library: Path) -> None:
    for path in library.rglob("*.*"):
        assert "/home/" not in path.read_text()
        assert "/work" not in path.read_text()
