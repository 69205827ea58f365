"""Data collection: an image without a model that streams its board's sensor into the studio."""

from __future__ import annotations

from dataclasses import replace

from mote.deploy.build import Progress, ShouldStop, build
from mote.deploy.spec import BuildSpec
from mote.deploy.targets import Artefacts


class _DataCollection:
    name = "data_collection"
    title = "Data collection firmware"
    help = "An image without a model: it streams its board's sensor over the serial port, for recording."
    needs_model = False
    needs_board = True

    def build(self, spec: BuildSpec, progress: Progress, should_stop: ShouldStop) -> Artefacts:
        bare = replace(spec, kind="data_collection", pipeline=None, tflite=b"", labels=(), mean=None, inv_std=None)
        image = build(bare, progress=progress, should_stop=should_stop)
        return Artefacts(files=image.files(f"mote_collect_{spec.board}"), image=image, log=image.log)


PLUGIN = _DataCollection()
