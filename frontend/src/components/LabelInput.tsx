import { Autocomplete, type AutocompleteProps } from '@mantine/core';
import { labelColor } from 'lib/colors';

interface Props extends Omit<AutocompleteProps, 'data' | 'onChange'> {
  labels: readonly string[];
  colors?: Map<string, string>;
  onChange: (label: string) => void;
}

/** A label: one of the project's or a new one. */
export function LabelInput({ labels, colors, onChange, ...rest }: Props) {
  return (
    <Autocomplete
      maxLength={120}
      data={[...labels]}
      limit={50}
      onChange={onChange}
      renderOption={({ option }) => (
        <span style={{ display: 'inline-flex', alignItems: 'center', gap: 8, minWidth: 0 }}>
          <span style={{ flex: 'none', width: 10, height: 10, borderRadius: 3, background: labelColor(option.value, colors) }} />
          <span className="truncate">{option.value}</span>
        </span>
      )}
      {...rest}
    />
  );
}
