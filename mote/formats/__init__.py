"""Readers of recordings: one file of this folder is one format.

    result = mote.formats.read("walk.csv", data)            # -> ReadResult(samples, warnings)
    result = mote.formats.read("walk.csv", data, ReadOptions(rate_hz=100))

What a file leaves open is a `mote.errors.Question` naming the option that answers it; nothing is guessed silently.
"""

from __future__ import annotations

import sys
from functools import cache

from mote import plugins
from mote.errors import BadInput, NotSupported
from mote.formats._base import MAX_BYTES, Format, ReadOptions, ReadResult

__all__ = ["MAX_BYTES", "Format", "ReadOptions", "ReadResult", "formats", "read", "sniff"]

_HEAD = 4096


@cache
def formats() -> dict[str, Format]:
    """All formats by name."""
    return plugins.scan(sys.modules[__name__])


def sniff(name: str, head: bytes) -> Format | None:
    """The format of a file: among those whose extension fits first, then by content alone."""
    by_extension = [f for f in formats().values() if name.lower().endswith(f.extensions)]
    others = [f for f in formats().values() if f not in by_extension]
    return next((f for f in (*by_extension, *others) if f.sniff(name, head[:_HEAD])), None)


def read(name: str, data: bytes, options: ReadOptions | None = None) -> ReadResult:
    """Read one file of any known format.

    Args:
        name: the file's name or path inside its folder; the sample is named after it.
        data: the whole file.
        options: answers to what the file leaves open.

    Raises:
        Question: the file has more than one reading.
        BadInput, NotSupported: empty, too large, damaged, or of a kind that Mote does not read.
    """
    if not data:
        raise BadInput(f"{name}: the file is empty.", hint="Record or export it again.")
    if len(data) > MAX_BYTES:
        raise BadInput(f"{name}: {len(data)} bytes; at most {MAX_BYTES} are read.", hint="Cut it into shorter files.")
    found = sniff(name, data[:_HEAD])
    if found is None:
        by_extension = next((f for f in formats().values() if name.lower().endswith(f.extensions)), None)
        if by_extension is None:
            known = ", ".join(sorted({e for f in formats().values() for e in f.extensions}))
            raise NotSupported(
                f"{name}: not a kind of file that Mote reads.", hint=f"It reads {known}, and zip archives."
            )
        raise BadInput(
            f"{name}: this is not {by_extension.title}, whatever the file's name says.",
            hint="Look into the file, or give it the extension of what it is.",
        )
    return found.read(name, data, options or ReadOptions())
