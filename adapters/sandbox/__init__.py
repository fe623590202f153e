"""The sandbox: files are read in processes that can do nothing else.

    gateway ──control──▶ nursery ──fork──▶ worker      one sender each, replaced after some files
       │                 (warm, never sees a file)  ▲
       └──── the file in memory, tasks, answers ────┘

What a file can do to a worker ends with the worker: it has no key, no network, no folder, and no descriptor to spare.
"""

from adapters.sandbox.examiner import Sandbox
from adapters.sandbox.limits import Limits

__all__ = ["Limits", "Sandbox"]
