// Linear differential operators as polynomials in the partial derivatives.

using System.Globalization;
using System.Text;

namespace Autodiff.Functional;

/// <summary>
/// A linear differential operator Σ cₘ ∂ᵐ: a polynomial in the partial derivatives ∂ᵢ, to be added, multiplied, printed, and applied to functions by
/// <see cref="AD.Apply(DifferentialOperator, Func{Expr, Expr})"/>.
/// </summary>
/// <remarks>
/// The product is composition. Coefficients are expressions, usually numbers. A coefficient that depends on the point is taken as fixed, so that
/// operators commute: <c>Partial(0) * (x[0] * Partial(0))</c> is x₀∂₀², without the derivative of x₀. Like terms are merged and those with a
/// coefficient of 0 left out, so equal polynomials of numbers are equal and print equally.
/// <code>
/// var heat = Partial(0) - (0.5 * Pow(Partial(1), 2));   // ∂ₜ − ½ ∂ₓₓ, with the time as element 0: prints -0.5∂₁² + ∂₀
/// Func&lt;Expr, Expr&gt; residual = Apply(heat, u);
/// </code>
/// </remarks>
public sealed class DifferentialOperator : IEquatable<DifferentialOperator>
{
    // How far the coefficients of a power may be from those it is to have, relative to the largest: rounding errors of a few products.
    private const double RootTolerance = 1e-13;

    private readonly (MultiIndex Index, Expr Coefficient)[] _terms;

    private DifferentialOperator((MultiIndex Index, Expr Coefficient)[] terms)
    {
        _terms = terms;
    }

    /// <summary>The operator that leaves every function as it is.</summary>
    public static DifferentialOperator Identity { get; } = new([(MultiIndex.None, 1)]);

    /// <summary>The operator that takes every function to 0.</summary>
    public static DifferentialOperator Zero { get; } = new([]);

    /// <summary>The highest degree of a term; 0 for a multiple of the identity.</summary>
    public int Order => _terms.Length == 0 ? 0 : _terms.Max(term => term.Index.Degree);

    /// <summary>
    /// The terms, those of the highest degree first: of each the variables that it differentiates in, in ascending order and with the power of each, and
    /// the coefficient.
    /// </summary>
    public IReadOnlyList<(IReadOnlyList<(int Variable, int Power)> Powers, Expr Coefficient)> Terms => [.. _terms.Select(term => (term.Index.Powers, term.Coefficient))];

    internal IReadOnlyList<(MultiIndex Index, Expr Coefficient)> Parts => _terms;

    /// <summary>The sum of two operators: (A + B) f = A f + B f.</summary>
    /// <param name="left">A.</param>
    /// <param name="right">B.</param>
    public static DifferentialOperator operator +(DifferentialOperator left, DifferentialOperator right) => Of([.. NotNull(left)._terms, .. NotNull(right)._terms]);

    /// <summary>The difference of two operators.</summary>
    /// <param name="left">A.</param>
    /// <param name="right">B.</param>
    public static DifferentialOperator operator -(DifferentialOperator left, DifferentialOperator right) => left + (-right);

    /// <summary>A + c: the sum with a multiple of the identity.</summary>
    /// <param name="operand">A.</param>
    /// <param name="number">c, a scalar.</param>
    /// <exception cref="ShapeException">c is not a scalar.</exception>
    public static DifferentialOperator operator +(DifferentialOperator operand, Expr number) => operand + (number * Identity);

    /// <summary>c + A: the sum with a multiple of the identity.</summary>
    /// <param name="number">c, a scalar.</param>
    /// <param name="operand">A.</param>
    /// <exception cref="ShapeException">c is not a scalar.</exception>
    public static DifferentialOperator operator +(Expr number, DifferentialOperator operand) => (number * Identity) + operand;

    /// <summary>A − c: the difference from a multiple of the identity.</summary>
    /// <param name="operand">A.</param>
    /// <param name="number">c, a scalar.</param>
    /// <exception cref="ShapeException">c is not a scalar.</exception>
    public static DifferentialOperator operator -(DifferentialOperator operand, Expr number) => operand - (number * Identity);

