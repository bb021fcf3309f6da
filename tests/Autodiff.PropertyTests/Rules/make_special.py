"""Writes special.csv: values of the special functions and of their families of derivatives, from mpmath, with the condition of each.

    pip install mpmath
    python make_special.py          (takes some minutes, less with gmpy2; writes special.csv beside this script)

A line is the name of a method of ScalarFunctions, its arguments with the orders first, the value, and its condition: the sum over the real arguments of
|x f'(x)/f(x)|, by which a relative error of the arguments is multiplied. Derivatives of any order are central differences with so many digits that
neither their truncation nor their rounding counts.
"""

import pathlib
import random

from mpmath import mp, mpf

mp.dps = 40
random.seed(1)
rows = []


def difference(f, x, n, digits=70, scale=None):
    if n == 0:
        return f(x)
    with mp.workdps(digits):
        h = (scale or (abs(x) if x != 0 else mpf(1))) * mpf(10) ** -12
        return sum((-1) ** k * mp.binomial(n, k) * f(x + (mpf(n) / 2 - k) * h) for k in range(n + 1)) / h ** n


def add(name, orders, arguments, f):
    """A row for f of the arguments."""
    x = [mpf(float(a)) for a in arguments]
    value = f(*x)
    condition = mpf(0)
    for i in range(len(x)):
        if x[i] != 0 and value != 0:
            y = list(x)
            y[i] *= 1 - mpf(10) ** -20
            condition += abs((f(*y) - value) / value) * mpf(10) ** 20
    rows.append(f"{name},{' '.join([str(o) for o in orders] + [repr(float(a)) for a in arguments])},{mp.nstr(value, 22)},{mp.nstr(condition, 4)}")


def spread(low, high, count):
    """Numbers with about the same ratios, with random digits."""
    return [float(low * (high / low) ** (i / (count - 1))) * random.uniform(0.97, 1.03) for i in range(count)]


def between(low, high, count):
    return [low + (high - low) * (i + random.uniform(0.1, 0.9)) / count for i in range(count)]


# The incomplete gamma function in its parameter, and the density.
def gamma_p(n, a, x):
    """The derivative of P, from the smaller of both integrals."""
    f = (lambda t: mp.gammainc(t, 0, x, regularized=True)) if x < a else (lambda t: -mp.gammainc(t, x, mp.inf, regularized=True))
    return difference(f, a, n)


def gamma_density(i, j, a, x):
    density = lambda a, x: mp.exp((a - 1) * mp.log(x) - x - mp.loggamma(a))
    return difference(lambda s: difference(lambda t: density(t, s), a, i, 85), x, j)


GAMMA = [(a, max(a + z * a ** 0.5, a * 1e-3 * 2 ** z)) for a in [1e-10, 1e-3, 0.1, 1, 1.5, 9.5, 12, 100, 1000] for z in [-4, -0.5, 0, 0.2, 3]]
GAMMA += [(0.3, 1e-5), (0.01, 1e-30), (2.5, 1e-8), (0.7, 30), (5, 60), (10000, 10100), (1e6, 1e6 - 500), (1e-6, 1e-150), (0.9, 1e-250)]
for a, x in GAMMA:
    for n in ([1, 2] if a < 5000 else [1]):
        add("GammaPDerivative", [n], (a, x), lambda a, x, n=n: gamma_p(n, a, x))
    for i, j in [(1, 0), (1, 1), (2, 0)]:
        add("GammaDensity", [1000 * i + j], (a, x), lambda a, x, i=i, j=j: gamma_density(i, j, a, x))


# The incomplete beta function.
def beta_lower(a, b, x):
    return x ** a * (1 - x) ** b / (a * mp.beta(a, b)) * mp.hyp2f1(a + b, 1, a + 1, x)


def beta_density(a, b, x):
    return mp.exp((a - 1) * mp.log(x) + (b - 1) * mp.log(1 - x) + mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b))


def beta_inc(i, j, k, a, b, x, is_lower):
    if k > 0:
        f = lambda a, b: difference(lambda t: beta_density(a, b, t), x, k - 1, 100, min(x, 1 - x))
    elif is_lower:
        f = lambda a, b: beta_lower(a, b, x)
    else:
        f = lambda a, b: (1 if i + j == 0 else 0) - beta_lower(b, a, 1 - x)
    return difference(lambda s: difference(lambda t: f(s, t), b, j, 85), a, i)


