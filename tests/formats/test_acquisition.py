"""Edge Impulse acquisition files, JSON and CBOR, against documents made by hand."""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
import struct
from typing import Any

import cbor2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mote import formats
from mote.errors import BadInput, NotSupported
from mote.formats import ReadOptions

DOCUMENT: dict[str, Any] = {
    "protected": {"ver": "v1", "alg": "HS256", "iat": 1700000000},
    "signature": "0" * 64,
    "payload": {
        "device_name": "ac:87",
        "device_type": "BOARD",
        "interval_ms": 10,
        "sensors": [{"name": "accX", "units": "m/s2"}, {"name": "accY", "units": "m/s2"}],
        "values": [[1, 2.5], [-3, 4]],
    },
}
KEY = "fed53116f20684c067774ebf9e7bcbdc"


def document(**payload: Any) -> dict[str, Any]:
    changed = copy.deepcopy(DOCUMENT)
    changed["payload"].update(payload)
    return changed


def read_json(doc: Any) -> formats.ReadResult:
    return formats.read("idle.json", json.dumps(doc).encode())


def signed(key: str) -> bytes:
    body = json.dumps(DOCUMENT).encode()
    digest = hmac.new(key.encode(), body, hashlib.sha256).hexdigest().encode()
    return body.replace(b"0" * 64, digest)


def test_json_document() -> None:
    sample = read_json(DOCUMENT).samples[0]
    assert sample.rate_hz == 100
    assert [(axis.name, axis.unit) for axis in sample.axes] == [("accX", "m/s2"), ("accY", "m/s2")]
    assert sample.values.tolist() == [[1, 2.5], [-3, 4]]
    assert sample.metadata == {
        "device": "ac:87", "device_type": "BOARD", "issued_at": "1700000000", "signature": "none"
    }  # fmt: skip


@pytest.mark.parametrize(("key", "verdict"), [(KEY, "valid"), ("another", "invalid"), (None, "unchecked")])
def test_signature_is_kept_and_judged(key: str | None, verdict: str) -> None:
    result = formats.read("a.json", signed(KEY), ReadOptions(hmac_key=key))
    assert result.samples[0].metadata["signature"] == verdict
    assert bool(result.warnings) == (verdict == "invalid")


def test_one_changed_byte_breaks_the_signature() -> None:
    data = signed(KEY).replace(b"2.5", b"2.6")
    assert formats.read("a.json", data, ReadOptions(hmac_key=KEY)).samples[0].metadata["signature"] == "invalid"


def test_single_axis_may_be_a_flat_list() -> None:
    doc = document(sensors=[{"name": "t", "units": "Cel"}], values=[1, 2, 3])
    assert read_json(doc).samples[0].values.tolist() == [[1], [2], [3]]


def test_audio_becomes_minus_one_to_one() -> None:
    doc = document(sensors=[{"name": "audio", "units": "wav"}], values=[[16384], [-32768]], interval_ms=0.0625)
    sample = read_json(doc).samples[0]
    assert sample.values.tolist() == [[0.5], [-1.0]]
    assert (sample.rate_hz, sample.axes[0].name, sample.axes[0].unit) == (16000, "audio", "")


def test_repeating_decimals_of_the_interval_give_a_round_rate() -> None:
    assert read_json(document(interval_ms=9.615384615384615)).samples[0].rate_hz == 104


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"interval_ms": 0}, "interval_ms"),
        ({"interval_ms": "10"}, "interval_ms"),
        ({"interval_ms": None}, "interval_ms"),
        ({"sensors": []}, "sensors"),
        ({"sensors": [{"units": "g"}]}, r"sensors\[0\]"),
        ({"values": []}, "values"),
        ({"values": [[1, 2], [3]]}, "reading 2"),
        ({"values": [[1, 2], [3, "4"]]}, "reading 2"),
        ({"values": [[1, 2], [3, None]]}, "reading 2"),
        ({"values": [[1, 2], [3, True]]}, "reading 2"),
        ({"values": ["Ref-Binary-q9"]}, "values"),
        ({"values": {"a": 1}}, "values"),
    ],
)
def test_wrong_field_is_named(change: dict[str, Any], place: str) -> None:
    with pytest.raises(BadInput, match=place):
        read_json(document(**change))


@pytest.mark.parametrize(
    "text", ["[1,2]", "{}", '{"payload": 3}', '{"payload": {}', '{"payload": {"values": [NaN]}}', "{" * 5000]
)
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        formats.read("a.json", text.encode())


def test_cbor_document_with_mixed_floats() -> None:
    doc = document(values=[[0.5, 1 / 3], [1e300, 2]])
    doc["payload"]["values"][1][0] = 65504.0
    data = cbor2.dumps(doc, canonical=True)
    assert formats.read("a.cbor", data).samples[0].values.tolist() == [[0.5, np.float32(1 / 3)], [65504.0, 2.0]]


def test_cbor_with_an_array_of_open_length() -> None:
    data = cbor2.dumps(DOCUMENT)
    closed = cbor2.dumps([[1, 2.5], [-3, 4]])
    assert data.count(closed) == 1
    opened = b"\x9f" + closed[1:] + b"\xff"
    assert formats.read("a.cbor", data.replace(closed, opened)).samples[0].readings == 2


@pytest.mark.parametrize(("kind", "letter"), [("i16", "h"), ("u16", "H"), ("f32", "f"), ("u8", "B"), ("i32", "i")])
def test_cbor_with_binary_values_after_the_document(kind: str, letter: str) -> None:
    doc = document(values=[f"Ref-Binary-{kind}   "])
    data = cbor2.dumps(doc) + struct.pack(f"<4{letter}", 1, 2, 3, 4)
    assert formats.read("a.cbor", data).samples[0].values.tolist() == [[1, 2], [3, 4]]


def test_binary_values_that_begin_with_minus_one_lose_nothing() -> None:
    data = cbor2.dumps(document(values=["Ref-Binary-i16"])) + struct.pack("<4h", -1, -1, 3, 4)
    assert formats.read("a.cbor", data).samples[0].values[0].tolist() == [-1, -1]


def test_binary_values_that_were_cut_short_are_refused() -> None:
    data = cbor2.dumps(document(values=["Ref-Binary-i16"])) + b"\1\0\2"
    with pytest.raises(BadInput, match="do not divide"):
        formats.read("a.cbor", data)


numbers = st.one_of(st.integers(-(10**6), 10**6), st.floats(width=32, allow_nan=False, allow_infinity=False))


@given(st.lists(st.tuples(numbers, numbers).map(list), min_size=1, max_size=50), st.sampled_from(["json", "cbor"]))
def test_values_come_back(values: list[list[float]], form: str) -> None:
    doc = document(values=values)
    data = json.dumps(doc).encode() if form == "json" else cbor2.dumps(doc)
    assert np.array_equal(formats.read(f"a.{form}", data).samples[0].values, np.array(values, dtype=np.float32))


@given(st.binary(max_size=400))
def test_any_bytes_are_refused_in_words(data: bytes) -> None:
    for name in ("a.cbor", "a.json"):
        with pytest.raises((BadInput, NotSupported)):
            formats.read(name, data)
