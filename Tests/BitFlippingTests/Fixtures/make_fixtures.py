"""Writes pytorch.json: a thousand steps of small learners on a bit-flipping stream, as PyTorch takes them.

Usage: python make_fixtures.py   (needs PyTorch)
"""

import json
import math
import pathlib

import torch
from torch import nn

BITS, FLIPPING, PERIOD, TASKS, UNITS, BETA = 20, 15, 250, 4, 100, 0.7
RANDOM = BITS - FLIPPING
WORD = 0xFFFFFFFF


def philox(counter, key):
    """Philox4x32-10 (Salmon et al. 2011)."""
    x, y, z, w = counter
    low, high = key
    for _ in range(10):
        first, second = 0xD2511F53 * x, 0xCD9E8D57 * z
        x, y, z, w = (second >> 32) ^ y ^ low, second & WORD, (first >> 32) ^ w ^ high, first & WORD
        low, high = (low + 0x9E3779B9) & WORD, (high + 0xBB67AE85) & WORD
    return x, y, z, w


# The known answers that the authors publish with Random123.
assert philox((0,) * 4, (0,) * 2) == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
assert philox((WORD,) * 4, (WORD,) * 2) == (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)
assert philox((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0)) == (
    0xD16CFE09,
    0x94FDCCEB,
    0x5001E420,
    0x24126EA1,
)


def stream_key(seed, purpose):
    """FNV-1a of the purpose, mixed with the seed by SplitMix64's finaliser."""
    whole = (1 << 64) - 1
    value = 0xCBF29CE484222325
    for byte in purpose.encode():
        value = (value ^ byte) * 0x100000001B3 & whole
    value = (value + seed * 0x9E3779B97F4A7C15) & whole
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & whole
    value = (value ^ value >> 27) * 0x94D049BB133111EB & whole
    value ^= value >> 31
    return value & WORD, value >> 32


