"""Makes convolution-*.safetensors and tiles-*.safetensors (for shapes with whole vectors of channels) beside this
file: one forward and backward pass of small convolutions, computed by PyTorch in both precisions, images as
channels-last rows of pixels.

Usage: python make_convolution_fixtures.py   (needs PyTorch)
"""

import pathlib

import torch
from make_fixtures import write
from torch import nn

# name: batch, inputs, outputs, height, width, kernel, stride, padding, bias
CASES = {
    "odd": (2, 3, 5, 5, 7, (3, 3), 1, 1, True),
    "strided": (3, 6, 4, 7, 6, (3, 3), 2, 1, False),
    "pointwise": (2, 19, 18, 3, 5, (1, 1), 1, 0, True),
    "pointwise-strided": (2, 4, 18, 5, 4, (1, 1), 2, 0, False),
    "patches": (1, 2, 3, 16, 24, (8, 8), 8, 0, True),
    "oblong": (2, 5, 17, 4, 6, (2, 3), 1, 2, True),
    "gaps": (2, 3, 4, 8, 9, (2, 2), 3, 0, True),
    "outside": (1, 2, 3, 2, 2, (2, 2), 3, 3, True),
    "tiles": (2, 16, 16, 5, 7, (3, 3), 1, 1, True),
    "tiles-even": (1, 16, 32, 8, 4, (3, 3), 1, 1, False),
    "tiles-valid": (2, 16, 16, 7, 6, (3, 3), 1, 0, True),
    "tiles-full": (1, 16, 16, 4, 5, (3, 3), 1, 2, True),
}


def rows(images):
    return images.permute(0, 2, 3, 1).reshape(-1, images.shape[1])


def main():
    for dtype, file in ((torch.float32, "single"), (torch.float64, "double")):
        torch.manual_seed(20251002)
        sets = {"convolution": {}, "tiles": {}}
        for name, (batch, inputs, outputs, height, width, kernel, stride, padding, bias) in CASES.items():
            out = sets["tiles" if name.startswith("tiles") else "convolution"]
            layer = nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=bias, dtype=torch.float64).to(dtype)
            x = torch.randn(batch, inputs, height, width, dtype=torch.float64).to(dtype).requires_grad_()
            y = layer(x)
            dy = torch.randn(y.shape, dtype=torch.float64).to(dtype)
            y.backward(dy)
            for key, value in layer.named_parameters():
                out[f"{name}/before/{key}"], out[f"{name}/gradient/{key}"] = value, value.grad
            out[f"{name}/x"], out[f"{name}/dy"] = rows(x), rows(dy)
            out[f"{name}/output"], out[f"{name}/inputGradient"] = rows(y), rows(x.grad)
        for name, out in sets.items():
            write(pathlib.Path(__file__).parent / f"{name}-{file}.safetensors", out)


if __name__ == "__main__":
    main()
