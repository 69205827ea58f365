/** The words of the API, from the server's own description of itself (`npm run types`). Times are ISO 8601, UTC. */
import type { components } from './api.types';

export type Schemas = components['schemas'];

export type Id = string;
export type Role = Schemas['Role'];
export type Split = Schemas['SampleOut']['split'];

export interface Page<T> {
  items: T[];
  total: number;
}

export type Axis = Schemas['Axis'];
export type Segment = Schemas['Segment'];
export type User = Schemas['UserOut'];
export type Tool = Schemas['Tool'];
export type Status = Schemas['StatusOut'];
export type Team = Schemas['TeamOut'];
export type Member = Schemas['MemberOut'];
export type Project = Schemas['ProjectOut'];
/** One parameter of a DSP block, learning block or board; the same table that training, firmware and docs read. */
export type Param = Pick<Schemas['Param'], 'name' | 'kind' | 'default'> & Partial<Schemas['Param']>;
export type ParamValue = Schemas['Param']['default'];
export type JobState = Schemas['JobState'];
export type Job = Schemas['JobOut'];
