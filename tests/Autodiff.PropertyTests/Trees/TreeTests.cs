// Every kind of tree: its leaves and their paths, the way back, and the errors.

using System.Collections.Frozen;
using System.Collections.Immutable;
using LanguageExt;

namespace Autodiff.PropertyTests.Trees;

public class TreeTests
{
    private static readonly Expr A = 1.0;
    private static readonly Expr B = new double[] { 2, 3 };
    private static readonly Expr C = 4.0;

    /// <summary>Trees of three leaves a, b, c, with the paths they should have.</summary>
    public static TheoryData<string, object, string[]> Kinds => new()
    {
        { "tuple", (A, (B, "kept"), C), ["Item1", "Item2.Item1", "Item3"] },
        { "tuple of more than seven", (1, 2, 3, 4, 5, 6, A, B, C), ["Item7", "Rest.Item1", "Rest.Item2"] },
        { "reference tuple", Tuple.Create(A, Tuple.Create(B, C)), ["Item1", "Item2.Item1", "Item2.Item2"] },
        { "record", new Affine(A, "kept", B) { Scale = C }, ["Weight", "Bias", "Scale"] },
        { "derived record", new Named(A, "kept", B, C), ["Weight", "Bias", "Gain"] },
        { "inherited members", new Wide { Left = A, Right = B, Middle = C }, ["Left", "Right", "Middle"] },
        { "record struct", new Pair(A, new(B, C)), ["Left", "Right.Item1", "Right.Item2"] },
        { "readonly record struct", new Frozen(A, [B, C]), ["First", "Rest[0]", "Rest[1]"] },
        { "anonymous type", new { A, Inner = new { B, Kept = 1 }, C }, ["A", "Inner.B", "C"] },
        { "class with a constructor", new Closed(A, [B, C], 3), ["First", "Rest[0]", "Rest[1]"] },
        { "class with a constructor of members of one type", new Alike(A, B, C), ["First", "Second", "Third"] },
        { "class with settable members", new Open { First = A, Rest = [B, C], Count = 7 }, ["First", "Rest[0]", "Rest[1]"] },
        { "readonly struct", new Fixed(A, (B, C)), ["First", "Rest.Item1", "Rest.Item2"] },
        { "struct of fields", new Fields { X = A, Y = B, Z = C }, ["X", "Y", "Z"] },
        { "array", new[] { A, B, C }, ["[0]", "[1]", "[2]"] },
        { "array of arrays", new Expr[][] { [A], [], [B, C] }, ["[0][0]", "[2][0]", "[2][1]"] },
        { "array of two axes", new[,] { { A, null! }, { B, C } }, ["[0, 0]", "[1, 0]", "[1, 1]"] },
        { "array of three axes", new[,,] { { { (A, 1), (B, 2), (C, 3) } } }, ["[0, 0, 0].Item1", "[0, 0, 1].Item1", "[0, 0, 2].Item1"] },
        { "list of lists", new List<List<Expr>> { new() { A }, new(), new() { B, C } }, ["[0][0]", "[2][0]", "[2][1]"] },
        { "immutable array", ImmutableArray.Create(A, B, C), ["[0]", "[1]", "[2]"] },
        { "immutable list", ImmutableList.Create(A, B, C), ["[0]", "[1]", "[2]"] },
        { "collection expression", new Listed([A, B, C]), ["Items[0]", "Items[1]", "Items[2]"] },
        { "dictionary", new Dictionary<string, Expr> { ["b"] = B, ["c"] = C, ["a"] = A }, ["[\"a\"]", "[\"b\"]", "[\"c\"]"] },
        { "sorted dictionary", new SortedDictionary<int, Expr> { [2] = B, [10] = C, [-1] = A }, ["[-1]", "[2]", "[10]"] },
        { "immutable dictionary", new Dictionary<string, Expr> { ["b"] = B, ["c"] = C, ["a"] = A }.ToImmutableDictionary(), ["[\"a\"]", "[\"b\"]", "[\"c\"]"] },
        { "frozen dictionary", new Dictionary<string, Expr> { ["b"] = B, ["c"] = C, ["a"] = A }.ToFrozenDictionary(), ["[\"a\"]", "[\"b\"]", "[\"c\"]"] },
        { "immutable sorted dictionary", ImmutableSortedDictionary.CreateRange(new Dictionary<int, Expr> { [2] = B, [10] = C, [-1] = A }), ["[-1]", "[2]", "[10]"] },
        { "dictionary of lists", new Dictionary<DayOfWeek, Expr[]> { [DayOfWeek.Tuesday] = [B, C], [DayOfWeek.Monday] = [A] }, ["[Monday][0]", "[Tuesday][0]", "[Tuesday][1]"] },
        { "Seq", new Seq<Expr>([A, B, C]), ["[0]", "[1]", "[2]"] },
        { "Arr", new Arr<Expr>([A, B, C]), ["[0]", "[1]", "[2]"] },
        { "Lst", new Lst<Expr>([A, B, C]), ["[0]", "[1]", "[2]"] },
        { "Map", new Map<string, Expr>([("b", B), ("c", C), ("a", A)]), ["[\"a\"]", "[\"b\"]", "[\"c\"]"] },
        { "HashMap", new LanguageExt.HashMap<string, Expr>([("b", B), ("c", C), ("a", A)]), ["[\"a\"]", "[\"b\"]", "[\"c\"]"] },
        { "Option", (Option<Expr>.Some(A), Option<Expr>.None, Option<(Expr, Expr)>.Some((B, C))), ["Item1", "Item3.Item1", "Item3.Item2"] },
        { "Either", (Either<string, Expr>.Right(A), Either<string, Expr>.Left("kept"), Either<Expr, (Expr, Expr)>.Right((B, C)), default(Either<Expr, Expr>)), ["Item1", "Item3.Item1", "Item3.Item2"] },
        { "Either's left", (A, Either<Expr, string>.Left(B), C), ["Item1", "Item2", "Item3"] },
        { "null members", (A, (Expr?)null, (B, C), (Expr[]?)null), ["Item1", "Item3.Item1", "Item3.Item2"] },
        { "nullable struct", ((Pair?)new Pair(A, (B, C)), (Pair?)null), ["Item1.Left", "Item1.Right.Item1", "Item1.Right.Item2"] },
        { "members of base types", new Layers([new Dense(A, B), new Activation("tanh"), new Scaling(C)], "kept"), ["All[0].Weight", "All[0].Bias", "All[2].Factor"] },
        { "recursive record", new Chain(A, new(B, new(C, null))), ["Head", "Tail.Head", "Tail.Tail.Head"] },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_leaves_come_in_order_with_their_paths(string kind, object tree, string[] paths)
    {
        var leaves = Tree.Flatten(tree);
        Assert.Equal(paths, leaves.Select(leaf => leaf.Path));
        Assert.True(leaves.Select(leaf => leaf.Leaf).SequenceEqual([A, B, C]), kind);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_mapped_tree_has_the_same_structure_and_type(string kind, object tree, string[] paths)
    {
        var doubled = Tree.Map(tree, leaf => 2 * leaf);
        Assert.IsType(tree.GetType(), doubled);
        Assert.Equal(paths, Tree.Flatten(doubled).Select(leaf => leaf.Path));
        Assert.Equal([2, 4, 6, 8], Tree.Flatten(doubled).SelectMany(leaf => leaf.Leaf.ToArray()));
        Assert.True(Tree.Flatten(tree).Select(leaf => leaf.Leaf).SequenceEqual([A, B, C]), $"{kind}: the argument is not touched");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Two_trees_are_mapped_leaf_by_leaf(string kind, object tree, string[] paths)
    {
        var sum = Tree.Map2(tree, Tree.Map(tree, leaf => 10 * leaf), (a, b) => a + b);
        Assert.True(paths.Length == 3 && sum.GetType() == tree.GetType(), kind);
        Assert.Equal([11, 22, 33, 44], Tree.Flatten(sum).SelectMany(leaf => leaf.Leaf.ToArray()));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_ravelled_tree_comes_back(string kind, object tree, string[] paths)
    {
        var (vector, unravel) = Tree.Ravel(tree);
        Assert.Equal([1, 2, 3, 4], vector.ToArray());
        var back = unravel(vector * 3);
        Assert.True(back.GetType() == tree.GetType(), kind);
        Assert.Equal(paths, Tree.Flatten(back).Select(leaf => leaf.Path));
        Assert.Equal([new Shape(), new Shape(2), new Shape()], Tree.Flatten(back).Select(leaf => leaf.Leaf.Shape));
        Assert.Equal([3, 6, 9, 12], Tree.Flatten(back).SelectMany(leaf => leaf.Leaf.ToArray()));
    }

    [Fact]
    public void A_bare_expression_is_a_tree_with_an_empty_path()
    {
        Assert.Equal([("", B)], Tree.Flatten(B));
        Assert.Equal([4, 9], Tree.Map2(B, B, (a, b) => a * b).ToArray());
    }

    [Fact]
    public void An_expression_is_alike_only_to_another()
    {
        Assert.True(Tree.AreAlike((A, "kept"), (C, "kept")));
        Assert.False(Tree.AreAlike(A, "kept"));
        Assert.False(Tree.AreAlike("kept", A));
        Assert.False(Tree.AreAlike(A, null));
    }

    [Fact]
    public void What_is_not_an_expression_rides_along()
    {
        double[] data = [1, 2];
        var tree = new Affine(A, "kept", B) { Scale = C, Data = data, Activation = Math.Tanh };
        var mapped = Tree.Map(tree, leaf => -leaf);
        Assert.Equal("kept", mapped.Name);
        Assert.Same(data, mapped.Data);
        Assert.Equal(Math.Tanh, mapped.Activation);
        Assert.Equal(7, Tree.Map(new Open { First = A, Rest = [], Count = 7 }, leaf => leaf).Count);
        Assert.Equal(3, Tree.Map(new Closed(A, [], 3), leaf => leaf).Count);
    }

    [Fact]
    public void What_is_computed_from_leaves_is_not_a_leaf() =>
        Assert.Equal(6, Tree.Map(new Circle(1), _ => 3).Diameter.Value);

    [Fact]
    public void A_dictionary_keeps_how_its_keys_compare()
    {
        var words = new Dictionary<string, Expr>(StringComparer.OrdinalIgnoreCase) { ["Bias"] = A };
        Assert.Equal(2, Tree.Map(words, leaf => 2 * leaf)["BIAS"].Value);
        Assert.Equal(2, Tree.Map(words.ToImmutableDictionary(StringComparer.OrdinalIgnoreCase), leaf => 2 * leaf)["BIAS"].Value);
        Assert.Equal(2, Tree.Map(words.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase), leaf => 2 * leaf)["BIAS"].Value);
    }

    [Fact]
    public void Dictionaries_correspond_by_key_however_they_were_filled()
    {
        var one = new Dictionary<string, Expr> { ["a"] = 1, ["b"] = 2 };
        var other = new Dictionary<string, Expr> { ["b"] = 20, ["a"] = 10 };
        var sum = Tree.Map2(one, other, (x, y) => x + y);
        Assert.Equal((11, 22), (sum["a"].Value, sum["b"].Value));
    }

    [Fact]
    public void A_grid_keeps_the_numbers_of_its_rows_and_columns()
    {
        var grid = (Expr[,])Array.CreateInstance(typeof(Expr), [2, 3], [1, -1]);
        for (var (i, j) = (1, -1); i <= 2; (i, j) = j == 1 ? (i + 1, -1) : (i, j + 1))
        {
            grid[i, j] = (10 * i) + j;
        }

        var gradient = AD.Grad((Expr[,] x) => x[1, -1] * x[2, 1])(grid);

        Assert.Equal((1, -1), (gradient.GetLowerBound(0), gradient.GetLowerBound(1)));
        Assert.Equal((grid[2, 1].Value, grid[1, -1].Value, 0), (gradient[1, -1].Value, gradient[2, 1].Value, gradient[1, 0].Value));
    }

    [Fact]
    public void A_compiled_function_runs_anew_for_a_tree_of_another_structure()
    {
        var byKey = AD.Compile((Dictionary<string, Expr> map) => map.TryGetValue("a", out var a) ? 2 * a : 3 * map["b"]);
        Assert.Equal(10, byKey(new() { ["a"] = 5 }).Value);
        Assert.Equal(15, byKey(new() { ["b"] = 5 }).Value);
        Assert.Equal(10, byKey(new() { ["a"] = 5 }).Value);

        Expr[] array = [5];
        var byType = AD.Compile((IReadOnlyList<Expr> list) => list.GetType().IsArray ? 2 * list[0] : 3 * list[0]);
        Assert.Equal(10, byType(array).Value);
        Assert.Equal(15, byType(array.ToList()).Value);
    }

    [Fact]
    public void Lists_of_different_kinds_correspond_where_the_type_of_the_tree_allows_both()
    {
        var sum = Tree.Map2(new Listed(new[] { A, C }), new Listed(new List<Expr> { A, C }), (x, y) => x + y);
        Assert.Equal([2, 8], sum.Items.Select(item => item.Value));
        Assert.IsType<Expr[]>(sum.Items);
    }

    [Fact]
    public void Trees_of_different_structure_are_refused_with_both_paths()
    {
        var two = new Layers([new Dense(A, B), new Scaling(C)], "");
        var one = new Layers([new Dense(A, B)], "");
        Assert.Equal(
            "Tree.Map2: the trees have different structures: the first tree has a leaf at All[1].Factor where the second has no more leaves after All[0].Bias.",
            Assert.Throws<AutodiffException>(() => Tree.Map2(two, one, (a, b) => a)).Message);
        Assert.Equal(
            "Tree.Map2: the trees have different structures: the first tree has a leaf at [\"a\"] where the second has a leaf at [\"b\"].",
            Assert.Throws<AutodiffException>(() => Tree.Map2(new Dictionary<string, Expr> { ["a"] = A }, new() { ["b"] = A }, (a, b) => a)).Message);
        Assert.Equal(
            "Tree.Map2: the trees have different structures: the first tree has a leaf at Item1 where the second has a leaf at Item2.",
            Assert.Throws<AutodiffException>(() => Tree.Map2<(Expr?, Expr)>((A, B), (null, B), (a, b) => a)).Message);
        Assert.Equal(
            "Tree.Map2: the trees have different structures: the first tree has no leaves where the second has a leaf at its root.",
            Assert.Throws<AutodiffException>(() => Tree.Map2<object>("text", A, (a, b) => a)).Message);
    }

    [Theory]
    [InlineData(typeof(Hidden))]
    [InlineData(typeof(Cached))]
    public void Expressions_out_of_reach_are_refused_with_type_and_path(Type type)
    {
        var tree = (Name: "model", Parts: new[] { Activator.CreateInstance(type, A)! });
        var message = Assert.Throws<AutodiffException>(() => Tree.Flatten(tree)).Message;
        Assert.StartsWith($"Tree.Flatten: {type} at Item2[0] keeps expressions where they cannot be replaced.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sets_are_refused() =>
        Assert.Throws<AutodiffException>(() => Tree.Map(new System.Collections.Generic.HashSet<Expr> { A }, leaf => leaf));

    [Fact]
    public void Three_trees_are_mapped_leaf_by_leaf()
    {
        var tree = new Affine(A, "kept", B) { Scale = C };
        var sum = Tree.Map3(tree, Tree.Map(tree, leaf => 10 * leaf), Tree.Map(tree, leaf => 100 * leaf), (a, b, c) => a + b - c);
        Assert.Equal("kept", sum.Name);
        Assert.Equal([-89, -178, -267, -356], Tree.Flatten(sum).SelectMany(leaf => leaf.Leaf.ToArray()));
        Assert.Equal(
            "Tree.Map3: the trees have different structures: the first tree has no more leaves after [0] where the third has a leaf at [1].",
            Assert.Throws<AutodiffException>(() => Tree.Map3<Expr[]>([A], [A], [A, B], (a, b, c) => a)).Message);
    }

    [Fact]
    public void A_tree_that_contains_itself_is_refused_with_its_path()
    {
        var ring = new Link(A);
        ring.Next = new(B) { Next = ring };
        Assert.Equal(
            $"Tree.Map: {typeof(Link)} at Item2.Next.Next contains itself, so there is no end of leaves. Refer back by an index or a name.",
            Assert.Throws<AutodiffException>(() => Tree.Map((C, ring), leaf => leaf)).Message);
        List<object> list = [A];
        list.Add(list);
        Assert.Throws<AutodiffException>(() => AD.Grad((List<object> p) => (Expr)p[0])(list));
        Assert.Throws<AutodiffException>(() => Tree.Map2(new Link(A) { Next = new(B) }, ring, (a, b) => a));
    }

    [Fact]
    public void A_chain_too_deep_for_the_stack_is_refused_and_one_of_a_thousand_is_not()
    {
        static Chain Of(int length) => Enumerable.Range(0, length).Aggregate(new Chain(A, null), (tail, _) => new(A, tail));
        Assert.Equal(1001, Tree.Flatten(Tree.Map(Of(1000), leaf => 2 * leaf)).Sum(leaf => leaf.Leaf.Value) / 2);
        var error = Assert.Throws<AutodiffException>(() => Tree.Map(Of(1_000_000), leaf => leaf));
        Assert.EndsWith("lies deeper than the stack reaches. Keep a long chain as a list.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_is_refused()
    {
        Assert.Throws<AutodiffException>(() => Tree.Flatten<Affine>(null!));
        Assert.Throws<AutodiffException>(() => Tree.Map(A, null!));
        Assert.Throws<AutodiffException>(() => Tree.Map2(A, A, null!));
        Assert.Throws<AutodiffException>(() => Tree.Map2(A, null!, (a, b) => a));
        Assert.Throws<AutodiffException>(() => Tree.Map3(A, A, A, null!));
        Assert.Throws<AutodiffException>(() => Tree.Map3(A, A, null!, (a, b, c) => a));
        Assert.Throws<AutodiffException>(() => Tree.Ravel(A).Unravel(null!));
    }

    [Fact]
    public void A_vector_of_another_length_does_not_come_back()
    {
        var error = Assert.Throws<ShapeException>(() => Tree.Ravel((A, B)).Unravel(new double[] { 1, 2 }));
        Assert.Equal("Tree.Ravel: the vector has shape (2), but the tree it is to become has (3) elements in its leaves.", error.Message);
    }

    [Fact]
    public void A_tree_without_leaves_ravels_to_the_empty_vector()
    {
        var (vector, unravel) = Tree.Ravel(new List<Expr>());
        Assert.Equal(new Shape(0), vector.Shape);
        Assert.Empty(unravel(vector));
    }

    [Fact]
    public void Ravelling_can_be_differentiated_through()
    {
        var (vector, unravel) = Tree.Ravel((A, B));
        var gradient = AD.Grad(v => unravel(v) is var (a, b) ? a * Expr.Sum(b * b) : default!)(vector);
        Assert.Equal([13, 4, 6], gradient.ToArray());
    }

    public record Affine(Expr Weight, string Name, Expr Bias)
    {
        public Expr Scale { get; init; } = 1;

        public double[] Data { get; init; } = [];

        public Func<double, double>? Activation { get; init; }
    }

    public record Named(Expr Weight, string Name, Expr Bias, Expr Gain) : Base(Weight, Name, Bias);

    public record Base(Expr Weight, string Name, Expr Bias);

    public record Link(Expr Value)
    {
        public Link? Next { get; set; }
    }

    public class Narrow
    {
        public required Expr Left { get; init; }

        public Expr? Right { get; set; }
    }

    public sealed class Wide : Narrow
    {
        public Expr? Middle { get; init; }
    }

    public readonly struct Fixed(Expr first, (Expr, Expr) rest)
    {
        public Expr First { get; } = first;

        public (Expr, Expr) Rest { get; } = rest;
    }

    public record struct Pair(Expr Left, (Expr, Expr) Right);

    public readonly record struct Frozen(Expr First, IReadOnlyList<Expr> Rest);

    public record Listed(IReadOnlyList<Expr> Items);

    public record Chain(Expr Head, Chain? Tail);

    public record Layers(IReadOnlyList<Layer> All, object Tag);

    public abstract record Layer;

    public record Dense(Expr Weight, Expr Bias) : Layer;

    public record Activation(string Function) : Layer;

    public record Scaling(Expr Factor) : Layer;

    public record Circle(Expr Radius)
    {
        public Expr Diameter => 2 * Radius;
    }

    public record Cached(Expr Radius)
    {
        public Expr Diameter { get; } = 2 * Radius;
    }

    internal struct Fields
    {
        public Expr X;
        public Expr Y;
        public Expr Z;
    }

    public sealed class Closed(Expr first, Expr[] rest, int count)
    {
        public Expr First { get; } = first;

        public Expr[] Rest { get; } = rest;

        public int Count { get; } = count;
    }

    public sealed class Alike(Expr first, Expr second, Expr third)
    {
        public Expr First { get; } = first;

        public Expr Second { get; } = second;

        public Expr Third { get; } = third;
    }

    public sealed class Open
    {
        public required Expr First { get; init; }

        public required List<Expr> Rest { get; set; }

        public int Count { get; set; }
    }

    public sealed class Hidden(Expr secret)
    {
        public Expr Twice() => 2 * secret;
    }
}
