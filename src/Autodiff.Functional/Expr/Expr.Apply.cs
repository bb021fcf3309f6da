// How nodes are made. Every primitive is applied here: its operands are checked, its value is computed if all operands have values, and a
// primitive of constants becomes a constant.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>A unary elementwise primitive.</summary>
    internal static Expr Apply(Op op, Expr x)
    {
        if (x is null)
        {
            throw AutodiffException.Null(op.Name(), "the operand");
        }

        if ((x._traits & Traits.Number) != Traits.Number)
        {
            return OfTensor(op, x);
        }

        var value = ElementwiseTable.Value(op, x._scalar);
        return x.Op == Op.Constant ? Number(value) : new(op, value, x, null);
    }

    /// <summary>A binary elementwise primitive; operands of different shapes broadcast.</summary>
    internal static Expr Apply(Op op, Expr a, Expr b) => AreNumbers(op, a, b)
        ? Apply(op, a, b, ElementwiseTable.Value(op, a._scalar, b._scalar))
        : OfTensors(op, a, b);

    /// <summary>A ternary elementwise primitive; operands of different shapes broadcast.</summary>
    internal static Expr Apply(Op op, Expr a, Expr b, Expr c)
    {
        if (a is null || b is null || c is null)
        {
            throw AutodiffException.Null(op.Name(), a is null ? "the first operand" : b is null ? "the second operand" : "the third operand");
        }

        var shape = Shape.Broadcast(Shape.Broadcast(a.Shape, b.Shape, op), c.Shape, op);
        return a.IsConcrete && b.IsConcrete && c.IsConcrete ? MakeKnown(op, null, Evaluator.Ternary(op, shape, a.Storage, b.Storage, c.Storage), [a, b, c])
            : MakeUnknown(op, null, shape, [a, b, c]);
    }

    /// <summary>A primitive whose operands have been checked and whose result shape is known.</summary>
    internal static Expr Make(NodePrimitive primitive, Shape shape, ReadOnlySpan<Expr> operands)
    {
        var (concrete, constant) = (true, true);
        foreach (var operand in operands)
        {
            concrete &= operand.IsConcrete;
            constant &= operand.Op == Op.Constant;
        }

        if (!concrete || IsDeferred(primitive))
        {
            return MakeUnknown(primitive.Op, primitive, shape, operands);
        }

        Storage value;
        switch (operands)
        {
            case [var a]:
                value = primitive.Evaluate(shape, [a.Storage]);
                break;
            case [var a, var b]:
                value = primitive.Evaluate(shape, [a.Storage, b.Storage]);
                break;
            default:
                var values = new Storage[operands.Length];
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = operands[i].Storage;
                }

                value = primitive.Evaluate(shape, values);
                break;
        }

        return constant ? Constant(value) : new(primitive.Op, primitive, shape, value, operands);
    }

    /// <summary>Whether a primitive is left without a value for now, even if its operands have values: while a branch is traced.</summary>
    internal static bool IsDeferred(NodePrimitive primitive) => primitive.MayFail && Maker.Current.Defers;

    /// <summary>A primitive whose value has been computed already.</summary>
    internal static Expr MakeKnown(NodePrimitive primitive, Storage value, ReadOnlySpan<Expr> operands) => MakeKnown(primitive.Op, primitive, value, operands);

    /// <summary>A node as it is stated elsewhere, of checked operands, with its value if it has one: nothing is computed.</summary>
    internal static Expr Stated(Op op, NodePrimitive? primitive, Shape shape, Storage? value, ReadOnlySpan<Expr> operands) =>
        value is null ? MakeUnknown(op, primitive, shape, operands) : MakeKnown(op, primitive, value, operands);

    /// <summary>The value of the node's primitive for other values of its operands, of the same shapes.</summary>
    internal Storage Evaluate(ReadOnlySpan<Storage> operands) => Primitive is { } primitive ? primitive.Evaluate(Shape, operands) : Evaluator.Evaluate(Op, Shape, operands);

    /// <summary>A primitive whose value has been computed already; a constant if all operands are constants.</summary>
    private static Expr MakeKnown(Op op, object? attribute, Storage value, ReadOnlySpan<Expr> operands)
    {
        foreach (var operand in operands)
        {
            if (operand.Op != Op.Constant)
            {
                return new(op, attribute, value.Shape, value, operands);
            }
        }

        return Constant(value);
    }

    /// <summary>A node without a value.</summary>
    private static Expr MakeUnknown(Op op, object? attribute, Shape shape, ReadOnlySpan<Expr> operands)
    {
        foreach (var operand in operands)
        {
            if (operand._lineage.EscapedFrom is { } origin)
            {
                throw new AutodiffException($"{op.Name()}: an operand {Escaped(origin)}");
            }
        }

        return new(op, attribute, shape, null, operands);
    }

    /// <summary>
    /// The same primitive, with the same axes and attributes, applied to other operands; this is used to rewrite a tree.
    /// A variable or constant has no operands to exchange and is returned as it is.
    /// </summary>
    /// <param name="operands">As many as this node has; their shapes may differ where the primitive allows it.</param>
    /// <exception cref="ShapeException">The number of operands or their shapes do not fit.</exception>
    public Expr WithOperands(params ReadOnlySpan<Expr> operands)
    {
        if (operands.Length != OperandCount)
        {
            throw new ShapeException($"WithOperands: {Op} has {OperandCount} operand(s), but {operands.Length} were given.");
        }

        foreach (var operand in operands)
        {
            if (operand is null)
            {
                throw AutodiffException.Null(Op.ToString(), "an operand");
            }
        }

        return operands switch
        {
            [] => this,
            [var x] when Op.IsElementwise() => Apply(Op, x),
            [var a, var b] when Op.IsElementwise() => Apply(Op, a, b),
            [var a, var b, var c] when Op.IsElementwise() => Apply(Op, a, b, c),
            [var x] when Op == Op.Variable => Leaf(Attribute as string, x),
            _ => WithOperandsOfSameShapes(Primitive!, operands),
        };
    }

    /// <summary>The same primitive over operands of the same shapes, at least one of which has no value.</summary>
    internal Expr Over(ReadOnlySpan<Expr> operands) => new(Op, Attribute, Shape, null, operands);

    private Expr WithOperandsOfSameShapes(NodePrimitive primitive, ReadOnlySpan<Expr> operands)
    {
        for (var i = 0; i < operands.Length; i++)
        {
            if (operands[i].Shape != Operand(i).Shape)
            {
                throw new ShapeException($"WithOperands: operand {i} of {Op} has shape {Operand(i).Shape}, and the one in its place has {operands[i].Shape}; they must be equal.");
            }
        }

        return Make(primitive, Shape, operands);
    }

    private static Expr OfTensor(Op op, Expr x) =>
        x.IsConcrete ? MakeKnown(op, null, Evaluator.Unary(op, x.Storage), [x]) : MakeUnknown(op, null, x.Shape, [x]);

    private static Expr OfTensors(Op op, Expr a, Expr b)
    {
        var shape = Shape.Broadcast(a.Shape, b.Shape, op);
        return a.IsConcrete && b.IsConcrete
            ? MakeKnown(op, null, Evaluator.Binary(op, shape, a.Storage, b.Storage), [a, b])
            : MakeUnknown(op, null, shape, [a, b]);
    }

    private static Expr Apply(Op op, Expr a, Expr b, double value) =>
        a.Op == Op.Constant && b.Op == Op.Constant ? Number(value) : new(op, value, a, b);

    /// <summary>Whether both operands are concrete scalars; an error if one is null.</summary>
    private static bool AreNumbers(Op op, Expr a, Expr b) => a is null || b is null
        ? throw AutodiffException.Null(op.Name(), a is null ? "the left operand" : "the right operand")
        : (a._traits & b._traits & Traits.Number) == Traits.Number;
}
