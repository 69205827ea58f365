"""One pass over the training windows, as it is shown live and kept in the history."""

from __future__ import annotations

from pydantic import BaseModel


class EpochInfo(BaseModel, frozen=True):
    """One pass over the training windows. Validation figures are None when nothing was set aside."""

    epoch: int
    epochs: int
    loss: float
    accuracy: float
    val_loss: float | None = None
    val_accuracy: float | None = None
    seconds: float = 0.0
    seconds_left: float = 0.0
    """If all epochs are run; early stopping may end it sooner."""
