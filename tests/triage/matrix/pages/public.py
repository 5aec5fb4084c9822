"""What the public may see."""

from tests.triage.matrix.cast import EVERYBODY, Pages

PAGES: Pages = {
    "public:incident": (EVERYBODY, EVERYBODY),
}
