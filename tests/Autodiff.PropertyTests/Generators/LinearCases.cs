// Random calls of the functions that move, cut, join and sum elements, which are linear in every operand.

using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Generators;

internal static class LinearCases
{
    public static IReadOnlyDictionary<string, Gen<StructuralCase>> All { get; } = new Dictionary<string, Gen<StructuralCase>>
    {
        ["CumSum"] = AlongOneAxis("CumSum", CumSum, (x, axis) => Grid.Build(x.Lengths, at => Enumerable.Range(0, at[axis] + 1).Sum(i => x[With(at, axis, i)]))),
        ["Flip"] = AlongOneAxis("Flip", Flip, (x, axis) => Grid.Build(x.Lengths, at => x[With(at, axis, x.Lengths[axis] - 1 - at[axis])])),
        ["Reshape"] = Reshaped(),
        ["BroadcastTo"] = Stretched(),
        ["Transpose"] = from x in Tensors.Any
                        select new StructuralCase("Transpose", [x], v => Transpose(v[0]), v => Grid.Build(v[0].Lengths.Reverse(), at => v[0][[.. at.Reverse()]])),
        ["Permute"] = Permuted(),
        ["Slice"] = Sliced(),
        ["Take"] = Taken(),
        ["Concat"] = Concatenated(),
        ["Stack"] = Stacked(),
        ["Every"] = ShapeCases.Stepped(),
    };

    private static Gen<StructuralCase> AlongOneAxis(string name, Func<Expr, int, Expr> apply, Func<Grid, int, Grid> loops) =>
        from shape in Tensors.ShapesWithEmptyOnes
        from x in Tensors.Of(shape)
        from axis in Gen.Choose(-shape.Rank, shape.Rank - 1)
        select new StructuralCase($"{name}(axis: {axis})", [x], v => apply(v[0], axis), v => loops(v[0], FromStart(axis, shape.Rank)));

    private static Gen<StructuralCase> Reshaped() =>
        from shape in Tensors.Shapes
        from x in Tensors.Of(shape)
        from factors in Gen.Shuffle(shape.Append(1).ToArray())
        from open in Gen.Choose(-1, factors.Length - 1)
        let lengths = factors.Select((length, axis) => axis == open ? -1 : length).ToArray()
        select new StructuralCase($"Reshape({string.Join(", ", lengths)})", [x], v => Reshape(v[0], lengths), v => v[0] with { Lengths = factors });

    private static Gen<StructuralCase> Stretched() =>
        from shape in Tensors.ShapesWithEmptyOnes
        from own in Tensors.StretchingTo(shape)
        from x in Tensors.Of(own)
        select new StructuralCase($"BroadcastTo({shape})", [x], v => BroadcastTo(v[0], shape), v => Grid.Build(shape, v[0].Stretched));

    private static Gen<StructuralCase> Permuted() =>
        from shape in Tensors.ShapesWithEmptyOnes
        from x in Tensors.Of(shape)
        from order in Gen.Shuffle(Enumerable.Range(0, shape.Rank).ToArray())
        from fromEnd in Gen.Elements(0, shape.Rank).ArrayOf(shape.Rank)
        let axes = order.Zip(fromEnd, (axis, offset) => axis - offset).ToArray()
        select new StructuralCase(
            $"Permute({string.Join(", ", axes)})",
            [x],
            v => Permute(v[0], axes),
            v => Grid.Build(order.Select(axis => shape[axis]), at => v[0][[.. Enumerable.Range(0, shape.Rank).Select(axis => at[Array.IndexOf(order, axis)])]]));

