// Every operation of Expr on shapes, axes, positions and texts that do not fit.

using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Errors;

internal static class MisuseTable
{
    private static readonly Shape s_scalar = Shape.Scalar;
    private static readonly Shape s_vector = new(3);
    private static readonly Shape s_other = new(4);
    private static readonly Shape s_matrix = new(2, 3);

    public static IReadOnlyList<Misuse> Rows { get; } =
    [
        .. Broadcasts,
        .. Reductions,
        .. Movements,
        .. Slices,
        .. Joins,
        .. Products,
        .. Einsums,
        .. LinearAlgebra,
        .. Signals,
    ];

    /// <summary>Results too large to be made; to be tried on symbols, so that nothing is computed.</summary>
    public static IReadOnlyList<Misuse> TooLarge { get; } =
    [
        new("Add", [new(100_000, 1), new(1, 100_000)], x => x[0] + x[1], "elements"),
        new("Where", [new(100_000, 1), new(1, 100_000)], x => Where(x[0], x[1], 0), "elements"),
        new("MatMul", [new(100_000, 1), new(1, 100_000)], x => MatMul(x[0], x[1]), "elements"),
        new("Outer", [new(100_000), new(100_000)], x => Outer(x[0], x[1]), "elements"),
        new("Diag", [new(100_000)], x => Diag(x[0]), "elements"),
        new("Einsum", [new(100_000), new(100_000)], x => Expr.Einsum("i,j->ij", x), "elements"),
        new("MatMul", [new([.. Enumerable.Repeat(1, 60)]), new([.. Enumerable.Repeat(1, 60)])], x => MatMul(x[0], x[1]), "axes"),
        new("Qr", [new(40_000, 40_000)], x => Qr(x[0]).Q, "elements"),
        new("Svd", [new(40_000, 40_000)], x => Svd(x[0]).S, "elements"),
        new("Solve", [new(100_000, 1, 1), new(1, 1, 100_000)], x => Solve(x[0], x[1]), "elements"),
        new("Conv", [new(40_000, 1, 1), new(60_000, 1, 1)], x => Conv(x[0], x[1]), "elements"),
        new("ConvTranspose", [new(1, 1, 100_000), new(1, 1, 1)], x => ConvTranspose(x[0], x[1], stride: 100_000), "elements"),
        new("Einsum", [new([.. Enumerable.Repeat(1, 60)])], x => Expr.Einsum("...->...", x), "axes"),
    ];

    private static IEnumerable<Misuse> Broadcasts =>
        from operation in new (string Name, Func<Expr, Expr, Expr> Use)[]
        {
            ("Add", (a, b) => a + b),
            ("Subtract", (a, b) => a - b),
            ("Multiply", (a, b) => a * b),
            ("Divide", (a, b) => a / b),
            ("Less", (a, b) => a < b),
            ("LessOrEqual", (a, b) => a <= b),
            ("Greater", (a, b) => a > b),
            ("GreaterOrEqual", (a, b) => a >= b),
            ("Equal", Eq),
            ("Pow", Pow),
            ("Atan2", Atan2),
            ("Hypot", Hypot),
            ("Min", Min),
            ("Max", Max),
            ("Where", (a, b) => Where(a, b, 0)),
            ("Where", (a, b) => Where(a, 0, b)),
            ("Where", (a, b) => Where(1, a, b)),
            ("Clamp", (a, b) => Clamp(a, b, 1)),
            ("Clamp", (a, b) => Clamp(a, 0, b)),
            ("Multiply", (a, b) => a & b),
            ("Max", (a, b) => a | b),
        }
        from shapes in new[] { (s_vector, s_other), (s_matrix, s_other), (s_matrix, new Shape(2)), (new Shape(2, 0), s_matrix) }
        select new Misuse(operation.Name, [shapes.Item1, shapes.Item2], x => operation.Use(x[0], x[1]), "do not broadcast");

