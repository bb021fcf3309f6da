"""Prints the coefficients of the polynomials in Numerics/Elementary*.cs, highest power first, each with its largest error.

    pip install mpmath
    python make_coefficients.py

A polynomial interpolates at the Chebyshev nodes of its interval, which is within a small factor of the best; the error is
weighted with what the polynomial is multiplied by in the function, and taken after rounding the coefficients to doubles.
"""

from mpmath import mp, mpf

mp.prec = 300
TINY = mpf("1e-40")
HALF_LN2 = mp.log(2) / 2 * mpf("1.0001")
LARGEST_S = (mp.sqrt(2) - 1) / (mp.sqrt(2) + 1) * mpf("1.0001")
LARGEST_ANGLE = mp.pi / 4 * mpf("1.0001")
TAIL_CENTRE = mpf(3)


def interpolate(function, low, high, degree):
    """The coefficients, lowest power first, by Newton's divided differences."""
    nodes = [(low + high) / 2 + (high - low) / 2 * mp.cos(mp.pi * (2 * k + 1) / (2 * degree + 2)) for k in range(degree + 1)]
    differences = [function(x) for x in nodes]
    for j in range(1, degree + 1):
        for i in range(degree, j - 1, -1):
            differences[i] = (differences[i] - differences[i - 1]) / (nodes[i] - nodes[i - j])
    coefficients = [differences[degree]]
    for i in range(degree - 1, -1, -1):
        shifted = [mpf(0), *coefficients]
        for k, coefficient in enumerate(coefficients):
            shifted[k] -= nodes[i] * coefficient
        shifted[0] += differences[i]
        coefficients = shifted
    return coefficients


def of_square(function):
    """A function of z as one of s, s * s = z."""
    return lambda z: function(mp.sqrt(z))


def atanh_rest(s):
    return (2 * mp.atanh(s) / s - 2) / s**2


def scaled_tail(q):
    a = TAIL_CENTRE * (1 + q) / (1 - q)
    return (1 + 2 * a) * mp.exp(a * a) * mp.erfc(a)


def tail_place(a):
    return (a - TAIL_CENTRE) / (a + TAIL_CENTRE)


SERIES = {
    "Exp, before 1/2": (lambda r: (mp.expm1(r) - r - r * r / 2) / r**3, lambda r: r**3, -HALF_LN2, HALF_LN2 + mpf("1e-9"), 9),
    "Sinh": (of_square(lambda x: (mp.sinh(x) / x - 1) / x**2), lambda z: z, TINY, mpf(1), 6),
    "Log": (of_square(atanh_rest), lambda z: z, TINY, LARGEST_S**2, 6),
    "PreciseLog": (of_square(lambda s: (atanh_rest(s) - mpf(2) / 3) / s**2), lambda z: z**2, TINY, LARGEST_S**2, 7),
    "Sine": (of_square(lambda r: (mp.sin(r) / r - 1) / r**2), lambda z: z, TINY, LARGEST_ANGLE**2, 6),
    "Cosine": (of_square(lambda r: (mp.cos(r) - 1 + r * r / 2) / r**4), lambda z: z**2, TINY, LARGEST_ANGLE**2, 5),
    "ArcSine": (of_square(lambda t: (mp.asin(t) / t - 1) / t**2), lambda z: z, TINY, mpf(1) / 4, 12),
    "ArcTangent": (of_square(lambda t: (mp.atan(t) / t - 1) / t**2), lambda z: z, TINY, mpf(1) / 4, 12),
    "InverseCbrt": (lambda m: 1 / mp.cbrt(m), mp.cbrt, mpf(1), mpf(8), 5),
    "Erf": (of_square(lambda x: mp.erf(x) / x - 1), lambda z: 1, TINY, mpf("0.477") ** 2, 8),
    "GaussianTail": (scaled_tail, lambda q: 1, tail_place(mpf("0.46875")), tail_place(mpf("28.3")), 21),
}


def main():
    for name, (function, weight, low, high, degree) in SERIES.items():
        coefficients = interpolate(function, low, high, degree)
        rounded = [mpf(float(c)) for c in coefficients]
        points = [low + (high - low) * (k + mpf("1e-9")) / 400 for k in range(400)]
        error = max(abs(weight(x) * (mp.polyval(rounded[::-1], x) - function(x))) for x in points)
        print(f"{name}: 2^{mp.nstr(mp.log(error, 2), 4)}")
        print("\n".join(f"    {float(c)!r}" for c in coefficients[::-1]))
        print(f"    the last one lacks {float(coefficients[0] - rounded[0])!r}")


main()
