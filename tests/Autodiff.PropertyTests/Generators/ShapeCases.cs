// Random calls of the functions that pad, repeat, split and rearrange tensors, and of products by axes, with plain loops beside them.

using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Generators;

internal static class ShapeCases
{
    /// <summary>Functions that are linear in every operand.</summary>
    public static IReadOnlyDictionary<string, Gen<StructuralCase>> All { get; } = new Dictionary<string, Gen<StructuralCase>>
    {
        ["Pad"] = Padded(),
        ["Roll"] = AlongAnAxis((x, axis) => from shift in Gen.Choose(-7, 7)
                                            select Case($"Roll({shift}, {axis})", x, v => Roll(v, shift, axis), v => Grid.Build(v.Lengths, at => v[Moved(at, axis, v, i => Modulo(i - shift, Length(v, axis)))]))),
        ["Tile"] = Tiled(),
        ["Repeat"] = AlongAnAxis((x, axis) => from count in Gen.Choose(0, 3)
                                              select Case($"Repeat({count}, {axis})", x, v => Repeat(v, count, axis), v => Grid.Build(With(v, axis, Length(v, axis) * count), at => v[Moved(at, axis, v, i => i / count)]))),
        ["Split"] = AlongAnAxis((x, axis) => from cut in Gen.Choose(0, x.Shape[FromStart(axis, x.Rank)])
                                             select Case($"Split([{cut}], {axis})[1]", x, v => Split(v, [cut], axis)[1], v => Grid.Build(With(v, axis, Length(v, axis) - cut), at => v[Moved(at, axis, v, i => i + cut)]))),
        ["Split in equal parts"] = from x in Tensors.Of(new Shape(2, 6))
                                   from part in Gen.Choose(0, 2)
                                   select Case($"Split(3, -1)[{part}]", x, v => Split(v, 3, -1)[part], v => Grid.Build([2, 2], at => v[at[0], (2 * part) + at[1]])),
        ["Squeeze"] = from x in Tensors.Of(new Shape(1, 3, 1, 2))
                      from axes in Gen.Elements<int[]?>(null, [0], [-2], [2, 0])
                      select Case("Squeeze", x, v => Squeeze(v, axes), v => v with { Lengths = [.. v.Lengths.Where((length, axis) => length > 1 || !(axes?.Select(each => FromStart(each, 4)).Contains(axis) ?? true))] }),
        ["ExpandDims"] = from x in Tensors.Any
                         from axis in Gen.Choose(-x.Rank - 1, x.Rank)
                         select Case($"ExpandDims({axis})", x, v => ExpandDims(v, axis), v => v with { Lengths = [.. v.Lengths[..FromStart(axis, v.Rank + 1)], 1, .. v.Lengths[FromStart(axis, v.Rank + 1)..]] }),
        ["SwapAxes"] = AlongAnAxis((x, a) => from b in Gen.Choose(-x.Rank, x.Rank - 1)
                                             select Case($"SwapAxes({a}, {b})", x, v => SwapAxes(v, a, b), v => Grid.Build(Swapped(v.Lengths, a, b), at => v[Swapped(at, a, b)]))),
        ["Tril"] = OfMatrices((x, offset) => Case($"Tril({offset})", x, v => Tril(v, offset), v => Grid.Build(v.Lengths, at => at[^1] <= at[^2] + offset ? v[at] : 0))),
        ["Triu"] = OfMatrices((x, offset) => Case($"Triu({offset})", x, v => Triu(v, offset), v => Grid.Build(v.Lengths, at => at[^1] >= at[^2] + offset ? v[at] : 0))),
        ["Diag"] = OfMatrices((x, offset) => Case(
            $"Diag({offset})",
            x,
            v => Diag(v, offset),
            v => Grid.Build([.. v.Lengths[..^2], Diagonal(v, offset)], at => v[[.. at[..^1], at[^1] + Math.Max(-offset, 0), at[^1] + Math.Max(offset, 0)]]))),
        ["Diag of a vector"] = from n in Gen.Choose(1, 4)
                               from x in Tensors.Of(new Shape(n))
                               from offset in Gen.Choose(-3, 3)
                               let size = n + Math.Abs(offset)
                               select Case($"Diag({offset})", x, v => Diag(v, offset), v => Grid.Build([size, size], at => at[1] - at[0] == offset ? v[Math.Min(at[0], at[1])] : 0)),
        ["Trace"] = OfMatrices((x, offset) => Case(
            $"Trace({offset})",
            x,
            v => Trace(v, offset),
            v => Grid.Build(v.Lengths[..^2], at => Enumerable.Range(0, Diagonal(v, offset)).Sum(i => v[[.. at, i + Math.Max(-offset, 0), i + Math.Max(offset, 0)]])))),
        ["Differences"] = AlongAnAxis((x, axis) => Gen.Constant(Case(
            $"Differences({axis})", x, v => Differences(v, axis), v => Grid.Build(With(v, axis, Length(v, axis) - 1), at => v[Moved(at, axis, v, i => i + 1)] - v[at])))),
        ["Kron"] = from pair in Tensors.Pairs
                   select new StructuralCase("Kron", [pair.A, pair.B], v => Kron(v[0], v[1]), v => Kronecker(v[0], v[1])),
        ["Cross"] = from pair in Tensors.Pairs
                    from a in Tensors.Of(new Shape([.. pair.A.Shape, 3]))
                    from b in Tensors.Of(new Shape([.. pair.B.Shape, 3]))
                    select new StructuralCase("Cross", [a, b], v => Cross(v[0], v[1]), v => Grid.Build(
                        Shape.Broadcast(a.Shape, b.Shape, "Cross"),
                        at => Pair(v, at, (at[^1] + 1) % 3, (at[^1] + 2) % 3) - Pair(v, at, (at[^1] + 2) % 3, (at[^1] + 1) % 3))),
        ["TensorDot"] = from a in Tensors.Of(new Shape(2, 3, 4))
                        from b in Tensors.Of(new Shape(4, 2, 3))
                        select new StructuralCase("TensorDot", [a, b], v => TensorDot(v[0], v[1], ([1, -1], [2, 0])), v => Grid.Build([2, 2], at =>
                            Enumerable.Range(0, 3).Sum(j => Enumerable.Range(0, 4).Sum(k => v[0][at[0], j, k] * v[1][k, at[1], j])))),
        ["TensorDot by number"] = from a in Tensors.Of(new Shape(2, 3))
                                  from b in Tensors.Of(new Shape(2, 3, 2))
                                  from axes in Gen.Elements(0, 2)
                                  select new StructuralCase($"TensorDot({axes})", [a, b], v => TensorDot(v[0], v[1], axes), v => axes == 0
                                      ? Grid.Build([2, 3, 2, 3, 2], at => v[0][at[..2]] * v[1][at[2..]])
                                      : Grid.Build([2], at => Enumerable.Range(0, 6).Sum(k => v[0][k / 3, k % 3] * v[1][k / 3, k % 3, at[0]]))),
        ["Dot"] = from a in Tensors.Of(new Shape(2, 3))
                  from b in Gen.OneOf(Tensors.Of(new Shape(3)), Tensors.Of(new Shape(3, 2)), Tensors.Of(new Shape(2, 3, 2)))
                  select new StructuralCase("Dot", [a, b], v => Dot(v[0], v[1]), v => Grid.Build([2, .. v[1].Rank == 1 ? [] : v[1].Lengths[..^2], .. v[1].Lengths[1..].TakeLast(1)], at =>
                      Enumerable.Range(0, 3).Sum(k => v[0][at[0], k] * v[1][v[1].Rank == 1 ? [k] : [.. at[1..^1], k, at[^1]]]))),
        ["MeshGrid"] = from x in Tensors.Of(new Shape(3))
                       from y in Tensors.Of(new Shape(2))
                       from z in Tensors.Of(new Shape(4))
                       from indexing in Gen.Elements("xy", "ij")
                       let lengths = indexing == "xy" ? new[] { 2, 3, 4 } : [3, 2, 4]
                       select new StructuralCase($"MeshGrid({indexing})", [x, y, z], v => Stack(MeshGrid(v[0], v[1], v[2], indexing)), v => Grid.Build([3, .. lengths], at =>
                           v[at[0]][at[0] == 2 ? at[3] : at[indexing == "ij" ? at[0] + 1 : 2 - at[0]]])),
        ["Sum of tensors"] = from pair in Tensors.Pairs
                             select new StructuralCase("Sum", [pair.A, pair.B, pair.A], v => Sum(v[0], v[1], v[2]), v => Grid.Build(
                                 Shape.Broadcast(pair.A.Shape, pair.B.Shape, "Sum"), at => v[0].Stretched(at) + v[1].Stretched(at) + v[2].Stretched(at))),
        ["Linspace"] = from ends in Tensors.Of(new Shape(2))
                       from n in Gen.Choose(0, 6)
                       select new StructuralCase($"Linspace({n})", [ends[0], ends[1]], v => Linspace(v[0], v[1], n), v => Grid.Build([n], at =>
                           n == 1 ? v[0][[]] : v[0][[]] + (at[0] * (v[1][[]] - v[0][[]]) / (n - 1)))),
        ["Full"] = from x in Tensors.Of(new Shape(3, 1))
                   select Case("Full", x, v => Full(new(2, 3, 2), v), v => Grid.Build([2, 3, 2], v.Stretched)),
        ["BroadcastTo"] = from x in Tensors.Of(new Shape(3, 1))
                          select Case("BroadcastTo", x, v => BroadcastTo(v, 2, 3, 2), v => Grid.Build([2, 3, 2], v.Stretched)),
        ["Concat and Stack"] = from x in Tensors.Of(new Shape(2, 2))
                               from y in Tensors.Of(new Shape(2, 2))
                               select new StructuralCase("Concat(Stack)", [x, y], v => Concat(Stack(v[0], v[1]), Stack(v[1], v[1])), v => Grid.Build([4, 2, 2], at => v[at[0] == 0 ? 0 : 1][at[1..]])),
        ["Every"] = Stepped(),
        ["Einsum with ellipses"] = from pair in Tensors.Pairs
                                   from a in Tensors.Of(new Shape([2, .. pair.A.Shape, 3]))
                                   from b in Tensors.Of(new Shape([.. pair.B.Shape, 3, 2]))
                                   select new StructuralCase("i...j,...jk->k...i", [a, b], v => Einsum("i...j,...jk->k...i", v[0], v[1]), v => Grid.Build(
                                       [2, .. Shape.Broadcast(pair.A.Shape, pair.B.Shape, "Einsum"), 2],
                                       at => Enumerable.Range(0, 3).Sum(j => v[0][[at[^1], .. Into(pair.A, at[1..^1]), j]] * v[1][[.. Into(pair.B, at[1..^1]), j, at[0]]]))),
    };

