"""Of lines made wrong on purpose, most are refuted; the rest are those that are right all the same: twice nothing is nothing, and of
deviations from a sample's mean parts may be left out that add up to 0."""

from pathlib import Path

import pytest
from mutations import lines, refuted

from derive.rulebook.load import load

HERE = Path(__file__).parent
PROBLEMS = HERE / "problems"
DOCUMENTS = {
    HERE.parent / "examples" / "feature-scale.md": 0.90, PROBLEMS / "counting-laws.md": 0.98, PROBLEMS / "relu-he.md": 0.91,
    PROBLEMS / "sample-mean.md": 0.85, PROBLEMS / "sign-step-exponential.md": 0.96,
}  # fmt: skip


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.stem)
def test_wrong_lines_are_refuted(document):
    found = list(refuted(lines(document, load())))
    assert len(found) > 50
    assert not [f for f in found if f[3] is None]
    assert sum(agrees is False for *_, agrees in found) / len(found) > DOCUMENTS[document]