    /// <summary>c − A: the difference of a multiple of the identity from A.</summary>
    /// <param name="number">c, a scalar.</param>
    /// <param name="operand">A.</param>
    /// <exception cref="ShapeException">c is not a scalar.</exception>
    public static DifferentialOperator operator -(Expr number, DifferentialOperator operand) => (number * Identity) - operand;

    /// <summary>−A.</summary>
    /// <param name="operand">A.</param>
    public static DifferentialOperator operator -(DifferentialOperator operand) => (Expr)(-1) * operand;

    /// <summary>The composition of two operators: (A B) f = A (B f), where the coefficients are taken as fixed.</summary>
    /// <param name="left">A.</param>
    /// <param name="right">B.</param>
    public static DifferentialOperator operator *(DifferentialOperator left, DifferentialOperator right)
    {
        NotNull(right);
        return Of([.. NotNull(left)._terms.SelectMany(own => right._terms.Select(their => (own.Index * their.Index, Product(own.Coefficient, their.Coefficient))))]);
    }

    /// <summary>c · A for a scalar c.</summary>
    /// <param name="coefficient">c.</param>
    /// <param name="operand">A.</param>
    /// <exception cref="ShapeException">c is not a scalar.</exception>
    public static DifferentialOperator operator *(Expr coefficient, DifferentialOperator operand)
    {
        _ = ScalarOf(coefficient);
        return Of([.. NotNull(operand)._terms.Select(term => (term.Index, Product(coefficient, term.Coefficient)))]);
    }

    /// <summary>A · c for a scalar c.</summary>
    /// <param name="operand">A.</param>
    /// <param name="coefficient">c.</param>
    /// <exception cref="ShapeException">c is not a scalar.</exception>
    public static DifferentialOperator operator *(DifferentialOperator operand, Expr coefficient) => coefficient * operand;

    /// <summary>A / c for a scalar c.</summary>
    /// <param name="operand">A.</param>
    /// <param name="divisor">c.</param>
    /// <exception cref="ShapeException">c is not a scalar.</exception>
    public static DifferentialOperator operator /(DifferentialOperator operand, Expr divisor) => Of([.. NotNull(operand)._terms.Select(term => (term.Index, term.Coefficient / ScalarOf(divisor)))]);

    /// <summary>Whether two operators are the same polynomial: coefficients are the same numbers, or the same expressions.</summary>
    /// <param name="left">An operator.</param>
    /// <param name="right">Another.</param>
    public static bool operator ==(DifferentialOperator? left, DifferentialOperator? right) => left?.Equals(right) ?? right is null;

    /// <summary>Whether two operators differ.</summary>
    /// <param name="left">An operator.</param>
    /// <param name="right">Another.</param>
    public static bool operator !=(DifferentialOperator? left, DifferentialOperator? right) => !(left == right);

    /// <summary>
    /// A factor c and an operator A with c Aⁿ equal to terms of one degree with numbers as coefficients, up to rounding; null if there is none. The terms
    /// of A follow from each other: the next one, times n times the first to the power n − 1, is the first term that Aⁿ still lacks.
    /// </summary>
    internal static (double Factor, DifferentialOperator Root)? RootOf((MultiIndex Index, Expr Coefficient)[] terms, int power)
    {
        var factor = terms[0].Coefficient.Value;
        var target = new DifferentialOperator([.. terms.Select(term => (term.Index, (Expr)(term.Coefficient.Value / factor)))]);
        if (terms[0].Index.Powers.Any(each => each.Power % power != 0))
        {
            return null;
        }

        var first = MultiIndex.Of(terms[0].Index.Powers.Select(each => (each.Variable, each.Power / power)));
        var root = new DifferentialOperator([(first, 1)]);
        var lead = root.ToPower(power - 1)._terms[0].Index;
        var scale = target._terms.Max(term => Math.Abs(term.Coefficient.Value));
        for (var step = 0; step <= terms.Length; step++)
        {
            var rest = (target - root.ToPower(power))._terms.Where(term => Math.Abs(term.Coefficient.Value) > RootTolerance * scale).ToArray();
            if (rest.Length == 0)
            {
                return (factor, root);
            }

            if (rest[0].Index.Over(lead) is not { } next)
            {
                return null;
            }

            root += new DifferentialOperator([(next, rest[0].Coefficient / power)]);
        }

        return null;
    }

