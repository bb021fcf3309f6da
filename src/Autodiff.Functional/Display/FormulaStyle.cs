// The signs with which a formula is written for a person.

namespace Autodiff.Functional;

/// <summary>The signs of a formula that <see cref="Expr.ToFormula(FormulaStyle)"/> writes.</summary>
public enum FormulaStyle
{
    /// <summary>ASCII, close to code: <c>2 * x^2 + sqrt(alpha)</c>. Only the names of variables and functions of the caller may have other characters.</summary>
    Ascii,

    /// <summary>The signs of printed mathematics: <c>2x² + √α</c>, and <c>· − ≤ ≥ ∞ π Σ |x| xᵀ</c>.</summary>
    Unicode,
}
