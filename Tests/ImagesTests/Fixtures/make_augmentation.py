"""Pads, crops, mirrors and turns a small random image by torchvision, in the order of Dohare et al. (Nature 632, 2024):
normalised first, then mirrored, cut out of the padded image, and turned.

Padding with black comes before normalising, as in the usual pipelines for CIFAR-10.

Run with Python 3, PyTorch and torchvision: python3 make_augmentation.py
"""

import json
import math
import pathlib

import torch
from torchvision.transforms import functional

HEIGHT, WIDTH, PADDING = 8, 7, 3
MEAN, DEVIATION = [0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.2010]

generator = torch.Generator().manual_seed(1)
image = torch.randint(0, 256, (3, HEIGHT, WIDTH), generator=generator, dtype=torch.uint8)


def margin(angle):
    """How far the source of a pixel is from being half-way between two pixels, in pixels, at the least."""
    cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    margins = []
    for row in range(HEIGHT):
        for column in range(WIDTH):
            x, y = column - (WIDTH - 1) / 2, row - (HEIGHT - 1) / 2
            for source, size in [(cosine * x - sine * y, WIDTH), (sine * x + cosine * y, HEIGHT)]:
                margins.append(abs((source + (size - 1) / 2) % 1 - 0.5))
    return min(margins)


def augmented(mode, top, left, mirrored, angle):
    """`top` and `left` are those of the window in the image that is not mirrored."""
    result = image.float() / 255
    if mode == "reflect":
        result = functional.normalize(result, MEAN, DEVIATION)
    if mirrored:
        result, left = functional.hflip(result), -left
    padded = functional.pad(result, PADDING, padding_mode="constant" if mode == "black" else mode)
    result = functional.crop(padded, top + PADDING, left + PADDING, HEIGHT, WIDTH)
    if mode == "black":
        result = functional.normalize(result, MEAN, DEVIATION)
    if angle is not None:
        assert margin(angle) > 1e-3, "rounding decides"
        # What RandomRotation does with the angle that it has drawn, and with its default fill.
        result = functional.rotate(result, angle, fill=[0.0] * 3)
    return [round(value, 6) for value in result.flatten().tolist()]


cases = [
    ("reflect", 0, 0, False, None),
    ("reflect", -3, 3, False, None),
    ("reflect", 2, -3, True, None),
    ("reflect", 0, 0, False, 11.3),
    ("reflect", -1, 2, True, 4.7),
    ("reflect", 3, -2, False, 14.2),
    ("black", -3, 2, True, 9.5),
    ("black", 0, 0, False, 180.0),
    ("black", 1, 1, False, 133.7),
]
keys = ["padMode", "top", "left", "mirrored", "angle"]
fixture = {
    "height": HEIGHT,
    "width": WIDTH,
    "padding": PADDING,
    "image": image.flatten().tolist(),
    "cases": [dict(zip(keys, case), values=augmented(*case)) for case in cases],
}
(pathlib.Path(__file__).parent / "augmentation.json").write_text(json.dumps(fixture) + "\n")
