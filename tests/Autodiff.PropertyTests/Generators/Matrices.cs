// Random matrices at which the functions of linear algebra are differentiable and well conditioned: singular values and eigenvalues are well
// separated from each other and from 0, unless stated otherwise.

using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Generators;

internal static class Matrices
{
    /// <summary>A diagonal of ±1, ±2, ±3, … plus a random matrix whose norm is at most 1/2, so that singular values stay apart.</summary>
    public static Gen<Expr> Of(Shape batch, int rows, int columns) =>
        from noise in Tensors.Of(new Shape([.. batch, rows, columns]))
        from sign in Gen.Elements(-1.0, 1.0).ArrayOf(Math.Min(rows, columns))
        select (noise / (4 * Math.Sqrt(rows * columns))) + Spread(rows, columns, sign);

    /// <summary>Any square matrix, which may even be singular.</summary>
    public static Gen<Expr> Any(int n) => Tensors.Of(new Shape(n, n));

    /// <summary>A matrix with a positive definite symmetric part, the part that functions of symmetric matrices use. It is not symmetric itself.</summary>
    public static Gen<Expr> Positive(Shape batch, int n) =>
        from noise in Tensors.Of(new Shape([.. batch, n, n]))
        select (noise / (4 * n)) + Spread(n, n, [.. Enumerable.Repeat(1.0, n)]);

    /// <summary>
    /// A symmetric matrix whose eigenvalues coincide, nearly coincide or are apart, all of them between 1/2 and 4.
    /// </summary>
    public static Gen<Expr> Clustered(int n) =>
        from center in Gen.Elements(1.0, 2.0, 3.0).ArrayOf(n)
        from gap in Gen.Elements(0, 0, 1e-16, 1e-12, 1e-9, 1e-6, 1e-3, 0.5).ArrayOf(n)
        from turn in Of(Shape.Scalar, n, n)
        let basis = Qr(turn + Grid.Build([n, n], at => at[0] < at[1] ? 1 : 0).ToExpr()).Q
        let product = MatMul(basis * (Expr)center.Zip(gap, (x, y) => x + y).ToArray(), Transpose(basis))
        select (product + Transpose(product)) / 2;

    /// <summary>The lengths of 0 to 2 batch axes.</summary>
    public static Gen<Shape> Batch { get; } =
        from rank in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Constant(1)), (1, Gen.Constant(2)))
        from lengths in Gen.Choose(1, 2).ArrayOf(rank)
        select new Shape(lengths);

    /// <summary>The transpose of one matrix or of each in a batch.</summary>
    public static Expr Transposed(Expr x) => Einsum("...ij->...ji", x);

    /// <summary>Every matrix of a batch, in order.</summary>
    public static IEnumerable<Expr> Each(Expr x)
    {
        var all = Reshape(x, [-1, .. x.Shape.Lengths[^2..]]);
        return Enumerable.Range(0, all.Shape[0]).Select(i => all[i]);
    }

    /// <summary>A function of one matrix at every matrix of a batch.</summary>
    public static Expr Looped(Func<Expr, Expr> f, Expr x)
    {
        Expr[] results = [.. Each(x).Select(f)];
        return Reshape(Stack(results), new Shape([.. x.Shape.Lengths[..^2], .. results[0].Shape]));
    }

    private static Expr Spread(int rows, int columns, double[] sign) =>
        Grid.Build([rows, columns], at => at[0] == at[1] ? sign[at[0]] * (at[0] + 1) : 0).ToExpr();
}
