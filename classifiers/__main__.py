"""`python -m classifiers`: train, try, measure and group from a shell, without a database."""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from classifiers import artifact, dataset
from classifiers.dataset import DatasetError, Example
from classifiers.evaluation import Case, cases, evaluate, load_cases, mail_of, table
from classifiers.groups import group
from classifiers.prediction import BATCH, Mail, Sorter

FAILED = 1

Line = tuple[Any, Mail]
"""An email as it came in: its id as given (text or number), and what the sorter reads."""


class ShellError(Exception):
    """A failure that one sentence explains."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 on success, 1 on a failure said in one line, 2 on wrong usage."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (ShellError, DatasetError, artifact.ModelError, OSError) as error:
        sys.stdout.flush()
        _tell(str(error))
        return FAILED
    return 0


def models_folder() -> Path:
    """Where models are kept unless said otherwise: `models` in MUSTER_DATA_DIR."""
    data = os.environ.get("MUSTER_DATA_DIR") or Path(__file__).parents[1] / "data"
    return Path(data).expanduser() / "models"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m classifiers", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="train|predict|evaluate|groups")
    train = commands.add_parser("train", help="train a model from the shipped emails")
    train.add_argument("--corrections", type=Path, metavar="F.jsonl", help="people's corrections")
    train.add_argument("--out", type=Path, metavar="DIR", help="where to keep the model")
    train.set_defaults(run=_train)
    predict = commands.add_parser("predict", help="sort emails: JSONL in, JSONL out")
    predict.add_argument("--model", type=Path, metavar="DIR", help="a model, or a folder of them")
    predict.set_defaults(run=_predict)
    measure = commands.add_parser("evaluate", help="measure a model on labelled emails")
    measure.add_argument("--data", type=Path, metavar="F.jsonl", help="default: the held-out tenth")
    measure.add_argument("--model", type=Path, metavar="DIR", help="a model, or a folder of them")
    measure.add_argument("--json", action="store_true", help="print one JSON object")
    measure.set_defaults(run=_evaluate)
    groups = commands.add_parser("groups", help="find look-alikes: JSONL in, JSONL out")
    groups.set_defaults(run=_groups)
    return parser


def _train(options: argparse.Namespace) -> None:
    corrections = dataset.load(options.corrections) if options.corrections else []
    sorter = _trained(corrections)
    place = artifact.save(sorter, options.out or models_folder())
    label = sorter.model.facts["metrics"]["label"]
    _print(f"{place}: macro-F1 {label['macro_f1']:.3f} on {label['emails']} held-out emails.")


def _predict(options: argparse.Namespace) -> None:
    sorter = _sorter(options.model)
    for batch in _batches(sys.stdin.buffer):
        for (identity, _), found in zip(batch, sorter.predict([m for _, m in batch]), strict=True):
            _print_json({**asdict(found), "id": identity})
        sys.stdout.flush()


def _evaluate(options: argparse.Namespace) -> None:
    sorter = _sorter(options.model)
    known = load_cases(options.data) if options.data else _held_out()
    if not known:
        raise ShellError(f"{options.data} holds no email.")
    report = evaluate(sorter, known)
    _print(json.dumps(report.as_json()) if options.json else table(report))


def _groups(options: argparse.Namespace) -> None:
    lines = [line for batch in _batches(sys.stdin.buffer) for line in batch]
    founders = group([mail for _, mail in lines])
    for (identity, _), founder in zip(lines, founders, strict=True):
        _print_json({"id": identity, "group": lines[founder][0]})


def _held_out() -> list[Case]:
    return cases(dataset.split(dataset.load_own())[1])


def _print_json(line: dict[str, Any]) -> None:
    _print(json.dumps(line, ensure_ascii=False))


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _tell(sentence: str) -> None:
    """Says something to the person at the terminal, away from the output."""
    sys.stderr.write(f"{sentence}\n")


def _batches(lines: BinaryIO) -> Iterator[list[Line]]:
    """The emails of the input in handfuls; those before a bad line still come out first."""
    batch: list[Line] = []
    try:
        for number, raw in enumerate(lines, start=1):
            where = f"Line {number}"
            if (line := dataset.parse_line(raw, where)) is not None:
                batch.append((line.get("id"), mail_of(line, where)))
            if len(batch) == BATCH:
                yield batch
                batch = []
    except DatasetError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _sorter(folder: Path | None) -> Sorter:
    """The newest usable model; where there is none, one is trained and kept there."""
    folder = folder or models_folder()
    try:
        return artifact.load(folder)
    except artifact.ModelError as error:
        if (folder / artifact.MANIFEST).exists():
            raise
        _tell(f"{error} Training one now.")
    sorter = _trained([])
    try:
        artifact.save(sorter, folder)
    except OSError as error:
        _tell(f"The model could not be kept in {folder}: {error.strerror}.")
    return sorter


def _trained(corrections: Sequence[Example]) -> Sorter:
    """A new model; scikit-learn is only loaded here, because sorting does without it."""
    from classifiers.training import TrainingError, train_shipped

    try:
        return train_shipped(corrections)
    except TrainingError as error:
        raise ShellError(str(error)) from error


if __name__ == "__main__":
    sys.exit(main())
