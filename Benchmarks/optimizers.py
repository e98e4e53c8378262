"""The optimisers of this project in PyTorch, with the remedies around them, from the `optimizer` object of a block,
each written as fast as it goes there.

`implementations(description)` are the ways in which PyTorch can do the steps; `Steps` makes them in one of these.
"""

import torch
from torch import nn


def implementations(description):
    """`fused` where PyTorch has it, and `foreach`."""
    return ["foreach"] if description["kind"] == "rmsprop" else ["fused", "foreach"]


def groups(description, parameters):
    """A clone's rates differ by layer and tensor; PyTorch has a group of parameters for each rate. Weights and biases
    apart stand for them."""
    if description.get("asCloneBy") is None:
        return parameters
    parts = [p for p in parameters if p.dim() > 1], [p for p in parameters if p.dim() <= 1]
    return [{"params": part} for part in parts if part]


def rule(description, parameters, implementation):
    """The optimiser without its remedies."""
    common = {
        "lr": description["learningRate"],
        "weight_decay": description.get("weightDecay") or 0,
        implementation: True,
    }
    kind = description["kind"]
    if kind == "adam":
        betas = tuple(description.get("betas") or (0.9, 0.999))
        return torch.optim.Adam(parameters, betas=betas, eps=description.get("epsilon") or 1e-8, **common)
    if kind == "rmsprop":
        alpha = description.get("smoothing") or 0.99
        return torch.optim.RMSprop(parameters, alpha=alpha, eps=description.get("epsilon") or 1e-8, **common)
    if kind in ("sgd", "noisySGD"):
        return torch.optim.SGD(
            groups(description, parameters),
            momentum=description.get("momentum") or 0,
            dampening=description.get("dampening") or 0,
            nesterov=description.get("nesterov") or False,
            **common,
        )
    raise ValueError(f"no optimiser {kind}")


class Noise:
    """Standard normal numbers for each tensor, all drawn at once."""

    def __init__(self, parameters):
        self.all = torch.empty(sum(p.numel() for p in parameters))
        parts = self.all.split([p.numel() for p in parameters])
        self.tensors = [torch.as_strided(part, p.shape, p.stride()) for part, p in zip(parts, parameters)]

    def draw(self, deviation=1.0):
        self.all.normal_(0, deviation)
        return self.tensors


class GradientNoise:
    """Before a step: g + scale · decay^t · |g| · noise."""

    def __init__(self, settings, parameters):
        self.parameters, self.noise = parameters, Noise(parameters)
        self.scale, self.decay = settings["scale"], settings["decay"]

    def before(self):
        gradients = [p.grad for p in self.parameters]
        norms = torch._foreach_norm(gradients)
        torch._foreach_addcmul_(gradients, self.noise.draw(), norms, value=self.scale)
        self.scale *= self.decay

    def after(self):
        pass


class L2ToInitial:
    """Before a step: g + strength · (w - w0)."""

    def __init__(self, settings, parameters):
        self.parameters, self.strength = parameters, settings["strength"]
        self.initial = [p.detach().clone() for p in parameters]

    def before(self):
        gradients = [p.grad for p in self.parameters]
        torch._foreach_add_(gradients, self.parameters, alpha=self.strength)
        torch._foreach_sub_(gradients, self.initial, alpha=self.strength)

    def after(self):
        pass


class ShrinkAndPerturb:
    """After a step: shrink · w + noise."""

    def __init__(self, settings, parameters):
        self.parameters, self.noise = parameters, Noise(parameters)
        self.shrink, self.deviation = settings["shrink"], settings["standardDeviation"]

    def before(self):
        pass

    def after(self):
        torch._foreach_mul_(self.parameters, self.shrink)
        torch._foreach_add_(self.parameters, self.noise.draw(self.deviation))


class ReplacementSite:
    """A hidden layer as continual backpropagation sees it, with the activations of the last forward pass."""

    def __init__(self, incoming, between, outgoing):
        self.incoming, self.outgoing = incoming, outgoing
        self.norm = next((m for m in between if getattr(m, "weight", None) is not None), None)
        features = [m for m in between if not isinstance(m, (nn.Dropout, nn.Flatten))]
        features[-1].register_forward_hook(self.remember)
        units = len(incoming.weight)
        self.age, self.mean, self.utility = torch.zeros(units), torch.zeros(units), torch.zeros(units)
        self.due = 0.0

    def remember(self, module, inputs, output):
        self.features = output.detach()

    def outgoing_weights(self):
        """Rows of the next layer x units x weights of a unit in a row."""
        weight = self.outgoing.weight
        return weight.reshape(len(weight), len(self.age), -1)

    def tensors(self):
        """Those with a row or an entry for each unit."""
        modules = [self.incoming] + ([self.norm] if self.norm is not None else [])
        return [p for module in modules for p in (module.weight, module.bias) if p is not None]


