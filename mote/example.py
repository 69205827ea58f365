"""The example dataset: SIMULATED motions of a hand-held accelerometer, so that a new user can go the whole way.

Nothing here was recorded. Each recording is gravity, turned by how the hand holds the board, plus a motion, plus noise:

    idle    the hand trembles: 8-12 Hz at a few hundredths of g
    shake   along one axis, 3.5-6 Hz
    circle  two axes a quarter period apart, 0.9-1.6 Hz
    wave    along another axis, 1.5-2.5 Hz, with the board tilting to and fro

Persons differ in tempo, strength and grip; the metadata `person` says who, so that a split by person can be tried.
Everything follows from the seed: the same call gives the same bits.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mote.pipeline import BlockSpec, LearnSpec, Pipeline, Window
from mote.sample import Axis, Sample
from mote.split import SplitRule, assign

LABELS = ("circle", "idle", "shake", "wave")
RATE_HZ = 100.0
DURATION_S = 3.0
AXES = (Axis(name="accX", unit="m/s2"), Axis(name="accY", unit="m/s2"), Axis(name="accZ", unit="m/s2"))
GRAVITY = 9.81
TESTING_PERSONS = ("erin",)
_PERSONS = ("anna", "ben", "chris", "dana", "erin")

Doubles = NDArray[np.float64]


def samples(seed: int = 1, per_person: int = 6) -> list[Sample]:
    """Simulated recordings of every motion by every simulated person; one person is for testing.

    Args:
        seed: fixes every bit.
        per_person: recordings of each motion by each person.

    Returns:
        len(LABELS) * 5 * per_person recordings of 3 s, 3 axes, 100 Hz, in m/s2, labelled and divided.
    """
    made = [
        _recording(seed, person, label, index)
        for person in range(len(_PERSONS))
        for label in LABELS
        for index in range(per_person)
    ]
    sides = assign(made, SplitRule(kind="where", key="person", values=TESTING_PERSONS))
    return [replace(sample, split=side) for sample, side in zip(made, sides, strict=True)]


def pipeline() -> Pipeline:
    """A pipeline that suits these motions and trains in seconds."""
    return Pipeline(
        window=Window(length_ms=1000, stride_ms=250),
        blocks=(BlockSpec(block="spectral"), BlockSpec(block="statistics")),
        learn=LearnSpec(params={"preset": "dense", "epochs": 30}),
    )


def _recording(seed: int, person: int, label: str, index: int) -> Sample:
    habits = np.random.default_rng((seed, person))
    tempo, strength = habits.uniform(0.88, 1.12), habits.uniform(0.8, 1.25)
    grip = _turn(habits.normal(0.0, 0.25, 3))
    random = np.random.default_rng((seed, person, LABELS.index(label), index + 1))
    time_s = np.arange(round(DURATION_S * RATE_HZ)) / RATE_HZ
    motion = _motion(label, time_s, tempo, strength, random)
    hold = grip @ _turn(random.normal(0.0, 0.08, 3))
    readings = motion @ hold.T + random.normal(0.0, 0.06, motion.shape)
    sample = Sample(
        name=f"{label}.{_PERSONS[person]}.{index + 1:02}",
        values=np.ascontiguousarray(readings, dtype=np.float32),
        rate_hz=RATE_HZ,
        axes=AXES,
        metadata={"person": _PERSONS[person], "simulated": "yes"},
    )
    return replace(sample, segments=sample.with_label(label))


def _motion(label: str, time_s: Doubles, tempo: float, strength: float, random: np.random.Generator) -> Doubles:
    """(readings, 3) acceleration in m/s2 in the frame of an evenly held board, gravity included."""
    phase = random.uniform(0, 2 * np.pi)
    motion = np.zeros((len(time_s), 3))
    motion[:, 2] = GRAVITY
    if label == "idle":
        return motion + _wave(time_s, random.uniform(8, 12), phase)[:, None] * random.normal(0, 0.15, 3)
    slow, fast = {"shake": (3.5, 6.0), "circle": (0.9, 1.6), "wave": (1.5, 2.5)}[label]
    frequency = random.uniform(slow, fast) * tempo
    size = strength * random.uniform(0.85, 1.15)
    if label == "shake":
        motion[:, 0] += 12.0 * size * _wave(time_s, frequency, phase)
    elif label == "circle":
        motion[:, 0] += 4.0 * size * _wave(time_s, frequency, phase)
        motion[:, 2] += 4.0 * size * _wave(time_s, frequency, phase + np.pi / 2)
    else:
        tilt = 0.6 * size * _wave(time_s, frequency, phase)
        motion[:, 1] += 5.0 * size * _wave(time_s, frequency, phase) + GRAVITY * np.sin(tilt)
        motion[:, 2] += GRAVITY * (np.cos(tilt) - 1)
    return motion


def _wave(time_s: Doubles, frequency_hz: float, phase: float) -> Doubles:
    """A sine with some second harmonic: hands do not move in pure tones."""
    angle = 2 * np.pi * frequency_hz * time_s + phase
    wave: Doubles = np.sin(angle) + 0.15 * np.sin(2 * angle)
    return wave


def _turn(angles: Doubles) -> Doubles:
    """Rotation matrix of three angles about x, y and z, in radians."""
    (cx, cy, cz), (sx, sy, sz) = np.cos(angles), np.sin(angles)
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    turn: Doubles = about_z @ about_y @ about_x
    return turn
