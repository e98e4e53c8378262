"""Writes reference.json: activations, gradients and the metrics that NumPy and SciPy give for them.

Run with any Python that has NumPy and SciPy: python make_fixtures.py
"""

import json
import pathlib

import numpy as np
from scipy import stats


def effective_rank(h):
    s = np.linalg.svd(h, compute_uv=False)
    if s.sum() < 1e-9:
        return 0.0
    p = s / s.sum()
    return float(np.exp(-np.sum(p * np.log(p + 1e-12))))


def stable_rank(h):
    c = h - h.mean(0)
    gram = c.T @ c
    total = np.trace(gram)
    return float(total**2 / np.trace(gram @ gram)) if total >= 1e-18 else 0.0


def duplicate_fraction(h, threshold=0.95):
    n = h / np.maximum(np.linalg.norm(h, axis=0), 1e-12)
    return float(np.triu(n.T @ n > threshold, 1).any(1).mean())


def saturated_fraction(h, g):
    ratio = np.abs(g) / np.maximum(np.abs(h).mean(0), 1e-12)
    return float(((ratio < 1e-4).mean(0) > 0.99).mean())


def shape(h):
    """Non-Gaussianity, Kolmogorov-Smirnov, Anderson-Darling, kurtosis: means over units."""
    rows = []
    for x in h.T:
        if x.std() <= 1e-12 * max(1, abs(x.mean())):
            rows.append((1, 1, 10, 10))
            continue
        n = len(x)
        z = (x - x.mean()) / x.std(ddof=1)
        s = np.sort(z)
        i = np.arange(1, n + 1)
        squared = -n - np.mean((2 * i - 1) * (stats.norm.logcdf(s) + stats.norm.logsf(s[::-1])))
        critical = 0.752 / (1 + 0.75 / n + 2.25 / n**2)
        rows.append(
            (
                1 - stats.shapiro(x).statistic,
                stats.kstest(z, "norm").statistic,
                min(10, squared / critical),
                min(10, abs(stats.kurtosis(x))),
            )
        )
    return [float(v) for v in np.mean(rows, 0)]


def case(name, h, g):
    h, g = np.round(h, 6), np.round(g, 9)
    gaussian, smirnov, darling, kurtosis = shape(h)
    return {
        "name": name,
        "units": h.shape[1],
        "activations": h.ravel().tolist(),
        "gradients": g.ravel().tolist(),
        "metrics": {
            "deadFraction": float(((np.abs(h) < 1e-7).mean(0) > 0.95).mean()),
            "duplicateFraction": duplicate_fraction(h),
            "saturatedFraction": saturated_fraction(h, g),
            "effectiveRank": effective_rank(h),
            "stableRank": stable_rank(h),
            "nonGaussianity": gaussian,
            "kolmogorovSmirnov": smirnov,
            "andersonDarling": darling,
            "excessKurtosis": kurtosis,
            "unitMean": float(h.mean(0).mean()),
            "unitStandardDeviation": float(h.std(0, ddof=1).mean()),
        },
    }


def main():
    rng = np.random.default_rng(7)
    normal = rng.standard_normal((60, 5)) @ rng.standard_normal((5, 5))
    relu = np.maximum(rng.standard_normal((100, 12)) - np.linspace(-1, 3, 12), 0)
    relu[:, 3] = 2 * relu[:, 1] + 0.01 * rng.standard_normal(100)
    relu[:, 4] = relu[:, 0]
    relu[:, 5] = 1.5
    wide = np.tanh(3 * rng.standard_normal((7, 20)))
    heavy = rng.standard_t(2, (51, 3))
    cases = [
        case("normal", normal, 1e-3 * rng.standard_normal(normal.shape)),
        case("relu", relu, 10.0 ** -np.arange(12) * rng.standard_normal(relu.shape)),
        case("wide", wide, 1e-4 * rng.standard_normal(wide.shape)),
        case("heavy tails", heavy, 1e-6 * rng.standard_normal(heavy.shape)),
        case("three samples", rng.standard_normal((3, 4)), rng.standard_normal((3, 4))),
        case("four samples", rng.standard_normal((4, 2)), rng.standard_normal((4, 2))),
        case("six samples", rng.exponential(size=(6, 2)), rng.standard_normal((6, 2))),
    ]
    values = np.round(rng.standard_normal((5, 4))[:, np.repeat(np.arange(4), 3)] , 6)
    values = np.round(values + 0.2 * rng.standard_normal(values.shape), 6)
    blocks = values.reshape(5, 4, 3)
    residual = blocks - blocks.mean(2, keepdims=True)
    total = values - values.mean(1, keepdims=True)
    cloning = {
        "factor": 3,
        "units": 12,
        "values": values.ravel().tolist(),
        "cloningR2": float(1 - (residual**2).sum() / (total**2).sum()),
        "cloningR2Released": float(
            1 - (blocks.std(2, ddof=1) / values.std(1, ddof=1)[:, None]).mean()
        ),
    }
    place = pathlib.Path(__file__).with_name("reference.json")
    place.write_text(json.dumps({"cases": cases, "cloning": cloning}) + "\n")


if __name__ == "__main__":
    main()
