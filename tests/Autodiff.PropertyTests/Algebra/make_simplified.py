"""Numbers of operations of textbook derivatives as SymPy simplifies them: simplified.csv.

Run: python3 make_simplified.py > simplified.csv   (SymPy 1.14)

Operations are counted as SymPy's count_ops does: a function, a power, a product, a quotient, a sum, a difference and a sign are one each.
"""

import sympy as s

x = s.symbols("x", real=True)
functions = {
    "x^5": x**5,
    "1/x": 1 / x,
    "sqrt(x)": s.sqrt(x),
    "x sin x": x * s.sin(x),
    "x^2 e^x": x**2 * s.exp(x),
    "e^(-x^2/2)": s.exp(-x**2 / 2),
    "sin(e^x)": s.sin(s.exp(x)),
    "1/(1+e^-x)": 1 / (1 + s.exp(-x)),
    "log(1+e^x)": s.log(1 + s.exp(x)),
    "log(1+x^2)": s.log(1 + x**2),
    "sqrt(1+x^2)": s.sqrt(1 + x**2),
    "1/sqrt(1+x^2)": 1 / s.sqrt(1 + x**2),
    "x/(1+x^2)": x / (1 + x**2),
    "(x^2-1)/(x^2+1)": (x**2 - 1) / (x**2 + 1),
    "(x+1)^3 (x-2)^2": (x + 1)**3 * (x - 2)**2,
    "sin^2 x": s.sin(x)**2,
    "sin x cos x": s.sin(x) * s.cos(x),
    "tan x": s.tan(x),
    "sin x / x": s.sin(x) / x,
    "sin(x^2)": s.sin(x**2),
    "cos(3x+1)": s.cos(3 * x + 1),
    "e^(sin x)": s.exp(s.sin(x)),
    "e^x sin x": s.exp(x) * s.sin(x),
    "e^(2x) cos 3x": s.exp(2 * x) * s.cos(3 * x),
    "x log x": x * s.log(x),
    "log(x)/x": s.log(x) / x,
    "log^2 x": s.log(x)**2,
    "log(sin x)": s.log(s.sin(x)),
    "log(log x)": s.log(s.log(x)),
    "x sqrt(1-x^2)": x * s.sqrt(1 - x**2),
    "sqrt(x)/(1+x)": s.sqrt(x) / (1 + x),
    "x^3/3 - x": x**3 / 3 - x,
    "(1+sqrt(x))^4": (1 + s.sqrt(x))**4,
    "sinh^2 x": s.sinh(x)**2,
    "cosh x / sinh x": s.cosh(x) / s.sinh(x),
    "x e^-x": x * s.exp(-x),
    "e^x/(1+x)": s.exp(x) / (1 + x),
    "1/(x^2+x+1)": 1 / (x**2 + x + 1),
    "(2x+3)^7": (2 * x + 3)**7,
    "1/(1-x)": 1 / (1 - x),
}

print("function,order,operations,simplified")
for name, f in functions.items():
    for order in (1, 2):
        derivative = s.simplify(s.diff(f, x, order))
        print(f'{name},{order},{s.count_ops(derivative)},{s.sstr(derivative)}')
