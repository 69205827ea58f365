"""Starting TensorFlow: once a process, quietly, on the CPU, with a fixed order of operations."""

from __future__ import annotations

import os
from functools import cache

from mote.errors import MissingTool


@cache
def start() -> None:
    """Import TensorFlow (5 to 10 s the first time) and make it deterministic.

    Raises:
        MissingTool: it is not installed.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    try:
        import tensorflow as tf
    except ImportError as error:
        raise MissingTool(
            "TensorFlow is not installed; training is off.", hint="Install it with: pip install 'mote-studio[training]'"
        ) from error
    tf.config.experimental.enable_op_determinism()
