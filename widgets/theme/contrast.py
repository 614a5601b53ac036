"""How far colours are apart: WCAG 2 contrast, and distance as people with a colour vision deficiency see it. No Qt."""
from __future__ import annotations

import math

Rgb = tuple[float, float, float]

# Machado, Oliveira, Fernandes (2009), severity 1.0, on linear RGB.
DEFICIENCIES: dict[str, tuple[Rgb, Rgb, Rgb]] = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def rgb(colour: str) -> Rgb:
    """The three channels of "#RRGGBB", 0..1."""
    value = colour.lstrip("#")
    if len(value) != 6:
        raise ValueError(f"not a #RRGGBB colour: {colour!r}")
    return (int(value[0:2], 16) / 255, int(value[2:4], 16) / 255, int(value[4:6], 16) / 255)


def hex_of(channels: Rgb) -> str:
    """"#RRGGBB" of channels, cut to 0..1."""
    return "#" + "".join(f"{round(min(1.0, max(0.0, c)) * 255):02X}" for c in channels)


def mix(first: str, second: str, share: float) -> str:
    """`share` (0..1) of the second colour in the first."""
    a, b = rgb(first), rgb(second)
    return hex_of((a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share))


def linear(channels: Rgb) -> Rgb:
    """sRGB to linear light."""
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return (r, g, b)


def luminance(colour: str) -> float:
    """Relative luminance, 0..1 (WCAG 2.2)."""
    r, g, b = linear(rgb(colour))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(first: str, second: str) -> float:
    """Contrast ratio 1..21 (WCAG 2.2, 1.4.3)."""
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def better_ink(fill: str, *inks: str) -> str:
    """Which of the inks reads best on the fill."""
    return max(inks, key=lambda ink: contrast(ink, fill))


def distance(first: str, second: str, deficiency: str | None = None) -> float:
    """How different two colours look (CIE 1976 delta E; 2.3 is just noticeable) with normal or deficient vision."""
    return math.dist(_lab(first, deficiency), _lab(second, deficiency))


def least_distance(first: str, second: str) -> float:
    """The smallest `distance` over normal vision and all three deficiencies."""
    return min(distance(first, second, kind) for kind in (None, *DEFICIENCIES))


def _lab(colour: str, deficiency: str | None) -> Rgb:
    light = linear(rgb(colour))
    if deficiency is not None:
        rows = DEFICIENCIES[deficiency]
        light = tuple(min(1.0, max(0.0, sum(m * c for m, c in zip(row, light, strict=True)))) for row in rows)  # type: ignore[assignment]
    r, g, b = light
    x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047
    y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b
    z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883
    fx, fy, fz = (c ** (1 / 3) if c > 216 / 24389 else (24389 / 27 * c + 16) / 116 for c in (x, y, z))
    return (116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz))
