"""Import an upload that is too large for a request, in the same way as a request does."""

from __future__ import annotations

from collections.abc import Callable

from backend.dependencies import Access, project_access
from backend.errors import NotFound
from backend.jobs.runs import ClaimedJob
from backend.permissions import Action
from backend.samples.importing import import_entries
from backend.samples.schemas import UploadOptions, UploadReport
from backend.samples.upload import JOB_BYTES, entries_of
from backend.users.sign_in import Caller
from backend.users.tables import User
from mote.archive import Entry
from mote.errors import BadInput
from worker.progress import JobContext

LISTED = 500
"""Files of one kind that the log names."""


class _ImportJob:
    """May be run again: what is there already is a duplicate."""

    name = "import"

    def run(self, context: JobContext, job: ClaimedJob) -> None:
        context.progress(0.05, "Reading")
        options = UploadOptions.model_validate(job.payload["options"])
        files = [(file["path"], int(file["size"]), _reader(context, file["key"])) for file in job.payload["files"]]
        found = list(entries_of(files))
        total = sum(item.size for item in found if isinstance(item, Entry))
        if total > JOB_BYTES:
            raise BadInput(f"{total} bytes unpacked; one import takes {JOB_BYTES}.", hint="Import it in parts.")
        context.progress(0.1, f"Importing {len(found)} files")
        report = import_entries(
            context.database,
            context.storage,
            _access(context, job),
            found,
            options,
            lambda done, total, name: context.progress(0.1 + 0.8 * done / total, f"Reading {name}"),
        )
        _log(context, report)


PLUGIN = _ImportJob()


def _access(context: JobContext, job: ClaimedJob) -> Access:
    """That of who uploaded the files, as it is now.

    Raises:
        NotAllowed, NotFound: the person was removed from the team, or deleted.
    """
    with context.transaction() as session:
        user = session.get(User, job.created_by) if job.created_by else None
        if user is None:
            raise NotFound("Who uploaded this has no account any more.")
        return project_access(session, Caller(user.id, user.email, user.name), job.project_id, Action.SAMPLES_RECORD)


def _reader(context: JobContext, key: str) -> Callable[[], bytes]:
    return lambda: context.storage.get(key)


def _log(context: JobContext, report: UploadReport) -> None:
    samples = sum(len(file.sample_ids) for file in report.imported)
    counts = f"{len(report.duplicates)} known already, {len(report.refused)} refused"
    context.log(f"{samples} samples of {len(report.imported)} files, {counts}.")
    for warning in report.warnings:
        context.log(f"Note: {warning}")
    for file in report.refused[:LISTED]:
        context.log(f"Refused: {file.message} {file.hint}".strip())
    if len(report.refused) > LISTED:
        context.log(f"... and {len(report.refused) - LISTED} more.")
