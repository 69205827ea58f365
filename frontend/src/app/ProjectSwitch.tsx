import { Group, Menu, Text, UnstyledButton } from '@mantine/core';
import { IconCheck, IconChevronDown, IconLayoutGrid } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useProjects } from 'lib/projects';
import type { Project } from 'lib/types';

function Items({ current }: { current: Project }) {
  const { data } = useProjects();
  return (
    <>
      {(data?.items ?? [current]).slice(0, 12).map((project) => (
        <Menu.Item
          key={project.id}
          component={Link}
          to={`/projects/${project.id}`}
          rightSection={project.id === current.id ? <IconCheck size={16} /> : undefined}
        >
          <Text size="sm" className="truncate" maw={220} title={project.name}>
            {project.name}
          </Text>
        </Menu.Item>
      ))}
      <Menu.Divider />
      <Menu.Item leftSection={<IconLayoutGrid size={16} />} component={Link} to="/">
        All projects
      </Menu.Item>
    </>
  );
}

/** The name of the open project; opens the list of the others. */
export function ProjectSwitch({ project }: { project: Project }) {
  const [opened, setOpened] = useState(false);
  return (
    <Menu position="bottom-start" width={270} opened={opened} onChange={setOpened}>
      <Menu.Target>
        <UnstyledButton style={{ minWidth: 0 }}>
          <Group gap={6} wrap="nowrap" style={{ minWidth: 0 }}>
            <Text fw={600} className="truncate" title={project.name}>
              {project.name}
            </Text>
            <IconChevronDown size={16} style={{ flex: 'none', opacity: 0.6 }} />
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>{opened && <Items current={project} />}</Menu.Dropdown>
    </Menu>
  );
}
