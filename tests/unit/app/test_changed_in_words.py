"""What is said of a deletion: how many objects, and from how many scans."""

from annotator.app.changed_in_words import deleted_in_words
from annotator.model.annotations import Annotation
from annotator.model.shapes import Box3D

BOX = Box3D((0, 0, 1), (1, 1, 1))


def test_what_held_in_every_scan_is_said_to_be_gone_from_all() -> None:
    still = [Annotation("pillar", BOX) for _ in range(6)]
    here = Annotation("car", BOX, frame=0)

    assert deleted_in_words(still, 12).startswith("6 objects deleted from all scans")
    assert deleted_in_words([*still, here], 12).startswith("7 objects in 12 scans deleted")
    assert deleted_in_words([here], 12).startswith("1 object deleted ·")
    assert deleted_in_words(still[:1], 1).startswith("1 object deleted ·")
