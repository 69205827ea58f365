import { ActionIcon, Button, Group, Menu, Paper, Popover, Stack, Text, Tooltip } from '@mantine/core';
import { IconArrowsSplit2, IconTag, IconTrash, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { LabelInput } from 'components/LabelInput';
import type { BulkAction } from './bulk';
import classes from './BulkBar.module.css';

interface Props {
  chosen: number;
  /** How many the filters let through; offered when the whole page is chosen. */
  total: number;
  pageChosen: boolean;
  everything: boolean;
  labels: string[];
  colors: Map<string, string>;
  busy: boolean;
  mayEdit: boolean;
  onEverything: () => void;
  onClear: () => void;
  onAction: (action: BulkAction) => void;
}

function Relabel({ labels, colors, onAction }: Pick<Props, 'labels' | 'colors' | 'onAction'>) {
  const [opened, setOpened] = useState(false);
  const [label, setLabel] = useState('');
  const act = (value: string | null) => {
    setOpened(false);
    setLabel('');
    onAction({ action: 'relabel', label: value });
  };
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus width={260} shadow="md">
      <Popover.Target>
        <Button size="compact-sm" variant="subtle" leftSection={<IconTag size={16} />} onClick={() => setOpened(!opened)}>
          Label
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (label.trim()) act(label.trim());
          }}
        >
          <Stack gap="xs">
            <LabelInput
              label="Label"
              data-autofocus
              labels={labels}
              colors={colors}
              value={label}
              onChange={setLabel}
              comboboxProps={{ withinPortal: false }}
            />
            <Group justify="space-between" gap="xs">
              <Button size="xs" variant="subtle" color="gray" onClick={() => act(null)}>
                Remove label
              </Button>
              <Button size="xs" type="submit" disabled={!label.trim()}>
                Set label
              </Button>
            </Group>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

/** What can be done with the chosen samples; floats at the bottom while something is chosen. */
export function BulkBar(props: Props) {
  const { chosen, total, pageChosen, everything, busy, mayEdit, onEverything, onClear, onAction } = props;
  return (
    <Paper className={classes.bar} shadow="lg" role="toolbar" aria-label="Chosen samples">
      <Group gap={2} justify="center">
        <Tooltip label="Choose none (Esc)">
          <ActionIcon variant="subtle" color="gray" onClick={onClear} aria-label="Choose none">
            <IconX size={18} />
          </ActionIcon>
        </Tooltip>
        <Text size="sm" fw={500} className="tabular" px={4}>
          {chosen} chosen
        </Text>
        {pageChosen && !everything && total > chosen && (
          <Button size="compact-sm" variant="light" onClick={onEverything}>
            Choose all {total}
          </Button>
        )}
        <Relabel {...props} />
        {mayEdit && (
          <>
            <Menu position="top">
              <Menu.Target>
                <Button size="compact-sm" variant="subtle" leftSection={<IconArrowsSplit2 size={16} />} disabled={busy}>
                  Move
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => onAction({ action: 'move', split: 'training' })}>To training</Menu.Item>
                <Menu.Item onClick={() => onAction({ action: 'move', split: 'testing' })}>To testing</Menu.Item>
              </Menu.Dropdown>
            </Menu>
            <Button
              size="compact-sm"
              variant="subtle"
              color="red"
              leftSection={<IconTrash size={16} />}
              loading={busy}
              onClick={() => onAction({ action: 'delete' })}
            >
              Delete
            </Button>
          </>
        )}
      </Group>
    </Paper>
  );
}
