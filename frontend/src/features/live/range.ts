/** The vertical range of a live plot: it widens at once and narrows slowly, so that the picture stays calm. */
export type YRange = [number, number];

/** Part of the way back that is gone with each drawing. */
const NARROW = 0.03;
const MARGIN = 0.08;

export function settleRange(was: YRange | null, low: number | null, high: number | null): YRange {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return was ?? [-1, 1];
  const size = high - low || Math.max(Math.abs(high) * 0.1, 1e-3);
  const [wantLow, wantHigh] = [low - size * MARGIN, high + size * MARGIN];
  if (was === null) return [wantLow, wantHigh];
  return [
    low < was[0] ? wantLow : was[0] + (wantLow - was[0]) * NARROW,
    high > was[1] ? wantHigh : was[1] + (wantHigh - was[1]) * NARROW,
  ];
}
