"""PyTorch's side of `bench --only measuring`: all metrics of all layers of a network on two probes, as `measure` has
them.

Usage: measuring.py KIND PROBES. KIND is a JSON file with `specification`, `image` and `classes`, PROBES holds the images
and labels of both probes.
"""

import json
import sys

import torch
from metrics import DEFAULTS, cloning, of_layer
from models import build
from process import prepare, read_batch, serve
from torch import nn
from torch.nn import functional

# As on this project's side: so many images go through the network together.
PART = 128


def as_rows(x):
    """Images and tokens as rows of units."""
    if x.dim() == 4:
        return x.permute(0, 2, 3, 1).flatten(0, 2)
    return x.flatten(0, 1) if x.dim() == 3 else x


class Looker:
    """A network of which every layer's output, and the gradient with respect to it, can be looked at."""

    def __init__(self, kind):
        self.network = build(kind["specification"]["model"], kind["image"], kind["classes"])
        self.network.requires_grad_(False)
        for module in self.network.modules():
            if hasattr(module, "inplace"):
                module.inplace = False
            if isinstance(module, nn.modules.batchnorm._BatchNorm):
                module.momentum = 0.0
        self.loss = kind["specification"].get("loss") or "crossEntropy"
        self.classes = kind["classes"]
        # Convolutional networks begin with a layer that only rearranges the images.
        self.looks_at_images = kind["specification"]["model"]["architecture"] in ("cnn", "resnet")
        # What follows the first layer with weights and comes before the outputs has copies in a clone.
        layers = [layer for layer in self.network if not isinstance(layer, (nn.Dropout, nn.Flatten))]
        self.of_units = [False] * self.looks_at_images + [True] * (len(layers) - 1) + [False]

    def look(self, images, labels):
        """Activations and gradients of each layer for a part of a probe."""
        x = images.requires_grad_()
        outputs = [x] if self.looks_at_images else []
        for layer in self.network:
            x = layer(x)
            if not isinstance(layer, (nn.Dropout, nn.Flatten)):
                outputs.append(x)
        if self.loss == "meanSquaredError":
            loss = functional.mse_loss(x, functional.one_hot(labels, self.classes).float())
        else:
            loss = functional.cross_entropy(x, labels)
        gradients = torch.autograd.grad(loss, outputs)
        return [(as_rows(y.detach()), as_rows(g)) for y, g in zip(outputs, gradients)]

    def look_at_all(self, images, labels):
        """The same for a whole probe, in double precision."""
        parts = [self.look(x, y) for x, y in zip(images.split(PART), labels.split(PART))]
        return [
            tuple(torch.cat(side).double() for side in zip(*(part[index] for part in parts)))
            for index in range(len(parts[0]))
        ]


def main():
    prepare()
    with open(sys.argv[1]) as file:
        kind = json.load(file)
    options, clone = kind["specification"]["options"], kind["specification"]["clone"]
    thresholds = {**DEFAULTS, **{name: options[name] for name in DEFAULTS if name in options}}
    count = options["probeImages"]
    images, labels = read_batch(sys.argv[2], 2 * count, kind["image"])
    probes = list(zip(images.split(count), labels.split(count)))
    looker = Looker(kind)

    def measure():
        values = []
        for x, y in probes:
            looker.network.eval()
            for of_units, (activations, gradients) in zip(looker.of_units, looker.look_at_all(x, y)):
                with torch.inference_mode():
                    values += of_layer(activations, gradients, thresholds)
                    if clone > 1 and of_units:
                        values += cloning(activations, clone) + cloning(gradients, clone)
            if clone > 1:
                looker.network.train()
                for of_units, sides in zip(looker.of_units, looker.look_at_all(x, y)):
                    with torch.inference_mode():
                        values += [v for side in sides if of_units for v in cloning(side, clone)]
        return torch.stack([v.double() for v in values]).nan_to_num(0).sum()

    serve(measure)


if __name__ == "__main__":
    main()
