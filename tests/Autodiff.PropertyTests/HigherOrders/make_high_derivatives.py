"""Writes high_derivatives.csv: derivatives 0 to 20 of the library's elementwise functions and of compositions, and how sensitive they are to rounding;
and limits.md: where this sensitivity, rather than the figures that the library states, limits the precision.

    pip install mpmath
    python make_high_derivatives.py               (takes some minutes; writes high_derivatives.csv beside this script)
    python make_high_derivatives.py Erf SinOfExp  (only the rows of these functions)

A row is: name, x, the derivatives d0 ... d20, their sensitivities s0 ... s20. Derivatives are written with 42 digits. The points are doubles, written
so that they read back exactly.

The derivatives are found twice. First, a function is a sequence of operations on power series of 300 digits; the coefficients of each operation
come from differential equations, from sums and quotients of series, or from mpmath's polygamma and Bessel functions of every order. Second, from
values of the function at 256 points on a circle about x in the complex plane, by Cauchy's formula, which uses no derivative of anything. The script
stops if the two do not agree to 40 digits.

The sensitivity s_k is what relative errors of 1 in everything that a program rounds do to derivative k, to first order. The argument is rounded, and
so is every coefficient of the result v of every operation but the last, and but negations: s_k = k! sum_v sum_j |v_j w_{k-j}|, where w is the power series of the
derivative of the function with respect to v. For a single operation only v = x is left, and s_k = |x f^(k+1)(x)|.
The logarithm of the normal distribution function is the one operation that also counts rounded numbers inside it: see INNER_NUMBERS.
"""

import pathlib
import statistics
import sys

from mpmath import mp, mpf, mpc

ORDERS = 20
LENGTH = ORDERS + 2
CIRCLE = 256
AGREED_DIGITS = 40
mp.dps = 300


# Polynomials in t, as lists of coefficients.

def constant(value):
    return [mpf(value)] + [mpf(0)] * (LENGTH - 1)


def line(x):
    return [mpf(x), mpf(1)] + [mpf(0)] * (LENGTH - 2)


def add(a, b):
    return [p + q for p, q in zip(a, b)]


def scale(factor, a):
    return [factor * p for p in a]


def multiply(a, b):
    return [mp.fdot(a[:k + 1], b[k::-1]) for k in range(len(a))]


def divide(a, b):
    q = []
    for k in range(len(a)):
        q.append((a[k] - mp.fdot(q, b[k:0:-1])) / b[0])
    return q


def power(a, p):
    b = [mp.power(a[0], p)]
    for k in range(1, len(a)):
        b.append(sum((p * i - (k - i)) * a[i] * b[k - i] for i in range(1, k + 1)) / (k * a[0]))
    return b


def derivative(a):
    """The coefficients of the derivative, one fewer."""
    return [k * p for k, p in enumerate(a)][1:]


def integral(start, slope):
    return [start] + [p / (k + 1) for k, p in enumerate(slope)][:LENGTH - 1]


def solution(start, slope):
    """y with y' = slope(y), coefficient by coefficient."""
    y = [start]
    for k in range(LENGTH - 1):
        y.append(slope(y + [mpf(0)] * (LENGTH - len(y)))[k] / (k + 1))
    return y


def linear_solution(start, rate):
    """y with y' = rate y."""
    y = [start]
    for k in range(LENGTH - 1):
        y.append(mp.fdot(y, rate[k::-1]) / (k + 1))
    return y


def exp(a):
    return linear_solution(mp.exp(a[0]), derivative(a))


def log(a):
    return [mp.log(a[0])] + [p / (k + 1) for k, p in enumerate(divide(derivative(a) + [mpf(0)], a)[:-1])]


def from_derivatives(f):
    return lambda x: [f(k, x) / mp.factorial(k) for k in range(LENGTH)]


# The functions of one number: their coefficients about a point, and their values in the complex plane, near the point x where this matters.

def normal_cdf(z):
    return mp.erfc(-z / mp.sqrt(2)) / 2


