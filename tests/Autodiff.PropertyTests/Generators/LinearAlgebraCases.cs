// Random calls of the functions of linear algebra, on well-conditioned matrices and batches of them. The reference is the same function on one
// matrix after another. The last column of a square Q is determined by the columns before it, up to its sign; for a 1 × 1 matrix its derivative is
// 0. Orthogonal factors are therefore multiplied by a function of the matrix, since finite differences cannot distinguish a derivative of 0 from
// rounding errors.

using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.Expr;
using static Autodiff.PropertyTests.Generators.Matrices;

namespace Autodiff.PropertyTests.Generators;

internal static class LinearAlgebraCases
{
    public static IReadOnlyDictionary<string, Gen<StructuralCase>> All { get; } = new Dictionary<string, Gen<StructuralCase>>
    {
        ["Solve"] = Systems(Solve, (a, b) => Solve(a, b)),
        ["SolveTriangular, lower"] = Systems((a, b) => SolveTriangular(a, b), (a, b) => Solve(Triangle(a, true), b)),
        ["SolveTriangular, upper"] = Systems((a, b) => SolveTriangular(a, b, lower: false), (a, b) => Solve(Triangle(a, false), b)),
        ["SolveTriangular, lower, transposed"] = Systems((a, b) => SolveTriangular(a, b, transpose: true), (a, b) => Solve(Transpose(Triangle(a, true)), b)),
        ["SolveTriangular, upper, transposed"] = Systems((a, b) => SolveTriangular(a, b, false, true), (a, b) => Solve(Transpose(Triangle(a, false)), b)),
        ["SolveTriangular, unit diagonal"] = Systems((a, b) => SolveTriangular(a, b, unitDiagonal: true), (a, b) => Solve(Triangle(a, true) * (1 - Eye(a.Shape[0])) + Eye(a.Shape[0]), b)),
        ["Inverse"] = Squares("Inverse", Inverse),
        ["Det"] = Squares("Det", Det),
        ["LogDet"] = Squares("LogDet", LogDet),
        ["Cholesky"] = PositiveDefinite("Cholesky", Cholesky),
        ["Qr, Q"] = Rectangles("Qr.Q", x => Qr(x).Q * Sum(x * x, [-2, -1], keepDims: true)),
        ["Qr, R"] = Rectangles("Qr.R", x => Qr(x).R),
        ["Eigh, values"] = PositiveDefinite("Eigh.Values", x => Eigh(x).Values),
        ["Eigh, projectors"] = PositiveDefinite("Eigh.Vectors", x => Einsum("...ik,...jk->...kij", Eigh(x).Vectors, Eigh(x).Vectors)),
        ["Svd, values"] = Rectangles("Svd.S", x => Svd(x).S),
        ["Svd, left projectors"] = Rectangles("Svd.U", x => Einsum("...ik,...jk->...kij", Svd(x).U, Svd(x).U)),
        ["Svd, right projectors"] = Rectangles("Svd.Vt", x => Einsum("...ki,...kj->...kij", Svd(x).Vt, Svd(x).Vt)),
        ["Svd, pairs of vectors"] = Rectangles("Svd.U, Vt", x => Einsum("...ik,...kj->...kij", Svd(x).U, Svd(x).Vt)),
        ["Expm"] = Squares("Expm", Expm),
        ["MatrixFunction"] = PositiveDefinite("MatrixFunction", x => MatrixFunction(Sqrt, x)),
        ["MatrixFunction, with parameters"] =
            from batch in Batch
            from n in Sizes(batch)
            from a in Positive(batch, n)
            from parameters in Tensors.Of(new Shape(2))
            select OfOne("MatrixFunction", (x, p) => MatrixFunction(v => p[0] + Sin(p[1] * v), x), a, parameters),
        ["PolarFactor"] = Rectangles("PolarFactor", x => PolarFactor(x) * Sum(x * x, [-2, -1], keepDims: true)),
        ["Lstsq"] = LeastSquares(),
        ["PInv"] = Rectangles("PInv", PInv),
        ["SignedLogDet"] = Squares("SignedLogDet", x => SignedLogDet(x) is var (sign, log) ? sign * Sin(log) : x),
        ["MatrixNorm, fro"] = Rectangles("MatrixNorm", x => MatrixNorm(x)),
        ["MatrixNorm, nuc"] = Rectangles("MatrixNorm", x => MatrixNorm(x, "nuc")),
        ["MatrixNorm, 1"] = Rectangles("MatrixNorm", x => MatrixNorm(x, 1)),
        ["MatrixNorm, 2"] = Rectangles("MatrixNorm", x => MatrixNorm(x, 2)),
        ["MatrixNorm, infinity"] = Rectangles("MatrixNorm", x => MatrixNorm(x, double.PositiveInfinity)),
        ["MatrixNorm, -1"] = Rectangles("MatrixNorm", x => MatrixNorm(x, -1)),
        ["MatrixNorm, -2"] = Rectangles("MatrixNorm", x => MatrixNorm(x, -2)),
        ["ConditionNumber"] = Rectangles("ConditionNumber", x => ConditionNumber(x)),
        ["ConditionNumber, 1"] = Squares("ConditionNumber", x => ConditionNumber(x, 1)),
        ["ConditionNumber, fro"] = Squares("ConditionNumber", x => ConditionNumber(x, "fro")),
        ["MatrixRank"] = Rectangles("MatrixRank", x => MatrixRank(x) * Sum(x, [-2, -1])),
        ["Sqrtm"] = Positives("Sqrtm", Sqrtm),
        ["Logm"] = Positives("Logm", Logm),
        ["SolveSylvester"] = Sylvesters(),
        ["SolveBanded"] = Banded(),
        ["Lu, P"] = Rectangles("Lu.P", x => Lu(x).P * Sum(x, [-2, -1], keepDims: true)),
        ["Lu, L"] = Rectangles("Lu.L", x => Lu(x).L),
        ["Lu, U"] = Rectangles("Lu.U", x => Lu(x).U),
        ["MatrixPower, 0"] = Squares("MatrixPower", x => MatrixPower(x, 0)),
        ["MatrixPower, 5"] = Squares("MatrixPower", x => MatrixPower(x / 3, 5)),
        ["MatrixPower, -2"] = Squares("MatrixPower", x => MatrixPower(x, -2)),
    };

