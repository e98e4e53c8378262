"""PyTorch's side of `bench --only bit-flipping`: the online learner as one writes it in PyTorch, timed on request.

Usage: bit_flipping.py WIDTH (sgd|cbp). Says `ready <version>`; to each line `<examples>` on standard input it
answers `<seconds> <mean loss>`.
"""

import sys
import time

import torch
from process import pace, prepare
from torch import nn

prepare()

width, replaces = int(sys.argv[1]), sys.argv[2] == "cbp"
bits, flipping, period = 20, 15, 10_000

target_weights = torch.randint(0, 2, (100, bits + 1)).float() * 2 - 1
negative = (target_weights[:, :bits] < 0).float().sum(1)
thresholds = 0.7 * (bits + 1) - (negative - target_weights[:, bits] / 2)
target_output = torch.randint(0, 2, (100,)).float() * 2 - 1

model = nn.Sequential(nn.Linear(bits + 1, width), nn.ReLU(), nn.Linear(width, 1))
nn.init.kaiming_uniform_(model[0].weight, nonlinearity="relu")
nn.init.kaiming_uniform_(model[2].weight, nonlinearity="linear")
nn.init.zeros_(model[0].bias)
nn.init.zeros_(model[2].bias)


def step_of(**way):
    """A step of the optimiser done in one of PyTorch's ways, on gradients that lie there."""
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    return torch.optim.SGD(model.parameters(), lr=0.01, **way)


optimizer = min((step_of(fused=True), step_of(foreach=True), step_of(foreach=False)), key=lambda o: pace(o.step))
criterion = nn.MSELoss()

decay, maturity, rate = 0.99, 100, 1e-4
age, mean, utility = torch.zeros(width), torch.zeros(width), torch.zeros(width)
due = 0.0


@torch.no_grad()
def generate_and_test(hidden):
    """Continual backpropagation after a step, on the activations of its forward pass."""
    global due
    incoming, outgoing = model[0], model[2]
    age.add_(1)
    correction = 1 - decay**age
    mean.mul_(decay).add_(hidden, alpha=1 - decay)
    weights = outgoing.weight.abs().mean(0) / incoming.weight.abs().mean(1)
    utility.mul_(decay).add_((hidden - mean / correction).abs() * weights, alpha=1 - decay)
    eligible = age > maturity
    due += rate * int(eligible.sum())
    while due >= 1 and bool(eligible.any()):
        due -= 1
        unit = int(torch.where(eligible, utility / correction, torch.inf).argmin())
        outgoing.bias.add_(outgoing.weight[:, unit] * mean[unit] / correction[unit])
        outgoing.weight[:, unit] = 0
        incoming.weight[unit] = (torch.rand(bits + 1) * 2 - 1) * (6 / (bits + 1)) ** 0.5
        incoming.bias[unit] = 0
        age[unit], mean[unit], utility[unit], eligible[unit] = 0, 0, 0, False


fixed = torch.randint(0, 2, (flipping,)).float()
example = 0
print("ready", torch.__version__, flush=True)
for line in sys.stdin:
    count, total = int(line), torch.zeros(())
    start = time.perf_counter()
    for _ in range(count):
        if example > 0 and example % period == 0:
            bit = int(torch.randint(0, flipping, (1,)))
            fixed[bit] = 1 - fixed[bit]
        example += 1
        x = torch.cat([fixed, torch.randint(0, 2, (bits - flipping,)).float(), torch.ones(1)])
        y = target_output @ (target_weights @ x >= thresholds).float()
        hidden = model[1](model[0](x))
        optimizer.zero_grad()
        loss = criterion(model[2](hidden)[0], y)
        loss.backward()
        optimizer.step()
        if replaces:
            generate_and_test(hidden.detach())
        total += loss.detach()
    print(time.perf_counter() - start, float(total) / count, flush=True)
