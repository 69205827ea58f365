/** Keys that work anywhere on a page, except where somebody is typing. */
import { useEffect, useRef } from 'react';

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest('input:not([type="checkbox"]):not([type="radio"]), textarea, select, [role="dialog"], [role="listbox"], [role="menu"]') !== null;
}

/** "mod+shift+z", "arrowleft", "1", "+": the way a key press is written. */
export function keyName(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>): string {
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase();
  const named = key.length > 1 || /[a-z]/.test(key);
  return [event.ctrlKey || event.metaKey ? 'mod+' : '', event.altKey ? 'alt+' : '', event.shiftKey && named ? 'shift+' : '', key].join('');
}

/** Calls the handler of a key; one that returns false has not used it. */
export function useKeys(keys: Record<string, (event: KeyboardEvent) => void | false>, enabled = true) {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target)) return;
      const handler = latest.current[keyName(event)];
      if (handler && handler(event) !== false) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [enabled]);
}
