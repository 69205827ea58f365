"""Firmware: the whole pipeline as an image for one board."""

from __future__ import annotations

from dataclasses import replace

from mote.deploy.build import Progress, ShouldStop, build
from mote.deploy.spec import BuildSpec
from mote.deploy.targets import Artefacts


class _Firmware:
    name = "firmware"
    title = "Firmware"
    help = (
        "A finished image (.elf, .bin, .hex) for a board: it classifies its own sensor and talks to this studio over "
        "its serial port."
    )
    needs_model = True
    needs_board = True

    def build(self, spec: BuildSpec, progress: Progress, should_stop: ShouldStop) -> Artefacts:
        image = build(replace(spec, kind="pipeline"), progress=progress, should_stop=should_stop)
        return Artefacts(files=image.files(f"mote_{spec.board}"), image=image, log=image.log)


PLUGIN = _Firmware()
