// Equality of expressions: scalar constants by the bits of their numbers, everything else by identity of nodes.

using System.Numerics;
using FsCheck.Xunit;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Data;

public class EqualityTests
{
    [Property]
    public bool Constants_of_the_same_number_are_equal_and_hash_alike(double value) =>
        AreEqual(value, value) && AreEqual(value + 0.25, value + 0.25) && AreEqual((Expr)value + 1, value + 1);

    [Property]
    public bool Constants_of_different_numbers_differ(double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b) == AreEqual(a, b);

    [Property]
    public bool Whole_numbers_are_like_all_others(int value) => AreEqual(value, value) && !AreEqual(value, value + 0.5);

    [Fact]
    public void Bits_decide()
    {
        Assert.True(AreEqual(double.NaN, double.NaN));
        Assert.False(AreEqual(0.0, -0.0));
        Assert.True((Expr)2.5 == 2.5);
        Assert.True((Expr)2.5 != 2);
        Assert.Equal(2, new HashSet<Expr> { 2.5, 2.5, 1000, 1000 }.Count);
    }

    [Fact]
    public void Other_nodes_are_equal_to_themselves_alone()
    {
        Expr vector = new double[] { 1, 2 };
        var x = Variable("x");
        foreach (var (node, twin) in new (Expr, Expr)[] { (vector, new double[] { 1, 2 }), (x, Variable("x")), (Sin(x), Sin(x)), (Variable("a", 2.5), Variable("a", 2.5)), (Variable("a", 2.5), 2.5) })
        {
            var same = node;
            Assert.True(node == same && !(node != same) && node.Equals((object)same) && EqualityComparer<Expr>.Default.Equals(node, same));
            Assert.True(node != twin && !(node == twin) && !node.Equals((object)twin) && !EqualityComparer<Expr>.Default.Equals(node, twin));
        }
    }

    [Fact]
    public void Null_is_equal_to_null_alone()
    {
        Expr? none = null;
        Expr one = 1;
        Assert.True(none == null && null == none && one != null && null != one && one is not null);
        Assert.False(one.Equals(null) || one.Equals(1.0));
    }

    [Fact]
    public void Generic_code_compares_values()
    {
        Assert.True(AreSameNumber<Expr>(Variable("a", 2.5), 2.5));
        Assert.True(AreSameNumber<Expr>(0.0, -0.0));
    }

    private static bool AreSameNumber<T>(T a, T b)
        where T : INumber<T> => a == b;

    private static bool AreEqual(Expr a, Expr b)
    {
        var equal = a == b;
        Assert.Equal(equal, !(a != b));
        Assert.Equal(equal, a.Equals((object)b));
        Assert.Equal(equal, EqualityComparer<Expr>.Default.Equals(a, b));
        Assert.True(!equal || a.GetHashCode() == b.GetHashCode());
        return equal;
    }
}