def normal_quantile(p, x):
    """By Newton's iteration for the logarithm, which is nearly a parabola, from the quantile at x in doubles."""
    if x > 0.5:
        return -normal_quantile(1 - p, 1 - x)
    z = mpc(statistics.NormalDist().inv_cdf(float(x)))
    for _ in range(40):
        cdf = normal_cdf(z)
        step = mp.log(cdf / p) * cdf / (mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi))
        z -= step
        if abs(step) < mpf(10) ** (-mp.dps // 2 - 5):
            break
    return z.real if mp.im(p) == 0 else z


def log_gamma(k, x):
    return mp.log(abs(mp.gamma(x))) if k == 0 else mp.psi(k - 1, x)


def bessel(f, sign, n):
    def of_order(m, x):
        return f(m, x) if m >= 0 else sign ** m * f(-m, x)

    return lambda k, x: sum(sign ** i * mp.binomial(k, i) * of_order(n - k + 2 * i, x) for i in range(k + 1)) / mpf(2) ** k


def trigonometric(*cycle):
    return from_derivatives(lambda k, x: cycle[k % 4](x))


SIN = trigonometric(mp.sin, mp.cos, lambda x: -mp.sin(x), lambda x: -mp.cos(x))
COS = trigonometric(mp.cos, lambda x: -mp.sin(x), lambda x: -mp.cos(x), mp.sin)
EXP = from_derivatives(lambda k, x: mp.exp(x))
HALF, THIRD = mpf(1) / 2, mpf(1) / 3
DENSITY = lambda x: scale(1 / mp.sqrt(2 * mp.pi), exp(scale(-HALF, multiply(line(x), line(x)))))
NORMAL = lambda x: integral(normal_cdf(x), DENSITY(x))
ERF_SLOPE = lambda x: scale(2 / mp.sqrt(mp.pi), exp(scale(-1, multiply(line(x), line(x)))))


def square_of(a):
    return multiply(a, a)


def gamma_coefficients(x):
    psi = [mp.psi(k, x) / mp.factorial(k) for k in range(LENGTH)]
    return solution(mp.gamma(x), lambda y: multiply(y, psi))


def log_beta(a, b):
    return [mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)] + [
        (mp.psi(k - 1, a) - mp.psi(k - 1, a + b)) / mp.factorial(k) for k in range(1, LENGTH)]


def gamma_density(a, x):
    return scale(1 / mp.gamma(a), multiply(power(line(x), a - 1), exp(scale(-1, line(x)))))


def sinc(z):
    return mp.sin(z) / z if z else mpf(1)


def sinc_coefficients(x):
    """A quotient of series, or about 0 the coefficients of the sine from the first on."""
    return divide(SIN(x), line(x)) if x else (from_derivatives(lambda k, u: [0, 1, 0, -1][k % 4])(x) + [mpf([0, 1, 0, -1][LENGTH % 4]) / mp.factorial(LENGTH)])[1:]


