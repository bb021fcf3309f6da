// The ONNX forms of the elementwise primitives: a standard operator, or a function of the model, which the function of registers writes.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Interchange.Onnx;

internal static class ElementwiseForms
{
    private static readonly string[] s_inputs = ["x", "y", "z"];

    /// <summary>
    /// The standard operator with the values of a primitive; null if there is none, or if ONNX Runtime has none for doubles, or none that is exact to a few
    /// ulps with the same values at zeros, infinities and NaN.
    /// </summary>
    public static string? Operator(Op op) => op switch
    {
        Op.Negate => "Neg",
        Op.Abs => "Abs",
        Op.Sqrt => "Sqrt",
        Op.Exp => "Exp",
        Op.Log => "Log",
        Op.Sin => "Sin",
        Op.Cos => "Cos",
        Op.Tanh => "Tanh",
        Op.Sign => "Sign",
        Op.Relu => "Relu",
        Op.Floor => "Floor",
        Op.Ceiling => "Ceil",
        Op.Round => "Round",
        Op.Pow => "Pow",
        Op.Min => "Min",
        Op.Max => "Max",
        Op.Less => "Less",
        Op.LessOrEqual => "LessOrEqual",
        Op.Greater => "Greater",
        Op.GreaterOrEqual => "GreaterOrEqual",
        Op.Equal => "Equal",
        _ => null,
    };

    /// <summary>Writes an elementwise primitive of operands; returns the name of the result.</summary>
    /// <param name="graph">The graph that it is written into.</param>
    /// <param name="functions">The functions of the model, to which the one that it needs is added.</param>
    /// <param name="node">The primitive.</param>
    /// <param name="operands">The names of the operands.</param>
    /// <exception cref="AutodiffException">There is no form of the primitive with the precision of doubles.</exception>
    public static string Write(GraphWriter graph, SortedDictionary<string, byte[]> functions, Expr node, string[] operands)
    {
        var op = node.Op;
        if (Operator(op) is { } @operator)
        {
            var result = graph.Add(@operator, operands);
            return op.IsComparison() ? graph.Mask(result) : result;
        }

        switch (op)
        {
            case Op.Add or Op.Subtract or Op.Multiply or Op.Divide:
                return graph.AddArithmetic(op switch { Op.Add => "Add", Op.Subtract => "Sub", Op.Multiply => "Mul", _ => "Div" }, operands[0], operands[1]);
            case Op.StopGradient:
                return operands[0];
            case Op.Where:
                return graph.Add("Where", [graph.Condition(operands[0]), operands[1], operands[2]]);
            case Op.Remainder:
                return Remainder(graph, operands);
            case Op.Mod:
                return Mod(graph, operands);
            case Op.Clamp:
                return graph.Add("Min", [graph.Add("Max", [operands[0], operands[1]]), operands[2]]);
            case var _ when !op.HasOrder():
                return graph.Call(Defined(functions, op, op.Name(), op.Arity(), null), operands);
            case var _ when node.Operand(0) is { Op: Op.Constant } order && order.Storage.Span is [var number, ..] && !order.Storage.Span.ContainsAnyExcept(number):
                return graph.Call(Defined(functions, op, $"{op.Name()}{number}", op.Arity() - 1, number), operands[1..]);
            default:
                throw new AutodiffException($"ToOnnx: {op.Name()} cannot be written for an order that is not a constant.");
        }
    }

    /// <summary>The remainder with the sign of the dividend.</summary>
    private static string Remainder(GraphWriter graph, string[] operands) => graph.Add("Mod", operands, Messages.Attribute("fmod", 1));

    /// <summary>The remainder with the sign of the divisor, which is added where the signs differ.</summary>
    private static string Mod(GraphWriter graph, string[] operands)
    {
        var (remainder, zero) = (Remainder(graph, operands), graph.Number(0));
        var differs = graph.Add("Xor", [graph.Add("Less", [remainder, zero]), graph.Add("Less", [operands[1], zero])]);
        var isOff = graph.Add("And", [differs, graph.Add("Not", [graph.Add("Equal", [remainder, zero])])]);
        return graph.Add("Where", [isOff, graph.AddArithmetic("Add", remainder, operands[1]), remainder]);
    }

    /// <summary>The name of a function of the model, which is added if it is not there yet.</summary>
    private static string Defined(SortedDictionary<string, byte[]> functions, Op op, string name, int inputs, double? order)
    {
        if (!functions.ContainsKey(name))
        {
            var graph = GraphWriter.Outermost(s_inputs);
            GraphLanes[] lanes = [.. order is { } number ? [number] : Array.Empty<GraphLanes>(), .. s_inputs.Take(inputs).Select(input => new GraphLanes(graph, input))];
            functions.Add(name, graph.ToFunction(name, s_inputs[..inputs], Body(op, graph, lanes).AsReal(graph)));
        }

        return name;
    }

    private static GraphLanes Body(Op op, GraphWriter graph, GraphLanes[] x)
    {
        GraphLanes Standard(string @operator) => new(graph, graph.Add(@operator, [x[0].AsReal(graph)]));
        return op switch
        {
            Op.PlusZero => GraphLanes.Select(GraphLanes.Equal(x[0], 0), 0, x[0]), // a sum with 0 would be optimised away
            Op.Tan => GraphLanes.Select(GraphLanes.Abs(x[0]) > Elementary.LargestAngle, Standard("Sin") / Standard("Cos"), ElementwiseTable.OfRegister(op, x[0])),
            Op.ExpM1 or Op.LogP1 => GraphLanes.CopySign(ElementwiseTable.OfRegister(op, x[0]), x[0]), // Where of ONNX Runtime makes 0 of −0
            Op.Atan2 => GraphLanes.CopySign(ElementwiseTable.OfRegister(op, x[0], x[1]), x[0]),
            Op.Sinc => GraphLanes.Select(GraphLanes.Equal(x[0], 0), 1, GraphLanes.Select(GraphLanes.Equal(GraphLanes.Abs(x[0]), double.PositiveInfinity), 0, Standard("Sin") / x[0])),
            _ when op.IsLanewise() => throw new AutodiffException($"ToOnnx: {op.Name()} cannot be written as an ONNX model, because the standard operators cannot express it with the precision of doubles."),
            _ => x switch
            {
                [var a] => ElementwiseTable.OfRegister(op, a),
                [var a, var b] => ElementwiseTable.OfRegister(op, a, b),
                [var a, var b, var c] => ElementwiseTable.OfRegister(op, a, b, c),
                _ => throw new System.Diagnostics.UnreachableException(),
            },
        };
    }
}
