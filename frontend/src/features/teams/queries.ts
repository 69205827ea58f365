import { useQuery } from '@tanstack/react-query';
import { api } from 'lib/api';
import type { Id, Member, Page, Schemas, Team } from 'lib/types';

export type Invitation = Schemas['InvitationOut'];
export type NewInvitation = Schemas['InvitationWithToken'];
/** What a stranger with the link is told. */
export type InvitationView = Schemas['InvitationView'];

export const teamKeys = {
  list: ['teams'] as const,
  detail: (teamId: Id) => ['teams', teamId] as const,
  members: (teamId: Id) => ['teams', teamId, 'members'] as const,
  invitations: (teamId: Id) => ['teams', teamId, 'invitations'] as const,
};

export const useTeams = () => useQuery({ queryKey: teamKeys.list, queryFn: () => api.get<Page<Team>>('/teams') });

export const useTeam = (teamId: Id) => useQuery({ queryKey: teamKeys.detail(teamId), queryFn: () => api.get<Team>(`/teams/${teamId}`) });

export const useMembers = (teamId: Id) =>
  useQuery({ queryKey: teamKeys.members(teamId), queryFn: () => api.get<Page<Member>>(`/teams/${teamId}/members`) });

export const useInvitations = (teamId: Id, enabled: boolean) =>
  useQuery({
    queryKey: teamKeys.invitations(teamId),
    queryFn: () => api.get<Page<Invitation>>(`/teams/${teamId}/invitations`),
    enabled,
  });
