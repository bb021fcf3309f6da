// Equations with one solution, which iteration finds too: x = T(x, θ) where T contracts, with a scalar, vector or matrix unknown.

using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Generators;

/// <summary>T(x, θ) = 0.4 sin(M x + θ) + θ/2 over all elements of x at once.</summary>
/// <param name="Mix">M, with rows whose absolute sum is at most 1.</param>
/// <param name="Theta">θ, of the shape of x.</param>
public sealed record ImplicitCase(Expr Mix, Expr Theta)
{
    public Shape Shape => Theta.Shape;

    public Expr Map(Expr x, Expr theta) => (0.4 * Sin(Mixed(x) + theta)) + (theta / 2);

    /// <summary>x − T(x, θ).</summary>
    public Expr Residual(Expr x, Expr theta) => x - Map(x, theta);

    /// <summary>A convex function of x.</summary>
    public Expr Objective(Expr x, Expr theta) => (Sum((x - theta) * (x - theta)) / 2) + (0.3 * Sum(Cosh(Mixed(x) + theta)));

    /// <summary>The solution by C# statements, each of which is differentiated.</summary>
    public Expr Unrolled(Expr theta)
    {
        var x = Zeros(Shape);
        for (var step = 0; step < 60; step++)
        {
            x = Map(x, theta);
        }

        return x;
    }

    /// <summary>What is differentiated: a number made of a solution and of θ itself.</summary>
    public static Expr Loss(Expr x, Expr theta) => Sum(Exp(x / 2) * (1 + theta));

    private Expr Mixed(Expr x) => Reshape(MatMul(Mix, Reshape(x, Shape.Size)), Shape);
}

public static class ImplicitCases
{
    public static Arbitrary<ImplicitCase> Arbitrary { get; } = Arb.From(
        from shape in Gen.Elements(Shape.Scalar, new Shape(1), new Shape(3), new Shape(2, 2))
        from mix in Tensors.Of(new Shape(shape.Size, shape.Size))
        from theta in Tensors.Of(shape)
        select new ImplicitCase(mix / (2 * shape.Size), theta / 2));
}
