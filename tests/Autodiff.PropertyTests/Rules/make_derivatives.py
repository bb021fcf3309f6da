"""Writes derivatives.csv: derivatives 0 to 7 of the library's functions of one number, from mpmath, over the whole range of doubles.

    pip install mpmath
    python make_derivatives.py          (takes a minute; writes derivatives.csv beside this script)

Each function is expanded into a power series about the point with so many digits that no cancellation counts: 1, x and x^8 side by side,
for x = 1e-300, need 2,400. The series come from sums, products and quotients of series, from differential equations, and from mpmath's own
polygamma and Bessel functions. A number that rounds to no double is written all the same, so that a test can tell overflow from underflow.
"""

import pathlib
import sys

from mpmath import mp, mpf

ORDERS = 7
DIGITS = 2800
mp.dps = DIGITS


class Series:
    """The first coefficients of a power series."""

    def __init__(self, c):
        self.c = list(c)

    @staticmethod
    def of(value):
        return value if isinstance(value, Series) else Series([mpf(value)] + [mpf(0)] * ORDERS)

    def __add__(self, other):
        return Series(a + b for a, b in zip(self.c, Series.of(other).c))

    __radd__ = __add__

    def __neg__(self):
        return Series(-a for a in self.c)

    def __sub__(self, other):
        return self + -Series.of(other)

    def __rsub__(self, other):
        return Series.of(other) - self

    def __mul__(self, other):
        a, b = self.c, Series.of(other).c
        return Series(sum(a[i] * b[k - i] for i in range(k + 1)) for k in range(len(a)))

    __rmul__ = __mul__

    def __truediv__(self, other):
        a, b, q = self.c, Series.of(other).c, []
        for k in range(len(a)):
            q.append((a[k] - sum(q[i] * b[k - i] for i in range(k))) / b[0])
        return Series(q)

    def __rtruediv__(self, other):
        return Series.of(other) / self

    def power(self, p):
        a, b = self.c, [mp.power(self.c[0], p)]
        for k in range(1, len(a)):
            b.append(sum((p * i - (k - i)) * a[i] * b[k - i] for i in range(1, k + 1)) / (k * a[0]))
        return Series(b)

    def derivative(self):
        return [k * a for k, a in enumerate(self.c)][1:]


def solved(start, slope, x):
    """y with y' = slope(y, x) x', coefficient by coefficient."""
    y = [start] + [mpf(0)] * ORDERS
    for k in range(ORDERS):
        q = slope(Series(y), x)
        y[k + 1] = sum(q.c[i] * d for i, d in zip(range(k, -1, -1), x.derivative())) / (k + 1)
    return Series(y)


def exp(x):
    return solved(mp.exp(x.c[0]), lambda y, _: y, x)


def log(x):
    return solved(mp.log(x.c[0]), lambda _, t: 1 / t, x)



def sin(x):
    s, c = mp.sin(x.c[0]), mp.cos(x.c[0])
    return Series([s, c, -s, -c][k % 4] / mp.factorial(k) for k in range(ORDERS + 1))


def cos(x):
    s, c = mp.sin(x.c[0]), mp.cos(x.c[0])
    return Series([c, -s, -c, s][k % 4] / mp.factorial(k) for k in range(ORDERS + 1))


def integral(value, slope):
    return lambda x: solved(value(x.c[0]), lambda _, t: slope(t), x)


def cbrt(x):
    return x.power(mpf(1) / 3) if x.c[0] > 0 else -(-x).power(mpf(1) / 3)


def from_derivatives(f):
    return lambda x: Series(f(k, x.c[0]) / mp.factorial(k) for k in range(ORDERS + 1))


def with_digits(digits, f):
    """Functions that are slow at many digits, and lose none where they are used."""
    def g(x):
        with mp.workdps(digits):
            return f(x)
    return g


def log_gamma(k, x):
    return mp.log(abs(mp.gamma(x))) if k == 0 else mp.psi(k - 1, x)


def gamma(x):
    y = solved(mp.gamma(x.c[0]), lambda y, t: y * from_derivatives(lambda k, u: mp.psi(k, u))(t), x)
    return y


