import { ActionIcon, Group, Kbd, Popover, TextInput, Tooltip, UnstyledButton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { labelColor } from 'lib/colors';
import classes from './Palette.module.css';

interface Props {
  labels: string[];
  colors: Map<string, string>;
  current: string | null;
  onChoose: (label: string) => void;
}

/** The labels to draw with. The first nine have a number key. */
export function Palette({ labels, colors, current, onChoose }: Props) {
  const [adding, setAdding] = useState(false);
  const [name, setName] = useState('');
  return (
    <Group gap={6} role="radiogroup" aria-label="Label to draw with">
      {labels.map((label, index) => (
        <UnstyledButton
          key={label}
          className={classes.chip}
          role="radio"
          aria-checked={label === current}
          onClick={() => onChoose(label)}
          style={{ '--band': labelColor(label, colors) } as React.CSSProperties}
          title={label}
        >
          <span className={classes.dot} />
          <span className="truncate">{label}</span>
          {index < 9 && (
            <Kbd size="xs" className={classes.key} aria-hidden>
              {index + 1}
            </Kbd>
          )}
        </UnstyledButton>
      ))}
      <Popover opened={adding} onChange={setAdding} trapFocus width={240} shadow="md" position="bottom-start">
        <Popover.Target>
          <Tooltip label="New label">
            <ActionIcon variant="default" size={30} radius="xl" aria-label="New label" onClick={() => setAdding(!adding)}>
              <IconPlus size={16} />
            </ActionIcon>
          </Tooltip>
        </Popover.Target>
        <Popover.Dropdown>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (!name.trim()) return;
              onChoose(name.trim());
              setName('');
              setAdding(false);
            }}
          >
            <TextInput
              label="New label"
              description="Enter to use it"
              data-autofocus
              maxLength={120}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          </form>
        </Popover.Dropdown>
      </Popover>
    </Group>
  );
}
