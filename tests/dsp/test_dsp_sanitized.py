"""fuzz.c under AddressSanitizer and UndefinedBehaviorSanitizer: hostile configs, memory of exactly the planned size."""

import subprocess
from pathlib import Path

import pytest

from mote import native_build

SANITIZERS = (
    "-fsanitize=address,undefined,float-cast-overflow,float-divide-by-zero",
    "-fno-sanitize-recover=all",
    "-g",
    "-O1",
)


@pytest.fixture(scope="module")
def fuzzer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzz")
    recipe = native_build.host_recipe()
    registry = folder / "registry.c"
    registry.write_text(native_build.registry_source(recipe))
    sources = [path for path in recipe.sources if "dsp" in path.parts]
    program = folder / "fuzz"
    subprocess.run(
        [
            native_build.host_compiler(),
            "-std=c99",
            *native_build.SAME_BITS,
            "-DDSP_WITH_PREPARE",
            *SANITIZERS,
            f"-I{native_build.LIBRARY}",
            *map(str, (*sources, registry, Path(__file__).with_name("fuzz.c"))),
            "-lm",
            "-o",
            str(program),
        ],
        check=True,
    )
    return program


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 5))
def test_no_config_and_no_window_leads_to_undefined_behaviour(fuzzer, seed):
    done = subprocess.run([str(fuzzer), str(seed), "2500"], capture_output=True, text=True, check=False, timeout=250)
    assert done.returncode == 0, done.stderr[-3000:]
    accepted, run = map(int, done.stdout.split())
    assert accepted >= run > 200