def fresh_weights(seed, number):
    """Incoming weights of the unit that is the `number`-th to be replaced: bits, then the constant."""
    key = stream_key(seed, "bit-flipping replacement")
    blocks = [philox((block, 0, number & WORD, number >> 32), key) for block in range((BITS + 4) // 4)]
    words = torch.tensor([word for block in blocks for word in block][: BITS + 1], dtype=torch.float64)
    bound = math.sqrt(2) * math.sqrt(3 / (BITS + 1))
    return (2 * words / 2**32 - 1) * bound


def stream(generator):
    """The flipping bits of each task, the pattern of each example, and the target by task and pattern."""

    def signs(*shape):
        return 2.0 * torch.randint(2, shape, generator=generator) - 1

    weight, out, out_bias = signs(UNITS, BITS + 1), signs(UNITS), signs(1)
    negative = (weight[:, :BITS] < 0).sum(1) - weight[:, BITS] / 2
    threshold = BETA * (BITS + 1) - negative
    bits = torch.randint(2, (FLIPPING,), generator=generator)
    tasks, targets = [], []
    for task in range(TASKS):
        if task > 0:
            flip = torch.randint(FLIPPING, (1,), generator=generator)
            bits[flip] = 1 - bits[flip]
        tasks.append(bits.tolist())
        inputs = torch.stack([example(bits.tolist(), pattern) for pattern in range(2**RANDOM)])
        fires = inputs @ weight.T >= threshold
        targets.append((fires.double() @ out + out_bias).tolist())
    patterns = torch.randint(2**RANDOM, (TASKS * PERIOD,), generator=generator).tolist()
    return tasks, patterns, targets


def example(flipping, pattern):
    """The bits of an input and the constant 1; bit r of the pattern is the r-th random bit."""
    return torch.tensor([*flipping, *((pattern >> r) & 1 for r in range(RANDOM)), 1.0])


class ReplacementSpecification:
    """Dohare et al. (2021; 2024), or what the released code of the paper does in its place."""

    def __init__(self, model, seed, variant, replacementRate, maturity, decay):
        self.inner, self.outer = model[0], model[2]
        self.seed, self.variant, self.rate = seed, variant, replacementRate
        self.maturity, self.decay = maturity, decay
        width = self.inner.out_features
        self.age, self.mean, self.utility = torch.zeros(3, width)
        self.account, self.replaced = 0.0, []

    @torch.no_grad()
    def step(self, number, hidden):
        self.age += 1
        correction = 1 - self.decay**self.age
        self.mean.mul_(self.decay).add_((1 - self.decay) * hidden)
        distance = (hidden - self.mean / correction).abs()
        weight = self.outer.weight.abs().mean(0) / self.inner.weight.abs().mean(1)
        self.utility.mul_(self.decay).add_((1 - self.decay) * distance * weight)
        eligible = (self.age > self.maturity).nonzero().flatten()
        if len(eligible) == 0:
            return
        if self.variant == "published":
            self.account += self.rate * len(eligible)
            count = int(self.account)
            self.account -= count
        else:
            count = max(1, int(self.rate * len(eligible)))
        order = torch.argsort((self.utility / correction)[eligible], stable=True)
        for unit in eligible[order[:count]].tolist():
            self.outer.bias += self.outer.weight[0, unit] * self.mean[unit] / correction[unit]
            self.outer.weight[:, unit] = 0
            if self.variant == "published":
                self.inner.weight[unit] = fresh_weights(self.seed, len(self.replaced))
                self.inner.bias[unit] = 0
            else:
                self.inner.bias.zero_()
            self.age[unit] = self.mean[unit] = self.utility[unit] = 0
            self.replaced.append([number, unit])


def first_weights(width, generator):
    def uniform(bound, *shape):
        values = bound * (2 * torch.rand(shape, generator=generator) - 1)
        return values.mul(1e6).round().div(1e6).tolist()

    return {
        "hidden": uniform(math.sqrt(6 / (BITS + 1)), BITS + 1, width) + uniform(0.1, 1, width),
        "output": uniform(math.sqrt(3 / width), width),
        "outputBias": uniform(0.1, 1)[0],
    }


def optimizer(model, method):
    kind = {"gradientDescent": torch.optim.SGD, "adam": torch.optim.Adam}
    return kind[method.get("optimizer", "gradientDescent")](
        model.parameters(), lr=method["learningRate"], weight_decay=method.get("weightDecay", 0)
    )


def run(name, activation, parameters, method, course, seed=1):
    width = len(parameters["output"])
    model = nn.Sequential(nn.Linear(BITS + 1, width), getattr(nn, activation)(), nn.Linear(width, 1))
    with torch.no_grad():
        model[0].weight.copy_(torch.tensor(parameters["hidden"][:-1]).T)
        model[0].bias.copy_(torch.tensor(parameters["hidden"][-1]))
        model[2].weight.copy_(torch.tensor(parameters["output"]))
        model[2].bias.fill_(parameters["outputBias"])
    descent, criterion = optimizer(model, method), nn.MSELoss()
    settings = method.get("continualBackpropagation")
    continual = ReplacementSpecification(model, seed, **settings) if settings else None
    losses = []
    tasks, patterns, targets = course
    for number, pattern in enumerate(patterns):
        task = number // PERIOD
        hidden = model[:2](example(tasks[task], pattern).unsqueeze(0))
        loss = criterion(model[2](hidden), torch.tensor([[targets[task][pattern]]]))
        descent.zero_grad()
        loss.backward()
        descent.step()
        losses.append(float(f"{loss.item():.12g}"))
        if continual:
            continual.step(number + 1, hidden.detach()[0])
    return {
        "name": name,
        "activation": activation,
        "width": width,
        "seed": seed,
        "method": method,
        "losses": losses,
        "replaced": continual.replaced if continual else [],
        "last": {
            "hidden": model[0].weight.T.tolist() + [model[0].bias.tolist()],
            "output": model[2].weight[0].tolist(),
            "outputBias": model[2].bias.item(),
        },
    }


def main():
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(20251001)
    course = stream(generator)
    first = {str(width): first_weights(width, generator) for width in (5, 17)}

    def case(name, activation="ReLU", width=5, **method):
        return run(name, activation, first[str(width)], {"learningRate": 0.01, **method}, course)

    def continual(variant):
        settings = {"variant": variant, "replacementRate": 5e-3, "maturity": 100, "decay": 0.99}
        return case(f"continual backpropagation, {variant}", width=17, continualBackpropagation=settings)

    cases = [
        *(case(name, name) for name in ("ReLU", "LeakyReLU", "Tanh", "Sigmoid", "ELU", "SiLU")),
        case("ReLU, wide", width=17),
        continual("published"),
        continual("released"),
        case("Adam", optimizer="adam", learningRate=1e-3),
        case("weight decay", weightDecay=1e-2),
        case("Adam with weight decay", optimizer="adam", learningRate=1e-3, weightDecay=1e-2),
    ]
    tasks, patterns, targets = course
    whole = {
        "torch": torch.__version__,
        "stream": {
            "bits": BITS,
            "flippingBits": FLIPPING,
            "period": PERIOD,
            "targetUnits": UNITS,
            "beta": BETA,
            "target": "released",
            "examples": TASKS * PERIOD,
        },
        "flippingBits": tasks,
        "patterns": patterns,
        "targets": targets,
        "first": first,
        "cases": cases,
    }
    place = pathlib.Path(__file__).with_name("pytorch.json")
    place.write_text(json.dumps(whole, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
