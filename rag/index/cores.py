"""How the cores are shared out, between torch's threads, our own and numpy's."""

from __future__ import annotations


def cores() -> int:
    """Threads that torch works with: the cores, or what OMP_NUM_THREADS leaves of them."""
    import torch

    return int(torch.get_num_threads())


def alone() -> None:
    """Keeps what this thread computes on one core.

    torch's own setting would hold for every thread started later; OpenMP's is a thread's.
    """
    from threadpoolctl import threadpool_limits

    cores()  # torch sets a thread up with its first use
    threadpool_limits(1, user_api="openmp")


def keep_numpy_quiet() -> None:
    """Keeps numpy's products on one core, in the whole process.

    Ours are small, and after each OpenBLAS's threads wait busily for the next, some 20 ms long, on
    cores that the encoder needs: behind a filter a search took half as long again (see
    docs/performance.md).
    """
    from threadpoolctl import ThreadpoolController

    ThreadpoolController().select(internal_api="openblas").limit(limits=1)
