"""`mote demo`: the whole way through the HTTP API, from a folder of recordings to verified firmware."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from mote.client import Client, Json
from mote.errors import BuildFailed, MoteError, TrainingFailed, VerificationFailed
from mote.upload import FINISHED, Uploaded, upload_folder

AS_FILES_SAY: Json = {"kind": "files"}
MAX_SHOWN = 5


@dataclass(frozen=True)
class DemoOptions:
    """What a person may say on the command line."""

    folder: Path
    board: str
    out: Path
    name: str
    label_rule: Json
    split_rule: Json
    read_options: Json
    pipeline: Json | None = None
    windows: int = 200


def run_demo(client: Client, options: DemoOptions, console: Console) -> Json:
    """Upload, split, suggest a pipeline, train, build, verify, download.

    Returns:
        {"training": ..., "deployment": ...} as the API gives them; also written to `out`/summary.json.

    Raises:
        MoteError: a stage failed; the message says which and why.
    """
    options.out.mkdir(parents=True, exist_ok=True)
    project = client.post("/projects", {"name": options.name, "description": "Made by `mote demo`."})
    path = f"/projects/{project['id']}"
    with _progress(console) as progress:
        _upload(client, path, options, progress, console)
        if options.split_rule != AS_FILES_SAY:
            client.post(f"{path}/samples/split", {"rule": options.split_rule})
        _show_dataset(client, path, console)
        pipeline = _choose_pipeline(client, path, options)
        console.print(f"Pipeline: {_describe(pipeline)}")
        training = _train(client, path, progress)
        deployment = _deploy(client, path, training["id"], options, progress)
    _save_files(client, f"{path}/deployments/{deployment['id']}", options.out, deployment)
    summary = {"training": training, "deployment": deployment}
    (options.out / "summary.json").write_text(json.dumps(summary, indent=2))
    _show_result(training, deployment, console)
    console.print(f"Files: {options.out}")
    return summary


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, TextColumn("{task.fields[note]}"), console=console)


def _upload(client: Client, path: str, options: DemoOptions, progress: Progress, console: Console) -> None:
    task = progress.add_task("Upload", total=None, note="")
    project_id = path.rsplit("/", 1)[-1]
    result = upload_folder(
        client,
        project_id,
        options.folder,
        options.label_rule,
        options.read_options,
        lambda done, total: progress.update(task, completed=done, total=total),
    )
    print_uploaded(result, console)


def print_uploaded(result: Uploaded, console: Console) -> None:
    """What became of a folder, in a few lines."""
    for note in result.notes:
        console.print(note, highlight=False)
    console.print(f"{result.samples} samples, {result.duplicates} duplicates, {len(result.refused)} files refused")
    for item in result.refused[:MAX_SHOWN]:
        console.print(f"  [yellow]{item['file']}[/]: {item['message']} {item.get('hint', '')}", highlight=False)
    if len(result.refused) > MAX_SHOWN:
        console.print(f"  and {len(result.refused) - MAX_SHOWN} more")
    if result.missing:
        console.print(f"  {len(result.missing)} files are listed in a label file and not there", highlight=False)


def _show_dataset(client: Client, path: str, console: Console) -> None:
    project = client.get(path)
    counts = project["counts"]
    console.print(f"{counts['training']} training and {counts['testing']} testing samples, {counts['labels']} labels")


def _choose_pipeline(client: Client, path: str, options: DemoOptions) -> Json:
    suggested = options.pipeline or client.post(f"{path}/pipeline/suggest")["pipeline"]
    current = client.get(f"{path}/pipeline")
    saved: Json = client.put(f"{path}/pipeline", {"version": current["version"], "pipeline": suggested})
    pipeline: Json = saved["pipeline"]
    return pipeline


def _describe(pipeline: Json) -> str:
    window = pipeline["window"]
    blocks = " + ".join(block["block"] for block in pipeline["blocks"])
    learn = pipeline["learn"]
    preset = learn["params"].get("preset", "")
    return f"{window['length_ms']:g} ms window every {window['stride_ms']:g} ms, {blocks}, {learn['block']} {preset}"


def _train(client: Client, path: str, progress: Progress) -> Json:
    started = client.post(f"{path}/trainings")
    result = _follow_job(client, path, started["job"]["id"], "Train", progress)
    training: Json = client.get(f"{path}/trainings/{started['training']['id']}")
    _raise_unless_done(result, TrainingFailed)
    return training


def _deploy(client: Client, path: str, training_id: str, options: DemoOptions, progress: Progress) -> Json:
    body = {"training_id": training_id, "target": "firmware", "board": options.board, "windows": options.windows}
    started = client.post(f"{path}/deployments", body)
    result = _follow_job(client, path, started["job"]["id"], "Build", progress)
    _raise_unless_done(result, BuildFailed)
    deployment: Json = client.get(f"{path}/deployments/{started['deployment']['id']}")
    return deployment


def _follow_job(client: Client, path: str, job_id: str, title: str, progress: Progress) -> Json:
    task = progress.add_task(title, total=100, note="")

    def show(job: Json) -> None:
        progress.update(task, completed=int(100 * job["progress"]), note=job.get("message") or "")

    return client.follow(f"{path}/jobs/{job_id}", lambda job: job["state"] in FINISHED, show)


def _raise_unless_done(job: Json, kind: type[MoteError]) -> None:
    if job["state"] == "done":
        return
    error = job.get("error") or {}
    raise kind(error.get("message") or f"The job is {job['state']}.", hint=error.get("hint") or "")


def _save_files(client: Client, path: str, out: Path, deployment: Json) -> None:
    failed = deployment["report"]["verdict"] != "pass"
    (out / "report.json").write_text(json.dumps(deployment["report"], indent=2))
    if failed:
        return  # an image that failed is not handed out by accident
    for file in client.get(f"{path}/files"):
        client.download(f"{path}/files/{file['name']}", out / file["name"])


def _show_result(training: Json, deployment: Json, console: Console) -> None:
    report = deployment["report"]
    console.print(report_table(training, report))
    for reason in report["reasons"]:
        console.print(f"  {reason}")
    if report["verdict"] != "pass":
        raise VerificationFailed("The image did not pass verification.", hint="See report.json.")


def report_table(training: Json, report: Json) -> Table:
    """The figures of a training and of its image's verification, one a line."""
    table = Table("figure", "measured", title=f"{report['board']}: {report['verdict'].upper()}", title_style="bold")
    for name, value in _figures(training, report):
        table.add_row(name, value)
    return table


def _figures(training: Json, report: Json) -> list[tuple[str, str]]:
    metrics: dict[str, Any] = training["metrics"]
    instructions, ram = report["instructions"], report["ram_bytes"]
    features, scores = report["features"], report["scores"]
    return [
        ("accuracy, int8 (testing windows)", f"{100 * metrics['int8']['accuracy']:.2f} %"),
        ("accuracy, float32", f"{100 * metrics['float32']['accuracy']:.2f} %"),
        ("windows run in the emulator", str(report["windows"])),
        ("largest feature difference", f"{features['max_abs_difference']:.3g}"),
        ("scores equal to LiteRT's bit for bit", f"{scores['equal']} of {scores['equal'] + scores['different']}"),
        ("accuracy in the emulator", f"{100 * report['accuracy']:.2f} %"),
        ("flash", f"{report['flash_bytes']:,} bytes"),
        ("RAM (data + bss + stack)", f"{ram['total']:,} bytes"),
        ("instructions a window, DSP", f"{instructions['dsp']['median']:,}"),
        ("instructions a window, model", f"{instructions['model']['median']:,}"),
    ]
