"""Drawn faces for the demo: flat shapes from a number, no photo of anybody."""

from __future__ import annotations

import io
import random

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

SIDE = 256
SCALE = 2
GROUNDS = ["#f2b134", "#1e7a68", "#e4572e", "#b9a5e8", "#f7c9c0", "#bfe3d0", "#5b2350"]
SKINS = ["#f6d7c3", "#e8b894", "#c98d64", "#9a6240", "#6f432b"]
HAIRS = ["#2a1627", "#5a3a22", "#8c5a2b", "#c9952f", "#a9a2a6", "#7b2d26"]
CLOTHES = ["#5b2350", "#1e7a68", "#e4572e", "#2a1627", "#b9a5e8", "#f2b134"]


def avatar(number: int) -> ContentFile[bytes]:
    """The face that belongs to this number, as a square WebP."""
    dice = random.Random(f"avatar {number}")
    ground = dice.choice(GROUNDS)
    clothes = dice.choice([colour for colour in CLOTHES if colour != ground])
    skin, hair = dice.choice(SKINS), dice.choice(HAIRS)
    side = SIDE * SCALE
    picture = Image.new("RGB", (side, side), ground)
    draw = ImageDraw.Draw(picture)

    def box(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        return (x0 * side, y0 * side, x1 * side, y1 * side)

    style = dice.randrange(5)
    if style == 1:  # long hair lies behind the shoulders
        draw.rounded_rectangle(box(0.25, 0.2, 0.75, 0.8), radius=side * 0.2, fill=hair)
    draw.ellipse(box(0.16, 0.74, 0.84, 1.4), fill=clothes)
    draw.rounded_rectangle(box(0.43, 0.6, 0.57, 0.82), radius=side * 0.06, fill=skin)
    draw.ellipse(box(0.3, 0.22, 0.7, 0.7), fill=skin)
    if style in (0, 1):
        draw.chord(box(0.28, 0.17, 0.72, 0.62), 180, 360, fill=hair)
    elif style == 2:
        for step in range(7):
            x = 0.27 + step * 0.07
            draw.ellipse(box(x, 0.14 + abs(step - 3) * 0.025, x + 0.12, 0.28 + abs(step - 3) * 0.035), fill=hair)
    elif style == 3:
        draw.pieslice(box(0.28, 0.17, 0.72, 0.68), 170, 300, fill=hair)
        draw.ellipse(box(0.44, 0.08, 0.6, 0.24), fill=hair)
    else:
        draw.chord(box(0.29, 0.19, 0.71, 0.56), 195, 345, fill=hair)
    for x in (0.41, 0.59):
        draw.ellipse(box(x - 0.022, 0.44, x + 0.022, 0.49), fill="#2a1627")
    if dice.random() < 0.3:
        for x in (0.41, 0.59):
            draw.ellipse(box(x - 0.065, 0.4, x + 0.065, 0.53), outline="#2a1627", width=side // 80)
        draw.line(box(0.475, 0.46, 0.525, 0.46), fill="#2a1627", width=side // 80)
    draw.arc(box(0.43, 0.5, 0.57, 0.62), 20, 160, fill="#2a1627", width=side // 60)
    out = io.BytesIO()
    picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(out, "WEBP", quality=80)
    return ContentFile(out.getvalue(), name=f"demo-{number}.webp")