ONE_ARGUMENT = {
    "Sqrt": (lambda x: power(line(x), HALF), lambda z, x: mp.sqrt(z)),
    "Cbrt": (lambda x: power(line(x), THIRD) if x > 0 else scale(-1, power(scale(-1, line(x)), THIRD)),
             lambda z, x: mp.power(z, THIRD) if x > 0 else -mp.power(-z, THIRD)),
    "Exp": (EXP, lambda z, x: mp.exp(z)),
    "Exp2": (from_derivatives(lambda k, x: mp.log(2) ** k * mp.power(2, x)), lambda z, x: mp.power(2, z)),
    "ExpM1": (lambda x: [mp.expm1(x)] + EXP(x)[1:], lambda z, x: mp.expm1(z)),
    "Log": (lambda x: log(line(x)), lambda z, x: mp.log(z)),
    "Log2": (lambda x: scale(1 / mp.log(2), log(line(x))), lambda z, x: mp.log(z) / mp.log(2)),
    "Log10": (lambda x: scale(1 / mp.log(10), log(line(x))), lambda z, x: mp.log(z) / mp.log(10)),
    "LogP1": (lambda x: log(line(1 + mpf(x))), lambda z, x: mp.log(1 + z)),
    "Sin": (SIN, lambda z, x: mp.sin(z)),
    "Cos": (COS, lambda z, x: mp.cos(z)),
    "Tan": (lambda x: divide(SIN(x), COS(x)), lambda z, x: mp.tan(z)),
    "Asin": (lambda x: integral(mp.asin(x), power(add(constant(1), scale(-1, square_of(line(x)))), -HALF)), lambda z, x: mp.asin(z)),
    "Acos": (lambda x: integral(mp.acos(x), scale(-1, power(add(constant(1), scale(-1, square_of(line(x)))), -HALF))), lambda z, x: mp.acos(z)),
    "Atan": (lambda x: integral(mp.atan(x), divide(constant(1), add(constant(1), square_of(line(x))))), lambda z, x: mp.atan(z)),
    "Sinh": (from_derivatives(lambda k, x: mp.cosh(x) if k % 2 else mp.sinh(x)), lambda z, x: mp.sinh(z)),
    "Cosh": (from_derivatives(lambda k, x: mp.sinh(x) if k % 2 else mp.cosh(x)), lambda z, x: mp.cosh(z)),
    "Tanh": (lambda x: solution(mp.tanh(x), lambda y: add(constant(1), scale(-1, square_of(y)))), lambda z, x: mp.tanh(z)),
    "Asinh": (lambda x: integral(mp.asinh(x), power(add(constant(1), square_of(line(x))), -HALF)), lambda z, x: mp.asinh(z)),
    "Acosh": (lambda x: integral(mp.acosh(x), power(add(square_of(line(x)), constant(-1)), -HALF)), lambda z, x: mp.acosh(z)),
    "Atanh": (lambda x: integral(mp.atanh(x), divide(constant(1), add(constant(1), scale(-1, square_of(line(x)))))), lambda z, x: mp.atanh(z)),
    "Sigmoid": (lambda x: divide(constant(1), add(constant(1), exp(scale(-1, line(x))))), lambda z, x: 1 / (1 + mp.exp(-z))),
    "Softplus": (lambda x: log(add(constant(1), exp(line(x)))), lambda z, x: mp.log(1 + mp.exp(z)) if x < 20 else z + mp.log(1 + mp.exp(-z))),
    "Erf": (lambda x: integral(mp.erf(x), ERF_SLOPE(x)), lambda z, x: mp.erf(z)),
    "Erfc": (lambda x: integral(mp.erfc(x), scale(-1, ERF_SLOPE(x))), lambda z, x: mp.erfc(z)),
    "Gamma": (gamma_coefficients, lambda z, x: mp.gamma(z)),
    "LogGamma": (from_derivatives(log_gamma), lambda z, x: mp.log(mp.sign(mp.gamma(x)) * mp.gamma(z)) if x < 10 else mp.loggamma(z)),
    "Digamma": (from_derivatives(mp.psi), lambda z, x: mp.digamma(z)),
    "Polygamma3": (from_derivatives(lambda k, x: mp.psi(k + 3, x)), lambda z, x: mp.psi(3, z)),
    "LambertW": (lambda x: solution(mp.lambertw(x).real, lambda y: divide(exp(scale(-1, y)), add(constant(1), y))), lambda z, x: mp.lambertw(z)),
    "Sinc": (sinc_coefficients, lambda z, x: sinc(z)),
    "NormalCdf": (NORMAL, lambda z, x: normal_cdf(z)),
    "LogNormalCdf": (lambda x: log(NORMAL(x)), lambda z, x: mp.log(mp.exp(z * z / 2) * normal_cdf(z)) - z * z / 2),
    "NormalQuantile": (lambda x: solution(normal_quantile(x, x), lambda y: scale(mp.sqrt(2 * mp.pi), exp(scale(HALF, square_of(y))))), normal_quantile),
    "BesselJ0": (from_derivatives(bessel(mp.besselj, -1, 0)), lambda z, x: mp.besselj(0, z)),
    "BesselJ1": (from_derivatives(bessel(mp.besselj, -1, 1)), lambda z, x: mp.besselj(1, z)),
    "BesselI0": (from_derivatives(bessel(mp.besseli, 1, 0)), lambda z, x: mp.besseli(0, z)),
    "BesselI1": (from_derivatives(bessel(mp.besseli, 1, 1)), lambda z, x: mp.besseli(1, z)),
    "Reciprocal": (lambda x: divide(constant(1), line(x)), lambda z, x: 1 / z),
    "Square": (lambda x: square_of(line(x)), lambda z, x: z * z),
    "PowTwoAndHalf": (lambda x: power(line(x), mpf(2.5)), lambda z, x: mp.power(z, mpf(2.5))),
    "PowMinusThree": (lambda x: power(line(x), mpf(-3)), lambda z, x: z ** -3),
    "PowTenth": (lambda x: power(line(x), mpf(0.1)), lambda z, x: mp.power(z, mpf(0.1))),
    "ThreePow": (from_derivatives(lambda k, x: mp.log(3) ** k * mp.power(3, x)), lambda z, x: mp.power(3, z)),
    "AtanOfY": (lambda x: integral(mp.atan2(x, mpf(-1.5)), divide(constant(-1.5), add(constant(2.25), square_of(line(x))))),
                lambda z, x: mp.mpf(mp.sign(x)) * mp.pi + mp.atan(z / -1.5)),
    "AtanOfX": (lambda x: integral(mp.atan2(2, x), divide(constant(-2), add(constant(4), square_of(line(x))))), lambda z, x: mp.pi / 2 - mp.atan(z / 2)),
    "HypotOfTwo": (lambda x: power(add(constant(4), square_of(line(x))), HALF), lambda z, x: mp.sqrt(4 + z * z)),
    "NormOfThree": (lambda x: power(add(constant(5), square_of(line(x))), HALF), lambda z, x: mp.sqrt(5 + z * z)),
    "XlogyOfY": (lambda x: scale(mpf(-1.5), log(line(x))), lambda z, x: -1.5 * mp.log(z)),
    "LogBetaOfA": (lambda x: log_beta(x, mpf(2.5)), lambda z, x: mp.loggamma(z) + mp.loggamma(2.5) - mp.loggamma(z + 2.5)),
    "LogBetaOfB": (lambda x: log_beta(x, mpf(0.3)), lambda z, x: mp.loggamma(z) + mp.loggamma(mpf(0.3)) - mp.loggamma(z + mpf(0.3))),
    "BetaOfA": (lambda x: exp(log_beta(x, mpf(1.5))), lambda z, x: mp.gamma(z) * mp.gamma(1.5) / mp.gamma(z + 1.5)),
    "GammaPOfX": (lambda x: integral(mp.gammainc(2.5, 0, x, regularized=True), gamma_density(mpf(2.5), x)),
                  lambda z, x: 1 - mp.gammainc(2.5, z) / mp.gamma(2.5)),
    "GammaQOfX": (lambda x: integral(mp.gammainc(2.5, x, mp.inf, regularized=True), scale(-1, gamma_density(mpf(2.5), x))),
                  lambda z, x: mp.gammainc(2.5, z) / mp.gamma(2.5)),
}


