"""The link's C under AddressSanitizer and UndefinedBehaviorSanitizer, fed bytes that mean harm."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from mote.compiler.host import compiler
from mote.native import Frame, encode_frame
from mote.paths import FIRMWARE

LINK = FIRMWARE / "lib" / "link"
FLAGS = ["-std=c99", "-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
WARNINGS = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-pedantic", "-Werror"]

# Reads standard input in pieces of argv[1] bytes. Every buffer comes from the heap with its exact size.
DRIVER = """
#include "link_message.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void use(const link_decoder *decoder) {
    size_t n = link_decoder_length(decoder);
    uint8_t *payload = malloc(n ? n : 1);
    memcpy(payload, link_decoder_payload(decoder), n);
    for (size_t unit = 1; unit <= 4; unit++) {
        link_chunk chunk;
        if (link_parse_chunk(&chunk, payload, n, LINK_CHUNK_HEADER, unit, 300) == LINK_OK) {
            uint8_t *target = calloc(300, unit);
            memcpy(target + chunk.offset * unit, chunk.data, chunk.count * unit);
            free(target);
        }
    }
    uint8_t *line = malloc(LINK_ENCODED_MAX);
    size_t written = link_frame_encode(line, LINK_ENCODED_MAX, 1, 2, payload, n);
    printf("%u %zu\\n", (unsigned)link_decoder_type(decoder), written);
    free(line);
    free(payload);
}

int main(int argc, char **argv) {
    size_t step = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 1;
    link_decoder *decoder = malloc(link_decoder_size());
    uint8_t *piece = malloc(step);
    link_decoder_reset(decoder);
    for (size_t n; (n = fread(piece, 1, step, stdin)) > 0;) {
        for (size_t used = 0; used < n;) {
            used += link_decoder_push(decoder, piece + used, n - used);
            if (link_decoder_ready(decoder)) {
                use(decoder);
            }
        }
    }
    free(piece);
    free(decoder);
    return 0;
}
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("link")
    (folder / "driver.c").write_text(DRIVER)
    out = folder / "driver"
    sources = [str(folder / "driver.c"), *map(str, sorted(LINK.glob("*.c")))]
    subprocess.run([compiler(), *FLAGS, *WARNINGS, f"-I{LINK}", *sources, "-o", str(out)], check=True)
    return out


def run(program: Path, data: bytes, step: int) -> list[str]:
    done = subprocess.run([str(program), str(step)], input=data, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-4000:]
    return done.stdout.decode().splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_hostile_bytes_never_touch_foreign_memory(program: Path, seed: int) -> None:
    chance = random.Random(seed)
    pieces = []
    for _ in range(400):
        frame = bytearray(
            encode_frame(Frame(chance.randrange(256), 0, chance.randbytes(chance.choice([0, 4, 8, 1020, 1024]))))
        )
        for _ in range(chance.randrange(3)):
            frame[chance.randrange(len(frame))] = chance.choice([0, 1, 255, chance.randrange(256)])
        pieces.append(bytes(frame[: chance.randrange(len(frame) + 1)] if chance.random() < 0.2 else frame))
        pieces.append(chance.randbytes(chance.choice([0, 0, 3, 3000])))
    run(program, b"".join(pieces), chance.choice([1, 7, 64, 5000]))


@pytest.mark.slow
def test_every_chunk_offset_is_kept_inside_the_buffer(program: Path) -> None:
    offsets = (0, 1, 299, 300, 301, 2**31, 2**32 - 1)
    frames = [encode_frame(Frame(4, 0, at.to_bytes(4, "little") + bytes(n))) for at in offsets for n in (0, 1, 4, 1020)]
    assert len(run(program, b"".join(frames), 33)) == len(frames)
