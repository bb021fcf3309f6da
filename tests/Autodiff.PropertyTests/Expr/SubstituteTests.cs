// Rewriting trees: what stands for a variable takes its place everywhere, and a rebuilt tree has the same value.

using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests;

[Properties(Arbitrary = [typeof(Programs)], MaxTest = 100, QuietOnSuccess = true)]
public class SubstituteTests
{
    [Property]
    public void Built_symbolically_and_substituted_a_program_gives_what_it_gives_when_run(Program program)
    {
        var x = Variable("x", program.Input.Shape);
        var symbolic = program.Tensor(x);
        Assert.False(symbolic.IsConcrete);
        Agreement.Repeats(program.Tensor(program.Input), symbolic.Substitute((x, program.Input)));
        Agreement.Repeats(program.Scalar(program.Input), program.Scalar(x).Substitute((x, program.Input)));
    }

    [Property]
    public void Substituting_a_variable_for_itself_or_one_that_is_not_there_changes_nothing(Program program)
    {
        var (x, other) = (Variable("x", program.Input.Shape), Variable("other"));
        var symbolic = program.Tensor(x);
        Assert.Same(symbolic, symbolic.Substitute((x, x)));
        Assert.Same(symbolic, symbolic.Substitute((other, 1)));
        Assert.Same(symbolic, symbolic.Substitute());
    }

    [Property]
    public void Substituting_twice_is_substituting_what_was_substituted(Program f, Program g)
    {
        var (x, y) = (Variable("x", g.Tensor(g.Input).Shape), Variable("y", g.Input.Shape));
        var (outer, inner) = (f.Scalar(x), g.Tensor(y));
        var expected = f.Scalar(g.Tensor(g.Input));
        Agreement.Repeats(expected, outer.Substitute((x, inner)).Substitute((y, g.Input)));
        Agreement.Repeats(expected, outer.Substitute((x, inner.Substitute((y, g.Input)))));
    }

    [Property]
    public void Substitution_is_simultaneous(Program f, Program g)
    {
        var (x, y) = (Variable("x", f.Input.Shape), Variable("y", f.Input.Shape));
        var (a, b) = (f.Input, Sin(f.Input));
        var sum = f.Scalar(x) - (2 * g.Scalar(y));
        Agreement.Repeats(f.Scalar(b) - (2 * g.Scalar(a)), sum.Substitute((x, y), (y, x)).Substitute((x, a), (y, b)));
    }

    [Property]
    public void A_concrete_variable_can_be_moved(Program program)
    {
        var x = Variable("x", program.Input);
        var elsewhere = Cos(program.Input);
        Agreement.Repeats(program.Scalar(elsewhere), program.Scalar(x).Substitute((x, elsewhere)));
    }

    [Property]
    public void Every_node_rebuilt_over_its_operands_has_the_same_value(Program program)
    {
        foreach (var node in program.Tensor(Variable("x", program.Input)).Ancestry().Where(node => node.Operands.Count > 0))
        {
            var rebuilt = node.WithOperands([.. node.Operands]);
            Assert.Equal(node.Op, rebuilt.Op);
            Agreement.Repeats(node, rebuilt);
        }
    }

    [Property]
    public void A_tree_comes_after_all_it_is_made_of(Program program)
    {
        var seen = new HashSet<Expr>(ReferenceEqualityComparer.Instance);
        foreach (var node in program.Tensor(Variable("x", program.Input)).Ancestry())
        {
            Assert.All(node.Operands, operand => Assert.Contains(operand, seen));
            Assert.True(seen.Add(node));
        }
    }
}
