// A function of a symmetric matrix as one node, with its derivatives of any order: what MatrixFunction makes.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Programs;

/// <summary>
/// (A, E₁ … Eₖ, θ) ↦ Dᵏf(A)[E₁, …, Eₖ], the k-th derivative of f(A) = V diag(f(λ)) Vᵀ along k directions, where A = V diag(λ) Vᵀ.
/// It is the sum over all orders of the directions of V R Vᵀ with
/// <para>R[i₀, iₖ] = Σ f[λ(i₀), …, λ(iₖ)] (VᵀE₁V)[i₀, i₁] ⋯ (VᵀEₖV)[iₖ₋₁, iₖ],</para>
/// where f[…] are divided differences (Yu. L. Daleckii and S. G. Krein, 1965; R. Bhatia, Matrix Analysis, 1997, V.3 and X.4). Only the
/// symmetric parts of all matrices are used. Since f(A) is the gradient of tr φ(A) with φ′ = f, its derivatives are those of a scalar:
/// ⟨E₀, Dᵏf(A)[E₁, …, Eₖ]⟩ is symmetric in all its directions, so each of these linear maps is its own transpose.
/// </summary>
/// <param name="Family">f, with parameters θ.</param>
/// <param name="Directions">The number of directions.</param>
/// <param name="IsTrace">
/// Whether the value is ⟨E₁, Dᵏ⁻¹f(A)[E₂, …, Eₖ]⟩ instead, where the value of f may be a tensor; this occurs in the derivatives in θ.
/// </param>
internal sealed record SpectralFunction(FunctionFamily Family, int Directions = 0, bool IsTrace = false) : ProgramPrimitive("MatrixFunction")
{
    public override Op Op => Op.MatrixFunction;

    public override IReadOnlyList<Computation> Computations => [Family.Value];

    public override object? Settings => (Directions, IsTrace);

    public override bool MayFail => true;

    /// <summary>How many of the operands are matrices: the first ones. The others are parameters.</summary>
    public int Matrices => 1 + Directions;

    /// <summary>The number of trailing axes that do not belong to the batch of matrices.</summary>
    public int ResultRank => IsTrace ? Family.Shape.Rank : 2;

    /// <summary>The node over matrices, whose batches broadcast, and parameters.</summary>
    public Expr Node(ReadOnlySpan<Expr> operands)
    {
        var shape = operands[0].Shape;
        var batch = BatchOf(shape);
        foreach (var direction in operands[1..Matrices])
        {
            batch = Shape.Broadcast(batch, BatchOf(direction.Shape), Operation);
        }

        int[] lengths = [.. batch.Lengths, .. IsTrace ? Family.Shape.Lengths : shape.Lengths[^2..]];
        return Make(this, Shape.Of(lengths, Operation), operands);
    }

    /// <summary>
    /// How many leading axes of the batch the parameters have too: the parameters differ between the places along these axes. The number is
    /// the same for all parameters.
    /// </summary>
    public int PrefixRank(ReadOnlySpan<Expr> operands) => Family.Parameters == 0 ? 0 : operands[^1].Rank - Family.Value.Parameters[^1].Rank;

    /// <summary>How many places of the batch, one after another, have the same parameters, of which the last has a rank.</summary>
    public int PlacesTogether(ReadOnlySpan<int> batch, int parameterRank) =>
        new Shape(batch[(Family.Parameters == 0 ? 0 : parameterRank - Family.Value.Parameters[^1].Rank)..]).Size;

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => MatrixFunctionKernels.Evaluate(this, shape, operands);

    /// <summary>What belongs to a matrix depends on the whole of the matrices and parameters at the same place of the batch.</summary>
    public override int[] Depend(Expr node, int[]?[] operands, IndexSets sets)
    {
        int[]? union = null;
        for (var operand = 0; operand < operands.Length; operand++)
        {
            if (operands[operand] is { } own)
            {
                var (shape, batchRank) = (node.Operand(operand).Shape, node.Rank - ResultRank);
                var prefix = PrefixRank([.. node.Operands]);
                var map = operand < Matrices ? AxisMap.Leading(shape, shape.Rank - 2, node.Shape, batchRank) : AxisMap.Leading(shape, prefix, node.Shape, prefix);
                union = sets.Union(union, sets.Along(own, shape, node.Shape, map));
            }
        }

        return union!;
    }

