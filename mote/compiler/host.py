"""Runs a compiled model on this machine: the same C that a board gets, built with the host's compiler."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mote.compiler import Compiled, TensorInfo, compile_graph
from mote.compiler.read import read
from mote.errors import BadInput, BuildFailed, MissingTool
from mote.paths import FIRMWARE

FLAGS = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-pedantic", "-Werror", "-ffp-contract=off"]


def compiler() -> str:
    """The host's C compiler: $CC, else cc, gcc or clang."""
    for name in (os.environ.get("CC", ""), "cc", "gcc", "clang"):
        if name and (path := shutil.which(name)):
            return path
    raise MissingTool("There is no C compiler on this machine.", hint="Install one: apt install gcc")


def sources(compiled: Compiled, folder: Path) -> list[str]:
    """Write the generated files into a folder and list everything that must be compiled."""
    for file, text in compiled.files.items():
        (folder / file).write_text(text)
    return [str(folder / f"{compiled.name}.c"), *map(str, compiled.kernel_files)]


class _Library:
    """One shared library in a temporary folder that lives as long as this object."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self._folder = tempfile.TemporaryDirectory(prefix="mote-model-")
        folder = Path(self._folder.name)
        library = folder / "model.so"
        command = [compiler(), *FLAGS, "-fPIC", "-shared", f"-I{folder}", f"-I{FIRMWARE / 'lib'}"]
        command += [*sources(compiled, folder), "-o", str(library)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BuildFailed("The generated C does not compile on this machine.", hint=done.stderr[-2000:])
        functions = ctypes.CDLL(str(library))
        self._run = getattr(functions, f"{compiled.name}_run")
        self._input = getattr(functions, f"{compiled.name}_input")
        self._output = getattr(functions, f"{compiled.name}_output")
        self._input.restype = self._output.restype = ctypes.c_void_p
        self._run.restype = None
        memory = np.zeros(compiled.arena_bytes + 16, np.int8)
        start = -memory.ctypes.data % 16
        self.arena = memory[start : start + compiled.arena_bytes]

    def run(self, inputs: Sequence[NDArray[np.generic]]) -> list[NDArray[np.generic]]:
        if len(inputs) != len(self.compiled.inputs):
            raise BadInput(f"The model has {len(self.compiled.inputs)} inputs, {len(inputs)} were given.")
        arena = ctypes.c_void_p(self.arena.ctypes.data)
        for index, (info, values) in enumerate(zip(self.compiled.inputs, inputs, strict=True)):
            self._view(self._input(arena, ctypes.c_uint(index)), info)[...] = _checked(info, values)
        self._run(arena)
        return [
            self._view(self._output(arena, ctypes.c_uint(index)), info).copy()
            for index, info in enumerate(self.compiled.outputs)
        ]

    def _view(self, address: int, info: TensorInfo) -> NDArray[np.generic]:
        return self.at(address - self.arena.ctypes.data, info.shape, info.dtype)

    def at(self, offset: int, shape: tuple[int, ...], dtype: str) -> NDArray[np.generic]:
        """A tensor in the arena, not copied."""
        count = int(np.prod(shape, dtype=np.int64))
        return np.frombuffer(self.arena.data, dtype, count, offset).reshape(shape)


def _checked(info: TensorInfo, values: NDArray[np.generic]) -> NDArray[np.generic]:
    if values.dtype != np.dtype(info.dtype) or values.size != int(np.prod(info.shape, dtype=np.int64)):
        raise BadInput(f'"{info.name}" takes {info.dtype} {list(info.shape)}, not {values.dtype} {list(values.shape)}.')
    return values.reshape(info.shape)


class HostModel:
    """A .tflite model, compiled to C and run on this machine. Not for two threads at once.

    >>> HostModel(Path("model.tflite").read_bytes()).run([np.zeros((1, 640), np.int8)])
    """

    def __init__(self, tflite: bytes) -> None:
        self._graph = read(tflite)
        self.compiled = compile_graph(self._graph)
        self._library = _Library(self.compiled)

    def run(self, inputs: Sequence[NDArray[np.generic]]) -> list[NDArray[np.generic]]:
        """The outputs for one input of each kind, in the model's own types."""
        return self._library.run(inputs)

    def run_layers(self, inputs: Sequence[NDArray[np.generic]]) -> dict[int, NDArray[np.generic]]:
        """Every layer's output, by the tensor's number in the .tflite file. For debugging: uses memory freely."""
        self._separate.run(inputs)
        return {
            layer.output_tensor: self._separate.at(
                layer.arena_offset, layer.output_shape, self._graph.tensors[layer.output_tensor].dtype
            ).copy()
            for layer in self._separate.compiled.layers
        }

    @cached_property
    def _separate(self) -> _Library:
        """The same model with memory of its own for every tensor."""
        return _Library(compile_graph(self._graph, share_memory=False))
