"""Writes four images of 2 x 2 pixels and their labels, counted from 1, as NumPy does: the layout of ImageNet-32.

Run with Python 3 and NumPy: python3 make_batch.py
"""

import pathlib

import numpy

numpy.savez(
    pathlib.Path(__file__).parent / "batch.npz",
    data=numpy.arange(48, dtype=numpy.uint8).reshape(4, 12),
    labels=numpy.array([3, 1, 2, 3]),
    mean=numpy.zeros(12),
)