    private static Gen<StructuralCase> Sliced() =>
        from shape in Tensors.ShapesWithAxes
        from x in Tensors.Of(shape)
        from named in Gen.Choose(1, shape.Rank)
        from cuts in Gen.CollectToArray(shape.Take(named), CutOf)
        let kept = cuts.Select(cut => cut.Kept).Concat(shape.Skip(named).Select(length => Enumerable.Range(0, length).ToArray())).ToArray()
        let dropped = cuts.Select(cut => cut.Slice.IsPosition).Concat(new bool[shape.Rank - named]).ToArray()
        select new StructuralCase(
            $"[{string.Join(", ", cuts.Select(cut => cut.Slice))}]",
            [x],
            v => v[0][[.. cuts.Select(cut => cut.Slice)]],
            v => Grid.Build(kept.Where((_, axis) => !dropped[axis]).Select(positions => positions.Length), at =>
            {
                var next = 0;
                return v[0][[.. kept.Select((positions, axis) => positions[dropped[axis] ? 0 : at[next++]])]];
            }));

    /// <summary>A position or a range on an axis, counted from either end, and the positions that it keeps.</summary>
    private static Gen<(Slice Slice, int[] Kept)> CutOf(int length) =>
        from kind in Gen.Choose(0, 2)
        from start in Gen.Choose(0, length - 1)
        from count in Gen.Frequency((6, Gen.Choose(1, length - start)), (1, Gen.Constant(0)))
        from startFromEnd in Gen.Elements(false, true)
        from endFromEnd in Gen.Elements(false, true)
        let first = startFromEnd ? ^(length - start) : (Index)start
        let end = endFromEnd ? ^(length - start - count) : (Index)(start + count)
        select kind switch
        {
            0 => (first, [start]),
            1 => (first..end, Enumerable.Range(start, count).ToArray()),
            _ => ((Slice)(..), Enumerable.Range(0, length).ToArray()),
        };

    private static Gen<StructuralCase> Taken() =>
        from shape in Tensors.ShapesWithAxes
        from x in Tensors.Of(shape)
        from axis in Gen.Choose(-shape.Rank, shape.Rank - 1)
        let along = FromStart(axis, shape.Rank)
        from count in Gen.Choose(0, 5)
        from positions in Gen.Choose(0, shape[along] - 1).ArrayOf(count)
        select new StructuralCase(
            $"Take([{string.Join(", ", positions)}], axis: {axis})",
            [x],
            v => Take(v[0], positions, axis),
            v => Grid.Build(With([.. shape], along, count), at => v[0][With(at, along, positions[at[along]])]));

    private static Gen<StructuralCase> Concatenated() =>
        from shape in Tensors.ShapesWithAxes
        from axis in Gen.Choose(-shape.Rank, shape.Rank - 1)
        let along = FromStart(axis, shape.Rank)
        from count in Gen.Choose(1, 3)
        from lengths in Gen.Choose(0, 3).ArrayOf(count)
        from parts in Gen.CollectToArray(lengths, length => Tensors.Of(new Shape(With([.. shape], along, length))))
        select new StructuralCase(
            $"Concat(axis: {axis})",
            parts,
            v => Concat(v, axis),
            v => Grid.Build(With([.. shape], along, lengths.Sum()), at =>
            {
                var (part, position) = (0, at[along]);
                while (position >= lengths[part])
                {
                    position -= lengths[part++];
                }

                return v[part][With(at, along, position)];
            }));

    private static Gen<StructuralCase> Stacked() =>
        from shape in Tensors.Shapes
        from axis in Gen.Choose(-shape.Rank - 1, shape.Rank)
        let along = FromStart(axis, shape.Rank + 1)
        from count in Gen.Choose(1, 4)
        from parts in Tensors.Of(shape).ArrayOf(count)
        select new StructuralCase(
            $"Stack(axis: {axis})",
            parts,
            v => Stack(v, axis),
            v => Grid.Build([.. shape.Take(along), count, .. shape.Skip(along)], at => v[at[along]][[.. at[..along], .. at[(along + 1)..]]]));

    private static int FromStart(int axis, int rank) => axis < 0 ? axis + rank : axis;

    private static int[] With(int[] index, int axis, int position) => [.. index[..axis], position, .. index[(axis + 1)..]];
}
