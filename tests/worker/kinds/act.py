"""A job that does what its payload says, for tests of the worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from backend.jobs.runs import ClaimedJob
from mote.errors import Cancelled, TrainingFailed
from worker.progress import JobContext


class Act:
    """Payload: {"do": one of the methods' names, ...}"""

    name = "act"

    def run(self, context: JobContext, job: ClaimedJob) -> None:
        getattr(self, job.payload["do"])(context, job)

    def count(self, context: JobContext, job: ClaimedJob) -> None:
        steps = job.payload["steps"]
        for step in range(steps):
            context.log(f"try {job.attempt}: step {step + 1} of {steps}")
            context.progress((step + 1) / steps, f"Step {step + 1}")
            time.sleep(job.payload.get("seconds", 0.05))
        (context.folder / "result").write_text("done")

    def fail(self, context: JobContext, job: ClaimedJob) -> None:
        context.log("about to fail")
        raise TrainingFailed("All samples have one label.", hint="Add samples of another label.")

    def crash(self, context: JobContext, job: ClaimedJob) -> None:
        raise ZeroDivisionError("a mistake of the programmer")

    def die_once(self, context: JobContext, job: ClaimedJob) -> None:
        context.log(f"try {job.attempt}")
        context.progress(0.5, "Half")
        time.sleep(1)
        if job.attempt == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    def stubborn(self, context: JobContext, job: ClaimedJob) -> None:
        """Neither it nor its child process stops when asked."""
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        context.log(f"child {child.pid}")
        while True:
            try:
                time.sleep(0.1)
            except Cancelled:
                context.log("cancelled, and going on")

    def transact(self, context: JobContext, job: ClaimedJob) -> None:
        for _ in range(600):
            with context.transaction():
                time.sleep(0.02)
            time.sleep(0.05)


PLUGIN = Act()
