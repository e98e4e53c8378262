"""The paper's four networks in PyTorch, with the names of tensors that snapshots have here, and PyTorch's side of
`bench`: training steps of one of them on one batch, timed on request.

Usage: models.py (mlp|cnn|resnet|vit) SIZE CLASSES BATCH_FILE BATCH. Images are 3 x SIZE x SIZE. The file holds BATCH
images as floats, then BATCH bytes of labels. Convolutional networks use the faster of PyTorch's two memory formats.
Says `ready <version> <format> <parameters>`; to each line `<steps>` on standard input it answers
`<seconds> <loss>`, to `memory` `<peak resident bytes> 0`.
"""

import collections
import resource
import sys
import time

import torch
from torch import nn


def mlp(size, classes):
    layers, width = collections.OrderedDict(flatten=nn.Flatten()), 3 * size * size
    for number in range(1, 6):
        layers[f"linear_{number}"] = nn.Linear(width, 128)
        layers[f"norm_{number}"] = nn.BatchNorm1d(128)
        layers[f"act_{number}"] = nn.ReLU()
        width = 128
    layers["out"] = nn.Linear(width, classes)
    return nn.Sequential(layers)


def cnn(size, classes):
    layers, depth = collections.OrderedDict(), 3
    for number, channels in enumerate((64, 128, 256), 1):
        layers[f"conv_{number}"] = nn.Conv2d(depth, channels, 3, padding=1)
        layers[f"norm_{number}"] = nn.BatchNorm2d(channels)
        layers[f"act_{number}"] = nn.ReLU()
        layers[f"pool_{number}"] = nn.MaxPool2d(2)
        depth = channels
    layers["flatten"] = nn.Flatten()
    layers["linear_1"] = nn.Linear(depth * (size // 8) ** 2, 512)
    layers["act_4"] = nn.ReLU()
    layers["out"] = nn.Linear(512, classes)
    return nn.Sequential(layers)


class Stem(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(3, channels, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, x):
        return torch.relu(self.norm(self.conv(x)))


class ResidualBlock(nn.Module):
    def __init__(self, inputs, channels, stride):
        super().__init__()
        self.conv_1 = nn.Conv2d(inputs, channels, 3, stride, 1, bias=False)
        self.norm_1 = nn.BatchNorm2d(channels)
        self.conv_2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.norm_2 = nn.BatchNorm2d(channels)
        self.skip_conv = self.skip_norm = None
        if stride != 1 or inputs != channels:
            self.skip_conv = nn.Conv2d(inputs, channels, 1, stride, bias=False)
            self.skip_norm = nn.BatchNorm2d(channels)

    def forward(self, x):
        y = self.norm_2(self.conv_2(torch.relu(self.norm_1(self.conv_1(x)))))
        return torch.relu(y + (x if self.skip_conv is None else self.skip_norm(self.skip_conv(x))))


def resnet(size, classes):
    layers, depth, number = collections.OrderedDict(stem=Stem(64)), 64, 0
    for stage, channels in enumerate((64, 128, 256, 512)):
        for index in range(2):
            number += 1
            layers[f"block_{number}"] = ResidualBlock(depth, channels, 2 if stage and not index else 1)
            depth = channels
    layers["pool"] = nn.AdaptiveAvgPool2d(1)
    layers["flatten"] = nn.Flatten()
    layers["out"] = nn.Linear(depth, classes)
    model = nn.Sequential(layers)
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
    return model


class Attention(nn.Module):
    def __init__(self, size, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(size, 3 * size)
        self.proj = nn.Linear(size, size)

    def forward(self, x):
        batch, tokens, size = x.shape
        q, k, v = self.qkv(x).reshape(batch, tokens, 3, self.heads, size // self.heads).permute(2, 0, 3, 1, 4)
        y = nn.functional.scaled_dot_product_attention(q, k, v)
        return self.proj(y.transpose(1, 2).reshape(batch, tokens, size))


class TransformerBlock(nn.Module):
    def __init__(self, size, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(size)
        self.attn = Attention(size, heads)
        self.norm2 = nn.LayerNorm(size)
        self.mlp = nn.Sequential(
            collections.OrderedDict(
                fc1=nn.Linear(size, 4 * size), act=nn.GELU(), fc2=nn.Linear(4 * size, size)
            )
        )

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Embedding(nn.Module):
    def __init__(self, *shape):
        super().__init__()
        self.weight = nn.Parameter(nn.init.trunc_normal_(torch.empty(shape), std=0.02))


class VisionTransformer(nn.Module):
    def __init__(self, size, classes, width=384, depth=6, heads=6):
        super().__init__()
        self.patch_embedding = nn.Conv2d(3, width, 8, 8)
        self.class_token = Embedding(1, 1, width)
        self.position_embedding = Embedding(1, (size // 8) ** 2 + 1, width)
        for number in range(1, depth + 1):
            self.add_module(f"block_{number}", TransformerBlock(width, heads))
        self.depth = depth
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, classes)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.trunc_normal_(module.weight, std=0.02)
                nn.init.zeros_(module.bias)

    def forward(self, x):
        x = self.patch_embedding(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_token.weight.expand(len(x), -1, -1), x], 1)
        x = x + self.position_embedding.weight
        for number in range(1, self.depth + 1):
            x = getattr(self, f"block_{number}")(x)
        return self.out(self.norm(x)[:, 0])


MODELS = {"mlp": mlp, "cnn": cnn, "resnet": resnet, "vit": VisionTransformer}


def main():
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    torch.manual_seed(0)
    kind, size, classes, path, batch = sys.argv[1], *map(int, sys.argv[2:4]), sys.argv[4], int(sys.argv[5])
    with open(path, "rb") as file:
        raw = bytearray(file.read())
    values = batch * 3 * size * size
    images = torch.frombuffer(raw, dtype=torch.float32, count=values).reshape(batch, 3, size, size)
    labels = torch.frombuffer(raw, dtype=torch.uint8, offset=4 * values, count=batch).long()
    criterion = nn.CrossEntropyLoss()

    def trainer(memory_format):
        model = MODELS[kind](size, classes).to(memory_format=memory_format)
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-4 if kind == "vit" else 1e-3)
        x = images.to(memory_format=memory_format)

        def train(steps):
            start = time.perf_counter()
            for _ in range(steps):
                optimizer.zero_grad()
                loss = criterion(model(x), labels)
                loss.backward()
                optimizer.step()
            return time.perf_counter() - start, loss.item()

        return train, sum(p.numel() for p in model.parameters())

    formats = {"contiguous": torch.contiguous_format}
    if kind in ("cnn", "resnet"):
        formats["channels-last"] = torch.channels_last
    timed = {}
    for name, memory_format in formats.items():
        train, count = trainer(memory_format)
        if len(formats) > 1:
            train(1)
            timed[name] = train(1)[0]
    best = min(timed, key=timed.get) if timed else "contiguous"
    train, count = trainer(formats[best])
    print("ready", torch.__version__, best, count, flush=True)
    for line in sys.stdin:
        if line.strip() == "memory":
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, 0, flush=True)
        else:
            print(*train(int(line)), flush=True)


if __name__ == "__main__":
    main()
