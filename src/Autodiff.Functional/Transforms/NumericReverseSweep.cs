// Reverse mode on plain numbers: the same rules and the same order as ReverseSweep, but cotangents are doubles and arrays
// that are added to in place. No expression is made for a derivative that nobody will differentiate again.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Rules;

namespace Autodiff.Functional.Transforms;

internal sealed class NumericReverseSweep
{
    private readonly Schedule _schedule;
    private readonly Linearization _point;
    private readonly double[] _scalars;
    private readonly bool[] _live;
    private readonly Cotangent?[] _tensors;

    private NumericReverseSweep(Schedule schedule)
    {
        _schedule = schedule;
        _point = new(schedule, keepGraph: false);
        _scalars = new double[schedule.Count];
        _live = new bool[schedule.Count];
        _tensors = new Cotangent?[schedule.Count];
    }

    /// <summary>Whether a sweep has nothing but numbers in it: the result has a value and depends on nothing older than the variables.</summary>
    public static bool Serves(Schedule schedule) => schedule.Result.IsConcrete && schedule.Result.OldestLeaf >= schedule.OldestVariable;

    /// <summary>The cotangents of the variables, given one of the result; null for a variable that nothing flows to.</summary>
    public static Dictionary<Expr, Expr> Run(Schedule schedule, Sensitivity seed)
    {
        var cotangents = new Dictionary<Expr, Expr>(ReferenceEqualityComparer.Instance);
        if (!schedule.ReachesVariable)
        {
            return cotangents;
        }

        var sweep = new NumericReverseSweep(schedule);
        sweep.Add(schedule.Count - 1, seed);
        for (var place = schedule.Count - 1; place >= 0; place--)
        {
            if (schedule.IsActive(place))
            {
                sweep.Visit(place, cotangents);
            }
        }

        return cotangents;
    }

    private void Visit(int place, Dictionary<Expr, Expr> cotangents)
    {
        var node = _schedule.Node(place);
        if (node.Shape.IsScalar)
        {
            if (!_live[place])
            {
                return;
            }

            if (_schedule.IsVariable(node))
            {
                cotangents.Add(node, _scalars[place]);
            }

            if (node.Op.IsElementwise())
            {
                PullScalar(place, node, _scalars[place]);
            }
            else if (node.OperandCount > 0)
            {
                PullStructural(place, node, new(_scalars[place], null));
            }
        }
        else if (_tensors[place] is { IsZero: false } cotangent)
        {
            if (_schedule.IsVariable(node))
            {
                cotangents.Add(node, Expr.Constant(cotangent.ToStorage()));
            }

            if (node.Op.IsElementwise())
            {
                PullTensor(place, node, cotangent);
            }
            else if (node.OperandCount > 0)
            {
                PullStructural(place, node, cotangent.ToSensitivity());
            }

            cotangent.Release();
            _tensors[place] = null;
        }
    }

    private void PullScalar(int place, Expr node, double cotangent)
    {
        for (var operand = 0; operand < node.OperandCount; operand++)
        {
            var target = _schedule.OperandPlace(place, operand);
            if (target < 0)
            {
                continue;
            }

            var partial = node.OperandCount switch
            {
                1 => ElementwiseRules.Unary<Real>(node.Op, node.Operand(0).Scalar, node.Scalar),
                2 => ElementwiseRules.Binary<Real>(node.Op, operand, node.Operand(0).Scalar, node.Operand(1).Scalar, node.Scalar),
                _ => ElementwiseRules.Ternary<Real>(node.Op, operand, node.Operand(0).Scalar, node.Operand(1).Scalar, node.Operand(2).Scalar),
            };
            if (!partial.IsZero && !(partial.IsMasked && partial.Live.Value == 0))
            {
                _scalars[target] += cotangent * partial.Factor.Value;
                _live[target] = true;
            }
        }
    }

    /// <summary>An elementwise node of any shape, in one pass over blocks of its elements.</summary>
    private void PullTensor(int place, Expr node, Cotangent cotangent)
    {
        var count = node.OperandCount;
        var a = new BlockReader(node.Operand(0).Storage, node.Shape);
        var b = new BlockReader(node.Operand(Math.Min(1, count - 1)).Storage, node.Shape);
        var c = new BlockReader(node.Operand(count - 1).Storage, node.Shape);
        var y = new BlockReader(node.Storage, node.Shape);
        var targets = new Target[count];
        for (var operand = 0; operand < count; operand++)
        {
            targets[operand] = TargetOf(place, node, operand, cotangent, targets.AsSpan(0, operand));
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
                    1 => ElementwiseRules.Unary(node.Op, x0, result),
                    2 => ElementwiseRules.Binary(node.Op, operand, x0, x1, result),
                    _ => ElementwiseRules.Ternary(node.Op, operand, x0, x1, x2),
                };
                var product = flow * partial.Factor;
                if (partial.IsMasked)
                {
                    var live = flowLive is { } mask ? mask * partial.Live : partial.Live;
                    targets[operand].Add(start, scratch, product.Where(live), live);
                }
                else
                {
                    targets[operand].Add(start, scratch, flowLive is { } mask ? product.Where(mask) : product, flowLive);
                }
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

    private Target TargetOf(int place, Expr node, int operand, Cotangent cotangent, ReadOnlySpan<Target> earlier)
    {
        var target = _schedule.OperandPlace(place, operand);
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

        // The first flow into a tensor of the same size is written, not added; and if this node needs its own cotangent
        // for nothing after that, it is written in its place.
        var isFirst = tensor.IsZero && layout.IsIdentity;
        foreach (var other in earlier)
        {
            isFirst &= other.Place != target;
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
            _scalars[target.Place] += target.Sum;
            _live[target.Place] = true;
        }
    }

    /// <summary>A node that is not elementwise: its rule, on the numbers as constants.</summary>
    private void PullStructural(int place, Expr node, Sensitivity cotangent)
    {
        for (var operand = 0; operand < node.OperandCount; operand++)
        {
            var target = _schedule.OperandPlace(place, operand);
            if (target < 0)
            {
                continue;
            }

            if (node.Op is Op.Slice or Op.Take && !node.Operand(operand).Shape.IsScalar)
            {
                TensorAt(target).Add((Selection)node.Attribute!, cotangent);
            }
            else if (_point.Pull(node, operand, cotangent) is { } flow)
            {
                Add(target, flow);
            }
        }
    }

    private void Add(int place, Sensitivity flow)
    {
        if (flow.Value.Shape.IsScalar)
        {
            _scalars[place] += flow.Value.Scalar;
            _live[place] = true;
        }
        else
        {
            TensorAt(place).Add(flow.Value.Storage, flow.Live?.Storage);
        }
    }

    private Cotangent TensorAt(int place) => _tensors[place] ??= new(_schedule.Node(place).Shape, isResult: _schedule.IsVariable(_schedule.Node(place)));

    /// <summary>Where the flow of one elementwise node to one operand goes.</summary>
    private struct Target(int place, Cotangent? tensor, Broadcasting layout, bool isFirst)
    {
        public readonly int Place => place;

        public readonly Cotangent? Tensor => tensor;

        /// <summary>The flow to a scalar operand.</summary>
        public double Sum { get; private set; }

        public bool IsLive { get; private set; }

        public void Add(int start, Block.Scratch scratch, Block flow, Block? live)
        {
            if (tensor is null)
            {
                Sum += flow.SumOf(scratch.Length);
                IsLive |= live is not { } mask || mask.IsAnywhere;
            }
            else
            {
                tensor.Add(start, scratch, layout, flow, live, isFirst);
            }
        }
    }
}