    public override Sensitivity? Push(Point point, Expr node, Sensitivity?[] tangents)
    {
        var operands = point.EnterOperands(node);
        Sensitivity? sum = null;
        void Add(Expr value, Expr? live)
        {
            if (Masked(value, this, live is null ? null : Any(live, 2)) is { } flow)
            {
                sum = sum?.Plus(flow) ?? flow;
            }
        }

        var (matrices, parameters) = (operands[..Matrices], operands[Matrices..]);
        for (var i = 0; i < matrices.Length; i++)
        {
            if (tangents[i] is { } tangent)
            {
                Add(i == 0 ? Moved(this, [.. matrices, tangent.Value], parameters) : Node([.. matrices[..i], tangent.Value, .. operands[(i + 1)..]]), tangent.Live);
            }
        }

        var moves = Array.ConvertAll(tangents[Matrices..], tangent => tangent is not null);
        if (moves.Contains(true) && Family.Along(moves) is { } family)
        {
            Add((this with { Family = family }).Node([.. operands, .. tangents[Matrices..].OfType<Sensitivity>().Select(tangent => tangent.Value)]), null);
        }

        return sum;
    }

    public override PowerSeries Expand(Expr node, PowerSeries[] operands, Expr primal, SeriesTable table) => new JointSeries(
        primal, operands, table, curves => new SpectralSeries(this, Array.ConvertAll(operands, operand => operand.Primal), curves).Coefficients());

    public override Sensitivity?[] Pull(Point point, Expr node, bool[] wanted, Sensitivity cotangent)
    {
        var operands = point.EnterOperands(node);
        var (a, parameters) = (operands[0], operands[Matrices..]);
        var directions = operands[1..Matrices];
        var (prefix, batch) = (PrefixRank(operands), cotangent.Value.Rank - ResultRank);
        var family = Family;
        if (IsTrace)
        {
            // The weights of the function are the cotangent, which differs between matrices, so all parameters get the axes of the batch.
            var places = cotangent.Value.Shape.Lengths[..batch].ToArray();
            parameters = [.. parameters.Select(parameter => OverAll(parameter, prefix, places)), cotangent.Value];
            family = family.Weighted;
        }
        else
        {
            directions = [cotangent.Value, .. directions];
        }

        // In both cases the scalar to differentiate is now ⟨E₁, Dᵏ⁻¹f(A)[E₂, …, Eₖ]⟩, where f is scalar and the cotangent is one of the k
        // directions or part of f: its derivative in any direction is the derivative of order k − 1 along the others.
        var live = cotangent.Live is null ? null : Any(cotangent.Live, ResultRank);
        var matrix = new SpectralFunction(family, directions.Length - 1);
        var flows = new Sensitivity?[operands.Length];
        for (var i = 0; i < Matrices; i++)
        {
            if (wanted[i])
            {
                var at = i - (IsTrace ? 1 : 0);
                var value = i == 0
                    ? Moved(matrix, [a, .. directions], parameters)
                    : matrix.Node([a, .. directions.Where((_, other) => other != at), .. parameters]);
                flows[i] = Masked(value, matrix, live)?.SumTo(operands[i].Shape);
            }
        }

        for (var i = 0; i < operands.Length - Matrices; i++)
        {
            if (wanted[Matrices + i] && family.Gradient(i) is { } gradient)
            {
                var trace = new SpectralFunction(gradient, directions.Length, IsTrace: true);
                int[] stretched = [.. Enumerable.Range(prefix, batch - prefix)];
                flows[Matrices + i] = Masked(trace.Node([a, .. directions, .. parameters]), trace, live)?.Through(flow => SumOver(flow, stretched));
            }
        }

        return flows;
    }

