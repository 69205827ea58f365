"""The little of ELF that a build report needs: section sizes of a 32-bit little-endian image."""

from __future__ import annotations

import struct
from typing import NamedTuple

from mote.errors import BuildFailed

_WRITE, _ALLOC = 1, 2
_NOBITS = 8


class Section(NamedTuple):
    """One section of an ELF file; sizes in bytes."""

    name: str
    address: int
    size: int
    in_image: bool
    """It occupies memory of the board."""
    writable: bool
    has_bytes: bool
    """It is stored in the file (unlike .bss)."""


class Sizes(NamedTuple):
    """Static RAM of an image, in bytes."""

    data: int
    """Variables with an initial value, which also lies in flash."""
    bss: int
    """Variables that start as zero."""


def sections(elf: bytes) -> list[Section]:
    """All sections of an ELF file.

    Raises:
        BuildFailed: not a 32-bit little-endian ELF file.
    """
    if elf[:6] != b"\x7fELF\x01\x01":
        raise BuildFailed("The linker's output is not a 32-bit little-endian ELF file.")
    table, size, count, names_index = (
        *struct.unpack_from("<I", elf, 0x20),
        *struct.unpack_from("<HHH", elf, 0x2E),
    )
    headers = [struct.unpack_from("<10I", elf, table + size * i) for i in range(count)]
    names = elf[headers[names_index][4] :]
    return [_section(header, names) for header in headers]


def sizes(elf: bytes) -> Sizes:
    """Static RAM of an image; the linker's reserve for the stack is not counted."""
    used = [section for section in sections(elf) if section.in_image and section.name != ".stack"]
    return Sizes(
        data=sum(section.size for section in used if section.writable and section.has_bytes),
        bss=sum(section.size for section in used if section.writable and not section.has_bytes),
    )


def _section(header: tuple[int, ...], names: bytes) -> Section:
    name, kind, flags, address, _offset, size = header[:6]
    text = names[name : names.index(b"\0", name)].decode("ascii", "replace")
    return Section(
        name=text,
        address=address,
        size=size,
        in_image=bool(flags & _ALLOC),
        writable=bool(flags & _WRITE),
        has_bytes=kind != _NOBITS,
    )
