"""Writes reference.csv: values and derivatives 1 to 4 of the library's scalar functions, from mpmath.

    pip install mpmath
    python make_reference.py            (takes a few minutes; writes reference.csv beside this script)

The derivatives are taken numerically from the function values alone, so that they share no differentiation rule with
the library. Each number is computed at 100, 200, 400, ... digits until two precisions agree to 30 digits; 25 are
written. A number on which no two precisions agree is an exact zero. The points are doubles, written so that they read
back exactly; a two-argument point is "first;second", and the name says which argument is active. Points at which some
number is not a normal double are left out and named on standard error.
"""

import pathlib
import sys

from mpmath import mp, mpf

PRECISIONS = (100, 200, 400, 800)
AGREED_DIGITS = 30
WRITTEN_DIGITS = 25
ORDERS = 4
SMALLEST, LARGEST = mpf("1e-300"), mpf("1.7e308")


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def cbrt(x):
    return mp.sign(x) * mp.root(abs(x), 3)


def both_signs(*points):
    return [-x for x in reversed(points)] + list(points)


def sinc(x):
    return mp.sin(x) / x if x else mpf(1)


def log_beta(a, b):
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def log_normal_cdf(x):
    return mp.log(mp.erfc(-x / mp.sqrt(2)) / 2)


def normal_quantile(p):
    """The smaller of p and 1 - p as a logarithm, which is nearly a parabola, solved from the quantile in doubles."""
    if p > 0.5:
        return -normal_quantile(1 - p)
    start = -mp.sqrt(-2 * mp.log(p)) if p < 0.05 else mp.sqrt(2 * mp.pi) * (p - 0.5)
    return mp.findroot(lambda x: log_normal_cdf(x) - mp.log(p), start)


def gamma_p(a, x):
    return mp.gammainc(a, 0, x, regularized=True)


def gamma_q(a, x):
    return mp.gammainc(a, x, mp.inf, regularized=True)


SMALL = both_signs(1e-8, 1e-3, 0.3)
REAL_LINE = [0.0, *both_signs(1e-8, 1e-3, 0.1, 0.5, 1.0, 2.3, 5.0, 12.5)]
TAILS = both_signs(40.0, 300.0, 680.0)
POSITIVE = [1e-70, 1e-8, 1e-3, 0.1, 0.5, 0.999, 1.0, 1.001, 2.0, 3.7, 10.0, 1e3, 1e8, 1e70]
NOT_ZERO = both_signs(1e-60, 1e-8, 1e-3, 0.4, 1.0, 3.0, 1e4, 1e55)
UNIT_INTERVAL = [0.0, *both_signs(1e-8, 1e-3, 0.1, 0.5, 0.8, 0.99, 0.999999)]
ANGLES = [0.0, *both_signs(1e-8, 1e-3, 0.5, 1.0, 1.5707, 2.5, 3.1415, 100.0), 1e5, 1e10, 1e22]
GAMMA = [-20.3, -7.5, -2.4570247382, -1.5, -0.7, -1e-3, 1e-8, 1e-3, 0.25, 0.5, 0.999, 1.0, 1.001, 1.4616321449683622,
         1.999, 2.0, 2.001, 3.7, 9.9, 30.0, 1e3, 1e8]
POLYGAMMA = [-20.3, -7.45, -1.6, -0.7, -1e-3, 1e-8, 1e-3, 0.25, 0.5, 1.0, 1.5, 3.7, 9.9, 30.0, 1e3, 1e8]
POSITIVE_BASE = [(1e-8, 1.5), (1e-3, 0.5), (0.5, -30.0), (0.7, -2.5), (0.7, 0.25), (1.0, 3.3), (1.00000001, 1e6),
                 (2.0, 0.5), (2.0, 3.0), (3.0, -1.0), (9.5, 40.5), (10.0, 0.1), (1e3, 2.5), (1e50, 1.5)]
