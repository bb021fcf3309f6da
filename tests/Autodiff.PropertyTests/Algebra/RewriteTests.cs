// Nodes as a list, rewriting by functions and by rules, and structural equality.

using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Algebra;

[Properties(Arbitrary = [typeof(Programs)], QuietOnSuccess = true)]
public class RewriteTests
{
    private static readonly Expr x = Variable("x"), y = Variable("y");

    [Property(MaxTest = 100)]
    public void Nodes_come_once_and_after_their_operands(Program program)
    {
        var met = new HashSet<Expr>(ReferenceEqualityComparer.Instance);
        var formula = program.Scalar(Variable("x", program.Input.Shape));
        foreach (var node in formula.Nodes())
        {
            Assert.All(node.Operands, operand => Assert.Contains(operand, met));
            Assert.True(met.Add(node));
        }

        Assert.Same(formula, formula.Nodes()[^1]);
        Assert.Equal(formula.Nodes().Count, Enum.GetValues<Op>().Sum(formula.Count));
        Assert.InRange(formula.Depth, 1, formula.Nodes().Count - 1);
    }

    [Property(MaxTest = 100)]
    public void A_rule_that_changes_nothing_returns_the_same_tree(Program program)
    {
        var formula = program.Scalar(Variable("x", program.Input.Shape));
        Assert.Same(formula, formula.Rewrite(node => node));
        Assert.Same(formula, formula.Rewrite(Rule.Of(a => Sin(1234 * a), a => a)));
    }

    [Property(MaxTest = 100)]
    public void Trees_that_are_built_alike_are_equal_and_others_are_not(Program program)
    {
        Expr Built() => program.Scalar(Variable("x", program.Input.Shape));
        var (one, other) = (Built(), Built());
        Assert.Equal(one, other, Comparer.Structural);
        Assert.Equal(Comparer.Structural.GetHashCode(one), Comparer.Structural.GetHashCode(other));
        Assert.NotEqual(one, other + 1, Comparer.Structural);
        Assert.NotEqual(one, -other, Comparer.Structural);
    }

    [Fact]
    public void Variables_correspond_one_to_one()
    {
        Assert.Equal(x + y, Variable("x") + Variable("y"), Comparer.Structural);
        Assert.NotEqual(x + x, x + y, Comparer.Structural);
        Assert.NotEqual(x + x, x + Variable("x"), Comparer.Structural);
        Assert.NotEqual(x, y, Comparer.Structural);
        Assert.NotEqual(Variable("x", 1.0), Variable("x", 2.0), Comparer.Structural);
        Assert.NotEqual((Expr)0.0, -0.0, Comparer.Structural);
        Assert.True(Comparer.Structural.Equals(null, null));
        Assert.False(Comparer.Structural.Equals(null, x));
    }

    [Fact]
    public void Sharing_makes_no_difference()
    {
        var shared = Sin(x);
        Assert.Equal(shared * shared, Sin(x) * Sin(x), Comparer.Structural);
        var deep = x;
        for (var i = 0; i < 10_000; i++)
        {
            deep += deep;
        }

        Assert.Equal(deep, deep.Rewrite(node => node), Comparer.Structural);
        Assert.Equal(10_000, deep.Depth);
    }

    [Fact]
    public void Programs_are_equal_whatever_their_parameters_are_called()
    {
        var v = Variable("v", new Shape(3));
        Expr Product(double start) => Fold((state, item) => state * Sin(item), (Expr)start, v);
        Assert.Equal(Product(1), Product(1), Comparer.Structural);
        Assert.NotEqual(Product(1), Product(2), Comparer.Structural);
        Assert.NotEqual(Product(1), Fold((state, item) => state * Cos(item), (Expr)1, v), Comparer.Structural);
        Assert.NotEqual(Iterate(3, s => s * 2, x), Iterate(4, s => s * 2, x), Comparer.Structural);
        Assert.Equal(Grad(w => Sum(Product(1) * w))(v), Grad(w => Sum(Product(1) * w))(v), Comparer.Structural);
    }

