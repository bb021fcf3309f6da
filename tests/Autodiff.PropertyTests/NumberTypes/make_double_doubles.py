"""Writes double_doubles.csv: functions of double-doubles with 45 digits, from mpmath.

    pip install mpmath
    python make_double_doubles.py       (writes double_doubles.csv beside this script)

A row is the name of the function, its order (empty if it has none), its arguments as two doubles each, and the value. The arguments are exact, so that
the conditioning of a function does not matter. Each function is computed with 120 digits or more.
"""

import pathlib
import random

from mpmath import mp, mpf
import mpmath as m

mp.dps = 700
random.seed(20)


def pair(value):
    value = mpf(value)
    high = float(value)
    low = float(value - mpf(high))
    return (high, low)


def exact(p):
    return mpf(p[0]) + mpf(p[1])


def spread(low, high, count):
    """Points with random low parts."""
    step = mpf(high - low) / (count - 1) if count > 1 else 0
    return [pair((low + step * k) * (1 + mpf(random.random()) / 1000 + mpf(random.random()) * mpf(2) ** -60)) for k in range(count)]


def magnitudes(exponents, signs=(1, -1)):
    return [pair(s * mpf(10) ** e * (1 + mpf(random.random()) + mpf(random.random()) * mpf(2) ** -55)) for e in exponents for s in signs]


ALL = magnitudes([-250, -30, -16, -8, -3, -1]) + spread(-3, 3, 15)
POSITIVE = [p for p in ALL if p[0] > 0] + magnitudes([1, 3, 20, 100, 290], (1,)) + spread(0.5, 3, 15)
UNIT = magnitudes([-250, -30, -16, -8, -3, -2]) + spread(-0.99, 0.99, 21) + [pair(1 - mpf(10) ** -9), pair(mpf(10) ** -25 - 1)]
ANGLES = ALL + magnitudes([1, 2, 4, 8, 15], (1, -1)) + spread(3, 12, 12)
POSITIVE_SMALL = magnitudes([-8, -3, -1], (1,)) + spread(0.3, 9, 18) + spread(10, 60, 6) + magnitudes([2, 3, 8], (1,))

ROWS = []


def row(name, order, arguments, value):
    if not mp.isfinite(value):
        return
    ROWS.append(",".join([name, order] + [repr(x) for p in arguments for x in p] + [m.nstr(value, 45, min_fixed=1, max_fixed=0)]))


def unary(name, f, points):
    for p in points:
        row(name, "", [p], f(exact(p)))


def binary(name, f, firsts, seconds):
    for a, b in zip(firsts, seconds):
        row(name, "", [a, b], f(exact(a), exact(b)))


def ordered(name, f, orders, points):
    for n in orders:
        for p in points:
            row(name, str(n), [p], f(n, exact(p)))


many = magnitudes([-200, -100, -20, -5, -1, 0, 1, 5, 20, 100], (1, -1))
shuffled = magnitudes([30, -20, 90, 0, -3, 1, 1, 0, -7, -150], (-1, 1))
binary("Add", lambda a, b: a + b, many + spread(1, 2, 5), shuffled + spread(-1, -2, 5))
binary("Subtract", lambda a, b: a - b, many + spread(1, 2, 5), shuffled + spread(1, 2, 5))
binary("Multiply", lambda a, b: a * b, many, shuffled)
binary("Divide", lambda a, b: a / b, many, shuffled)
binary("Hypot", lambda a, b: m.sqrt(a * a + b * b), many, shuffled)
binary("Atan2", lambda a, b: m.atan2(a, b), many, shuffled)
binary("Pow", lambda a, b: a ** b, spread(0.1, 4, 25), spread(-30, 30, 25))
unary("Sqrt", m.sqrt, POSITIVE)
unary("Cbrt", lambda x: m.sign(x) * m.cbrt(abs(x)), ALL)
unary("Exp", m.exp, ALL + spread(-600, 700, 15))
unary("Exp2", lambda x: mpf(2) ** x, ALL + spread(-600, 1000, 15))
unary("ExpM1", m.expm1, ALL + spread(-600, 700, 15))
unary("Log", m.log, POSITIVE + [pair(1 + mpf(10) ** -k) for k in (3, 9, 20)])
unary("Log2", lambda x: m.log(x) / m.log(2), POSITIVE + [pair(1 + mpf(10) ** -k) for k in (3, 9, 20)])
unary("Log10", lambda x: m.log(x) / m.log(10), POSITIVE)
unary("LogP1", m.log1p, [p for p in ALL if p[0] > -1] + spread(-0.9, 5, 15))
unary("Sin", m.sin, ANGLES)
unary("Cos", m.cos, ANGLES)
unary("Tan", m.tan, ANGLES)
unary("Asin", m.asin, UNIT)
unary("Acos", m.acos, UNIT)
unary("Atan", m.atan, ALL + magnitudes([1, 10, 100]))
unary("Sinh", m.sinh, ALL + spread(-600, 700, 15))
unary("Cosh", m.cosh, ALL + spread(-600, 700, 15))
unary("Tanh", m.tanh, ALL + spread(-60, 60, 15))
unary("Asinh", m.asinh, ALL + magnitudes([1, 10, 100]))
unary("Acosh", m.acosh, [pair(1 + mpf(10) ** -k) for k in (2, 8, 20)] + spread(1.01, 4, 15) + magnitudes([1, 3, 10, 100], (1,)))
unary("Atanh", m.atanh, UNIT)

