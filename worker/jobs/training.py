"""Train a model on the recordings that were written down when the training was started."""

from __future__ import annotations

from backend.jobs.runs import ClaimedJob
from backend.samples import store
from backend.samples.store import Stored
from backend.trainings import service
from backend.trainings.start import unpack_dataset
from mote.learn.epoch import EpochInfo
from mote.pipeline import Pipeline
from mote.sample import Sample
from mote.training_result import TrainingResult
from worker.progress import JobContext


class _TrainingJob:
    """May be run again: it begins by clearing what an earlier try left, and writes its result in one transaction."""

    name = "training"

    def run(self, context: JobContext, job: ClaimedJob) -> None:
        from mote.training import run_training

        with context.transaction() as session:
            row = service.begin(session, job.subject_id)
            pipeline, dataset_key = Pipeline.model_validate(row.pipeline), row.dataset_key
        recordings = unpack_dataset(context.storage.get(dataset_key))
        context.log(f"Try {job.attempt}: {len(recordings)} recordings.")
        result = run_training(
            _read(context, recordings),
            pipeline,
            on_progress=context.progress,
            on_epoch=lambda info: _tell(context, job, info),
            log=context.log,
            should_stop=context.is_cancelled,
        )
        _finish(context, job, result)


PLUGIN = _TrainingJob()


def _read(context: JobContext, recordings: list[Stored]) -> list[Sample]:
    """All recordings in the order of the dataset, on which the training depends; read as they lie in storage."""
    context.progress(0.0, "Reading the recordings")
    order = sorted(range(len(recordings)), key=lambda at: (recordings[at].values_key, recordings[at].values_offset))
    samples: dict[int, Sample] = {}
    for at, sample in zip(order, store.load(context.storage, [recordings[at] for at in order]), strict=True):
        context.check_cancelled()
        samples[at] = sample
    return [samples[at] for at in range(len(recordings))]


def _tell(context: JobContext, job: ClaimedJob, info: EpochInfo) -> None:
    with context.transaction() as session:
        service.add_epoch(session, job.project_id, job.subject_id, info)


def _finish(context: JobContext, job: ClaimedJob, result: TrainingResult) -> None:
    put = context.storage.put
    keys = put(result.to_zip()), put(result.model_int8), put(result.model_float)
    with context.transaction() as session:
        service.finish(session, job.subject_id, result.info, *keys)