    [Fact]
    public void Rules_match_in_either_order_and_everywhere()
    {
        var doubled = Rule.Of(a => Sin(a) * Cos(a), a => Sin(2 * a) / 2);
        Assert.Equal("sin(2 * x) / 2 + sin(2 * y) / 2", ((Cos(x) * Sin(x)) + (Sin(y) * Cos(y))).Rewrite(doubled).ToString());
        var joined = Rule.Of((a, b) => Exp(a) * Exp(b), (a, b) => Exp(a + b));
        Assert.Equal("exp(x + 2 * x + y)", (Exp(x) * Exp(2 * x) * Exp(y)).Rewrite(joined).ToString());
        Assert.Equal("x * (y + 1)", ((y * x) + x).Rewrite(Rule.Of((a, b) => (a * b) + a, (a, b) => a * (b + 1))).ToString());
        Assert.Equal("x - y", (x + (-1 * y)).Rewrite(Rule.Of((a, b) => a + (-1 * b), (a, b) => a - b)).ToString());
        Assert.Equal("exp(a) * exp(b) => exp(a + b)", joined.ToString());
        Assert.Equal("log(x^2) + 3 * log(y)", (Log(Pow(x, 2)) + Log(Pow(y, 3))).Rewrite(Rule.Of((a, n) => Log(Pow(a, n)), (a, n) => n * Log(a), (_, n) => n.IsConcrete && n.Value % 2 != 0)).ToString());
        Assert.True(joined.Apply(Exp(x) * Exp(y)).IsSome);
        Assert.True(joined.Apply(Exp(x) + Exp(y)).IsNone);
        var three = Rule.Of((a, b, c) => (a * b) + (a * c), (a, b, c) => a * (b + c));
        Assert.Equal("x * (y + 2)", ((y * x) + (2 * x)).Rewrite(three).ToString());
    }

    [Fact]
    public void Tensors_keep_their_shape()
    {
        var v = Variable("v", new Shape(2));
        var rule = Rule.Of(a => a * 0, _ => 0);
        Assert.Equal(new Shape(2), (v * Zeros(2)).Rewrite(rule).Shape);
        Assert.Contains("shape (2) by Constant of shape ()", Assert.Throws<ShapeException>(() => (v + v).Rewrite(node => node.Op == Op.Add ? 1 : node)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Leaves_are_rewritten_too()
    {
        Assert.Equal("sin(y * 3)", Sin(x * 2).Rewrite(node => node.Op switch { Op.Constant => 3, Op.Variable => y, _ => node }).ToString());
        Assert.Equal("y", x.Rewrite(node => ReferenceEquals(node, x) ? y : node).ToString());
    }

    [Fact]
    public void What_never_ends_or_has_no_meaning_is_refused()
    {
        Assert.Contains("1000 times to one node", Assert.Throws<AutodiffException>(() => (x + 1).Rewrite(node => node.Op == Op.Add ? node.Operands[1] + node.Operands[0] : node)).Message, StringComparison.Ordinal);
        Assert.Contains("after 1000 walks", Assert.Throws<AutodiffException>(() => (x + 1).Rewrite(node => ReferenceEquals(node, x) ? x + 0.5 : node)).Message, StringComparison.Ordinal);
        Assert.Contains("contains Stack", Assert.Throws<AutodiffException>(() => Rule.Of(a => Sum(Stack([a, a])), a => a)).Message, StringComparison.Ordinal);
        Assert.Contains("variable b does not occur", Assert.Throws<AutodiffException>(() => Rule.Of((a, b) => Sin(a), (a, b) => b)).Message, StringComparison.Ordinal);
        Assert.Contains("returned for Add is null", Assert.Throws<AutodiffException>(() => (x + 1).Rewrite(node => node.Op == Op.Add ? null! : node)).Message, StringComparison.Ordinal);
    }
}