mp.dps = 120
REAL = magnitudes([-30, -8, -3, -1]) + spread(-5, 5, 21)
unary("Sigmoid", lambda x: 1 / (1 + m.exp(-x)), REAL + spread(-300, 300, 8))
unary("Softplus", lambda x: m.log1p(m.exp(x)), REAL + spread(-300, 300, 8))
unary("LogisticDensity", lambda x: m.exp(-x) / (1 + m.exp(-x)) ** 2, REAL + spread(-300, 300, 8))
unary("Erf", m.erf, REAL)
unary("Erfc", m.erfc, REAL + spread(5, 26, 10))
unary("NormalCdf", m.ncdf, REAL + spread(-37, -5, 10))
unary("LogNormalCdf", lambda x: m.log1p(-m.ncdf(-x)) if x > 0 else m.log(m.ncdf(x)), REAL + spread(-37, -5, 10) + spread(5, 30, 5))
unary("Sinc", lambda x: m.sin(x) / x if x else mpf(1), ANGLES[:40] + spread(-12, 12, 20))
unary("Gamma", m.gamma, POSITIVE_SMALL[:-2] + spread(-4.7, -0.2, 10))
unary("LogGamma", lambda x: m.log(abs(m.gamma(x))) if x < 0 else m.loggamma(x), POSITIVE_SMALL + spread(-4.7, -0.2, 10))
unary("Digamma", m.digamma, POSITIVE_SMALL + spread(-4.7, -0.2, 10))
unary("LambertW", lambda x: m.lambertw(x).real, [pair(-1 / m.e + mpf(10) ** -k) for k in (2, 5)] + spread(-0.3, 10, 20) + magnitudes([-20, 3, 50], (1,)))
NORMAL = spread(0.01, 0.99, 20) + magnitudes([-3, -10, -50, -200], (1,))
unary("NormalQuantile", lambda p: m.findroot(lambda x: m.log(m.ncdf(x)) - m.log(p), -m.sqrt(-2 * m.log(p)) if p < 0.1 else (p - 0.5) * 2), NORMAL)
binary("LogBeta", lambda a, b: m.loggamma(a) + m.loggamma(b) - m.loggamma(a + b), spread(0.3, 50, 20), spread(60, 0.4, 20))
binary("Beta", m.beta, spread(0.3, 50, 20), spread(60, 0.4, 20))
binary("GammaP", lambda a, x: m.gammainc(a, 0, x, regularized=True), spread(0.3, 50, 25), spread(0.5, 60, 25))
binary("GammaQ", lambda a, x: m.gammainc(a, x, m.inf, regularized=True), spread(0.3, 50, 25), spread(0.5, 60, 25))
ordered("Polygamma", lambda n, x: m.psi(n, x), [1, 2, 3, 6], spread(0.2, 30, 10) + spread(-3.6, -0.3, 5))
ordered("BesselJ", lambda n, x: m.besselj(n, x), [0, 1, 2, 5], spread(-30, 60, 19))
ordered("BesselI", lambda n, x: m.besseli(n, x), [0, 1, 2, 5], spread(-30, 60, 19))

pathlib.Path(__file__).with_name("double_doubles.csv").write_text("\n".join(ROWS) + "\n", encoding="utf-8", newline="\n")
print(len(ROWS), "rows")
