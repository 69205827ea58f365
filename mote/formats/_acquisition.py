"""Edge Impulse's data acquisition document, the part that its JSON and CBOR forms share.

Source: Edge Impulse data acquisition format 1 (public documentation).
"""

from __future__ import annotations

import hashlib
import hmac
import math
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mote.errors import BadInput
from mote.formats._base import ReadOptions, ReadResult, as_floats, axes_of, check_rate, check_size, stem
from mote.sample import Sample, printable

_INT16 = 32768.0
_SIGNATURE = re.compile(r"[0-9a-fA-F]{64}")
_UNSIGNED = "0" * 64
_REFERENCE = re.compile(r"Ref-(?:Binary-)?(i8|u8|i16|u16|i32|u32|f32|f64)\s*", re.IGNORECASE)
_KINDS = {"i8": "<i1", "u8": "<u1", "i16": "<i2", "u16": "<u2", "i32": "<i4", "u32": "<u4", "f32": "<f4", "f64": "<f8"}


def looks_like(document: object) -> bool:
    """Whether a parsed document is an acquisition at all."""
    return isinstance(document, dict) and isinstance(document.get("payload"), dict)


def read(name: str, document: Any, data: bytes, trailing: bytes, options: ReadOptions) -> ReadResult:
    """Turn a parsed document into a sample.

    Args:
        name: the file.
        document: what JSON or CBOR gave; nothing about it is trusted.
        data: the file's bytes, for the signature.
        trailing: raw little-endian values after a CBOR document ("Ref-Binary-i16"); empty for JSON.
        options: `hmac_key` checks the signature.

    Raises:
        BadInput: a field is missing or wrong.
    """
    if not looks_like(document):
        raise BadInput(
            f"{name}: not an Edge Impulse data acquisition document (no payload).",
            hint="Export the recording in the data acquisition format, or as CSV or WAV.",
        )
    payload = document["payload"]
    rate_hz = _rate(name, payload.get("interval_ms"))
    names, units = _sensors(name, payload.get("sensors"))
    values = _values(name, payload.get("values"), len(names), trailing)
    values, units = _audio_scale(values, units)
    metadata = _metadata(document, payload)
    signature = _signature(document, data, options.hmac_key)
    metadata["signature"] = signature
    warnings = (
        [f"{name}: the signature does not fit the file; imported all the same."] if signature == "invalid" else []
    )
    return ReadResult(
        [Sample(stem(name), as_floats(values, name), rate_hz, axes_of(names, units), metadata=metadata)], warnings
    )


def _rate(name: str, interval_ms: object) -> float:
    if isinstance(interval_ms, bool) or not isinstance(interval_ms, int | float) or not interval_ms > 0:
        raise BadInput(f"{name}: payload.interval_ms is {interval_ms!r:.40}.", hint="It must be a positive number.")
    rate_hz = 1000.0 / float(interval_ms) if interval_ms < 1e12 else 0.0
    return check_rate(float(f"{rate_hz:.9g}"), name)  # 1000 / 9.615384615384615 is meant as 104


def _sensors(name: str, sensors: object) -> tuple[list[str], list[str]]:
    if not isinstance(sensors, list) or not sensors:
        raise BadInput(f"{name}: payload.sensors names no sensor.", hint="It must list name and units of every axis.")
    names, units = [], []
    for index, sensor in enumerate(sensors):
        if not isinstance(sensor, dict) or not isinstance(sensor.get("name"), str):
            raise BadInput(f"{name}: payload.sensors[{index}] has no name.", hint="Give every axis a name and units.")
        names.append(sensor["name"])
        units.append(sensor["units"] if isinstance(sensor.get("units"), str) else "")
    check_size(1, len(names), name)
    return names, units


