/** Which rows of a list are chosen. Pure, so that mouse and keys behave the same. */
import type { Id } from 'lib/types';

export interface Selection {
  ids: ReadonlySet<Id>;
  /** Where a range chosen with Shift begins. */
  anchor: Id | null;
  /** Every sample that the filters let through, also those on other pages. */
  everything: boolean;
}

export const NOTHING: Selection = { ids: new Set(), anchor: null, everything: false };

export const isEmpty = (selection: Selection) => !selection.everything && selection.ids.size === 0;

/** A click on a row's box: Shift chooses everything from the row clicked before, otherwise the row is turned over. */
export function toggle(selection: Selection, order: readonly Id[], id: Id, shift: boolean): Selection {
  const ids = new Set(selection.everything ? order : selection.ids);
  const from = selection.anchor === null ? -1 : order.indexOf(selection.anchor);
  const to = order.indexOf(id);
  if (shift && from >= 0 && to >= 0) {
    for (const between of order.slice(Math.min(from, to), Math.max(from, to) + 1)) ids.add(between);
    return { ids, anchor: selection.anchor, everything: false };
  }
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id, everything: false };
}

/** Ctrl+A and the box in the head: all of this page, or none when all are chosen. */
export function togglePage(selection: Selection, order: readonly Id[]): Selection {
  if (selection.everything) return NOTHING;
  const all = order.length > 0 && order.every((id) => selection.ids.has(id));
  const ids = new Set(selection.ids);
  order.forEach((id) => (all ? ids.delete(id) : ids.add(id)));
  return { ids, anchor: selection.anchor, everything: false };
}

export const chooseEverything = (selection: Selection): Selection => ({ ...selection, everything: true });

/** The row that the arrow keys lead to. */
export function step(order: readonly Id[], from: Id | null, by: number): Id | null {
  if (order.length === 0) return null;
  const index = from === null ? -1 : order.indexOf(from);
  if (index < 0) return order[by > 0 ? 0 : order.length - 1];
  return order[Math.min(order.length - 1, Math.max(0, index + by))];
}
