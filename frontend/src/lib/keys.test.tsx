import { fireEvent, render, screen } from '@testing-library/react';
import { keyName, useKeys } from './keys';

const press = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });

test('keys have one name on every system', () => {
  expect(keyName(press('z', { metaKey: true }))).toBe('mod+z');
  expect(keyName(press('Z', { ctrlKey: true, shiftKey: true }))).toBe('mod+shift+z');
  expect(keyName(press('+', { shiftKey: true }))).toBe('+');
  expect(keyName(press(' '))).toBe('space');
  expect(keyName(press('ArrowLeft', { altKey: true }))).toBe('alt+arrowleft');
});

function Page({ onKey }: { onKey: () => void }) {
  useKeys({ j: onKey });
  return <input aria-label="Name" />;
}

test('keys do nothing while somebody is typing', () => {
  const onKey = jest.fn();
  render(<Page onKey={onKey} />);
  fireEvent.keyDown(screen.getByLabelText('Name'), { key: 'j' });
  expect(onKey).not.toHaveBeenCalled();
  fireEvent.keyDown(document.body, { key: 'j' });
  expect(onKey).toHaveBeenCalledTimes(1);
});
