"""`mote device stream`: a board's readings on the terminal and into a project."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.text import Text

from mote.client import Client
from mote.device.serial import SerialPort
from mote.device.stream import Recording, Status, Stream, detect


@dataclass(frozen=True)
class StreamOptions:
    """What a person may say on the command line."""

    port: str
    baud: int
    project_id: str | None
    label: str
    seconds: float
    count: int
    rate_hz: float | None


def run_stream(client: Client, options: StreamOptions, console: Console) -> None:
    """Open the port, say what is on it, show rate and losses, and record if a project is named.

    Raises:
        BadInput: the port cannot be opened, or nothing readable comes from it.
        ServerError: the project cannot be recorded into.
    """
    with SerialPort(options.port, options.baud) as port:
        source = detect(port)
        stream = Stream(source)
        try:
            axes = ", ".join(f"{axis.name} ({axis.unit})" if axis.unit else axis.name for axis in source.axes)
            kind = "Mote firmware" if source.kind == "mote" else "a sketch that prints numbers"
            console.print(f"{options.port}: {kind}, axes {axes}, {stream.rate_hz():g} readings a second")
            if options.project_id is None:
                _watch(stream, options.seconds, console)
                return
            for number in range(1, options.count + 1):
                recording = _record(stream, options, console, number)
                sample = save(client, options.project_id, recording, options.port)
                console.print(f"Saved {sample['name']} ({recording.lost} readings lost)")
        finally:
            source.close()


def _watch(stream: Stream, seconds: float, console: Console) -> None:
    wanted = seconds * stream.rate_hz()
    with Live(console=console, refresh_per_second=5) as live:
        while stream.status.readings < wanted:
            stream.poll()
            live.update(Text(status_line(stream.status)))


def _record(stream: Stream, options: StreamOptions, console: Console, number: int) -> Recording:
    with Live(console=console, refresh_per_second=5) as live:

        def show(status: Status, done_s: float) -> None:
            of = f"Recording {number} of {options.count}: {done_s:.1f} of {options.seconds:g} s, "
            live.update(Text(of + status_line(status)))

        return stream.record(options.seconds, options.label, options.rate_hz, show)


def status_line(status: Status) -> str:
    """Readings, rate, jitter and losses in a line."""
    rate = "measuring the rate" if status.rate.rate_hz is None else f"{status.rate.rate_hz:.2f} Hz"
    jitter = "" if status.rate.jitter_ms is None else f", jitter {status.rate.jitter_ms:.1f} ms"
    lost = f", {status.lost} lost" if status.counts_losses else ""
    return f"{status.readings} readings, {rate}{jitter}{lost}, {status.damaged} damaged"


def save(client: Client, project_id: str, recording: Recording, device: str) -> dict[str, Any]:
    """Store a recording as a sample of a project."""
    started = datetime.now().astimezone()
    body = {
        "name": f"{recording.label or 'recording'} {started:%Y-%m-%d %H:%M:%S}",
        "label": recording.label or None,
        "rate_hz": recording.rate_hz,
        "axes": [axis.model_dump() for axis in recording.axes],
        "values_f32": base64.b64encode(recording.values.astype("<f4").tobytes()).decode(),
        "metadata": {"source": "live", "device": device, "lost_readings": str(recording.lost)},
    }
    sample: dict[str, Any] = client.post(f"/projects/{project_id}/samples/recordings", body)
    return sample
