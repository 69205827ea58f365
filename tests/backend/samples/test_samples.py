"""Finding, changing, labelling, deleting and counting samples."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.people import World
from tests.recordings import csv, upload, upload_one

both = pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def project(world: World) -> str:
    return world.project()


@pytest.fixture
def path(project: str) -> str:
    return f"/projects/{project}/samples"


def fill(world: World, project: str) -> None:
    """Six samples: walk by ann and bob, run by ann, and one without a label."""
    rule = {"kind": "name", "pattern": "{label}_{person}_{index}"}
    files = [
        ("walk_ann_1.csv", csv(1)),
        ("walk_bob_2.csv", csv(2, 200)),
        ("run_ann_3.csv", csv(3)),
        ("run_ann_4.csv", csv(4, 50)),
    ]
    upload(world.owner, project, files, label_rule=rule, split="training")
    upload(world.owner, project, [("Run_Zoe_5.csv", csv(5))], label_rule=rule, split="testing")
    upload(world.owner, project, [("mystery.csv", csv(6))], label_rule={"kind": "none"}, split="testing")


# --- finding ---------------------------------------------------------------------------------------------------------


@both
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sort=name&search=ann", ["run_ann_3", "run_ann_4", "walk_ann_1"]),
        ("sort=name&search=ANN%20walk", ["walk_ann_1"]),
        ("sort=name&search=person=zoe", ["Run_Zoe_5"]),
        ("sort=name&search=50%25", []),
        ("sort=name&search=_ann_", ["run_ann_3", "run_ann_4", "walk_ann_1"]),
        ("sort=name&label=run", ["run_ann_3", "run_ann_4"]),
        ("sort=name&label=ru", []),
        ("sort=name&label=(none)", ["mystery"]),
        ("sort=name&label=nobody", []),
        ("sort=name&split=testing&label=Run", ["Run_Zoe_5"]),
        ("sort=-duration&limit=1", ["walk_bob_2"]),
        ("sort=duration&limit=1", ["run_ann_4"]),
        ("sort=-label&limit=2&search=walk", ["walk_ann_1", "walk_bob_2"]),
        ("sort=label&limit=1", ["mystery"]),
        ("sort=created&offset=5", ["mystery"]),
        ("offset=100", []),
        ("search=%00", ["mystery", "Run_Zoe_5", "run_ann_4", "run_ann_3", "walk_bob_2", "walk_ann_1"]),
    ],
)
def test_list_shows_what_the_filters_let_through(
    world: World, project: str, path: str, query: str, expected: list[str]
) -> None:
    fill(world, project)
    page = world.owner.ok("GET", f"{path}?{query}")
    assert [item["name"] for item in page["items"]] == expected


def test_total_counts_all_pages(world: World, project: str, path: str) -> None:
    fill(world, project)
    page = world.owner.ok("GET", f"{path}?limit=2&search=ann")
    assert (len(page["items"]), page["total"]) == (2, 3)


@pytest.mark.parametrize(
    "query",
    [
        "sort=size",
        "split=both",
        "limit=0",
        "limit=9999999999999999999999",
        "offset=-1",
        "offset=1e9",
        "search=" + "x" * 400,
    ],
)
def test_bad_query_is_refused(world: World, path: str, query: str) -> None:
    assert world.owner.refused(422, "GET", f"{path}?{query}")["fields"]


def test_summary_and_labels_count_by_label_and_side(world: World, project: str, path: str) -> None:
    fill(world, project)
    summary = world.owner.ok("GET", f"{path}/summary")
    assert (summary["samples"], summary["training"], summary["testing"]) == (6, 4, 2)
    assert summary["duration_s"] == pytest.approx(6.5)
    rows = {row["label"]: (row["training"], row["testing"], row["duration_s"]) for row in summary["labels"]}
    assert rows == {
        "Run": (0, 1, pytest.approx(1.0)),
        "run": (2, 0, pytest.approx(1.5)),
        "walk": (2, 0, pytest.approx(3.0)),
        None: (0, 1, pytest.approx(1.0)),
    }
    assert list(rows)[-1] is None
    assert summary["metadata_keys"] == ["index", "person"]
    labels = world.owner.ok("GET", f"{path}/labels")
    assert labels["items"] == [
        {"label": "Run", "samples": 1},
        {"label": "run", "samples": 2},
        {"label": "walk", "samples": 2},
    ]
    counts = world.owner.ok("GET", f"/projects/{project}")["counts"]
    assert counts == {"samples": 6, "training": 4, "testing": 2, "labels": 3}


def test_empty_project_has_an_empty_summary(world: World, path: str) -> None:
    summary = world.owner.ok("GET", f"{path}/summary")
    assert (summary["samples"], summary["labels"], summary["rates_hz"]) == (0, [], [])
    assert world.owner.ok("GET", f"{path}/labels") == {"items": [], "total": 0}


def test_sample_of_another_project_is_not_found(world: World, project: str) -> None:
    sample = upload_one(world.owner, project)
    other = world.project("Other")
    for method, rest in (("GET", ""), ("GET", "/signal"), ("GET", "/file"), ("DELETE", ""), ("POST", "/restore")):
        world.owner.refused(404, method, f"/projects/{other}/samples/{sample}{rest}")


# --- changing --------------------------------------------------------------------------------------------------------


@both
def test_sample_is_changed_and_what_is_left_out_stays(world: World, project: str, path: str) -> None:
    sample = upload_one(world.owner, project)
    changed = world.owner.ok(
        "PATCH", f"{path}/{sample}", {"version": 1, "name": " New name ", "metadata": {"person": "ann"}}
    )
    assert (changed["name"], changed["label"], changed["metadata"], changed["version"]) == (
        "New name",
        "walk",
        {"person": "ann"},
        2,
    )
    changed = world.owner.ok("PATCH", f"{path}/{sample}", {"version": 2, "split": "testing", "label": "run"})
    assert (changed["split"], changed["label"], changed["name"]) == ("testing", "run", "New name")
    assert world.owner.ok("PATCH", f"{path}/{sample}", {"version": 3, "label": None})["segments"] == []
    assert world.owner.ok("GET", f"{path}?search=ANN")["total"] == 1


def test_labeller_may_label_and_not_move(world: World, project: str, path: str) -> None:
    sample, labeller = upload_one(world.owner, project), world.role("labeller")
    assert labeller.ok("PATCH", f"{path}/{sample}", {"version": 1, "label": "run"})["label"] == "run"
    for change in ({"split": "testing"}, {"name": "x"}, {"metadata": {}}):
        labeller.refused(403, "PATCH", f"{path}/{sample}", {"version": 2, "label": "run", **change})
    labeller.refused(403, "DELETE", f"{path}/{sample}")


def test_labeller_may_take_back_an_own_recording(world: World, project: str, path: str) -> None:
    labeller = world.role("labeller")
    sample = upload_one(labeller, project)
    labeller.ok("DELETE", f"{path}/{sample}")
    assert labeller.ok("POST", f"{path}/{sample}/restore")["deleted_at"] is None


@both
def test_two_labellers_at_once_never_overwrite_one_another(world: World, project: str, path: str) -> None:
    sample, ann, bob = upload_one(world.owner, project), world.role("labeller"), world.role("editor")
    mine = [{"start_s": 0.1, "end_s": 0.3, "label": "step"}]
    ann.ok("PUT", f"{path}/{sample}/segments", {"version": 1, "segments": mine})
    error = bob.refused(409, "PUT", f"{path}/{sample}/segments", {"version": 1, "segments": []})
    assert error["current"]["segments"] == mine
    assert error["current"]["version"] == 2
    bob.refused(409, "PATCH", f"{path}/{sample}", {"version": 1, "label": "run"})
    assert bob.ok("PUT", f"{path}/{sample}/segments", {"version": 2, "segments": []})["label"] is None


@both
def test_of_many_edits_of_one_version_exactly_one_wins(world: World, project: str, path: str) -> None:
    sample = upload_one(world.owner, project)

    def edit(number: int) -> int:
        body = {"version": 1, "segments": [{"start_s": 0, "end_s": 0.5, "label": f"l{number}"}]}
        return int(world.owner.call("PUT", f"{path}/{sample}/segments", body).status_code)

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(edit, range(6)))
    assert statuses == [200, 409, 409, 409, 409, 409]
    assert world.owner.ok("GET", f"{path}/{sample}")["version"] == 2


def test_segments_are_sorted_and_give_the_labels(world: World, project: str, path: str) -> None:
    sample = upload_one(world.owner, project)
    segments = [{"start_s": 0.5, "end_s": 1.0, "label": "b"}, {"start_s": 0, "end_s": 0.25, "label": " a "}]
    saved = world.owner.ok("PUT", f"{path}/{sample}/segments", {"version": 1, "segments": segments})
    assert [one["label"] for one in saved["segments"]] == ["a", "b"]
    assert (saved["label"], saved["labels"]) == (None, ["a", "b"])
    assert world.owner.ok("GET", f"{path}?label=a")["total"] == 1
    rows = {row["label"]: row["duration_s"] for row in world.owner.ok("GET", f"{path}/summary")["labels"]}
    assert rows == {"a": pytest.approx(0.25), "b": pytest.approx(0.5)}


def test_segment_may_end_a_rounding_error_after_the_recording(world: World, project: str, path: str) -> None:
    sample = upload_one(world.owner, project)
    body = {"version": 1, "segments": [{"start_s": 0, "end_s": 1.004, "label": "a"}]}
    assert world.owner.ok("PUT", f"{path}/{sample}/segments", body)["segments"][0]["end_s"] == 1.0


@pytest.mark.parametrize(
    "segments",
    [
        [{"start_s": 0, "end_s": 2, "label": "a"}],
        [{"start_s": 0.5, "end_s": 0.5, "label": "a"}],
        [{"start_s": 0.6, "end_s": 0.5, "label": "a"}],
        [{"start_s": 1.0, "end_s": 1.004, "label": "a"}],
        [{"start_s": -1, "end_s": 0.5, "label": "a"}],
        [{"start_s": 0, "end_s": 0.5, "label": " "}],
        [{"start_s": 0, "end_s": 0.5, "label": "x" * 121}],
        [{"start_s": 0, "end_s": 0.5, "label": "a\nb"}],
        [{"start_s": 0, "end_s": 0.5}],
        [{"start_s": "0", "end_s": [], "label": 1}],
        [{"start_s": 0, "end_s": 0.5, "label": "a", "colour": "red"}],
        [{"start_s": 0, "end_s": 0.001, "label": "a"}] * 10_001,
        "all",
        None,
    ],
)
def test_bad_segments_are_refused(world: World, project: str, path: str, segments: Any) -> None:
    sample = upload_one(world.owner, project)
    world.owner.refused(422, "PUT", f"{path}/{sample}/segments", {"version": 1, "segments": segments})
    assert world.owner.ok("GET", f"{path}/{sample}")["version"] == 1


@pytest.mark.parametrize(
    "text",
    ['{"version": 1, "segments": [{"start_s": NaN, "end_s": 1, "label": "a"}]}', '{"version": 1e999}', "{", "\x00"],
)
def test_body_that_is_not_proper_json_is_refused(world: World, project: str, path: str, text: str) -> None:
    sample = upload_one(world.owner, project)
    kind = {"Content-Type": "application/json"}
    world.owner.refused(422, "PUT", f"{path}/{sample}/segments", content=text.encode(), headers=kind)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 1, "name": ""},
        {"version": 1, "name": "x" * 301},
        {"version": 1, "name": "a\u0000b"},
        {"version": 1, "split": "validation"},
        {"version": 1, "metadata": {"k": "v" * 401}},
        {"version": 1, "metadata": {f"k{n}": "v" for n in range(65)}},
        {"version": 1, "rate_hz": 5},
        {"version": "one"},
        {"name": "x"},
        [],
    ],
)
def test_bad_change_is_refused(world: World, project: str, path: str, change: Any) -> None:
    sample = upload_one(world.owner, project)
    world.owner.refused(422, "PATCH", f"{path}/{sample}", change)


def test_absurd_version_is_a_conflict_and_no_crash(world: World, project: str, path: str) -> None:
    sample = upload_one(world.owner, project)
    world.owner.refused(409, "PATCH", f"{path}/{sample}", {"version": 10**30, "name": "x"})


@both
def test_deleted_sample_is_out_of_every_list_until_it_is_restored(world: World, project: str, path: str) -> None:
    sample = upload_one(world.owner, project)
    world.owner.ok("DELETE", f"{path}/{sample}")
    assert world.owner.ok("GET", path)["total"] == 0
    assert world.owner.ok("GET", f"{path}?deleted=true")["total"] == 1
    assert world.owner.ok("GET", f"{path}/summary")["samples"] == 0
    assert world.owner.ok("GET", f"{path}/{sample}")["deleted_at"]
    world.owner.refused(404, "PATCH", f"{path}/{sample}", {"version": 2, "name": "x"})
    world.owner.refused(404, "DELETE", f"{path}/{sample}")
    assert world.owner.ok("POST", f"{path}/{sample}/restore")["deleted_at"] is None
    assert world.owner.ok("GET", path)["total"] == 1
    world.owner.refused(409, "POST", f"{path}/{sample}/restore")


# --- many at once ----------------------------------------------------------------------------------------------------


def sides(world: World, path: str) -> dict[str, str]:
    return {item["name"]: item["split"] for item in world.owner.ok("GET", path)["items"]}


def labels(world: World, path: str) -> dict[str, str | None]:
    return {item["name"]: item["label"] for item in world.owner.ok("GET", path)["items"]}


@both
@pytest.mark.parametrize(
    "change",
    [
        {"action": "relabel", "label": "jump"},
        {"action": "relabel", "label": None},
        {"action": "move", "split": "testing"},
    ],
)
def test_change_of_many_can_be_undone(world: World, project: str, path: str, change: dict[str, Any]) -> None:
    fill(world, project)
    before = sides(world, path), labels(world, path)
    answer = world.owner.ok("POST", f"{path}/bulk", {**change, "filter": {"search": "ann"}})
    assert answer["changed"] == 3
    assert (sides(world, path), labels(world, path)) != before
    assert (
        world.owner.ok("POST", f"{path}/bulk", {"action": "undo", "undo_token": answer["undo_token"]})["changed"] == 3
    )
    assert (sides(world, path), labels(world, path)) == before
    world.owner.refused(409, "POST", f"{path}/bulk", {"action": "undo", "undo_token": answer["undo_token"]})


@both
def test_deleting_many_can_be_undone_or_restored(world: World, project: str, path: str) -> None:
    fill(world, project)
    ids = [item["id"] for item in world.owner.ok("GET", f"{path}?label=run")["items"]]
    token = world.owner.ok("POST", f"{path}/bulk", {"action": "delete", "ids": [*ids, str(uuid.uuid4())]})["undo_token"]
    assert world.owner.ok("GET", path)["total"] == 4
    world.owner.ok("POST", f"{path}/bulk", {"action": "undo", "undo_token": token})
    assert world.owner.ok("GET", path)["total"] == 6
    world.owner.ok("POST", f"{path}/bulk", {"action": "delete", "filter": {}})
    assert world.owner.ok("GET", path)["total"] == 0
    assert world.owner.ok("POST", f"{path}/bulk", {"action": "restore", "ids": ids})["changed"] == 2
    assert world.owner.ok("GET", path)["total"] == 2


def test_undo_leaves_alone_what_somebody_changed_since(world: World, project: str, path: str) -> None:
    fill(world, project)
    token = world.owner.ok("POST", f"{path}/bulk", {"action": "relabel", "label": "jump", "filter": {"search": "ann"}})[
        "undo_token"
    ]
    one = world.owner.ok("GET", f"{path}?search=walk_ann")["items"][0]
    world.role("editor").ok("PATCH", f"{path}/{one['id']}", {"version": one["version"], "label": "hop"})
    assert world.owner.ok("POST", f"{path}/bulk", {"action": "undo", "undo_token": token}) == {
        "changed": 2,
        "skipped": 1,
        "undo_token": None,
    }
    assert labels(world, path)["walk_ann_1"] == "hop"


def test_undo_of_a_deletion_skips_what_was_uploaded_again(world: World, project: str, path: str) -> None:
    fill(world, project)
    token = world.owner.ok("POST", f"{path}/bulk", {"action": "delete", "filter": {"label": "walk"}})["undo_token"]
    upload_one(world.owner, project, "again.csv", seed=1)
    answer = world.owner.ok("POST", f"{path}/bulk", {"action": "undo", "undo_token": token})
    assert (answer["changed"], answer["skipped"]) == (1, 1)
    assert world.owner.ok("GET", path)["total"] == 6


def test_change_that_changes_nothing_has_nothing_to_undo(world: World, project: str, path: str) -> None:
    fill(world, project)
    body = {"action": "move", "split": "training", "filter": {"split": "training"}}
    assert world.owner.ok("POST", f"{path}/bulk", body) == {"changed": 0, "skipped": 0, "undo_token": None}


def test_labeller_may_undo_labels_only(world: World, project: str, path: str) -> None:
    fill(world, project)
    labeller = world.role("labeller")
    moved = world.owner.ok("POST", f"{path}/bulk", {"action": "move", "split": "testing", "filter": {}})
    labeller.refused(403, "POST", f"{path}/bulk", {"action": "undo", "undo_token": moved["undo_token"]})
    named = labeller.ok("POST", f"{path}/bulk", {"action": "relabel", "label": "x", "filter": {}})
    assert labeller.ok("POST", f"{path}/bulk", {"action": "undo", "undo_token": named["undo_token"]})["changed"] == 6


def test_token_of_another_project_undoes_nothing(world: World, project: str, path: str) -> None:
    fill(world, project)
    token = world.owner.ok("POST", f"{path}/bulk", {"action": "delete", "filter": {}})["undo_token"]
    other = world.project("Other")
    world.owner.refused(404, "POST", f"/projects/{other}/samples/bulk", {"action": "undo", "undo_token": token})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"action": "explode", "ids": []},
        {"action": "delete"},
        {"action": "delete", "ids": [], "filter": {}},
        {"action": "delete", "ids": ["no"]},
        {"action": "relabel", "ids": []},
        {"action": "relabel", "ids": [], "label": ""},
        {"action": "move", "ids": []},
        {"action": "move", "ids": [], "split": "nowhere"},
        {"action": "undo"},
        {"action": "undo", "undo_token": "x"},
        {"action": "delete", "filter": {"size": 3}},
        {"action": "delete", "ids": ["00000000-0000-0000-0000-000000000000"] * 100_001},
    ],
)
def test_bad_change_of_many_is_refused(world: World, path: str, body: Any) -> None:
    world.owner.refused(422, "POST", f"{path}/bulk", body)


# --- dividing --------------------------------------------------------------------------------------------------------


@both
def test_dividing_anew_can_be_undone_with_its_rule(world: World, project: str, path: str) -> None:
    fill(world, project)
    before = sides(world, path)
    rule = {"kind": "every", "n": 2}
    answer = world.owner.ok("POST", f"{path}/split", {"rule": rule})
    after = sides(world, path)
    assert after == {
        "walk_ann_1": "training",
        "walk_bob_2": "testing",
        "run_ann_3": "training",
        "run_ann_4": "testing",
        "Run_Zoe_5": "training",
        "mystery": "training",
    }
    assert (answer["training"], answer["testing"], answer["changed"]) == (4, 2, 4)
    assert world.owner.ok("GET", f"{path}/split")["rule"]["kind"] == "files"
    world.owner.ok("POST", f"{path}/bulk", {"action": "undo", "undo_token": answer["undo_token"]})
    assert sides(world, path) == before


def test_last_part_of_every_label_is_testing(world: World, project: str, path: str) -> None:
    rule = {"kind": "name", "pattern": "{label}.{index}"}
    files = [(f"{label}.{n:02}.csv", csv(n + 100 * len(label), 20)) for label in ("on", "off") for n in range(10)]
    upload(world.owner, project, files, label_rule=rule)
    world.owner.ok("POST", f"{path}/split", {"rule": {"kind": "last", "testing_percent": 20}})
    tested = {item["name"] for item in world.owner.ok("GET", f"{path}?split=testing")["items"]}
    assert tested == {"on.08", "on.09", "off.08", "off.09"}


def test_rule_by_metadata_stays_the_projects_and_its_undo_brings_back_the_old_one(
    world: World, project: str, path: str
) -> None:
    rule = {"kind": "name", "pattern": "{label}_{person}_{index}"}
    upload(world.owner, project, [("a_ann_1.csv", csv(1)), ("b_bob_2.csv", csv(2))], label_rule=rule)
    where = {"kind": "where", "key": "person", "values": ["bob"]}
    answer = world.owner.ok("POST", f"{path}/split", {"rule": where})
    assert sides(world, path) == {"a_ann_1": "training", "b_bob_2": "testing"}
    assert world.owner.ok("GET", f"{path}/split")["rule"]["values"] == ["bob"]
    upload(world.owner, project, [("a_bob_3.csv", csv(3))], label_rule=rule)
    assert sides(world, path)["a_bob_3"] == "testing"
    if answer["undo_token"]:
        world.owner.ok("POST", f"{path}/bulk", {"action": "undo", "undo_token": answer["undo_token"]})
        assert world.owner.ok("GET", f"{path}/split")["rule"]["kind"] == "files"


def test_rule_files_gives_back_what_the_files_said(world: World, project: str, path: str) -> None:
    upload(
        world.owner, project, [("train/walk/1.csv", csv(1)), ("test/run/2.csv", csv(2)), ("test/walk/3.csv", csv(3))]
    )
    said = sides(world, path)
    world.owner.ok("POST", f"{path}/bulk", {"action": "move", "split": "training", "filter": {}})
    world.owner.ok("POST", f"{path}/split", {"rule": {"kind": "files"}})
    assert sides(world, path) == said


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "group", "key": "shoe"},
        {"kind": "group"},
        {"kind": "where", "key": ""},
        {"kind": "by_row"},
        {"kind": "every", "n": 1},
    ],
)
def test_rule_that_does_not_fit_is_refused_and_moves_nothing(world: World, project: str, path: str, rule: Any) -> None:
    fill(world, project)
    before = sides(world, path)
    world.owner.refused(422, "POST", f"{path}/split", {"rule": rule})
    assert sides(world, path) == before


def test_dividing_an_empty_project_is_fine(world: World, path: str) -> None:
    assert world.owner.ok("POST", f"{path}/split", {"rule": {"kind": "hash"}})["changed"] == 0
