"""Building the C library: by content, atomically, and with words when a tool is missing."""

import os
import shutil
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mote import native, native_build
from mote.errors import BuildFailed, MissingTool

NEW_BLOCK = """
#include "../block.h"
#include "../features.h"
#include "../plan.h"
#include "../text.h"
extern const dsp_block dsp_block_first;
static dsp_status run(const dsp_config *config, const float *tables, const float *window, float *features,
                      float *scratch) {
    (void)tables;
    (void)scratch;
    for (size_t axis = 0; axis < config->axes; axis++) {
        features[axis] = window[axis];
    }
    return dsp_check_finite(features, config->axes);
}
static dsp_status plan(const dsp_config *config, dsp_plan *plan) {
    const dsp_status status = dsp_plan_begin(&dsp_block_first, config, plan);
    plan->rows = 1;
    plan->cols = config->axes;
    return status != DSP_OK ? status : dsp_plan_end(plan);
}
static size_t column(const dsp_config *config, size_t col, char *text, size_t size) {
    (void)config;
    dsp_text_begin(text, size);
    return col;
}
const dsp_block dsp_block_first = {
    .run = run, .name = "first", .title = "First \\"reading\\"", .help = "Only the first.", .version = 3, .plan = plan,
    .column = column};
"""


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """A copy of firmware/lib without the neural-network kernels, which the build scans instead of the real one."""
    copy = tmp_path / "lib"
    shutil.copytree(native_build.LIBRARY, copy, ignore=shutil.ignore_patterns("nn"))
    monkeypatch.setattr(native_build, "LIBRARY", copy)
    return copy


def fake_compiler(folder: Path) -> Path:
    """A compiler that counts its calls and hands them on to the real one."""
    script = folder / "cc"
    script.write_text(f'#!/bin/sh\necho "$@" >> {folder}/calls\nexec {native_build.host_compiler()} "$@"\n')
    script.chmod(script.stat().st_mode | stat.S_IEXEC)
    return script


def calls(folder: Path) -> int:
    log = folder / "calls"
    return len(log.read_text().splitlines()) if log.exists() else 0


def test_a_current_library_is_not_built_again(sources, tmp_path, monkeypatch):
    monkeypatch.setenv("CC", str(fake_compiler(tmp_path)))
    output = tmp_path / "out" / "libmote.so"
    native_build.build_host(output)
    first = calls(tmp_path)
    assert first > 10
    native_build.build_host(output)
    assert calls(tmp_path) == first


def test_only_what_changed_is_compiled(sources, tmp_path, monkeypatch):
    monkeypatch.setenv("CC", str(fake_compiler(tmp_path)))
    output = tmp_path / "out" / "libmote.so"
    native_build.build_host(output)
    first = calls(tmp_path)
    with (sources / "dsp" / "fft.c").open("a") as file:
        file.write("\n/* changed */\n")
    native_build.build_host(output)
    assert calls(tmp_path) == first + 3  # fft.c, the registry with the new hash, the linker


def test_a_new_file_in_blocks_is_a_new_block(sources, tmp_path):
    (sources / "dsp" / "blocks" / "first.c").write_text(NEW_BLOCK)
    built = native.Native(native_build.build_host(tmp_path / "libmote.so"))
    described = {each["name"]: each for each in built.descriptions()}
    assert described["first"]["version"] == 3
    assert described["first"]["title"] == 'First "reading"'
    assert list(described) == sorted(described)


def test_the_library_knows_its_sources(sources, tmp_path):
    built = native_build.build_host(tmp_path / "libmote.so")
    told = native.Native(built).library.mote_source_hash().decode()
    assert told == native_build.host_recipe().source_hash
    (sources / "dsp" / "block.h").write_text((sources / "dsp" / "block.h").read_text() + "\n")
    assert not native_build.is_current(built, native_build.host_recipe())


def test_processes_may_build_at_the_same_time(tmp_path):
    command = [
        sys.executable,
        "-c",
        "import sys, pathlib; from mote import native_build as b; "
        "recipe = b.host_recipe(); sources = tuple(p for p in recipe.sources if 'nn' not in p.parts); "
        "b.compile_library(b.Recipe(sources, recipe.flags, recipe.link), b.host_compiler(), pathlib.Path(sys.argv[1]))",
        str(tmp_path / "libmote.so"),
    ]
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: subprocess.run(command, capture_output=True, text=True, check=False), range(3)))
    assert [each.stderr for each in done if each.returncode] == []
    assert native.Native(tmp_path / "libmote.so").library.mote_block_count() >= 5
    assert {path.name for path in tmp_path.iterdir()} == {"libmote.so", "objects"}


def test_a_mistake_in_c_is_told_in_the_compilers_words_and_leaves_the_old_library(sources, tmp_path):
    output = native_build.build_host(tmp_path / "libmote.so")
    before = output.read_bytes()
    (sources / "dsp" / "fft.c").write_text("int broken(void) { return nonsense; }\n")
    with pytest.raises(BuildFailed, match="nonsense"):
        native_build.build_host(output)
    assert output.read_bytes() == before


def test_without_a_c_compiler_the_message_says_how_to_get_one(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    with pytest.raises(MissingTool) as caught:
        native_build.build_host(tmp_path / "libmote.so")
    assert "apt install gcc" in caught.value.hint


def test_without_clang_only_webassembly_is_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("WASI_SDK_PATH", raising=False)
    native_build.wasm_compiler.cache_clear()
    with pytest.raises(MissingTool) as caught:
        native_build.build_wasm(tmp_path / "mote.wasm", tmp_path / "copy.wasm")
    assert "wasi-libc" in caught.value.hint
    assert native_build.build_host() == native_build.HOST_LIBRARY  # current: needs no compiler
    native_build.wasm_compiler.cache_clear()


def test_a_clang_that_cannot_link_webassembly_is_passed_over(tmp_path, monkeypatch):
    broken = tmp_path / "clang"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    native_build.wasm_compiler.cache_clear()
    assert native_build.wasm_compiler() != str(broken)
    native_build.wasm_compiler.cache_clear()


def test_the_browser_gets_a_copy_of_the_current_module(tmp_path):
    copy = tmp_path / "public" / "mote.wasm"
    built = native_build.build_wasm(tmp_path / "mote.wasm", copy)
    assert copy.read_bytes() == built.read_bytes()
    assert copy.read_bytes()[:4] == b"\0asm"
    assert len(built.read_bytes()) < 60_000
    copy.write_bytes(b"older")
    native_build.build_wasm(tmp_path / "mote.wasm", copy)
    assert copy.read_bytes() == built.read_bytes()


def test_the_command_prints_what_it_built(capsys):
    native.main(["build", "--host"])
    assert capsys.readouterr().out.strip() == str(native_build.HOST_LIBRARY)
