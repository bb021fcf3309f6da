"""Writes elementary.csv: values of the elementary functions at doubles that are hard for one step or another of their
computation, from mpmath.

    pip install mpmath
    python make_elementary.py           (takes a few seconds; writes elementary.csv beside this script)

A row is the function, its arguments (0 for a second one that it has not), and the value as the nearest double and the
double nearest to what is left, which together hold 30 digits. Points are drawn with a fixed seed from the ranges in which
the functions change their form, from all magnitudes, and from where they are nearly 0 or overflow; those of sine, cosine
and tangent are also the doubles nearest to multiples of pi/2, found by continued fractions.
"""

import math
import pathlib
import random
import struct

from mpmath import mp, mpf

POINTS = 60
LARGEST = mpf("1.7976931348623157e308")

mp.prec = 200
random.seed(1)


def uniform(low, high):
    return lambda: random.uniform(low, high)


def magnitudes(low, high):
    return lambda: math.exp(random.uniform(math.log(low), math.log(high)))


def signed(draw):
    return lambda: draw() * random.choice((-1, 1))


def near_one(draw):
    return lambda: 1 + draw()


def any_double():
    while True:
        (x,) = struct.unpack("d", struct.pack("Q", random.getrandbits(64)))
        if math.isfinite(x):
            return x


def positive():
    return abs(any_double())


def one_of(*draws):
    return lambda: random.choice(draws)()


def pair(x, y):
    return lambda: (x(), y())


def near_multiples_of_half_pi():
    """For each binary exponent below 30 the doubles m * 2^e nearest to multiples of pi/2: m/n is nearly a convergent."""
    points = []
    for exponent in range(-52, -22):
        ratio = mp.ldexp(1, exponent) / (mp.pi / 2)
        previous, current, rest = 0, 1, ratio
        while current < 2**53:
            if current >= 2**43:
                factor = -(-(2**52) // current)
                if factor * current < 2**53:
                    points.append(math.ldexp(factor * current, exponent))
            rest = 1 / (rest - mp.floor(rest))
            previous, current = current, int(mp.floor(rest)) * current + previous
    return points


def bounded_power():
    """A base of any magnitude and an exponent for which the power is still a double."""
    x = positive()
    return x, random.uniform(-745, 709) / math.log(x)


def power_of_nearly_one():
    x = near_one(signed(magnitudes(1e-15, 0.3)))()
    return x, random.uniform(-745, 709) / math.log(x)


def whole_power():
    return random.uniform(-10, 0), float(random.randint(-90, 90))


SMALL = signed(magnitudes(1e-300, 1))
ANGLE = one_of(uniform(-10, 10), uniform(-1000, 1000), signed(magnitudes(1e-12, 1e9)), signed(magnitudes(1e9, 1e15)))
LOGARITHM = one_of(positive, near_one(signed(magnitudes(1e-16, 0.5))), uniform(0.5, 2))
NEARLY_ONE_IN_SIZE = signed(lambda: 1 - magnitudes(1e-16, 0.5)())
UNARY = {
    "Exp": (mp.exp, one_of(uniform(-746, 710), uniform(-1, 1), SMALL)),
    "Exp2": (lambda x: mpf(2) ** x, one_of(uniform(-1075, 1024), uniform(-2, 2), SMALL)),
    "ExpM1": (mp.expm1, one_of(uniform(-40, 710), uniform(-2, 2), SMALL)),
    "Log": (mp.log, LOGARITHM),
    "Log2": (lambda x: mp.log(x) / mp.log(2), LOGARITHM),
    "Log10": (lambda x: mp.log(x) / mp.log(10), LOGARITHM),
    "LogP1": (mp.log1p, one_of(positive, SMALL, uniform(-1, 4))),
    "Sin": (mp.sin, ANGLE),
    "Cos": (mp.cos, ANGLE),
    "Tan": (mp.tan, ANGLE),
    "Asin": (mp.asin, one_of(uniform(-1, 1), NEARLY_ONE_IN_SIZE, SMALL)),
    "Acos": (mp.acos, one_of(uniform(-1, 1), NEARLY_ONE_IN_SIZE, SMALL)),
    "Atan": (mp.atan, one_of(uniform(-3, 3), signed(positive), signed(magnitudes(1e-3, 1e3)))),
    "Sinh": (mp.sinh, one_of(uniform(-710, 710), uniform(-2, 2), SMALL)),
    "Cosh": (mp.cosh, one_of(uniform(-710, 710), uniform(-2, 2), SMALL)),
    "Tanh": (mp.tanh, one_of(uniform(-20, 20), uniform(-2, 2), SMALL)),
    "Asinh": (mp.asinh, one_of(uniform(-10, 10), any_double, signed(magnitudes(1e-3, 1e3)))),
    "Acosh": (mp.acosh, one_of(uniform(1, 10), magnitudes(1, 1e300), near_one(magnitudes(1e-15, 1e3)))),
    "Atanh": (mp.atanh, one_of(uniform(-1, 1), NEARLY_ONE_IN_SIZE, SMALL)),
    "Sigmoid": (lambda x: 1 / (1 + mp.exp(-x)), one_of(uniform(-745, 40), uniform(-5, 5))),
    "Softplus": (lambda x: mp.log1p(mp.exp(x)), one_of(uniform(-745, 710), uniform(-5, 5), uniform(-40, 40))),
    "Cbrt": (lambda x: mp.sign(x) * mp.cbrt(abs(x)), one_of(any_double, uniform(-8, 8), signed(magnitudes(1e-320, 1e-300)))),
    "Erf": (mp.erf, one_of(uniform(-6, 6), uniform(-1.2, 1.2), SMALL)),
    "Erfc": (mp.erfc, one_of(uniform(-6, 27), uniform(-1, 3), SMALL)),
    "NormalCdf": (lambda x: mp.erfc(-x / mp.sqrt(2)) / 2, one_of(uniform(-38.4, 8), uniform(-6, 6), SMALL)),
}
BINARY = {
    "Pow": (mp.power, one_of(bounded_power, power_of_nearly_one, whole_power)),
    "Atan2": (mp.atan2, one_of(pair(uniform(-3, 3), uniform(-3, 3)), pair(any_double, any_double),
                               pair(signed(magnitudes(1e-3, 1e3)), signed(magnitudes(1e-3, 1e3))))),
    "Hypot": (mp.hypot, one_of(pair(uniform(-3, 3), uniform(-3, 3)), pair(any_double, any_double),
                               pair(magnitudes(1e-320, 1e-300), magnitudes(1e-320, 1e-300)))),
    "Xlogy": (lambda x, y: x * mp.log(y), pair(signed(magnitudes(1e-100, 1e100)), LOGARITHM)),
}


def rows():
    for name, (function, draw) in UNARY.items():
        points = [draw() for _ in range(POINTS)]
        if name in ("Sin", "Cos", "Tan"):
            points += near_multiples_of_half_pi()
        yield from ((name, x, 0.0, function(mpf(x))) for x in points)
    for name, (function, draw) in BINARY.items():
        points = (draw() for _ in range(POINTS))
        yield from ((name, x, y, function(mpf(x), mpf(y))) for x, y in points)


def main():
    with open(pathlib.Path(__file__).with_name("elementary.csv"), "w", encoding="ascii", newline="\n") as file:
        file.write("name,x,y,high,low\n")
        for name, x, y, value in rows():
            if abs(value) <= LARGEST:
                high = float(value)
                file.write(f"{name},{x!r},{y!r},{high!r},{float(value - high)!r}\n")


main()
