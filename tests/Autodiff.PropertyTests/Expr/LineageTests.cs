// What nodes over the same leaves share, and how little each holds beside it.

using FsCheck.Xunit;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests;

public class LineageTests
{
    [Property]
    public void A_node_reaches_from_the_oldest_to_the_newest_leaf_of_its_operands(byte first, byte second)
    {
        Expr[] leaves = [.. Enumerable.Range(0, 256).Select(i => Variable("x", i))];
        var (a, b) = (leaves[first], leaves[second]);
        foreach (var node in new[] { a * b, b * a, (a * b) + a, Where(1, a, b), Concat([Reshape(a, 1), Reshape(b, 1)], 0) })
        {
            Assert.Equal(Math.Min(a.OldestLeaf, b.OldestLeaf), node.OldestLeaf);
            Assert.Equal(Math.Max(a.NewestLeaf, b.NewestLeaf), node.NewestLeaf);
        }
    }

    [Fact]
    public void A_leaf_reaches_as_far_back_as_the_node_it_stands_for()
    {
        var x = Variable("x", 2);
        var leaf = Variable("y", Sin(x));

        Assert.Equal(x.OldestLeaf, leaf.OldestLeaf);
        Assert.True(leaf.NewestLeaf > x.NewestLeaf);
    }

    [Fact]
    public void No_leaf_is_reached_from_a_number_or_through_what_stops_derivatives()
    {
        var x = Variable("x", 2);
        foreach (var node in (Expr[])[2, x > 1, AD.StopGradient(x), Floor(Variable("v", new double[] { 1, 2 })), (x > 1) * 3])
        {
            Assert.Equal(0, node.NewestLeaf);
            Assert.Equal(long.MaxValue, node.OldestLeaf);
        }
    }

    [Fact]
    public void A_node_belongs_to_the_thread_that_made_it_whoever_made_its_operands()
    {
        var (x, here) = (Variable("x", 2), Maker.Current);
        var (there, node) = (here, x);
        var thread = new Thread(() => (there, node) = (Maker.Current, x * x));
        thread.Start();
        thread.Join();

        Assert.NotSame(here, there);
        Assert.Same(there, node.Maker);
        Assert.Same(here, (node * node).Maker);
        Assert.Same(here, (node * x).Maker);
        Assert.Equal(x.NewestLeaf, (node * x).NewestLeaf);
    }

    // Programs on scalars make nodes by the million: what the node holds is what they cost.
    [Fact]
    public void A_scalar_node_has_64_bytes()
    {
        const int Count = 1000;
        var x = Variable("x", 2);
        Chain();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Chain();
        Assert.Equal(64 * Count, GC.GetAllocatedBytesForCurrentThread() - before);

        void Chain()
        {
            var y = x;
            for (var i = 0; i < Count; i++)
            {
                y = x * y;
            }
        }
    }
}
