import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import type { Param, ParamValue } from 'lib/types';
import { ParamForm, paramProblem, paramRange, paramTitle } from './ParamForm';

const rate: Param = { name: 'learning_rate', kind: 'float', default: 0.002, unit: '', minimum: 0.0001, maximum: 1 };
const epochs: Param = { name: 'epochs', kind: 'int', default: 60, minimum: 1, maximum: 1000, help: 'Passes over the data' };
const preset: Param = { name: 'preset', kind: 'choice', default: 'dense', choices: ['dense', 'conv1d'] };
const weights: Param = { name: 'class_weights', kind: 'bool', default: true };

function Form({ onChange }: { onChange: (values: Record<string, ParamValue>) => void }) {
  const [values, setValues] = useState<Record<string, ParamValue>>({});
  return (
    <MantineProvider>
      <ParamForm
        params={[rate, epochs, preset, weights]}
        values={values}
        onChange={(next) => {
          setValues(next);
          onChange(next);
        }}
      />
    </MantineProvider>
  );
}

test('titles and ranges are words', () => {
  expect(paramTitle(rate)).toBe('Learning rate');
  expect(paramRange(epochs)).toBe('1 to 1000');
  expect(paramRange({ ...epochs, maximum: null, unit: 'Hz' })).toBe('at least 1 Hz');
});

test('a value out of range, broken or not whole is told', () => {
  expect(paramProblem(epochs, 5)).toBeNull();
  expect(paramProblem(epochs, 0)).toBe('At least 1');
  expect(paramProblem(epochs, 2.5)).toBe('Give a whole number');
  expect(paramProblem(rate, Number.NaN)).toBe('Give a number');
  expect(paramProblem(preset, 'dense')).toBeNull();
});

test('the form shows defaults and hands over what was changed', async () => {
  const onChange = jest.fn();
  render(<Form onChange={onChange} />);
  expect(screen.getByLabelText('Epochs')).toHaveValue('60');
  await userEvent.clear(screen.getByLabelText('Epochs'));
  await userEvent.type(screen.getByLabelText('Epochs'), '80');
  expect(onChange).toHaveBeenLastCalledWith({ epochs: 80 });
  await userEvent.click(screen.getByLabelText('Class weights'));
  expect(onChange).toHaveBeenLastCalledWith({ epochs: 80, class_weights: false });
});
