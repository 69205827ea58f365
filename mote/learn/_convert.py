"""The child process of `quantize`: `python -m mote.learn._convert FOLDER`.

Reads model.keras and calibration.npz, writes float32.tflite and int8.tflite. The batch is fixed at 1 before the
conversion: else Flatten and Reshape become chains of shape arithmetic that no microcontroller should run.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np


def _end_with_parent() -> None:
    """The parent holds our standard input open; when it dies, nobody waits for the result."""
    os.read(0, 1)  # not sys.stdin: its lock would abort the interpreter when this process ends by itself
    os._exit(3)


def main(folder: Path) -> None:
    """Convert both forms."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    import keras
    import tensorflow as tf

    model = keras.saving.load_model(folder / "model.keras", compile=False, safe_mode=True)
    with np.load(folder / "calibration.npz", allow_pickle=False) as arrays:
        features = arrays["features"].astype(np.float32)
    saved = str(folder / "saved")
    signature = [keras.InputSpec(shape=(1, *features.shape[1:]), dtype="float32")]
    model.export(saved, format="tf_saved_model", input_signature=signature, verbose=False)
    (folder / "float32.tflite").write_bytes(tf.lite.TFLiteConverter.from_saved_model(saved).convert())

    def windows() -> Iterator[list[np.ndarray]]:
        for window in features:
            yield [window[None]]

    converter = tf.lite.TFLiteConverter.from_saved_model(saved)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = windows
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    (folder / "int8.tflite").write_bytes(converter.convert())


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    main(Path(sys.argv[1]))
