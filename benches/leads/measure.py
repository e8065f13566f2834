"""One process, measured; and the machine it ran on."""

import ctypes
import dataclasses
import importlib.metadata
import os
import platform
import subprocess
import time


@dataclasses.dataclass
class Run:
    seconds: float
    cpu: float
    megabytes: float


class Failed(Exception):
    """A process that did not do its work, and what it said."""


# Leaves a process behind, whose number it says, and which becomes the command when it is told to.
LAUNCH = 'exec 3<&0; (read -r go <&3; exec "$@" 3<&- >/dev/null) & echo $!'
PR_SET_CHILD_SUBREAPER = 36


def run(command, threads):
    """Runs a command on as many processors as it may have threads: wall time, time of the processors, peak of its memory.

    A process starts with the peak of the one that it was forked from. So it is forked from a shell, which is small, before the clock
    runs; left behind by that shell, it becomes ours.
    """
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    all_processors = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(all_processors)[:threads])
    try:
        shell = subprocess.Popen(
            ["/bin/sh", "-c", LAUNCH, "sh", *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    finally:
        os.sched_setaffinity(0, all_processors)
    with shell:
        child = int(shell.stdout.readline())
        shell.wait()
        start = time.perf_counter()
        shell.stdin.write(b"go\n")
        shell.stdin.flush()
        said = shell.stderr.read().decode(errors="replace").strip()
        _, status, usage = os.wait4(child, 0)
        seconds = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        raise Failed(said or f"it ended with {code}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def machine(policyc, peers):
    """What was measured on, as pairs of words."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        info = dict(map(str.strip, line.split(":", 1)) for line in file if ":" in line)
    with open("/proc/meminfo", encoding="utf-8") as file:
        memory = int(file.readline().split()[1]) / 1024**2
    model = f"{info.get('model name', platform.machine())}, family {info.get('cpu family', '?')}, model {info.get('model', '?')}"
    vectors = [name for name in ("avx2", "avx512bw", "avx512vbmi2") if name in info.get("flags", "").split()]
    try:
        said = subprocess.run([policyc, "--version"], capture_output=True, text=True, check=False).stdout.split()
    except OSError:
        said = []
    return {
        "processor": f"{model}, {' '.join(vectors) or 'no vectors of 256 bits'}",
        "processors": f"{len(os.sched_getaffinity(0))} of {os.cpu_count()}",
        "memory": f"{memory:.0f} GB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "policyc": said[-1] if said else "?",
        **{peer: importlib.metadata.version(peer) for peer in peers},
    }
