import { Badge, NumberInput, Select, SimpleGrid, Stack, Table, Text, TextInput } from '@mantine/core';
import { LabelDot } from 'components/LabelDot';
import { LabelInput } from 'components/LabelInput';
import { PathName } from 'components/PathName';
import { labelColors } from 'lib/colors';
import { plural } from 'lib/format';
import { isLabelList, type Picked } from './batches';
import type { SplitRule, UploadOptions } from './engine';
import { detect, folderLabel, matchPattern, patternProblem } from './pattern';

export interface Rules {
  labels: 'auto' | 'folder' | 'name' | 'one' | 'file' | 'none';
  pattern: string;
  label: string;
  file: string;
  split: SplitRule['kind'];
  testingPercent: number;
  key: string;
}

export const DEFAULT_RULES: Rules = {
  labels: 'auto',
  pattern: '{label}_{index}',
  label: '',
  file: '',
  split: 'files',
  testingPercent: 20,
  key: '',
};

const isZip = ({ path }: Picked) => path.toLowerCase().endsWith('.zip');
const isTable = ({ path }: Picked) => /\.(csv|tsv|txt)$/i.test(path);
const recordings = (files: readonly Picked[]) => files.filter((picked) => !isLabelList(picked.path));

/** What stands in the way of sending; null when nothing does. */
export function rulesProblem(rules: Rules): string | null {
  if (rules.labels === 'name') return patternProblem(rules.pattern);
  if (rules.labels === 'one' && !rules.label.trim()) return 'Give the label';
  if (rules.labels === 'file' && !rules.file) return 'Choose the file that lists the labels';
  if (rules.split === 'group' && !rules.key.trim()) return 'Name the metadata to split by';
  return null;
}

/** Label lists and archives are the server's to look into; everything else is decided here, over all files at once. */
function autoRule(files: readonly Picked[]): UploadOptions['label_rule'] {
  if (files.some((picked) => isZip(picked) || isLabelList(picked.path))) return { kind: 'auto' };
  return detect(files.map(({ path }) => path));
}

export function toOptions(rules: Rules, files: readonly Picked[]): UploadOptions {
  const label_rule: UploadOptions['label_rule'] = {
    auto: () => autoRule(files),
    folder: () => ({ kind: 'folder' as const }),
    name: () => ({ kind: 'name' as const, pattern: rules.pattern.trim() }),
    file: () => ({ kind: 'file' as const, pattern: rules.file.slice(rules.file.lastIndexOf('/') + 1) }),
    one: () => ({ kind: 'none' as const }),
    none: () => ({ kind: 'none' as const }),
  }[rules.labels]();
  const split_rule: SplitRule = { kind: rules.split, testing_percent: rules.testingPercent };
  if (rules.split === 'group') split_rule.key = rules.key.trim();
  return { label_rule, split_rule, read_options: {}, ...(rules.labels === 'one' ? { label: rules.label.trim() } : {}) };
}

/** The label that a rule gives to a file, as far as that can be known before it is read. */
function previewOf(rules: Rules, files: readonly Picked[]): ((path: string) => { label: string | null; fields: Record<string, string> } | null) | null {
  const rule = toOptions(rules, files).label_rule;
  if (rules.labels === 'one') return () => ({ label: rules.label.trim() || null, fields: {} });
  if (rule.kind === 'folder') return (path) => ({ label: folderLabel(path), fields: {} });
  if (rule.kind === 'name' && rule.pattern && !patternProblem(rule.pattern)) return (path) => matchPattern(rule.pattern as string, path);
  if (rule.kind === 'none') return () => ({ label: null, fields: {} });
  return null;
}

function spread<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, index) => items[Math.round((index * (items.length - 1)) / (most - 1))]);
}

