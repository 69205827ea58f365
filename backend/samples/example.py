"""The example project: simulated motions, so that a new user can go the whole way without data."""

from __future__ import annotations

from sqlalchemy.orm import Session

from backend.dependencies import Access
from backend.pipelines import service as pipelines
from backend.samples import store
from backend.samples.store import Pack
from backend.storage import Storage
from mote import example


def fill_with_example(session: Session, storage: Storage, access: Access) -> None:
    """Put the simulated recordings and the pipeline that suits them into a new project.

    Args:
        session: the transaction that made the project.
        access: the caller's access to it.
    """
    pack = Pack()
    rows = []
    for sample in example.samples():
        row = store.new_row(sample, pack.add_values(sample), format="simulated", created_by=access.user_id)
        row.said_split = sample.split
        rows.append(row)
    store.insert(session, access, rows, pack.store(storage))
    pipelines.set_pipeline(session, access, example.pipeline())