NEGATIVE_BASE = [(-1e-3, 3.0), (-0.5, -4.0), (-2.0, 3.0), (-1.5, 4.0), (-3.0, -2.0), (-10.0, 7.0)]
PLANE = [(1.0, 2.0), (1.0, -2.0), (-1.0, 2.0), (-1.0, -2.0), (0.3, 0.4), (-5.0, 12.0), (1e-8, 1.0), (1.0, 1e-8),
         (-1.0, 1e-3), (1e-3, -1.0), (1e3, 1.0), (2.5, -1e4), (1e-20, 1e-20), (3e40, -4e40)]
AXES = [(0.0, 3.0), (2.0, 0.0), (-2.0, 0.0)]

WAVES = [0.0, *both_signs(1e-8, 1e-3, 0.3, 1.0, 2.0, 3.9), 7.7, 12.3, 24.9, 25.1, 40.0, 1e3, 1e8]
BRANCH = [-0.3678, -0.36, -0.3, -0.2501, -0.2499, -0.1, -1e-3, -1e-8, 0.0, 1e-8, 1e-3, 0.3, 1.0, 2.718281828459045, 10.0,
          1e3, 1e10, 1e70]
LOWER_TAIL = [-1e10, -1e6, -1e3, -100.0, -37.5, -20.0, -8.0, -3.0, -2.0, -1.5, -1.001]
CENTER = [-0.999, -0.5, -1e-3, 0.0, 1e-8, 0.5, 1.0, 2.3, 4.0, 8.0]
PROBABILITIES = [1e-60, 1e-30, 1e-8, 1e-3, 0.02, 0.1, 0.3, 0.4999, 0.5, 0.50000001, 0.6, 0.9, 0.99, 0.999999]
SHAPES = [(0.3, 0.7), (1.0, 1.0), (1.0, 3.0), (2.5, 9.9), (9.9, 10.1), (10.0, 10.0), (1e-8, 3.0), (1e-3, 50.0), (0.5, 1e3), (9.5, 1e6),
          (30.0, 70.0), (200.0, 150.0), (1e3, 3.0), (1e3, 1e-3), (60.0, 1e-8), (1e6, 9.5)]
FAR_SHAPES = [(1e8, 1.0), (1e8, 1e-8), (1e4, 1e7), (1e10, 1e10), (1e20, 1e3)]
LOWER = [(0.5, 1e-3), (0.5, 0.3), (1.0, 1e-8), (1.0, 0.5), (2.0, 1e-8), (2.0, 1.0), (2.5, 0.7), (3.0, 1e-3), (3.0, 2.0), (5.0, 1e-3),
         (5.5, 4.0), (9.9, 9.0), (10.1, 7.0), (29.0, 29.0), (31.0, 27.0), (100.0, 60.0), (100.0, 99.0), (1e3, 980.0), (1e4, 9900.0)]
UPPER = [(1e-8, 1e-3), (1e-3, 0.4), (0.1, 1.05), (0.3, 1.2), (0.5, 3.0), (1.0, 1.0), (1.0, 40.0), (2.0, 2.5), (3.0, 7.0), (5.5, 30.0),
         (9.9, 12.0), (10.1, 50.0), (31.0, 35.0), (100.0, 101.0), (100.0, 170.0), (1e3, 1030.0), (1e4, 10200.0)]
ENTROPY = [(0.0, 0.3), (0.0, 5.0), (1e-8, 1e-8), (0.3, 0.7), (1.0, 1.0), (-2.0, 3.0), (5.0, 1e-3), (1e3, 1e8)]