    private static Gen<StructuralCase> Squares(string name, Func<Expr, Expr> f) =>
        from batch in Batch
        from n in Sizes(batch)
        from a in Of(batch, n, n)
        select OfOne(name, f, a);

    /// <summary>General matrices whose eigenvalues are near 1, 2, 3, …: in some basis, those of a positive definite matrix.</summary>
    private static Gen<StructuralCase> Positives(string name, Func<Expr, Expr> f) =>
        from batch in Batch
        from n in Sizes(batch)
        from a in Positive(batch, n)
        from turn in Tensors.Of(new Shape(n, n))
        let basis = Eye(n) + (turn / (4 * n))
        select OfOne(name, f, MatMul(basis, MatMul(a, Inverse(basis))));

    private static Gen<StructuralCase> LeastSquares() =>
        from batch in Batch
        from rows in Sizes(batch)
        from n in Sizes(batch)
        from columns in Gen.Choose(1, 2)
        from left in Tensors.StretchingTo(batch)
        from right in Gen.Elements(new Shape(rows), new Shape([.. Narrowed(batch), rows, columns]), new Shape([.. batch, rows, columns]))
        from a in Of(left, rows, n)
        from b in Tensors.Of(right)
        select new StructuralCase("Lstsq", [a, b], v => Lstsq(v[0], v[1]), v => Grid.Of(Loop((x, y) => MatMul(PInv(x), y), v[0].ToExpr(), v[1].ToExpr())));

    private static Gen<StructuralCase> Sylvesters() =>
        from batch in Batch
        from m in Sizes(batch)
        from n in Sizes(batch)
        from left in Tensors.StretchingTo(batch)
        from right in Tensors.StretchingTo(batch)
        from a in Positive(left, m)
        from b in Positive(right, n)
        from c in Tensors.Of(new Shape([.. batch, m, n]))
        select new StructuralCase("SolveSylvester", [a, b, c], v => SolveSylvester(v[0], v[1], v[2]), v => Grid.Of(Kronecker(v[0].ToExpr(), v[1].ToExpr(), v[2].ToExpr())));

    /// <summary>The solution of a x + x b = c by its mn linear equations.</summary>
    private static Expr Kronecker(Expr a, Expr b, Expr c)
    {
        var (m, n, batch) = (a.Shape.Lengths[^1], b.Shape.Lengths[^1], c.Shape.Lengths[..^2].ToArray());
        var (left, right) = (BroadcastTo(a, new Shape([.. batch, m, m])), BroadcastTo(b, new Shape([.. batch, n, n])));
        var equations = Einsum("...ik,jl->...ijkl", left, Eye(n)) + Einsum("...lj,ik->...ijkl", right, Eye(m));
        return Reshape(Solve(Reshape(equations, [.. batch, m * n, m * n]), Reshape(c, [.. batch, m * n, 1])), c.Shape);
    }

