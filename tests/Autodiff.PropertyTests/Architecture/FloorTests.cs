// Tests that the folders of the library depend on each other in one direction only, and that this check finds every kind of reference.

using Autodiff.PropertyTests.Edges;

namespace Autodiff.PropertyTests.Architecture;

public class FloorTests
{
    // The lowest floor first, as docs/design.md describes them. The rooms of one floor may refer to each other.
    private static readonly FloorPlan s_plan = new(
        ["."],
        ["Formulas"],
        ["Numerics"],
        ["Elementwise"],
        ["NumberTypes"],
        ["ExtendedPrecision"],
        ["Expr", "Evaluation"],
        ["ForwardMode"],
        ["Primitives"],
        ["Trees"],
        ["Sweeps"],
        ["LinearAlgebra"],
        ["Programs"],
        ["Functions"],
        ["Algebra"],
        ["Solvers"],
        ["Operators"],
        ["Compilation/Passes"],
        ["Compilation/Kernels"],
        ["Compilation/Scheduling"],
        ["Compilation/CodeGeneration"],
        ["Compilation/Runtime"],
        ["Compilation/Lowering"],
        ["Compilation/SourceGeneration"],
        ["Compilation"],
        ["Sparsity"],
        ["Transforms"],
        ["Display"],
        ["Parsing"],
        ["Interchange"],
        ["FSharp"],
        ["Verification"]);

    private static readonly SortedDictionary<string, string> s_files = Sources.Below(Path.Combine(Document.Root(), "src", "Autodiff.Functional"));

    private const string Upper = """
        namespace Upstairs;

        public sealed class TagAttribute : System.Attribute;
        public interface ITag<T>;
        public class Base { protected static int Inherited; }
        public record Pair(int First, int Second);
        public class Number
        {
            public int this[int index] => index;
            public static Number operator +(Number a, Number b) => a;
            public static explicit operator int(Number a) => 0;
        }

        public static class Tools
        {
            public const int Size = 1;
            public delegate void Call();
            public static Number Make() => new();
            public static T Same<T>(T value) => value;
            public static int Twice(this int value) => 2 * value;
            extension(string text)
            {
                public int Width => text.Length;
                public int Half() => text.Length / 2;
                public static string Blank() => "";
            }
        }
        """;

    [Fact]
    public void Dependencies_between_folders_run_one_way()
    {
        var compilation = Sources.Compile(s_files);
        Assert.Empty(Sources.Errors(compilation));
        Assert.Empty(s_plan.Unplaced(s_files.Keys));

        var upward = s_plan.Upward(Arrows.Of(compilation));
        Assert.True(upward.Count == 0, "These refer to a higher floor:\n" + s_plan.Describe(upward));
    }

    [Fact]
    public void Every_room_has_a_file() => Assert.Empty(s_plan.Rooms.Except(s_files.Keys.Select(s_plan.RoomOf)));

    [Theory]
    [InlineData("a method call", "class A { object M() => Upstairs.Tools.Make(); }", "Tools.Make")]
    [InlineData("a method group", "class A { System.Func<object> M() => Upstairs.Tools.Make; }", "Tools.Make")]
    [InlineData("a call of a generic method", "class A { int M() => Upstairs.Tools.Same(1); }", "Tools.Same")]
    [InlineData("a base class", "class A : Upstairs.Base;", "Base")]
    [InlineData("an interface", "class A : Upstairs.ITag<int>;", "ITag")]
    [InlineData("a generic argument", "class A { System.Collections.Generic.List<Upstairs.Number>? all; }", "Number")]
    [InlineData("a static using", "using static Upstairs.Tools;", "Tools")]
    [InlineData("a member through a static using", "using static Upstairs.Tools; class A { int M() => Size; }", "Tools.Size")]
    [InlineData("another name for a type", "using Other = Upstairs.Number; class A { Other? value; }", "Number")]
    [InlineData("an inherited member", "class A : Upstairs.Base { int M() => Inherited; }", "Base.Inherited")]
    [InlineData("a constructor", "class A { object M() => new Upstairs.Number(); }", "Number")]
    [InlineData("a constructor without a name", "using Upstairs; class A { void M(out Number a) => a = new(); }", "Number")]
    [InlineData("an operator", "using Upstairs; class A { object M(Number a) => a + a; }", "Number.operator +")]
    [InlineData("an assignment with an operator", "using Upstairs; class A { void M(Number a) => a += a; }", "Number.operator +")]
    [InlineData("a conversion", "using Upstairs; class A { int M(Number a) => (int)a; }", "Number.explicit operator int")]
    [InlineData("an indexer", "using Upstairs; class A { int M(Number a) => a[0]; }", "Number.this")]
    [InlineData("an attribute", "[Upstairs.Tag] class A;", "TagAttribute")]
    [InlineData("an extension method", "using Upstairs; class A { int M() => 1.Twice(); }", "Tools.Twice")]
    [InlineData("a method of an extension block", "using Upstairs; class A { int M() => \"\".Half(); }", "Tools.Half")]
    [InlineData("a property of an extension block", "using Upstairs; class A { int M() => \"\".Width; }", "Tools.Width")]
    [InlineData("a static extension", "using Upstairs; class A { string M() => string.Blank(); }", "Tools.Blank")]
    [InlineData("a nested type", "class A { Upstairs.Tools.Call? call; }", "Tools.Call")]
    [InlineData("a type test", "class A { bool M(object a) => a is Upstairs.Number; }", "Number")]
    [InlineData("a property pattern", "using Upstairs; class A { bool M(Pair a) => a is { First: 1 }; }", "Pair.First")]
    [InlineData("a positional pattern", "using Upstairs; class A { bool M(Pair a) => a is (1, 2); }", "Pair")]
    [InlineData("the name of a member", "class A { string M() => nameof(Upstairs.Tools.Make); }", "Tools.Make")]
    public void A_name_is_an_arrow_to_its_declaration(string what, string source, string symbol)
    {
        var arrows = ArrowsOf(("Low/A.cs", source), ("High/Upper.cs", Upper));
        Assert.True(arrows.Contains(new Arrow("Low/A.cs", 1, symbol, "High/Upper.cs")), what + " gives: " + string.Join(", ", arrows));
        Assert.All(arrows, arrow => Assert.Equal("Low/A.cs", arrow.File));

        Assert.Equal(arrows, new FloorPlan(["Low"], ["High"]).Upward(arrows));
        Assert.Empty(new FloorPlan(["High"], ["Low"]).Upward(arrows));
        Assert.Empty(new FloorPlan(["Low", "High"]).Upward(arrows));
    }

