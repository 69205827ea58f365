"""Teams: members, roles and invitations."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from backend.database import Database, now
from backend.teams.tables import Invitation, Membership
from backend.users.sign_in import hash_token
from tests.people import PASSWORD, Person, World

both = pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)


def members(world: World) -> str:
    return f"/teams/{world.team_id}/members"


def test_creator_of_a_team_is_its_owner(world: World) -> None:
    team = world.owner.ok("POST", "/teams", {"name": "Fans"})
    assert (team["name"], team["role"], team["members"], team["projects"]) == ("Fans", "owner", 1, 0)
    assert world.owner.ok("GET", f"/teams/{team['id']}") == team
    assert world.owner.ok("GET", "/teams")["total"] == 2


@both
def test_renaming_a_team_takes_the_version_that_was_seen(world: World) -> None:
    path = f"/teams/{world.team_id}"
    before = world.owner.ok("GET", path)
    after = world.owner.ok("PATCH", path, {"version": before["version"], "name": "New"})
    assert after["version"] > before["version"]
    error = world.owner.refused(409, "PATCH", path, {"version": before["version"], "name": "Stale"})
    assert error["current"]["name"] == "New"


def test_deleting_a_team_deletes_its_projects(world: World) -> None:
    project = world.project()
    world.owner.ok("DELETE", f"/teams/{world.team_id}")
    world.owner.refused(404, "GET", f"/projects/{project}")
    world.owner.refused(404, "GET", f"/teams/{world.team_id}")


@both
def test_invitation_lets_a_new_person_in_once(world: World) -> None:
    made = world.owner.ok("POST", f"/teams/{world.team_id}/invitations", {"role": "labeller"})
    assert made["path"] == f"/invitations/{made['token']}"
    visitor = world.visitor()
    view = visitor.ok("GET", made["path"])
    assert (view["role"], view["invited_by"]) == ("labeller", "Olive")
    account = {"email": "bob@example.org", "name": "Bob", "password": PASSWORD}
    accepted = visitor.ok("POST", f"{made['path']}/accept", account)
    assert accepted["team"]["role"] == "labeller"
    visitor.begin(accepted["session"])
    assert {team["role"] for team in visitor.ok("GET", "/teams")["items"]} == {"labeller", "owner"}
    world.visitor().refused(410, "GET", made["path"])
    world.visitor().refused(410, "POST", f"{made['path']}/accept", account | {"email": "eve@example.org"})
    assert world.owner.ok("GET", f"/teams/{world.team_id}/invitations")["items"] == []


def test_invitation_is_accepted_by_who_is_signed_in(world: World) -> None:
    stranger = world.role("stranger")
    token = world.owner.ok("POST", f"/teams/{world.team_id}/invitations", {"role": "editor"})["token"]
    accepted = stranger.ok("POST", f"/invitations/{token}/accept")
    assert accepted["team"]["id"] == world.team_id
    assert accepted["session"] is None


def test_accepting_with_a_cookie_takes_the_csrf_header(world: World) -> None:
    stranger = world.role("stranger")
    token = world.owner.ok("POST", f"/teams/{world.team_id}/invitations", {"role": "editor"})["token"]
    del stranger.http.headers["X-CSRF-Token"]
    stranger.refused(403, "POST", f"/invitations/{token}/accept")


def test_invitation_for_somebody_in_the_team_stays_good(world: World) -> None:
    token = world.owner.ok("POST", f"/teams/{world.team_id}/invitations", {"role": "editor"})["token"]
    world.owner.refused(409, "POST", f"/invitations/{token}/accept")
    world.visitor().ok("GET", f"/invitations/{token}")


def test_invitation_without_an_account_asks_to_sign_in(world: World) -> None:
    token = world.owner.ok("POST", f"/teams/{world.team_id}/invitations", {"role": "editor"})["token"]
    world.visitor().refused(401, "POST", f"/invitations/{token}/accept")


def test_invitation_does_not_take_over_an_existing_account(world: World) -> None:
    token = world.owner.ok("POST", f"/teams/{world.team_id}/invitations", {"role": "editor"})["token"]
    account = {"email": "owner@example.org", "name": "Not Olive", "password": PASSWORD}
    assert "Sign in" in world.visitor().refused(409, "POST", f"/invitations/{token}/accept", account)["hint"]


def test_refused_account_does_not_use_up_the_invitation(world: World) -> None:
    token = world.owner.ok("POST", f"/teams/{world.team_id}/invitations", {"role": "editor"})["token"]
    account = {"email": "bob@example.org", "name": "Bob", "password": "short"}
    world.visitor().refused(422, "POST", f"/invitations/{token}/accept", account)
    world.visitor().ok("POST", f"/invitations/{token}/accept", account | {"password": PASSWORD})


def test_invitation_runs_out(world: World, database: Database) -> None:
    token = world.owner.ok("POST", f"/teams/{world.team_id}/invitations", {"role": "editor"})["token"]
    with database.transaction() as session:
        session.execute(update(Invitation).values(expires_at=now() - timedelta(seconds=1)))
    world.visitor().refused(410, "GET", f"/invitations/{token}")


def test_withdrawn_invitation_is_useless(world: World) -> None:
    made = world.owner.ok("POST", f"/teams/{world.team_id}/invitations", {"role": "editor"})
    world.owner.ok("DELETE", f"/teams/{world.team_id}/invitations/{made['id']}")
    world.visitor().refused(404, "GET", made["path"])
    world.owner.refused(404, "DELETE", f"/teams/{world.team_id}/invitations/{made['id']}")


def test_invitation_token_is_stored_as_a_hash(world: World, database: Database) -> None:
    token = world.owner.ok("POST", f"/teams/{world.team_id}/invitations", {"role": "editor"})["token"]
    with database.transaction(write=False) as session:
        assert session.scalars(select(Invitation.token_hash)).one() == hash_token(token)


@both
def test_two_people_with_one_link_cannot_both_come_in(world: World) -> None:
    token = world.owner.ok("POST", f"/teams/{world.team_id}/invitations", {"role": "editor"})["token"]
    answers: list[int] = []
    start = threading.Barrier(2)

    def accept(name: str) -> None:
        account = {"email": f"{name}@example.org", "name": name, "password": PASSWORD}
        start.wait()
        answers.append(Person(world.app).call("POST", f"/invitations/{token}/accept", account).status_code)

    threads = [threading.Thread(target=accept, args=(name,)) for name in ("bob", "eve")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 410]


def test_admin_cannot_invite_or_make_an_owner(world: World) -> None:
    admin, editor = world.role("admin"), world.role("editor")
    admin.refused(403, "POST", f"/teams/{world.team_id}/invitations", {"role": "owner"})
    admin.refused(403, "PATCH", f"{members(world)}/{editor.user_id}", {"role": "owner"})
    admin.refused(403, "PATCH", f"{members(world)}/{world.owner.user_id}", {"role": "viewer"})
    admin.refused(403, "DELETE", f"{members(world)}/{world.owner.user_id}")
    assert admin.ok("PATCH", f"{members(world)}/{editor.user_id}", {"role": "admin"})["role"] == "admin"


def test_members_are_listed_with_their_roles(world: World) -> None:
    world.role("viewer")
    listed = world.owner.ok("GET", members(world))
    assert [(one["name"], one["role"]) for one in listed["items"]] == [("Olive", "owner"), ("Viewer", "viewer")]


@both
def test_last_owner_can_neither_leave_nor_step_down(world: World) -> None:
    mine = f"{members(world)}/{world.owner.user_id}"
    world.owner.refused(409, "DELETE", mine)
    world.owner.refused(409, "PATCH", mine, {"role": "admin"})
    second = world.join("owner")
    world.owner.ok("PATCH", mine, {"role": "admin"})
    second.refused(409, "DELETE", f"{members(world)}/{second.user_id}")


@both
def test_two_owners_who_leave_at_once_leave_one_behind(world: World, database: Database) -> None:
    second = world.join("owner")
    answers: list[int] = []
    start = threading.Barrier(2)

    def leave(person: Person) -> None:
        start.wait()
        answers.append(person.call("DELETE", f"{members(world)}/{person.user_id}").status_code)

    threads = [threading.Thread(target=leave, args=(person,)) for person in (world.owner, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [204, 409]
    with database.transaction(write=False) as session:
        team = Membership.team_id == uuid.UUID(world.team_id)
        assert [one.role for one in session.scalars(select(Membership).where(team))] == ["owner"]


def test_everybody_may_leave_but_not_remove_others(world: World) -> None:
    viewer, editor = world.role("viewer"), world.role("editor")
    viewer.refused(403, "DELETE", f"{members(world)}/{editor.user_id}")
    viewer.ok("DELETE", f"{members(world)}/{viewer.user_id}")
    viewer.refused(404, "GET", f"/teams/{world.team_id}")


def test_unknown_member_is_not_found(world: World) -> None:
    path = f"{members(world)}/{uuid.uuid4()}"
    world.owner.refused(404, "PATCH", path, {"role": "viewer"})
    world.owner.refused(404, "DELETE", path)
    world.owner.refused(422, "PATCH", path, {"role": "king"})
