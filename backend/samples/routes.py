"""/api/projects/{project_id}/samples"""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from fastapi.responses import StreamingResponse

from backend.database import DatabaseDep, SessionDep
from backend.dependencies import (
    PageDep,
    ProjectViewer,
    SampleEditor,
    SampleLabeller,
    SampleRecorder,
)
from backend.samples import bulk, counts, recording, service, signal, upload
from backend.samples.schemas import (
    BulkAnswer,
    BulkRequest,
    Filter,
    LabelList,
    NewRecording,
    SampleChange,
    SampleList,
    SampleOut,
    SegmentsChange,
    SignalOut,
    Sort,
    SplitAnswer,
    SplitRequest,
    SplitRuleOut,
    Summary,
    UploadReport,
)
from backend.storage import StorageDep
from mote.sample import Split

router = APIRouter(prefix="/projects/{project_id}/samples", tags=["samples"])

_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/octet-stream": {}}, "description": "The file"}}
_WAV: dict[int | str, dict[str, Any]] = {200: {"content": {"audio/wav": {}}, "description": "Mono, 16 bit"}}


@router.get("")
def list_samples(
    access: ProjectViewer,
    session: SessionDep,
    page: PageDep,
    search: Annotated[str, Query(max_length=300)] = "",
    label: Annotated[str | None, Query(max_length=120)] = None,
    split: Split | None = None,
    sort: Sort = "-created",
    deleted: bool = False,
) -> SampleList:
    """Samples that the filters let through. `label=(none)` finds those without a label."""
    chosen = Filter(search=search, label=label, split=split)
    items, total = service.list_samples(session, access.project_id, chosen, sort, page, deleted)
    return SampleList(items=items, total=total)


@router.post("")
def upload_samples(
    access: SampleRecorder,
    database: DatabaseDep,
    storage: StorageDep,
    files: Annotated[list[UploadFile], File(description="Recordings, label files, zip archives")],
    options: Annotated[str, Form(description="JSON of UploadOptions")] = "{}",
    paths: Annotated[str | None, Form(description="JSON list: the path of each file, where its name is not it")] = None,
) -> UploadReport:
    """Import files. Each is stored whole or refused with a reason; the report has all of them."""
    parts = upload.parts_of([(file.filename or "", file.file) for file in files], paths)
    return upload.import_parts(database, storage, access, parts, upload.parse_options(options))


@router.post("/recordings", status_code=201)
def add_recording(access: SampleRecorder, new: NewRecording, database: DatabaseDep, storage: StorageDep) -> SampleOut:
    """Store one live recording."""
    return recording.add_recording(database, storage, access, new)


@router.post("/bulk")
def change_samples(access: SampleLabeller, request: BulkRequest, session: SessionDep) -> BulkAnswer:
    """Relabel, move, delete or restore many samples, or take such a change back. All but labels takes an editor."""
    return bulk.change_samples(session, access, request)


@router.get("/summary")
def summarise_samples(access: ProjectViewer, session: SessionDep) -> Summary:
    """The dataset in figures."""
    return counts.summarise(session, access.project_id)


@router.get("/labels")
def list_labels(access: ProjectViewer, session: SessionDep) -> LabelList:
    """All labels of the project."""
    items = counts.list_labels(session, access.project_id)
    return LabelList(items=items, total=len(items))


@router.get("/split")
def get_split_rule(access: ProjectViewer, session: SessionDep) -> SplitRuleOut:
    """How what comes in is divided."""
    return SplitRuleOut(rule=service.split_rule(session, access.project_id))


@router.post("/split")
def split_samples(access: SampleEditor, request: SplitRequest, session: SessionDep) -> SplitAnswer:
    """Divide all samples into training and testing anew; can be undone with the token."""
    return bulk.split_samples(session, access, request.rule)


@router.get("/{sample_id}")
def get_sample(access: ProjectViewer, sample_id: uuid.UUID, session: SessionDep) -> SampleOut:
    """One sample; deleted ones too, with `deleted_at`."""
    return SampleOut.of(service.get_sample(session, access.project_id, sample_id, deleted=True))


@router.patch("/{sample_id}")
def change_sample(access: SampleLabeller, sample_id: uuid.UUID, change: SampleChange, session: SessionDep) -> SampleOut:
    """Change label, name, split or metadata; all but the label takes an editor."""
    return service.change_sample(session, access, sample_id, change)


@router.put("/{sample_id}/segments")
def set_segments(
    access: SampleLabeller, sample_id: uuid.UUID, change: SegmentsChange, session: SessionDep
) -> SampleOut:
    """Replace all segments of a sample."""
    return service.set_segments(session, access, sample_id, change)


@router.delete("/{sample_id}", status_code=204)
def delete_sample(access: SampleRecorder, sample_id: uuid.UUID, session: SessionDep) -> None:
    """Delete a sample; it can be restored. Takes an editor, except for a sample of one's own."""
    service.delete_sample(session, access, sample_id)


@router.post("/{sample_id}/restore")
def restore_sample(access: SampleRecorder, sample_id: uuid.UUID, session: SessionDep) -> SampleOut:
    """Bring a deleted sample back. Takes an editor, except for a sample of one's own."""
    return service.restore_sample(session, access, sample_id)


@router.get("/{sample_id}/signal")
def get_signal(
    access: ProjectViewer,
    sample_id: uuid.UUID,
    session: SessionDep,
    storage: StorageDep,
    start_s: Annotated[float, Query(ge=0, allow_inf_nan=False)] = 0.0,
    end_s: Annotated[float | None, Query(ge=0, allow_inf_nan=False)] = None,
    points: Annotated[int, Query(ge=2, le=20_000)] = 2000,
) -> SignalOut:
    """Readings for a plot: all of the stretch, or lowest and highest of `points` groups when there are more."""
    row = service.get_sample(session, access.project_id, sample_id, deleted=True)
    return signal.signal_of(storage, row, start_s, end_s, points)


@router.get("/{sample_id}/audio", response_class=Response, responses=_WAV)
def get_audio(
    access: ProjectViewer,
    sample_id: uuid.UUID,
    session: SessionDep,
    storage: StorageDep,
    axis: Annotated[int, Query(ge=0, le=127)] = 0,
) -> Response:
    """One axis as a WAV file to listen to, from 4 kHz up. What is not sound is scaled to its loudest reading."""
    row = service.get_sample(session, access.project_id, sample_id, deleted=True)
    headers = {"Content-Length": str(signal.audio_bytes(row))}
    return StreamingResponse(signal.audio_of(storage, row, axis), media_type="audio/wav", headers=headers)


@router.get("/{sample_id}/file", response_class=Response, responses=_FILE)
def get_file(access: ProjectViewer, sample_id: uuid.UUID, session: SessionDep, storage: StorageDep) -> Response:
    """The file that the sample came from, as it was uploaded."""
    row = service.get_sample(session, access.project_id, sample_id, deleted=True)
    name, chunks, size = service.original_file(storage, row)
    headers = {"Content-Disposition": service.attachment(name), "Content-Length": str(size)}
    return StreamingResponse(chunks, media_type="application/octet-stream", headers=headers)
