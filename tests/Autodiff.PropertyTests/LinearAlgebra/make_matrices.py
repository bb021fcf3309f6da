# Writes matrices.txt: matrices with their square roots, logarithms, pseudo-inverses and solutions of Sylvester equations, computed with mpmath at 150 digits,
# and how far rounding the elements of the matrix can move each of them. Run it in this folder: python3 make_matrices.py
from mpmath import cos, eye, inverse, matrix, mnorm, mp, mpf, pi, sin, sqrt
import mpmath
import random

mp.dps = 150
STEP = mpf(10) ** -45


def rounded(rows):
    return matrix([[mpf(float(x)) for x in row] for row in rows])


def square_root(a):
    """The principal root by the iteration of Denman and Beavers."""
    unit = mnorm(a, 'f')
    x, y = a / unit, eye(a.rows)
    for _ in range(400):
        xi, yi = inverse(x), inverse(y)
        next_x, next_y = (x + yi) / 2, (y + xi) / 2
        if mnorm(next_x - x, 'f') <= mpf(10) ** -(mp.dps - 3) * mnorm(next_x, 'f'):
            return next_x * sqrt(unit)
        x, y = next_x, next_y
    raise ValueError("no root")


def logarithm(a):
    roots = 0
    one = eye(a.rows)
    unit = mnorm(a, 'f')
    a = a / unit
    while mnorm(a - one, 'f') > mpf(1) / 1000:
        a = square_root(a)
        roots += 1
    x = a - one
    z = inverse(a + one) * x
    term, square, total = z, z * z, z
    for k in range(1, 30):
        term = term * square
        total += term / (2 * k + 1)
    return total * mpf(2) ** (roots + 1) + mpmath.log(unit) * one


def pseudo_inverse(a):
    return inverse(a.T * a) * a.T if a.rows >= a.cols else a.T * inverse(a * a.T)


def direction(rows, columns):
    return matrix([[cos(mpf(3 * i + 7 * j + 1)) for j in range(columns)] for i in range(rows)])


def derivatives(f, a):
    """Along E and along E twice, by central differences; the step is small beside the matrix."""
    e, step = rounded_direction(a.rows, a.cols), STEP * mnorm(a, 'f')
    plus, value, minus = f(a + step * e), f(a), f(a - step * e)
    return value, (plus - minus) / (2 * step), (plus - 2 * value + minus) / step ** 2


def rounded_direction(rows, columns):
    return rounded([[direction(rows, columns)[i, j] for j in range(columns)] for i in range(rows)])


def sensitivity(f, a):
    """The largest change of the value for changes of elements by a relative 1, as a multiple of its norm."""
    value, total = f(a), mpf(0)
    for i in range(a.rows):
        for j in range(a.cols):
            moved = a.copy()
            moved[i, j] += STEP * mnorm(a, 'f')
            total += mnorm((f(moved) - value) / STEP, 'f') ** 2
    return sqrt(total) / mnorm(value, 'f')


def similar(blocks, seed, spread=1):
    """A matrix with the given Jordan blocks (eigenvalue, size), in a random basis."""
    random.seed(seed)
    n = sum(size for _, size in blocks)
    j = matrix(n, n)
    at = 0
    for eigenvalue, size in blocks:
        for i in range(size):
            j[at + i, at + i] = eigenvalue
            if i + 1 < size:
                j[at + i, at + i + 1] = 1
        at += size
    p = matrix([[mpf(random.uniform(-1, 1)) + (1 if i == k else 0) for k in range(n)] for i in range(n)])
    return p * j * inverse(p)


def rotation(angle):
    return [[cos(angle), -sin(angle)], [sin(angle), cos(angle)]]


def table(a):
    return [[a[i, j] for j in range(a.cols)] for i in range(a.rows)]


