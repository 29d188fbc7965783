"""A chest with contrast agent, in boxes: what the guard of a click has to tell apart."""

import numpy as np

from annotator.model.findings import Finding
from annotator.model.volume import Hu, Series, Slice, Volume

SHAPE = (24, 120, 160)
SPACING = (2.0, 1.0, 1.0)
BLOOD_HU, NOISE_HU, CORTEX_HU = 350, 12, 800

AORTA = np.s_[:, 40:70, 50:80]
VESSEL = np.s_[4:12, 30:33, 120:123]
NODULE = np.s_[15:18, 30:34, 120:124]
PLAQUE = np.s_[8:10, 50:54, 80:83]
BRANCH, CLOT = np.s_[14:20, 80:90, 120:130], np.s_[16:18, 84:86, 128:132]
SPINE = np.s_[:, 90:105, 20:40]
MARROW = np.s_[:, 92:103, 22:38]
CHIP = np.s_[8:11, 92:95, 42:45]
MEDIASTINUM = np.s_[20:22, 20:23, 60:63]


def contrast_chest(*, has_contrast: bool = True) -> Volume:
    """Return tissue in air with an aorta, a spine, and what can be taken for a calcification."""
    hu = np.full(SHAPE, -1000, np.int16)
    hu[:, 10:110, 10:150] = 40
    hu[AORTA] = BLOOD_HU
    hu[PLAQUE] = 900
    hu[VESSEL] = 320
    hu[NODULE] = 700
    hu[BRANCH], hu[CLOT] = BLOOD_HU, 900
    hu[SPINE] = CORTEX_HU
    hu[MARROW] = np.random.default_rng(4).normal(300, 60, hu[MARROW].shape)
    hu[CHIP] = 600
    hu[MEDIASTINUM] = 800
    return volume(noisy(hu), has_contrast=has_contrast)


def noisy(hu: Hu) -> Hu:
    """Return the same with a scanner's noise."""
    noise = np.random.default_rng(3).normal(0, NOISE_HU, hu.shape)
    return np.asarray(hu + np.rint(noise), np.int16)


def volume(hu: Hu, *, has_contrast: bool = True) -> Volume:
    """Return voxels as a series whose header speaks of contrast agent, or does not."""
    slices = tuple(Slice(f"{k}", f"1.{k}", (0.0, 0.0, 2.0 * k)) for k in range(len(hu)))
    affine = np.diag((1.0, 1.0, 2.0, 1.0))
    given = (Finding("contrast", "contrast agent was given"),) if has_contrast else ()
    series = Series("1", "2", "3", slices, hu.shape, affine, SPACING, kvp=120, findings=given)
    return Volume(series, hu)