ONE_ARGUMENT = {
    "Sqrt": (mp.sqrt, POSITIVE),
    "Cbrt": (cbrt, NOT_ZERO),
    "Exp": (mp.exp, REAL_LINE + TAILS + [700.0]),
    "Exp2": (lambda x: mp.power(2, x), REAL_LINE + [-990.0, -40.0, 40.0, 1000.0]),
    "ExpM1": (mp.expm1, REAL_LINE + TAILS + [700.0]),
    "Log": (mp.log, POSITIVE),
    "Log2": (lambda x: mp.log(x) / mp.log(2), POSITIVE),
    "Log10": (lambda x: mp.log(x) / mp.log(10), POSITIVE),
    "LogP1": (mp.log1p, [-0.999999, -0.9, -0.5, *SMALL, 0.0, 1.0, 2.5, 1e3, 1e8, 1e70]),
    "Sin": (mp.sin, ANGLES),
    "Cos": (mp.cos, ANGLES),
    "Tan": (mp.tan, ANGLES),
    "Asin": (mp.asin, UNIT_INTERVAL),
    "Acos": (mp.acos, UNIT_INTERVAL),
    "Atan": (mp.atan, REAL_LINE + both_signs(1e3, 1e8, 1e50)),
    "Sinh": (mp.sinh, REAL_LINE + both_signs(40.0, 700.0)),
    "Cosh": (mp.cosh, REAL_LINE + both_signs(40.0, 700.0)),
    "Tanh": (mp.tanh, REAL_LINE + both_signs(20.0, 40.0, 340.0)),
    "Asinh": (mp.asinh, REAL_LINE + both_signs(1e3, 1e8, 1e70)),
    "Acosh": (mp.acosh, [1.000001, 1.001, 1.1, 1.5, 2.0, 3.7, 10.0, 100.0, 1e4, 1e8, 1e70]),
    "Atanh": (mp.atanh, UNIT_INTERVAL),
    "Sigmoid": (sigmoid, REAL_LINE + TAILS),
    "Softplus": (lambda x: mp.log1p(mp.exp(x)), REAL_LINE + TAILS),
    "Erf": (mp.erf, REAL_LINE + both_signs(3.5, 20.0)),
    "Erfc": (mp.erfc, REAL_LINE + [-20.0, 1.5, 3.5, 8.0, 20.0, 26.0]),
    "Gamma": (mp.gamma, GAMMA[:-2] + [10.0, 12.5, 100.0, 150.3, 170.0]),
    "LogGamma": (lambda x: mp.re(mp.loggamma(x)), GAMMA),
    "Digamma": (mp.digamma, GAMMA),
    "Polygamma1": (lambda x: mp.psi(1, x), POLYGAMMA),
    "Polygamma2": (lambda x: mp.psi(2, x), POLYGAMMA),
    "Polygamma3": (lambda x: mp.psi(3, x), POLYGAMMA),
    "LambertW": (lambda x: mp.lambertw(x).real, BRANCH),
    "Sinc": (sinc, WAVES),
    "BesselJ0": (lambda x: mp.besselj(0, x), WAVES),
    "BesselJ1": (lambda x: mp.besselj(1, x), WAVES),
    "BesselI0": (lambda x: mp.besseli(0, x), WAVES[:-2] + [650.0]),
    "BesselI1": (lambda x: mp.besseli(1, x), WAVES[:-2] + [650.0]),
    "NormalCdf": (mp.ncdf, LOWER_TAIL[5:] + CENTER),
    "LogNormalCdf": (log_normal_cdf, LOWER_TAIL + CENTER),
    "NormalQuantile": (normal_quantile, PROBABILITIES),
    "Reciprocal": (lambda x: 1 / x, NOT_ZERO),
    # exp(sin(x)) * log(1 + x * x)
    "CompositeA": (lambda x: mp.exp(mp.sin(x)) * mp.log1p(x * x), REAL_LINE),
    # sigmoid(x) * tanh(x) / x
    "CompositeB": (lambda x: sigmoid(x) * mp.tanh(x) / x, both_signs(1e-3, 0.1, 0.5, 1.0, 2.3, 5.0, 12.5, 30.0)),
    # x ^ x
    "CompositeC": (lambda x: mp.power(x, x),
                   [1e-8, 1e-3, 0.1, 0.36787944117144233, 0.7, 1.0, 1.5, 2.0, 5.0, 20.0, 100.0]),
    # log(e^x + e^(2x) + e^(1 - x))
    "LogSumExp3": (lambda x: mp.log(mp.exp(x) + mp.exp(2 * x) + mp.exp(1 - x)), REAL_LINE + both_signs(40.0, 200.0)),
    # sqrt(x^2 + (2x - 1)^2 + sin(x)^2)
    "Norm3": (lambda x: mp.sqrt(x * x + (2 * x - 1) ** 2 + mp.sin(x) ** 2), REAL_LINE + [0.4, 1e3]),
}

