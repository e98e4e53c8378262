"""What `measure` says of a layer, in PyTorch: all units at once, in double precision, from activations and gradients as
rows x units. The definitions are those of `Sources/PlasticityMetrics`.
"""

import torch

SPECTRUM_ROWS, SHAPE_ROWS = 1024, 1000
DEFAULTS = {
    "deadMagnitude": 1e-7,
    "deadShare": 0.95,
    "duplicateCosine": 0.95,
    "saturatedRatio": 1e-4,
    "saturatedShare": 0.99,
}


def drawn(rows, limit):
    """At most so many rows, drawn without replacement."""
    return rows if len(rows) <= limit else rows[torch.randperm(len(rows))[:limit]]


def shapiro_wilk_weights(count):
    """Royston's, AS R94: the upper half, the largest first."""
    places = torch.arange(count // 2, dtype=torch.float64)
    scores = -torch.special.ndtri((places + 0.625) / (count + 0.25))
    squares = 2 * scores.square().sum()
    norm, root = squares.sqrt(), count**-0.5
    outermost = sum(c * root**i for i, c in enumerate((0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056)))
    second = sum(c * root**i for i, c in enumerate((0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633)))
    fixed = torch.stack([outermost + scores[0] / norm, second + scores[1] / norm])
    rest = squares - 2 * scores[:2].square().sum()
    room = 1 - 2 * fixed.square().sum()
    return torch.cat([fixed, scores[2:] * (room / rest).sqrt()])


def shapes(rows):
    """Non-Gaussianity, Kolmogorov-Smirnov, Anderson-Darling and excess kurtosis: means over units."""
    count = len(rows)
    deviation, mean = torch.std_mean(rows, 0)
    constant = deviation <= 1e-12 * mean.abs().clamp_min(1e-300)
    z = ((rows - mean) / torch.where(constant, torch.inf, deviation)).sort(0).values
    half = shapiro_wilk_weights(count)
    weights = torch.cat([-half, torch.zeros(count % 2, dtype=half.dtype), half.flip(0)])
    non_gaussianity = (1 - (weights @ z).square() / (count - 1)).clamp_min(0)
    probability = torch.special.ndtr(z)
    step = torch.arange(count, dtype=torch.float64).unsqueeze(1) / count
    distance = torch.maximum(probability - step, step + 1 / count - probability).amax(0)
    odd = 2 * torch.arange(count, dtype=torch.float64).unsqueeze(1) + 1
    below, above = torch.special.log_ndtr(z), torch.special.log_ndtr(-z)
    squared = -count - (odd * (below + above.flip(0))).sum(0) / count
    darling = (squared / (0.752 / (1 + 0.75 / count + 2.25 / count**2))).clamp_max(10)
    second = (count - 1) / count
    kurtosis = (z.square().square().mean(0) / second**2 - 3).abs().clamp_max(10)
    worst = (non_gaussianity, 1), (distance, 1), (darling, 10), (kurtosis, 10)
    return [torch.where(constant, limit, value).mean() for value, limit in worst]


def ranks(rows):
    """Effective and stable rank."""
    values = torch.linalg.svdvals(rows[:, rows.any(0)])
    share = values / values.sum()
    effective = torch.exp(-(share * torch.log(share + 1e-12)).sum())
    centred = rows - rows.mean(0)
    products = centred.T @ centred if len(rows) >= rows.shape[1] else centred @ centred.T
    return [effective, products.trace().square() / products.square().sum()]


def duplicates(rows, cosine):
    unit = rows / rows.norm(dim=0).clamp_min(1e-12)
    return (torch.triu(unit.T @ unit, 1) > cosine).any(1).double().mean()


def of_layer(activations, gradients, thresholds):
    """All metrics of a layer."""
    count = len(activations)
    magnitudes = activations.abs()
    dead = (magnitudes < thresholds["deadMagnitude"]).sum(0) > thresholds["deadShare"] * count
    limit = thresholds["saturatedRatio"] * magnitudes.mean(0).clamp_min(1e-12)
    saturated = (gradients.abs() < limit).sum(0) > thresholds["saturatedShare"] * count
    deviation, mean = torch.std_mean(activations, 0)
    return [
        dead.double().mean(),
        duplicates(activations, thresholds["duplicateCosine"]),
        saturated.double().mean(),
        *ranks(drawn(activations, SPECTRUM_ROWS)),
        *shapes(drawn(activations, SHAPE_ROWS)),
        mean.mean(),
        deviation.mean(),
    ]


def cloning(values, factor):
    """How well the copies of a unit agree: by the paper's text, and by the released code."""
    units = values.unflatten(1, (-1, factor))
    within = (units - units.mean(2, keepdim=True)).square().sum(2)
    between = (values - values.mean(1, keepdim=True)).square().sum(1)
    ratio = (within / (factor - 1)).sqrt() / (between / (values.shape[1] - 1)).sqrt().unsqueeze(1)
    return [1 - within.sum() / between.sum(), 1 - ratio.nan_to_num(0).mean()]