BETA = []
for a, b in [(0.5, 0.5), (2, 3), (0.01, 2), (1e-3, 2e-3), (5, 0.3), (12, 7), (3, 100), (300, 200), (2.5, 1e4), (1e4, 3e3), (0.2, 50)]:
    m = a / (a + b)
    s = (a * b / (a + b + 1)) ** 0.5 / (a + b)
    xs = [m - 6 * s, m - s, m + 0.1 * s, m + 4 * s] if max(a, b) > 10 else [m * 0.01, m * 0.9, m + (1 - m) * 0.2, m + (1 - m) * 0.9]
    BETA += [(a, b, x) for x in xs if 0 < x < 1]
BETA += [(0.01, 3, 1e-40), (2, 3, 1e-20), (3, 0.2, 1 - 1e-12), (0.2, 12, 5e-324), (0.9, 30, 3e-320)]
for a, b, x in BETA:
    is_lower = x * (a + b) < a
    for i, j, k in [(0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1, 0), (2, 0, 0), (0, 2, 0), (0, 0, 1), (1, 0, 1), (0, 1, 1), (0, 0, 2)]:
        # The second derivative overflows at the smallest numbers.
        if k < 2 or x > 1e-300:
            add("BetaIncDerivative", [i, j, k], (a, b, x), lambda a, b, x, i=i, j=j, k=k: beta_inc(i, j, k, a, b, x, is_lower))


# Relatives of the error function.
def erfc_inverse(p):
    y = mp.sqrt(-mp.log(p)) if p < mpf("1e-3") else mpf("0.5")
    for _ in range(60):
        excess = (mp.log(mp.erfc(y)) - mp.log(p)) * mp.erfc(y) * mp.sqrt(mp.pi) / 2 * mp.exp(y * y)
        y += excess
        if abs(excess) < mpf(10) ** -36 * abs(y):
            break
    return y


for x in spread(1e-300, 1, 12) + spread(1e-3, 0.999, 25) + [1 - 2.0 ** -k for k in (5, 10, 20, 40, 53)]:
    if x < 1:
        add("ErfInv", [], [x], mp.erfinv)
        add("ErfInv", [], [-x], mp.erfinv)
for p in spread(1e-300, 1e-5, 20) + spread(1e-5, 0.999, 25):
    add("ErfcInv", [], [p], erfc_inverse)
    if p > 1e-15:
        add("ErfcInv", [], [2 - p], lambda p: -erfc_inverse(2 - p))
for p in spread(1e-300, 1e-5, 20) + spread(1e-5, 0.999, 30) + [1 - 1e-8, 1 - 1e-15]:
    def density(p):
        y = erfc_inverse(2 * p) if p < 0.5 else erfc_inverse(2 - 2 * p)
        return mp.exp(-y * y) / mp.sqrt(2 * mp.pi)
    add("NormalDensityQuantile", [], [p], density)


def erfcx(x):
    return mp.exp(x * x) * mp.erfc(x)


def dawson(x):
    return mp.exp(-x * x) * mp.erfi(x) * mp.sqrt(mp.pi) / 2


def family(f, n, x):
    """The derivatives of a function that tends to 0 at infinity, with digits that are left after the growth of its parts."""
    with mp.workdps(60 + int(abs(x) ** 2 / 2)):
        return difference(f, x, n, mp.dps + 12 * n)


for x in between(-26, 0, 10) + spread(1e-10, 1, 8) + between(0.3, 12, 14) + [30.0]:
    add("Erfcx", [], [x], erfcx)
    for n in (1, 2, 4):
        if x > -10:
            add("ErfcxDerivative", [n], [x], lambda x, n=n: family(erfcx, n, x))
for x in spread(1e-300, 1e-3, 4) + between(0.001, 9, 24) + [12.0, 20.0, 30.0]:
    add("Dawson", [], [x], dawson)
    add("Dawson", [], [-x], dawson)
    for n in (1, 2):
        if x > 1e-100:
            add("DawsonDerivative", [n], [x], lambda x, n=n: family(dawson, n, x))
for x in spread(1e-300, 1, 6) + spread(1e-3, 700, 30) + [1.0]:
    add("ExpIntegralE1", [], [x], mp.e1)
for x in spread(1e-300, 1e-3, 6) + between(0.001, 2, 16) + between(0.36, 0.385, 10) + [0.3725074107813666] + spread(2, 712, 16):
    add("ExpIntegralEi", [], [x], lambda x: mp.ei(x))
    add("ExpIntegralEi", [], [-x], lambda x: -mp.e1(-x))


# Zeta.
def zeta(n, s, q):
    return difference(lambda t: mp.zeta(t, q), s, n, 70, min(abs(s) + mpf("0.1"), abs(s - 1)))