function Preview({ rules, files }: { rules: Rules; files: readonly Picked[] }) {
  const preview = previewOf(rules, files);
  if (!preview)
    return (
      <Text size="sm" c="dimmed">
        {rules.labels === 'name' ? 'The preview comes when the pattern is complete.' : 'Labels are read from the list or the archive on the server.'}
      </Text>
    );
  const all = recordings(files).map(({ path }) => ({ path, found: preview(path) }));
  const labels = new Set(all.flatMap(({ found }) => (found?.label ? [found.label] : [])));
  const without = all.filter(({ found }) => !found?.label).length;
  const colors = labelColors(labels);
  return (
    <Stack gap={6}>
      <Text size="sm">
        {labels.size === 0 ? 'No labels' : plural(labels.size, 'label')}
        {labels.size > 0 && without > 0 && (
          <Text span c="orange">
            {' '}
            · {plural(without, 'file')} without one
          </Text>
        )}
      </Text>
      <Table verticalSpacing={4} style={{ tableLayout: 'fixed' }}>
        <Table.Tbody>
          {spread(all, 5).map(({ path, found }) => (
            <Table.Tr key={path}>
              <Table.Td>
                <Text size="xs" component="div">
                  <PathName path={path} />
                </Text>
              </Table.Td>
              <Table.Td w="46%">
                <LabelDot label={found?.label ?? null} colors={colors} />
                {Object.entries(found?.fields ?? {}).map(([name, value]) => (
                  <Badge key={name} size="xs" variant="light" color="gray" tt="none" mr={4}>
                    {name}: {value}
                  </Badge>
                ))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

function detectedText(files: readonly Picked[]): string {
  const rule = autoRule(files);
  if (rule.kind === 'auto') return 'From the label list or the archive';
  if (rule.kind === 'folder') return 'From the folders';
  if (rule.kind === 'name') return `From the names, as ${rule.pattern}`;
  return 'None found';
}

interface Props {
  files: readonly Picked[];
  rules: Rules;
  onChange: (rules: Rules) => void;
  labels: string[];
  colors: Map<string, string>;
}

/** Where labels and split come from, with a preview of what that gives. */
export function RuleForm({ files, rules, onChange, labels, colors }: Props) {
  const set = (part: Partial<Rules>) => onChange({ ...rules, ...part });
  const tables = files.filter(isTable).map(({ path }) => path);
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label="Labels"
          description={rules.labels === 'auto' ? detectedText(files) : undefined}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          value={rules.labels}
          onChange={(value) => set({ labels: value as Rules['labels'] })}
          data={[
            { value: 'auto', label: 'Automatic' },
            { value: 'folder', label: 'From the folder of each file' },
            { value: 'name', label: 'From the file name' },
            { value: 'one', label: 'One label for all' },
            { value: 'file', label: 'From a list (CSV)' },
            { value: 'none', label: 'None for now' },
          ]}
        />
        {rules.labels === 'name' && (
          <TextInput
            label="File names look like"
            description="{label} is the label, other parts become metadata, * is anything"
            inputWrapperOrder={['label', 'input', 'error', 'description']}
            value={rules.pattern}
            error={patternProblem(rules.pattern)}
            spellCheck={false}
            onChange={(event) => set({ pattern: event.currentTarget.value })}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          />
        )}
        {rules.labels === 'one' && (
          <LabelInput label="Label" data-autofocus labels={labels} colors={colors} value={rules.label} onChange={(label) => set({ label })} />
        )}
        {rules.labels === 'file' && (
          <Select
            label="List"
            description="With columns for file and label; it must be among the files"
            inputWrapperOrder={['label', 'input', 'error', 'description']}
            placeholder={tables.length ? 'Choose a file' : 'No CSV among the files'}
            searchable
            data={tables}
            value={rules.file || null}
            onChange={(file) => set({ file: file ?? '' })}
          />
        )}
      </SimpleGrid>
      <Preview rules={rules} files={files} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label="Split"
          value={rules.split}
          onChange={(value) => set({ split: value as Rules['split'] })}
          data={[
            { value: 'files', label: 'As the folders say, else by content' },
            { value: 'hash', label: 'By content' },
            { value: 'group', label: 'By a person, device, …' },
            { value: 'training', label: 'All for training' },
            { value: 'testing', label: 'All for testing' },
          ]}
        />
        {rules.split === 'group' && (
          <TextInput
            label="Metadata that tells them apart"
            description="Recordings of one are never on both sides"
            inputWrapperOrder={['label', 'input', 'error', 'description']}
            placeholder="speaker"
            value={rules.key}
            onChange={(event) => set({ key: event.currentTarget.value })}
          />
        )}
        {['files', 'hash', 'group'].includes(rules.split) && (
          <NumberInput
            label="For testing"
            suffix=" %"
            min={0}
            max={100}
            allowDecimal={false}
            value={rules.testingPercent}
            onChange={(value) => set({ testingPercent: Number(value) || 0 })}
          />
        )}
      </SimpleGrid>
    </Stack>
  );
}
