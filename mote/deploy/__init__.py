"""From a trained model to firmware that was proven in an emulator.

The package can be called, so that a notebook reads `image = mote.deploy(model, board="mps2_an386")`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mote.deploy.build import Image


class _Package(ModuleType):
    def __call__(self, result: Any, board: str, **options: Any) -> Image:
        """See `mote.deploy.notebook.deploy`."""
        from mote.deploy.notebook import deploy

        return deploy(result, board, **options)


sys.modules[__name__].__class__ = _Package
