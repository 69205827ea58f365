import { Group, Text } from '@mantine/core';
import { labelColor } from 'lib/colors';

interface Props {
  label: string | null;
  colors?: Map<string, string>;
  /** What stands for no label. */
  none?: string;
}

/** A label with its colour. */
export function LabelDot({ label, colors, none = 'No label' }: Props) {
  return (
    <Group gap={7} wrap="nowrap" style={{ minWidth: 0 }} component="span">
      <span
        aria-hidden
        style={{ flex: 'none', width: 10, height: 10, borderRadius: 3, background: labelColor(label, colors), opacity: label ? 1 : 0.4 }}
      />
      <Text span size="sm" className="truncate" title={label ?? undefined} c={label ? undefined : 'dimmed'}>
        {label ?? none}
      </Text>
    </Group>
  );
}
