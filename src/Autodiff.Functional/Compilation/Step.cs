// Steps that are no kernels: products of matrices, and nodes that the evaluator computes.

using System.Buffers;
using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional.Compilation;

/// <summary>A step that reads and writes whole buffers.</summary>
internal abstract unsafe class Step : IStep
{
    public int Index { get; set; }

    public IEnumerable<(Buffer Buffer, bool IsWritten, bool IsOwn)> Touched =>
        [.. Operands.Select(memory => (memory.Buffer, false, false)), .. Results.Select(memory => (memory.Buffer, true, false))];

    /// <summary>What it reads.</summary>
    protected abstract Memory[] Operands { get; }

    /// <summary>What it writes.</summary>
    protected abstract Memory[] Results { get; }

    /// <summary>Called once, when every buffer has its place.</summary>
    public virtual void Prepare(CompileOptions options)
    {
    }

    public abstract void Run(Workspace workspace);

    /// <summary>What it does, one line or more.</summary>
    public abstract IEnumerable<string> Explain();

    public static double* At(double** places, Memory memory) => places[memory.Buffer.Place] + memory.Buffer.Start + (memory.Element * memory.Buffer.Lead) + memory.Sample;
}

/// <summary>A node that the evaluator computes, as it does without compilation.</summary>
internal sealed unsafe class NodeStep(Expr node, Storage?[] constants, Memory?[] operands, Memory result) : Step
{
    protected override Memory[] Operands => [.. operands.OfType<Memory>()];

    protected override Memory[] Results => [result];

    public override void Run(Workspace workspace)
    {
        var places = workspace.Places;
        var values = new Storage[operands.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var shape = node.Operand(i).Shape;
            if (constants[i] is { } constant)
            {
                values[i] = constant;
            }
            else if (operands[i] is { } memory)
            {
                values[i] = Storage.Uninitialized(shape, out var elements);
                new ReadOnlySpan<double>(At(places, memory), shape.Size).CopyTo(elements);
            }
            else
            {
                values[i] = Storage.Symbolic(shape);
            }
        }

        Evaluator.Evaluate(node.Op, node.Attribute, node.Shape, values).Span.CopyTo(new(At(places, result), node.Shape.Size));
    }

    public override IEnumerable<string> Explain() => [$"{node.Op} {node.Shape}, as without compilation"];
}

/// <summary>A product of matrices, or several.</summary>
internal sealed unsafe class MatrixStep : Step, IDivided
{
    private const double LittleWork = 1 << 18;
    private const int MostParts = 8;

    // Rows or columns of this number are a multiple of all that registers hold.
    private const int SmallestPart = 96;

    private readonly Contraction _contraction;
    private readonly (char Batch, char Row, char Sum, char Column) _letters;
    private Memory? _a;
    private Memory? _b;
    private Memory? _c;
    private MatrixProductShape _shape;
    private Part[] _parts = [];

    private MatrixStep(Contraction contraction, (char, char, char, char) letters) => (_contraction, _letters) = (contraction, letters);

    protected override Memory[] Operands => [_a!, _b!];

    protected override Memory[] Results => [_c!];

    /// <summary>The step of a contraction of two operands, if it has at most one axis of each kind.</summary>
    public static MatrixStep? TryMake(Contraction contraction)
    {
        if (contraction.Inputs is not [var a, var b])
        {
            return null;
        }

        var letters = ('\0', '\0', '\0', '\0');
        foreach (var letter in (a + b + contraction.Output).Distinct())
        {
            var length = contraction.Lengths[letter];
            var kind = (a.Contains(letter), b.Contains(letter), contraction.Output.Contains(letter));
            ref var kept = ref kind == (true, true, true) ? ref letters.Item1
                : ref kind == (true, false, true) ? ref letters.Item2
                : ref kind == (true, true, false) ? ref letters.Item3
                : ref letters.Item4;
            var isOdd = kind is (true, false, false) or (false, true, false) or (false, false, _);
            if (length > 1 && (isOdd || kept != '\0'))
            {
                return null;
            }

            kept = length > 1 ? letter : kept;
        }

        return new(contraction, letters);
    }

    /// <summary>The axes of the operands and the result that several products are along; −1 where there is none.</summary>
    public (int A, int B, int C) BatchAxes => (AxisOf(_contraction.Inputs[0]), AxisOf(_contraction.Inputs[1]), AxisOf(_contraction.Output));

