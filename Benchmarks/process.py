"""What PyTorch's sides of `bench` share: they read a description and a batch, say `ready <words>`, and answer each line
`<times>` on standard input with `<seconds> <number>`, `memory` with `<peak resident bytes> 0`.
"""

import os
import resource
import sys
import time

import torch


def prepare():
    """As many threads, and numbers too small for a normalised exponent count as zero, as on this project's side."""
    torch.set_num_threads(int(os.environ.get("BARRIERS_THREADS") or 1))
    torch.set_num_interop_threads(1)
    torch.set_flush_denormal(True)
    torch.manual_seed(0)


def read_batch(path, count, image):
    """Images as floats, then a byte of label for each."""
    with open(path, "rb") as file:
        raw = bytearray(file.read())
    shape = (count, image["channels"], image["height"], image["width"])
    values = torch.Size(shape).numel()
    images = torch.frombuffer(raw, dtype=torch.float32, count=values).reshape(shape)
    labels = torch.frombuffer(raw, dtype=torch.uint8, offset=4 * values, count=count).long()
    return images, labels


def seconds(work, times):
    """How long `work` takes that many times, and what it gave the last time."""
    start = time.perf_counter()
    for _ in range(times):
        result = work()
    return time.perf_counter() - start, result


def pace(work):
    """Roughly the seconds that `work` takes when it is warm."""
    work()
    first = seconds(work, 1)[0]
    if first > 0.5:
        return first
    times = max(1, int(0.1 / max(first, 1e-6)))
    return min(seconds(work, times)[0] / times for _ in range(3))


def fastest(makers):
    """The name of the fastest of some ways to do a thing, and its work: each is made by a function of a dictionary."""
    if len(makers) == 1:
        return next((name, make()) for name, make in makers.items())
    paces = {name: pace(make()) for name, make in makers.items()}
    name = min(paces, key=paces.get)
    return name, makers[name]()


def serve(work, *words):
    """Answers until standard input ends. `work` returns a tensor of one number."""
    print("ready", torch.__version__, *words, flush=True)
    for line in sys.stdin:
        if line.strip() == "memory":
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, 0, flush=True)
        else:
            took, result = seconds(work, int(line))
            print(took, float(result), flush=True)
