"""Edge Impulse data acquisition, CBOR form, with binary values after the document ("Ref-Binary-i16").

Source: RFC 8949; Edge Impulse data acquisition format.
"""

from __future__ import annotations

import io

import cbor2

from mote.errors import BadInput
from mote.formats import _acquisition
from mote.formats._base import ReadOptions, ReadResult

_MAP, _TAGGED_MAP = 0xA0, b"\xd9\xd9\xf7"


class EiCbor:
    """One recording with sensors, interval and values; half, single and double floats may be mixed."""

    name = "ei_cbor"
    title = "Edge Impulse acquisition CBOR"
    extensions = (".cbor",)

    def sniff(self, name: str, head: bytes) -> bool:
        body = head.removeprefix(_TAGGED_MAP)
        is_map = bool(body) and body[0] & 0xE0 == _MAP
        return is_map and (name.lower().endswith(self.extensions) or b"gpayload" in head)

    def read(self, name: str, data: bytes, options: ReadOptions) -> ReadResult:
        stream = io.BytesIO(data)
        try:
            document = cbor2.CBORDecoder(stream).decode()
        except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError, MemoryError, EOFError) as error:
            raise BadInput(
                f"{name}: not valid CBOR ({str(error)[:120]}).", hint="It was cut short or damaged: export it again."
            ) from error
        trailing = data[stream.tell() :]
        return _acquisition.read(name, document, data, trailing, options)


PLUGIN = EiCbor()
