import numpy as np
import pytest

from classifiers import dataset
from classifiers.pipeline import arrays, pipeline
from classifiers.prediction import Mail, Sorter
from classifiers.scoring import CLASSES, HEADS, Scorer
from classifiers.text import Reading, read


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    own = dataset.load_own()[::4]
    return [read(x.subject, x.body, "", x.language, is_new_text=True) for x in own]


def test_the_arrays_score_like_the_pipeline_that_was_trained(readings: list[Reading]) -> None:
    own = dataset.load_own()[::4]
    fitted = pipeline().fit(readings, np.array([(x.topic, x.tone) for x in own]))
    scorer = Scorer(arrays(fitted))
    found = scorer.find(readings)
    ours = scorer.linear(found.feature, found.mail, found.mails)
    matrix = fitted.named_steps["features"].transform(readings)
    for head, learned in zip(HEADS, fitted.named_steps["heads"].estimators_, strict=True):
        order = np.argsort(np.argsort(CLASSES[head]))
        theirs = learned.decision_function(matrix)[:, order]
        np.testing.assert_allclose(ours[:, head], theirs, atol=1e-4)


def test_an_email_is_scored_the_same_alone_and_in_a_crowd(sorter: Sorter) -> None:
    mails = [
        Mail(str(n), x.subject, x.body, "", x.language, True)
        for n, x in enumerate(dataset.load_own()[:40])
    ]
    assert sorter.predict(mails) == [found for one in mails for found in sorter.predict([one])]


def test_words_never_seen_leave_every_probability_defined(sorter: Sorter) -> None:
    (found,) = sorter.predict([Mail("1", "", "qwxzj vbnmk zzqqy xxwvu qqqpp")])
    assert not found.confident
    assert sum(found.probabilities.values()) == pytest.approx(2, abs=1e-3)


def test_a_word_carries_what_its_features_weigh(sorter: Sorter) -> None:
    scorer = Scorer(sorter.model)
    found = scorer.find([read("", "please reset my password", is_new_text=True)])
    carried = scorer.carried(found, np.array([0]))
    assert int(carried.argmax()) in (1, 3)
    assert len(carried) == 4
