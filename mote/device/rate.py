"""How fast readings come, and how evenly."""

from __future__ import annotations

from collections import deque
from typing import Literal, NamedTuple

import numpy as np

SHORTEST_S = 0.5
LEAST_TICKS = 4
BOARD_TICKS = 8
"""So many times of the board's own clock are better than this computer's, where bytes arrive in bursts."""


class Rate(NamedTuple):
    rate_hz: float | None
    """None until there is enough to tell."""
    jitter_ms: float | None
    """Root mean square deviation of the readings' times from an even spacing."""
    clock: Literal["board", "computer"]


class RateMeter:
    """Rate and jitter over the last seconds: a straight line through (time, index) by least squares.

    Its slope is the rate; what is left over is the jitter. The board's own times are used where there are any.
    """

    def __init__(self, span_s: float = 5.0) -> None:
        self._span_s = span_s
        self._board: deque[tuple[float, int]] = deque()
        self._computer: deque[tuple[float, int]] = deque()

    def arrived(self, index: int, seconds: float) -> None:
        """A batch whose last reading is `index` arrived, by this computer's steady clock."""
        self._push(self._computer, index, seconds)

    def measured(self, index: int, seconds: float) -> None:
        """One reading with the board's own time; a clock that goes back was restarted."""
        if self._board and seconds <= self._board[-1][0]:
            self._board.clear()
        self._push(self._board, index, seconds)

    def estimate(self) -> Rate:
        clock: Literal["board", "computer"] = "board" if len(self._board) >= BOARD_TICKS else "computer"
        ticks = self._board if clock == "board" else self._computer
        if len(ticks) < LEAST_TICKS or ticks[-1][0] - ticks[0][0] < SHORTEST_S:
            return Rate(None, None, clock)
        times, indices = np.array(ticks, np.float64).T
        times, indices = times - times.mean(), indices - indices.mean()
        slope = float((times * indices).sum() / (times * times).sum())
        if slope <= 0:
            return Rate(None, None, clock)
        residual = float(np.sqrt(np.mean((indices - slope * times) ** 2)))
        return Rate(slope, residual / slope * 1000, clock)

    def _push(self, ticks: deque[tuple[float, int]], index: int, seconds: float) -> None:
        ticks.append((seconds, index))
        while len(ticks) > 2 and ticks[0][0] < seconds - self._span_s:
            ticks.popleft()