def bessel(f, sign, n):
    def of_order(m, x):
        return f(m, x) if m >= 0 else sign ** m * f(-m, x)

    def derivative(k, x):
        return sum(sign ** i * mp.binomial(k, i) * of_order(n - k + 2 * i, x) for i in range(k + 1)) / mpf(2) ** k

    return derivative


def normal_quantile(p):
    """Solved for the logarithm of the smaller of p and 1 - p, which is nearly a parabola."""
    if p > 0.5:
        return -normal_quantile(1 - p)
    def log_cdf(x):
        return mp.log(mp.erfc(-x / mp.sqrt(2)) / 2)
    start = -mp.sqrt(-2 * mp.log(p)) if p < 0.05 else mp.sqrt(2 * mp.pi) * (p - mpf(0.5))
    return mp.findroot(lambda x: log_cdf(x) - mp.log(p), start)


def erfc(x):
    return with_digits(DIGITS if abs(x) < 1 else 400, mp.erfc)(x)


ROOT_TWO = mp.sqrt(2)
ROOT_PI = mp.sqrt(mp.pi)

FUNCTIONS = {
    "Sqrt": lambda x: x.power(mpf(0.5)),
    "Cbrt": cbrt,
    "Exp": exp,
    "Exp2": lambda x: exp(mp.log(2) * x),
    "ExpM1": lambda x: exp(x) - 1,
    "Log": log,
    "Log2": lambda x: log(x) / mp.log(2),
    "Log10": lambda x: log(x) / mp.log(10),
    "LogP1": lambda x: log(1 + x),
    "Sin": sin,
    "Cos": cos,
    "Tan": lambda x: sin(x) / cos(x),
    "Asin": integral(mp.asin, lambda t: (1 - t * t).power(mpf(-0.5))),
    "Acos": integral(mp.acos, lambda t: -(1 - t * t).power(mpf(-0.5))),
    "Atan": integral(mp.atan, lambda t: 1 / (1 + t * t)),
    "Sinh": lambda x: (exp(x) - exp(-x)) / 2,
    "Cosh": lambda x: (exp(x) + exp(-x)) / 2,
    "Tanh": lambda x: 1 - 2 / (exp(2 * x) + 1) if x.c[0] > 0 else 2 / (exp(-2 * x) + 1) - 1,
    "Asinh": integral(mp.asinh, lambda t: (1 + t * t).power(mpf(-0.5))),
    "Acosh": integral(mp.acosh, lambda t: (t * t - 1).power(mpf(-0.5))),
    "Atanh": integral(mp.atanh, lambda t: 1 / (1 - t * t)),
    "Sigmoid": lambda x: 1 / (1 + exp(-x)) if x.c[0] > 0 else exp(x) / (1 + exp(x)),
    "Softplus": lambda x: x + log(1 + exp(-x)) if x.c[0] > 0 else log(1 + exp(x)),
    "Erf": integral(lambda t: 1 - erfc(t) if t > 1 else mp.erf(t) if t > -1 else erfc(-t) - 1, lambda t: 2 / ROOT_PI * exp(-t * t)),
    "Erfc": integral(erfc, lambda t: -2 / ROOT_PI * exp(-t * t)),
    "NormalCdf": integral(lambda t: erfc(-t / ROOT_TWO) / 2, lambda t: exp(-t * t / 2) / (ROOT_TWO * ROOT_PI)),
    "LogNormalCdf": with_digits(400, lambda x: log(FUNCTIONS["NormalCdf"](x))),
    "NormalQuantile": with_digits(100, lambda p: solved(normal_quantile(p.c[0]), lambda y, _: ROOT_TWO * ROOT_PI * exp(y * y / 2), p)),
    "Gamma": with_digits(60, gamma),
    "LogGamma": with_digits(60, from_derivatives(log_gamma)),
    "Digamma": with_digits(60, from_derivatives(mp.psi)),
    "LambertW": with_digits(400, lambda x: solved(mp.lambertw(x.c[0]).real, lambda y, _: exp(-y) / (1 + y), x)),
    "Sinc": lambda x: sin(x) / x,
    "BesselJ0": with_digits(400, from_derivatives(bessel(mp.besselj, -1, 0))),
    "BesselJ1": with_digits(400, from_derivatives(bessel(mp.besselj, -1, 1))),
    "BesselI0": with_digits(400, from_derivatives(bessel(mp.besseli, 1, 0))),
    "BesselI1": with_digits(400, from_derivatives(bessel(mp.besseli, 1, 1))),
    "Reciprocal": lambda x: 1 / x,
    "HypotOne": lambda x: (1 + x * x).power(mpf(0.5)),
    "Atan2One": integral(lambda t: mp.pi / 2 - mp.atan(t), lambda t: -1 / (1 + t * t)),
    "PowHalf": lambda x: x.power(mpf(2.5)),
    "PowThird": lambda x: x.power(mpf(-3)),
}

