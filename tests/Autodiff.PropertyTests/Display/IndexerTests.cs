// A printed slice is one that takes the same elements.

using FsCheck.Xunit;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Display;

public class IndexerTests
{
    [Property(MaxTest = 500)]
    public void A_printed_slice_takes_the_same_elements(int seed)
    {
        var random = new Random(seed);
        var lengths = Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(1, 4)).ToArray();
        var slices = lengths[..random.Next(1, lengths.Length + 1)].Select(length =>
        {
            var start = random.Next(length);
            return random.Next(3) == 0 ? start : (Slice)(start..random.Next(start, length + 1));
        }).ToArray();
        var shape = new Shape(lengths);
        var expected = Reshape(Arange(shape.Size), shape)[slices];

        var printed = Variable("x", shape)[slices].ToString()["x[".Length..^1].Split(", ").Select(Read).ToArray();

        var actual = Reshape(Arange(shape.Size), shape)[printed];
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.ToArray(), actual.ToArray());
    }

    private static Slice Read(string text) => text.Split("..") switch
    {
        [var position] => Number(position),
        [var start, var end] => (start.Length > 0 ? Number(start) : 0)..(end.Length > 0 ? Number(end) : ^0),
        _ => throw new FormatException(text),
    };

    private static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
