import { Accordion, Anchor, Badge, Button, Group, ScrollArea, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCopy, IconFileX } from '@tabler/icons-react';
import { Link } from 'react-router';
import { plural } from 'lib/format';
import type { Id } from 'lib/types';
import type { Refused, Report } from './engine';

/** Files that were refused for the same reason are shown together. */
export function groupRefused(refused: readonly Refused[]): { message: string; hint: string; files: string[] }[] {
  const groups = new Map<string, { message: string; hint: string; files: string[] }>();
  for (const { file, message, hint } of refused) {
    const words = message.startsWith(`${file}: `) ? message.slice(file.length + 2) : message;
    const key = `${words}\u0000${hint}`;
    const group = groups.get(key);
    if (group) group.files.push(file);
    else groups.set(key, { message: words, hint, files: [file] });
  }
  return Array.from(groups.values()).sort((a, b) => b.files.length - a.files.length);
}

/** A list that may have thousands of lines shows the first of them. */
const MOST_LINES = 200;

function Names({ names }: { names: string[] }) {
  return (
    <ScrollArea.Autosize mah={180}>
      {names.slice(0, MOST_LINES).map((name, index) => (
        <Text key={`${name}:${index}`} size="xs" c="dimmed" className="truncate" title={name}>
          {name}
        </Text>
      ))}
      {names.length > MOST_LINES && (
        <Text size="xs" c="dimmed">
          and {names.length - MOST_LINES} more
        </Text>
      )}
    </ScrollArea.Autosize>
  );
}

interface Props {
  projectId: Id;
  report: Report;
  onRetryUnsent: () => void;
  busy: boolean;
}

/** What became of the files: imported, known already, refused and why. */
export function ReportView({ projectId, report, onRetryUnsent, busy }: Props) {
  const refused = report.refused.filter((entry) => !entry.questions?.length);
  const samples = report.imported.reduce((sum, entry) => sum + entry.sample_ids.length, 0);
  const warned = report.imported.filter((entry) => entry.warnings.length > 0);
  const warnings = [
    ...(report.missing.length > 0 ? [{ warning: 'Listed with labels, but not among the files:', files: report.missing }] : []),
    ...(report.ignored.length > 0 ? [{ warning: 'Passed over, because they are no recordings:', files: report.ignored }] : []),
    ...report.warnings.map((warning) => ({ warning, files: [] as string[] })),
    ...Array.from(new Set(warned.flatMap((entry) => entry.warnings))).map((warning) => ({
      warning,
      files: warned.filter((entry) => entry.warnings.includes(warning)).map((entry) => entry.file),
    })),
  ];
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Badge size="lg" variant="light" color="teal" tt="none" leftSection={<IconCircleCheck size={14} />}>
          {plural(samples, 'sample')} imported
        </Badge>
        {report.duplicates.length > 0 && (
          <Badge size="lg" variant="light" color="gray" tt="none" leftSection={<IconCopy size={14} />}>
            {plural(report.duplicates.length, 'duplicate')}
          </Badge>
        )}
        {refused.length > 0 && (
          <Badge size="lg" variant="light" color="red" tt="none" leftSection={<IconFileX size={14} />}>
            {refused.length} refused
          </Badge>
        )}
        {warnings.length > 0 && (
          <Badge size="lg" variant="light" color="yellow" tt="none" leftSection={<IconAlertTriangle size={14} />}>
            {plural(warnings.length, 'note')}
          </Badge>
        )}
      </Group>
      {report.jobs.length > 0 && (
        <Text size="sm">
          A large archive is unpacked in the background; its samples appear as they are read. See{' '}
          <Anchor component={Link} to={`/projects/${projectId}/jobs`}>
            Jobs
          </Anchor>
          .
        </Text>
      )}
      {report.unsent.length > 0 && (
        <Group gap="sm">
          <Text size="sm">{plural(report.unsent.length, 'file')} not sent.</Text>
          <Button size="xs" variant="light" loading={busy} onClick={onRetryUnsent}>
            Send {report.unsent.length === 1 ? 'it' : 'them'} now
          </Button>
        </Group>
      )}
      {(refused.length > 0 || warnings.length > 0 || report.duplicates.length > 0) && (
        <Accordion variant="contained" multiple defaultValue={refused.length > 0 ? ['refused'] : []}>
          {refused.length > 0 && (
            <Accordion.Item value="refused">
              <Accordion.Control>Refused, and why</Accordion.Control>
              <Accordion.Panel>
                <Stack gap="sm">
                  {groupRefused(refused).map((group) => (
                    <div key={`${group.message}:${group.hint}`}>
                      <Text size="sm" fw={500}>
                        {group.message}
                      </Text>
                      {group.hint && <Text size="sm">{group.hint}</Text>}
                      <Names names={group.files} />
                    </div>
                  ))}
                </Stack>
              </Accordion.Panel>
            </Accordion.Item>
          )}
          {warnings.length > 0 && (
            <Accordion.Item value="notes">
              <Accordion.Control>Notes</Accordion.Control>
              <Accordion.Panel>
                <Stack gap="sm">
                  {warnings.map(({ warning, files }) => (
                    <div key={warning}>
                      <Text size="sm">{warning}</Text>
                      <Names names={files} />
                    </div>
                  ))}
                </Stack>
              </Accordion.Panel>
            </Accordion.Item>
          )}
          {report.duplicates.length > 0 && (
            <Accordion.Item value="duplicates">
              <Accordion.Control>Duplicates: the same readings are in the project already</Accordion.Control>
              <Accordion.Panel>
                <Names names={report.duplicates.map((entry) => entry.file)} />
              </Accordion.Panel>
            </Accordion.Item>
          )}
        </Accordion>
      )}
    </Stack>
  );
}
