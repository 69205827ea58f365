/** What the page offers to whom. The server decides; this only hides what it would refuse. */
import type { Role } from './types';

const RANK: Record<Role, number> = { viewer: 0, labeller: 1, editor: 2, admin: 3, owner: 4 };

export const ROLES: { value: Role; label: string; help: string }[] = [
  { value: 'viewer', label: 'Viewer', help: 'Sees everything, changes nothing' },
  { value: 'labeller', label: 'Labeller', help: 'Records, uploads and labels samples' },
  { value: 'editor', label: 'Editor', help: 'Also pipelines, trainings and deployments' },
  { value: 'admin', label: 'Admin', help: 'Also members, keys and project settings' },
  { value: 'owner', label: 'Owner', help: 'Also the team itself' },
];

/** True when `role` may do what at least `needed` may do. */
export function atLeast(role: Role | undefined, needed: Role): boolean {
  return role !== undefined && RANK[role] >= RANK[needed];
}

export function roleName(role: Role): string {
  return ROLES.find((entry) => entry.value === role)?.label ?? role;
}
