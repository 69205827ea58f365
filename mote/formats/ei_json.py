"""Edge Impulse data acquisition, JSON form."""

from __future__ import annotations

import json

from mote.errors import BadInput
from mote.formats import _acquisition
from mote.formats._base import ReadOptions, ReadResult


class EiJson:
    """One recording with sensors, interval and values."""

    name = "ei_json"
    title = "Edge Impulse acquisition JSON"
    extensions = (".json",)

    def sniff(self, name: str, head: bytes) -> bool:
        text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
        return text.startswith(b"{") and (name.lower().endswith(self.extensions) or b'"payload"' in head)

    def read(self, name: str, data: bytes, options: ReadOptions) -> ReadResult:
        try:
            document = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise BadInput(
                f"{name}: not valid JSON ({str(error)[:120]}).", hint="It was cut short or damaged: export it again."
            ) from error
        return _acquisition.read(name, document, data, b"", options)


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not a number that JSON knows")


PLUGIN = EiJson()
