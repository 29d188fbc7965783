"""Transfer syntaxes: which there are, what reads them, and which lose detail.

References
----------
DICOM PS3.5, 10 "Transfer Syntax" and annex A.
"""

from annotator.errors import FormatError
from annotator.i18n import gettext as _

IMPLICIT = "1.2.840.10008.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
DEFLATED = "1.2.840.10008.1.2.1.99"
EXPLICIT_BIG = "1.2.840.10008.1.2.2"
RLE = "1.2.840.10008.1.2.5"
_JPEG = "1.2.840.10008.1.2.4."
JPEG_BASELINE = _JPEG + "50"
JPEG_EXTENDED = _JPEG + "51"
JPEG_LOSSLESS = frozenset([_JPEG + "57", _JPEG + "70"])
JPEG_LS = frozenset([_JPEG + "80", _JPEG + "81"])
JPEG_2000 = frozenset([_JPEG + "90", _JPEG + "91"])
HTJ2K = frozenset([_JPEG + "201", _JPEG + "202", _JPEG + "203"])

UNCOMPRESSED = frozenset([IMPLICIT, EXPLICIT, DEFLATED, EXPLICIT_BIG])
ALWAYS_LOSSY = frozenset([JPEG_BASELINE, JPEG_EXTENDED])
MAYBE_LOSSY = frozenset([_JPEG + "81", _JPEG + "91", _JPEG + "203"])
QUICK = UNCOMPRESSED | {RLE}
"""Decoded by our own code, which releases the GIL: threads suffice."""
READABLE = QUICK | JPEG_LOSSLESS | JPEG_LS | JPEG_2000 | HTJ2K | {JPEG_BASELINE}


def refuse_unreadable(path: str, syntax: str, allocated: int) -> None:
    """Refuse what no licence-clean decoder decodes.

    Raises
    ------
    FormatError
        If the pixels cannot be decoded, naming the compression and what to ask for.
    """
    if syntax in READABLE or (syntax == JPEG_EXTENDED and allocated == 8):
        return
    name = {JPEG_EXTENDED: "JPEG Extended 12-bit"}.get(syntax, syntax)
    raise FormatError(
        path,
        _("it is compressed with {name}, which cannot be decoded here").format(name=name),
        _("export it uncompressed, or with JPEG Lossless, JPEG-LS or JPEG 2000"),
    )
