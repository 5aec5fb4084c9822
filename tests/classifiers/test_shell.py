import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LOCKED = "I forgot my password and the reset link never arrives."


def run(*arguments: object, given: bytes = b"", home: Path | None = None) -> Any:
    return subprocess.run(
        [sys.executable, "-m", "classifiers", *map(str, arguments)],
        input=given,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **({"MUSTER_DATA_DIR": str(home)} if home else {})},
        check=False,
    )


def lines(*emails: dict[str, object]) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in emails)


def answers(done: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_predict_says_everything_that_scripts_rely_on(model: Path) -> None:
    given = lines({"id": "a", "subject": "Help", "body": LOCKED}, {"id": 7, "body": ""})
    first, second = answers(run("predict", "--model", model, given=given))
    assert (first["id"], first["label"], first["confident"]) == ("a", "password_reset", True)
    assert first["probabilities"].keys() == {
        *("password_reset", "data_concern", "other", "angry", "praise", "neutral")
    }
    assert first["reasons"] and first["language"] == "en"
    assert (second["id"], second["label"], second["confident"]) == (7, "other", False)


def test_predict_without_a_model_trains_one_and_keeps_it(tmp_path: Path) -> None:
    given = lines({"id": "a", "subject": "", "body": LOCKED})
    first = run("predict", given=given, home=tmp_path)
    second = run("predict", given=given, home=tmp_path)
    assert b"Training one now." in first.stderr and second.stderr == b""
    assert answers(first) == answers(second) != []
    assert len(list((tmp_path / "models").glob("1-*/manifest.json"))) == 1


def test_a_bad_line_is_named_after_the_good_ones_are_answered(model: Path) -> None:
    given = lines({"id": "a", "body": LOCKED}) + b"\n{nope\n" + lines({"id": "b", "body": ""})
    done = run("predict", "--model", model, given=given)
    assert done.returncode == 1
    assert done.stderr == b"Line 3 is not JSON.\n"
    assert [found["id"] for found in answers(done)] == ["a"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b'{"body": "x"}', b'Line 1 has no "id".\n'),
        (b'{"id": "a"}', b'Line 1 has no "body".\n'),
        (b'{"id": "a", "body": ["x"]}', b'Line 1 has no text in "body".\n'),
        (b'{"id": "a", "body": "\xff"}', b"Line 1 is not UTF-8 text.\n"),
        (b'"text"', b"Line 1 is not a JSON object.\n"),
    ],
)
def test_groups_names_a_bad_line(line: bytes, sentence: bytes) -> None:
    done = run("groups", given=line)
    assert (done.returncode, done.stderr, done.stdout) == (1, sentence, b"")


def test_groups_names_each_group_by_its_first_id() -> None:
    given = lines(
        {"id": 3, "body": LOCKED}, {"id": "b", "body": LOCKED}, {"id": "c", "body": "Lamp late"}
    )
    assert answers(run("groups", given=given)) == [
        {"id": 3, "group": 3},
        {"id": "b", "group": 3},
        {"id": "c", "group": "c"},
    ]


def test_a_lone_surrogate_comes_back_as_it_came(model: Path) -> None:
    done = run("predict", "--model", model, given=b'{"id": "\\ud800", "body": "hi \\udc00"}')
    assert done.returncode == 0
    assert answers(done)[0]["id"] == "\ud800"


def test_evaluate_measures_a_file_and_prints_one_object(model: Path, tmp_path: Path) -> None:
    data = tmp_path / "F.jsonl"
    data.write_bytes(lines({"id": "a", "body": LOCKED, "topic": "password_reset", "tone": None}))
    done = run("evaluate", "--model", model, "--data", data, "--json")
    (report,) = answers(done)
    assert report["topic"]["accuracy"] == 1.0
    assert report["tone"]["emails"] == 0


def test_evaluate_explains_an_empty_file(model: Path, tmp_path: Path) -> None:
    (tmp_path / "F.jsonl").touch()
    done = run("evaluate", "--model", model, "--data", tmp_path / "F.jsonl")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.endswith(b"F.jsonl holds no email.\n")


def test_train_takes_corrections_and_refuses_bad_ones(tmp_path: Path) -> None:
    corrections = tmp_path / "F.jsonl"
    corrections.write_bytes(b'{"subject": "", "body": "x", "topic": "spam", "tone": "angry"}\n')
    done = run("train", "--corrections", corrections, "--out", tmp_path / "models")
    assert done.returncode == 1
    assert b"F.jsonl, line 1, has a" in done.stderr
    assert not (tmp_path / "models").exists()


def test_a_damaged_model_is_refused_by_name_and_a_damaged_newest_one_is_replaced(
    model: Path,
) -> None:
    (model / "arrays.npz").write_bytes(b"damaged")
    refused = run("predict", "--model", model)
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert b"are damaged." in refused.stderr
    mended = run("predict", "--model", model.parent)
    assert mended.returncode == 0 and b"Training one now." in mended.stderr


@pytest.mark.parametrize("arguments", [(), ("guess",), ("predict", "--colour"), ("train", "x")])
def test_wrong_usage_exits_with_two(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).returncode == 2