def log_normal_cdf_numbers(x):
    """What a change by its own size of each number that the derivatives are computed from adds to the coefficients.

    From -0.45 on this is h = f' at x, of which all higher derivatives are polynomials, by h' = -h (x + h). Below, the derivatives are cumulants, which
    are computed from the moments of y under the density e^(-y^2/2 + xy), y > 0: the coefficients of its Laplace transform, e^(x^2/2) times f.
    """
    if x < -0.45:
        transform = multiply(NORMAL(x), exp(scale(HALF, square_of(line(x)))))
        return [divide([c if i == k else mpf(0) for i, c in enumerate(transform)], transform) for k in range(1, LENGTH)]
    f = log(NORMAL(x))
    change = linear_solution(f[1], scale(-1, add(line(x), scale(2, derivative(f) + [mpf(0)]))))
    return [integral(mpf(0), change)]


# The numbers that a primitive computes its derivatives from, apart from the argument, where they are functions of it with errors of their own.
INNER_NUMBERS = {"LogNormalCdf": log_normal_cdf_numbers}


# A program on power series, with the derivatives of each operation in its operands.

class Node:
    is_argument = False

    def __init__(self, series, operands=(), is_rounded=True, changes=()):
        self.series, self.operands, self.is_rounded, self.changes = series, operands, is_rounded, changes

    @staticmethod
    def of(value):
        return value if isinstance(value, Node) else Node(constant(value), is_rounded=False)

    def __add__(self, other):
        other = Node.of(other)
        return Node(add(self.series, other.series), [(self, constant(1)), (other, constant(1))])

    __radd__ = __add__

    def __neg__(self):
        return Node(scale(-1, self.series), [(self, constant(-1))], is_rounded=False)

    def __mul__(self, other):
        other = Node.of(other)
        return Node(multiply(self.series, other.series), [(self, other.series), (other, self.series)])

    __rmul__ = __mul__

    def __truediv__(self, other):
        other = Node.of(other)
        y = divide(self.series, other.series)
        return Node(y, [(self, divide(constant(1), other.series)), (other, scale(-1, divide(y, other.series)))])

    def __rtruediv__(self, other):
        return Node.of(other) / self

    def to_the(self, other):
        logarithm = log(self.series)
        y = exp(multiply(other.series, logarithm))
        return Node(y, [(self, divide(multiply(other.series, y), self.series)), (other, multiply(y, logarithm))])

    def apply(self, name):
        """A function of one number: its coefficients about the value, with the series without its value in the place of t."""
        outer = ONE_ARGUMENT[name][0](self.series[0])
        inner = [mpf(0)] + self.series[1:]

        def composed(coefficients):
            result = constant(0)
            for c in reversed(coefficients):
                result = multiply(result, inner)
                result[0] += c
            return result

        changes = [composed(change) for change in INNER_NUMBERS.get(name, lambda x: [])(self.series[0])]
        return Node(composed(outer), [(self, composed(derivative(outer)))], changes=changes)

    def sensitivity(self):
        """The sum over the argument and the rounded results of all operations but the last of |v| times |the derivative in v|."""
        order = []

        def visit(node):
            if node not in order:
                for operand, _ in node.operands:
                    visit(operand)
                order.append(node)

        visit(self)
        adjoints = {node: constant(0) for node in order}
        adjoints[self] = constant(1)
        total = constant(0)
        for node in reversed(order):
            for operand, partial in node.operands:
                adjoints[operand] = add(adjoints[operand], multiply(adjoints[node], partial))
        for node in order:
            if node is not self and node.is_rounded:
                rounded = [mpf(0) if k > 0 and node.is_argument else abs(p) for k, p in enumerate(node.series)]
                total = add(total, multiply(rounded, [abs(p) for p in adjoints[node]]))
            for change in node.changes:
                total = add(total, [abs(p) for p in multiply(change, adjoints[node])])
        return total


