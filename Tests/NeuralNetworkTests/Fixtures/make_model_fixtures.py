"""Makes layers-*.safetensors, mlp-*.safetensors, cnn-*.safetensors, convnet-*.safetensors and resnet-*.safetensors
beside this file: what PyTorch computes for the layers of convolutional networks, for losses, and for twenty steps of a
small MLP, two small convolutional networks and a small residual network.

Images of layers are written as rows of pixels. Networks are computed in double precision only, which is the truth
for single precision too.

Usage: python make_model_fixtures.py   (needs PyTorch)
"""

import collections
import pathlib

import torch
from torch import nn
from torch.nn import functional

from make_fixtures import state, write


def rows(image):
    """Samples × channels × height × width as rows of pixels."""
    return image.permute(0, 2, 3, 1).reshape(-1, image.shape[1])


def record(out, prefix, module, x, dy):
    """One forward and backward pass of a layer of images."""
    x = x.clone().requires_grad_()
    module.zero_grad()
    y = module(x)
    dy = dy.reshape(y.shape)
    y.backward(dy)
    pixels = rows if y.dim() == 4 else (lambda value: value)
    out[f"{prefix}/x"], out[f"{prefix}/dy"] = rows(x), pixels(dy)
    out[f"{prefix}/output"], out[f"{prefix}/inputGradient"] = pixels(y), rows(x.grad)
    for name, parameter in module.named_parameters():
        out[f"{prefix}/gradient/{name}"] = parameter.grad.clone()


def pooling(out, draw):
    # Values that occur often, so that the first of equal ones has to be found.
    x = (draw(2, 17, 7, 5) * 2).round()
    for name, module in {
        "max-2": nn.MaxPool2d(2),
        "max-3-2": nn.MaxPool2d(3, 2),
        "max-3-1": nn.MaxPool2d(3, 1),
        "average-2": nn.AvgPool2d(2),
        "average-3-2": nn.AvgPool2d(3, 2),
        "adaptive-1": nn.AdaptiveAvgPool2d(1),
        "adaptive-3-2": nn.AdaptiveAvgPool2d((3, 2)),
    }.items():
        record(out, name, module, x, draw(*module(x).shape))
    x = draw(1, 4, 6, 8)
    record(out, "max-single", nn.MaxPool2d(2), x, draw(1, 4, 3, 4))
    x = draw(2, 3, 2, 5)
    out["planar/x"], out["planar/rows"] = x.reshape(2, -1), rows(x)


def normalization(out, draw):
    for name, shape, module in (
        ("group", (2, 19, 3, 5), nn.GroupNorm(1, 19)),
        ("group-plain", (2, 19, 4, 3), nn.GroupNorm(1, 19, affine=False)),
        ("layer", (5, 35, 1, 1), nn.GroupNorm(1, 35)),
        ("batch", (3, 19, 3, 5), nn.BatchNorm2d(19)),
        ("batch-plain", (2, 19, 2, 3), nn.BatchNorm2d(19, affine=False)),
    ):
        if module.affine:
            module.weight.data, module.bias.data = draw(shape[1]), draw(shape[1])
        state(out, f"{name}/before", module)
        record(out, name, module, draw(*shape) * 3 + 10, draw(*shape))
        state(out, f"{name}/after", module)


def activations(out, draw):
    x, dy = draw(5, 13) * 3, draw(5, 13)
    x[::2, ::4] = 0
    x[1, :4] = torch.tensor([-60.0, 60.0, 1e-3, -1e-3])
    out["activation/x"], out["activation/dy"] = x, dy
    for name, module in {
        "relu": nn.ReLU(),
        "leakyReLU": nn.LeakyReLU(0.1),
        "tanh": nn.Tanh(),
        "sigmoid": nn.Sigmoid(),
        "elu": nn.ELU(),
        "selu": nn.SELU(),
        "silu": nn.SiLU(),
        "gelu": nn.GELU(),
        "identity": nn.Identity(),
    }.items():
        leaf = x.clone().requires_grad_()
        y = module(leaf)
        y.backward(dy)
        out[f"activation/{name}/output"], out[f"activation/{name}/inputGradient"] = y, leaf.grad


