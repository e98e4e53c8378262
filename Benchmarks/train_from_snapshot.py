"""Trains one of the paper's networks in PyTorch from a snapshot of this project, on the same images and with the same
rule, and prints the validation accuracy after each epoch: to be held against `history.csv` of the run.

Usage: train_from_snapshot.py SNAPSHOT CIFAR_FOLDER ARCHITECTURE IMAGES VALIDATION_IMAGES EPOCHS LEARNING_RATE
"""

import json
import pathlib
import struct
import sys

import torch
from models import build, paper
from torch import nn

MEAN = torch.tensor([0.4914, 0.4822, 0.4465]).reshape(1, 3, 1, 1)
DEVIATION = torch.tensor([0.2023, 0.1994, 0.2010]).reshape(1, 3, 1, 1)


def tensors(path):
    """The tensors of a safetensors file."""
    raw = pathlib.Path(path).read_bytes()
    size = struct.unpack("<Q", raw[:8])[0]
    result = {}
    for name, entry in json.loads(raw[8 : 8 + size]).items():
        if name != "__metadata__":
            start, end = (8 + size + offset for offset in entry["data_offsets"])
            result[name] = torch.frombuffer(bytearray(raw[start:end]), dtype=torch.float32).reshape(entry["shape"])
    return result


def images(folder, names, count):
    raw = b"".join((pathlib.Path(folder) / name).read_bytes() for name in names)
    rows = torch.frombuffer(bytearray(raw), dtype=torch.uint8).reshape(-1, 3073)[:count]
    return rows[:, 1:].reshape(-1, 3, 32, 32).float() / 255, rows[:, 0].long()


def main():
    path, folder, kind = sys.argv[1:4]
    count, validation_count, epochs = map(int, sys.argv[4:7])
    rate = float(sys.argv[7])
    torch.manual_seed(0)
    model = build(paper(kind), {"channels": 3, "height": 32, "width": 32}, 10)
    state = {name: value for name, value in tensors(path).items() if not name.startswith("optimizer")}
    own = model.state_dict()
    model.load_state_dict({name: state[name].reshape(own[name].shape).to(own[name].dtype) for name in own})
    training, labels = images(folder, [f"data_batch_{n}.bin" for n in range(1, 6)], count)
    validation, truth = images(folder, ["test_batch.bin"], validation_count)
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    model, criterion = model.to(memory_format=torch.channels_last), nn.CrossEntropyLoss()

    def accuracy():
        model.eval()
        with torch.no_grad():
            guesses = [model((x - MEAN) / DEVIATION).argmax(1) for x in validation.split(250)]
        model.train()
        return (torch.cat(guesses) == truth).float().mean().item()

    print("epoch 0: validation accuracy", accuracy(), flush=True)
    for epoch in range(1, epochs + 1):
        losses = []
        for batch in torch.randperm(count).split(128):
            x = nn.functional.pad(training[batch], (4, 4, 4, 4))
            top, left = torch.randint(0, 9, (2, len(batch)))
            x = torch.stack([x[i, :, top[i] : top[i] + 32, left[i] : left[i] + 32] for i in range(len(batch))])
            flip = torch.rand(len(batch)) < 0.5
            x[flip] = x[flip].flip(3)
            optimizer.zero_grad()
            loss = criterion(model((x - MEAN) / DEVIATION), labels[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        print(f"epoch {epoch}: loss {sum(losses) / len(losses):.4f}, validation accuracy {accuracy():.4f}", flush=True)


if __name__ == "__main__":
    main()