    /// <summary>The operator applied n times, 0 or more.</summary>
    internal DifferentialOperator ToPower(int n) => Enumerable.Repeat(this, n).Aggregate(Identity, (product, factor) => product * factor);

    internal static DifferentialOperator PartialIn(int variable) => new([(MultiIndex.Of(variable), 1)]);

    /// <inheritdoc/>
    public bool Equals(DifferentialOperator? other) => other is not null && _terms.Length == other._terms.Length
        && _terms.Zip(other._terms).All(pair => pair.Item1.Index.Equals(pair.Item2.Index) && AreSame(pair.Item1.Coefficient, pair.Item2.Coefficient));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DifferentialOperator);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var (index, coefficient) in _terms)
        {
            hash.Add(index);
            hash.Add(IsNumber(coefficient) ? coefficient.Value : coefficient);
        }

        return hash.ToHashCode();
    }

    /// <summary>The polynomial, such as <c>∂₀⁴ + 2∂₀²∂₁² + ∂₁⁴</c>; 1 for the identity, 0 if there is no term.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (index, coefficient) in _terms)
        {
            var term = Text(coefficient, index);
            var isNegative = term[0] == '-' && IsNumber(coefficient);
            text.Append(text.Length == 0 ? term : isNegative ? $" - {term[1..]}" : $" + {term}");
        }

        return text.Length == 0 ? "0" : text.ToString();
    }

    private static string Text(Expr coefficient, MultiIndex index)
    {
        if (!IsNumber(coefficient))
        {
            var formula = $"{coefficient}";
            return index.Degree == 0 ? formula : formula.All(symbol => char.IsLetterOrDigit(symbol) || symbol is '[' or ']' or '.') ? $"{formula}{index}" : $"({formula}){index}";
        }

        var number = coefficient.Value.ToString(CultureInfo.InvariantCulture);
        return index.Degree == 0 ? number : number switch
        {
            "1" => $"{index}",
            "-1" => $"-{index}",
            _ => $"{number}{index}",
        };
    }

    private static DifferentialOperator Of((MultiIndex Index, Expr Coefficient)[] terms) => new(
    [
        .. terms
            .GroupBy(term => term.Index)
            .Select(group => (Index: group.Key, Coefficient: group.Select(term => term.Coefficient).Aggregate((left, right) => left + right)))
            .Where(term => !(IsNumber(term.Coefficient) && term.Coefficient.Value == 0))
            .OrderBy(term => term.Index),
    ]);

    private static Expr ScalarOf(Expr coefficient) => coefficient is null ? throw AutodiffException.Null("DifferentialOperator", "the coefficient")
        : coefficient.Shape.IsScalar ? coefficient
        : throw new ShapeException($"DifferentialOperator: a coefficient has shape {coefficient.Shape}; it must be a scalar, such as x[1].");

    /// <summary>The product of two coefficients; one of them is the other if it is multiplied by 1.</summary>
    private static Expr Product(Expr left, Expr right) => IsOne(left) ? right : IsOne(right) ? left : left * right;

    private static bool IsOne(Expr coefficient) => IsNumber(coefficient) && coefficient.Value == 1;

    private static bool IsNumber(Expr coefficient) => coefficient.Op == Op.Constant;

    private static bool AreSame(Expr left, Expr right) => ReferenceEquals(left, right) || (IsNumber(left) && IsNumber(right) && left.Value.Equals(right.Value));

    private static DifferentialOperator NotNull(DifferentialOperator operand) => operand ?? throw AutodiffException.Null("DifferentialOperator", "the operator");
}
