import { NumberInput, Paper, SegmentedControl, SimpleGrid, Stack, Switch, Text, Title } from '@mantine/core';
import type { Pad, Pipeline } from 'lib/pipeline';
import type { Change, Problems } from './draft';

interface Props {
  pipeline: Pipeline;
  problems: Problems;
  dispatch: (change: Change) => void;
  disabled: boolean;
  /** What the numbers come to: "3 windows in this sample". */
  outcome: string;
}

const PADS: { value: Pad; label: string; help: string }[] = [
  { value: 'zero', label: 'Zeros', help: 'Samples shorter than a window, and the rest at their end, are filled up with zeros.' },
  { value: 'repeat', label: 'Last reading', help: 'Samples shorter than a window, and the rest at their end, are filled up with their last reading.' },
  { value: 'none', label: 'Leave out', help: 'Samples shorter than a window, and the rest at their end, are left out.' },
];

const numberOr = (value: number | string) => (value === '' ? NaN : Number(value));

/** How recordings are cut, and which label a window gets. */
export function WindowForm({ pipeline, problems, dispatch, disabled, outcome }: Props) {
  const { window } = pipeline;
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Window
      </Title>
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
          <NumberInput
            label="Length"
            suffix=" ms"
            min={1}
            value={window.length_ms}
            error={problems['window.length_ms']}
            disabled={disabled}
            onChange={(value) => dispatch({ kind: 'window', window: { length_ms: numberOr(value) } })}
          />
          <NumberInput
            label="Stride"
            suffix=" ms"
            min={1}
            value={window.stride_ms}
            error={problems['window.stride_ms']}
            disabled={disabled}
            onChange={(value) => dispatch({ kind: 'window', window: { stride_ms: numberOr(value) } })}
          />
        </SimpleGrid>
        <div>
          <Text size="sm" fw={500} mb={4} id="pad-label">
            Fill short windows with
          </Text>
          <SegmentedControl
            fullWidth
            aria-labelledby="pad-label"
            data={PADS.map(({ value, label }) => ({ value, label }))}
            value={window.pad}
            disabled={disabled}
            onChange={(pad) => dispatch({ kind: 'window', window: { pad: pad as Pad } })}
          />
          <Text size="xs" c="dimmed" mt={4}>
            {PADS.find((pad) => pad.value === window.pad)?.help}
          </Text>
        </div>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
          <NumberInput
            label="A label must cover"
            description="of the window; otherwise the window is left out"
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            suffix=" %"
            min={1}
            max={100}
            value={Math.round(pipeline.label_threshold * 100)}
            error={problems.label_threshold}
            disabled={disabled}
            onChange={(value) => dispatch({ kind: 'set', values: { label_threshold: numberOr(value) / 100 } })}
          />
          <Switch
            mt={26}
            label="Standardise features"
            description="Mean 0 and deviation 1 over the training windows; goes into the firmware"
            checked={pipeline.standardise}
            disabled={disabled}
            onChange={(event) => dispatch({ kind: 'set', values: { standardise: event.currentTarget.checked } })}
          />
        </SimpleGrid>
        <Text size="sm" c="dimmed" role="status">
          {outcome}
        </Text>
      </Stack>
    </Paper>
  );
}
