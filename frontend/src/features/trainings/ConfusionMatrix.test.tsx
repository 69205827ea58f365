import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { ConfusionMatrix } from './ConfusionMatrix';

const show = () =>
  render(
    <MantineProvider>
      <ConfusionMatrix labels={['idle', 'wave']} confusion={[[30, 10], [0, 40]]} />
    </MantineProvider>,
  );

test('says its most frequent mistake before anybody asks', () => {
  show();
  expect(screen.getByText('Most frequent mistake: 10 of 40 windows of “idle” were called “wave” (25 %).')).toBeInTheDocument();
});

test('is one stop of the tab key, and arrow keys walk in it', async () => {
  show();
  expect(screen.getAllByRole('cell').filter((cell) => cell.tabIndex === 0)).toHaveLength(1);
  await userEvent.tab();
  await userEvent.keyboard('{ArrowDown}');
  expect(screen.getByRole('cell', { name: /^0 of 40 windows of “wave”/ })).toHaveFocus();
  await userEvent.keyboard('{ArrowRight}');
  expect(screen.getByText('40 of 40 windows of “wave” were recognised (100 %).')).toBeInTheDocument();
});
