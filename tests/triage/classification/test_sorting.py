"""A real model sorts; without one, or with a damaged one, a person does."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from classifiers.artifact import MANIFEST, ModelError
from tests.factories import desk
from tests.factories.desk import NOON
from triage.audit.actions import Step
from triage.audit.models import AuditEvent
from triage.classification import sorting
from triage.classification.actions import (
    CorrectionRefused,
    activate_model,
    classify,
    correct,
    store,
)
from triage.classification.models import Classification, Correction, SorterModel
from triage.classification.queries import sorter_state
from triage.intake import triage
from triage.queues.models import Ticket

pytestmark = pytest.mark.django_db
BY = Step("command")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one really trained model."""
    from classifiers.artifact import save
    from classifiers.training import train_shipped

    folder = tmp_path_factory.mktemp("models")
    save(train_shipped(), folder)
    return folder


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path: Path) -> Iterator[Path]:
    """A data folder of this test, and a process that has no model in memory."""
    settings.MUSTER_DATA_DIR = tmp_path
    sorting._loaded.__init__()  # type: ignore[misc]
    yield tmp_path
    sorting._loaded.__init__()  # type: ignore[misc]


@pytest.fixture
def active(trained: Path, data_dir: Path) -> SorterModel:
    shutil.copytree(trained, data_dir / "models")
    version = next(path.name for path in trained.iterdir())
    model = SorterModel.objects.create(version=version, trained_at=NOON)
    return activate_model(model_id=model.pk, by=BY, at=NOON)


RESET = "I cannot log in. Please send me a link to reset my password, the old one does not work."


def test_a_real_model_says_what_an_email_is_about_and_why(active):
    (said,) = classify([desk.message(subject="Password", new_text=RESET)], at=NOON)
    assert (said.label, said.sorter_version) == ("password_reset", active.version)
    assert said.reasons


def test_only_the_new_words_are_read(active):
    quoted = desk.message(subject="Re: hello", new_text="", text=RESET)
    fresh = desk.message(subject="Re: hello", new_text="Thank you so much, great!", text=RESET)
    first, second = classify([quoted, fresh], at=NOON)
    assert (first.label, second.label) == ("password_reset", "praise")


def test_without_a_model_nothing_is_certain_and_the_admin_is_told():
    (said,) = classify([desk.message()], at=NOON)
    assert (said.confident, said.sorter_version) == (False, "")
    assert sorter_state().problem


def test_with_a_model_there_is_nothing_to_tell(active):
    assert sorter_state().problem == ""


def test_a_model_whose_files_vanish_sorts_on_from_memory_and_is_told(active, data_dir):
    classify([desk.message()], at=NOON)
    shutil.rmtree(data_dir / "models")
    (said,) = classify([desk.message()], at=NOON)
    assert said.sorter_version == active.version
    assert sorter_state().problem


def test_a_damaged_model_sorts_nothing_and_stops_nothing(active, data_dir):
    (data_dir / "models" / active.version / "arrays.npz").write_bytes(b"broken")
    desk.queue()
    desk.message(due_at=NOON)
    assert triage(at=NOON) == 1
    assert Ticket.objects.get().queue.key == "unsorted"


def test_a_damaged_model_cannot_be_activated(active, data_dir):
    (data_dir / "models" / active.version / MANIFEST).unlink()
    SorterModel.objects.update(is_active=False)
    with pytest.raises(ModelError):
        activate_model(model_id=active.pk, by=BY, at=NOON)
    assert not SorterModel.objects.filter(is_active=True).exists()


def test_the_commands_train_activate_and_evaluate(capsys):
    call_command("train_model")
    model = SorterModel.objects.get()
    assert model.is_active
    call_command("activate_model", model.pk)
    call_command("evaluate_model")
    assert "data_concern" in capsys.readouterr().out


def test_a_model_that_is_not_there_is_named(active):
    with pytest.raises(CommandError, match=f"Known: {active.pk}"):
        call_command("activate_model", active.pk + 1)


@pytest.fixture
def sorted_wrong() -> Classification:
    message = desk.message()
    store([Classification(message=message, topic="other", tone="praise", label="praise",
                          confident=True, at=NOON)])  # fmt: skip
    return Classification.objects.get()


def test_a_correction_is_kept_for_training_and_sends_the_email_where_it_belongs(sorted_wrong):
    desk.queue()
    message = sorted_wrong.message
    sue = desk.actor("Sue", "support")
    said = correct(message_id=message.pk, topic="data_concern", tone="angry", by=sue, at=NOON)
    assert (said.label, said.version, said.confident) == ("data_concern", 2, True)
    kept = Correction.objects.get()
    assert (kept.topic, kept.was_tone, kept.by_id) == ("data_concern", "praise", sue.id)
    message.refresh_from_db()
    assert message.due_at == NOON
    assert AuditEvent.objects.get().action == "message.correct"


def test_who_neither_holds_nor_browses_emails_cannot_correct(sorted_wrong):
    with pytest.raises(CorrectionRefused):
        correct(
            message_id=sorted_wrong.message_id,
            topic="other",
            tone="angry",
            by=desk.actor("Leo", "approver"),
            at=NOON,
        )
    assert not Correction.objects.exists()


def test_a_second_look_keeps_the_first_word(sorted_wrong):
    again = Classification(message=sorted_wrong.message, topic="other", tone="angry",
                           label="angry", confident=True, at=NOON)  # fmt: skip
    store([again])
    assert Classification.objects.get().label == "praise"
