"""Classifier: which of the labels is it? Three networks, small enough for microcontrollers.

Only layers whose int8 form every target has: convolution, depthwise convolution, pooling, mean, fully connected,
softmax. Batch normalisation is folded into the convolutions by the conversion.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mote.errors import BadInput
from mote.params import Param, Value

_SMALLEST_MAP = 6
"""Pooling along time stops here: fewer steps would blur what comes after what."""


class Classifier:
    """Dense, one-dimensional convolutional, or depthwise separable convolutional network with a softmax."""

    name = "classifier"
    title = "Classifier"
    help = "Learns to tell the labels apart. Scores of all labels sum to 1."
    params = [  # noqa: RUF012
        Param(
            name="preset", kind="choice", default="conv1d", title="Network", choices=("dense", "conv1d", "ds_cnn"),
            help="dense: for single feature vectors (statistics, spectral). conv1d: for sequences (raw, mfcc), "
            "convolves along time. ds_cnn: for spectrograms (mfe), depthwise separable convolutions both ways.",
        ),
        Param(name="width", kind="int", default=32, title="Width", minimum=4, maximum=256, unit="channels",
              help="Channels of the first layer; memory and time grow with its square."),
        Param(name="layers", kind="int", default=3, title="Layers", minimum=1, maximum=8, help="Hidden layers."),
        Param(name="dropout", kind="float", default=0.2, title="Dropout", minimum=0, maximum=0.9,
              help="Part of the last features dropped at random in training, against learning by heart."),
        Param(name="epochs", kind="int", default=60, title="Epochs", minimum=1, maximum=2000,
              help="Passes over the training windows, at most."),
        Param(name="learning_rate", kind="float", default=0.003, title="Learning rate", minimum=1e-6, maximum=1.0,
              help="Step of the optimiser at the start; it falls to zero along a cosine."),
        Param(name="batch_size", kind="int", default=32, title="Batch size", minimum=1, maximum=4096, unit="windows"),
        Param(name="early_stopping", kind="int", default=20, title="Early stopping", minimum=0, maximum=1000,
              unit="epochs", help="Stop when the validation loss has not fallen so long; the best is kept. 0: never."),
        Param(name="validation_percent", kind="float", default=15.0, title="Validation", minimum=0, maximum=50,
              unit="%", help="Training recordings (never single windows) set aside to choose the best epoch."),
        Param(name="class_weights", kind="bool", default=True, title="Class weights",
              help="Rare labels weigh more, so that frequent ones do not drown them."),
        Param(name="noise", kind="float", default=0.1, title="Noise", minimum=0, maximum=2,
              help="Random noise added to standardised features in training, in standard deviations."),
        Param(name="time_shift", kind="float", default=0.1, title="Time shift", minimum=0, maximum=0.5,
              help="Sequences are shifted at random by up to this part of the window in training."),
        Param(name="mask", kind="float", default=0.0, title="Masking", minimum=0, maximum=0.5,
              help="In training, a random stretch of up to this part of the window, and of its columns, is blanked."),
        Param(name="seed", kind="int", default=1, title="Seed", minimum=0, maximum=2**31 - 1,
              help="The same seed and data give the same model."),
    ]  # fmt: skip

    def build(self, values: Mapping[str, Value], shape: tuple[int, ...], classes: int) -> Any:
        import keras

        inputs = keras.Input(shape=shape, name="features")
        width, layers = int(values["width"]), int(values["layers"])
        match values["preset"]:
            case "dense":
                x = _dense(keras, inputs, width, layers)
            case "conv1d":
                x = _conv1d(keras, inputs, _as_sequence(shape, "conv1d"), width, layers)
            case _:
                x = _ds_cnn(keras, inputs, _as_sequence(shape, "ds_cnn"), width, layers)
        x = keras.layers.Dropout(float(values["dropout"]))(x)
        return keras.Model(inputs, keras.layers.Dense(classes, activation="softmax", name="scores")(x))


def _as_sequence(shape: tuple[int, ...], preset: str) -> tuple[int, int]:
    """(rows, cols).

    Raises:
        BadInput: the features are one vector, in which no time runs.
    """
    if len(shape) != 2:
        raise BadInput(
            f"The network {preset!r} needs a sequence, and the DSP blocks give one vector of {shape[0]} features.",
            hint='Choose the network "dense", or a single DSP block that gives rows over time (raw, mfe, mfcc).',
        )
    return shape[0], shape[1]


def _dense(keras: Any, x: Any, width: int, layers: int) -> Any:
    x = keras.layers.Flatten()(x) if len(x.shape) > 2 else x
    for _ in range(layers):
        x = keras.layers.Dense(width, activation="relu")(x)
    return x


def _conv1d(keras: Any, x: Any, shape: tuple[int, int], width: int, layers: int) -> Any:
    """Convolution along time as Conv2D of height 1 (a Conv1D would add reshapes to the .tflite)."""
    rows, cols = shape
    x = keras.layers.Reshape((rows, 1, cols))(x)
    for index in range(layers):
        x = _normalised(
            keras, keras.layers.Conv2D(width, (5 if index == 0 else 3, 1), padding="same", use_bias=False)(x)
        )
        if rows >= 2 * _SMALLEST_MAP:
            x, rows = keras.layers.MaxPooling2D((2, 1))(x), rows // 2
    return keras.layers.GlobalAveragePooling2D()(x)


def _ds_cnn(keras: Any, x: Any, shape: tuple[int, int], width: int, layers: int) -> Any:
    """Zhang et al. 2017, "Hello Edge: Keyword Spotting on Microcontrollers", arXiv:1711.07128, with a smaller stem."""
    rows, cols = shape
    x = keras.layers.Reshape((rows, cols, 1))(x)
    strides = (2, 2 if cols >= 2 * _SMALLEST_MAP else 1)
    kernel = (min(10, rows), min(4, cols))
    x = _normalised(keras, keras.layers.Conv2D(width, kernel, strides=strides, padding="same", use_bias=False)(x))
    for _ in range(layers):
        x = _normalised(keras, keras.layers.DepthwiseConv2D(3, padding="same", use_bias=False)(x))
        x = _normalised(keras, keras.layers.Conv2D(width, 1, padding="same", use_bias=False)(x))
    return keras.layers.GlobalAveragePooling2D()(x)


def _normalised(keras: Any, x: Any) -> Any:
    return keras.layers.ReLU()(keras.layers.BatchNormalization()(x))


PLUGIN = Classifier()
