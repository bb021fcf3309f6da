// Products of powers of atoms: the terms of sums.

namespace Autodiff.Functional.Algebra;

/// <summary>
/// What a formula is a sum of products of: a variable, a function, a tensor that is not a uniform constant, or a sum that is a factor. One node has one atom.
/// </summary>
/// <param name="Node">The node.</param>
/// <param name="Number">Counts the atoms of one formula.</param>
/// <param name="Order">Where it stands among others: variables by name, then functions, then sums.</param>
internal sealed record Atom(Expr Node, int Number, string Order)
{
    /// <summary>The terms of a sum; null for anything else.</summary>
    public Form? Sum { get; init; }

    /// <summary>For eᵗ and bᵗ, where t is one term without a coefficient: this term. A power of the atom is e²ᵗ, and so on.</summary>
    public Form? Exponent { get; init; }

    /// <summary>b of bᵗ; null for eᵗ and for anything else.</summary>
    public Expr? Base { get; init; }

    public bool Equals(Atom? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Number;
}

/// <summary>Π aᵢ^eᵢ with exponents other than 0, ordered by the numbers of the atoms; the empty product is 1.</summary>
internal sealed class Monomial : IEquatable<Monomial>
{
    private readonly int _hash;

    private Monomial((Atom Atom, Rational Exponent)[] factors)
    {
        Factors = factors;
        var hash = default(HashCode);
        foreach (var (atom, exponent) in factors)
        {
            Degree += exponent;
            hash.Add(atom.Number);
            hash.Add(exponent);
        }

        _hash = hash.ToHashCode();
    }

    public static Monomial One { get; } = new([]);

    public (Atom Atom, Rational Exponent)[] Factors { get; }

    /// <summary>The sum of all exponents.</summary>
    public Rational Degree { get; }

    /// <summary>Where it stands among others of the same degree: the places of its factors, in order.</summary>
    public string Order => field ??= string.Join('·', Factors.OrderBy(factor => factor.Atom.Order, StringComparer.Ordinal)
        .Select(factor => $"{factor.Atom.Order}^{1000 - factor.Exponent.Value:0000.0000}"));

    public static Monomial Of(Atom atom, Rational exponent) => exponent.IsZero ? One : new([(atom, exponent)]);

    public static Monomial Of(IEnumerable<(Atom Atom, Rational Exponent)> factors) => factors.Aggregate(One, (product, factor) => product * Of(factor.Atom, factor.Exponent));

    public static Monomial operator *(Monomial a, Monomial b)
    {
        if (a.Factors.Length == 0 || b.Factors.Length == 0)
        {
            return a.Factors.Length == 0 ? b : a;
        }

        var factors = new List<(Atom, Rational)>(a.Factors.Length + b.Factors.Length);
        for (var (i, j) = (0, 0); i < a.Factors.Length || j < b.Factors.Length;)
        {
            var order = i == a.Factors.Length ? 1 : j == b.Factors.Length ? -1 : a.Factors[i].Atom.Number.CompareTo(b.Factors[j].Atom.Number);
            if (order != 0)
            {
                factors.Add(order < 0 ? a.Factors[i++] : b.Factors[j++]);
            }
            else if (a.Factors[i].Exponent + b.Factors[j++].Exponent is var sum && !sum.IsZero)
            {
                factors.Add((a.Factors[i++].Atom, sum));
            }
            else
            {
                i++;
            }
        }

        return new([.. factors]);
    }

    /// <summary>A power with an exponent other than 0.</summary>
    public Monomial Power(Rational exponent) => new(Array.ConvertAll(Factors, factor => (factor.Atom, factor.Exponent * exponent)));

    /// <summary>The exponent of an atom; 0 if it does not occur.</summary>
    public Rational ExponentOf(Atom atom)
    {
        foreach (var (factor, exponent) in Factors)
        {
            if (ReferenceEquals(factor, atom))
            {
                return exponent;
            }
        }

        return Rational.Zero;
    }

    public bool Equals(Monomial? other) => other is not null && _hash == other._hash && Factors.AsSpan().SequenceEqual(other.Factors);

    public override bool Equals(object? obj) => Equals(obj as Monomial);

    public override int GetHashCode() => _hash;
}
