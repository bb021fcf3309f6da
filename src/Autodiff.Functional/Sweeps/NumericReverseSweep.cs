// Reverse mode on plain numbers: the same rules in the same order as in ReverseSweep, but cotangents are doubles and arrays that are added
// to in place. The derivative will not be differentiated again, so no expressions are built for it.

using System.Buffers;
using System.Runtime.CompilerServices;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Sweeps;

internal readonly struct NumericReverseSweep
{
    private const int Nothing = 0;
    private const int Number = -1;

    private readonly ActiveGraph _graph;
    private readonly LocalDerivatives _derivatives;

    // For each place: Nothing if no cotangent has reached the node; Number if the node is a scalar, whose cotangent is in _scalars; otherwise
    // 1 plus the index of its cotangent in _tensors.
    private readonly int[] _flows;
    private readonly double[] _scalars;
    private readonly List<Cotangent?> _tensors = [];
    private readonly List<(int Place, Expr Cotangent)> _found = [];

    private NumericReverseSweep(ActiveGraph graph)
    {
        _graph = graph;
        _derivatives = LocalDerivatives.Of(graph, keepGraph: false);
        _flows = ArrayPool<int>.Shared.Rent(graph.Count);
        Array.Clear(_flows, 0, graph.Count);
        _scalars = ArrayPool<double>.Shared.Rent(graph.Count);
    }

    /// <summary>
    /// The cotangents of the variables with their places, the last place first, given those of the results; none for a variable that no
    /// cotangent reaches.
    /// </summary>
    public static List<(int Place, Expr Cotangent)> Run(ActiveGraph graph, ReadOnlySpan<Sensitivity?> seeds)
    {
        if (!graph.ReachesVariable)
        {
            return [];
        }

        var sweep = new NumericReverseSweep(graph);
        for (var result = 0; result < seeds.Length; result++)
        {
            if (graph.ResultPlaces[result] is var target and >= 0 && seeds[result] is { } seed)
            {
                sweep.Add(target, seed);
            }
        }

        sweep.Run();
        ArrayPool<int>.Shared.Return(sweep._flows);
        ArrayPool<double>.Shared.Return(sweep._scalars);
        return sweep._found;
    }

    private void Run()
    {
        var entries = _graph.Entries;
        for (var place = entries.Length - 1; place >= 0; place--)
        {
            ref readonly var entry = ref entries[place];
            var flow = _flows[place];
            if (flow == Number)
            {
                VisitScalar(place, entry, entry.Node!, _scalars[place]);
            }
            else if (flow != Nothing && !IsReshape(entry.Node!) && _tensors[flow - 1] is { IsZero: false } cotangent)
            {
                VisitTensor(place, entry, entry.Node!, cotangent);
                _tensors[flow - 1] = null;
            }
        }
    }

    // Not inlined: inlined into its caller, it would use up the budget of the JIT compiler, and the rules called here would not be inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void VisitScalar(int place, in ActiveGraph.Entry entry, Expr node, double cotangent)
    {
        var op = node.Op;
        if (op.IsBinary())
        {
            var (a, b) = (node.Operand(0).Scalar, node.Operand(1).Scalar);
            if (entry.First >= 0)
            {
                Pull(entry.First, cotangent, ElementwiseTable.BinaryDerivative<Real>(op, 0, a, b, node.Scalar));
            }

            if (entry.Second >= 0)
            {
                Pull(entry.Second, cotangent, ElementwiseTable.BinaryDerivative<Real>(op, 1, a, b, node.Scalar));
            }
        }
        else if (op.IsUnary())
        {
            Pull(entry.First, cotangent, ElementwiseTable.UnaryDerivative<Real>(op, node.Operand(0).Scalar, node.Scalar));
        }
        else if (op == Op.Slice && node.Primitive is SlicePrimitive { Selection: Element element })
        {
            TensorAt(entry.First).Add(element.Position, cotangent);
        }
        else if (op.IsTernary())
        {
            for (var operand = 0; operand < node.OperandCount; operand++)
            {
                if (_graph.OperandPlace(entry, operand) is var target and >= 0)
                {
                    Pull(target, cotangent, ElementwiseTable.TernaryDerivative<Real>(op, operand, node.Operand(0).Scalar, node.Operand(1).Scalar, node.Operand(2).Scalar));
                }
            }
        }
        else
        {
            if (_graph.IsVariable(node))
            {
                _found.Add((place, cotangent));
            }

            PullStructural(entry, node, new(cotangent, null));
        }
    }

    /// <summary>Adds the cotangent times a partial derivative to the cotangent of a scalar operand.</summary>
    private void Pull(int target, double cotangent, PartialDerivative<Real> partial)
    {
        if (!partial.IsZero && !(partial.IsMasked && partial.Live.Value == 0))
        {
            Add(target, cotangent * partial.Factor.Value);
        }
    }

    private void VisitTensor(int place, in ActiveGraph.Entry entry, Expr node, Cotangent cotangent)
    {
        if (node.Op.IsElementwise())
        {
            PullElementwise(entry, node, cotangent);
        }
        else
        {
            if (_graph.IsVariable(node))
            {
                _found.Add((place, Expr.Constant(cotangent.ToStorage())));
            }

            PullStructural(entry, node, cotangent.ToSensitivity());
        }

        cotangent.Release();
    }

    /// <summary>An elementwise node of any shape, in one pass over blocks of its elements.</summary>
    private void PullElementwise(in ActiveGraph.Entry entry, Expr node, Cotangent cotangent)
    {
        var count = node.OperandCount;
        var a = new BlockReader(node.Operand(0).Storage, node.Shape);
        var b = new BlockReader(node.Operand(Math.Min(1, count - 1)).Storage, node.Shape);
        var c = new BlockReader(node.Operand(count - 1).Storage, node.Shape);
        var y = new BlockReader(node.Storage, node.Shape);
        var targets = new Target[count];
        for (var operand = 0; operand < count; operand++)
        {
            targets[operand] = TargetOf(entry, node, operand, cotangent, targets.AsSpan(0, operand));
        }

        var scratch = Block.Scratch.Take();
        for (var start = 0; start < cotangent.Size; start += Block.Capacity)
        {
            scratch.Next(Math.Min(Block.Capacity, cotangent.Size - start));
            var (x0, x1, x2, result) = (a.Read(scratch, start), b.Read(scratch, start), c.Read(scratch, start), y.Read(scratch, start));
            var flow = cotangent.Read(scratch, start);
            var flowLive = cotangent.ReadLive(scratch, start);
            for (var operand = 0; operand < count; operand++)
            {
                if (targets[operand].Place < 0)
                {
                    continue;
                }

                var partial = count switch
                {
                    1 => ElementwiseTable.UnaryDerivative(node.Op, x0, result),
                    2 => ElementwiseTable.BinaryDerivative(node.Op, operand, x0, x1, result),
                    _ => ElementwiseTable.TernaryDerivative(node.Op, operand, x0, x1, x2),
                };
                targets[operand].Add(start, scratch, flow, flowLive, partial);
            }
        }

        scratch.Return();
        foreach (var target in targets)
        {
            if (target.Place >= 0)
            {
                Finish(target);
            }
        }
    }

    private Target TargetOf(in ActiveGraph.Entry entry, Expr node, int operand, Cotangent cotangent, ReadOnlySpan<Target> earlier)
    {
        var target = _graph.OperandPlace(entry, operand);
        if (target < 0)
        {
            return new(-1, null, default, false);
        }

        var shape = node.Operand(operand).Shape;
        if (shape.IsScalar)
        {
            return new(target, null, default, false);
        }

        var tensor = TensorAt(target);
        var layout = new Broadcasting(shape, node.Shape);

        // The first cotangent of a tensor of the same size is written, not added. If this is the last operand of the node, it is written into
        // the array of the node's own cotangent, which is not needed any more.
        var isFirst = tensor.IsZero && layout.IsIdentity;
        foreach (var other in earlier)
        {
            isFirst &= other.Tensor != tensor;
        }

        var isLast = operand == node.OperandCount - 1;
        tensor.Begin(layout.IsIdentity, isFirst && isLast ? cotangent : null);
        return new(target, tensor, layout, isFirst);
    }

    private void Finish(Target target)
    {
        if (target.Tensor is { } tensor)
        {
            tensor.End();
        }
        else if (target.IsLive)
        {
            Add(target.Place, target.Sum);
        }
    }

    /// <summary>Applies the rule of a node that is not elementwise, with numbers as constants.</summary>
    private void PullStructural(in ActiveGraph.Entry entry, Expr node, Sensitivity cotangent)
    {
        if (node.Primitive is TensorPrimitive primitive and not OperandwisePrimitive)
        {
            var flows = _derivatives.Pull(node, primitive, _graph.Wanted(entry, node), cotangent);
            for (var operand = 0; operand < flows.Length; operand++)
            {
                if (flows[operand] is { } flow)
                {
                    Add(_graph.OperandPlace(entry, operand), flow);
                }
            }

            return;
        }

        for (var operand = 0; operand < node.OperandCount; operand++)
        {
            var target = _graph.OperandPlace(entry, operand);
            if (target < 0)
            {
                continue;
            }

            if (node.Primitive is WeightedReduction reduction && reduction.IsRegular(node.Storage))
            {
                PullReduction(target, node, reduction, cotangent);
            }
            else if (node.Primitive is SelectionPrimitive part && !node.Operand(operand).Shape.IsScalar)
            {
                TensorAt(target).Add(part.Selection, cotangent);
            }
            else if (_derivatives.Pull(node, operand, cotangent) is { } flow)
            {
                Add(target, flow);
            }
        }
    }

    private void Add(int place, double number)
    {
        // The first cotangent is stored, not added to 0, which would lose the sign of −0.
        _scalars[place] = _flows[place] == Number ? _scalars[place] + number : number;
        _flows[place] = Number;
    }

    /// <summary>A weighted reduction, in one pass over blocks of its operand's elements.</summary>
    private void PullReduction(int place, Expr node, WeightedReduction reduction, Sensitivity cotangent)
    {
        var shape = node.Operand(0).Shape;
        var tensor = shape.IsScalar ? null : TensorAt(place);
        var target = new Target(place, tensor, new Broadcasting(shape, shape), isFirst: tensor is { IsZero: true });
        tensor?.Begin(isElementwise: true, spent: null);
        using var flow = new ReductionFlow(node, reduction, cotangent);
        var scratch = Block.Scratch.Take();
        for (var start = 0; start < shape.Size; start += flow.Step)
        {
            scratch.Next(Math.Min(flow.Step, shape.Size - start));
            var (value, live, share) = flow.Read(scratch, start);
            target.Add(start, scratch, value, live, share);
        }

        scratch.Return();
        Finish(target);
    }

    private void Add(int place, Sensitivity flow)
    {
        if (flow.Value.Shape.IsScalar)
        {
            Add(place, flow.Value.Scalar);
        }
        else
        {
            TensorAt(place).Add(flow.Value.Storage, flow.Live?.Storage);
        }
    }

    /// <summary>
    /// The cotangent of a tensor. A reshape shares that of its operand, since the elements of both have the same cotangents in the same
    /// order.
    /// </summary>
    private Cotangent TensorAt(int place)
    {
        var source = place;
        while (_flows[source] == Nothing && IsReshape(_graph.Node(source)!))
        {
            source = _graph.OperandPlace(source, 0);
        }

        if (_flows[source] == Nothing)
        {
            var node = _graph.Node(source)!;
            _tensors.Add(new(node.Shape, isResult: _graph.IsVariable(node)));
            _flows[source] = _tensors.Count;
        }

        for (; place != source; place = _graph.OperandPlace(place, 0))
        {
            _flows[place] = _flows[source];
        }

        return _tensors[_flows[source] - 1]!;
    }

    /// <summary>Whether a node is a tensor that differs from its operand, a tensor too, only in shape.</summary>
    private static bool IsReshape(Expr node) => node.Op == Op.Reshape && !node.Shape.IsScalar && !node.Operand(0).Shape.IsScalar;

    /// <summary>Where the cotangents for one operand of a node are added: an array for a tensor, a sum for a scalar.</summary>
    private struct Target(int place, Cotangent? tensor, Broadcasting layout, bool isFirst)
    {
        public readonly int Place => place;

        public readonly Cotangent? Tensor => tensor;

        /// <summary>The cotangent of a scalar operand, summed so far.</summary>
        public double Sum { get; private set; }

        public bool IsLive { get; private set; }

        /// <summary>Adds a block of a cotangent times a partial derivative, selected by the masks of both.</summary>
        public void Add(int start, Block.Scratch scratch, Block flow, Block? flowLive, PartialDerivative<Block> partial)
        {
            var product = flow * partial.Factor;
            var live = partial.IsMasked && !partial.Live.IsOne
                ? flowLive is { } mask ? mask * partial.Live : partial.Live
                : flowLive;
            if (tensor is null)
            {
                Sum += product.Where(live ?? 1).SumOf(scratch.Length);
                IsLive |= live is not { IsAnywhere: false };
            }
            else
            {
                tensor.Add(start, scratch, layout, product, live, isFirst);
            }
        }
    }
}
