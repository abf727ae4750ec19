"""How the process handles its memory."""

import ctypes

M_MMAP_THRESHOLD = -3  # mallopt(3)
LARGE_BYTES = 256 * 1024


def return_large_blocks() -> None:
    """Makes the allocator give large blocks back to the system when they are freed (mallopt(3)); glibc alone has it.

    By itself it learns to keep them: 19 MiB of a password's hash then stay with each thread for good.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
