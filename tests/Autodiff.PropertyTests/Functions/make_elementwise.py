# Writes elementwise.csv: values and derivatives of orders 1 and 2 of composed elementwise functions, rounded to doubles from 400 digits, since 1 - exp(x) cancels.
# Usage: python3 make_elementwise.py > elementwise.csv   (needs mpmath)

import random
from mpmath import mp, mpf, exp, log, log1p, expm1, diff, ncdf, npdf, isfinite

mp.dps = 400


def sigmoid(x):
    return 1 / (1 + exp(-x))


functions = {
    "Logit": (lambda p: log(p) - log(1 - p), lambda r: [r.random() for _ in range(20)] + [10 ** -r.uniform(0, 300) for _ in range(10)]
              + [1 - 2.0 ** -r.randint(2, 52) for _ in range(10)] + [0.5 + r.uniform(-1, 1) * 10 ** -r.uniform(1, 15) for _ in range(10)] + [0.25]),
    "LogSigmoid": (lambda x: -log1p(exp(-x)), lambda r: [r.uniform(-40, 40) for _ in range(20)] + [r.uniform(-700, 700) for _ in range(10)]),
    "Log1mExp": (lambda x: log(-expm1(x)), lambda r: [-r.uniform(0, 40) for _ in range(20)] + [-10 ** -r.uniform(0, 300) for _ in range(10)]
                 + [-r.uniform(40, 700) for _ in range(10)] + [-0.6931471805599453]),
    "Gelu": (lambda x: x * ncdf(x), lambda r: [r.uniform(-5, 5) for _ in range(20)] + [r.uniform(-37, 37) for _ in range(20)] + [0.0, 1e-20]),
    "Silu": (lambda x: x * sigmoid(x), lambda r: [r.uniform(-5, 5) for _ in range(20)] + [r.uniform(-700, 700) for _ in range(20)] + [0.0, 1e-20]),
    "Elu": (lambda x: x if x > 0 else expm1(x), lambda r: [r.uniform(-5, 5) for _ in range(10)] + [-10 ** -r.uniform(0, 300) for _ in range(10)]),
}

derivatives = {
    "Logit": (lambda p: 1 / (p * (1 - p)), lambda p: (2 * p - 1) / (p * (1 - p)) ** 2),
    "LogSigmoid": (lambda x: sigmoid(-x), lambda x: -sigmoid(x) * sigmoid(-x)),
    "Log1mExp": (lambda x: exp(x) / expm1(x), lambda x: -exp(x) / expm1(x) ** 2),
    "Gelu": (lambda x: ncdf(x) + x * npdf(x), lambda x: npdf(x) * (2 - x * x)),
    "Silu": (lambda x: sigmoid(x) * (1 + x * sigmoid(-x)), lambda x: sigmoid(x) * sigmoid(-x) * (2 + x * (sigmoid(-x) - sigmoid(x)))),
    "Elu": (lambda x: mpf(1) if x > 0 else exp(x), lambda x: mpf(0) if x > 0 else exp(x)),
}

for name, (f, points) in functions.items():
    for x in points(random.Random(name)):
        values = [g(mpf(x)) for g in (f, *derivatives[name])]
        print(",".join([name, repr(float(x)), *(repr(float(v)).replace("inf", "Infinity") for v in values)]))
