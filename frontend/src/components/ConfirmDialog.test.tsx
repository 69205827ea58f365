import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { ConfirmDialog } from './ConfirmDialog';

test('what cannot be taken back must be typed first', async () => {
  const onConfirm = jest.fn();
  render(
    <MantineProvider env="test">
      <ConfirmDialog opened title="Delete?" confirm="Delete project" typed="Pumps" onConfirm={onConfirm} onClose={() => undefined}>
        All gone.
      </ConfirmDialog>
    </MantineProvider>,
  );
  const button = screen.getByRole('button', { name: 'Delete project' });
  expect(button).toBeDisabled();
  await userEvent.type(screen.getByRole('textbox'), 'Pumps');
  await userEvent.click(button);
  expect(onConfirm).toHaveBeenCalledTimes(1);
});