TWO_ARGUMENTS = {
    "Pow.x": (mp.power, 0, POSITIVE_BASE + NEGATIVE_BASE),
    "Pow.p": (mp.power, 1, POSITIVE_BASE),
    "Atan2.y": (mp.atan2, 0, PLANE + AXES),
    "Atan2.x": (mp.atan2, 1, PLANE + AXES),
    "Hypot.x": (mp.hypot, 0, PLANE + AXES),
    "Hypot.y": (mp.hypot, 1, PLANE + AXES),
    "Xlogy.x": (lambda x, y: x * mp.log(y), 0, ENTROPY),
    "Xlogy.y": (lambda x, y: x * mp.log(y), 1, ENTROPY),
    "LogBeta.a": (log_beta, 0, SHAPES + FAR_SHAPES),
    "LogBeta.b": (log_beta, 1, SHAPES + FAR_SHAPES),
    "Beta.a": (mp.beta, 0, SHAPES),
    "Beta.b": (mp.beta, 1, SHAPES),
    "GammaP.x": (gamma_p, 1, LOWER),
    "GammaQ.x": (gamma_q, 1, UPPER),
    "Divide.x": (mp.fdiv, 0, PLANE + AXES[:1]),
    "Divide.y": (mp.fdiv, 1, PLANE + AXES[:1]),
}


def derivatives(function, x, digits):
    """The derivatives 0 to ORDERS at x. A small x is its own unit, so that the difference steps are smaller still."""
    with mp.workdps(digits):
        unit = min(1, abs(mpf(x))) or mpf(1)
        along = mp.diffs(lambda t: function(x + unit * t), 0, ORDERS)
        return [value / unit**k for k, value in enumerate(along)]


def agree(a, b):
    return abs(a - b) <= abs(b) * mpf(10) ** -AGREED_DIGITS


def exact_derivatives(function, x):
    """The derivatives 0 to ORDERS at x to AGREED_DIGITS digits, with exact zeros as 0."""
    coarse = derivatives(function, x, PRECISIONS[0])
    for digits in PRECISIONS[1:]:
        fine = derivatives(function, x, digits)
        agreed = [agree(a, b) for a, b in zip(coarse, fine)]
        if all(agreed):
            return fine
        coarse = fine
    vanishing = mpf(10) ** (-PRECISIONS[-1] // 2)
    assert all(ok or abs(value) < vanishing for ok, value in zip(agreed, fine)), (x, fine)
    return [value if ok else mpf(0) for ok, value in zip(agreed, fine)]


def row(name, function, point, x):
    values = exact_derivatives(function, x)
    if any(value != 0 and not SMALLEST < abs(value) < LARGEST for value in values):
        print(f"{name} at {point}: left out", file=sys.stderr)
        return []
    numbers = [mp.nstr(value, WRITTEN_DIGITS, strip_zeros=False) if value else "0" for value in values]
    return [",".join([name, point, *numbers])]


def rows():
    for name, (function, points) in ONE_ARGUMENT.items():
        for x in points:
            yield from row(name, function, repr(x), x)
    for name, (function, active, points) in TWO_ARGUMENTS.items():
        for point in points:
            fixed = point[1 - active]
            along = (lambda x: function(x, fixed)) if active == 0 else (lambda x: function(fixed, x))
            yield from row(name, along, ";".join(map(repr, point)), point[active])


def main():
    target = pathlib.Path(__file__).with_name("reference.csv")
    header = ",".join(["name", "points", *(f"d{k}" for k in range(ORDERS + 1))])
    with mp.workdps(AGREED_DIGITS + 10):
        target.write_text("\n".join([header, *rows()]) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
