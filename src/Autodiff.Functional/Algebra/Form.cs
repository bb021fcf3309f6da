// A formula as a sum of terms, each an exact coefficient times a monomial. Equal terms are one.

namespace Autodiff.Functional.Algebra;

/// <summary>Σ cᵢmᵢ with coefficients other than 0; the empty sum is 0.</summary>
internal sealed class Form
{
    private readonly Dictionary<Monomial, Rational> _terms;

    private Form(Dictionary<Monomial, Rational> terms) => _terms = terms;

    public static Form Zero { get; } = new([]);

    public static Form Of(Rational constant) => Of(Monomial.One, constant);

    public static Form Of(Monomial monomial, Rational coefficient) => coefficient.IsZero ? Zero : new(new() { [monomial] = coefficient });

    public static Form Of(IEnumerable<(Monomial Monomial, Rational Coefficient)> terms)
    {
        var sum = new Builder();
        foreach (var (monomial, coefficient) in terms)
        {
            sum.Add(monomial, coefficient);
        }

        return sum.ToForm();
    }

    public int Count => _terms.Count;

    public IEnumerable<(Monomial Monomial, Rational Coefficient)> Terms => _terms.Select(term => (term.Key, term.Value));

    /// <summary>The only term; null if there are none or several.</summary>
    public (Monomial Monomial, Rational Coefficient)? Single => Count == 1 ? Terms.First() : null;

    /// <summary>The value if it is a number; null if it contains an atom.</summary>
    public Rational? Constant => Count == 0 ? Rational.Zero : Single is var (monomial, coefficient) && monomial.Factors.Length == 0 ? coefficient : null;

    public Rational CoefficientOf(Monomial monomial) => _terms.GetValueOrDefault(monomial);

    /// <summary>The product with one term.</summary>
    public Form Times(Monomial monomial, Rational coefficient) =>
        Of(Terms.Select(term => (term.Monomial * monomial, term.Coefficient * coefficient)));

    public static Form operator *(Form a, Form b) =>
        Of(a.Terms.SelectMany(left => b.Terms.Select(right => (left.Monomial * right.Monomial, left.Coefficient * right.Coefficient))));

    public static Form operator +(Form a, Form b) => Of(a.Terms.Concat(b.Terms));

    public static Form operator -(Form a) => a.Times(Monomial.One, -1);

    public Builder ToBuilder() => new(new(_terms));

    /// <summary>A sum to which terms are added one by one.</summary>
    public sealed class Builder(Dictionary<Monomial, Rational> terms)
    {
        public Builder()
            : this([])
        {
        }

        public Rational CoefficientOf(Monomial monomial) => terms.GetValueOrDefault(monomial);

        public void Add(Monomial monomial, Rational coefficient)
        {
            var total = terms.GetValueOrDefault(monomial) + coefficient;
            if (total.IsZero)
            {
                terms.Remove(monomial);
            }
            else
            {
                terms[monomial] = total;
            }
        }

        /// <summary>The sum; no terms are added after it.</summary>
        public Form ToForm() => new(terms);
    }
}