def argument(x):
    node = Node(line(x))
    node.is_argument = True
    return node


def cut(x):
    """A function with cuts, which is smooth at the points of the table."""
    if x.series[0] < 0:
        return x.apply("Sin")
    return 0.5 * x * x * x + (x.apply("Exp") if x.series[0] > 1 else x * x)


COMPOSITIONS = {
    "RationalBell": (lambda x: 1 / (1 + x * x), lambda z, x: 1 / (1 + z * z)),
    "SinOfExp": (lambda x: x.apply("Exp").apply("Sin"), lambda z, x: mp.sin(mp.exp(z))),
    "Bell": (lambda x: (-(x * x)).apply("Exp"), lambda z, x: mp.exp(-z * z)),
    "XToTheX": (lambda x: x.to_the(x), lambda z, x: mp.exp(z * mp.log(z))),
    "LogGammaOfSquare": (lambda x: (1 + x * x).apply("LogGamma"), lambda z, x: mp.loggamma(1 + z * z)),
    "TanhOfSin": (lambda x: x.apply("Sin").apply("Tanh"), lambda z, x: mp.tanh(mp.sin(z))),
    "Logistic": (lambda x: 1 / (1 + (-x).apply("Exp")), lambda z, x: 1 / (1 + mp.exp(-z))),
    "ErfOverX": (lambda x: x.apply("Erf") / x, lambda z, x: mp.erf(z) / z),
    "Hyperbola": (lambda x: (1 + x * x).apply("Sqrt"), lambda z, x: mp.sqrt(1 + z * z)),
    "BesselOfRoot": (lambda x: x.apply("Sqrt").apply("BesselJ0"), lambda z, x: mp.besselj(0, mp.sqrt(z))),
    "LambertOfExp": (lambda x: x.apply("Exp").apply("LambertW"), lambda z, x: mp.lambertw(mp.exp(z))),
    "NormalOfLog": (lambda x: x.apply("Log").apply("NormalCdf"), lambda z, x: normal_cdf(mp.log(z))),
    "DigammaOfExp": (lambda x: x.apply("Exp").apply("Digamma"), lambda z, x: mp.digamma(mp.exp(z))),
    "SincOfSquare": (lambda x: (x * x).apply("Sinc"), lambda z, x: sinc(z * z)),
    "ExpSinLogP1": (lambda x: x.apply("Sin").apply("Exp") * (x * x).apply("LogP1"), lambda z, x: mp.exp(mp.sin(z)) * mp.log(1 + z * z)),
    "Entropy": (lambda x: -(x * x.apply("Log")), lambda z, x: -z * mp.log(z)),
    "PowerOfHyperbola": (lambda x: (1 + x * x).apply("PowTenth"), lambda z, x: mp.power(1 + z * z, mpf(0.1))),
    "CubeOfLogistic": (lambda x: (1 + (-x).apply("Exp")).apply("PowMinusThree"), lambda z, x: (1 + mp.exp(-z)) ** -3),
    "GammaOfSquare": (lambda x: (1 + x * x).apply("Gamma"), lambda z, x: mp.gamma(1 + z * z)),
    "Polygamma3OfExp": (lambda x: x.apply("Exp").apply("Polygamma3"), lambda z, x: mp.psi(3, mp.exp(z))),
    "LogBetaOfExp": (lambda x: x.apply("Exp").apply("LogBetaOfA"), lambda z, x: mp.loggamma(mp.exp(z)) + mp.loggamma(2.5) - mp.loggamma(mp.exp(z) + 2.5)),
    "GammaPOfExp": (lambda x: x.apply("Exp").apply("GammaPOfX"), lambda z, x: 1 - mp.gammainc(2.5, mp.exp(z)) / mp.gamma(2.5)),
    "LogNormalOfSquare": (lambda x: (-(x * x)).apply("LogNormalCdf"), lambda z, x: mp.log(mp.exp(z ** 4 / 2) * normal_cdf(-z * z)) - z ** 4 / 2),
    "BesselOfSquare": (lambda x: (x * x).apply("BesselJ1"), lambda z, x: mp.besselj(1, z * z)),
    "ErfOfExp": (lambda x: x.apply("Exp").apply("Erf"), lambda z, x: mp.erf(mp.exp(z))),
    "Cut": (cut, lambda z, x: mp.sin(z) if x < 0 else z ** 3 / 2 + (mp.exp(z) if x > 1 else z * z)),
    "LogCosh": (lambda x: x.apply("Cosh").apply("Log"), lambda z, x: mp.log(mp.cosh(z))),
}

