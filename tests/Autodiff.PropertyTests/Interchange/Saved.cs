// Assertions that an expression is the same after it was written to JSON and read again.

using Autodiff.PropertyTests.Generators;

namespace Autodiff.PropertyTests.Interchange;

internal static class Saved
{
    /// <summary>
    /// Asserts that an expression over symbolic variables has the same nodes, and the same bits at the given values, after it was written and read.
    /// </summary>
    public static void Keeps(Expr formula, params (Expr Variable, Expr Value)[] at)
    {
        var read = Read(formula, [.. at.Select(pair => pair.Variable)]);
        Agreement.Identical(formula.Substitute(at), read.Substitute(at));
    }

    /// <summary>Asserts that an expression has the same nodes, and the same values if it has any, after it was written and read; returns what was read.</summary>
    public static Expr Read(Expr expression, params Expr[] variables)
    {
        var text = expression.ToJson();
        var read = Expr.FromJson(text, variables);
        Assert.Equal(text, read.ToJson());
        var (left, right) = (expression.Ancestry(), read.Ancestry());
        Assert.Equal(left.Count, right.Count);
        foreach (var (node, other) in left.Zip(right))
        {
            Assert.Equal(node.Op, other.Op);
            Assert.Equal(node.Shape, other.Shape);
            Assert.Equal(node.Name, other.Name);
            Assert.Equal(node.IsConcrete, other.IsConcrete);
            Assert.Equal(node.OperandCount, other.OperandCount);
            Assert.Equal(node.Primitive?.GetType(), other.Primitive?.GetType());
            if (node.Primitive is not null and not Functional.Programs.ProgramPrimitive)
            {
                Assert.Equal(node.Primitive, other.Primitive);
            }

            if (node.IsConcrete)
            {
                Agreement.Identical(node, other);
            }
        }

        return read;
    }
}