SMALL = [1e-300, 1e-150, 1e-75, 1e-17, 1e-12, 1e-8, 1e-3, 0.1]
LINE = SMALL + [0.5, 1.0, 2.3, 5.0]
FAR = LINE + [27.0, 50.0, 300.0, 700.0, 709.5, 1e5, 1e40, 1e75, 1e150, 1e300, 1.5e308]


def both(points):
    return [-x for x in reversed(points)] + points


POINTS = {
    "Sqrt": FAR, "Log": FAR, "Log2": FAR, "Log10": FAR, "PowHalf": FAR,
    "LogP1": [-0.999999, -0.5, -1e-12, *FAR],
    "Sin": both(LINE), "Cos": both(LINE), "Tan": both(LINE + [1.57, 1.5707963267948966]),
    "Asin": both(SMALL + [0.5, 0.9, 0.999999999, 0.9999999999999999]), "Acos": both(SMALL + [0.5, 0.9, 0.999999999, 0.9999999999999999]),
    "Atanh": both(SMALL + [0.5, 0.9, 0.999999999, 0.9999999999999999]),
    "Acosh": [1.0000000000000002, 1.001, 1.5, *FAR[FAR.index(2.3):]],
    "NormalQuantile": [1e-300, 1e-12, 1e-3, 0.3, 0.5000000001, 0.7, 0.999, 0.999999999],
    "Gamma": [1e-300, 1e-12, 1e-3, 0.5, 1.0, 1.4616, 5.0, 50.0, 171.0, 171.6, -0.5, -3.3, -50.5, -170.3],
    "LogGamma": [1e-300, 1e-12, 1e-3, 0.5, 1.0, 2.0, 5.0, 50.0, 1e5, 1e40, 1e300, -0.5, -3.3, -50.5],
    "Digamma": [1e-300, 1e-12, 1e-3, 0.5, 1.0, 5.0, 50.0, 1e5, 1e40, 1e300, -0.5, -3.3, -50.5],
    "LambertW": [-0.3678, -0.3, -0.1, -1e-8, *FAR],
    "Sinc": both(LINE + [50.0]),
    "BesselJ0": both(LINE + [50.0]), "BesselJ1": both(LINE + [50.0]),
    "BesselI0": both(LINE + [50.0, 300.0, 700.0, 713.0]), "BesselI1": both(LINE + [50.0, 300.0, 700.0, 713.5]),
    "LogNormalCdf": both(LINE + [27.0, 38.0]),
    "NormalCdf": both(LINE + [27.0, 37.0, 50.0, 1e5]), "Erf": both(LINE + [26.0, 50.0, 1e5]), "Erfc": both(LINE + [26.0, 50.0, 1e5]),
    "Exp": both(FAR), "Exp2": both(LINE + [1000.0]),
}


def main():
    lines = ["name,x," + ",".join(f"d{k}" for k in range(ORDERS + 1))]
    for name, f in FUNCTIONS.items():
        print(name, file=sys.stderr)
        for point in POINTS.get(name, both(FAR)):
            if abs(point) > 1e6 and name in ("Exp", "Sinh", "Cosh", "Tanh", "Sigmoid", "Softplus", "ExpM1"):
                continue
            y = f(Series([mpf(point), mpf(1)] + [mpf(0)] * (ORDERS - 1)))
            numbers = [mp.nstr(c * mp.factorial(k), 20, min_fixed=0, max_fixed=0) for k, c in enumerate(y.c)]
            lines.append(",".join([name, repr(point), *numbers]))
    (pathlib.Path(__file__).parent / "derivatives.csv").write_text("\n".join(lines) + "\n")


main()
