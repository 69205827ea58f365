"""What a pipeline makes of one window of one sample."""

from __future__ import annotations

import uuid
from dataclasses import replace

from backend.database import Database
from backend.pipelines import service
from backend.pipelines.schemas import PreviewBlock, PreviewMemory, PreviewOut, PreviewRequest, PreviewWindow
from backend.samples import store
from backend.samples.service import get_sample
from backend.samples.tables import SampleRow
from backend.storage import Storage
from mote.dsp import Extractor
from mote.errors import BadInput
from mote.pipeline import Pipeline
from mote.sample import Floats, Sample, Segment
from mote.windows import WindowCut, cut, gather

MAX_VALUES = 2_000_000
"""Readings times axes, or features, of one preview."""


def preview(database: Database, storage: Storage, project_id: uuid.UUID, request: PreviewRequest) -> PreviewOut:
    """One window through a pipeline.

    Raises:
        NotFound: no such sample.
        BadInput: the pipeline does not fit the sample, or `start_s` lies beyond its end.
        Conflict: no pipeline was given, and none is saved.
    """
    with database.transaction(write=False) as session:
        row = get_sample(session, project_id, request.sample_id)
        pipeline = request.pipeline or service.require_pipeline(session, project_id)
    whole = store.stand_in(row)
    extractor = Extractor(pipeline, row.rate_hz, whole.axes)
    if max(extractor.readings * len(whole.axes), extractor.features) > MAX_VALUES:
        raise BadInput(
            f"A window of {extractor.readings} readings and {extractor.features} features is too large to be shown.",
            hint="Shorten the window.",
        )
    first, place, values = _window(storage, row, whole, pipeline, extractor, request.start_s)
    report = extractor.report()
    return PreviewOut(
        window=PreviewWindow(
            start_s=first / row.rate_hz,
            length_s=extractor.readings / row.rate_hz,
            readings=extractor.readings,
            real_readings=place.readings,
            rate_hz=row.rate_hz,
            axes=list(whole.axes),
            values=values[0].T.tolist(),
        ),
        blocks=_blocks(extractor, extractor.extract(values)[0]),
        memory=PreviewMemory.model_validate(report.model_dump(include=set(PreviewMemory.model_fields))),
        network_shape=list(extractor.network_shape),
        windows_per_sample=len(cut(whole, pipeline.window, pipeline.label_threshold)),
        label=place.label,
    )


def _window(
    storage: Storage, row: SampleRow, whole: Sample, pipeline: Pipeline, extractor: Extractor, start_s: float
) -> tuple[int, WindowCut, Floats]:
    """First reading, place within the stretch that was read, and the readings (1, readings, axes)."""
    first = round(start_s * row.rate_hz) if start_s <= row.duration_s else row.readings
    if first >= row.readings:
        raise BadInput(f"The window starts at {start_s:g} s.", hint=f"The recording ends at {row.duration_s:g} s.")
    end = min(first + extractor.readings, row.readings)
    part = replace(whole, values=store.read_values(storage, row, first, end), segments=_clipped(whole, first, end))
    padded = pipeline.window.model_copy(
        update={"pad": "zero" if pipeline.window.pad == "none" else pipeline.window.pad}
    )
    (place, *_) = cut(part, padded, pipeline.label_threshold)
    return first, place, gather(part, [place], padded)


def _clipped(sample: Sample, first: int, end: int) -> tuple[Segment, ...]:
    """The segments within readings [first, end), in seconds from `first`."""
    start_s, end_s = first / sample.rate_hz, end / sample.rate_hz
    return tuple(
        Segment(start_s=max(one.start_s, start_s) - start_s, end_s=min(one.end_s, end_s) - start_s, label=one.label)
        for one in sample.segments
        if min(one.end_s, end_s) - max(one.start_s, start_s) > 0
    )


def _blocks(extractor: Extractor, features: Floats) -> list[PreviewBlock]:
    shown, first = [], 0
    for block in extractor.blocks:
        values = features[first : first + block.features].reshape(block.rows, block.cols)
        first += block.features
        shown.append(
            PreviewBlock(
                block=block.name,
                title=block.info.title,
                rows=block.rows,
                cols=block.cols,
                names=list(block.names),
                values=values.tolist(),
            )
        )
    return shown
