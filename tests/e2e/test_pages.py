"""Every page, wide and narrow, light and dark: nothing sticks out, nothing is nameless, nothing complains.

Leaves a picture of each in build/screenshots, to be looked at.
"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, Route, expect

from mote.client import Client
from mote.paths import ROOT
from tests.e2e.conftest import Example
from tests.e2e.studio import People

pytestmark = pytest.mark.slow

SCREENSHOTS = ROOT / "build" / "screenshots"
SIZES = ((1280, 800), (390, 844))
THEMES = ("light", "dark")
CONTROLS = {
    "button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "switch", "slider", "spinbutton",
    "tab", "menuitem", "option",
}  # fmt: skip

IN_PROJECT: dict[str, tuple[str, str]] = {
    "overview": ("", ""),
    "samples": ("/samples", "Data"),
    "sample": ("/samples/{sample}", ""),
    "live": ("/live", "Live"),
    "pipeline": ("/pipeline", "Pipeline"),
    "trainings": ("/trainings", "Training"),
    "training": ("/trainings/{training}", "Training 1"),
    "deployments": ("/deployments", "Deployment"),
    "deployment": ("/deployments/{deployment}", ""),
    "jobs": ("/jobs", "Jobs"),
    "settings": ("/settings", "Settings"),
    "missing": ("/nowhere", "There is no such page"),
}


def settle(page: Page, title: str = "") -> None:
    """Wait until the page has its title and its data, and stands still."""
    page.locator("h1", has_text=title).first.wait_for()
    expect(page.locator(".mantine-Skeleton-root, .mantine-Loader-root, [data-loading]")).to_have_count(0)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(250)


def nameless(page: Page) -> list[str]:
    """Controls that a screen reader could not announce, by the browser's own accessibility tree."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    bare = [
        node
        for node in nodes
        if not node["ignored"]
        and node.get("role", {}).get("value") in CONTROLS
        and not node.get("name", {}).get("value", "").strip()
    ]
    found = [session.send("DOM.describeNode", {"backendNodeId": node["backendDOMNodeId"]})["node"] for node in bare]
    session.detach()
    return [f"{node['localName']} {node.get('attributes', [])}" for node in found]


def sticking_out(page: Page) -> list[str]:
    """What makes the page wider than the window; empty when nothing does."""
    found: list[str] = page.evaluate(
        """() => {
          const wide = document.documentElement.scrollWidth;
          if (wide <= innerWidth) return [];
          const beyond = [...document.body.querySelectorAll('*')]
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
            .map(e => `${e.tagName}.${e.className}: ${(e.textContent || '').slice(0, 40)}`);
          return [`${wide} > ${innerWidth}`, ...beyond.slice(0, 5)];
        }"""
    )
    return found


def look_at(page: Page, name: str) -> None:
    """All checks and pictures of a page that is open."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    problems: dict[str, list[str]] = {}
    assert page.locator("h1").count() == 1
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            page.wait_for_timeout(250)
            page.screenshot(path=SCREENSHOTS / f"{name}-{width}-{theme}.png", full_page=True)
        problems[f"sticks out at {width}"] = sticking_out(page)
        problems[f"nameless at {width}"] = nameless(page)
    assert {kind: found for kind, found in problems.items() if found} == {}


@pytest.mark.parametrize("name", IN_PROJECT)
def test_page_of_a_project(name: str, people: People, owner: Client, example: Example) -> None:
    path, title = IN_PROJECT[name]
    page = people.page(owner)
    page.goto(example.path + path.format(**vars(example)))
    settle(page, title)
    look_at(page, name)


def test_projects(people: People, owner: Client, example: Example) -> None:
    page = people.page(owner)
    page.goto("/")
    settle(page, "Projects")
    look_at(page, "projects")


def test_account_with_a_key(people: People, owner: Client) -> None:
    owner.post("/keys", {"name": "Lab computer", "project_id": None})
    page = people.page(owner)
    page.goto("/account")
    settle(page, "Account")
    look_at(page, "account")


def test_team(people: People, owner: Client) -> None:
    team = owner.get("/teams")["items"][0]["id"]
    page = people.page(owner)
    page.goto(f"/teams/{team}")
    settle(page)
    look_at(page, "team")


def test_invitation(people: People, owner: Client) -> None:
    team = owner.get("/teams")["items"][0]["id"]
    token = owner.post(f"/teams/{team}/invitations", {"role": "labeller"})["token"]
    page = people.page(None)
    page.goto(f"/invitations/{token}")
    settle(page)
    look_at(page, "invitation")


def test_sign_in(people: People, owner: Client) -> None:
    page = people.page(None)
    page.goto("/")
    settle(page, "Sign in")
    look_at(page, "sign-in")


def test_set_up(people: People, owner: Client) -> None:
    """This studio has an account; the page is told that it has none."""

    def nobody_yet(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=json.dumps({**answer.json(), "needs_setup": True}))

    page = people.page(None)
    page.route("**/api/status", nobody_yet)
    page.goto("/")
    settle(page, "Welcome")
    look_at(page, "setup")


def test_missing_page(people: People, owner: Client) -> None:
    page = people.page(owner)
    page.goto("/nowhere")
    settle(page, "There is no such page")
    look_at(page, "404")


def test_empty_project_leads_on(people: People, owner: Client) -> None:
    """A project without data: no page is a dead end."""
    project = owner.post("/projects", {"name": "Nothing in it yet", "description": ""})["id"]
    page = people.page(owner)
    for place in ("", "samples", "pipeline", "trainings", "deployments", "jobs"):
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(f"/projects/{project}/{place}")
        settle(page)
        assert page.get_by_role("main").get_by_role("link").or_(page.get_by_role("main").get_by_role("button")).count()
        look_at(page, f"empty-{place or 'overview'}")


def test_navigation_opens_on_a_phone(people: People, owner: Client, example: Example) -> None:
    page = people.page(owner, viewport={"width": 390, "height": 844})
    page.goto(example.path)
    settle(page)
    page.get_by_role("button", name="Navigation").click()
    page.get_by_role("navigation", name="Project").get_by_role("link", name="Jobs").click()
    settle(page, "Jobs")
    page.get_by_role("button", name="Navigation").click()
    page.get_by_role("link", name="Deployment").wait_for()
    page.wait_for_timeout(250)
    page.screenshot(path=SCREENSHOTS / "navigation-390-light.png")
    assert sticking_out(page) == []
