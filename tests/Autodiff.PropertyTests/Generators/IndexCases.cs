// Random calls of the functions that read and write slices at positions, which are linear in the tensors.

using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Generators;

internal static class IndexCases
{
    public static IReadOnlyDictionary<string, Gen<StructuralCase>> All { get; } = new Dictionary<string, Gen<StructuralCase>>
    {
        ["Take at positions"] =
            from way in Ways
            from x in Tensors.Of(way.Whole)
            select new StructuralCase(
                $"Take({way})",
                [x],
                v => Take(v[0], way.Positions.ToExpr(), way.Axis),
                v => Grid.Build(way.Slices, at => v[0][way.Place(at)])),
        ["ScatterAdd"] =
            from way in Ways
            from values in Tensors.Of(new(way.Slices))
            select new StructuralCase(
                $"ScatterAdd({way})",
                [values],
                v => ScatterAdd(way.Positions.ToExpr(), v[0], way.Whole[way.Axis], way.Axis),
                v => Grid.Build(way.Whole, at => way.To(at).Sum(slice => v[0][slice]))),
        ["SegmentSum"] =
            from way in Ways
            where way.Axis == 0
            from values in Tensors.Of(new(way.Slices))
            select new StructuralCase(
                $"SegmentSum({way})",
                [values],
                v => SegmentSum(v[0], way.Positions.ToExpr(), way.Whole[0]),
                v => Grid.Build(way.Whole, at => way.To(at).Sum(slice => v[0][slice]))),
        ["Update"] =
            from way in Ways
            from x in Tensors.Of(way.Whole)
            from values in Tensors.Of(new(way.Slices))
            select new StructuralCase(
                $"Update({way})",
                [x, values],
                v => Update(v[0], way.Positions.ToExpr(), v[1], way.Axis),
                v => Grid.Build(way.Whole, at => way.To(at).Select(slice => v[1][slice]).Prepend(v[0][at]).Last())),
        ["TakeAlong"] =
            from shape in Tensors.ShapesWithAxes
            from axis in Gen.Choose(0, shape.Rank - 1)
            from count in Gen.Choose(0, 4)
            let lengths = shape.Select((length, each) => each == axis ? count : length).ToArray()
            from stretched in Gen.Elements(false, false, true).ArrayOf(shape.Rank)
            let own = lengths.Select((length, each) => each != axis && stretched[each] ? 1 : length).ToArray()
            from positions in Gen.Choose(0, shape[axis] - 1).ArrayOf(own.Aggregate(1, (size, length) => size * length))
            from x in Tensors.Of(shape)
            let places = new Grid(own, Array.ConvertAll(positions, position => (double)position))
            select new StructuralCase(
                $"TakeAlong({string.Join(", ", positions)} of ({string.Join(", ", own)}), axis: {axis})",
                [x],
                v => TakeAlong(v[0], places.ToExpr(), axis - shape.Rank),
                v => Grid.Build(lengths, at => v[0][[.. at.Select((position, each) => each == axis ? (int)places.Stretched(at) : position)]])),
    };

    /// <summary>Positions of up to two axes along an axis of a shape.</summary>
    private static Gen<Way> Ways =>
        from shape in Tensors.ShapesWithAxes
        from axis in Gen.Choose(0, shape.Rank - 1)
        from lengths in Gen.Elements<int[]>([], [1], [3], [0], [2, 2], [1, 3])
        from positions in Gen.Choose(0, shape[axis] - 1).ArrayOf(lengths.Aggregate(1, (size, length) => size * length))
        select new Way([.. shape], axis, new(lengths, Array.ConvertAll(positions, position => (double)position)));

    /// <summary>The slices of a tensor of a shape at positions along an axis.</summary>
    private sealed record Way(int[] Lengths, int Axis, Grid Positions)
    {
        public Shape Whole => new(Lengths);

        public int[] Slices => [.. Lengths[..Axis], .. Positions.Lengths, .. Lengths[(Axis + 1)..]];

        /// <summary>The index in the tensor of an element of the slices.</summary>
        public int[] Place(int[] slice) =>
            [.. slice[..Axis], (int)Positions[slice[Axis..(Axis + Positions.Rank)]], .. slice[(Axis + Positions.Rank)..]];

        /// <summary>The elements of the slices that have an index in the tensor.</summary>
        public IEnumerable<int[]> To(int[] place) => Grid.Indices(Slices).Where(slice => Place(slice).SequenceEqual(place));

        public override string ToString() => $"[{string.Join(", ", Positions.Elements)}] of ({string.Join(", ", Positions.Lengths)}), axis {Axis} of {Whole}";
    }
}