def losses(out, draw):
    for name, classes in (("range", [3, 4, 5, 6]), ("set", [8, 1, 5]), ("one", [2])):
        logits = (draw(11, 9) * 10).requires_grad_()
        targets = torch.arange(11) * 5 % len(classes)
        loss = functional.cross_entropy(logits[:, classes], targets)
        loss.backward()
        out[f"active/{name}/logits"], out[f"active/{name}/loss"] = logits, loss
        out[f"active/{name}/labels"] = torch.tensor(classes)[targets]
        out[f"active/{name}/gradient"] = logits.grad
    outputs, targets = draw(7, 5).requires_grad_(), draw(7, 5)
    loss = nn.MSELoss()(outputs, targets)
    loss.backward()
    out["square/outputs"], out["square/targets"] = outputs, targets
    out["square/loss"], out["square/gradient"] = loss, outputs.grad
    logits, targets = draw(7, 5).requires_grad_(), draw(7, 5)
    classes = [4, 0, 2]
    loss = ((logits[:, classes].softmax(1) - targets[:, classes]) ** 2).sum(1).mean()
    loss.backward()
    out["brier/logits"], out["brier/targets"] = logits, targets
    out["brier/loss"], out["brier/gradient"] = loss, logits.grad


def norm_2d(kind, channels, affine=True):
    if kind == "batch":
        return nn.BatchNorm2d(channels, affine=affine)
    return nn.GroupNorm(1, channels, affine=affine)


def mlp(kind):
    parts, width = {"flatten": nn.Flatten()}, 3 * 4 * 4
    for number, size in enumerate((35, 19), 1):
        parts[f"linear_{number}"] = nn.Linear(width, size)
        if kind == "batch":
            parts[f"norm_{number}"] = nn.BatchNorm1d(size)
        elif kind == "layer":
            parts[f"norm_{number}"] = nn.LayerNorm(size)
        parts[f"act_{number}"] = nn.ReLU()
        width = size
    parts["out"] = nn.Linear(width, 4)
    return nn.Sequential(collections.OrderedDict(parts))


def cnn(kind):
    parts, depth = {}, 3
    for number, size in enumerate((5, 6, 7), 1):
        parts[f"conv_{number}"] = nn.Conv2d(depth, size, 3, padding=1)
        if kind != "none":
            parts[f"norm_{number}"] = norm_2d(kind, size)
        parts[f"act_{number}"] = nn.ReLU()
        parts[f"pool_{number}"] = nn.MaxPool2d(2)
        depth = size
    parts["flatten"] = nn.Flatten()
    parts["linear_1"] = nn.Linear(7 * 2 * 2, 11)
    parts["act_4"] = nn.ReLU()
    parts["out"] = nn.Linear(11, 4)
    return nn.Sequential(collections.OrderedDict(parts))


def convnet(kind):
    parts, depth = {}, 3
    # 16 × 16 images have sides of 12 and 6, then of 4 and 2.
    for number, (kernel, size) in enumerate(((5, 6), (3, 7)), 1):
        parts[f"conv_{number}"] = nn.Conv2d(depth, size, kernel)
        if kind != "none":
            parts[f"norm_{number}"] = norm_2d(kind, size)
        parts[f"act_{number}"] = nn.ReLU()
        parts[f"pool_{number}"] = nn.MaxPool2d(2)
        depth = size
    parts["flatten"] = nn.Flatten()
    width = 7 * 2 * 2
    for number, size in enumerate((11, 9), 1):
        parts[f"linear_{number}"] = nn.Linear(width, size)
        if kind == "batch":
            parts[f"norm_{number + 2}"] = nn.BatchNorm1d(size)
        elif kind == "layer":
            parts[f"norm_{number + 2}"] = nn.LayerNorm(size)
        parts[f"act_{number + 2}"] = nn.ReLU()
        width = size
    parts["out"] = nn.Linear(width, 4)
    return nn.Sequential(collections.OrderedDict(parts))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride, kind):
        super().__init__()
        plain = kind == "none"
        self.conv_1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=plain)
        self.norm_1 = nn.Identity() if plain else norm_2d(kind, outputs)
        self.conv_2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=plain)
        self.norm_2 = nn.Identity() if plain else norm_2d(kind, outputs)
        self.is_changed = stride != 1 or inputs != outputs
        if self.is_changed:
            self.skip_conv = nn.Conv2d(inputs, outputs, 1, stride, bias=plain)
            self.skip_norm = nn.Identity() if plain else norm_2d(kind, outputs)

    def forward(self, x):
        y = functional.relu(self.norm_1(self.conv_1(x)))
        y = self.norm_2(self.conv_2(y))
        return functional.relu(y + (self.skip_norm(self.skip_conv(x)) if self.is_changed else x))


