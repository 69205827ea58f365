"""docs/protocol.md, link_message.h and mote/device/messages.py say the same."""

from __future__ import annotations

import re

from mote.device.messages import Type
from mote.paths import FIRMWARE, ROOT

HEADER = (FIRMWARE / "lib" / "link" / "link_message.h").read_text()
DOCUMENT = (ROOT / "docs" / "protocol.md").read_text()


def test_the_tables_of_the_document_list_exactly_the_types_of_the_header() -> None:
    in_header = {name: int(value, 16) for name, value in re.findall(r"LINK_(\w+) = (0x[0-9A-F]{2}),?\n", HEADER)}
    in_document = {name: int(value, 16) for value, name in re.findall(r"\| (0x[0-9A-F]{2}) \| (\w+) \|", DOCUMENT)}
    assert in_document == in_header
    assert {kind.name: kind.value for kind in Type} == in_header


def test_the_document_explains_every_error_code() -> None:
    codes = dict(re.findall(r"LINK_(\w+) = ([1-9]),? +/\*", HEADER))
    line = next(line for line in DOCUMENT.splitlines() if line.startswith("- ERROR codes"))
    assert set(codes.values()) == set(re.findall(r"\b([1-9]) ", line.split(":", 1)[1]))
