import { NumberInput, Select, SimpleGrid, Switch, Text } from '@mantine/core';
import type { Param, ParamValue } from 'lib/types';

interface Props {
  params: readonly Param[];
  /** What differs from the defaults; a missing name has its default. */
  values: Record<string, ParamValue>;
  onChange: (values: Record<string, ParamValue>) => void;
  disabled?: boolean;
  columns?: number;
  /** What the server refused, by name of the parameter. */
  errors?: Record<string, string>;
}

/** "learning_rate" to "Learning rate", for a parameter that has no title of its own. */
export function paramTitle(param: Param): string {
  if (param.title) return param.title;
  const words = param.name.replace(/_/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "1 to 64 Hz", "at least 0", or nothing. */
export function paramRange(param: Param): string {
  const unit = param.unit ? ` ${param.unit}` : '';
  const { minimum: low, maximum: high } = param;
  if (low != null && high != null) return `${low} to ${high}${unit}`;
  if (low != null) return `at least ${low}${unit}`;
  if (high != null) return `at most ${high}${unit}`;
  return '';
}

/** Help and range; a range of many decades tells a person nothing. */
function description(param: Param): string {
  const { help, minimum: low, maximum: high } = param;
  const isWide = low != null && high != null && (high > 1e5 || (low > 0 && high / low > 1e5));
  const range = isWide ? '' : paramRange(param);
  return help && range ? `${help.replace(/\.$/, '')} · ${range}` : help || range;
}

/** What is wrong with a value, in words; null when it is fine. The server has the same rule in mote/params.py. */
export function paramProblem(param: Param, value: ParamValue): string | null {
  if (param.kind === 'bool' || param.kind === 'choice') return null;
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'Give a number';
  if (param.kind === 'int' && !Number.isInteger(value)) return 'Give a whole number';
  if (param.minimum != null && value < param.minimum) return `At least ${param.minimum}${param.unit ? ` ${param.unit}` : ''}`;
  if (param.maximum != null && value > param.maximum) return `At most ${param.maximum}${param.unit ? ` ${param.unit}` : ''}`;
  return null;
}

interface FieldProps {
  param: Param;
  value: ParamValue;
  set: (value: ParamValue) => void;
  disabled?: boolean;
  error?: string;
}

function Field({ param, value, set, disabled, error }: FieldProps) {
  const label = paramTitle(param);
  if (param.kind === 'bool')
    return (
      <Switch
        mt={{ base: 0, xs: 6 }}
        label={label}
        description={param.help}
        error={error}
        checked={Boolean(value)}
        disabled={disabled}
        onChange={(event) => set(event.currentTarget.checked)}
      />
    );
  if (param.kind === 'choice')
    return (
      <Select
        label={label}
        description={param.help}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data={[...(param.choices ?? [])]}
        value={String(value)}
        error={error}
        disabled={disabled}
        onChange={(next) => next !== null && set(next)}
      />
    );
  return (
    <NumberInput
      label={label}
      description={description(param)}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={value as number}
      error={paramProblem(param, value) ?? error}
      allowDecimal={param.kind === 'float'}
      step={param.kind === 'int' ? 1 : undefined}
      hideControls={param.kind === 'float'}
      disabled={disabled}
      rightSection={
        param.unit && param.kind === 'float' ? (
          <Text size="xs" c="dimmed" pr="xs">
            {param.unit}
          </Text>
        ) : undefined
      }
      rightSectionWidth={param.unit && param.kind === 'float' ? 48 : undefined}
      onChange={(next) => set(next === '' ? Number.NaN : Number(next))}
    />
  );
}

/** The form of a table of parameters, with units, ranges and help from the table itself. */
export function ParamForm({ params, values, onChange, disabled, columns = 2, errors = {} }: Props) {
  if (params.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing to set.
      </Text>
    );
  return (
    <SimpleGrid cols={{ base: 1, sm: columns }} spacing="md" verticalSpacing="sm">
      {params.map((param) => (
        <Field
          key={param.name}
          param={param}
          value={values[param.name] ?? param.default}
          disabled={disabled}
          error={errors[param.name]}
          set={(value) => onChange({ ...values, [param.name]: value })}
        />
      ))}
    </SimpleGrid>
  );
}
