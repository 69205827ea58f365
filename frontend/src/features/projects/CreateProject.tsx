import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { ErrorCard } from 'components/ErrorCard';
import { useTeams } from 'features/teams/queries';
import { api } from 'lib/api';
import { atLeast } from 'lib/permissions';
import { projectKeys } from 'lib/projects';
import type { Id, Project } from 'lib/types';

/** The dialog that makes an empty project. */
export function CreateProject({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const teams = useTeams();
  const mine = teams.data?.items.filter((team) => atLeast(team.role, 'editor')) ?? [];
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [teamId, setTeamId] = useState<Id | null>(null);
  const chosen = teamId ?? mine[0]?.id;
  const create = useMutation({
    meta: { ownError: true },
    mutationFn: () => api.post<Project>('/projects', { name: name.trim(), description: description.trim(), team_id: chosen }),
    onSuccess: (project) => {
      client.setQueryData(projectKeys.detail(project.id), project);
      client.invalidateQueries({ queryKey: projectKeys.list });
      navigate(`/projects/${project.id}`);
    },
  });
  return (
    <Modal opened onClose={onClose} title="New project">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <Stack>
          <TextInput
            label="Name"
            placeholder="Pump vibrations"
            required
            maxLength={100}
            data-autofocus
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
          />
          <Textarea
            label="Description"
            placeholder="What the board shall tell apart, and where the recordings come from"
            autosize
            minRows={2}
            value={description}
            onChange={(e) => setDescription(e.currentTarget.value)}
          />
          {mine.length > 1 && (
            <Select
              label="Team"
              description="All of its members see the project"
              data={mine.map((team) => ({ value: team.id, label: team.name }))}
              value={chosen}
              onChange={setTeamId}
            />
          )}
          {create.isError && <ErrorCard error={create.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!name.trim() || !chosen} loading={create.isPending}>
              Create project
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
