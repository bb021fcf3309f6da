// Identities between functions that hold for all real numbers.

namespace Autodiff.Functional.Algebra;

internal static class Identities
{
    /// <summary>
    /// A sum in which squares of sines and cosines have been added: a sin² + a cos² = a, a − a sin² = a cos², a − a cos² = a sin², and the
    /// same of hyperbolic functions.
    /// </summary>
    public static Form Applied(Form form, FormWriter writer)
    {
        for (var rounds = form.Count; rounds > 0 && Step(form, writer) is { } simpler; rounds--)
        {
            form = simpler;
        }

        return form;
    }

    /// <summary>The factors of a product, in which sin/cos has become tan, and sinh/cosh tanh.</summary>
    public static IEnumerable<(Atom Atom, Rational Exponent)> Quotients(Monomial monomial, FormWriter writer)
    {
        foreach (var (atom, exponent) in monomial.Factors)
        {
            if (Partner(atom, writer, out var isSine, out var quotient) is not { } partner || monomial.ExponentOf(partner) is var other && (other.Sign == exponent.Sign || other.IsZero))
            {
                yield return (atom, exponent);
                continue;
            }

            // The smaller of the two exponents goes to the quotient, and the larger one keeps the rest.
            var size = Smaller(Absolute(exponent), Absolute(other));
            if (isSine)
            {
                yield return (quotient!, exponent.Sign < 0 ? -size : size);
            }

            var rest = exponent.Sign < 0 ? exponent + size : exponent - size;
            if (!rest.IsZero)
            {
                yield return (atom, rest);
            }
        }
    }

    /// <summary>
    /// A form with sines and cosines of twice the argument: sin x cos x = ½ sin 2x, cos² x − sin² x = cos 2x, and the same of hyperbolic functions.
    /// </summary>
    public static Form DoubleAngles(Form form, FormWriter writer)
    {
        foreach (var (monomial, coefficient) in form.Terms)
        {
            foreach (var (atom, exponent) in monomial.Factors)
            {
                if (Partner(atom, writer, out var isSine, out _) is not { } partner)
                {
                    continue;
                }

                var isHyperbolic = atom.Node.Op == Op.Sinh || atom.Node.Op == Op.Cosh;
                var rest = monomial * Monomial.Of(atom, -exponent) * Monomial.Of(partner, -monomial.ExponentOf(partner));
                if (isSine && exponent.IsOne && monomial.ExponentOf(partner).IsOne)
                {
                    form += Form.Of([(monomial, -coefficient), (rest * Monomial.Of(Doubled(atom, atom.Node.Op), 1), coefficient * new Rational(1, 2))]);
                }
                else if (!isSine && exponent.Equals(2) && monomial.ExponentOf(partner).IsZero && rest * Monomial.Of(partner, 2) is var square
                    && form.CoefficientOf(square) is { IsZero: false } beside && beside.Equals(isHyperbolic ? coefficient : -coefficient))
                {
                    form += Form.Of([(monomial, -coefficient), (square, -beside), (rest * Monomial.Of(Doubled(atom, atom.Node.Op), 1), coefficient)]);
                }
            }
        }

        return form;

        Atom Doubled(Atom atom, Op op)
        {
            var x = atom.Node.Operands[0];
            var twice = writer.Write(writer.FormOf(x).Times(Monomial.One, 2), x.Shape);
            return writer.AtomOf(op switch
            {
                Op.Sin => Expr.Sin(twice),
                Op.Cos => Expr.Cos(twice),
                Op.Sinh => Expr.Sinh(twice),
                _ => Expr.Cosh(twice),
            });
        }
    }

    private static Form? Step(Form form, FormWriter writer)
    {
        foreach (var (monomial, coefficient) in form.Terms)
        {
            foreach (var (atom, exponent) in monomial.Factors)
            {
                if (!exponent.IsInteger || exponent.CompareTo(2) < 0 || Partner(atom, writer, out var isSine, out _) is not { } partner)
                {
                    continue;
                }

                var isHyperbolic = atom.Node.Op is Op.Sinh or Op.Cosh;
                var rest = monomial * Monomial.Of(atom, -2);
                var squared = rest * Monomial.Of(partner, 2);
                var (beside, alone) = (form.CoefficientOf(squared), form.CoefficientOf(rest));

                // a sin² + a cos² = a; a cosh² − a sinh² = a.
                if (!beside.IsZero && beside.Equals(isHyperbolic ? -coefficient : coefficient))
                {
                    return form + Form.Of([(monomial, -coefficient), (squared, -beside), (rest, isHyperbolic && isSine ? -coefficient : coefficient)]);
                }

                // a − a sin² = a cos², a − a cos² = a sin²; a + a sinh² = a cosh², a cosh² − a = a sinh².
                var sign = isHyperbolic && isSine ? coefficient : -coefficient;
                if (!alone.IsZero && alone.Equals(sign))
                {
                    return form + Form.Of([(monomial, -coefficient), (rest, -alone), (squared, isHyperbolic ? coefficient : -coefficient)]);
                }
            }
        }

        return null;
    }

    /// <summary>The cosine of the same argument for a sine, and the reverse; null for anything else. Beside it whether the atom is the sine, and their quotient.</summary>
    private static Atom? Partner(Atom atom, FormWriter writer, out bool isSine, out Atom? quotient)
    {
        isSine = atom.Node.Op is Op.Sin or Op.Sinh;
        quotient = null;
        if (atom.Node.Op is not (Op.Sin or Op.Cos or Op.Sinh or Op.Cosh))
        {
            return null;
        }

        var x = atom.Node.Operands[0];
        var isHyperbolic = atom.Node.Op is Op.Sinh or Op.Cosh;
        quotient = writer.AtomOf(isHyperbolic ? Expr.Tanh(x) : Expr.Tan(x));
        return writer.AtomOf((isHyperbolic, isSine) switch
        {
            (false, true) => Expr.Cos(x),
            (false, false) => Expr.Sin(x),
            (true, true) => Expr.Cosh(x),
            (true, false) => Expr.Sinh(x),
        });
    }

    private static Rational Absolute(Rational x) => x.Sign < 0 ? -x : x;

    private static Rational Smaller(Rational a, Rational b) => a.CompareTo(b) <= 0 ? a : b;
}
