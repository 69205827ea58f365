import { Badge } from '@mantine/core';
import { IconBan, IconCheck, IconClock, IconLoader2, IconX, type Icon } from '@tabler/icons-react';
import type { JobState } from 'lib/types';

const LOOK: Record<JobState, { color: string; label: string; icon: Icon }> = {
  queued: { color: 'gray', label: 'Waiting', icon: IconClock },
  running: { color: 'blue', label: 'Running', icon: IconLoader2 },
  done: { color: 'teal', label: 'Done', icon: IconCheck },
  failed: { color: 'red', label: 'Failed', icon: IconX },
  cancelled: { color: 'gray', label: 'Cancelled', icon: IconBan },
};

/** The state of a job, training or deployment: word, sign and colour. */
export function StateBadge({ state }: { state: JobState }) {
  const { color, label, icon: IconComponent } = LOOK[state];
  return (
    <Badge variant="light" color={color} tt="none" leftSection={<IconComponent size={12} stroke={2.2} />} style={{ flex: 'none' }}>
      {label}
    </Badge>
  );
}
