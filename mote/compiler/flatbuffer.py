"""A bounded view of a FlatBuffers file: every offset is checked before it is followed.

Only what a schema reader needs: tables with scalar, string, vector and table fields. The code that `flatc` generates
trusts the file; this does not, so any bytes give either values or `BadInput`. Nothing here recurses.

Source: FlatBuffers internals, https://flatbuffers.dev/internals/
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from mote.errors import BadInput

_SCALARS = {
    "bool": struct.Struct("<?"),
    "int8": struct.Struct("<b"),
    "uint8": struct.Struct("<B"),
    "uint16": struct.Struct("<H"),
    "int32": struct.Struct("<i"),
    "uint32": struct.Struct("<I"),
    "int64": struct.Struct("<q"),
    "uint64": struct.Struct("<Q"),
    "float32": struct.Struct("<f"),
}


def damaged(what: str) -> BadInput:
    """The error for a file that contradicts itself, to be raised."""
    return BadInput(
        f"The model file is damaged: {what}.", hint="Export it again, or check that the download is complete."
    )


@dataclass(frozen=True)
class Bytes:
    """The file; reads are little-endian and never leave it."""

    data: memoryview

    def scalar(self, kind: str, position: int) -> int | float | bool:
        layout = _SCALARS[kind]
        self.need(position, layout.size)
        value: int | float | bool = layout.unpack_from(self.data, position)[0]
        return value

    def integer(self, kind: str, position: int) -> int:
        return int(self.scalar(kind, position))

    def need(self, position: int, size: int) -> None:
        if position < 0 or size < 0 or position + size > len(self.data):
            raise damaged(f"{size} bytes at {position} lie outside its {len(self.data)} bytes")

    def target(self, position: int) -> int:
        """Where the unsigned offset stored at `position` points."""
        return position + self.integer("uint32", position)


@dataclass(frozen=True)
class Table:
    """One table; fields are addressed by their id in the schema, and a missing one has a default."""

    file: Bytes
    position: int

    def _field(self, field: int) -> int:
        """Absolute position of a field's inline value, 0 when the table leaves it out."""
        vtable = self.position - self.file.integer("int32", self.position)
        entry = 4 + 2 * field
        if entry + 2 > self.file.integer("uint16", vtable):
            return 0
        offset = self.file.integer("uint16", vtable + entry)
        return self.position + offset if offset else 0

    def scalar(self, field: int, kind: str, default: int | float | bool = 0) -> int | float | bool:
        position = self._field(field)
        return self.file.scalar(kind, position) if position else default

    def integer(self, field: int, kind: str, default: int = 0) -> int:
        return int(self.scalar(field, kind, default))

    def table(self, field: int) -> Table | None:
        position = self._field(field)
        return Table(self.file, self.file.target(position)) if position else None

    def span(self, field: int, item_bytes: int, limit: int) -> tuple[int, int]:
        """(start, items) of a vector; all of it lies in the file. A missing vector has 0 items."""
        position = self._field(field)
        if not position:
            return 0, 0
        start = self.file.target(position)
        count = self.file.integer("uint32", start)
        if count > limit:
            raise damaged(f"a list at {start} claims {count} entries, the limit is {limit}")
        self.file.need(start + 4, count * item_bytes)
        return start + 4, count

    def numbers(self, field: int, kind: str, limit: int) -> tuple[int | float | bool, ...]:
        layout = _SCALARS[kind]
        start, count = self.span(field, layout.size, limit)
        return tuple(item[0] for item in layout.iter_unpack(self.file.data[start : start + count * layout.size]))

    def integers(self, field: int, kind: str, limit: int) -> tuple[int, ...]:
        return tuple(int(number) for number in self.numbers(field, kind, limit))

    def tables(self, field: int, limit: int) -> list[Table]:
        start, count = self.span(field, 4, limit)
        return [Table(self.file, self.file.target(start + 4 * index)) for index in range(count)]

    def octets(self, field: int, limit: int) -> memoryview:
        start, count = self.span(field, 1, limit)
        return self.file.data[start : start + count]

    def text(self, field: int, limit: int) -> str:
        return bytes(self.octets(field, limit)).decode("utf-8", errors="replace")


def root(data: bytes) -> Table:
    """The table that a file starts from."""
    file = Bytes(memoryview(data))
    return Table(file, file.target(0))