SMALL, MODERATE = [1e-8, 1e-3], [0.3, 1.0, 2.3, 5.0]


LINE = [-2.3, -1e-3, 0.0, *SMALL, 0.1, *MODERATE, 12.5]
POSITIVE = [1e-8, 1e-3, *MODERATE, 40.0, 1e4]
UNIT = [-0.9, -0.3, 0.0, *SMALL, 0.3, 0.7, 0.99, 0.999999]
GAMMA = [-7.45, -2.5, -0.7, -1e-3, 1e-3, 0.25, 0.999, 1.0, 1.4616321449683622, 2.0, 3.7, 9.9, 30.0]
POINTS = {
    "Sqrt": POSITIVE, "Cbrt": [-2.3, *POSITIVE], "Log": POSITIVE, "Log2": POSITIVE, "Log10": POSITIVE, "XlogyOfY": POSITIVE, "Reciprocal": [-2.3, *POSITIVE],
    "PowTwoAndHalf": POSITIVE, "PowMinusThree": [-2.3, *POSITIVE], "PowTenth": POSITIVE,
    "Exp": [-40.0, *LINE, 300.0], "LogP1": [-0.999, -0.5, 0.0, *POSITIVE],
    "Sin": [*LINE, 3.1415, 100.0], "Cos": [*LINE, 1.5707, 100.0], "Tan": [0.0, *SMALL, 0.3, 0.8, 1.3, 1.57, -2.3, 12.5],
    "Asin": UNIT, "Acos": UNIT, "Atanh": UNIT, "Acosh": [1.000001, 1.001, 1.5, 3.7, 40.0, 1e4],
    "Atan": [*LINE, 1e3], "AtanOfY": [-2.3, -0.1, 1e-3, 0.3, 1.0, 5.0, 1e3], "AtanOfX": [-5.0, 0.0, 1e-3, 0.3, 2.0, 5.0, 1e3], "HypotOfTwo": [*LINE, 1e3], "Asinh": [*LINE, 1e3],
    "Tanh": [*LINE, 40.0], "Sigmoid": [-40.0, *LINE, 40.0], "Softplus": [-40.0, *LINE, 40.0], "Sinh": [*LINE, 300.0], "Cosh": [*LINE, 300.0],
    "Erf": [-2.3, -1e-3, 0.0, *SMALL, 0.1, 0.3, 1.0, 2.3, 5.0, 8.0], "Erfc": [-2.3, 0.0, 1e-3, 0.3, 1.0, 2.3, 5.0, 8.0, 20.0],
    "NormalCdf": [-30.0, -8.0, -2.3, -1.0, 0.0, 1e-3, 0.3, 1.0, 2.3, 5.0], "LogNormalCdf": [-30.0, -8.0, -2.3, -1.001, -0.999, -0.3, 0.0, 1e-3, 0.3, 1.0, 2.3, 5.0, 12.5],
    "NormalQuantile": [1e-12, 1e-3, 0.1, 0.3, 0.5001, 0.7, 0.999], "LambertW": [-0.3678, -0.35, -0.2, -1e-3, *POSITIVE],
    "Gamma": [*GAMMA, 150.3], "LogGamma": [*GAMMA, 1e3], "Digamma": [*GAMMA, 1e3], "Polygamma3": [*GAMMA, 1e3],
    "LogBetaOfA": [1e-3, 0.3, 1.0, 3.7, 9.9, 30.0, 1e3], "LogBetaOfB": [1e-3, 0.3, 1.0, 3.7, 9.9, 30.0, 1e3], "BetaOfA": [1e-3, 0.3, 1.0, 3.7, 9.9, 30.0, 1e3],
    "GammaPOfX": [1e-3, 0.3, 1.0, 2.3, 5.0, 12.5], "GammaQOfX": [1e-3, 0.3, 1.0, 2.3, 5.0, 12.5, 40.0],
    "Sinc": [*LINE, 40.0], "BesselJ0": [*LINE, 2.404825557695773, 24.9, 40.0], "BesselJ1": [*LINE, 3.8317059702075125, 24.9, 40.0],
    "BesselI0": [*LINE, 40.0, 300.0], "BesselI1": [*LINE, 40.0, 300.0],
    "XToTheX": [1e-3, 0.3, 0.36787944117144233, 1.0, 2.3, 12.5], "ErfOverX": [0.7, 1.0, 2.3, 5.0], "BesselOfRoot": [1e-3, 0.3, 1.0, 5.0, 40.0],
    "NormalOfLog": [1e-3, 0.3, 1.0, 2.3, 40.0], "Entropy": POSITIVE, "LambertOfExp": [-5.0, -1.0, 0.0, 0.3, 1.0, 5.0, 40.0],
    "DigammaOfExp": [-2.3, 0.0, 0.3, 1.0, 2.3], "LogGammaOfSquare": [1e-3, 0.3, 1.0, 2.3, 5.0], "SincOfSquare": [0.0, 1e-3, 0.3, 1.0, 2.3, 5.0],
    "PowerOfHyperbola": [*LINE, 1e3], "GammaOfSquare": [1e-3, 0.3, 1.0, 2.3, 5.0], "Polygamma3OfExp": [-2.3, 0.0, 0.3, 1.0, 2.3, 5.0], "LogBetaOfExp": [-2.3, 0.0, 0.3, 1.0, 2.3],
    "GammaPOfExp": [-2.3, 0.0, 0.3, 1.0, 2.3], "LogNormalOfSquare": [0.0, 0.3, 1.0, 2.3], "BesselOfSquare": [0.0, 1e-3, 0.3, 1.0, 2.3, 5.0],
    "ErfOfExp": [-2.3, 0.0, 0.3, 1.0], "CubeOfLogistic": [-5.0, 0.0, 0.3, 1.0, 5.0],
    "Cut": [-2.3, 0.3, 2.3], "SinOfExp": [-2.3, 0.0, 0.3, 1.0, 2.3], "RationalBell": [*LINE, 1e3], "Hyperbola": [*LINE, 1e3],
}