def _values(name: str, values: object, axes: int, trailing: bytes) -> NDArray[np.float64]:
    """float64 (readings, axes)."""
    if not isinstance(values, list) or not values:
        raise BadInput(f"{name}: payload.values holds no readings.", hint="Record again, or leave the file out.")
    if isinstance(values[0], str):
        return _referenced(name, values[0], axes, trailing)
    check_size(len(values), axes, name)
    flat = axes == 1 and not isinstance(values[0], list)
    expected = () if flat else (axes,)
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        array = np.empty(0)
    if array.shape != (len(values), *expected) or _has_text(values):
        index = next((i for i, row in enumerate(values) if not _is_row(row, axes, flat)), 0)
        raise BadInput(
            f"{name}: reading {index + 1} is {values[index]!r:.60}.",
            hint=f"Every reading must be {axes} number{'s' if axes > 1 else ''}, one for each sensor.",
        )
    return array.reshape(len(values), axes)


def _has_text(values: list[Any]) -> bool:
    """numpy turns "1.5", None and True into numbers; the format does not know them."""
    rows = values if isinstance(values[0], list) else [values]
    return any(not set(map(type, row)) <= {int, float} for row in rows)


def _is_row(row: object, axes: int, flat: bool) -> bool:
    cells = [row] if flat else row
    return isinstance(cells, list) and len(cells) == axes and all(type(cell) in (int, float) for cell in cells)


def _referenced(name: str, reference: str, axes: int, trailing: bytes) -> NDArray[np.float64]:
    found = _REFERENCE.fullmatch(reference)
    if not found:
        raise BadInput(
            f"{name}: payload.values is {reference!r:.60}.", hint="Known: Ref-Binary-i16, -u8, -f32 and so on."
        )
    kind = np.dtype(_KINDS[found[1].lower()])
    if trailing[:1] == b"\xff" and len(trailing) % kind.itemsize == 1:
        trailing = trailing[1:]  # some firmware closes the document's map as well
    count = len(trailing) // kind.itemsize
    if count % axes or len(trailing) % kind.itemsize:
        raise BadInput(
            f"{name}: {len(trailing)} bytes of readings do not divide into {axes} axes of {kind.itemsize} bytes.",
            hint="The file was cut short: upload or copy it again.",
        )
    check_size(count // axes, axes, name)
    return np.frombuffer(trailing, dtype=kind).reshape(-1, axes).astype(np.float64)


def _audio_scale(values: NDArray[np.float64], units: list[str]) -> tuple[NDArray[np.float64], list[str]]:
    """Audio (unit "wav") is int16 there and -1 .. 1 here; what already is a fraction stays."""
    if not all(unit.lower() == "wav" for unit in units):
        return values, units
    whole = bool(np.all(values == np.rint(values))) and bool(np.any(np.abs(values) > 1))
    return (values / _INT16 if whole else values), [""] * len(units)


def _metadata(document: dict[str, Any], payload: dict[str, Any]) -> dict[str, str]:
    metadata = {}
    for key, short in (("device_name", "device"), ("device_type", "device_type")):
        if isinstance(payload.get(key), str) and payload[key]:
            metadata[short] = printable(payload[key], 200)
    protected = document.get("protected")
    issued = protected.get("iat") if isinstance(protected, dict) else None
    if isinstance(issued, int | float) and not isinstance(issued, bool) and math.isfinite(issued) and issued > 0:
        metadata["issued_at"] = f"{issued:.0f}"
    return metadata


def _signature(document: dict[str, Any], data: bytes, key: str | None) -> str:
    """valid, invalid, unchecked (no key given) or none (the file is not signed).

    The signature covers the bytes as received with its own 64 characters set to "0"; the last occurrence is its own.
    """
    signature = document.get("signature")
    protected = document.get("protected")
    algorithm = protected.get("alg") if isinstance(protected, dict) else None
    if algorithm in (None, "none") or not isinstance(signature, str) or signature in ("", _UNSIGNED):
        return "none"
    if not _SIGNATURE.fullmatch(signature):
        return "invalid"
    if key is None:
        return "unchecked"
    head, found, tail = data.rpartition(signature.encode("ascii"))
    if not found:
        return "invalid"
    expected = hmac.new(key.encode(), head + _UNSIGNED.encode() + tail, hashlib.sha256).hexdigest()
    return "valid" if hmac.compare_digest(expected, signature.lower()) else "invalid"
