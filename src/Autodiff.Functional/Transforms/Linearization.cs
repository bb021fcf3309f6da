// The derivative of each node at the point where a graph stands: how every sweep gets from a node to its operands and back.

using Autodiff.Functional.Rules;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Transforms;

/// <summary>
/// The rules, applied to the nodes of a schedule. A node with a value that depends on nothing older than the variables
/// enters as that value, so a derivative at numbers is numbers; with <c>keepGraph</c> it enters as itself. But where the
/// derivative will be an expression, a value that <see cref="Expr.Substitute"/> could change does not enter as a number.
/// </summary>
internal readonly struct Linearization(Schedule schedule, bool keepGraph)
{
    private readonly long _oldest = keepGraph ? long.MaxValue : schedule.OldestVariable;
    private readonly bool _isNumeric = !keepGraph && schedule.IsNumeric;

    /// <summary>Reverse mode: what the cotangent of a node gives to one operand; null if nothing.</summary>
    public Sensitivity? Pull(Expr node, int operand, Sensitivity cotangent)
    {
        var x = node.Operand(operand).Shape;
        switch (node.Op)
        {
            case var op when op.IsElementwise():
                return cotangent.Times(Partial(node, operand), node.Shape)?.SumTo(x);
            case Op.Slice or Op.Take:
                return Sensitivity.Gathered(x, [((Selection)node.Attribute!, cotangent)]);
            case Op.Concat or Op.Stack or Op.Scatter:
                var part = LinearRules.PartOf(node, operand);
                return Sensitivity.Of(LinearRules.Read(part, cotangent.Value), cotangent.Live is null ? null : LinearRules.Read(part, cotangent.Live));
            case var op when op.IsContraction():
                return Contracted(((Contraction)node.Attribute!).Transpose(operand), 0, cotangent, node, operand);
            case var op when op.IsLinearAlgebra():
                return PullThroughTangent(node, operand, cotangent);
            case var op when op.IsReduction() && op != Op.Sum:
                var axes = (Folding)node.Attribute!;
                Expr Beside(Expr y) => Reshape(y, axes.Kept(x));
                return new Sensitivity(Beside(cotangent.Value), cotangent.Live is null ? null : Beside(cotangent.Live)).Times(Weights(node), x);
            case Op.Defined:
                return cotangent.Times(((Definition)node.Attribute!).Partial(Enter(node.Operand(0)), Enter(node)), node.Shape);
            default:
                return cotangent.Through(y => LinearRules.Transpose(node, y));
        }
    }

    /// <summary>Forward mode: how a node moves when one operand does; null if it does not.</summary>
    public Sensitivity? Push(Expr node, int operand, Sensitivity tangent)
    {
        switch (node.Op)
        {
            case var op when op.IsElementwise():
                return tangent.Times(Partial(node, operand), node.Shape);
            case Op.Variable:
                return tangent;
            case Op.Defined:
                return tangent.Times(((Definition)node.Attribute!).Partial(Enter(node.Operand(0)), Enter(node)), node.Shape);
            case var op when op.IsContraction():
                return Contracted((Contraction)node.Attribute!, operand, tangent, node, operand);
            case var op when op.IsLinearAlgebra():
                return PushThroughTangent(node, operand, tangent);
            case var op when op.IsReduction() && op != Op.Sum:
                return tangent.Times(Weights(node), node.Operand(0).Shape)?.Through(x => Reduce(Op.Sum, x, (Folding)node.Attribute!));
            default:
                return tangent.Through(x => Make(node.Op, node.Attribute, node.Shape, [x]));
        }
    }

    /// <summary>Reverse mode through a program: what its cotangent gives to each operand that wants one.</summary>
    public Sensitivity?[] PullProgram(Expr node, bool[] wanted, Sensitivity cotangent) =>
        ProgramRules.Pull(node, Enter(node).Expr, EnterOperands(node), wanted, cotangent);

    /// <summary>Forward mode through a program, all of whose operands may move at once.</summary>
    public Sensitivity? PushProgram(Expr node, Sensitivity?[] tangents) => ProgramRules.Push(node, Enter(node).Expr, EnterOperands(node), tangents);

    private Expr[] EnterOperands(Expr node)
    {
        var operands = new Expr[node.OperandCount];
        for (var i = 0; i < operands.Length; i++)
        {
            operands[i] = Enter(node.Operand(i)).Expr;
        }

        return operands;
    }

    /// <summary>
    /// A sensitivity contracted, from a given position, with the operand of a node beside the one it belongs to (if it has
    /// two).
    /// </summary>
    private Sensitivity? Contracted(Contraction contraction, int position, Sensitivity flow, Expr node, int operand)
    {
        if (flow.Live is null && contraction.HasDiagonal)
        {
            flow = flow with { Live = Ones(flow.Value.Shape) };
        }

        if (node.OperandCount == 1)
        {
            return flow.Through(x => Contract(contraction, [x]));
        }

        var other = Enter(node.Operand(1 - operand)).Expr;
        if (flow.Live is not { } live)
        {
            return new(Contract(contraction, position == 0 ? [flow.Value, other] : [other, flow.Value]), null);
        }

        // A structural zero times an infinite coefficient is 0. A sum of products would make it NaN, so where there are
        // such coefficients the products are written out, and the dead ones deselected, before they are summed.
        if (other.IsConcrete && other.Storage.Span.ContainsAnyExceptInRange(double.MinValue, double.MaxValue))
        {
            var (mine, its) = (contraction.Inputs[position], contraction.Inputs[1 - position]);
            var all = string.Concat((mine + its).Distinct());
            Expr Spread(string axes, Expr x) => Contract(new([axes], all, contraction.Lengths), [x]);
            var products = Where(Spread(mine, live), Spread(mine, flow.Value) * Spread(its, other), 0);
            Expr Total(Expr x) => Contract(new([all], contraction.Output, contraction.Lengths), [x]);
            return Sensitivity.Of(Total(products), Total(Spread(mine, live)) > 0);
        }

        // Of coefficients that are not known yet, as in a batch, some may be infinite where nothing lives: what gets nothing is 0 all the same.
        Expr Product(Expr x, Expr y) => Contract(contraction, position == 0 ? [x, y] : [y, x]);
        var (product, reached) = (Product(flow.Value, other), Product(live, Ones(other.Shape)) > 0);
        return other.IsConcrete ? Sensitivity.Of(product, reached) : Sensitivity.Selected(product, reached);
    }

    /// <summary>Linear algebra in reverse: the transpose of the tangent map, by sweeping it, or as stated where it is a primitive.</summary>
    private Sensitivity? PullThroughTangent(Expr node, int operand, Sensitivity cotangent)
    {
        if (LinearAlgebraRules.IsPrimitive(node.Op, operand))
        {
            return Mixed(node, LinearAlgebraRules.Transpose(node, Enter(node.Operand(0)).Expr, cotangent.Value), cotangent)?.SumTo(node.Operand(operand).Shape);
        }

        using var map = TangentMap(node, operand);
        return ReverseSweep.Run(map, [cotangent], keepGraph: false)[map.VariablePlaces[0]];
    }

    private Sensitivity? PushThroughTangent(Expr node, int operand, Sensitivity tangent)
    {
        if (LinearAlgebraRules.IsPrimitive(node.Op, operand))
        {
            return Mixed(node, Tangent(node, operand, tangent.Value), tangent);
        }

        using var map = TangentMap(node, operand);
        return ForwardSweep.Run(map, [tangent])[0];
    }

    /// <summary>The tangent map of a node as a graph over a symbolic leaf, so that sweeps carry masks through it in either direction.</summary>
    private Schedule TangentMap(Expr node, int operand)
    {
        var leaf = Leaf(null, Variable("tangent", node.Operand(operand).Shape));
        return new([Tangent(node, operand, leaf)], [leaf]);
    }

    private Expr Tangent(Expr node, int operand, Expr tangent) =>
        LinearAlgebraRules.Tangent(node, operand, Enter(node.Operand(0)).Expr, Enter(node).Expr, tangent);

    private static Sensitivity? Mixed(Expr node, Expr value, Sensitivity flow) => flow.Live is null
        ? new(value, null)
        : Sensitivity.Selected(value, BroadcastTo(LinearAlgebraRules.Mixed(node.Op, flow.Live), value.Shape));

    private Partial<Term> Partial(Expr node, int operand) => node.OperandCount switch
    {
        1 => ElementwiseRules.Unary<Term>(node.Op, Enter(node.Operand(0)), Enter(node)),
        2 => ElementwiseRules.Binary<Term>(node.Op, operand, Enter(node.Operand(0)), Enter(node.Operand(1)), Enter(node)),
        _ => ElementwiseRules.Ternary<Term>(node.Op, operand, Enter(node.Operand(0)), Enter(node.Operand(1)), Enter(node.Operand(2))),
    };

    private Partial<Term> Weights(Expr node) =>
        ReductionRules.Weights(node.Op, (Folding)node.Attribute!, Enter(node.Operand(0)).Expr, Enter(node).Expr);

    private Term Enter(Expr node) => new(node.OldestLeaf >= _oldest && (node.IsFixed || (_isNumeric && node.IsConcrete)) ? node.Detached() : node);
}
