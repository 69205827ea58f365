"""The generated header: all that firmware sees of a model."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mote.compiler.compiled import TensorInfo
from mote.compiler.ctext import LICENCE, real, safe, shape

_HEADER = """\
{licence}#ifndef {upper}_H
#define {upper}_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {{
#endif

/*
 * Write the input to where {name}_input() points, call {name}_run(), read the result from where
 * {name}_output() points. All three get the same arena: {upper}_ARENA_BYTES bytes, aligned
 * to 16, that nothing else uses until the output was read. A run overwrites the input.
 * Reentrant with one arena per caller.
 *
 * A tensor has LENGTH values, int8_t or, where IS_FLOAT is 1, float. A stored int8 value q stands
 * for the real value SCALE * (q - ZERO_POINT). The first input and the first output have no number
 * in their macros; the next are {upper}_INPUT_1_LENGTH and so on.
 */
#define {upper}_ARENA_BYTES {arena_bytes}u

{inputs}

{outputs}

/* Where input `index` begins, or a null pointer when there is no such input. */
void *{name}_input(void *arena, unsigned index);

/* Where output `index` begins, valid after {name}_run(), or a null pointer. */
const void *{name}_output(void *arena, unsigned index);

/* One inference. */
void {name}_run(void *arena);

#ifdef __cplusplus
}}
#endif

#endif
"""


def header(name: str, arena_bytes: int, inputs: Sequence[TensorInfo], outputs: Sequence[TensorInfo]) -> str:
    """The text of <name>.h."""
    upper = name.upper()
    return _HEADER.format(
        licence=LICENCE,
        name=name,
        upper=upper,
        arena_bytes=arena_bytes,
        inputs="\n".join(_macros(f"{upper}_INPUT", inputs)),
        outputs="\n".join(_macros(f"{upper}_OUTPUT", outputs)),
    )


def _macros(prefix: str, infos: Sequence[TensorInfo]) -> list[str]:
    lines = [f"#define {prefix}_COUNT {len(infos)}u"]
    for index, info in enumerate(infos):
        tensor = f"{prefix}_{index}" if index else prefix
        lines += [
            f"/* {safe(info.name)}: {shape(info.shape)}, {info.dtype} */",
            f"#define {tensor}_LENGTH {math.prod(info.shape)}u",
            f"#define {tensor}_IS_FLOAT {int(info.dtype == 'float32')}",
            f"#define {tensor}_SCALE {real(info.scale)}",
            f"#define {tensor}_ZERO_POINT ({info.zero_point})",
        ]
    return lines