    private static IEnumerable<Misuse> Reductions =>
    [
        .. from operation in new (string Name, Func<Expr, Axes, Expr> Use)[]
           {
               ("Sum", (x, axis) => Sum(x, axis)),
               ("Mean", (x, axis) => Mean(x, axis)),
               ("Prod", (x, axis) => Prod(x, axis)),
               ("MaxOf", (x, axis) => MaxOf(x, axis)),
               ("MinOf", (x, axis) => MinOf(x, axis)),
               ("LogSumExp", (x, axis) => LogSumExp(x, axis)),
               ("Norm", (x, axis) => Norm(x, axis)),
           }
           from misuse in new[]
           {
               new Misuse(operation.Name, [s_matrix], x => operation.Use(x[0], 2), "axis 2 does not exist"),
               new Misuse(operation.Name, [s_matrix], x => operation.Use(x[0], -3), "axis -3 does not exist"),
               new Misuse(operation.Name, [s_matrix], x => operation.Use(x[0], Axes.Of(0, 0)), "named twice"),
               new Misuse(operation.Name, [s_matrix], x => operation.Use(x[0], Axes.Of(1, -1)), "named twice"),
               new Misuse(operation.Name, [s_scalar], x => operation.Use(x[0], 0), "axis 0 does not exist in a scalar"),
           }
           select misuse,
        new("MaxOf", [new(0)], x => MaxOf(x[0]), "no largest or smallest of none"),
        new("MinOf", [new(2, 0)], x => MinOf(x[0], 1), "no largest or smallest of none"),
        new("Mean", [new(0)], x => Mean(x[0]), "no mean of none"),
        new("Mean", [new(0, 3)], x => Mean(x[0], 0, keepDims: true), "no mean of none"),
        new("CumSum", [s_matrix], x => CumSum(x[0], 2), "axis 2 does not exist"),
        new("CumSum", [s_scalar], x => CumSum(x[0]), "axis 0 does not exist in a scalar"),
    ];

    private static IEnumerable<Misuse> Signals =>
    [
        new("Convolve", [s_scalar, s_vector], x => Convolve(x[0], x[1]), "two sequences of one element or more"),
        new("Convolve", [s_vector, new(0)], x => Convolve(x[0], x[1]), "two sequences of one element or more"),
        new("Convolve", [new(2, 3), new(3, 3)], x => Convolve(x[0], x[1]), "must broadcast"),
        new("Conv", [new(1, 2, 5), new(1, 2, 5, 5)], x => Conv(x[0], x[1]), "with the same spatial axes"),
        new("Conv", [new(1, 2), new(1, 2)], x => Conv(x[0], x[1]), "at least one"),
        new("Conv", [new(1, 2, 5), new(1, 3, 2)], x => Conv(x[0], x[1]), "has 2 channels"),
        new("Conv", [new(1, 4, 5), new(3, 2, 2)], x => Conv(x[0], x[1], groups: 2), "do not fall into 2 groups"),
        new("Conv", [new(1, 2, 5), new(1, 2, 6)], x => Conv(x[0], x[1]), "is longer than the input"),
        new("Conv", [new(1, 2, 5), new(1, 2, 3)], x => Conv(x[0], x[1], dilation: 3), "is longer than the input"),
        new("Conv", [new(1, 2, 5), new(1, 2, 0)], x => Conv(x[0], x[1]), "has no position"),
        new("ConvTranspose", [new(1, 2, 5), new(3, 2, 3)], x => ConvTranspose(x[0], x[1]), "has 2 channels"),
        new("ConvTranspose", [new(1, 2, 1), new(2, 1, 2)], x => ConvTranspose(x[0], x[1], padding: 1), "leaves no position"),
        new("MaxPool", [new(2, 3)], x => MaxPool(x[0], 2), "at least one spatial axis"),
        new("MaxPool", [new(1, 1, 3)], x => MaxPool(x[0], 4), "is longer than spatial axis 0"),
        new("MaxPool", [new(1, 1, 3)], x => MaxPool(x[0], 2, padding: 2), "must be less than the window"),
        new("MaxPool", [new(1, 1, 3)], x => MaxPool(x[0], default), "has no lengths"),
        new("MeanPool", [new(1, 1, 3, 0)], x => MeanPool(x[0], 1), "is longer than spatial axis 1"),
        new("Interp", [new(3), new(4)], x => Interp(1, x[0], x[1]), "two vectors of one length"),
        new("Interp", [new(2, 2), new(2, 2)], x => Interp(1, x[0], x[1]), "two vectors of one length"),
    ];

