// Equations x = T(x, θ) for a scalar, vector or matrix x. T is a contraction, so there is exactly one solution, to which iteration converges.

using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Generators;

/// <summary>The equation x = T(x, θ) with T(x, θ) = 0.4 sin(M x + θ) + θ/2, where M multiplies the vector of all elements of x.</summary>
/// <param name="Mix">M, with rows whose absolute sum is at most 1.</param>
/// <param name="Theta">θ, of the shape of x.</param>
public sealed record ImplicitCase(Expr Mix, Expr Theta)
{
    public Shape Shape => Theta.Shape;

    public Expr Map(Expr x, Expr theta) => (0.4 * Sin(Mixed(x) + theta)) + (theta / 2);

    /// <summary>x − T(x, θ).</summary>
    public Expr Residual(Expr x, Expr theta) => x - Map(x, theta);

    /// <summary>A convex function of x, to be minimised.</summary>
    public Expr Objective(Expr x, Expr theta) => (Sum((x - theta) * (x - theta)) / 2) + (0.3 * Sum(Cosh(Mixed(x) + theta)));

    /// <summary>The solution by a fixed number of iterations in C#, each of which is differentiated.</summary>
    public Expr Unrolled(Expr theta)
    {
        var x = Zeros(Shape);
        for (var step = 0; step < 60; step++)
        {
            x = Map(x, theta);
        }

        return x;
    }

    /// <summary>The scalar that is differentiated: a function of the solution and of θ itself.</summary>
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