    /// <summary>
    /// The batch axis is one more leading axis of the batched matrices. If the parameters of the function differ between samples, it is a
    /// leading axis of all operands.
    /// </summary>
    public override Expr Batch(Expr node, Batched[] operands, int size)
    {
        var isEach = PrefixRank([.. node.Operands]) > 0 || Array.Exists(operands[Matrices..], parameter => parameter.IsBatched);
        var rank = node.Rank - ResultRank + 2;
        var values = new Expr[operands.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var value = isEach ? operands[i].ForEach(size) : operands[i].Value;
            values[i] = i < Matrices && (isEach || operands[i].IsBatched) ? Batched.Aligned(value, rank) : value;
        }

        return Node(values);
    }

    /// <summary>matrixfunction(x => f, a); for a derivative also its directions, labelled along or trace.</summary>
    public override Fragment Print(Notation notation, Expr node, ReadOnlySpan<Fragment> operands)
    {
        var text = new ProgramText(notation);
        var parameters = operands[Matrices..];
        var x = text.Parameters("x", 1, parameters);
        var arguments = new List<string> { text.Lambda(x, text.Inside(Family.Value, [.. x, .. parameters])), operands[0].Text };
        if (Directions > 0)
        {
            arguments.Add(notation.Labelled(IsTrace ? "trace" : "along", text.Tuple(operands[1..Matrices])));
        }

        return notation.Call(NameIn(notation), arguments);
    }

    /// <summary>matrixfunction(x => f, a, along: directions), or trace: directions for ⟨E₁, Dᵏ⁻¹f(A)[E₂, …, Eₖ]⟩.</summary>
    public static Reader Reader { get; } = Reader.Program("matrixfunction", call =>
    {
        const string operation = "MatrixFunction";
        var (f, a) = (call.Function("the function"), call.Operand("the matrix"));
        var (along, trace) = (call.LabelledTuple("along"), call.LabelledTuple("trace"));
        var directions = along ?? trace ?? [];
        var shape = SquareOf(operation, a);
        if (f.Parameters != 1 || Array.Exists(directions, direction => direction.Rank < 2 || !direction.Shape.Lengths[^2..].SequenceEqual(shape.Lengths[^2..])))
        {
            throw new ShapeException($"{operation}: the function has one parameter, and directions have the shape {shape} of the matrix.");
        }

        var (computation, captured) = Computation.Trace(operation, [Shape.Scalar], x => f.Apply(x));
        var family = new FunctionFamily(computation);
        return computation.Results.Length == 1 && (trace is not null || family.Shape.IsScalar)
            ? new SpectralFunction(family, directions.Length, trace is not null).Node([a, .. directions, .. captured])
            : throw new ShapeException($"{operation}: the function is applied to each eigenvalue, so its result must be a number.");
    });

    /// <summary>The derivative along one more direction, the last of the matrices.</summary>
    private static Expr Moved(SpectralFunction function, Expr[] matrices, Expr[] parameters) =>
        (function with { Directions = matrices.Length - 1 }).Node([.. matrices, .. parameters]);

    /// <summary>A parameter repeated for each place of a batch, of which it has only the first axes.</summary>
    private static Expr OverAll(Expr parameter, int prefix, int[] batch)
    {
        var lengths = parameter.Shape.Lengths;
        var aligned = Reshape(parameter, Shape.Of([.. lengths[..prefix], .. Enumerable.Repeat(1, batch.Length - prefix), .. lengths[prefix..]]));
        return BroadcastTo(aligned, Shape.Of([.. batch, .. lengths[prefix..]]));
    }

    private static Expr SumOver(Expr x, int[] axes) => axes.Length == 0 ? x : Sum(x, axes);

    /// <summary>The places of a batch at which the mask has an element that is not structurally zero, along some trailing axes.</summary>
    public static Expr Any(Expr live, int axes) => SumOver(live, [.. Enumerable.Range(live.Rank - axes, axes)]) > 0;

    /// <summary>A result as a sensitivity in which only the matrices of a mask are not structurally zero.</summary>
    public static Sensitivity? Masked(Expr value, SpectralFunction function, Expr? live) => live is null
        ? new(value, null)
        : Sensitivity.Selected(value, BroadcastTo(Reshape(live, Shape.Of([.. live.Shape.Lengths, .. Enumerable.Repeat(1, function.ResultRank)])), value.Shape));
}
