"""Which other series of a patient can be shown beside the open one."""

from collections.abc import Iterable
from dataclasses import dataclass

from annotator.i18n import gettext as _
from annotator.model.items import Item
from annotator.model.volume import Series


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another series of one patient.

    Attributes
    ----------
    is_of_study
        Whether it was made in the same examination.
    """

    item: Item
    series: Series
    is_of_study: bool

    def title(self) -> str:
        """Return its name; that of another examination with its date."""
        if self.is_of_study:
            return self.item.name
        when = self.series.study_day or "?"
        return _("{name} · another examination, {when}").format(name=self.item.name, when=when)


def siblings_of(here: Series, others: Iterable[tuple[Item, Series | None]]) -> list[Sibling]:
    """Return the series of the same patient, those of the same study first."""
    found = [
        Sibling(item, other, is_of_study=other.study_uid == here.study_uid)
        for item, other in others
        if other is not None and _are_of_one_patient(here, other)
    ]
    return sorted(found, key=lambda sibling: not sibling.is_of_study)


def _are_of_one_patient(one: Series, other: Series) -> bool:
    is_known = bool(one.patient_key) and one.patient_key == other.patient_key
    return is_known or one.study_uid == other.study_uid
