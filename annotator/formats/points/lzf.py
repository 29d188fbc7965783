"""Packs and unpacks LZF, the compression of binary_compressed PCD files (Marc Lehmann's LibLZF)."""

import numpy as np
import numpy.typing as npt

from annotator.kernels import kernel

Bytes = npt.NDArray[np.uint8]

_HASH_BITS = 16
_FARTHEST = 1 << 13
_LONGEST = 264


@kernel
def unpack(packed: Bytes, raw: Bytes) -> int:
    """Fill ``raw`` from ``packed``; return how many bytes were made, or -1 if it is damaged.

    A control byte below 32 starts a run of that many bytes and one more; any other holds three bits
    of length (7: a byte more) and, with the next byte, how far back to copy from.
    """
    at, made, end, room = 0, 0, len(packed), len(raw)
    while at < end:
        control = int(packed[at])
        at += 1
        if control < 32:
            count = control + 1
            if at + count > end or made + count > room:
                return -1
            for _step in range(count):
                raw[made] = packed[at]
                made += 1
                at += 1
            continue
        count = control >> 5
        if count == 7:
            if at >= end:
                return -1
            count += int(packed[at])
            at += 1
        if at >= end:
            return -1
        source = made - ((control & 31) << 8) - int(packed[at]) - 1
        at += 1
        count += 2
        if source < 0 or made + count > room:
            return -1
        for _step in range(count):
            raw[made] = raw[source]
            made += 1
            source += 1
    return made


@kernel
def pack(raw: Bytes, packed: Bytes) -> int:
    """Fill ``packed``, which must be a 32nd longer than ``raw`` plus 16; return its length."""
    seen = np.full(1 << _HASH_BITS, -1, np.int64)
    at, made, first, end = 0, 0, 0, len(raw)
    while at < end:
        back = -1
        if at + 2 < end:
            word = (int(raw[at]) << 16) | (int(raw[at + 1]) << 8) | int(raw[at + 2])
            slot = ((word * 2654435761) >> 16) & ((1 << _HASH_BITS) - 1)
            back = seen[slot]
            seen[slot] = at
        same = 0
        if back >= 0 and at - back <= _FARTHEST:
            while same < _LONGEST and at + same < end and raw[back + same] == raw[at + same]:
                same += 1
        if same < 3:
            at += 1
            continue
        made = _put_run(raw, first, at, packed, made)
        made = _put_copy(at - back - 1, same - 2, packed, made)
        at += same
        first = at
    return _put_run(raw, first, end, packed, made)


@kernel
def _put_run(raw: Bytes, first: int, last: int, packed: Bytes, made: int) -> int:
    while first < last:
        count = min(32, last - first)
        packed[made] = count - 1
        packed[made + 1 : made + 1 + count] = raw[first : first + count]
        made += 1 + count
        first += count
    return made


@kernel
def _put_copy(offset: int, length: int, packed: Bytes, made: int) -> int:
    if length < 7:
        packed[made] = (length << 5) | (offset >> 8)
    else:
        packed[made] = (7 << 5) | (offset >> 8)
        made += 1
        packed[made] = length - 7
    packed[made + 1] = offset & 255
    return made + 2
