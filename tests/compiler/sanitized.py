"""A compiled model as a program of its own under AddressSanitizer and UndefinedBehaviorSanitizer."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mote.compiler import compile_model
from mote.compiler.host import compiler, sources
from mote.paths import FIRMWARE

FLAGS = ["-std=gnu11", "-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-ffp-contract=off"]

# Inputs from standard input, outputs to standard output. The arena comes from the heap and has exactly the size that
# the header asks for, so that one byte beyond it is found.
DRIVER = """
#include "model.h"
#include <stdio.h>
#include <stdlib.h>

static const unsigned input_bytes[] = {%s};
static const unsigned output_bytes[] = {%s};

int main(void) {
    void *arena = 0;
    if (posix_memalign(&arena, 16, MODEL_ARENA_BYTES)) {
        return 2;
    }
    for (unsigned i = 0; i < MODEL_INPUT_COUNT; i++) {
        if (fread(model_input(arena, i), 1, input_bytes[i], stdin) != input_bytes[i]) {
            return 3;
        }
    }
    model_run(arena);
    for (unsigned i = 0; i < MODEL_OUTPUT_COUNT; i++) {
        fwrite(model_output(arena, i), 1, output_bytes[i], stdout);
    }
    int beyond = model_input(arena, MODEL_INPUT_COUNT) || model_output(arena, MODEL_OUTPUT_COUNT);
    free(arena);
    return beyond;
}
"""


class SanitizedModel:
    """Builds the program in a folder; `run` starts it once. A sanitizer's complaint fails the run."""

    def __init__(self, tflite: bytes, folder: Path) -> None:
        self.compiled = compile_model(tflite)
        self.program = folder / "model"
        sizes = [
            ", ".join(str(int(np.prod(info.shape, dtype=int)) * np.dtype(info.dtype).itemsize) for info in infos)
            for infos in (self.compiled.inputs, self.compiled.outputs)
        ]
        (folder / "driver.c").write_text(DRIVER % tuple(sizes))
        command = [compiler(), *FLAGS, f"-I{folder}", f"-I{FIRMWARE / 'lib'}", str(folder / "driver.c")]
        subprocess.run([*command, *sources(self.compiled, folder), "-o", str(self.program)], check=True)

    def run(self, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        stdin = b"".join(values.tobytes() for values in inputs)
        done = subprocess.run([str(self.program)], input=stdin, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()[-4000:]
        outputs, offset = [], 0
        for info in self.compiled.outputs:
            count = int(np.prod(info.shape, dtype=int))
            outputs.append(np.frombuffer(done.stdout, info.dtype, count, offset).reshape(info.shape))
            offset += outputs[-1].nbytes
        assert offset == len(done.stdout)
        return outputs