    private static StructuralCase Case(string text, Expr x, Func<Expr, Expr> apply, Func<Grid, Grid> loops) => new(text, [x], v => apply(v[0]), v => loops(v[0]));

    private static Gen<StructuralCase> AlongAnAxis(Func<Expr, int, Gen<StructuralCase>> cases) =>
        from shape in Tensors.ShapesWithAxes
        from x in Tensors.Of(shape)
        from axis in Gen.Choose(-shape.Rank, shape.Rank - 1)
        from result in cases(x, axis)
        select result;

    private static Gen<StructuralCase> OfMatrices(Func<Expr, int, StructuralCase> matrices) =>
        from batch in Gen.Choose(0, 2)
        from lengths in Gen.Choose(1, 4).ArrayOf(2)
        from x in Tensors.Of(new Shape([.. Enumerable.Repeat(2, batch), .. lengths]))
        from offset in Gen.Choose(-5, 5)
        select matrices(x, offset);

    private static Gen<StructuralCase> Padded() =>
        from shape in Tensors.ShapesWithEmptyOnes
        from x in Tensors.Of(shape)
        from before in Gen.Choose(0, 2).ArrayOf(shape.Rank)
        from after in Gen.Choose(0, 2).ArrayOf(shape.Rank)
        let widths = before.Zip(after).ToArray()
        select Case($"Pad({string.Join(", ", widths)})", x, v => Pad(v, widths), v => Grid.Build(v.Lengths.Select((length, axis) => before[axis] + length + after[axis]), at =>
            at.Select((i, axis) => i - before[axis]).ToArray() is var there && there.Select((i, axis) => i >= 0 && i < v.Lengths[axis]).All(isInside => isInside) ? v[there] : 0));

