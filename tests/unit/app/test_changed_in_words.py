"""What is said of a deletion: how many objects, and from how many scans."""

from annotator.app.changed_in_words import deleted_in_words
from annotator.model.annotations import Annotation
from annotator.model.document import Document
from annotator.model.shapes import Box3D, Focus

BOX = Box3D((0, 0, 1), (1, 1, 1))


DRIVE, SCAN = Document(((9,),) * 12), Document(((9,),))


def test_what_held_in_every_scan_is_said_to_be_gone_from_all() -> None:
    still = [Annotation("pillar", BOX) for _ in range(6)]
    here = Annotation("car", BOX, frame=0)

    assert deleted_in_words(still, DRIVE).startswith("6 objects deleted from all scans")
    assert deleted_in_words([*still, here], DRIVE).startswith("7 objects in 12 scans deleted")
    assert deleted_in_words([here], DRIVE).startswith("1 object deleted ·")
    assert deleted_in_words(still[:1], SCAN).startswith("1 object deleted ·")


def test_what_is_left_in_other_scans_is_said_with_the_key_that_deletes_it_there() -> None:
    gone, left = (Annotation("car", BOX, frame=n, track="1") for n in (0, 1))
    said = deleted_in_words([gone], Document(DRIVE.extents, {left.id: left}))

    assert said.startswith("1 object deleted from this scan alone ·")


def test_foci_are_called_so() -> None:
    foci = [Annotation("calcification", Focus(n)) for n in (1, 2)]

    assert deleted_in_words(foci[:1], SCAN).startswith("1 focus deleted ·")
    assert deleted_in_words(foci, SCAN).startswith("2 foci deleted ·")