# How far a function is analytic about x. A circle has a quarter of this as its radius, so that the error of the sum over its points is about 4^-256.
NEXT_POLE = lambda x: min(abs(x), *(abs(x + n) for n in range(1, 12)))
ANALYTIC_TO = {
    **dict.fromkeys(["Sqrt", "Cbrt", "Log", "Log2", "Log10", "Reciprocal", "PowTwoAndHalf", "PowMinusThree", "PowTenth", "XlogyOfY", "XToTheX", "NormalOfLog",
                     "BesselOfRoot", "Entropy", "LogBetaOfA", "LogBetaOfB", "BetaOfA", "GammaPOfX", "GammaQOfX"], abs),
    **dict.fromkeys(["Gamma", "LogGamma", "Digamma", "Polygamma3"], NEXT_POLE),
    **dict.fromkeys(["Asin", "Acos", "Atanh"], lambda x: 1 - abs(x)),
    **dict.fromkeys(["Atan", "Asinh", "RationalBell", "Hyperbola", "ExpSinLogP1", "LogGammaOfSquare", "PowerOfHyperbola", "GammaOfSquare"], lambda x: abs(mpc(x, -1))),
    **dict.fromkeys(["AtanOfX", "HypotOfTwo", "NormOfThree"], lambda x: abs(mpc(x, -2))),
    "AtanOfY": lambda x: abs(x),
    "LogP1": lambda x: 1 + x,
    "Acosh": lambda x: x - 1,
    "LambertW": lambda x: x + mp.exp(-1),
    "Tan": lambda x: abs(mp.cos(x)),
    "NormalQuantile": lambda x: min(x, 1 - x),
    **dict.fromkeys(["DigammaOfExp", "Polygamma3OfExp", "LogBetaOfExp", "GammaPOfExp", "LogNormalOfSquare"], lambda x: mpf(0.5)),
    "LogNormalCdf": lambda x: mpf(1),
}


