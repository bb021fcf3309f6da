"""Writes divided_differences.csv: divided differences of some functions at points that coincide, nearly coincide or are apart.

    pip install mpmath
    python make_divided_differences.py            (takes two minutes; writes divided_differences.csv beside this script)

They come from the table of differences at 400 digits, with derivatives where points are equal, so nothing is lost to
cancellation. The points are doubles, written so that they read back exactly. The last column is the largest |f⁽ᵐ⁾|/m! at 25 points
from the first to the last of them: what an error is measured by.
"""

import pathlib
import random

from mpmath import mp, mpf

ORDERS = (1, 2, 3, 4)
ROWS = 6
WRITTEN_DIGITS = 25

# A function, and where its points lie. Factors are powers of two, so that the function of a double is that of a double.
FUNCTIONS = {
    "exp": (mp.exp, -3, 3),
    "sqrt": (mp.sqrt, 1e-8, 4),
    "log": (mp.log, 1e-8, 4),
    "cos": (mp.cos, -4, 4),
    "reciprocal": (lambda x: 1 / x, 0.01, 3),
    "tanh": (mp.tanh, -4, 4),
    "power": (lambda x: mp.power(x, mpf(0.3)), 1e-6, 5),
    "fast": (lambda x: mp.cos(16 * x), -2, 2),
    "flat": (lambda x: mp.exp(-1 / x), 0.05, 3),
    "bell": (lambda x: mp.exp(-x * x), -4, 4),
    "step": (lambda x: mp.atan(64 * x), -1, 1),
    "cube": (lambda x: x**3, -2, 2),
}


def coefficient(f, x, order):
    """f⁽ᵐ⁾(x)/m!"""
    return mp.taylor(f, x, order)[order]


def divided_difference(f, points):
    column = [f(x) for x in points]
    for order in range(1, len(points)):
        column = [
            coefficient(f, points[i], order)
            if points[i] == points[i + order]
            else (column[i + 1] - column[i]) / (points[i + order] - points[i])
            for i in range(len(column) - 1)
        ]
    return column[0]


def some_points(lowest, highest, count):
    """Some near each other, at distances of all magnitudes down to none, and near the lower end as often as not."""
    first = lowest + (highest - lowest) * 10 ** random.uniform(-4, 0) if random.random() < 0.5 else random.uniform(lowest, highest)
    points = [first]
    while len(points) < count:
        step = 0 if random.random() < 0.25 else random.choice((-1, 1)) * 10 ** random.uniform(-17, 0.3)
        point = random.choice(points) + step
        if lowest <= point <= highest:
            points.append(point)
    return sorted(points)


def main():
    mp.dps = 400
    random.seed(1)
    lines = ["function,points,value,scale"]
    for name, (f, lowest, highest) in FUNCTIONS.items():
        for order in ORDERS:
            for _ in range(ROWS):
                doubles = some_points(lowest, highest, order + 1)
                points = [mpf(x) for x in doubles]
                between = {points[0] + (points[-1] - points[0]) * i / 24 for i in range(25)}
                scale = max(abs(coefficient(f, x, order)) for x in between)
                numbers = (mp.nstr(divided_difference(f, points), WRITTEN_DIGITS), mp.nstr(scale, 6))
                lines.append(",".join((name, ";".join(map(repr, doubles)), *numbers)))
    pathlib.Path(__file__).with_name("divided_differences.csv").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
