"""The promise that training, browser and board agree: every build of the library gives the same bits."""

import numpy as np
import pytest

from mote import dsp, native, native_build

CONFIGS_PER_BLOCK = 25
RATES = (50.0, 62.5, 99.97, 1000.0, 8000.0, 16_000.0)

BUILDS = {
    "gcc -O0": ("host", "-O0"),
    "gcc -O2": ("host", "-O2"),
    "gcc -O3 -march=native": ("host", "-O3", "-march=native"),
    "clang -O0": ("clang", "-O0"),
    "clang -O3 -march=native": ("clang", "-O3", "-march=native"),
}


def random_value(param, rng):
    """Mostly near the default, so that most configs are accepted."""
    if param.kind == "bool":
        return float(rng.integers(2))
    if param.kind == "choice":
        return float(rng.integers(len(param.choices)))
    spread = abs(float(param.default)) or 10.0
    value = float(np.clip(rng.normal(param.default, spread), param.minimum, param.maximum))
    return float(np.round(value)) if param.kind == "int" else value


def random_configs(library):
    """Configs that the library accepts, of every block, always the same ones; the default one first."""
    rng = np.random.default_rng(7)
    chosen = []
    for index, info in enumerate(dsp.blocks().values()):
        found = 0
        while found < CONFIGS_PER_BLOCK:
            defaults = [p.choices.index(p.default) if p.kind == "choice" else float(p.default) for p in info.params]
            drawn = [
                random_value(p, rng) if found and rng.random() < 0.5 else d
                for p, d in zip(info.params, defaults, strict=True)
            ]
            readings, axes = int(rng.integers(64, 1500)), int(rng.integers(1, 4))
            config = native.Config(index, readings, axes, float(rng.choice(RATES)), np.array(drawn, np.float32))
            if not library.plan(config).reason:
                chosen.append(config)
                found += 1
    return chosen


def results(library, configs):
    """Tables and features of every config, as integers: even the sign of a zero counts."""
    rng = np.random.default_rng(8)
    out = []
    for config in configs:
        plan = library.plan(config)
        tables = library.prepare(config, plan)
        windows = rng.standard_normal((3, config.readings, config.axes + 1)).astype(np.float32)
        windows *= np.array([1.0, 1e-20, 2000.0], np.float32)[:, None, None]
        axes = np.arange(config.axes, 0, -1, dtype=np.uint8)
        features = np.zeros((3, plan.rows * plan.cols), np.float32)
        assert library.run(config, plan, tables, windows, axes, features) == 3
        out += [tables.view(np.uint32), features.view(np.uint32).ravel()]
    return out


@pytest.fixture(scope="module")
def configs(library):
    return random_configs(library)


@pytest.fixture(scope="module")
def expected(library, configs):
    return results(library, configs)


def assert_same_bits(got, expected):
    assert len(got) == len(expected)
    different = [number for number, (a, b) in enumerate(zip(got, expected, strict=True)) if not np.array_equal(a, b)]
    assert different == []


@pytest.mark.slow
@pytest.mark.parametrize("name", BUILDS)
def test_every_compiler_and_optimisation_gives_the_same_bits(name, configs, expected, tmp_path):
    compiler, *flags = BUILDS[name]
    full = native_build.host_recipe()
    sources = tuple(path for path in full.sources if "nn" not in path.parts)
    kept = tuple(flag for flag in full.flags if not flag.startswith("-O"))
    recipe = native_build.Recipe(sources, (*kept, *flags), full.link)
    tool = native_build.host_compiler() if compiler == "host" else native_build.wasm_compiler()
    built = native_build.compile_library(recipe, tool, tmp_path / "libmote.so")
    assert_same_bits(results(native.Native(built), configs), expected)


def test_webassembly_gives_the_same_bits(wasm, configs, expected):
    assert_same_bits(results(wasm, configs), expected)


def test_webassembly_describes_the_same_blocks(wasm, library):
    assert wasm.descriptions() == library.descriptions()


def test_webassembly_refuses_with_the_same_words(wasm, library):
    for index, info in enumerate(dsp.blocks().values()):
        params = np.array([np.nan] * len(info.params), np.float32)
        for config in (native.Config(index, 100, 1, 100.0, params), native.Config(index, 0, 1, 100.0, params * 0)):
            assert wasm.plan(config).reason
            assert wasm.plan(config) == library.plan(config)


def test_webassembly_memory_grows_and_is_reused(wasm):
    wasm.call("mote_reset")
    first = wasm.call("mote_alloc", 100)
    large = wasm.call("mote_alloc", 40_000_000)
    assert large == first + 112
    wasm.exports["memory"].write(wasm.store, b"end", large + 40_000_000 - 3)
    assert wasm.call("mote_alloc", -1_000_000) == 0  # as unsigned: nearly 4 GB
    wasm.call("mote_reset")
    assert wasm.call("mote_alloc", 100) == first
    wasm.call("mote_reset")


def test_webassembly_speaks_the_link_protocol(wasm):
    frame = native.Frame(0x82, 7, bytes(range(256)))
    payload = wasm.put(frame.payload)
    out = wasm.put(bytes(300))
    used = wasm.call("link_frame_encode", out, 300, frame.type, frame.seq, payload, len(frame.payload))
    assert wasm.get(out, used) == native.encode_frame(frame)
    decoder = wasm.put(bytes(wasm.call("link_decoder_size")))
    wasm.call("link_decoder_reset", decoder)
    assert wasm.call("link_decoder_push", decoder, out, used) == used
    assert wasm.call("link_decoder_ready", decoder) == 1
    address = wasm.call("link_decoder_payload", decoder)
    assert wasm.get(address, wasm.call("link_decoder_length", decoder)) == frame.payload
    wasm.call("mote_reset")