class ResNet(nn.Module):
    def __init__(self, kind, base=2, classes=4):
        super().__init__()
        plain = kind == "none"
        self.stem = nn.Module()
        self.stem.conv = nn.Conv2d(3, base, 3, 1, 1, bias=plain)
        self.stem.norm = nn.Identity() if plain else norm_2d(kind, base)
        depth, self.number = base, 0
        for stage in range(4):
            for index in range(2):
                self.number += 1
                block = Block(depth, base << stage, 2 if stage and not index else 1, kind)
                self.add_module(f"block_{self.number}", block)
                depth = base << stage
        self.out = nn.Linear(depth, classes)

    def forward(self, x):
        x = functional.relu(self.stem.norm(self.stem.conv(x)))
        for number in range(1, self.number + 1):
            x = getattr(self, f"block_{number}")(x)
        return self.out(x.mean((2, 3)))


def network(out, draw, prefix, make, size, batch):
    x, labels = draw(batch, 3, size, size), torch.arange(batch) * 5 % 4
    first = make()
    for name, parameter in first.named_parameters():
        if "norm" in name:
            parameter.data += 0.3 * draw(*parameter.shape)
    initial = {name: tensor.clone() for name, tensor in first.state_dict().items()}
    out[f"{prefix}/x"], out[f"{prefix}/labels"] = x.reshape(batch, -1), labels
    state(out, f"{prefix}/before", first)
    for rule in ("sgd", "adam"):
        model, criterion = make(), nn.CrossEntropyLoss()
        model.load_state_dict(initial)
        if rule == "sgd":
            optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
        else:
            optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
        curve = []
        for step in range(20):
            optimizer.zero_grad()
            logits = model(x)
            loss = criterion(logits, labels)
            loss.backward()
            if step == 0 and rule == "sgd":
                out[f"{prefix}/logits"] = logits
                for name, parameter in model.named_parameters():
                    out[f"{prefix}/gradient/{name}"] = parameter.grad.clone()
                for name, tensor in model.named_buffers():
                    out[f"{prefix}/statistics/{name}"] = tensor.clone()
            curve.append(loss.detach())
            optimizer.step()
        out[f"{prefix}/{rule}/losses"] = torch.stack(curve)
        model.eval()
        out[f"{prefix}/{rule}/evaluation"] = model(x)


def main():
    folder = pathlib.Path(__file__).parent
    for dtype, file in ((torch.float32, "single"), (torch.float64, "double")):
        torch.set_default_dtype(dtype)

        def draw(*shape):
            return torch.randn(*shape, dtype=torch.float64).to(dtype)

        torch.manual_seed(20251002)
        tensors = {}
        pooling(tensors, draw)
        normalization(tensors, draw)
        activations(tensors, draw)
        losses(tensors, draw)
        write(folder / f"layers-{file}.safetensors", tensors)
    for architecture, make, size in (("mlp", mlp, 4), ("cnn", cnn, 16), ("convnet", convnet, 16), ("resnet", ResNet, 9)):
        for kind in ("none", "batch", "layer"):
            tensors = {}
            # Of the small convolutional network without padding, statistics of six samples are badly conditioned with the
            # others' seed: single precision would differ by 1 %.
            torch.manual_seed(20251004 if architecture == "convnet" else 20251003)
            network(tensors, draw, "net", lambda: make(kind), size, 6)
            write(folder / f"{architecture}-{kind}-double.safetensors", tensors)


if __name__ == "__main__":
    main()
