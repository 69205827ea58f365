"""Who may do what: the one table of it. A role may do all that the roles below it may."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A person's part in a team, from most to least."""

    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    LABELLER = "labeller"
    VIEWER = "viewer"

    @property
    def rank(self) -> int:
        """Higher may do more."""
        return -list(Role).index(self)


class Action(StrEnum):
    """Everything a route can ask leave for. Actions of one project first, then those of a team."""

    PROJECT_VIEW = "project.view"
    """See and download everything in a project."""
    SAMPLES_LABEL = "samples.label"
    SAMPLES_RECORD = "samples.record"
    """Add recordings: upload, or record live."""
    SAMPLES_EDIT = "samples.edit"
    """Rename, move between splits, delete, restore, many at once."""
    PIPELINE_EDIT = "pipeline.edit"
    TRAINING_START = "training.start"
    TRAINING_DELETE = "training.delete"
    DEPLOYMENT_START = "deployment.start"
    DEPLOYMENT_DELETE = "deployment.delete"
    JOB_CONTROL = "job.control"
    """Cancel a job or start it again."""
    DEVICES_EDIT = "devices.edit"
    PROJECT_EDIT = "project.edit"
    """Name and description."""
    PROJECT_KEYS = "project.keys"
    """See and revoke everybody's API keys of the project."""
    PROJECT_ADMIN = "project.admin"
    PROJECT_DELETE = "project.delete"

    TEAM_VIEW = "team.view"
    PROJECT_CREATE = "project.create"
    TEAM_EDIT = "team.edit"
    TEAM_MEMBERS = "team.members"
    """Invite, remove, change roles up to one's own."""
    TEAM_DELETE = "team.delete"


LEAST_ROLE: dict[Action, Role] = {
    Action.PROJECT_VIEW: Role.VIEWER,
    Action.SAMPLES_LABEL: Role.LABELLER,
    Action.SAMPLES_RECORD: Role.LABELLER,
    Action.DEVICES_EDIT: Role.LABELLER,
    Action.SAMPLES_EDIT: Role.EDITOR,
    Action.PIPELINE_EDIT: Role.EDITOR,
    Action.TRAINING_START: Role.EDITOR,
    Action.TRAINING_DELETE: Role.EDITOR,
    Action.DEPLOYMENT_START: Role.EDITOR,
    Action.DEPLOYMENT_DELETE: Role.EDITOR,
    Action.JOB_CONTROL: Role.EDITOR,
    Action.PROJECT_EDIT: Role.EDITOR,
    Action.PROJECT_KEYS: Role.ADMIN,
    Action.PROJECT_ADMIN: Role.ADMIN,
    Action.PROJECT_DELETE: Role.OWNER,
    Action.TEAM_VIEW: Role.VIEWER,
    Action.PROJECT_CREATE: Role.EDITOR,
    Action.TEAM_EDIT: Role.ADMIN,
    Action.TEAM_MEMBERS: Role.ADMIN,
    Action.TEAM_DELETE: Role.OWNER,
}


def allows(role: Role, action: Action) -> bool:
    """Whether a role may do something."""
    return role.rank >= LEAST_ROLE[action].rank