    private static Gen<StructuralCase> Tiled() =>
        from x in Tensors.Any
        from rank in Gen.Choose(0, 4)
        from repeats in Gen.Choose(0, 3).ArrayOf(rank)
        let most = Math.Max(rank, x.Rank)
        let lengths = Enumerable.Repeat(1, most - x.Rank).Concat(x.Shape).Zip(Enumerable.Repeat(1, most - rank).Concat(repeats), (length, count) => length * count)
        select Case($"Tile({string.Join(", ", repeats)})", x, v => Tile(v, repeats), v => Grid.Build(lengths, at => v[[.. at[^v.Rank..].Select((i, axis) => i % v.Lengths[axis])]]));

    /// <summary>Slices with a step along each axis.</summary>
    public static Gen<StructuralCase> Stepped() =>
        from shape in Tensors.ShapesWithAxes
        from x in Tensors.Of(shape)
        from starts in Gen.CollectToArray(shape, length => Gen.Choose(0, length))
        from lengths in Gen.CollectToArray(shape.Zip(starts, (length, start) => length - start), left => Gen.Choose(0, left))
        from steps in Gen.Choose(1, 5).ArrayOf(shape.Rank)
        let slices = steps.Select((step, axis) => Slice.Every(step, starts[axis]..(starts[axis] + lengths[axis]))).ToArray()
        select Case($"[{string.Join(", ", slices)}]", x, v => v[slices], v => Grid.Build(lengths.Select((length, axis) => (length + steps[axis] - 1) / steps[axis]), at =>
            v[[.. at.Select((i, axis) => starts[axis] + (i * steps[axis]))]]));

