"""Recordings and uploads that tests of the API make."""

from __future__ import annotations

import base64
import io
import json
import struct
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from tests.people import Person

Files = Iterable[tuple[str, bytes]]
AXES = [{"name": "x", "unit": "m/s2"}, {"name": "y", "unit": "m/s2"}]


def csv(seed: int, readings: int = 100, rate_hz: float = 100.0) -> bytes:
    """A CSV of two axes with a time column in milliseconds."""
    values = np.random.default_rng(seed).normal(size=(readings, 2))
    rows = [f"{1000 * index / rate_hz:g},{x:.4f},{y:.4f}" for index, (x, y) in enumerate(values)]
    return "\n".join(["timestamp,x,y", *rows, ""]).encode()


def wav(seed: int, readings: int = 800, rate_hz: int = 8000) -> bytes:
    """Mono, 16 bit."""
    values = np.random.default_rng(seed).integers(-9000, 9000, readings).astype("<i2").tobytes()
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate_hz, 2 * rate_hz, 2, 16)
    body = head + struct.pack("<4sI", b"data", len(values)) + values
    return struct.pack("<4sI4s", b"RIFF", 4 + len(body), b"WAVE") + body


def zipped(files: Files) -> bytes:
    """A zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return buffer.getvalue()


def parts(files: Files) -> list[tuple[str, tuple[str, bytes, str]]]:
    """Files as httpx sends them."""
    return [("files", (name, content, "application/octet-stream")) for name, content in files]


def upload(person: Person, project: str, files: Files, **options: Any) -> Any:
    """Upload files; returns the report."""
    path = f"/projects/{project}/samples"
    return person.ok("POST", path, files=parts(files), data={"options": json.dumps(options)})


def upload_one(person: Person, project: str, name: str = "walk/01.csv", seed: int = 1, **options: Any) -> str:
    """Upload one CSV; returns the id of its sample."""
    report = upload(person, project, [(name, csv(seed))], **{"label": "walk", **options})
    (file,) = report["imported"]
    (sample_id,) = file["sample_ids"]
    return str(sample_id)


def recording(seed: int = 1, readings: int = 50, **more: Any) -> Mapping[str, Any]:
    """The body of a live recording."""
    values = np.random.default_rng(seed).normal(size=(readings, 2)).astype("<f4")
    text = base64.b64encode(values.tobytes()).decode()
    return {"name": f"live.{seed}", "rate_hz": 50.0, "axes": AXES, "values_f32": text, **more}