    private static IEnumerable<Misuse> Movements =>
    [
        new("Reshape", [s_matrix], x => Reshape(x[0], new Shape(4)), "cannot become (4)"),
        new("Reshape", [s_matrix], x => Reshape(x[0], 3, 3), "cannot become (3, 3)"),
        new("Reshape", [s_matrix], x => Reshape(x[0], -1, 4), "does not fit (-1, 4)"),
        new("Reshape", [s_matrix], x => Reshape(x[0], -1, -1), "one length may be -1"),
        new("Reshape", [s_matrix], x => Reshape(x[0], 0, -1), "does not fit (0, -1)"),
        new("Reshape", [s_matrix], x => Reshape(x[0], -2, 3), "-2"),
        new("Reshape", [s_matrix], x => Reshape(x[0], -1, -2), "-2"),
        new("BroadcastTo", [s_vector], x => BroadcastTo(x[0], new Shape(4)), "(4)"),
        new("BroadcastTo", [s_matrix], x => BroadcastTo(x[0], new Shape(3)), "does not stretch to (3)"),
        new("BroadcastTo", [s_vector], x => BroadcastTo(x[0], new Shape(1)), "does not stretch to (1)"),
        new("BroadcastTo", [s_vector], x => BroadcastTo(x[0], Shape.Scalar), "does not stretch to ()"),
        new("Permute", [s_matrix], x => Permute(x[0], 0), "names 1 axes"),
        new("Permute", [s_matrix], x => Permute(x[0], 0, 0), "named twice"),
        new("Permute", [s_matrix], x => Permute(x[0], 0, -2), "named twice"),
        new("Permute", [s_matrix], x => Permute(x[0], 0, 2), "axis 2 does not exist"),
        new("Permute", [s_matrix], x => Permute(x[0]), "names 0 axes"),
        new("Flip", [s_matrix], x => Flip(x[0], 2), "axis 2 does not exist"),
        new("Flip", [s_scalar], x => Flip(x[0]), "axis 0 does not exist in a scalar"),
        new("Take", [s_matrix], x => Take(x[0], [2]), "position 2 is outside axis 0"),
        new("Take", [s_matrix], x => Take(x[0], [-1]), "position -1 is outside axis 0"),
        new("Take", [s_matrix], x => Take(x[0], [0], -3), "axis -3 does not exist"),
        new("Take", [s_scalar], x => Take(x[0], [0]), "axis 0 does not exist in a scalar"),
    ];

    private static IEnumerable<Misuse> Slices =>
    [
        new("Slice", [s_vector], x => x[0][3], "index 3 is outside axis 0"),
        new("Slice", [s_vector], x => x[0][^4], "index ^4 is outside axis 0"),
        new("Slice", [s_vector], x => x[0][^0], "index ^0 is outside axis 0"),
        new("Slice", [new(0)], x => x[0][0], "index 0 is outside axis 0"),
        new("Slice", [s_vector], x => x[0][1..4], "range 1..4 is outside axis 0"),
        new("Slice", [s_vector], x => x[0][2..1], "range 2..1"),
        new("Slice", [s_vector], x => x[0][^4..], "range ^4.. is outside axis 0"),
        new("Slice", [s_matrix], x => x[0][0, 3], "index 3 is outside axis 1"),
        new("Slice", [s_matrix], x => x[0][.., 1..5], "range 1..5 is outside axis 1"),
        new("Slice", [s_vector], x => x[0][0, 0], "which has 1 axes"),
        new("Slice", [s_scalar], x => x[0][0], "which has 0 axes"),
    ];

    private static IEnumerable<Misuse> Joins =>
    [
        new("Concat", [s_matrix, s_other], x => Concat([x[0], x[1]]), "do not join along axis 0"),
        new("Concat", [s_matrix, new(3, 4)], x => Concat([x[0], x[1]], 0), "do not join along axis 0"),
        new("Concat", [s_vector, s_scalar], x => Concat([x[0], x[1]]), "do not join along axis 0"),
        new("Concat", [s_matrix], x => Concat([x[0]], 2), "axis 2 does not exist"),
        new("Concat", [s_scalar], x => Concat([x[0], x[0]]), "Stack"),
        new("Concat", [], _ => Concat([]), "no tensor to join"),
        new("Stack", [s_vector, s_other], x => Stack([x[0], x[1]]), "differ"),
        new("Stack", [s_vector, s_scalar], x => Stack([x[0], x[1]]), "differ"),
        new("Stack", [s_vector], x => Stack([x[0]], 2), "axis 2 does not exist"),
        new("Stack", [s_vector], x => Stack([x[0]], -3), "axis -3 does not exist"),
        new("Stack", [], _ => Stack([]), "no tensor to join"),
    ];

    private static IEnumerable<Misuse> Products =>
    [
        new("Dot", [s_vector, s_other], x => Dot(x[0], x[1]), "do not multiply"),
        new("Dot", [s_matrix, s_matrix], x => Dot(x[0], x[1]), "(…, k) by (k) or (…, k, n)"),
        new("MatMul", [s_matrix, s_matrix], x => MatMul(x[0], x[1]), "do not multiply"),
        new("MatMul", [s_matrix, s_other], x => MatMul(x[0], x[1]), "do not multiply"),
        new("MatMul", [s_scalar, s_matrix], x => MatMul(x[0], x[1]), "do not multiply"),
        new("MatMul", [s_matrix, s_scalar], x => MatMul(x[0], x[1]), "do not multiply"),
        new("MatMul", [new(2, 2, 3), new(3, 3, 4)], x => MatMul(x[0], x[1]), "do not"),
        new("Outer", [s_vector, s_matrix], x => Outer(x[0], x[1]), "not two vectors"),
        new("Outer", [s_scalar, s_vector], x => Outer(x[0], x[1]), "not two vectors"),
        new("Trace", [s_scalar], x => Trace(x[0]), "is not that of matrices"),
        new("Trace", [s_vector], x => Trace(x[0]), "is not that of matrices"),
        new("Diag", [s_scalar], x => Diag(x[0]), "is not that of matrices"),
    ];

