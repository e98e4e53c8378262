"""PyTorch's side of `bench`: training steps of one kind of run on one batch, in the fastest of PyTorch's ways.

Usage: training.py KIND BATCH [bfloat16]. KIND is a JSON file with `model`, `image`, `classes`, `activeClasses`,
`batchSize`, `optimizer` and `loss`, BATCH holds its images and labels. Convolutions take the faster memory format,
the optimiser its faster implementation. With `bfloat16` the passes are under autocast to it.
"""

import contextlib
import json
import sys

import torch
from models import build
from optimizers import Steps, implementations
from process import fastest, prepare, read_batch, serve
from torch.nn import functional

FORMATS = {"contiguous": torch.contiguous_format, "channels-last": torch.channels_last}


def make_loss(kind, labels):
    """The loss of a network's outputs, over the active classes, which are the first."""
    active = kind["activeClasses"]
    if kind["loss"] == "meanSquaredError":
        targets = functional.one_hot(labels, active).float()
        return lambda outputs: functional.mse_loss(outputs[:, :active], targets)
    if active == kind["classes"]:
        return lambda outputs: functional.cross_entropy(outputs, labels)
    return lambda outputs: functional.cross_entropy(outputs[:, :active], labels)


def make_step(kind, images, labels, memory_format, implementation, precision):
    """A training step of a new network."""
    network = build(kind["model"], kind["image"], kind["classes"]).to(memory_format=FORMATS[memory_format])
    steps = Steps(kind["optimizer"], network, implementation)
    x = images.to(memory_format=FORMATS[memory_format])
    loss_of = make_loss(kind, labels)

    def step():
        steps.zero_grad()
        with precision:
            loss = loss_of(network(x))
        loss.backward()
        steps.step()
        return loss.detach()

    return step


def main():
    prepare()
    with open(sys.argv[1]) as file:
        kind = json.load(file)
    images, labels = read_batch(sys.argv[2], kind["batchSize"], kind["image"])
    reduced = "bfloat16" in sys.argv[3:]
    precision = torch.autocast("cpu", torch.bfloat16) if reduced else contextlib.nullcontext()

    def maker(memory_format, implementation):
        return lambda: make_step(kind, images, labels, memory_format, implementation, precision)

    ways = implementations(kind["optimizer"])
    formats = ["contiguous"] if kind["model"]["architecture"] == "mlp" else list(FORMATS)
    memory_format, _ = fastest({name: maker(name, ways[0]) for name in formats})
    way, step = fastest({name: maker(memory_format, name) for name in ways})
    serve(step, memory_format, way)


if __name__ == "__main__":
    main()
