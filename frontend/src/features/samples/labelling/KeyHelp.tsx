import { ActionIcon, Group, Kbd, Popover, Stack, Text } from '@mantine/core';
import { IconKeyboard } from '@tabler/icons-react';

const KEYS: [string[], string][] = [
  [['1', '…', '9'], 'Choose the label, or give it to the chosen segment'],
  [['Enter'], 'New segment in the middle of the view'],
  [[',', '.'], 'Previous, next segment'],
  [['←', '→'], 'Move the chosen segment; else previous, next sample'],
  [['Shift', '← →'], 'Move its end'],
  [['Alt', '← →'], 'Move its start'],
  [['Delete'], 'Remove it'],
  [['Ctrl', 'Z'], 'Undo; with Shift redo'],
  [['+', '−', '0'], 'Closer, further, all'],
  [['Space'], 'Play or pause'],
  [['L'], 'Label or look'],
  [['J', 'K'], 'Next, previous sample'],
];

/** What the keys do on this page. */
export function KeyHelp() {
  return (
    <Popover width={330} position="bottom-end" shadow="md">
      <Popover.Target>
        <ActionIcon variant="default" size={30} aria-label="Keys" title="Keys">
          <IconKeyboard size={18} stroke={1.6} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={6}>
          {KEYS.map(([keys, text]) => (
            <Group key={text} gap="xs" wrap="nowrap" align="flex-start">
              <Group gap={3} w={104} style={{ flex: 'none' }} wrap="nowrap">
                {keys.map((key) => (
                  <Kbd key={key} size="xs">
                    {key}
                  </Kbd>
                ))}
              </Group>
              <Text size="sm">{text}</Text>
            </Group>
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