random.seed(5)
squares = {
    "plain": [[4, 1, 2], [1, 3, 0], [0, -1, 5]],
    "one": [[2.5]],
    "identity": table(eye(3)),
    "a multiple of the identity": table(3 * eye(4)),
    "repeated": table(similar([(2, 1), (2, 1), (3, 1)], 1)),
    "defective": table(similar([(2, 2), (3, 1)], 2)),
    "one block": [[2, 1, 0, 0], [0, 2, 1, 0], [0, 0, 2, 1], [0, 0, 0, 2]],
    "nearly defective": table(similar([(2, 1), (mpf(2) + mpf(10) ** -7, 1), (3, 1)], 3)),
    "nearly repeated, triangular": [[1, 1, 0], [0, 1 + 1e-9, 1], [0, 0, 1 - 1e-9]],
    "far from normal": [[1, 100, 1000], [0, 2, 100], [0, 0, 3]],
    "graded": [[1, 1e-5, 1e-10], [1e-5, 2e-10, 1e-15], [1e-10, 1e-15, 3e-20]],
    "graded downwards": [[3e-12, 1e-9, 1e-6], [1e-9, 2e-6, 1e-3], [1e-6, 1e-3, 1]],
    "units": [[2, 1e8, 3], [1e-8, 3, 1e-8], [1, 1e8, 4]],
    "large": [[4e200, 1e200], [2e200, 3e200]],
    "small": [[4e-200, 1e-200], [2e-200, 3e-200]],
    "rotation": rotation(mpf(1)),
    "nearly a half turn": rotation(pi - mpf(10) ** -3),
    "spirals": [[0.5, -2, 0, 0.3], [2, 0.5, 0.1, 0], [0, 0, 1, 4], [0.2, 0, -4, 1]],
    "cycle": [[0.1, 1, 0], [0, 0.1, 1], [1, 0, 0.1]],
    "positive definite": [[2, 1, 1], [1, 2, 1], [1, 1, 2]],
    "lower triangular": [[1, 0, 0], [2, 1e-3, 0], [3, 4, 1e3]],
    "ill-conditioned": table(similar([(mpf(10) ** -8, 1), (1, 1), (100, 1)], 4)),
    "random": [[random.uniform(-1, 1) + (3 if i == j else 0) for j in range(6)] for i in range(6)],
}

rectangles = {
    "tall": [[1, 2], [3, 4], [5, 7], [-1, 2]],
    "wide": [[1, 2, 3], [4, 5, 7]],
    "square": [[4, 1, 2], [1, 3, 0], [0, -1, 5]],
    "column": [[1], [2], [-3]],
    "nearly dependent": [[1, 1], [1, 1.0001], [1, 0.9999]],
    "units of columns": [[1, 1e6, 2e-4], [3, 4e6, 1e-4], [5, 7e6, 3e-4], [-1, 2e6, 1e-4]],
}

pairs = {
    "plain": ([[4, 1, 2], [1, 3, 0], [0, -1, 5]], [[1, 2], [-1, 1]]),
    "defective": (squares["defective"], [[2, 1], [0, 2]]),
    "rotations": (rotation(mpf(1)), [[0.1, 2, 0], [-2, 0.1, 0], [0, 0, 1]]),
    "nearly singular": ([[1, 2], [0, 3]], [[-1.0001, 1], [0, 5]]),
    "graded": (squares["graded"], [[1, 1e-5], [1e-5, 2e-10]]),
    "units": (squares["units"], [[2, 1e-6], [1e6, 3]]),
    "large": (squares["large"], squares["large"]),
    "lyapunov": (squares["spirals"], [list(row) for row in zip(*squares["spirals"])]),
}


def numbers(a):
    return " ".join(repr(float(a[i, j])) for i in range(a.rows) for j in range(a.cols))


def sylvester(a, b, c):
    m, n = a.rows, b.rows
    equations, sides = matrix(m * n, m * n), matrix(m * n, 1)
    for i in range(m):
        for j in range(n):
            sides[i * n + j] = c[i, j]
            for k in range(m):
                equations[i * n + j, k * n + j] += a[i, k]
            for k in range(n):
                equations[i * n + j, i * n + k] += b[k, j]
    x = mpmath.lu_solve(equations, sides)
    return matrix([[x[i * n + j] for j in range(n)] for i in range(m)])


with open("matrices.txt", "w", encoding="utf-8", newline="\n") as file:
    file.write("# Written by make_matrices.py. Each case: function, name, rows, columns, sensitivity; the matrix; the value; its derivatives along E and along E twice.\n")
    for function, f, cases in (("Sqrtm", square_root, squares), ("Logm", logarithm, squares), ("PInv", pseudo_inverse, rectangles)):
        for name, rows in cases.items():
            a = rounded(rows)
            value, first, second = derivatives(f, a)
            file.write(f"{function}|{name}|{a.rows}|{a.cols}|{float(sensitivity(f, a))!r}\n")
            for part in (a, value, first, second):
                file.write(numbers(part) + "\n")
    for name, (first, second) in pairs.items():
        a, b = rounded(first), rounded(second)
        c = rounded_direction(a.rows, b.rows)
        x = sylvester(a, b, c)
        spread = sqrt(sum(mnorm(sylvester(a, b, rounded([[1 if (i, j) == (k, l) else 0 for j in range(b.rows)] for i in range(a.rows)])), 'f') ** 2 for k in range(a.rows) for l in range(b.rows)))
        file.write(f"Sylvester|{name}|{a.rows}|{b.rows}|{float(spread * (mnorm(a, 'f') + mnorm(b, 'f')))!r}\n")
        for part in (a, b, c, x):
            file.write(numbers(part) + "\n")
