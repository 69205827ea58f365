"""Images: what is in them, what they take, and every way in which a build can fail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mote.deploy import elf, toolchain
from mote.deploy.boards import get
from mote.deploy.build import Image, build
from mote.deploy.sources import dsp_files
from mote.deploy.spec import BuildSpec
from mote.errors import BadInput, BuildFailed, Cancelled, MissingTool
from mote.paths import ROOT
from mote.pipeline import BlockSpec
from tests.deploy.small import AXES, RATE_HZ, TWO_BLOCKS, dense_model, small_spec

pytestmark = pytest.mark.slow


def test_image_has_every_file_of_a_flashable_firmware(image: Image, tmp_path: Path) -> None:
    image.save(tmp_path, "firmware")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "firmware.bin",
        "firmware.elf",
        "firmware.hex",
        "firmware.map",
    ]
    assert image.hex.startswith(b":")
    assert b":00000001FF" in image.hex


def test_binary_begins_with_the_stack_pointer_and_the_reset_vector(image: Image) -> None:
    memory = image.spec.target.memory
    stack, reset = np.frombuffer(image.bin[:8], "<u4")
    assert stack == memory.ram.start + memory.ram.bytes
    assert memory.flash.start < reset < memory.flash.start + memory.flash.bytes
    assert reset % 2 == 1  # Thumb


def test_sizes_are_those_of_the_image(image: Image) -> None:
    assert image.arena_bytes < image.bss_bytes == image.ram_static_bytes - image.data_bytes
    assert image.flash_bytes < 30_000


def test_no_image_links_printf_malloc_or_double_arithmetic(image: Image) -> None:
    for name in ("printf", "malloc", "_sbrk", "__aeabi_dadd", "__aeabi_dmul", "__aeabi_f2d"):
        assert name not in image.map, name


def test_nothing_in_the_products_names_a_folder_of_this_machine(image: Image) -> None:
    for text in (image.map.encode(), image.log.encode(), image.elf, image.bin):
        assert str(ROOT).encode() not in text
        assert b"/tmp/" not in text


def test_the_same_spec_gives_the_same_bytes(mps2_image: Image) -> None:
    again = build(mps2_image.spec)
    assert (again.bin, again.elf) == (mps2_image.bin, mps2_image.elf)


@pytest.mark.parametrize("kind", ["data_collection", "sketch"])
@pytest.mark.parametrize("board", ["mps2_an386", "netduino_plus_2"])
def test_firmware_without_a_model_is_small(board: str, kind: str) -> None:
    image = build(BuildSpec(board=board, kind=kind, axes=AXES, rate_hz=RATE_HZ))  # type: ignore[arg-type]
    assert image.flash_bytes < 10_000


def test_only_the_used_blocks_are_compiled() -> None:
    blocks = {path.stem for path in dsp_files(small_spec("mps2_an386", TWO_BLOCKS)) if path.parent.name == "blocks"}
    assert blocks == {"raw", "statistics"}


def test_without_a_cross_compiler_the_missing_tool_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingTool, match=r"arm-none-eabi-gcc is not installed.*apt install gcc-arm-none-eabi"):
        build(small_spec("mps2_an386"))


def test_an_image_too_big_for_flash_says_by_how_much() -> None:
    spec = BuildSpec(board="netduino_plus_2", kind="model", tflite=dense_model(20_000, 60))
    with pytest.raises(
        BuildFailed, match=r"does not fit Netduino Plus 2.*needs 1,2\d\d,\d{3} bytes of flash.*1,048,576"
    ):
        build(spec)


def test_an_image_too_big_for_ram_says_by_how_much() -> None:
    spec = small_spec("netduino_plus_2", (BlockSpec(block="raw"),), length_ms=60_000)
    with pytest.raises(BuildFailed, match=r"bytes of RAM \(4,096 of it kept for the stack\) and the board has 131,072"):
        build(spec)


def test_a_build_can_be_cancelled() -> None:
    with pytest.raises(Cancelled):
        build(small_spec("mps2_an386"), should_stop=lambda: True)


def test_progress_rises_from_nothing_to_one() -> None:
    seen: list[float] = []
    build(small_spec("mps2_an386"), progress=lambda fraction, message: seen.append(fraction))
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"tflite": b""}, "needs a trained model"),
        ({"labels": ()}, "pipeline and labels"),
        ({"axes": ()}, "axes and a rate"),
        ({"rate_hz": 0.0}, "axes and a rate"),
    ],
)
def test_an_incomplete_spec_is_refused(change: dict[str, object], complaint: str) -> None:
    with pytest.raises(BadInput, match=complaint):
        replace(small_spec("mps2_an386"), **change)  # type: ignore[arg-type]


def test_a_sensor_that_the_board_lacks_is_refused() -> None:
    with pytest.raises(BadInput, match="has no sensor 'nose'"):
        build(BuildSpec(board="mps2_an386", kind="data_collection", axes=AXES, rate_hz=RATE_HZ, sensor="nose"))


def test_a_compiler_error_is_shown_as_the_compiler_said_it(tmp_path: Path) -> None:
    source = tmp_path / "wrong.c"
    source.write_text("int main(void) { return nothing; }\n")
    tools = toolchain.find(get("mps2_an386"))
    with pytest.raises(BuildFailed, match="'nothing' undeclared"):
        toolchain.run([tools.cc, "-c", str(source)], tmp_path)


def test_something_that_is_no_elf_is_refused() -> None:
    with pytest.raises(BuildFailed, match="not a 32-bit"):
        elf.sections(b"MZ" + bytes(100))
