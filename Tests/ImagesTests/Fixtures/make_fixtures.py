"""Makes small JPEG files and the bytes that Pillow decodes them to (channel by channel, as hexadecimal text).

Run with Python 3 and Pillow: python3 make_fixtures.py
"""

import io
import json
import pathlib

from PIL import Image

HEIGHT, WIDTH = 8, 12
folder = pathlib.Path(__file__).parent


def image(mode, channels):
    """A slope in every channel, each in another direction, with an edge."""
    pixels = []
    for y in range(HEIGHT):
        for x in range(WIDTH):
            slopes = [x * 20, y * 30, 250 - x * 9 - y * 12, 40 if x < y else 10]
            pixels.append(tuple(slopes[:channels]) if channels > 1 else slopes[2])
    result = Image.new(mode, (WIDTH, HEIGHT))
    result.putdata(pixels)
    return result


def planes(encoded):
    """The bytes of red, green and blue after one another."""
    decoded = Image.open(io.BytesIO(encoded)).convert("RGB")
    return b"".join(channel.tobytes() for channel in decoded.split())


files = {
    "colour": (image("RGB", 3), dict(quality=90, subsampling=0)),
    "subsampled": (image("RGB", 3), dict(quality=60, subsampling=2, progressive=True)),
    "grey": (image("L", 1), dict(quality=90)),
    "inks": (image("CMYK", 4), dict(quality=90)),
}
expected = {"height": HEIGHT, "width": WIDTH, "images": {}}
for name, (picture, options) in files.items():
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", **options)
    (folder / f"{name}.JPEG").write_bytes(buffer.getvalue())
    expected["images"][name] = planes(buffer.getvalue()).hex()
(folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
