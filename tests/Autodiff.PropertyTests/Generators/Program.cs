// Random differentiable programs as data, which can be run on any tensor, printed, and shrunk to a smallest counterexample.

using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;

namespace Autodiff.PropertyTests.Generators;

/// <summary>
/// One step of a program: an operation on two earlier results. Each number is taken modulo the number of possibilities, so every list of
/// instructions is a program, and a program is shrunk by leaving out instructions.
/// </summary>
public sealed record Instruction(int Operation, int First, int Second, int Choice);

/// <summary>A function of one tensor, with the point at which it is tested.</summary>
public sealed partial record Program(Expr Input, IReadOnlyList<Instruction> Instructions)
{
    // Larger results are averaged or cut, so that tensors do not grow in the course of a program.
    private const int UsualSize = 12;
    private const int LargestRank = 3;

    /// <summary>The number of elements above which results are averaged or cut.</summary>
    public int LargestSize { get; init; } = UsualSize;

    /// <summary>The last result, which may have any shape.</summary>
    public Expr Tensor(Expr x) => Results(x)[^1];

    /// <summary>The last result of the same instructions on several inputs.</summary>
    internal Expr Joint(params Expr[] inputs) => Run(Instructions, LargestSize, inputs)[^1];

    /// <summary>The inputs, followed by the results of the instructions.</summary>
    public static IReadOnlyList<Expr> Run(IReadOnlyList<Instruction> instructions, params IEnumerable<Expr> inputs) => Run(instructions, UsualSize, inputs);

    private static List<Expr> Run(IReadOnlyList<Instruction> instructions, int largestSize, params IEnumerable<Expr> inputs)
    {
        List<Expr> results = [.. inputs];
        foreach (var instruction in instructions)
        {
            var result = OperationOf(instruction).Apply(results[instruction.First % results.Count], results[instruction.Second % results.Count], instruction.Choice);
            results.Add(Small(result, largestSize));
        }

        return results;
    }

    /// <summary>A scalar that depends on all results: the sum of the means of those results that no later instruction uses.</summary>
    public Expr Scalar(Expr x)
    {
        var results = Results(x);
        var used = Instructions.SelectMany((instruction, i) => new[] { instruction.First % (i + 1), instruction.Second % (i + 1) }).ToHashSet();
        return results.Where((_, i) => !used.Contains(i)).Aggregate((Expr)0, (sum, result) => sum + Expr.Mean(result));
    }

    public override string ToString()
    {
        var results = Results(Input);
        return string.Join('\n', [$"r0 = {Input} of {Input.Shape}", .. Texts(Instructions, ["r0"]).Select((text, i) => $"{text}   of {results[i + 1].Shape}")]);
    }

    /// <summary>The text of each instruction, for inputs with the given names.</summary>
    internal static IEnumerable<string> Texts(IReadOnlyList<Instruction> instructions, IReadOnlyList<string> inputs) => instructions.Select((instruction, i) =>
    {
        var earlier = inputs.Count + i;
        string NameOf(int operand) => operand % earlier is var place && place < inputs.Count ? inputs[place] : $"r{place}";
        var formula = OperandNames().Replace(OperationOf(instruction).Text, name => NameOf(name.Value == "a" ? instruction.First : instruction.Second));
        return $"r{earlier} = {formula}, choice {instruction.Choice}";
    });

    internal static Operation OperationOf(Instruction instruction) =>
        Vocabulary.Operations[instruction.Operation % Vocabulary.Operations.Count];

    private List<Expr> Results(Expr x) => Run(Instructions, LargestSize, x);

    private static Expr Small(Expr x, int largestSize)
    {
        if (x.Rank > LargestRank)
        {
            x = Expr.Reshape(x, -1, x.Shape.Lengths[^1]);
        }

        while (x.Shape.Size > largestSize)
        {
            x = x.Rank == 1 ? x[..largestSize] : Expr.Mean(x, 0);
        }

        return x;
    }

    [GeneratedRegex(@"\b[ab]\b")]
    private static partial Regex OperandNames();
}

/// <summary>The generators of programs for FsCheck, which also shrink counterexamples.</summary>
public static class Programs
{
    private const int Longest = 30;
    private const int LongestOnLongAxes = 12;

    internal static Gen<Instruction> Instruction { get; } =
        from operation in Gen.Choose(0, Vocabulary.Operations.Count - 1)
        from operands in Gen.Choose(0, 10_000).ArrayOf(2)
        from choice in Gen.Choose(0, 5)
        select new Instruction(operation, operands[0], operands[1], choice);

    public static Arbitrary<Program> Arbitrary { get; } = OnInputs(Tensors.Shapes.Where(shape => shape.Size <= 6));

    /// <summary>Programs on inputs of the given shapes.</summary>
    internal static Arbitrary<Program> OnInputs(Gen<Shape> shapes) => Arb.From(Of(shapes, Longest), Shrink);

    /// <summary>Short programs on tensors long enough to fill registers: axes of up to 70 positions, and results of up to 70 elements.</summary>
    internal static Arbitrary<Program> OnLongAxes { get; } = Arb.From(
        Of(Tensors.LongShapes, LongestOnLongAxes).Select(program => program with { LargestSize = Tensors.LongestAxis }),
        Shrink);

    /// <summary>Programs of a few instructions, which are used as the steps of loops.</summary>
    internal static Gen<Program> Short { get; } = Of(Tensors.Shapes.Where(shape => shape.Size <= 4), 4);

    private static Gen<Program> Of(Gen<Shape> shapes, int longest) =>
        from shape in shapes
        from input in Tensors.Of(shape)
        from count in Gen.Choose(1, longest)
        from instructions in Instruction.ArrayOf(count)
        select new Program(input, instructions);

    /// <summary>The program without a quarter of its instructions, or without one of them.</summary>
    private static IEnumerable<Program> Shrink(Program program)
    {
        var count = program.Instructions.Count;
        foreach (var run in new[] { Math.Max(2, count / 4), 1 })
        {
            for (var start = 0; start + run <= count && run < count; start++)
            {
                yield return program with { Instructions = [.. program.Instructions.Take(start), .. program.Instructions.Skip(start + run)] };
            }
        }
    }
}
