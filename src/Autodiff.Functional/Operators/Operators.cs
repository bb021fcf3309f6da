// Differential operators with a name.

namespace Autodiff.Functional;

/// <summary>Differential operators with a name, for <see cref="AD.Apply(DifferentialOperator, Func{Expr, Expr})"/>.</summary>
public static class Operators
{
    /// <summary>Σ ∂ᵢ² over the first n elements of the argument.</summary>
    /// <param name="n">The number of elements, 0 or more.</param>
    /// <exception cref="AutodiffException">n is negative.</exception>
    public static DifferentialOperator Laplacian(int n)
    {
        if (n < 0)
        {
            throw new AutodiffException($"Laplacian: the number of variables {n} is negative.");
        }

        return Enumerable.Range(0, n).Select(DifferentialOperator.PartialIn).Aggregate(DifferentialOperator.Zero, (sum, partial) => sum + (partial * partial));
    }

    /// <summary>(Σ ∂ᵢ²)², the square of <see cref="Laplacian"/>, which the deflection of a plate obeys.</summary>
    /// <param name="n">The number of elements, 0 or more.</param>
    /// <exception cref="AutodiffException">n is negative.</exception>
    public static DifferentialOperator Biharmonic(int n) => Laplacian(n) * Laplacian(n);

    /// <summary>Σ vᵢ∂ᵢ: the derivative along a direction.</summary>
    /// <param name="direction">v, a vector with an element for each of the first elements of the argument.</param>
    /// <exception cref="ShapeException">v is not a vector.</exception>
    public static DifferentialOperator Directional(Expr direction)
    {
        if (direction is null)
        {
            throw AutodiffException.Null("Directional", "the direction");
        }

        return direction.Rank == 1
            ? Enumerable.Range(0, direction.Shape[0]).Aggregate(DifferentialOperator.Zero, (sum, i) => sum + (direction[i] * DifferentialOperator.PartialIn(i)))
            : throw new ShapeException($"Directional: the direction has shape {direction.Shape}; it must be a vector.");
    }
}