    private static Grid Kronecker(Grid a, Grid b)
    {
        var rank = Math.Max(a.Rank, b.Rank);
        int[] Longer(Grid x) => [.. Enumerable.Repeat(1, rank - x.Rank), .. x.Lengths];
        var inner = Longer(b);
        return Grid.Build(Longer(a).Zip(inner, (m, n) => m * n), at =>
            a[[.. at.Select((i, axis) => i / inner[axis]).Skip(rank - a.Rank)]] * b[[.. at.Select((i, axis) => i % inner[axis]).Skip(rank - b.Rank)]]);
    }

    private static double Pair(Grid[] v, int[] at, int first, int second) => v[0].Stretched([.. at[..^1], first]) * v[1].Stretched([.. at[..^1], second]);

    /// <summary>The index of a tensor that is broadcast, from one of the result.</summary>
    private static int[] Into(Expr x, int[] at) => [.. at[^x.Rank..].Select((i, axis) => x.Shape[axis] == 1 ? 0 : i)];

    private static int Diagonal(Grid x, int offset) => Math.Max(0, Math.Min(x.Lengths[^2] - Math.Max(-offset, 0), x.Lengths[^1] - Math.Max(offset, 0)));

    private static int Length(Grid x, int axis) => x.Lengths[FromStart(axis, x.Rank)];

    private static int[] With(Grid x, int axis, int length) => [.. x.Lengths.Select((each, i) => i == FromStart(axis, x.Rank) ? length : each)];

    private static int[] Moved(int[] at, int axis, Grid x, Func<int, int> there) => [.. at.Select((i, each) => each == FromStart(axis, x.Rank) ? there(i) : i)];

    private static int[] Swapped(int[] at, int a, int b)
    {
        int[] swapped = [.. at];
        (swapped[FromStart(a, at.Length)], swapped[FromStart(b, at.Length)]) = (at[FromStart(b, at.Length)], at[FromStart(a, at.Length)]);
        return swapped;
    }

    private static int Modulo(int i, int n) => ((i % n) + n) % n;

    private static int FromStart(int axis, int rank) => axis < 0 ? axis + rank : axis;
}
