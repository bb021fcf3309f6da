// Every primitive that is printed can be read: what a primitive states of itself is all that the reader of formulas knows.

using System.Reflection;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Parsing;
using Autodiff.Functional.Primitives;
using Autodiff.Functional.Programs;

namespace Autodiff.PropertyTests.Parsing;

public class VocabularyTests
{
    // A slice is read by its brackets, a primitive of the user's own by what the user passes, and a solution by RootReader, because its search is on
    // another floor. The text of the reverse sweep through a loop does not say in which operands.
    private static readonly Type[] s_withoutReader = [typeof(SlicePrimitive), typeof(DefinedPrimitive), typeof(RootProblem), typeof(LoopAdjoint)];

    public static TheoryData<Op> Elementwise => [.. Enum.GetValues<Op>().Where(op => op.IsElementwise())];

    public static TheoryData<string> Structural =>
        [.. typeof(TensorPrimitive).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(TensorPrimitive)) && !type.IsAbstract).Except(s_withoutReader).Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(Elementwise))]
    public void An_elementwise_primitive_is_read_as_itself(Op op)
    {
        Expr[] operands = [op.HasOrder() ? 2 : Expr.Variable("a"), Expr.Variable("b"), Expr.Variable("c")];
        var node = op.Arity() switch
        {
            1 => Expr.Apply(op, operands[0]),
            2 => Expr.Apply(op, operands[0], operands[1]),
            _ => Expr.Apply(op, operands[0], operands[1], operands[2]),
        };

        var read = Expr.Parse(node.ToFormula());

        // Zero that is added to a divisor is not printed, and the share of an element in a norm is printed as the quotient that it is.
        Assert.Equal(op switch { Op.PlusZero => Op.Variable, Op.ShareOfNorm => Op.Divide, _ => op }, read.Op);
        Assert.Equal(node.ToFormula(), read.ToFormula());
    }

    [Theory]
    [MemberData(nameof(Structural))]
    public void A_primitive_has_a_reader_in_the_vocabulary(string name)
    {
        var type = typeof(TensorPrimitive).Assembly.GetType(name)!;
        Reader[] readers = [.. type.GetProperties(BindingFlags.Static | BindingFlags.Public).SelectMany(property =>
            property.GetValue(null) switch { Reader reader => [reader], Reader[] several => several, _ => Array.Empty<Reader>() })];

        Assert.True(readers.Length > 0, $"{name} is printed, but cannot be read: state a static Reader, and name it in {nameof(Vocabulary)}.");
        Assert.All(readers, reader => Assert.True(
            Vocabulary.Functions.TryGetValue(reader.Name, out var known) && ReferenceEquals(known, reader), $"The reader of {reader.Name} is not in {nameof(Vocabulary)}."));
    }

    [Fact]
    public void Every_name_of_a_function_is_one_word() =>
        Assert.All(Vocabulary.Functions.Keys, name => Assert.True(Functional.Formulas.Identifier.IsPlain(name), name));

    [Theory]
    [MemberData(nameof(Elementwise))]
    public void Every_order_that_is_read_has_a_value(Op op)
    {
        if (!op.HasOrder())
        {
            return;
        }

        var name = ElementwiseTable.Describe(op).Spelling.Text;
        for (var order = -70; order <= 70; order++)
        {
            try
            {
                _ = Expr.Parse($"{name}({order}, 0.5{(op.Arity() == 3 ? ", 1.5" : "")})").Value;
            }
            catch (ParseException)
            {
                Assert.True(order is < 0 or > 64, $"{order}");
            }
        }
    }
}
