"""Take from a process what a hostile query could use: the network, other programs, memory without end.

``SERVICE`` is refused in the text of a query (see :mod:`aisi_kg.store.syntax`). What is here holds below the
text: where a text gets past that, the engine's call for a socket fails.

On Linux a seccomp filter refuses the system calls, for good and without privileges. Where a process needs no
further files, its limit of open files is set to those it has, which refuses sockets on every system.
"""

import ctypes
import os
import platform
import resource
import signal
import struct
import sys

__all__ = ["confine", "die_with_parent", "limit_cpu", "limit_memory"]

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
# Of the system call seccomp: set a filter, and for all threads that there are: an engine with a store on disk
# has some.
_SET_MODE_FILTER, _ALL_THREADS = 1, 1

# Classic BPF, as in linux/filter.h and linux/seccomp.h.
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_REFUSE = 0x00050000 | 13  # SECCOMP_RET_ERRNO with EACCES
_NUMBER_OFFSET, _ARCHITECTURE_OFFSET, _FIRST_ARGUMENT_OFFSET = 0, 4, 16
_X32 = 0x40000000

#: The numbers of the refused system calls, by machine: socket, connect, bind, listen, accept, accept4,
#: io_uring_setup, execve, execveat, ptrace, process_vm_readv, process_vm_writev, bpf, kill, tkill,
#: pidfd_open, rt_sigqueueinfo, rt_tgsigqueueinfo. Before them the number of the architecture and that of the
#: call seccomp; behind them that of tgkill, by which a process ends itself and which is refused for any
#: other. What is open stays open, and a thread may still be made (clone).
_MACHINES: dict[str, tuple[int, int, tuple[int, ...], int]] = {
    "x86_64": (
        0xC000003E,
        317,
        (41, 42, 49, 50, 43, 288, 425, 59, 322, 101, 310, 311, 321, 62, 200, 434, 129, 297),
        234,
    ),
    "aarch64": (
        0xC00000B7,
        277,
        (198, 203, 200, 201, 202, 242, 425, 221, 281, 117, 270, 271, 280, 129, 130, 434, 138, 240),
        131,
    ),
}


def confine(*, needs_files: bool) -> str:
    """Take the network and other programs from this process, for good.

    :param needs_files: whether it opens files later, as a store on disk does.
    :returns: what holds it: ``seccomp``, ``descriptors`` or both, joined by ``+``; empty where nothing could
        be done.
    """
    means = []
    if _refuse_calls():
        means.append("seccomp")
    if not needs_files:
        # No number is free below the limit, so that nothing can be opened, a socket included.
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
        means.append("descriptors")
    return "+".join(means)


def _refuse_calls() -> bool:
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return False
    architecture, seccomp, numbers, end_thread = machine
    code = [(_LOAD, 0, 0, _ARCHITECTURE_OFFSET), (_JUMP_IF_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL)]
    code.append((_LOAD, 0, 0, _NUMBER_OFFSET))
    # The second set of numbers that x86-64 has would get around the list.
    code += [(_JUMP_IF_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    for number in numbers:
        code += [(_JUMP_IF_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    code += [(_JUMP_IF_EQUAL, 0, 4, end_thread), (_LOAD, 0, 0, _FIRST_ARGUMENT_OFFSET)]
    code += [(_JUMP_IF_EQUAL, 0, 1, os.getpid()), (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    code.append((_RETURN, 0, 0, _ALLOW))
    program = b"".join(struct.pack("HBBI", *instruction) for instruction in code)
    filters = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(
        struct.pack("HxxxxxxP", len(code), ctypes.addressof(filters)), 8 + ctypes.sizeof(ctypes.c_void_p)
    )
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    if library.syscall(seccomp, _SET_MODE_FILTER, _ALL_THREADS, header) == 0:
        return True
    # Where the kernel, or what this process runs in, has no such call: this thread, and those it makes.
    return bool(library.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0) == 0)


def limit_memory(more_bytes: int) -> None:
    """Let this process take only so much memory beyond what it has.

    What goes beyond fails: in Python as a MemoryError, in the engine by ending the process.

    :param more_bytes: how much more. Where the system does not say how much there is (only Linux does), or
        does not keep to the limit, nothing happens.
    """
    try:
        with open("/proc/self/status", "rb") as status:  # noqa: PTH123 - no object is needed for it
            line = next(line for line in status if line.startswith(b"VmData:"))
    except (OSError, StopIteration):
        return
    has = int(line.split()[1]) * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (has + more_bytes, has + more_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_cpu(more_s: float) -> None:
    """Have the system end this process after so much more processor time, should nobody else do it.

    :param more_s: seconds from now.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + more_s) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def die_with_parent(parent: int) -> None:
    """Have this process ended when the one that made it ends, whatever that one dies of (Linux).

    :param parent: the process id of the one that made it.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        # It ended before it was asked for.
        os._exit(0)
