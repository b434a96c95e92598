"""What the machine tells: CPU time and memory of a group of processes, syncs of the disk, and what it is."""

import os
import platform
import signal
import subprocess
import time


class CannotMeasure(Exception):
    """Why a measurement is impossible here, in words for the person who asked for it."""


def cgroup_root():
    """Where version 2 control groups are mounted."""
    with open("/proc/mounts", encoding="utf-8") as mounts:
        for line in mounts:
            device, folder, kind, *_ = line.split()
            if kind == "cgroup2":
                return folder
    raise CannotMeasure("no cgroup2 file system is mounted, so the CPU time of a server cannot be told")


class Group:
    """Processes that are measured together: also those that have ended, and those that became daemons."""

    def __init__(self, name):
        self.folder = os.path.join(cgroup_root(), f"martlet-bench-{os.getpid()}-{name}")
        try:
            os.mkdir(self.folder)
        except OSError as error:
            raise CannotMeasure(f"cannot make the control group {self.folder} ({error.strerror}); be root") from error

    def remove(self):
        self.end()
        os.rmdir(self.folder)

    def enter(self):
        with open(os.path.join(self.folder, "cgroup.procs"), "w", encoding="ascii") as processes:
            processes.write(str(os.getpid()))

    def start(self, command, output=subprocess.DEVNULL, **options):
        return subprocess.Popen(command, preexec_fn=self.enter, stdin=subprocess.DEVNULL, stdout=output,
                                stderr=subprocess.STDOUT, start_new_session=True, **options)

    def processes(self):
        with open(os.path.join(self.folder, "cgroup.procs"), encoding="ascii") as processes:
            return [int(line) for line in processes]

    def cpu(self):
        """Seconds of CPU that all have used, those that have ended among them."""
        with open(os.path.join(self.folder, "cpu.stat"), encoding="ascii") as stat:
            return next(int(line.split()[1]) for line in stat if line.startswith("usage_usec")) / 1e6

    def memory(self):
        """MiB in use, with shared pages divided among those that share them."""
        kib = 0
        for process in self.processes():
            try:
                with open(f"/proc/{process}/smaps_rollup", encoding="ascii") as lines:
                    kib += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
            except OSError:
                continue
        return kib / 1024

    def descriptors(self):
        count = 0
        for process in self.processes():
            try:
                count += len(os.listdir(f"/proc/{process}/fd"))
            except OSError:
                continue
        return count

    def end(self, patience=20):
        """Ends all of them, with SIGTERM and after `patience` seconds with SIGKILL."""
        deadline = time.monotonic() + patience
        while processes := self.processes():
            for process in processes:
                try:
                    os.kill(process, signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL)
                except ProcessLookupError:
                    continue
            time.sleep(0.1)


class Disk:
    """The disk that a folder is on, and the cache flushes that it has done; None where it does not say."""

    FLUSHES = 15

    def __init__(self, folder):
        device = os.stat(folder).st_dev
        path = os.path.realpath(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}")
        if os.path.exists(os.path.join(path, "partition")):
            path = os.path.dirname(path)
        self.stat = os.path.join(path, "stat")

    def flushes(self):
        try:
            with open(self.stat, encoding="ascii") as stat:
                return int(stat.read().split()[self.FLUSHES])
        except (OSError, IndexError):
            return None


def busy():
    """Seconds that all cores together have been busy, to tell how much anybody else did."""
    with open("/proc/stat", encoding="ascii") as stat:
        times = [int(text) for text in stat.readline().split()[1:]]
    return (sum(times[:3]) + sum(times[5:8])) / os.sysconf("SC_CLK_TCK")


def description(folder):
    """What the figures were measured on."""
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")
    file_system = subprocess.run(["stat", "--file-system", "--format=%T", folder], capture_output=True, text=True,
                                 check=True).stdout.strip()
    return {"cpu": model, "cores": os.cpu_count(), "memory_gib": round(
        os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1), "kernel": platform.release(),
        "file_system": file_system, "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
