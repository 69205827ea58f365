"""The C library's inner functions, with arrays for pointers."""

from __future__ import annotations

import ctypes
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mote import dsp, native, native_build
from mote.pipeline import BlockSpec, Pipeline, Window

Floats = NDArray[np.float32]
SIZE = ctypes.c_size_t


def pointer(values: Floats) -> ctypes.c_void_p:
    assert values.dtype == np.float32
    assert values.flags.c_contiguous
    return ctypes.c_void_p(values.ctypes.data)


class Internals:
    """dsp_* functions below the blocks, called through libmote."""

    def __init__(self) -> None:
        self.library = ctypes.CDLL(str(native_build.build_host()))
        for name in ("fft", "spectrum", "iir"):
            getattr(self.library, f"dsp_{name}_tables").restype = SIZE
        self.library.dsp_mean.restype = ctypes.c_float
        for name in ("sin_turns", "cos_turns", "exp", "log_double"):
            function = getattr(self.library, f"dsp_{name}")
            function.restype, function.argtypes = ctypes.c_double, [ctypes.c_double]

    def fft(self, signal: Floats) -> NDArray[np.complex128]:
        n = len(signal)
        tables = np.zeros(self.library.dsp_fft_tables(SIZE(n)), np.float32)
        self.library.dsp_fft_prepare(pointer(tables), SIZE(n))
        x = signal.astype(np.float32)
        self.library.dsp_fft(pointer(x), SIZE(n), pointer(tables))
        inner = x[2::2] + 1j * x[3::2].astype(np.float64)
        return np.concatenate([[x[0]], inner, [x[1]]])

    def fft_power(self, packed: Floats) -> Floats:
        x = packed.copy()
        self.library.dsp_fft_power(pointer(x), SIZE(len(x)))
        return x[: len(x) // 2 + 1]

    def iir(self, signal: Floats, *, high_pass: bool, order: int, turns: float) -> Floats:
        tables = np.zeros(self.library.dsp_iir_tables(SIZE(order)), np.float32)
        self.library.dsp_iir_prepare(pointer(tables), SIZE(order), ctypes.c_double(turns))
        x = signal.astype(np.float32)
        self.library.dsp_iir(pointer(x), SIZE(len(x)), int(high_pass), SIZE(order), pointer(tables))
        return x

    def dct(self, x: Floats, count: int) -> Floats:
        tables = np.zeros(len(x) * count, np.float32)
        self.library.dsp_dct_prepare(pointer(tables), SIZE(len(x)), SIZE(count))
        out = np.zeros(count, np.float32)
        self.library.dsp_dct(pointer(out), SIZE(count), pointer(x), SIZE(len(x)), pointer(tables))
        return out

    def mean(self, x: Floats, stride: int = 1) -> float:
        return float(self.library.dsp_mean(pointer(x), SIZE(len(x) // stride), SIZE(stride)))


class Loops:
    """loops.c, compiled for the test."""

    def __init__(self, folder: Path) -> None:
        library = folder / "loops.so"
        sources = [Path(__file__).with_name("loops.c"), native_build.LIBRARY / "dsp" / "dsp_math.c"]
        subprocess.run(
            [
                native_build.host_compiler(),
                *native_build.HOST_FLAGS,
                f"-I{native_build.LIBRARY}",
                "-shared",
                "-o",
                str(library),
                *map(str, sources),
            ],
            check=True,
        )
        self.library = ctypes.CDLL(str(library))

    def log(self, x: Floats) -> Floats:
        return self._over("log_all", x)

    def decibel(self, x: Floats) -> Floats:
        return self._over("decibel_all", x)

    def _over(self, name: str, x: Floats) -> Floats:
        out = np.empty_like(x)
        getattr(self.library, name)(pointer(out), pointer(x), SIZE(len(x)))
        return out


@pytest.fixture(scope="session")
def internals() -> Internals:
    return Internals()


@pytest.fixture(scope="session")
def loops(tmp_path_factory: pytest.TempPathFactory) -> Loops:
    return Loops(tmp_path_factory.mktemp("loops"))


@pytest.fixture(scope="session")
def library() -> native.Native:
    return native.load()


MakeExtractor = Callable[..., dsp.Extractor]


@pytest.fixture(scope="session")
def extractor() -> MakeExtractor:
    """An extractor of one block: extractor("mfe", rate_hz=8000, readings=4000, axes=1, filters=20)."""

    def make(block: str, *, rate_hz: float, readings: int, axes: int = 1, **params: object) -> dsp.Extractor:
        window = Window(length_ms=readings / rate_hz * 1000.0)
        pipeline = Pipeline(window=window, blocks=(BlockSpec(block=block, params=params),))
        names = [f"axis {index}" for index in range(axes)]
        made = dsp.Extractor(pipeline, rate_hz, names)
        assert made.readings == readings
        return made

    return make


class WasmModule:
    """mote.wasm in wasmtime, with the methods of `native.Native` that the parity tests use."""

    def __init__(self, path: Path) -> None:
        import wasmtime

        self.store = wasmtime.Store()
        module = wasmtime.Module.from_file(self.store.engine, str(path))
        assert [each.name for each in module.imports] == []
        self.exports = wasmtime.Instance(self.store, module, []).exports(self.store)

    def call(self, name: str, *arguments: float) -> int:
        return int(self.exports[name](self.store, *arguments) or 0)

    def put(self, data: bytes) -> int:
        address = self.call("mote_alloc", max(1, len(data))) & 0xFFFFFFFF
        assert address != 0
        assert address % 16 == 0
        self.exports["memory"].write(self.store, data, address)
        return address

    def get(self, address: int, size: int) -> bytes:
        return bytes(self.exports["memory"].read(self.store, address, address + size))

    def text(self, address: int) -> str:
        return self.get(address, 400).split(b"\0", 1)[0].decode() if address else ""

    def descriptions(self) -> list[dict[str, object]]:
        return [self._describe(index) for index in range(self.call("mote_block_count"))]

    def plan(self, config: native.Config) -> native.Plan:
        address = self.put(bytes(28))
        status = self.call("mote_block_plan", *self._config(config), address)
        rows, cols, tables, scratch, *words = np.frombuffer(self.get(address, 28), "<u4").tolist()
        texts = [self.text(word) for word in words]
        return native.Plan(0, 0, 0, 0, *texts) if status else native.Plan(rows, cols, tables, scratch)

    def prepare(self, config: native.Config, plan: native.Plan) -> Floats:
        address = self.put(bytes(4 * plan.tables))
        self.exports["mote_block_prepare"](self.store, *self._config(config), address)
        return np.frombuffer(self.get(address, 4 * plan.tables), "<f4").copy()

    def run(
        self,
        config: native.Config,
        plan: native.Plan,
        tables: Floats,
        windows: Floats,
        axis_indices: NDArray[np.uint8] | None,
        features: Floats,
    ) -> int:
        gathered = 0 if axis_indices is None else config.readings * config.axes
        out = self.put(bytes(features.nbytes))
        done = self.call(
            "mote_block_run",
            *self._config(config),
            self.put(tables.tobytes()),
            self.put(windows.tobytes()),
            len(windows),
            windows.shape[2],
            0 if axis_indices is None else self.put(axis_indices.tobytes()),
            out,
            features.shape[1],
            self.put(bytes(4 * (plan.scratch + gathered))),
        )
        features[:] = np.frombuffer(self.get(out, features.nbytes), "<f4").reshape(features.shape)
        self.exports["mote_reset"](self.store)
        return done

    def _config(self, config: native.Config) -> tuple[float, ...]:
        return config.block, config.readings, config.axes, config.rate_hz, self.put(config.params.tobytes())

    def _describe(self, index: int) -> dict[str, object]:
        size = self.call("mote_block_describe", index, 0, 0) + 1
        address = self.put(bytes(size))
        self.call("mote_block_describe", index, address, size)
        description: dict[str, object] = json.loads(self.get(address, size - 1))
        return description


@pytest.fixture(scope="session")
def wasm() -> WasmModule:
    return WasmModule(native_build.build_wasm())
