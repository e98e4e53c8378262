"""Writes neural-collapse.json: representations with classifiers, and what NumPy gives for NC1 to NC4 of them.

Run with any Python that has NumPy: python make_fixtures.py
"""

import json
import pathlib

import numpy as np


def quantities(h, labels, w, b):
    classes = len(w)
    means = np.stack([h[labels == c].mean(0) for c in range(classes)])
    centred = means - means.mean(0)
    deviations = h - means[labels]
    within = deviations.T @ deviations / len(h)
    between = centred.T @ centred / classes
    lengths = np.linalg.norm(centred, axis=1)
    cosines = (centred @ centred.T / np.outer(lengths, lengths))[~np.eye(classes, dtype=bool)]
    nearest = np.linalg.norm(h[:, None] - means[None], axis=2).argmin(1)
    return {
        "variability": np.trace(within @ np.linalg.pinv(between, rcond=1e-10)) / classes,
        "spread": np.trace(within) / np.trace(between),
        "equinorm": lengths.std() / lengths.mean(),
        "equiangularity": cosines.std(),
        "simplexAngles": np.abs(cosines + 1 / (classes - 1)).mean(),
        "misalignment": np.linalg.norm(w / np.linalg.norm(w) - centred / np.linalg.norm(centred)),
        "disagreement": ((h @ w.T + b).argmax(1) != nearest).mean(),
    }


def case(name, classes, width, points, spread, seed):
    random = np.random.default_rng(seed)
    labels = np.concatenate([np.arange(classes), random.integers(0, classes, points - classes)])
    centres = random.normal(size=(classes, width))
    h = (centres[labels] + spread * random.normal(size=(points, width))).astype(np.float32)
    w = random.normal(size=(classes, width)).astype(np.float32)
    b = random.normal(size=classes).astype(np.float32)
    found = quantities(h.astype(float), labels, w.astype(float), b.astype(float))
    return {
        "name": name, "width": width, "labels": labels.tolist(), "representation": h.ravel().tolist(),
        "classifier": w.ravel().tolist(), "biases": b.tolist(),
        "quantities": {key: float(value) for key, value in found.items()},
    }


cases = [
    case("two classes", 2, 3, 24, 0.5, 1),
    case("three classes", 3, 5, 30, 0.4, 2),
    case("four classes that hardly overlap", 4, 8, 40, 0.05, 3),
    case("more classes than a plane has room for", 5, 2, 40, 0.3, 4),
]
place = pathlib.Path(__file__).with_name("neural-collapse.json")
place.write_text(json.dumps({"cases": cases}) + "\n")