    [Theory]
    [InlineData("a comment", "/// <summary>See <see cref=\"Upstairs.Number\"/>.</summary>\nclass A;")]
    [InlineData("an inferred type", "class A { void M(B b) { var number = b.Number; } }")]
    [InlineData("the name of a parameter", "class A { void M(B b) => b.Take(number: null); }")]
    public void What_a_line_does_not_name_is_no_arrow(string what, string source)
    {
        const string between = "class B { public Upstairs.Number? Number; public void Take(Upstairs.Number? number) { } }";
        var arrows = ArrowsOf(("Low/A.cs", source), ("Middle/B.cs", between), ("High/Upper.cs", Upper));
        Assert.True(!arrows.Any(arrow => arrow is { File: "Low/A.cs", Target: "High/Upper.cs" }), what + " gives: " + string.Join(", ", arrows));
    }

    [Fact]
    public void A_member_is_declared_by_its_own_file_and_a_type_by_the_file_of_its_name()
    {
        var arrows = ArrowsOf(
            ("Low/User.cs", "class User { int M() => Wide.Inner(); }"),
            ("First/Part.cs", "static partial class Wide { public static int Inner() => Other(); }"),
            ("Second/Wide.cs", "static partial class Wide { static int Other() => 1; }"));

        Assert.Equal(
            [
                new Arrow("Low/User.cs", 1, "Wide", "Second/Wide.cs"),
                new Arrow("Low/User.cs", 1, "Wide.Inner", "First/Part.cs"),
                new Arrow("First/Part.cs", 1, "Wide.Other", "Second/Wide.cs"),
            ],
            arrows);
    }

    [Fact]
    public void A_file_is_in_the_innermost_room_around_it()
    {
        var plan = new FloorPlan([FloorPlan.Root], ["Walls"], ["Walls/Inner"]);
        Assert.Equal(".", plan.RoomOf("Door.cs"));
        Assert.Equal("Walls", plan.RoomOf("Walls/Paint.cs"));
        Assert.Equal("Walls", plan.RoomOf("Walls/Outer/Paint.cs"));
        Assert.Equal("Walls/Inner", plan.RoomOf("Walls/Inner/Deep/Paint.cs"));
        Assert.Equal(["WallsAndMore/Paint.cs"], plan.Unplaced(["Door.cs", "Walls/Paint.cs", "WallsAndMore/Paint.cs"]));
    }

    [Fact]
    public void A_description_counts_the_lines_that_name_each_symbol()
    {
        var arrows = ArrowsOf(
            ("Low/A.cs", "class A : B;\nclass C : B\n{\n    int M() => Size + Size;\n}"),
            ("High/B.cs", "class B { public const int Size = 1; }"));

        Assert.Equal(
            """

            Low -> High: 3 lines
              from Low/A.cs:1 B -> High/B.cs (2 lines)
              from Low/A.cs:4 B.Size -> High/B.cs (1 line)

            """.ReplaceLineEndings("\n"),
            new FloorPlan(["Low"], ["High"]).Describe(arrows));
    }

    private static IReadOnlyList<Arrow> ArrowsOf(params (string Path, string Text)[] files)
    {
        var compilation = Sources.Compile(files.ToDictionary(file => file.Path, file => file.Text), "Planted");
        Assert.Empty(Sources.Errors(compilation));
        return Arrows.Of(compilation);
    }
}
