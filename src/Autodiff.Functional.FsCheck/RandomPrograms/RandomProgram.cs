// A program as data: typed instructions in static single assignment form, with nested bodies for the functions that loops, branches and the like take.

using Autodiff.Functional.Generation;

namespace Autodiff.Functional;

/// <summary>
/// A random function of a tensor, and the point at which it is tested. Its values there are between −2 and 2, its derivatives are moderate, and kinks
/// and jumps are far away.
/// </summary>
public sealed class RandomProgram
{
    internal RandomProgram(Expr input, ProgramBody body) => (Input, Body) = (input, body);

    /// <summary>The point: a tensor of numbers between −2 and 2.</summary>
    public Expr Input { get; }

    /// <summary>The instructions, with the input as the only parameter.</summary>
    public ProgramBody Body { get; }

    /// <summary>The function from the input to the result, a scalar or a tensor.</summary>
    public Func<Expr, Expr> Function => x => Body.Run([x]);

    /// <summary>The number of instructions, with those of all bodies.</summary>
    public int Count => Body.All.Count();

    /// <summary>The names of the operations of all instructions, in the order of the text.</summary>
    public IEnumerable<string> Operations => Body.All.Select(instruction => instruction.Operation);

    /// <summary>
    /// The program as a C# source file, which compiles as it is against the library: a class with the input and a function, that computes the same
    /// numbers to the last bit.
    /// </summary>
    /// <param name="className">The name of the class. It has the static members <c>Expr Input</c> and <c>Expr F(Expr x)</c>.</param>
    public string ToCSharp(string className = "Sample") => SourceText.File(this, className);

    /// <summary>The input and the statements of the function, each with the shape of its result.</summary>
    public override string ToString() => SourceText.Statements(this);
}

/// <summary>
/// A function as instructions. Its values are numbered: first the parameters, then a result of each instruction. Instructions use values of smaller numbers.
/// </summary>
public sealed class ProgramBody
{
    internal ProgramBody(IReadOnlyList<Shape> parameters, IReadOnlyList<ProgramInstruction> instructions, int result) =>
        (Parameters, Instructions, Result) = (parameters, instructions, result);

    /// <summary>
    /// The shapes of the parameters: the arguments of the function, followed by the values that it captures from the body around it.
    /// </summary>
    public IReadOnlyList<Shape> Parameters { get; }

    /// <summary>The instructions, in order.</summary>
    public IReadOnlyList<ProgramInstruction> Instructions { get; }

    /// <summary>The number of the value that is the result.</summary>
    public int Result { get; }

    /// <summary>The instructions of this body and of the bodies inside it.</summary>
    internal IEnumerable<ProgramInstruction> All =>
        Instructions.SelectMany(instruction => instruction.Bodies.SelectMany(body => body.All).Append(instruction));

    internal Shape ShapeOf(int value) => value < Parameters.Count ? Parameters[value] : Instructions[value - Parameters.Count].Shape;

    internal Expr Run(IReadOnlyList<Expr> arguments)
    {
        List<Expr> values = [.. arguments];
        foreach (var instruction in Instructions)
        {
            values.Add(instruction.Run(values));
        }

        return values[Result];
    }

    internal ProgramBody With(IReadOnlyList<ProgramInstruction> instructions) => new(Parameters, instructions, Result);

    /// <summary>The body without the instructions that its result does not depend on.</summary>
    internal ProgramBody WithoutUnused()
    {
        var isUsed = new bool[Parameters.Count + Instructions.Count];
        isUsed[Result] = true;
        for (var value = isUsed.Length - 1; value >= Parameters.Count; value--)
        {
            if (isUsed[value])
            {
                foreach (var operand in Instructions[value - Parameters.Count].Operands)
                {
                    isUsed[operand] = true;
                }
            }
        }

        var (numbers, next) = (new int[isUsed.Length], 0);
        for (var value = 0; value < isUsed.Length; value++)
        {
            numbers[value] = value < Parameters.Count || isUsed[value] ? next++ : -1;
        }

        return new(
            Parameters,
            [
                .. Instructions
                    .Where((_, i) => isUsed[Parameters.Count + i])
                    .Select(instruction => instruction.With(operands: [.. instruction.Operands.Select(operand => numbers[operand])])),
            ],
            numbers[Result]);
    }
}

/// <summary>An operation on values of a body.</summary>
public sealed class ProgramInstruction
{
    internal ProgramInstruction(string operation, IReadOnlyList<int> operands, IReadOnlyList<double> numbers, IReadOnlyList<ProgramBody> bodies, Shape shape) =>
        (Operation, Operands, Numbers, Bodies, Shape) = (operation, operands, numbers, bodies, shape);

    /// <summary>The name of the operation, one of <see cref="RandomPrograms.Operations"/>.</summary>
    public string Operation { get; }

    /// <summary>The numbers of the values that it is applied to, followed by those that its bodies capture.</summary>
    public IReadOnlyList<int> Operands { get; }

    /// <summary>Axes, positions, lengths, bounds and the like; the shape and the elements of a constant.</summary>
    public IReadOnlyList<double> Numbers { get; }

    /// <summary>The functions that the operation takes: the step of a loop, the branches of a choice.</summary>
    public IReadOnlyList<ProgramBody> Bodies { get; }

    /// <summary>The shape of the result.</summary>
    public Shape Shape { get; }

    /// <summary>The values that the bodies capture, which follow the operands proper.</summary>
    internal IEnumerable<int> Captured => Operands.Skip(Vocabulary.Of(Operation).OperandCount);

    internal Expr Run(IReadOnlyList<Expr> values) => Run(values, (body, arguments) => body.Run(arguments));

    /// <summary>Applies the operation, with another way to run its bodies.</summary>
    internal Expr Run(IReadOnlyList<Expr> values, Func<ProgramBody, IReadOnlyList<Expr>, Expr> runBody)
    {
        Expr[] captured = [.. Captured.Select(value => values[value])];
        return Vocabulary.Of(Operation).Apply(
            [.. Operands.Select(value => values[value])],
            Numbers,
            [.. Bodies.Select(body => (Func<IReadOnlyList<Expr>, Expr>)(arguments => runBody(body, [.. arguments, .. captured])))]);
    }

    internal ProgramInstruction With(
        IReadOnlyList<int>? operands = null, IReadOnlyList<double>? numbers = null, IReadOnlyList<ProgramBody>? bodies = null, Shape? shape = null) =>
        new(Operation, operands ?? Operands, numbers ?? Numbers, bodies ?? Bodies, shape ?? Shape);
}
