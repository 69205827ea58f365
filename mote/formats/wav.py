"""WAV (RIFF) audio: PCM of 8, 16, 24 and 32 bit, float of 32 and 64 bit, any rate, any number of channels.

Source: Microsoft/IBM Multimedia Programming Interface and Data Specifications 1.0; WAVE_FORMAT_EXTENSIBLE of mmreg.h.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mote.errors import BadInput, NotSupported
from mote.formats._base import ReadOptions, ReadResult, as_floats, axes_of, check_rate, check_size, stem
from mote.sample import Sample

_PCM, _FLOAT, _EXTENSIBLE = 0x0001, 0x0003, 0xFFFE
_NAMES = {0x0002: "ADPCM", 0x0006: "A-law", 0x0007: "µ-law", 0x0011: "IMA ADPCM", 0x0055: "MP3"}
_UNKNOWN_LENGTH = {0, 0x7FFFFFFF, 0xFFFFFFFF, 0x7FFFFFFF - 36, 0xFFFFFFFF - 36, 0x7FFFFFDB, 0x7FFFF000}
"""Sizes that programs write into `data` when they do not know the length yet: everything that follows is audio."""


@dataclass(frozen=True)
class _Encoding:
    code: int
    channels: int
    rate_hz: int
    bits: int
    frame_bytes: int


class Wav:
    """Plain WAV audio; values become -1 .. 1."""

    name = "wav"
    title = "WAV audio"
    extensions = (".wav", ".wave")

    def sniff(self, name: str, head: bytes) -> bool:
        return head[:4] in (b"RIFF", b"RF64", b"RIFX") and head[8:12] == b"WAVE"

    def read(self, name: str, data: bytes, options: ReadOptions) -> ReadResult:
        if data[:4] != b"RIFF":
            raise NotSupported(f"{name}: {data[:4].decode('latin-1')} audio.", hint="Save it as an ordinary WAV file.")
        encoding, audio, warnings = _chunks(name, data)
        values = _decode(name, encoding, audio)
        if len(values) and float(np.max(np.abs(values))) > 1.0 and encoding.code == _FLOAT:
            warnings.append(f"{name}: float audio beyond -1 .. 1; kept as it is.")
        names = ["audio"] if encoding.channels == 1 else [f"audio_{i + 1}" for i in range(encoding.channels)]
        sample = Sample(stem(name), as_floats(values, name), float(encoding.rate_hz), axes_of(names, [""] * len(names)))
        return ReadResult([sample], warnings)


def _chunks(name: str, data: bytes) -> tuple[_Encoding, memoryview, list[str]]:
    """Walk the RIFF chunks to `fmt ` and `data`; every other kind (LIST, fact, cue) is passed over."""
    encoding: _Encoding | None = None
    position = 12
    while position + 8 <= len(data):
        kind, size = data[position : position + 4], struct.unpack_from("<I", data, position + 4)[0]
        body = position + 8
        if kind == b"fmt ":
            encoding = _encoding(name, data[body : body + size])
        elif kind == b"data":
            if encoding is None:
                raise BadInput(f"{name}: the audio comes before its description.", hint="Save the file again as WAV.")
            audio, warnings = _audio(name, data, body, size)
            return encoding, audio, warnings
        position = body + size + (size & 1)  # chunks lie at even offsets
    what = "audio" if encoding else "audio format"
    raise BadInput(f"{name}: the WAV file ends before its {what}.", hint="It was cut short: copy or record it again.")


def _audio(name: str, data: bytes, body: int, size: int) -> tuple[memoryview, list[str]]:
    present = len(data) - body
    if size <= present and size != 0:
        return memoryview(data)[body : body + size], []
    if size in _UNKNOWN_LENGTH and present > 0:
        return memoryview(data)[body:], [f"{name}: the file does not say its length; all {present} bytes were read."]
    if size == 0:
        raise BadInput(f"{name}: no audio in the file.", hint="Record it again, or leave it out.")
    raise BadInput(
        f"{name}: the file says {size} bytes of audio and holds {present}.",
        hint="It was cut short: copy it again, or save it anew from an audio editor.",
    )


def _encoding(name: str, body: bytes) -> _Encoding:
    if len(body) < 16:
        raise BadInput(f"{name}: the description of the audio is cut short.", hint="Save the file again as WAV.")
    code, channels, rate_hz, _, frame_bytes, bits = struct.unpack_from("<HHIIHH", body)
    if code == _EXTENSIBLE:
        if len(body) < 26:
            raise BadInput(f"{name}: the description of the audio is cut short.", hint="Save the file again as WAV.")
        code = struct.unpack_from("<H", body, 24)[0]  # the first field of the sub-format's GUID
    supported = (code == _PCM and bits in (8, 16, 24, 32)) or (code == _FLOAT and bits in (32, 64))
    if not supported:
        kind = _NAMES.get(code, "PCM" if code == _PCM else f"encoding {code:#06x}")
        raise NotSupported(
            f"{name}: {bits}-bit {kind} audio.", hint="Save it as PCM of 8, 16, 24 or 32 bit, or as 32-bit float."
        )
    if channels < 1 or frame_bytes != channels * bits // 8:
        raise BadInput(
            f"{name}: {channels} channels of {bits} bit do not make {frame_bytes} bytes a frame.",
            hint="The header is damaged: save the file again as WAV.",
        )
    check_rate(rate_hz, name)
    return _Encoding(code, channels, rate_hz, bits, frame_bytes)


def _decode(name: str, encoding: _Encoding, audio: memoryview) -> NDArray[np.float64] | NDArray[np.float32]:
    """(readings, channels); a last frame that is not whole is dropped."""
    frames = len(audio) // encoding.frame_bytes
    check_size(frames, encoding.channels, name)
    raw = audio[: frames * encoding.frame_bytes]
    values: NDArray[np.float32] | NDArray[np.float64]
    if encoding.code == _FLOAT:
        values = np.frombuffer(raw, dtype=f"<f{encoding.bits // 8}")
    elif encoding.bits == 8:  # the only unsigned one
        values = (np.frombuffer(raw, dtype=np.uint8).astype(np.float32) - 128.0) / 128.0
    elif encoding.bits == 24:
        packed = np.frombuffer(raw, dtype=np.uint8).reshape(-1, 3).astype(np.int32)
        whole = packed[:, 0] | packed[:, 1] << 8 | packed[:, 2] << 16
        values = ((whole ^ 0x800000) - 0x800000).astype(np.float32) / 8388608.0
    else:
        whole = np.frombuffer(raw, dtype=f"<i{encoding.bits // 8}")
        values = whole.astype(np.float64) / float(1 << (encoding.bits - 1))
    return values.reshape(frames, encoding.channels)


def write(values: NDArray[np.floating], rate_hz: float) -> bytes:
    """16-bit PCM, for listening in the browser and for tests.

    Args:
        values: (readings, channels), -1 .. 1; what is beyond is clipped.
        rate_hz: rounded to a whole number, as WAV knows no other.
    """
    readings, channels = values.shape
    pcm = np.clip(np.rint(np.asarray(values, dtype=np.float64) * 32768.0), -32768, 32767).astype("<i2").tobytes()
    rate = max(1, round(rate_hz))
    header = struct.pack("<HHIIHH", _PCM, channels, rate, rate * channels * 2, channels * 2, 16)
    head = (b"RIFF", struct.pack("<I", 36 + len(pcm)), b"WAVEfmt ", struct.pack("<I", 16), header)
    return b"".join((*head, b"data", struct.pack("<I", readings * channels * 2), pcm))


PLUGIN = Wav()