    private static IEnumerable<Misuse> LinearAlgebra =>
    [
        .. from operation in new (string Name, Func<Expr, Expr> Use)[]
           {
               ("Inverse", Inverse),
               ("Det", Det),
               ("LogDet", LogDet),
               ("Cholesky", Cholesky),
               ("Eigh", x => Eigh(x).Values),
               ("Expm", Expm),
               ("MatrixFunction", x => MatrixFunction(Exp, x)),
               ("MatrixPower", x => MatrixPower(x, 2)),
               ("MatrixPower", x => MatrixPower(x, -1)),
               ("MatrixPower", x => MatrixPower(x, 0)),
               ("Solve", x => Solve(x, Ones(2))),
               ("SolveTriangular", x => SolveTriangular(x, Ones(2), transpose: true)),
           }
           from shape in new[] { s_scalar, s_vector, s_matrix, new Shape(3, 3, 2) }
           select new Misuse(operation.Name, [shape], x => operation.Use(x[0]), "(…, n, n)"),
        .. from operation in new (string Name, Func<Expr, Expr> Use)[] { ("Qr", x => Qr(x).R), ("Svd", x => Svd(x).S), ("PolarFactor", PolarFactor) }
           from shape in new[] { s_scalar, s_vector }
           select new Misuse(operation.Name, [shape], x => operation.Use(x[0]), "(…, m, n)"),
        .. from operation in new (string Name, Func<Expr, Expr, Expr> Use)[] { ("Solve", Solve), ("SolveTriangular", (a, b) => SolveTriangular(a, b)) }
           from misuse in new[]
           {
               new Misuse(operation.Name, [new(3, 3), s_other], x => operation.Use(x[0], x[1]), "(…, n, k)"),
               new Misuse(operation.Name, [new(3, 3), s_scalar], x => operation.Use(x[0], x[1]), "(…, n, k)"),
               new Misuse(operation.Name, [new(3, 3), s_matrix], x => operation.Use(x[0], x[1]), "(…, n, k)"),
               new Misuse(operation.Name, [new(2, 3, 3), new(4, 3, 1)], x => operation.Use(x[0], x[1]), "must broadcast"),
           }
           select misuse,
    ];

    private static IEnumerable<Misuse> Einsums =>
    [
        Einsum("ij,jk->ik", "names 2 operand(s), but 1", s_matrix),
        Einsum("ij->ji", "names 1 operand(s), but 2", s_matrix, s_matrix),
        Einsum("ij->ji", "names 1 operand(s), but 0"),
        Einsum("i->i", "names 1 axes", s_matrix),
        Einsum("ijk->i", "names 3 axes", s_matrix),
        Einsum("ij,jk->ik", "axis 'j' the lengths 3 and 2", s_matrix, s_matrix),
        Einsum("ii->i", "axis 'i' the lengths 2 and 3", s_matrix),
        Einsum("ij->ik", "'k' in its result but in no operand", s_matrix),
        Einsum("ij->ii", "repeats 'i' in its result", s_matrix),
        Einsum("ij->i->j", "more than one \"->\"", s_matrix),
        Einsum("i1->i", "the character '1'", s_matrix),
        Einsum("i?->i", "the character '?'", s_matrix),
        Einsum("ij-ji", "the character '-'", s_matrix),
        Einsum("ij>ji", "the character '>'", s_matrix),
        Einsum("ij->i?", "'?'", s_matrix),
        Einsum("i..j->ij", "the character '.'", s_matrix),
        Einsum("i.j->ij", "the character '.'", s_matrix),
        Einsum("...ijk->i", "more axes than operand 0", s_matrix),
        Einsum("...i...->i", "...", new Shape(2, 2, 2, 3, 2, 2, 2)),
        Einsum("", "names 0 axes", s_matrix),
        Einsum("ij,->ij", "names 0 axes", s_matrix, s_matrix),
        Einsum(",ij->ij", "names 0 axes", s_matrix, s_matrix),
        Einsum("...i,...i->...", "lengths 2 and 4 under the ellipsis", s_matrix, new Shape(4, 3)),
        Einsum("...i->...i...", "two ellipses in its result", s_matrix),
        Einsum("éj->j", "the character 'é'", s_matrix),
    ];

    private static Misuse Einsum(string text, string why, params Shape[] shapes) => new("Einsum", shapes, x => Expr.Einsum(text, x), why);
}