class ContinualBackpropagation:
    """After a step: the least useful of the old units are replaced by fresh ones, at a slow rate."""

    def __init__(self, settings, network, state):
        self.settings, self.state = settings, state
        layers = list(network)
        places = [i for i, layer in enumerate(layers) if isinstance(layer, (nn.Linear, nn.Conv2d))]
        self.sites = [
            ReplacementSite(layers[first], layers[first + 1 : next_], layers[next_])
            for first, next_ in zip(places, places[1:])
        ]

    def before(self):
        pass

    def after(self):
        for site in self.sites:
            self.observe(site)

    def observe(self, site):
        decay, h = self.settings["decay"], site.features
        others = [d for d in range(h.dim()) if d != 1]
        shape = [-1 if d == 1 else 1 for d in range(h.dim())]
        site.age.add_(1)
        correction = 1 - decay**site.age
        site.mean.lerp_(h.mean(others), 1 - decay)
        distance = (h - (site.mean / correction).view(shape)).abs_().mean(others)
        weights = site.outgoing_weights().abs().mean((0, 2)) / site.incoming.weight.abs().flatten(1).mean(1)
        site.utility.lerp_(distance * weights, 1 - decay)
        eligible = site.age > self.settings["maturity"]
        site.due += self.settings["replacementRate"] * int(eligible.sum())
        while site.due >= 1 and bool(eligible.any()):
            site.due -= 1
            self.replace(site, int(torch.where(eligible, site.utility / correction, torch.inf).argmin()), correction)
            eligible = site.age > self.settings["maturity"]

    def replace(self, site, unit, correction):
        incoming, outgoing = site.incoming, site.outgoing
        weights = site.outgoing_weights()
        outgoing.bias.add_(weights[:, unit].sum(1), alpha=float(site.mean[unit] / correction[unit]))
        # A linear layer has the weights of a channel's pixels side by side.
        columns = outgoing.weight.flatten(1).reshape(len(weights), len(site.age), -1)
        columns[:, unit] = 0
        outgoing.weight.copy_(columns.reshape(outgoing.weight.shape))
        fan_in = incoming.weight[0].numel()
        bound = (self.settings.get("gain") or 2**0.5) * (3 / fan_in) ** 0.5
        incoming.weight[unit].uniform_(-bound, bound)
        for tensor in site.tensors():
            if tensor.dim() == 1:
                tensor[unit] = 0
            for value in self.state[tensor].values():
                if torch.is_tensor(value) and value.shape == tensor.shape:
                    value[unit] = 0
        if site.norm is not None:
            site.norm.weight[unit] = 1
        site.age[unit] = site.mean[unit] = site.utility[unit] = 0


class Steps:
    """The steps of an optimiser with the remedies of its description around it."""

    def __init__(self, description, network, implementation):
        parameters = list(network.parameters())
        self.optimizer = rule(description, parameters, implementation)
        self.remedies = []
        noise = description.get("gradientNoise")
        if description["kind"] == "noisySGD":
            noise = {"scale": description["noiseScale"], "decay": description["noiseDecay"]}
        if noise:
            self.remedies.append(GradientNoise(noise, parameters))
        if "l2ToInitial" in description:
            self.remedies.append(L2ToInitial(description["l2ToInitial"], parameters))
        if "shrinkAndPerturb" in description:
            self.remedies.append(ShrinkAndPerturb(description["shrinkAndPerturb"], parameters))
        if "continualBackpropagation" in description:
            settings = description["continualBackpropagation"]
            self.remedies.append(ContinualBackpropagation(settings, network, self.optimizer.state))

    def zero_grad(self):
        self.optimizer.zero_grad(set_to_none=True)

    def step(self):
        if not self.remedies:
            self.optimizer.step()
            return
        with torch.no_grad():
            # Each remedy is around those before it.
            for remedy in reversed(self.remedies):
                remedy.before()
            self.optimizer.step()
            for remedy in self.remedies:
                remedy.after()
