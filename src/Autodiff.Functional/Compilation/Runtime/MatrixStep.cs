// Products of matrices.

using System.Buffers;
using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>A product of matrices, or several.</summary>
internal sealed unsafe class MatrixStep : Step, IDivided
{
    private const double LittleWork = 1 << 18;
    private const int MostParts = 8;

    // Rows or columns of this number are a multiple of all that registers hold.
    private const int SmallestPart = 96;

    private readonly Letters _letters;
    private BufferView? _a;
    private BufferView? _b;
    private BufferView? _c;
    private MatrixProductShape _shape;
    private Chunk[] _chunks = [];

    private MatrixStep(Contraction contraction, Letters letters) => (Contraction, _letters) = (contraction, letters);

    protected override BufferView[] Operands => [_a!, _b!];

    protected override BufferView[] Results => [_c!];

    /// <summary>The step of a contraction of two operands that no axis is in alone.</summary>
    public static MatrixStep? TryMake(Contraction contraction)
    {
        if (contraction.Inputs is not [var a, var b])
        {
            return null;
        }

        // Axes of one kind count as one: that of a matrix, or of a batch of them.
        char[] letters = [.. (a + b + contraction.Output).Distinct().Where(letter => contraction.Lengths[letter] > 1)];
        string Of(bool isInA, bool isInB, bool isInResult) =>
            string.Concat(letters.Where(letter => (a.Contains(letter), b.Contains(letter), contraction.Output.Contains(letter)) == (isInA, isInB, isInResult)));
        var kinds = new Letters(Of(true, true, true), Of(true, false, true), Of(true, true, false), Of(false, true, true));
        return kinds.All.Sum(kind => kind.Length) == letters.Length ? new(contraction, kinds) : null;
    }

    /// <summary>The sum of products that it is.</summary>
    public Contraction Contraction { get; }

    /// <summary>The axes of the operands and the result that several products are along; −1 where there is none.</summary>
    public (int A, int B, int C) BatchAxes => (AxisOf(Contraction.Inputs[0]), AxisOf(Contraction.Inputs[1]), AxisOf(Contraction.Output));

    private int AxisOf(string axes) => _letters.Batch.Length == 0 ? -1 : axes.IndexOf(_letters.Batch[0], StringComparison.Ordinal);

    /// <summary>The order of axes in which those of each kind are next to each other; null if no kind has several of them.</summary>
    public int[]? OrderOf(string axes)
    {
        if (_letters.All.All(kind => kind.Count(axes.Contains) < 2))
        {
            return null;
        }

        var isGrouped = _letters.All.All(kind => !axes.Contains(kind.FirstOrDefault()) || axes.Contains(kind, StringComparison.Ordinal));
        var order = string.Concat(_letters.All.SelectMany(kind => kind.Where(axes.Contains)));
        return isGrouped ? [.. Enumerable.Range(0, axes.Length)] : [.. (string.Concat(axes.Except(order)) + order).Select(letter => axes.IndexOf(letter))];
    }

    /// <summary>Tells it where its matrices are.</summary>
    public void Place(BufferView a, BufferView b, BufferView c) => (_a, _b, _c) = (a, b, c);

    public override void Prepare(ProgramCompiler compiler)
    {
        var (batch, row, sum, column) = _letters;

        // The step along an axis of length 1 is of no matter, but 0 would say that its positions share one place.
        nint Step(BufferView memory, string axes, string kind) => kind.Length == 0 ? 1 : memory.Strides[axes.IndexOf(kind[^1], StringComparison.Ordinal)].In(memory.Buffer);
        nint Further(BufferView memory, string axes) => batch.Length == 0 ? 0 : Step(memory, axes, batch);
        int Length(string kind) => kind.Aggregate(1, (product, letter) => product * Contraction.Lengths[letter]);
        var (a, b) = (Contraction.Inputs[0], Contraction.Inputs[1]);
        _shape = new(Length(row), Length(sum), Length(column))
        {
            ARow = Step(_a!, a, row),
            AColumn = Step(_a!, a, sum),
            BRow = Step(_b!, b, sum),
            BColumn = Step(_b!, b, column),
            CRow = Step(_c!, Contraction.Output, row),
            CColumn = Step(_c!, Contraction.Output, column),
            Count = Length(batch),
            ABatch = Further(_a!, a),
            BBatch = Further(_b!, b),
            CBatch = Further(_c!, Contraction.Output),
        };
        _chunks = [.. ChunksOf(_shape)];
    }

    public override void Run(Workspace workspace)
    {
        if (workspace.Team is { } team && _chunks.Length > 1)
        {
            team.Run(this, _chunks.Length);
            return;
        }

        for (var part = 0; part < _chunks.Length; part++)
        {
            RunPart(workspace, 0, part);
        }
    }

    /// <inheritdoc/>
    public void RunPart(Workspace workspace, int thread, int number)
    {
        var places = workspace.Places;
        var part = _chunks[number];
        var scratch = ArrayPool<double>.Shared.Rent(MatrixProduct.ScratchSize<double>(part.Shape));
        fixed (double* first = scratch)
        {
            MatrixProduct.Run(part.Shape, At(places, _a!) + part.A, At(places, _b!) + part.B, At(places, _c!) + part.C, first);
        }

        ArrayPool<double>.Shared.Return(scratch);
    }

    /// <summary>The products in parts that threads can take, the same ones whether they do or not.</summary>
    private static IEnumerable<Chunk> ChunksOf(MatrixProductShape shape)
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
        [$"products {Contraction}: {_shape.Count} x ({_shape.M} x {_shape.K}) ({_shape.K} x {_shape.N}), {2.0 * _shape.Count * _shape.M * _shape.K * _shape.N:N0} flops"];

    /// <summary>The axes of each kind: of all three tensors, of the first and the result, of both operands, of the second and the result.</summary>
    private sealed record Letters(string Batch, string Row, string Sum, string Column)
    {
        public IEnumerable<string> All => [Batch, Row, Sum, Column];
    }

    /// <summary>Some of the products, and where their matrices start.</summary>
    private sealed record Chunk(MatrixProductShape Shape, nint A, nint B, nint C);
}
