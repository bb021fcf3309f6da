// Which partial derivative: how often in which variable.

using System.Globalization;

namespace Autodiff.Functional;

/// <summary>
/// The powers of some variables, such as ∂₀²∂₃: the order of a partial derivative in each variable. Indices are sorted by variable and compared
/// by degree, the higher first, and then by the powers of the lower variables.
/// </summary>
internal sealed class MultiIndex : IEquatable<MultiIndex>, IComparable<MultiIndex>
{
    private readonly (int Variable, int Power)[] _powers;

    private MultiIndex((int Variable, int Power)[] powers)
    {
        (_powers, Degree) = (powers, powers.Sum(each => each.Power));
    }

    /// <summary>No derivative at all.</summary>
    public static MultiIndex None { get; } = new([]);

    /// <summary>The variables that occur, in ascending order, and their powers, 1 or more.</summary>
    public IReadOnlyList<(int Variable, int Power)> Powers => _powers;

    /// <summary>The sum of the powers.</summary>
    public int Degree { get; }

    public static MultiIndex Of(int variable) => new([(variable, 1)]);

    /// <summary>The index with the given powers, of which those that are 0 are left out.</summary>
    public static MultiIndex Of(IEnumerable<(int Variable, int Power)> powers) => new([.. powers.Where(each => each.Power > 0).OrderBy(each => each.Variable)]);

    public static MultiIndex operator *(MultiIndex left, MultiIndex right) => Of(
        left._powers.Concat(right._powers).GroupBy(each => each.Variable).Select(group => (group.Key, group.Sum(each => each.Power))));

    /// <summary>The index that gives this one when it is multiplied by a divisor; null if there is none.</summary>
    public MultiIndex? Over(MultiIndex divisor)
    {
        var left = _powers.ToDictionary(each => each.Variable, each => each.Power);
        foreach (var (variable, power) in divisor._powers)
        {
            left[variable] = left.GetValueOrDefault(variable) - power;
        }

        return left.Values.Any(power => power < 0) ? null : Of(left.Select(each => (each.Key, each.Value)));
    }

    public int CompareTo(MultiIndex? other)
    {
        if (other is null || Degree != other.Degree)
        {
            return other is null ? 1 : other.Degree.CompareTo(Degree);
        }

        for (var i = 0; i < Math.Min(_powers.Length, other._powers.Length); i++)
        {
            var (own, their) = (_powers[i], other._powers[i]);
            if (own != their)
            {
                return own.Variable != their.Variable ? own.Variable.CompareTo(their.Variable) : their.Power.CompareTo(own.Power);
            }
        }

        return 0;
    }

    public bool Equals(MultiIndex? other) => other is not null && _powers.AsSpan().SequenceEqual(other._powers);

    public override bool Equals(object? obj) => Equals(obj as MultiIndex);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var power in _powers)
        {
            hash.Add(power);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => string.Concat(_powers.Select(each =>
        $"∂{Digits(each.Variable, "₀₁₂₃₄₅₆₇₈₉")}{(each.Power == 1 ? "" : Digits(each.Power, "⁰¹²³⁴⁵⁶⁷⁸⁹"))}"));

    private static string Digits(int number, string digits) => string.Concat(number.ToString(CultureInfo.InvariantCulture).Select(digit => digits[digit - '0']));
}
