"""The `mote` command. Each command is a few lines that call the package; errors are one sentence and a hint."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from mote.errors import BadInput, MoteError

app = typer.Typer(help="Mote Studio without the browser.", no_args_is_help=True, pretty_exceptions_enable=False)
device = typer.Typer(help="Boards on a serial port.", no_args_is_help=True)
app.add_typer(device, name="device")
console = Console()

Server = Annotated[str | None, typer.Option(envvar="MOTE_SERVER", help="Address of a studio, http://localhost:8000")]
Key = Annotated[str | None, typer.Option(envvar="MOTE_API_KEY", help="API key (Settings > API keys)")]
Label = Annotated[
    str, typer.Option(help='"auto", "folder", "none", a pattern like "{label}_{speaker}_{index}", or a label file')
]
Testing = Annotated[
    str,
    typer.Option(
        "--testing",
        help='What is testing: "auto" as the files say and else 20 % by stable hash, "30%" by hash, "index=0-4" or '
        '"speaker=ann,bob" by a name field, "group:speaker" 20 % of the groups, "every:5" every fifth file of a class, '
        '"last:20%" the last fifth',
    ),
]


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Folder or zip of recordings")],
    board: Annotated[str, typer.Option(help="Board to build for")] = "mps2_an386",
    out: Annotated[Path, typer.Option("--out", "-o", help="Where the firmware and the report go")] = Path("out"),
    label: Label = "auto",
    testing: Testing = "auto",
    rate_hz: Annotated[float | None, typer.Option(help="Rate of files that do not say it")] = None,
    pipeline: Annotated[Path | None, typer.Option(help="Pipeline JSON; by default one is suggested")] = None,
    windows: Annotated[int, typer.Option(help="How many testing windows to run in the emulator")] = 200,
    server: Server = None,
    key: Key = None,
) -> None:
    """Go the whole way: recordings -> trained model -> firmware proven in the emulator."""
    from mote.client import Client
    from mote.demo import DemoOptions, run_demo
    from mote.local_server import local_server

    options = DemoOptions(
        folder=folder,
        board=board,
        out=out,
        name=folder.resolve().name,
        label_rule=label_rule(label),
        split_rule=split_rule(testing),
        read_options={"rate_hz": rate_hz} if rate_hz else {},
        pipeline=read_json(pipeline) if pipeline else None,
        windows=windows,
    )
    with Client(server, key=key) if server else local_server() as client:
        run_demo(client, options, console)


@app.command("compile")
def compile_(
    model: Annotated[Path, typer.Argument(help="int8 .tflite file")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the C sources")],
    name: Annotated[str, typer.Option(help="Prefix of files and functions")] = "model",
) -> None:
    """Compile an int8 .tflite model to C99 that needs no library and allocates nothing."""
    from mote.compiler.project import compile_to_folder

    compiled = compile_to_folder(model, out, name)
    console.print(
        f"{out}: {compiled.macs:,} MACs, {compiled.weights_bytes:,} bytes of weights, "
        f"{compiled.arena_bytes:,} bytes of arena"
    )
    for warning in compiled.warnings:
        console.print(f"[yellow]{warning}[/]")


@app.command()
def upload(
    folder: Annotated[Path, typer.Argument(help="Folder, file or zip")],
    project: Annotated[str, typer.Option(help="Project id (in the address of its page)")],
    label: Label = "auto",
    rate_hz: Annotated[float | None, typer.Option(help="Rate of files that do not say it")] = None,
    server: Server = "http://localhost:8000",
    key: Key = None,
) -> None:
    """Send recordings to a project of a running studio."""
    from mote.client import Client
    from mote.demo import print_uploaded
    from mote.upload import upload_folder

    options = {"rate_hz": rate_hz} if rate_hz else {}
    with Client(server or "", key=key) as client:
        print_uploaded(upload_folder(client, project, folder, label_rule(label), options), console)


@device.command("list")
def device_list() -> None:
    """Show the serial ports of this machine."""
    from mote.device.serial import ports

    found = ports()
    for port in found:
        console.print(f"{port.device}  {port.description}")
    if not found:
        console.print("No serial port was found. Is the board plugged in, and is the cable one for data?")


@device.command("stream")
def device_stream(
    port: Annotated[str, typer.Argument(help="/dev/ttyACM0, COM3 ... (`mote device list`)")],
    project: Annotated[str | None, typer.Option(help="Record into this project (the id in its address)")] = None,
    label: Annotated[str, typer.Option(help="Label of the recordings")] = "",
    seconds: Annotated[float, typer.Option(help="Length of one recording")] = 10.0,
    count: Annotated[int, typer.Option(help="How many recordings")] = 1,
    rate_hz: Annotated[float | None, typer.Option(help="Readings a second, where the measured rate is wrong")] = None,
    baud: Annotated[int, typer.Option(help="Bits per second")] = 115200,
    server: Server = "http://localhost:8000",
    key: Key = None,
) -> None:
    """Show what a board sends, and record it into a project: what the live page does, without WebSerial."""
    from mote.client import Client
    from mote.stream_command import StreamOptions, run_stream

    options = StreamOptions(port, baud, project, label, seconds, count, rate_hz)
    with Client(server or "", key=key) as client:
        run_stream(client, options, console)


def label_rule(text: str) -> dict[str, Any]:
    """The API's label rule from what a person types."""
    if text in ("auto", "folder", "none"):
        return {"kind": text}
    if "{" in text:
        return {"kind": "name", "pattern": text}
    if Path(text).is_file():
        return {"kind": "file", "pattern": text}
    raise BadInput(
        f"--label {text!r} is neither a rule, a pattern nor a file.",
        hint='Use "auto", "folder", "none", a pattern with {label} in it, or a label file.',
    )


def split_rule(text: str) -> dict[str, Any]:
    """The API's split rule from what a person types.

    >>> split_rule("index=0-2")
    {'kind': 'where', 'key': 'index', 'values': ['0', '1', '2']}
    """
    try:
        return _split_rule(text)
    except ValueError as error:
        raise BadInput(
            f"--testing {text!r} is not a split rule.",
            hint='Use "auto", "20%", "index=0-4", "speaker=ann,bob", "group:speaker", "every:5" or "last:20%".',
        ) from error


def _split_rule(text: str) -> dict[str, Any]:
    kind, _, rest = text.partition(":")
    if text == "auto":
        return {"kind": "files"}
    if kind == "every":
        return {"kind": "every", "n": int(rest)}
    if kind == "last":
        return {"kind": "last", "testing_percent": float(rest.rstrip("%"))}
    if kind == "group" and rest:
        return {"kind": "group", "key": rest}
    if "=" in text:
        key, _, values = text.partition("=")
        return {"kind": "where", "key": key, "values": _values(values)}
    return {"kind": "hash", "testing_percent": float(text.rstrip("%"))}


def _values(text: str) -> list[str]:
    first, dash, last = text.partition("-")
    if dash and first.isdigit() and last.isdigit():
        return [str(number) for number in range(int(first), int(last) + 1)]
    return [value.strip() for value in text.split(",")]


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} is not a JSON file: {error}.") from error
    if not isinstance(content, dict):
        raise BadInput(f"{path} does not hold a JSON object.")
    return content


def main() -> None:
    """Entry point of the `mote` command; exit status 1 and a sentence on stderr for what went wrong."""
    try:
        app()
    except MoteError as error:
        stderr = Console(stderr=True)
        stderr.print(f"[bold red]{error.message}[/]", highlight=False)
        if error.hint:
            stderr.print(error.hint, highlight=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
