"""How far colours are apart to the eye, also to eyes that tell red and green badly apart."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# F. Viénot, H. Brettel and J. Mollon, "Digital video colourmaps for checking the legibility of
# displays by dichromats", Color Research and Application 24 (1999): in linear sRGB.
SEEN_BY: dict[str, Floats] = {
    "all": np.eye(3),
    "protanopes": np.array([(0.11238, 0.88762, 0), (0.11238, 0.88762, 0), (0.00401, -0.00401, 1)]),
    "deuteranopes": np.array(
        [(0.29275, 0.70725, 0), (0.29275, 0.70725, 0), (-0.02234, 0.02234, 1)]
    ),
}
# IEC 61966-2-1: linear sRGB to CIE XYZ, and its white.
_XYZ = np.array([(0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505)])
_WHITE = _XYZ.sum(axis=1)


def lab(rgb: npt.ArrayLike, seen_by: str = "all") -> Floats:
    """Return CIELAB of sRGB colours (n, 3), 0 to 255, as some people see them."""
    share = np.asarray(rgb, float) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    xyz = np.clip(linear @ SEEN_BY[seen_by].T, 0, 1) @ _XYZ.T / _WHITE
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz * (29 / 6) ** 2 / 3 + 4 / 29)
    x, y, z = f.T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


def apart(one: Floats, other: Floats) -> Floats:
    """Return CIEDE2000 between CIELAB colours; the shapes broadcast.

    References
    ----------
    G. Sharma, W. Wu and E. Dalal, "The CIEDE2000 color-difference formula", Color Research and
    Application 30 (2005).
    """
    (l1, a1, b1), (l2, a2, b2) = np.moveaxis(one, -1, 0), np.moveaxis(other, -1, 0)
    chroma = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    more = 1.5 - 0.5 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7))
    a1, a2 = a1 * more, a2 * more
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    is_grey = c1 * c2 == 0
    turn = np.where(is_grey, 0, (h2 - h1 + 180) % 360 - 180)
    far = np.abs(h1 - h2) > 180
    middle = np.where(is_grey, h1 + h2, (h1 + h2) / 2 + np.where(far, 180, 0)) % 360
    light, c = (l1 + l2) / 2, (c1 + c2) / 2

    def cos(angle_deg: Floats) -> Floats:
        return np.asarray(np.cos(np.radians(angle_deg)))

    t = (
        1
        - 0.17 * cos(middle - 30)
        + 0.24 * cos(2 * middle)
        + 0.32 * cos(3 * middle + 6)
        - 0.20 * cos(4 * middle - 63)
    )
    for_light = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    for_chroma, for_hue = 1 + 0.045 * c, 1 + 0.015 * c * t
    bend = 60 * np.exp(-(((middle - 275) / 25) ** 2))
    rotation = -2 * np.sqrt(c**7 / (c**7 + 25.0**7)) * np.sin(np.radians(bend))
    d_light, d_chroma = (l2 - l1) / for_light, (c2 - c1) / for_chroma
    d_hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / for_hue
    return np.asarray(np.sqrt(d_light**2 + d_chroma**2 + d_hue**2 + rotation * d_chroma * d_hue))


def closest(rgb: npt.ArrayLike, seen_by: str = "all") -> float:
    """Return how far the two closest of some colours are apart, CIEDE2000."""
    seen = lab(rgb, seen_by)
    between = apart(seen[:, None], seen[None])
    return float(between[~np.eye(len(seen), dtype=bool)].min())
