"""measure.py PROGRAM ARGUMENT...: runs a program, and prints its status, how much it wrote, and its peak memory."""

import json
import resource
import subprocess
import sys

process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
octets = 0
while piece := process.stdout.read(1 << 20):
    octets += len(piece)
status = process.wait()
memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
json.dump({"status": status, "octets": octets, "memory": memory}, sys.stdout)
