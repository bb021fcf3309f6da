// Laws of trees on random ones: any nesting of tuples, records, lists, dictionaries and options, with leaves of any shape.

using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using LanguageExt;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Trees;

public class RandomTreeTests
{
    public static Arbitrary<Node> Trees() => Gen.Sized(size => Of(Math.Min(size, 5))).Select(tree => new Node(tree)).ToArbitrary();

    [Property(Arbitrary = [typeof(RandomTreeTests)])]
    public void A_tree_comes_back_from_its_vector(Node tree)
    {
        var (vector, unravel) = Tree.Ravel(tree);
        Assert.Equal(Numbers(tree), vector.ToArray());
        Same(tree, unravel(vector));
    }

    [Property(Arbitrary = [typeof(RandomTreeTests)])]
    public void A_vector_comes_back_from_its_tree(Node tree)
    {
        var (vector, unravel) = Tree.Ravel(tree);
        var other = Cos(vector);
        Assert.Equal(other.ToArray(), Tree.Ravel(unravel(other)).Vector.ToArray());
    }

    [Property(Arbitrary = [typeof(RandomTreeTests)])]
    public void Mapping_is_a_functor(Node tree)
    {
        Same(tree, Tree.Map(tree, leaf => leaf));
        Same(Tree.Map(tree, leaf => Sin(2 * leaf)), Tree.Map(Tree.Map(tree, leaf => 2 * leaf), Sin));
        Same(Tree.Map(tree, leaf => leaf + leaf), Tree.Map2(tree, tree, (a, b) => a + b));
        Same(Tree.Map(tree, leaf => leaf + leaf + leaf), Tree.Map3(tree, tree, tree, (a, b, c) => a + b + c));
    }

    [Property(Arbitrary = [typeof(RandomTreeTests)])]
    public void The_pullback_to_a_tree_is_that_to_its_vector(Node tree)
    {
        if (Numbers(tree).Length == 0)
        {
            return;
        }

        var (vector, unravel) = Tree.Ravel(tree);
        var cotangent = Tree.Map(tree, leaf => 3 * leaf + 1);
        var pulled = AD.Vjp((Node p) => Tree.Map(p, leaf => leaf * leaf))(tree).Pullback(cotangent);
        Assert.Equal((2 * vector * (3 * vector + 1)).ToArray(), Tree.Ravel(pulled).Vector.ToArray());
        Same(pulled, AD.Jvp((Node p) => Tree.Map(p, leaf => leaf * leaf))(tree, cotangent).Tangent);
    }

    private static double[] Numbers(Node tree) => [.. Tree.Flatten(tree).SelectMany(leaf => leaf.Leaf.ToArray())];

    private static void Same(Node expected, Node actual)
    {
        var (left, right) = (Tree.Flatten(expected), Tree.Flatten(actual));
        Assert.Equal(left.Select(leaf => (leaf.Path, leaf.Leaf.Shape)), right.Select(leaf => (leaf.Path, leaf.Leaf.Shape)));
        Assert.Equal(Numbers(expected), Numbers(actual));
    }

    private static Gen<object?> Of(int size) => size == 0
        ? Gen.OneOf(Leaf, Gen.Elements<object?>(null, "kept", 7))
        : Gen.OneOf(Leaf, Pair(size - 1), Listed(size - 1), Keyed(size - 1), Optional(size - 1), Recorded(size - 1));

    private static Gen<object?> Leaf =>
        from shape in Gen.Elements<int[]>([], [1], [3], [0], [2, 2], [2, 1, 3])
        from start in Gen.Choose(-50, 50)
        select (object?)Reshape(Arange(shape.Aggregate(1, (size, axis) => size * axis)) + (start / 16.0), shape);

    private static Gen<object?> Pair(int size) => from first in Of(size) from second in Of(size) select (object?)(first, second);

    private static Gen<object?> Recorded(int size) => from first in Of(size) from second in Of(size) select (object?)new Branch(first, "kept", second);

    private static Gen<object?> Listed(int size) =>
        from items in Of(size).ArrayOf(3)
        from kind in Gen.Elements<Func<object?[], object?>>(x => x, x => x.ToList(), x => new Seq<object?>(x), x => System.Collections.Immutable.ImmutableArray.Create(x))
        select kind(items);

    private static Gen<object?> Keyed(int size) =>
        from one in Of(size) from other in Of(size) select (object?)new Dictionary<string, object?> { ["one"] = one, ["other"] = other };

    private static Gen<object?> Optional(int size) =>
        from item in Leaf from any in Gen.Elements(true, false) select (object?)(any ? Option<Expr>.Some((Expr)item!) : default);

    public record Node(object? Root);

    public record Branch(object? Left, string Name, object? Right);
}
