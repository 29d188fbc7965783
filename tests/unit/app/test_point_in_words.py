"""What is said of the point under the pointer."""

import numpy as np
import pytest

from annotator.app import colours_in_words
from annotator.app.scan_view import point_in_words
from annotator.model.cloud import PointCloud


@pytest.fixture(autouse=True)
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts that went through the catalogue are in brackets."""
    monkeypatch.setattr(colours_in_words, "_", lambda text: f"[{text}]")


def test_known_fields_of_a_point_are_translated_and_others_keep_their_names() -> None:
    values = np.array([7.0], np.float32)
    cloud = PointCloud(np.zeros((1, 3), np.float32), {"intensity": values, "echo_no": values})

    assert point_in_words(cloud, 0, (0, 0, 0)).endswith("m · [intensity] 7 · echo_no 7")
