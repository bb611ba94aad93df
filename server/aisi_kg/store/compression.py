"""Compress answers by gzip and Zstandard."""

from typing import Any, Literal

from isal import isal_zlib
from zstandard import COMPRESSOBJ_FLUSH_BLOCK, ZstdCompressor, ZstdError

__all__ = ["ENCODINGS", "CompressionError", "Compressor", "Encoding", "compressed"]

#: What an answer can be compressed with; the first is none.
Encoding = Literal["", "gzip", "zstd"]
ENCODINGS: tuple[Encoding, ...] = ("", "gzip", "zstd")

#: Raised where memory for compression is missing; nothing else fails.
CompressionError = ZstdError

# Shorter answers gain nothing from compression.
_COMPRESSED_FROM_BYTES = 1_000
_GZIP_FORMAT = 31  # zlib's window of 15 bits, and 16 for gzip's head
_GZIP_LEVEL, _ZSTD_LEVEL = 1, 3


class Compressor:
    """Compress an answer block by block.

    :param encoding: what with; not the empty one.
    """

    def __init__(self, encoding: Encoding) -> None:
        self._object: Any
        if encoding == "gzip":
            self._object = isal_zlib.compressobj(_GZIP_LEVEL, isal_zlib.DEFLATED, _GZIP_FORMAT)
            self._block = isal_zlib.Z_SYNC_FLUSH
        else:
            self._object = ZstdCompressor(level=_ZSTD_LEVEL).compressobj()
            self._block = COMPRESSOBJ_FLUSH_BLOCK

    def block(self, data: bytes, *, is_last: bool) -> bytes:
        """Compress the next bytes so that a reader can read all of them.

        :param data: the bytes.
        :param is_last: whether they are the last.
        :returns: what to send.
        :raises CompressionError: if there is no memory.
        """
        written: bytes = self._object.compress(data)
        return written + bytes(self._object.flush() if is_last else self._object.flush(self._block))


def compressed(data: bytes, encoding: Encoding) -> tuple[bytes, Encoding]:
    """Compress a whole answer, unless it is too short to gain by that.

    :param data: its bytes.
    :param encoding: what the client takes.
    :returns: the bytes to send, and what they are compressed with.
    :raises CompressionError: if there is no memory.
    """
    if not encoding or len(data) < _COMPRESSED_FROM_BYTES:
        return data, ""
    return Compressor(encoding).block(data, is_last=True), encoding
