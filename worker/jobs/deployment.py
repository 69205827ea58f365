"""Build what a deployment asks for, and prove firmware on the recordings that its model was tested on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from backend.deployments import service
from backend.deployments.tables import DeploymentRow
from backend.jobs.runs import ClaimedJob
from backend.samples import store
from backend.trainings.start import unpack_dataset
from mote.deploy import targets
from mote.deploy.build import Image
from mote.deploy.report import Report
from mote.deploy.spec import BuildSpec, from_training
from mote.deploy.verify import verify
from mote.errors import VerificationFailed
from mote.sample import Axis, Sample
from mote.training_result import TrainingResult
from mote.windows import labelled_windows
from worker.progress import JobContext

BUILT = 0.4
"""Progress when the image is built; the rest is verification."""


@dataclass(frozen=True)
class _Order:
    """What the row asks for."""

    target: str
    spec: BuildSpec
    windows: int
    provable: bool
    dataset_key: str | None


class _DeploymentJob:
    """May be run again: it begins by clearing what an earlier try left.

    The files are stored before the verification, so that a person can have them who has no emulator; until the verdict
    is "pass" they are handed out on purpose only.
    """

    name = "deployment"

    def run(self, context: JobContext, job: ClaimedJob) -> None:
        context.progress(0.0, "Reading the model")
        with context.transaction() as session:
            row = service.begin(session, job.subject_id)
        order = _order(context, row)
        image = _build(context, job, order)
        report: Report | None = None
        notes: list[str] = []
        if order.provable:
            if image is None:
                raise VerificationFailed(f"The target {order.target!r} gave no image to verify.")
            report, notes = _verify(context, order, image)
        with context.transaction() as session:
            service.set_report(session, job.subject_id, report, notes)


PLUGIN = _DeploymentJob()


def _order(context: JobContext, row: DeploymentRow) -> _Order:
    board = row.board or ""  # a target without a board never asks for it
    if row.result_key is not None:
        result = TrainingResult.load(context.storage.get(row.result_key))
        spec = replace(from_training(result, board), sensor=row.sensor)
    else:
        axes = tuple(Axis(**axis) for axis in row.axes)
        spec = BuildSpec(board, "data_collection", axes, row.rate_hz or 0.0, sensor=row.sensor)
    return _Order(row.target, spec, row.windows, row.provable, row.dataset_key)


def _build(context: JobContext, job: ClaimedJob, order: _Order) -> Image | None:
    share = BUILT if order.provable else 1.0
    artefacts = targets.get(order.target).build(
        order.spec,
        lambda fraction, message: context.progress(share * fraction, message.capitalize()),
        context.is_cancelled,
    )
    context.log(artefacts.log)
    files = [
        {"name": name, "bytes": len(content), "key": context.storage.put(content)}
        for name, content in artefacts.files.items()
    ]
    with context.transaction() as session:
        service.set_files(session, job.subject_id, files)
    return artefacts.image


def _verify(context: JobContext, order: _Order, image: Image) -> tuple[Report, list[str]]:
    """The report, and what a reader of it should know."""
    context.progress(BUILT, "Cutting windows to verify with")
    samples, notes = _samples(context, order)
    assert order.spec.pipeline is not None
    windows, labels = labelled_windows(samples, order.spec.pipeline, rate_hz=order.spec.rate_hz, limit=order.windows)
    context.log(f"Verifying with {len(labels)} windows.")
    report = verify(
        image,
        windows,
        labels,
        lambda fraction, message: context.progress(BUILT + (1 - BUILT) * fraction, message.capitalize()),
        context.is_cancelled,
    )
    context.log(f"Verdict: {report.verdict}. {' '.join(report.reasons)}".strip())
    return report, notes


def _samples(context: JobContext, order: _Order) -> tuple[list[Sample], list[str]]:
    """The testing recordings, by label, so that evenly taken windows have each its share; else the training ones."""
    recordings = unpack_dataset(context.storage.get(order.dataset_key or ""))
    chosen = [one for one in recordings if one.split == "testing" and one.segments]
    notes = []
    if not chosen:
        chosen = [one for one in recordings if one.segments]
        notes.append("There are no labelled testing recordings: the firmware was verified on those of training.")
        context.log(notes[0])
    chosen.sort(key=lambda one: (one.segments[0].label, one.name, one.content_hash))
    return list(store.load(context.storage, chosen)), notes
