// Random formulas of two numbers, made of the elementwise operations of the vocabulary of random programs.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;

namespace Autodiff.PropertyTests.Interchange;

/// <summary>A function of two numbers between −2 and 2: instructions of which those that are not elementwise are left out.</summary>
public sealed record ScalarFormula(IReadOnlyList<Instruction> Instructions, double X, double Y)
{
    public Expr Of(Expr x, Expr y)
    {
        List<Expr> results = [x, y];
        foreach (var instruction in Instructions)
        {
            var (a, b) = (results[instruction.First % results.Count], results[instruction.Second % results.Count]);
            var symbols = (Expr.Variable("a"), Expr.Variable("b"));
            var operation = Program.OperationOf(instruction);
            if (IsScalar(operation.Apply(symbols.Item1, symbols.Item2, instruction.Choice)))
            {
                results.Add(operation.Apply(a, b, instruction.Choice));
            }
        }

        // Each result is read, the later ones with more weight, so that none is lost.
        return results.Aggregate((sum, result) => (sum / 2) + result);
    }

    /// <summary>Whether a formula consists of numbers and elementwise functions of them.</summary>
    private static bool IsScalar(Expr formula) => formula.Shape.IsScalar && (formula.Op.IsLeaf() || (formula.Op.IsElementwise() && formula.Operands.All(IsScalar)));
}

/// <summary>The generator for FsCheck.</summary>
public static class ScalarFormulas
{
    public static Arbitrary<ScalarFormula> Arbitrary { get; } = Arb.From(
        from x in Gen.Choose(-2000, 2000)
        from y in Gen.Choose(-2000, 2000)
        from count in Gen.Choose(1, 25)
        from instructions in Programs.Instruction.ArrayOf(count)
        select new ScalarFormula(instructions, x / 1000.0, y / 1000.0),
        formula => Enumerable.Range(0, formula.Instructions.Count).Select(left => formula with { Instructions = [.. formula.Instructions.Where((_, i) => i != left)] }));
}
