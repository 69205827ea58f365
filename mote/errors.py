"""Every error that Mote raises on purpose.

MoteError                 message: what and where; hint: how to mend it
├── BadInput              the caller's data or parameters; never retried
│   └── Question          the data is ambiguous: the caller must choose (which unit is the time column in?)
├── NotSupported          understood, and not something Mote can do (an operator, a WAV encoding)
├── MissingTool           this machine lacks a program (no ARM compiler); the rest of Mote works
├── BuildFailed           the cross compiler or linker said no
├── VerificationFailed    the emulator did not boot, answer or finish
├── TrainingFailed        a training could not start or did not converge to anything
└── Cancelled             somebody asked for it
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel


class MoteError(Exception):
    """What went wrong and where, and in `hint` how to mend it. Both are shown to people as they are."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class BadInput(MoteError):
    """The input cannot be used as it is."""

    code = "bad_input"


class Choice(BaseModel, frozen=True):
    """One thing the reader of a file must be told: `option` names the field of `ReadOptions` that answers it."""

    option: str
    text: str
    choices: tuple[str, ...] = ()


class Question(BadInput):
    """The input has more than one reading; Mote asks instead of guessing."""

    code = "question"

    def __init__(self, message: str, *, hint: str = "", questions: tuple[Choice, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.questions = questions


class NotSupported(MoteError):
    """Understood, and outside what Mote can do."""

    code = "not_supported"


class MissingTool(MoteError):
    """A program that this machine does not have."""

    code = "missing_tool"


class BuildFailed(MoteError):
    """The compiler or linker refused the sources, or the image does not fit the board."""

    code = "build_failed"


class VerificationFailed(MoteError):
    """The image could not be run to an answer (which is not the same as a wrong answer: that is a report)."""

    code = "verification_failed"


class TrainingFailed(MoteError):
    """A training that cannot give a model."""

    code = "training_failed"


class Cancelled(MoteError):
    """Stopped because a person asked for it."""

    code = "cancelled"
