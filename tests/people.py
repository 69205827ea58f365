"""People and programs that use an installation in a test."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

PASSWORD = "correct horse battery"


@dataclass
class Person:
    """Somebody with a browser of their own, or a program with an API key."""

    app: FastAPI
    email: str = ""
    user_id: str = ""
    http: TestClient = field(init=False)

    def __post_init__(self) -> None:
        self.http = TestClient(self.app, raise_server_exceptions=False)

    def begin(self, session: dict[str, Any]) -> Person:
        """Go on as who just signed in."""
        self.user_id = session["user"]["id"]
        self.http.headers["X-CSRF-Token"] = session["csrf_token"]
        return self

    def call(self, method: str, path: str, json: Any = None, **more: Any) -> Any:
        """One request; returns the response."""
        if json is not None:
            more["json"] = json
        return self.http.request(method, f"/api{path}", **more)

    def ok(self, method: str, path: str, json: Any = None, **more: Any) -> Any:
        """One request that must succeed; returns its JSON."""
        answer = self.call(method, path, json, **more)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def refused(self, status: int, method: str, path: str, json: Any = None, **more: Any) -> Any:
        """One request that must be refused with this status; returns the error."""
        answer = self.call(method, path, json, **more)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        error = answer.json()["error"]
        assert error["code"]
        assert error["message"]
        return error


@dataclass
class World:
    """A new installation and the people in it."""

    app: FastAPI
    owner: Person
    team_id: str = ""
    people: dict[str, Person] = field(default_factory=dict)

    def visitor(self) -> Person:
        """Nobody yet."""
        return Person(self.app)

    def program(self, secret: str) -> Person:
        """A program with an API key."""
        program = Person(self.app)
        program.http.headers["Authorization"] = f"Bearer {secret}"
        return program

    def join(self, role: str, team_id: str = "") -> Person:
        """A new person who accepts an invitation into the owner's team."""
        path = f"/teams/{team_id or self.team_id}/invitations"
        token = self.owner.ok("POST", path, {"role": role})["token"]
        person = Person(self.app, f"{role}-{uuid.uuid4().hex[:6]}@example.org")
        account = {"email": person.email, "name": role.title(), "password": PASSWORD}
        return person.begin(person.ok("POST", f"/invitations/{token}/accept", account)["session"])

    def role(self, role: str) -> Person:
        """The person with a role in the owner's team; "stranger" has an account and no part in it."""
        if role == "owner":
            return self.owner
        if role not in self.people:
            other = self.owner.ok("POST", "/teams", {"name": "Another team"})["id"] if role == "stranger" else ""
            self.people[role] = self.join("viewer" if role == "stranger" else role, other)
        return self.people[role]

    def project(self, name: str = "Project") -> str:
        """A new project of the owner's team; its id."""
        found: str = self.owner.ok("POST", "/projects", {"name": name, "team_id": self.team_id})["id"]
        return found
