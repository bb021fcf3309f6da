"""Writes exponential.csv: exponentials of matrices far from normal and of ill-assorted units, and their derivatives, from mpmath.

    pip install mpmath
    python make_exponential.py          (takes seconds; writes exponential.csv beside this script)

A line holds a name, the size n, a matrix A and a direction E, then exp A, its derivative along E and its second derivative along E
twice, each by rows. The derivatives are blocks of the exponentials of block matrices, which are summed as Taylor series after
scaling, at enough digits for all that cancels. Each result is written as the double nearest to it.
"""

import pathlib
import random

from mpmath import mp, mpf, eye, matrix


def exponential(rows):
    """The Taylor series of A / 2^s, squared s times."""
    a = matrix(rows)
    norm = max(mpf(1), max(abs(x) for x in a))
    squarings = int(mp.ceil(mp.log(norm * a.rows, 2))) + 4
    with mp.workprec(600 + 12 * squarings):
        scaled, term, total = matrix(rows) / mpf(2) ** squarings, eye(a.rows), eye(a.rows)
        for k in range(1, 200):
            term = term * scaled / k
            total += term
        for _ in range(squarings):
            total = total * total
        return total


def derivatives(a, e):
    """exp A and its derivatives, from the exponential of [[A, E, 0], [0, A, E], [0, 0, A]], whose last block is half the second one."""
    n = len(a)
    zeros = [[0.0] * n for _ in range(n)]
    row = lambda *blocks: [sum((block[i] for block in blocks), []) for i in range(n)]
    nested = exponential(row(a, e, zeros) + row(zeros, a, e) + row(zeros, zeros, a))
    return [[nested[i, j + order * n] * mp.factorial(order) for i in range(n) for j in range(n)] for order in range(3)]


def rotated(angle):
    return [[0.0, -angle], [angle, 0.0]]


def jordan(n, eigenvalue, link):
    return [[eigenvalue if i == j else link if j == i + 1 else 0.0 for j in range(n)] for i in range(n)]


def similar(rows, *exponents):
    """D A D⁻¹ with powers of two in D."""
    return [[x * 2.0 ** (exponents[i] - exponents[j]) for j, x in enumerate(row)] for i, row in enumerate(rows)]


def transposed(rows):
    return [list(column) for column in zip(*rows)]


def matrices():
    three = [[1.0, 2.0, -1.0], [0.5, -1.0, 3.0], [-2.0, 0.25, 1.5]]
    upper = {
        "triangle": [[-1.0, 1e5], [0.0, -2.0]],
        "near a multiple": [[1.0, 1e6], [0.0, 1.0 + 1e-9]],
        "multiple": [[-3.0, 1e8], [0.0, -3.0]],
        "nilpotent": [[0.0, 1e20], [0.0, 0.0]],
        "decayed": [[-1e3, 1e300], [0.0, -1e3]],
        "apart": [[-40.0, 1e10], [0.0, 20.0]],
        "chain": [[-1.0, 1e5, 3.0], [0.0, -2.0, 1e7], [0.0, 0.0, -3.0]],
        "stiff": [[-1.0, 2.0, 3.0], [0.0, -1e4, 5.0], [0.0, 0.0, -1e6]],
        "Jordan 4": jordan(4, 0.5, 1e4),
        "Jordan 6": jordan(6, 0.0, 1e12),
        "blocks": [[0.0, -2.0, 1e9, 0.0], [2.0, 0.0, 5.0, 1e8], [0.0, 0.0, -1.0, -4.0], [0.0, 0.0, 4.0, -1.0]],
    }
    for name, a in upper.items():
        yield "upper " + name, a
        yield "lower " + name, transposed(a)
    yield "turn", rotated(2.0)
    yield "many turns", rotated(50.0)
    yield "mixed order", [[-1.0, 0.0, 1e6], [1e4, 2.0, 1.0], [0.0, 0.0, -3.0]]
    yield "units", similar(three, 0, 300, -200)
    yield "units of a turn", similar(rotated(3.0), 250, -250)
    yield "large", [[49.0, 24.0], [-64.0, -31.0]]
    yield "tiny", [[1e-300, 2e-300], [-3e-300, 4e-305]]
    yield "dense", three


def main():
    generator = random.Random(3)
    lines = []
    for name, a in matrices():
        n = len(a)
        units = [300, -200] if name == "units" else [250, -250]
        e = [[round(generator.uniform(-2, 2), 3) for _ in range(n)] for _ in range(n)]
        if name.startswith("units"):
            e = similar(e, *([0] + units if name == "units" else units))
        numbers = [[x for row in a for x in row], [x for row in e for x in row]] + [[float(x) for x in block] for block in derivatives(a, e)]
        lines.append(",".join([name, str(n)] + [";".join(repr(x) for x in block) for block in numbers]))
    pathlib.Path(__file__).with_name("exponential.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