for s in between(-0.6, 2.9, 12) + between(-12, 0, 7) + [-2.0, -4.0, 0.0, 2.0, 3.0, 20.5, 50.3, -60.5, -150.2, 1 + 1e-10, 1 - 1e-6]:
    for n in (0, 1, 2):
        add("HurwitzZeta", [n], (s, 1), lambda s, q, n=n: zeta(n, s, 1))
for s in [1.0001, 1.5, 4.4, 40]:
    for q in [1e-5, 0.3, 1.7, 33.3]:
        for n in (0, 1, 2):
            add("HurwitzZeta", [n], (s, q), lambda s, q, n=n: zeta(n, s, q))

# Powers that are smaller than the sum.
for s, q in [(11, 1e30), (4.4, 1e80), (1.5, 1e300), (31, 1e10)]:
    for n in (0, 1, 2):
        add("HurwitzZeta", [n], (s, q), lambda s, q, n=n: zeta(n, s, q))


def zeta_by_sum(s, q):
    """Euler and Maclaurin's formula far from its first terms: mpmath loses digits for q above 100, whatever its precision is."""
    far = 200
    y = q + far
    rest = sum(mp.bernoulli(2 * j) / mp.factorial(2 * j) * mp.rf(s, 2 * j - 1) * y ** (1 - 2 * j) for j in range(1, 60))
    return sum((q + k) ** -s for k in range(far)) + y ** -s * (y / (s - 1) + mpf(1) / 2 + rest)


# Powers near the smallest numbers, beside those that are summed and those that are not.
for s, q in [(146, 124), (147, 124), (130, 200), (29.5, 621.3), (120.3, 40.5), (90, 900), (5, 12), (8.5, 100)]:
    for n in (0, 1, 2):
        add("HurwitzZeta", [n], (s, q), lambda s, q, n=n: difference(lambda t: zeta_by_sum(t, q), s, n))

# Bessel functions.
for n in (0, 1, 5):
    for x in spread(1e-8, 1, 6) + between(0.1, 30, 20) + spread(30, 1e4, 6):
        add("BesselY", [n], [x], lambda x, n=n: mp.bessely(n, x))
for order in (0.0, 0.3, 1.0, 10.0, 33.3):
    for x in spread(1e-6, 1, 4) + between(0.1, 40, 8) + spread(40, 3000, 5):
        if order != int(order) and x < 600:
            add("BesselIOfRealOrder", [], (order, x), lambda v, x: mp.besseli(v, x))
        if x < 600:
            add("BesselK", [], (order, x), lambda v, x: mp.besselk(v, x))
        for n in (0, 1, 2):
            add("BesselIScaled", [n], (order, x), lambda v, x, n=n: difference(lambda t: mp.exp(-t) * mp.besseli(v, t), x, n))
            add("BesselKScaled", [n], (order, x), lambda v, x, n=n: difference(lambda t: mp.exp(t) * mp.besselk(v, t), x, n))
# Numbers so small that half of them is rounded, or a hyperbolic cosine overflows.
for x in (5e-324, 3e-320, 3e-310, 1e-200, 1e-50, 1e-29):
    for n in ((0, 1) if x > 1e-300 else (0,)):
        add("BesselY", [n], [x], lambda x, n=n: mp.bessely(n, x))
    for order in (0.0, 0.01, 0.3, 0.9):
        if order > 0:
            add("BesselIOfRealOrder", [], (order, x), lambda v, x: mp.besseli(v, x))
        add("BesselK", [], (order, x), lambda v, x: mp.besselk(v, x))
        add("BesselIScaled", [0], (order, x), lambda v, x: mp.exp(-x) * mp.besseli(v, x))
        add("BesselKScaled", [0], (order, x), lambda v, x: mp.exp(x) * mp.besselk(v, x))
# Series of small x, and where they end.
for order in (0.0, 1e-9, 0.1, 0.5, 0.7, 1.0, 1.3, 3.7, 20.5, 49.0):
    for x in (1e-280, 1e-120, 1e-4, 0.1, 0.25, 0.2500001, 0.7, 1.0, 1.0000001):
        in_range = [n for n in (0, 1, 2) if (order + n) * -mp.log10(x) < 280]
        if 0 in in_range:
            add("BesselK", [], (order, x), lambda v, x: mp.besselk(v, x))
        for n in in_range:
            k = lambda i, v, x: mp.besselk(v + i, x)
            derivatives = [lambda v, x: k(0, v, x), lambda v, x: k(0, v, x) - (k(1, v, x) + k(-1, v, x)) / 2,
                           lambda v, x: 1.5 * k(0, v, x) - k(1, v, x) - k(-1, v, x) + (k(2, v, x) + k(-2, v, x)) / 4]
            add("BesselKScaled", [n], (order, x), lambda v, x, n=n: mp.exp(x) * derivatives[n](v, x))


