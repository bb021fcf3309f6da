// Every misuse is reported alike on numbers, on variables with values and on symbols: one type, one message, which names
// the operation and the shapes.

using Autodiff.PropertyTests.Edges;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Errors;

public class MisuseTests
{
    public static TheoryData<Misuse> Rows => [.. MisuseTable.Rows];

    public static TheoryData<Misuse> TooLarge => [.. MisuseTable.TooLarge];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_misuse_is_a_ShapeException_that_names_the_operation_and_the_shapes(Misuse misuse)
    {
        var error = Assert.IsType<ShapeException>(misuse.ErrorOn(Ones));

        Assert.StartsWith(misuse.Operation, error.Message, StringComparison.Ordinal);
        Assert.Contains(misuse.Why, error.Message, StringComparison.Ordinal);
        Assert.True(NamesShapes(misuse, error.Message), error.Message);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_misuse_of_symbols_is_the_same_error(Misuse misuse)
    {
        var eager = misuse.ErrorOn(Ones);

        AssertSame(eager, misuse.ErrorOn(shape => Variable("x", shape)));
        AssertSame(eager, misuse.ErrorOn(shape => Variable("x", Ones(shape))));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_misuse_inside_a_transform_is_the_same_error(Misuse misuse)
    {
        var eager = misuse.ErrorOn(Ones);
        Func<Expr, Expr> f = x => misuse.Use(Array.ConvertAll(misuse.Shapes, shape => Ones(shape) * x));

        AssertSame(eager, Record.Exception(() => AD.Grad(f)(1)));
        AssertSame(eager, Record.Exception(() => AD.Diff(f)(1)));
        AssertSame(eager, Record.Exception(() => AD.Grad(AD.Grad(f))(Variable("x"))));
    }

    [Fact]
    public void The_document_shows_real_messages()
    {
        string?[] messages =
        [
            .. MisuseTable.Rows.Select(misuse => misuse.ErrorOn(Ones)?.Message),
            .. ExampleTests.All.Select(example => example.Caught()?.Message),
            .. NullTests.Calls.Select(example => example.Caught()?.Message),
        ];
        var shown = Document.Lines("errors.md").Where(line => line.StartsWith("> ", StringComparison.Ordinal)).Select(line => line[2..]);

        Assert.True(shown.Count() >= 10);
        var placed = messages.Select(message => message is null ? null : Documentation.DocumentTests.Place().Replace(message, "at Program.cs:12").Replace($"{typeof(TransformErrorTests)}+", "", StringComparison.Ordinal)).ToHashSet();
        Assert.All(shown, message => Assert.Contains(message, placed));
    }

    [Theory]
    [MemberData(nameof(TooLarge))]
    public void A_result_too_large_to_be_made_is_a_ShapeException(Misuse misuse)
    {
        var error = Assert.IsType<ShapeException>(misuse.ErrorOn(shape => Variable("x", shape)));

        Assert.StartsWith(misuse.Operation, error.Message, StringComparison.Ordinal);
        Assert.Contains(misuse.Why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_are_not_stretched_too_far() =>
        Assert.Throws<ShapeException>(() => Sum(Ones(100_000, 1) + Ones(1, 100_000)));

    /// <summary>An Einsum whose text is at fault quotes the text; every other message shows all shapes.</summary>
    private static bool NamesShapes(Misuse misuse, string message) =>
        (misuse.Operation == "Einsum" && message.Contains('"', StringComparison.Ordinal)) ||
        misuse.Shapes.All(shape => shape.Rank == 0 || message.Contains(shape.ToString(), StringComparison.Ordinal));

    private static void AssertSame(Exception? expected, Exception? actual)
    {
        Assert.IsType(expected!.GetType(), actual);
        Assert.Equal(expected.Message, actual.Message);
    }
}