def by_cauchy(value, x, radius):
    """The coefficients from values on a circle; values at conjugate points are conjugate."""
    angles = [2 * mp.pi * i / CIRCLE for i in range(CIRCLE // 2 + 1)]
    values = [value(x + radius * mp.expj(angle), x) for angle in angles]
    size = max(abs(v) for v in values)

    def coefficient(k):
        inner = sum(mp.re(v * mp.expj(-k * angle)) for v, angle in zip(values[1:-1], angles[1:-1]))
        return (mp.re(values[0]) + (-1) ** k * mp.re(values[-1]) + 2 * inner) / (CIRCLE * radius ** k)

    return [(coefficient(k), size / radius ** k) for k in range(ORDERS + 1)]


def checked(name, x, series, value):
    """The coefficients if they agree with those from Cauchy's formula, with exact zeros as 0."""
    radius = mpf(min(1, ANALYTIC_TO.get(name, lambda x: 1)(mpf(x)))) / 4
    coefficients = []
    with mp.workdps(160):
        for k, (found, size) in enumerate(by_cauchy(value, mpf(x), radius)):
            coefficient = series[k] if abs(series[k]) > size * mpf(10) ** -140 else mpf(0)
            error = abs(found - coefficient)
            assert error <= (abs(coefficient) * mpf(10) ** -AGREED_DIGITS or size * mpf(10) ** -100), (name, x, k, coefficient, found)
            coefficients.append(coefficient)
    return coefficients


def rows(names):
    programs = {
        **{name: (lambda x, name=name: x.apply(name), value) for name, (_, value) in ONE_ARGUMENT.items()},
        **COMPOSITIONS,
    }
    for name in names or programs:
        program, value = programs[name]
        print(name, file=sys.stderr, flush=True)
        for point in POINTS.get(name, LINE):
            result = program(argument(point))
            series = checked(name, point, result.series, value)
            factorials = [mp.factorial(k) for k in range(ORDERS + 1)]
            derivatives = [c * f for c, f in zip(series, factorials)]
            if any(d != 0 and not mpf("1e-290") < abs(d) < mpf("1e300") for d in derivatives):
                print(f"{name} at {point}: left out, since some number is not a normal double", file=sys.stderr)
                continue
            sensitivities = [s * f for s, f in zip(result.sensitivity(), factorials)]
            yield ",".join([name, repr(point), *(number(d, 42) for d in derivatives), *(number(s, 4) for s in sensitivities)])


INTRODUCTION = """# Where rounding limits the precision of derivatives

Written by make_high_derivatives.py; HighDerivativeTests.cs compares it with high_derivatives.csv. A derivative of order 1 to 6 has a relative error of at
most 1e-13, one of order 7 to 20 of at most 1e-11, but for the derivatives in this table. For each of them the error is printed that it has if every rounded number
(the argument, and for a composition also the coefficients of every intermediate result) has been rounded four times, each time by half a unit in the last
place: 4 sₖ/|f⁽ᵏ⁾(x)| · 2⁻⁵³. For a function that is a single operation, sₖ = |x f⁽ᵏ⁺¹⁾(x)|. An error of a derivative that is exactly 0 is printed with its size.

| function | x | order: relative error |
|---|---|---|
"""


def limits(lines):
    """A row for each point at which some derivative is limited, from the rounded numbers of the table."""
    for line in lines:
        name, point, *numbers = line.split(",")
        entries = []
        for order in range(ORDERS + 1):
            size, limit = abs(float(numbers[order])), 4 * float(numbers[ORDERS + 1 + order]) * 2.0 ** -53
            if limit > (1e-13 if order <= 6 else 1e-11) * size:
                entries.append(f"{order}: {limit / size:.1e}" if size else f"{order}: ±{limit:.1e}")
        if entries:
            yield f"| {name} | {point} | {', '.join(entries)} |\n"


def number(value, digits):
    return mp.nstr(value, digits, min_fixed=0, max_fixed=0) if value else "0"


def main():
    header = ",".join(["name", "x", *(f"d{k}" for k in range(ORDERS + 1)), *(f"s{k}" for k in range(ORDERS + 1))])
    target = pathlib.Path(__file__).with_name("high_derivatives.csv")
    names = sys.argv[1:]
    kept = [line for line in target.read_text(encoding="utf-8").splitlines()[1:] if line.split(",")[0] not in names] if names else []
    lines = [*kept, *rows(names)]
    target.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8", newline="\n")
    target.with_name("limits.md").write_text(INTRODUCTION + "".join(limits(lines)), encoding="utf-8", newline="\n")


main()
