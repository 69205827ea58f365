"""What a trained pipeline (or only its sensor) can be turned into. One file = one target; see docs/boards.md.

A target's module holds `PLUGIN`, an object with what `Target` asks for.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from mote import plugins
from mote.deploy.build import Image, Progress, ShouldStop
from mote.deploy.spec import BuildSpec
from mote.errors import BadInput


@dataclass(frozen=True)
class Artefacts:
    """What a target gives."""

    files: dict[str, bytes] = field(default_factory=dict)
    """By the name under which a person downloads them."""
    image: Image | None = None
    """The firmware among them, when there is one; its kind says whether it can be verified."""
    log: str = ""


class Target(Protocol):
    """A way to take a pipeline out of Mote."""

    name: str
    title: str
    help: str
    needs_model: bool
    needs_board: bool

    def build(self, spec: BuildSpec, progress: Progress, should_stop: ShouldStop) -> Artefacts:
        """Make the files.

        Raises:
            BadInput: the spec lacks something that this target needs.
            MissingTool, BuildFailed, NotSupported, Cancelled: see `mote.deploy.build.build`.
        """
        ...


@cache
def load() -> dict[str, Target]:
    """All targets by name."""
    return plugins.scan(importlib.import_module(__name__))


def get(name: str) -> Target:
    """The target of this name.

    Raises:
        BadInput: there is none; lists those there are.
    """
    targets = load()
    if name not in targets:
        raise BadInput(f"There is no target {name!r}.", hint=f"Targets: {', '.join(targets)}.")
    return targets[name]
