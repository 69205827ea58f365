import { Box, Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { ConfirmDialog } from 'components/ConfirmDialog';
import { notifyDone } from 'components/notify';
import { PageHeader } from 'components/PageHeader';
import { Section } from 'components/Section';
import { TeamPanel } from 'features/teams/TeamPanel';
import { ApiKeys } from 'features/users/ApiKeys';
import { api } from 'lib/api';
import { plural } from 'lib/format';
import { projectKeys, useOpenProject } from 'lib/projects';
import type { Project } from 'lib/types';

function General({ project, readOnly }: { project: Project; readOnly: boolean }) {
  const client = useQueryClient();
  const [name, setName] = useState(project.name);
  const [description, setDescription] = useState(project.description);
  const changed = name.trim() !== project.name || description.trim() !== project.description;
  const save = useMutation({
    mutationFn: () =>
      api.patch<Project>(`/projects/${project.id}`, { version: project.version, name: name.trim(), description: description.trim() }),
    onSuccess: (saved) => {
      client.setQueryData(projectKeys.detail(project.id), saved);
      client.invalidateQueries({ queryKey: projectKeys.list });
      notifyDone('Saved');
    },
    onError: () => client.invalidateQueries({ queryKey: projectKeys.detail(project.id) }),
  });
  return (
    <Section title="Project">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack maw={560}>
          <TextInput label="Name" required maxLength={100} readOnly={readOnly} value={name} onChange={(e) => setName(e.currentTarget.value)} />
          <Textarea
            label="Description"
            autosize
            minRows={3}
            readOnly={readOnly}
            value={description}
            onChange={(e) => setDescription(e.currentTarget.value)}
          />
          {readOnly ? (
            <Text size="sm" c="dimmed">
              Editors of the team can change this.
            </Text>
          ) : (
            <Group>
              <Button type="submit" disabled={!name.trim() || !changed} loading={save.isPending}>
                Save
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Section>
  );
}

function Delete({ project }: { project: Project }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => api.delete(`/projects/${project.id}`),
    onSuccess: () => {
      navigate('/');
      client.removeQueries({ queryKey: projectKeys.all(project.id) });
      client.invalidateQueries({ queryKey: projectKeys.list });
      notifyDone(`“${project.name}” was deleted`);
    },
    onSettled: () => setAsking(false),
  });
  return (
    <Section danger title="Delete the project" description="With all of its recordings, labels, models and firmware.">
      <Button color="red" variant="light" onClick={() => setAsking(true)}>
        Delete project
      </Button>
      <ConfirmDialog
        opened={asking}
        title="Delete this project?"
        confirm="Delete project"
        typed={project.name}
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
        onClose={() => setAsking(false)}
      >
        {plural(project.counts.samples, 'sample')} and everything made from them will be gone. This cannot be taken back.
      </ConfirmDialog>
    </Section>
  );
}

export default function SettingsPage() {
  const { project, may } = useOpenProject();
  if (!project) return null;
  return (
    <Box maw={820}>
      <PageHeader title="Settings" />
      <Stack gap="lg">
      <General key={`${project.id}:${project.version}`} project={project} readOnly={!may('editor')} />
      <TeamPanel teamId={project.team_id} title="Team" />
      <ApiKeys projectId={project.id} everybodys={may('admin')} />
      {may('owner') && <Delete project={project} />}
      </Stack>
    </Box>
  );
}
