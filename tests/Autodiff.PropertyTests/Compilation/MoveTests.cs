// Chains of operations that only move elements: compiled, they give the same elements.

using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Compiling;

[Properties(MaxTest = 300, QuietOnSuccess = true)]
public class MoveTests
{
    [Property]
    public void Moves_after_moves_are_done_as_one_by_one(int seed)
    {
        var x = Sin(Reshape(Arange(48), 2, 4, 6));
        foreach (var start in new Func<Expr, Expr>[] { v => v, Exp, v => Iterate(2, s => CumSum(s, 1), v), v => Concat([v, Cos(v)], 2) })
        {
            Expr Moved(Expr v)
            {
                var random = new Random(seed);
                var y = start(v);
                for (var step = 1 + random.Next(6); step > 0 && y.Rank > 0; step--)
                {
                    y = Move(y, random);
                }

                return y;
            }

            var (expected, actual) = (Moved(x), Compile(Moved)(x));
            Assert.Equal(expected.Shape, actual.Shape);
            Assert.All(expected.ToArray().Zip(actual.ToArray()), pair => Assert.Equal(pair.Item1, pair.Item2, 1e-14));
        }
    }

    [Fact]
    public void A_run_through_the_rows_of_a_box_is_read()
    {
        var x = Sin(Reshape(Arange(32), 4, 8));
        static Expr Run(Expr v) => Reshape(v[.., ..4], 16)[..12];
        Assert.Equal(Run(x).ToArray(), Compile(Run)(x).ToArray());
    }

    private static Expr Move(Expr y, Random random)
    {
        var axis = random.Next(y.Rank);
        var length = y.Shape[axis];
        switch (random.Next(7))
        {
            case 0:
                return Reshape(y, -1);
            case 1 when y.Shape.Size % 2 == 0:
                return Reshape(y, 2, -1);
            case 2:
                return Transpose(y);
            case 3:
                return Flip(y, axis);
            case 4:
                return Stack([y, -y], axis);
            case 5:
                return Take(y, [.. Enumerable.Range(0, length).Where(_ => random.Next(2) == 0).DefaultIfEmpty(0)], axis);
            default:
                var first = random.Next(length);
                var slices = new Slice[axis + 1];
                Array.Fill(slices, (Slice)Range.All);
                slices[axis] = first..random.Next(first + 1, length + 1);
                return y[slices];
        }
    }
}
