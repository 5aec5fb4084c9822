from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

FLOORS = (
    ("inbox",),
    ("audit",),
    ("accounts",),
    ("incidents",),
    ("classification", "responses", "volunteers"),
    ("queues",),
    ("replies", "notices"),
)
FLOOR_OF = {label: floor for floor, labels in enumerate(FLOORS) for label in labels}


def test_a_foreign_key_never_points_to_a_higher_slice() -> None:
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in FLOOR_OF
        for field in model._meta.concrete_fields
        if field.is_relation
        and FLOOR_OF.get(field.related_model._meta.app_label, -1) > FLOOR_OF[model._meta.app_label]
    ]
    assert upward == []


def test_every_slice_with_tables_has_its_floor() -> None:
    own = {
        config.label
        for config in apps.get_app_configs()
        if config.name.startswith(("triage", "inbox")) and list(config.get_models())
    }
    assert own == set(FLOOR_OF)


def test_every_model_says_what_one_row_is() -> None:
    silent = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in FLOOR_OF
        and (not model.__doc__ or model.__doc__.startswith(f"{model.__name__}("))
    ]
    assert silent == []


@pytest.mark.django_db
def test_the_migrations_are_complete() -> None:
    said = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=said)
    assert "No changes detected" in said.getvalue()
