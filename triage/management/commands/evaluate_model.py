"""`manage.py evaluate_model`: how well a model sorts the held-out tenth, or a file of emails."""

from argparse import ArgumentParser
from json import dumps
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from classifiers.artifact import ModelError, load
from classifiers.dataset import DatasetError, load_own, split
from classifiers.evaluation import cases, evaluate, load_cases, table
from triage.classification.models import SorterModel
from triage.classification.sorting import models_folder


class Command(BaseCommand):
    """Measures the active model, or the one with the given id."""

    help = "Measures a model on the held-out tenth of the shipped emails, or on a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Takes --id, --data and --json."""
        parser.add_argument("--id", type=int, help="default: the active model")
        parser.add_argument("--data", type=Path, metavar="F.jsonl", help="labelled emails")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(
        self, *args: object, id: int | None, data: Path | None, json: bool, **options: object
    ) -> None:
        """Loads, measures and prints."""
        wanted = Q(pk=id) if id is not None else Q(is_active=True)
        model = SorterModel.objects.filter(wanted).first()
        if model is None:
            raise CommandError("There is no such model. `manage.py train_model` makes one.")
        try:
            sorter = load(models_folder() / model.version)
            asked = load_cases(data) if data else cases(split(load_own())[1])
        except (ModelError, DatasetError) as error:
            raise CommandError(str(error)) from error
        report = evaluate(sorter, asked)
        self.stdout.write(dumps(report.as_json()) if json else table(report))