    private static Gen<StructuralCase> Banded() =>
        from batch in Batch
        from n in Gen.Choose(1, 5)
        from lower in Gen.Choose(0, 2)
        from upper in Gen.Choose(0, 2)
        from columns in Gen.Choose(1, 2)
        from left in Tensors.StretchingTo(batch)
        from right in Gen.Elements(new Shape(n), new Shape([.. Narrowed(batch), n, columns]), new Shape([.. batch, n, columns]))
        from noise in Tensors.Of(new Shape([.. left, lower + upper + 1, n]))
        from b in Tensors.Of(right)
        let bands = (noise / 8) + Grid.Build([lower + upper + 1, n], at => at[0] == upper ? 1 + (at[1] % 3) : 0).ToExpr()
        select new StructuralCase(
            $"SolveBanded({lower}, {upper})",
            [bands, b],
            v => SolveBanded(lower, upper, v[0], v[1]),
            v => Grid.Of(Loop((x, y) => Solve(Whole(lower, upper, x), y), v[0].ToExpr(), v[1].ToExpr())));

    /// <summary>The matrix of some bands.</summary>
    public static Expr Whole(int lower, int upper, Expr bands)
    {
        var (n, grid) = (bands.Shape[1], Grid.Of(bands));
        return Grid.Build([n, n], at => upper + at[0] - at[1] is var row && row >= 0 && row <= lower + upper ? grid[row, at[1]] : 0).ToExpr();
    }

    private static Gen<StructuralCase> PositiveDefinite(string name, Func<Expr, Expr> f) =>
        from batch in Batch
        from n in Sizes(batch)
        from a in Positive(batch, n)
        select OfOne(name, f, a);

    private static Gen<StructuralCase> Rectangles(string name, Func<Expr, Expr> f) =>
        from batch in Batch
        from rows in Sizes(batch)
        from columns in Sizes(batch)
        from a in Of(batch, rows, columns)
        select OfOne(name, f, a);

    private static StructuralCase OfOne(string name, Func<Expr, Expr> f, Expr a) =>
        new(name, [a], v => f(v[0]), v => Grid.Of(Looped(f, v[0].ToExpr())));

    private static StructuralCase OfOne(string name, Func<Expr, Expr, Expr> f, Expr a, Expr parameters) =>
        new(name, [a, parameters], v => f(v[0], v[1]), v => Grid.Of(Looped(x => f(x, v[1].ToExpr()), v[0].ToExpr())));

    /// <summary>Systems of equations with batch axes that broadcast; sometimes the right-hand side is a single vector.</summary>
    private static Gen<StructuralCase> Systems(Func<Expr, Expr, Expr> f, Func<Expr, Expr, Expr> ofOne) =>
        from batch in Batch
        from n in Sizes(batch)
        from columns in Gen.Choose(1, 2)
        from left in Tensors.StretchingTo(batch)
        from right in Gen.Elements(new Shape(n), new Shape([.. Narrowed(batch), n, columns]), new Shape([.. batch, n, columns]))
        from a in Of(left, n, n)
        from b in Tensors.Of(right)
        select new StructuralCase("Solve", [a, b], v => f(v[0], v[1]), v => Grid.Of(Loop(ofOne, v[0].ToExpr(), v[1].ToExpr())));

    private static Expr Loop(Func<Expr, Expr, Expr> f, Expr a, Expr b)
    {
        if (b.Rank == 1)
        {
            return Looped(x => f(x, b), a);
        }

        var batch = (Zeros(a.Shape.Lengths[..^2]) + Zeros(b.Shape.Lengths[..^2])).Shape;
        Expr Stretched(Expr x) => BroadcastTo(x, new Shape([.. batch, .. x.Shape.Lengths[^2..]]));
        Expr[] results = [.. Each(Stretched(a)).Zip(Each(Stretched(b)), f)];
        return Reshape(Stack(results), [.. batch, .. results[0].Shape]);
    }

    private static Gen<int> Sizes(Shape batch) => Gen.Choose(1, batch.Rank == 0 ? 4 : 2);

    private static IEnumerable<int> Narrowed(Shape batch) => batch.Select((length, axis) => axis == 0 ? 1 : length);

    private static Expr Triangle(Expr a, bool isLower) =>
        Grid.Build(a.Shape, at => at[0] == at[1] || at[0] > at[1] == isLower ? 1 : 0).ToExpr() * a;
}