# Binomial coefficients.
def binomial(i, j, n, k):
    f = lambda n, k: mp.rgamma(k + 1) * mp.rgamma(n - k + 1) * mp.gamma(n + 1)
    return difference(lambda s: difference(lambda t: f(s, t), k, j, 85), n, i)


for n, k in [(5, 2), (60, 30), (10, 0.5), (2.5, 1.5), (0.3, 0.2), (100.5, 33.3), (5, -1), (5, 7), (5, -0.5), (5.5, 7), (-0.5, 2), (-2.5, 3), (1e4, 3.3), (3.3, -2),
             (200.5, -0.5), (1e5 + 0.3, -1.5), (0.1, 1e4), (-0.9999, -30.5), (-150.3, 200.2), (1e-10, -1e-10), (400.2, -300.7)]:
    for i, j in [(0, 0), (1, 0), (0, 1), (1, 1), (2, 0)]:
        add("BinomialDerivative", [i, j], (n, k), lambda n, k, i=i, j=j: binomial(i, j, n, k))

# What was less accurate before.
ROOT = 1.4616321449683623
for d in [1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 0.03, 0.1, 0.3, 0.39, 0.41, 0.6, 1.1]:
    add("Digamma", [], [ROOT + d], mp.digamma)
    add("Digamma", [], [ROOT - d], mp.digamma)
def digamma_difference(a, b):
    with mp.workdps(700):
        return mp.digamma(a) - mp.digamma(a + b)


for a in [1e-300, 1e-3, 0.3, 1, 5, 9.9, 10.1, 300, 1e15]:
    for b in [1e-300, 1e-3, 0.7, 4, 9.8, 11, 500, 1e17]:
        add("PolygammaDifference", [0], (a, b), digamma_difference)
        if mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b) > -690:
            add("Beta", [], (a, b), lambda a, b: mp.exp(mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)) if min(a, b) > 1e-5 else mp.beta(a, b))
for x in between(0, 26.5, 40):
    add("Gaussian", [0], (1, x), lambda a, x: mp.exp(-a * x * x))
    add("Gaussian", [0], (0.5, 1.4 * x), lambda a, x: mp.exp(-a * x * x))

# Large orders, where powers and factorials are beyond the range of doubles: I by its series, whose terms are positive, K by the trapezoidal rule for
# the integral of e^(-x cosh t) cosh vt.
def bessel_i(v, x):
    total, term, k = mpf(0), mp.exp(v * mp.log(x / 2) - mp.loggamma(v + 1)), 1
    while k < x or term > total * mpf(10) ** -40:
        total, term, k = total + term, term * (x * x / 4) / (k * (k + v)), k + 1
    return total


def bessel_k(v, x):
    step, peak = 9 / (x + v + 100), mp.asinh(v / x)
    total, k, largest = mp.exp(-x) / 2, 1, 0
    while True:
        t = k * step
        term = mp.exp(v * t - x * mp.cosh(t)) * (1 + mp.exp(-2 * v * t)) / 2
        total, k, largest = total + term, k + 1, max(largest, term)
        if t > peak and term < largest * mpf(10) ** -40:
            return total * step


for order, x in [(80, 0.02), (80, 3.1), (80.5, 533.3), (120.3, 40), (170, 1500), (171.7, 600), (500, 100), (500.3, 2500), (2000, 1500), (2000.3, 30000), (6500, 4300)]:
    for name, f, scale in [("BesselI", bessel_i, -1), ("BesselK", bessel_k, 1)]:
        value, of_scaled = [f(mpf(order), mpf(x)) * mp.exp(s * mpf(x)) for s in (0, scale)]
        if 1e-290 < value < 1e300:
            if name == "BesselI" and order == int(order):
                add(name, [int(order)], [x], lambda x, v=order: bessel_i(mpf(v), x))
            else:
                add(name if name == "BesselK" else "BesselIOfRealOrder", [], (order, x), f)
        if 1e-290 < of_scaled < 1e300:
            add(name + "Scaled", [0], (order, x), lambda v, x, f=f, scale=scale: mp.exp(scale * x) * f(v, x))

path = pathlib.Path(__file__).with_name("special.csv")
path.write_text("function,arguments,value,condition\n" + "\n".join(rows) + "\n", encoding="utf-8")
print(f"{len(rows)} rows")