    private int AxisOf(string axes) => axes.IndexOf(_letters.Batch, StringComparison.Ordinal);

    public void Place(Memory a, Memory b, Memory c) => (_a, _b, _c) = (a, b, c);

    public override void Prepare(CompileOptions options)
    {
        var (batch, row, sum, column) = _letters;

        // The step along an axis of length 1 is of no matter, but 0 would say that its positions share one place.
        nint Step(Memory memory, string axes, char letter) => letter == '\0' ? 1 : memory.Strides[axes.IndexOf(letter, StringComparison.Ordinal)].In(memory.Buffer);
        nint Further(Memory memory, string axes) => batch == '\0' || !axes.Contains(batch, StringComparison.Ordinal) ? 0 : Step(memory, axes, batch);
        int Length(char letter) => letter == '\0' ? 1 : _contraction.Lengths[letter];
        var (a, b) = (_contraction.Inputs[0], _contraction.Inputs[1]);
        _shape = new(Length(row), Length(sum), Length(column))
        {
            ARow = Step(_a!, a, row),
            AColumn = Step(_a!, a, sum),
            BRow = Step(_b!, b, sum),
            BColumn = Step(_b!, b, column),
            CRow = Step(_c!, _contraction.Output, row),
            CColumn = Step(_c!, _contraction.Output, column),
            Count = Length(batch),
            ABatch = Further(_a!, a),
            BBatch = Further(_b!, b),
            CBatch = Further(_c!, _contraction.Output),
        };
        _parts = [.. PartsOf(_shape)];
    }

    public override void Run(Workspace workspace)
    {
        if (workspace.Team is { } team && _parts.Length > 1)
        {
            team.Run(this, _parts.Length);
            return;
        }

        for (var part = 0; part < _parts.Length; part++)
        {
            RunPart(workspace, 0, part);
        }
    }

    /// <inheritdoc/>
    public void RunPart(Workspace workspace, int thread, int number)
    {
        var places = workspace.Places;
        var part = _parts[number];
        var scratch = ArrayPool<double>.Shared.Rent(MatrixProduct.ScratchSize<double>(part.Shape));
        fixed (double* first = scratch)
        {
            MatrixProduct.Run(part.Shape, At(places, _a!) + part.A, At(places, _b!) + part.B, At(places, _c!) + part.C, first);
        }

        ArrayPool<double>.Shared.Return(scratch);
    }

    /// <summary>The products in parts that threads can take, the same ones whether they do or not.</summary>
    private static IEnumerable<Part> PartsOf(MatrixProductShape shape)
    {
        var isLarge = (double)shape.Count * shape.M * shape.K * shape.N > LittleWork;
        var length = !isLarge ? 1 : shape.Count > 1 ? shape.Count : Math.Max(1, Math.Max(shape.M, shape.N) / SmallestPart);
        var parts = Math.Min(MostParts, length);
        for (var part = 0; part < parts; part++)
        {
            var (start, end) = (length * part / parts, length * (part + 1) / parts);
            if (parts == 1)
            {
                yield return new(shape, 0, 0, 0);
            }
            else if (shape.Count > 1)
            {
                yield return new(shape with { Count = end - start }, start * shape.ABatch, start * shape.BBatch, start * shape.CBatch);
            }
            else if (shape.M > shape.N)
            {
                var (first, last) = (start * SmallestPart, part == parts - 1 ? shape.M : end * SmallestPart);
                yield return new(shape with { M = last - first }, first * shape.ARow, 0, first * shape.CRow);
            }
            else
            {
                var (first, last) = (start * SmallestPart, part == parts - 1 ? shape.N : end * SmallestPart);
                yield return new(shape with { N = last - first }, 0, first * shape.BColumn, first * shape.CColumn);
            }
        }
    }

    public override IEnumerable<string> Explain() =>
        [$"products {_contraction}: {_shape.Count} x ({_shape.M} x {_shape.K}) ({_shape.K} x {_shape.N}), {2.0 * _shape.Count * _shape.M * _shape.K * _shape.N:N0} flops"];

    /// <summary>Some of the products, and where their matrices start.</summary>
    private sealed record Part(MatrixProductShape Shape, nint A, nint B, nint C);
}
