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
        if (!form.Terms.Any(term => term.Monomial.Factors.Any(HasSquare)))
        {
            return form;
        }

        // Each step leaves a term less, so that there are no more rounds than terms.
        for (var rounds = form.Count; rounds > 0; rounds--)
        {
            var (sum, steps) = (form.ToBuilder(), 0);
            foreach (var (monomial, _) in form.Terms)
            {
                steps += Step(monomial, sum, writer) ? 1 : 0;
            }

            if (steps == 0)
            {
                break;
            }

            form = sum.ToForm();
        }

        return form;
    }

    /// <summary>The factors of a product, in which sin/cos has become tan, and sinh/cosh tanh.</summary>
    public static IEnumerable<(Atom Atom, Rational Exponent)> Quotients(Monomial monomial, FormWriter writer)
    {
        foreach (var (atom, exponent) in monomial.Factors)
        {
            if (PartnerIn(monomial, atom) is not { } partner || partner.Exponent.Sign == exponent.Sign)
            {
                yield return (atom, exponent);
                continue;
            }

            // The smaller of the two exponents goes to the quotient, and the larger one keeps the rest.
            var size = Smaller(Absolute(exponent), Absolute(partner.Exponent));
            var (x, op) = (atom.Node.Operands[0], atom.Node.Op);
            if (op is Op.Sin or Op.Sinh)
            {
                yield return (writer.AtomOf(op == Op.Sin ? Expr.Tan(x) : Expr.Tanh(x)), exponent.Sign < 0 ? -size : size);
            }

            var rest = exponent.Sign < 0 ? exponent + size : exponent - size;
            if (!rest.IsZero)
            {
                yield return (atom, rest);
            }
        }
    }

    /// <summary>The operations that a factor does not need, because it and another one are a quotient such as tan.</summary>
    public static long Saved(Monomial monomial, Atom atom, Rational exponent, FormWriter writer) =>
        atom.Node.Op is Op.Cos or Op.Cosh && PartnerIn(monomial, atom) is { } partner && partner.Exponent.Sign != exponent.Sign ? writer.SizeOf(atom.Node) + 1 : 0;

    /// <summary>
    /// A form with sines and cosines of twice the argument: sin x cos x = ½ sin 2x, cos² x − sin² x = cos 2x, and the same of hyperbolic functions.
    /// </summary>
    public static Form DoubleAngles(Form form, FormWriter writer)
    {
        var (sum, isChanged) = (form.ToBuilder(), false);
        foreach (var (monomial, _) in form.Terms)
        {
            foreach (var (atom, exponent) in monomial.Factors)
            {
                var (op, isHyperbolic, coefficient) = (atom.Node.Op, atom.Node.Op is Op.Sinh or Op.Cosh, sum.CoefficientOf(monomial));
                if (coefficient.IsZero)
                {
                    break;
                }

                if (op is Op.Sin or Op.Sinh && exponent.IsOne && PartnerIn(monomial, atom) is { Exponent.IsOne: true } cosine)
                {
                    sum.Add(monomial, -coefficient);
                    sum.Add(monomial * Monomial.Of(atom, -1) * Monomial.Of(cosine.Atom, -1) * Monomial.Of(Doubled(atom, op), 1), coefficient / 2);
                    isChanged = true;
                }
                else if (op is Op.Cos or Op.Cosh && exponent.Equals(2) && form.Count > 1 && PartnerIn(monomial, atom) is null)
                {
                    var rest = monomial * Monomial.Of(atom, -2);
                    var square = rest * Monomial.Of(Partner(atom, writer), 2);
                    if (sum.CoefficientOf(square) is { IsZero: false } beside && beside.Equals(isHyperbolic ? coefficient : -coefficient))
                    {
                        sum.Add(monomial, -coefficient);
                        sum.Add(square, -beside);
                        sum.Add(rest * Monomial.Of(Doubled(atom, op), 1), coefficient);
                        isChanged = true;
                    }
                }
            }
        }

        return isChanged ? sum.ToForm() : form;

        Atom Doubled(Atom atom, Op op)
        {
            var x = atom.Node.Operands[0];
            var twice = writer.Twice(x);
            return writer.AtomOf(op switch
            {
                Op.Sin => Expr.Sin(twice),
                Op.Cos => Expr.Cos(twice),
                Op.Sinh => Expr.Sinh(twice),
                _ => Expr.Cosh(twice),
            });
        }
    }

    /// <summary>Replaces one term with another that it is next to in one of the identities; false if there is none.</summary>
    private static bool Step(Monomial monomial, Form.Builder sum, FormWriter writer)
    {
        var coefficient = sum.CoefficientOf(monomial);
        foreach (var factor in coefficient.IsZero ? [] : monomial.Factors.Where(HasSquare))
        {
            var atom = factor.Atom;
            var (isHyperbolic, isSine) = (atom.Node.Op is Op.Sinh or Op.Cosh, atom.Node.Op is Op.Sin or Op.Sinh);
            var rest = monomial * Monomial.Of(atom, -2);
            var squared = rest * Monomial.Of(Partner(atom, writer), 2);
            var (beside, alone) = (sum.CoefficientOf(squared), sum.CoefficientOf(rest));

            // a sin² + a cos² = a; a cosh² − a sinh² = a.
            if (!beside.IsZero && beside.Equals(isHyperbolic ? -coefficient : coefficient))
            {
                sum.Add(monomial, -coefficient);
                sum.Add(squared, -beside);
                sum.Add(rest, isHyperbolic && isSine ? -coefficient : coefficient);
                return true;
            }

            // a − a sin² = a cos², a − a cos² = a sin²; a + a sinh² = a cosh², a cosh² − a = a sinh².
            var sign = isHyperbolic && isSine ? coefficient : -coefficient;
            if (!alone.IsZero && alone.Equals(sign))
            {
                sum.Add(monomial, -coefficient);
                sum.Add(rest, -alone);
                sum.Add(squared, isHyperbolic ? coefficient : -coefficient);
                return true;
            }
        }

        return false;
    }

    private static bool HasSquare((Atom Atom, Rational Exponent) factor) =>
        IsTrigonometric(factor.Atom) && factor.Exponent.IsInteger && factor.Exponent.CompareTo(2) >= 0;

    private static bool IsTrigonometric(Atom atom) => atom.Node.Op is Op.Sin or Op.Cos or Op.Sinh or Op.Cosh;

    /// <summary>The cosine of the same argument for a sine, and the reverse.</summary>
    private static Atom Partner(Atom atom, FormWriter writer)
    {
        var x = atom.Node.Operands[0];
        return writer.AtomOf(atom.Node.Op switch
        {
            Op.Sin => Expr.Cos(x),
            Op.Cos => Expr.Sin(x),
            Op.Sinh => Expr.Cosh(x),
            _ => Expr.Sinh(x),
        });
    }

    /// <summary>The same among the factors of a product, with its exponent; null if it is not there.</summary>
    private static (Atom Atom, Rational Exponent)? PartnerIn(Monomial monomial, Atom atom)
    {
        if (!IsTrigonometric(atom))
        {
            return null;
        }

        foreach (var (other, exponent) in monomial.Factors)
        {
            if (ArePartners(atom.Node.Op, other.Node.Op) && ReferenceEquals(atom.Node.Operands[0], other.Node.Operands[0]))
            {
                return (other, exponent);
            }
        }

        return null;
    }

    private static bool ArePartners(Op a, Op b) => (a, b) is (Op.Sin, Op.Cos) or (Op.Cos, Op.Sin) or (Op.Sinh, Op.Cosh) or (Op.Cosh, Op.Sinh);

    private static Rational Absolute(Rational x) => x.Sign < 0 ? -x : x;

    private static Rational Smaller(Rational a, Rational b) => a.CompareTo(b) <= 0 ? a : b;
}
