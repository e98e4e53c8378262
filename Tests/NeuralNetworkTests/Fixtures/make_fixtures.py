"""Makes single.safetensors and double.safetensors beside this file: what PyTorch computes for small layers, a small
MLP and ten steps of each optimiser, in both precisions.

Usage: python make_fixtures.py   (needs PyTorch)
"""

import collections
import json
import pathlib
import struct

import torch
from torch import nn

BATCH, INPUTS, HIDDEN, CLASSES = 13, 21, (35, 19), 6


def write(path, tensors):
    header, offset, blocks = {"__metadata__": {"torch": torch.__version__}}, 0, []
    for name, tensor in tensors.items():
        tensor = tensor.detach().contiguous()
        if not tensor.is_floating_point():
            tensor = tensor.to(torch.float32)
        block = bytes(tensor.reshape(-1).view(torch.uint8).tolist()) if tensor.numel() else b""
        kind = {torch.float32: "F32", torch.float64: "F64"}[tensor.dtype]
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [offset, offset + len(block)]}
        offset += len(block)
        blocks.append(block)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blocks))


def record(out, prefix, module, x, dy):
    """One forward and backward pass of a layer."""
    x = x.clone().requires_grad_()
    module.zero_grad()
    y = module(x)
    y.backward(dy)
    out[f"{prefix}/output"], out[f"{prefix}/inputGradient"] = y, x.grad
    for name, parameter in module.named_parameters():
        out[f"{prefix}/gradient/{name}"] = parameter.grad.clone()


def state(out, prefix, module):
    for name, tensor in module.state_dict().items():
        out[f"{prefix}/{name}"] = tensor.clone()


def layers(out, draw):
    x, dy = draw(BATCH, INPUTS), draw(BATCH, 19)
    linear = nn.Linear(INPUTS, 19)
    out["linear/x"], out["linear/dy"] = x, dy
    state(out, "linear/before", linear)
    record(out, "linear", linear, x, dy)

    x, dy = draw(BATCH, 35) * 3 + 100, draw(BATCH, 35)
    norm = nn.BatchNorm1d(35)
    norm.weight.data, norm.bias.data = draw(35), draw(35)
    norm.running_mean += draw(35)
    norm.running_var += draw(35).abs()
    out["norm/x"], out["norm/dy"] = x, dy
    state(out, "norm/before", norm)
    record(out, "norm/training", norm, x, dy)
    state(out, "norm/after", norm)
    norm.eval()
    record(out, "norm/evaluation", norm, x, dy)

    x, dy = draw(BATCH, 35), draw(BATCH, 35)
    x[::3, ::4] = 0
    out["relu/x"], out["relu/dy"] = x, dy
    record(out, "relu", nn.ReLU(), x, dy)

    logits = (draw(BATCH, CLASSES) * 30).requires_grad_()
    labels = torch.arange(BATCH) * 5 % CLASSES
    loss = nn.CrossEntropyLoss()(logits, labels)
    loss.backward()
    out["loss/logits"], out["loss/labels"], out["loss/value"] = logits, labels, loss
    out["loss/gradient"] = logits.grad


def mlp(norm):
    parts, width = {}, INPUTS
    for number, size in enumerate(HIDDEN, 1):
        parts[f"linear_{number}"] = nn.Linear(width, size)
        if norm:
            parts[f"norm_{number}"] = nn.BatchNorm1d(size)
        parts[f"act_{number}"] = nn.ReLU()
        width = size
    parts["out"] = nn.Linear(width, CLASSES)
    return nn.Sequential(collections.OrderedDict(parts))


def whole(out, draw, prefix, norm):
    model, criterion = mlp(norm), nn.CrossEntropyLoss()
    x, labels = draw(BATCH, INPUTS), torch.arange(BATCH) * 5 % CLASSES
    out[f"{prefix}/x"], out[f"{prefix}/labels"] = x, labels
    state(out, f"{prefix}/before", model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    losses = []
    for step in range(10):
        optimizer.zero_grad()
        logits = model(x)
        loss = criterion(logits, labels)
        loss.backward()
        if step == 0:
            out[f"{prefix}/logits"] = logits
            for name, parameter in model.named_parameters():
                out[f"{prefix}/gradient/{name}"] = parameter.grad.clone()
        losses.append(loss.detach())
        optimizer.step()
    out[f"{prefix}/losses"] = torch.stack(losses)
    state(out, f"{prefix}/after", model)
    model.eval()
    out[f"{prefix}/evaluation"] = model(x)


def optimizers(out, draw):
    weight, bias = draw(7, 11), draw(7)
    gradients = [(draw(7, 11), draw(7)) for _ in range(10)]
    out["optimizer/weight"], out["optimizer/bias"] = weight, bias
    out["optimizer/gradients/weight"] = torch.stack([g[0] for g in gradients])
    out["optimizer/gradients/bias"] = torch.stack([g[1] for g in gradients])
    optim = torch.optim
    kinds = {
        "sgd": lambda p: optim.SGD(p, lr=0.1),
        "sgd-decay": lambda p: optim.SGD(p, lr=0.1, weight_decay=0.1),
        "momentum": lambda p: optim.SGD(p, lr=0.1, momentum=0.9),
        "dampening": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.3, weight_decay=0.1),
        "nesterov": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.1),
        "adam": lambda p: optim.Adam(p),
        "adam-decay": lambda p: optim.Adam(p, lr=0.1, betas=(0.8, 0.99), eps=1e-4, weight_decay=0.1),
        "rmsprop": lambda p: optim.RMSprop(p),
        "rmsprop-decay": lambda p: optim.RMSprop(p, lr=0.1, alpha=0.9, weight_decay=0.1),
    }
    for name, make in kinds.items():
        parameters = [weight.clone().requires_grad_(), bias.clone().requires_grad_()]
        optimizer = make(parameters)
        for gradient in gradients:
            for parameter, value in zip(parameters, gradient):
                parameter.grad = value.clone()
            optimizer.step()
        out[f"optimizer/{name}/weight"], out[f"optimizer/{name}/bias"] = parameters


def main():
    for dtype, file in ((torch.float32, "single"), (torch.float64, "double")):
        torch.set_default_dtype(dtype)
        torch.manual_seed(20251001)

        def draw(*shape):
            return torch.randn(*shape, dtype=torch.float64).to(dtype)

        tensors = {}
        layers(tensors, draw)
        whole(tensors, draw, "mlp", norm=False)
        whole(tensors, draw, "mlp-norm", norm=True)
        optimizers(tensors, draw)
        write(pathlib.Path(__file__).parent / f"{file}.safetensors", tensors)


if __name__ == "__main__":
    main()
