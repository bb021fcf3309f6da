// The step that computes products of matrices.

using System.Buffers;
using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>Computes a product of matrices, or several products of the same shape.</summary>
internal sealed unsafe class MatrixStep : Step, IChunkedWork
{
    // Products of at most this many multiply-adds are one chunk: a helper thread would arrive after they are over. Larger ones are
    // at most MostChunks chunks.
    private const double LittleWork = 1 << 18;
    private const int MostChunks = 8;

    // Rows or columns are divided by multiples of this number, which is a multiple of all blocks that a product keeps in registers.
    private const int SmallestChunk = 96;

    private readonly Letters _letters;
    private BufferView? _a;
    private BufferView? _b;
    private BufferView? _c;
    private MatrixProductShape _shape;
    private Chunk[] _chunks = [];

    /// <summary>The products in the chunks that threads take.</summary>
    public IReadOnlyList<Chunk> Chunks => _chunks;

    private MatrixStep(Contraction contraction, Letters letters) => (Contraction, _letters) = (contraction, letters);

    public override BufferView[] Operands => [_a!, _b!];

    public override BufferView[] Results => [_c!];

    /// <summary>The step for a contraction of two operands in which every axis is in at least two of the three tensors; null for any other contraction.</summary>
    public static MatrixStep? TryMake(Contraction contraction)
    {
        if (contraction.Inputs is not [var a, var b])
        {
            return null;
        }

        // Axes of one kind count as one axis: rows, columns or summed axis of a matrix, or the axis of a batch of matrices.
        char[] letters = [.. (a + b + contraction.Output).Distinct().Where(letter => contraction.Lengths[letter] > 1)];
        string Of(bool isInA, bool isInB, bool isInResult) =>
            string.Concat(letters.Where(letter => (a.Contains(letter), b.Contains(letter), contraction.Output.Contains(letter)) == (isInA, isInB, isInResult)));
        var kinds = new Letters(Of(true, true, true), Of(true, false, true), Of(true, true, false), Of(false, true, true));
        return kinds.All.Sum(kind => kind.Length) == letters.Length ? new(contraction, kinds) : null;
    }

    /// <summary>The contraction that it computes.</summary>
    public Contraction Contraction { get; }

    /// <summary>The axis of each operand and of the result along which the products of a batch lie; −1 where there is none.</summary>
    public (int A, int B, int C) BatchAxes => (AxisOf(Contraction.Inputs[0]), AxisOf(Contraction.Inputs[1]), AxisOf(Contraction.Output));

    private int AxisOf(string axes) => _letters.Batch.Length == 0 ? -1 : axes.IndexOf(_letters.Batch[0], StringComparison.Ordinal);

    /// <summary>The order in which axes of each kind are next to each other; null if no kind has several axes.</summary>
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

    /// <summary>Sets where the operands and the result are.</summary>
    public void Place(BufferView a, BufferView b, BufferView c) => (_a, _b, _c) = (a, b, c);

    public override void Prepare(ProgramCompiler compiler) => Plan();

    /// <summary>Finds the strides of the operands and the result, and divides the products into chunks. To be called after every buffer has been given its place.</summary>
    public void Plan()
    {
        var (batch, row, sum, column) = _letters;

        // The stride of an axis of length 1 does not matter, but 0 would say that its positions share one place.
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

        for (var chunk = 0; chunk < _chunks.Length; chunk++)
        {
            RunChunk(workspace, 0, chunk);
        }
    }

    /// <inheritdoc/>
    public void RunChunk(Workspace workspace, int thread, int number)
    {
        var segments = workspace.Segments;
        var chunk = _chunks[number];
        var scratch = ArrayPool<double>.Shared.Rent(MatrixProduct.ScratchSize<double>(chunk.Shape));
        fixed (double* first = scratch)
        {
            MatrixProduct.Run(chunk.Shape, At(segments, _a!) + chunk.A, At(segments, _b!) + chunk.B, At(segments, _c!) + chunk.C, first);
        }

        ArrayPool<double>.Shared.Return(scratch);
    }

    /// <summary>The products in chunks that threads can take. They are the same for any number of threads.</summary>
    private static IEnumerable<Chunk> ChunksOf(MatrixProductShape shape)
    {
        var isLarge = (double)shape.Count * shape.M * shape.K * shape.N > LittleWork;
        var length = !isLarge ? 1 : shape.Count > 1 ? shape.Count : Math.Max(1, Math.Max(shape.M, shape.N) / SmallestChunk);
        var chunks = Math.Min(MostChunks, length);
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            var (start, end) = (length * chunk / chunks, length * (chunk + 1) / chunks);
            if (chunks == 1)
            {
                yield return new(shape, 0, 0, 0);
            }
            else if (shape.Count > 1)
            {
                yield return new(shape with { Count = end - start }, start * shape.ABatch, start * shape.BBatch, start * shape.CBatch);
            }
            else if (shape.M > shape.N)
            {
                var (first, last) = (start * SmallestChunk, chunk == chunks - 1 ? shape.M : end * SmallestChunk);
                yield return new(shape with { M = last - first }, first * shape.ARow, 0, first * shape.CRow);
            }
            else
            {
                var (first, last) = (start * SmallestChunk, chunk == chunks - 1 ? shape.N : end * SmallestChunk);
                yield return new(shape with { N = last - first }, 0, first * shape.BColumn, first * shape.CColumn);
            }
        }
    }

    public override IEnumerable<string> Explain() =>
        [$"products {Contraction}: {_shape.Count} x ({_shape.M} x {_shape.K}) ({_shape.K} x {_shape.N}), {2.0 * _shape.Count * _shape.M * _shape.K * _shape.N:N0} flops"];

    /// <summary>The axes of each kind: in all three tensors, in the first and the result, in both operands, in the second and the result.</summary>
    private sealed record Letters(string Batch, string Row, string Sum, string Column)
    {
        public IEnumerable<string> All => [Batch, Row, Sum, Column];
    }

    /// <summary>Some of the products, and how far their matrices start behind those of all, in doubles.</summary>
    internal sealed record Chunk(MatrixProductShape Shape, nint A, nint B, nint C);
}
