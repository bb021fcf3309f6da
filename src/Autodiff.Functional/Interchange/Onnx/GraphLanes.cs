// Nodes of a graph that behave as a register, so that the functions of registers (Numerics/Elementary) write themselves as graphs.

using System.Diagnostics;
using Autodiff.Functional.Numerics;
using static Autodiff.Functional.Interchange.Onnx.Messages;

namespace Autodiff.Functional.Interchange.Onnx;

/// <summary>
/// A tensor in a graph, with the operations of a register: reals, their bits as whole numbers, or a mask of truth values; or one number that needs no
/// node.
/// </summary>
internal readonly struct GraphLanes : ILanes<GraphLanes>
{
    private const ulong SignBit = 1UL << 63;

    // A factor times this, minus itself, has the upper half of its bits.
    private const double Splitter = (1 << 27) + 1;

    // The lowest bits of a number: without them its product with a whole number below 2¹¹ is exact.
    private const ulong LowestBits = (1 << 11) - 1;

    private readonly GraphWriter? _graph;
    private readonly string? _name;
    private readonly ElementType _type;
    private readonly double _number;

    /// <summary>A tensor of reals in a graph.</summary>
    public GraphLanes(GraphWriter graph, string name)
        : this(graph, name, ElementType.Real)
    {
    }

    private GraphLanes(GraphWriter graph, string name, ElementType type) => (_graph, _name, _type) = (graph, name, type);

    private GraphLanes(double number) => (_number, _type) = (number, ElementType.Real);

    public static int Count => 1;

    private bool IsNumber => _graph is null;

    private ulong NumberBits => BitConverter.DoubleToUInt64Bits(_number);

    public static implicit operator GraphLanes(double value) => new(value);

    public static GraphLanes operator +(GraphLanes a, GraphLanes b) => Both(a, b) ? new(a._number + b._number) : Arithmetic("Add", a, b);

    public static GraphLanes operator -(GraphLanes a, GraphLanes b) => Both(a, b) ? new(a._number - b._number) : Arithmetic("Sub", a, b);

    public static GraphLanes operator *(GraphLanes a, GraphLanes b) => Both(a, b) ? new(a._number * b._number) : Arithmetic("Mul", a, b);

    public static GraphLanes operator /(GraphLanes a, GraphLanes b) => Both(a, b) ? new(a._number / b._number) : Arithmetic("Div", a, b);

    public static GraphLanes operator -(GraphLanes x) => x.IsNumber ? new(-x._number) : Function("Neg", x);

    public static GraphLanes operator <(GraphLanes a, GraphLanes b) => Both(a, b) ? Truth(a._number < b._number) : Comparison("Less", a, b);

    public static GraphLanes operator <=(GraphLanes a, GraphLanes b) => Both(a, b) ? Truth(a._number <= b._number) : Comparison("LessOrEqual", a, b);

    public static GraphLanes operator >(GraphLanes a, GraphLanes b) => Both(a, b) ? Truth(a._number > b._number) : Comparison("Greater", a, b);

    public static GraphLanes operator >=(GraphLanes a, GraphLanes b) => Both(a, b) ? Truth(a._number >= b._number) : Comparison("GreaterOrEqual", a, b);

    public static GraphLanes operator &(GraphLanes a, GraphLanes b) => (a.IsMask, b.IsMask) switch
    {
        (true, true) => Logic("And", a, b),
        (true, false) => Select(a, b, 0),
        (false, true) => Select(b, a, 0),
        _ => Both(a, b) ? OfBits(a.NumberBits & b.NumberBits) : Bitwise("BitwiseAnd", a, b),
    };

    public static GraphLanes operator |(GraphLanes a, GraphLanes b) => a.IsMask && b.IsMask ? Logic("Or", a, b)
        : Both(a, b) ? OfBits(a.NumberBits | b.NumberBits)
        : Bitwise("BitwiseOr", a, b);

    public static GraphLanes operator ^(GraphLanes a, GraphLanes b) => a.IsMask && b.IsMask ? Logic("Xor", a, b)
        : Both(a, b) ? OfBits(a.NumberBits ^ b.NumberBits)
        : Bitwise("BitwiseXor", a, b);

    public static GraphLanes AndNot(GraphLanes a, GraphLanes b) => b.IsMask ? a & new GraphLanes(b._graph!, b._graph!.Add("Not", [b._name!]), ElementType.Boolean)
        : Both(a, b) ? OfBits(a.NumberBits & ~b.NumberBits)
        : throw new UnreachableException();

    public static GraphLanes Equal(GraphLanes a, GraphLanes b) => Both(a, b) ? Truth(a._number == b._number) : Comparison("Equal", a, b);

    public static GraphLanes Select(GraphLanes mask, GraphLanes then, GraphLanes otherwise)
    {
        if (mask.IsNumber)
        {
            return mask.NumberBits != 0 ? then : otherwise;
        }

        var graph = mask._graph!;
        var condition = mask.IsMask ? mask._name! : graph.Add("Not", [graph.Add("Equal", [mask.AsBits(graph), graph.Bits(0)])]);
        return new(graph, graph.Add("Where", [condition, then.AsReal(graph), otherwise.AsReal(graph)]));
    }

    /// <summary>True, unless it is known: which lanes a mask holds in is not known before the graph runs.</summary>
    public static bool Any(GraphLanes mask) => !mask.IsNumber || mask.NumberBits != 0;

    public static GraphLanes FirstLanes(int count) => throw new UnreachableException();

    public static double Joined<TFold>(GraphLanes x)
        where TFold : struct, IFold => throw new UnreachableException();

    public static GraphLanes Abs(GraphLanes x) => x.IsNumber ? new(Math.Abs(x._number)) : Function("Abs", x);

    public static GraphLanes CopySign(GraphLanes size, GraphLanes sign) => (size & OfBits(~SignBit)) | (sign & OfBits(SignBit));

    public static GraphLanes Sqrt(GraphLanes x) => Function("Sqrt", x);

    public static GraphLanes Floor(GraphLanes x) => Function("Floor", x);

    public static GraphLanes Ceiling(GraphLanes x) => Function("Ceil", x);

    public static GraphLanes Round(GraphLanes x) => Function("Round", x);

    public static GraphLanes Min(GraphLanes a, GraphLanes b) => Arithmetic("Min", a, b);

    public static GraphLanes Max(GraphLanes a, GraphLanes b) => Arithmetic("Max", a, b);

    public static GraphLanes Bound(GraphLanes x, GraphLanes low, GraphLanes high) => Select(x < low, low, Select(x > high, high, x));

    /// <summary>
    /// A product and a sum. The rounding error of the product is added (T. J. Dekker) where functions rely on it: where nothing else would be left, and for a
    /// factor of so many bits that its product with a whole number is not exact.
    /// </summary>
    public static GraphLanes FusedMultiplyAdd(GraphLanes a, GraphLanes b, GraphLanes c)
    {
        var product = a * b;
        if (Both(a, b) || c.IsNumber)
        {
            return c is { IsNumber: true, _number: 0 } ? product : product + c;
        }

        var sum = product + c;
        return IsLong(a) || IsLong(b) || (-product)._name == c._name ? sum + ErrorOf(product, a, b) : sum;
    }

    public static GraphLanes AddBits(GraphLanes a, GraphLanes b) => Both(a, b) ? OfBits(a.NumberBits + b.NumberBits) : Bitwise("Add", a, b);

    public static GraphLanes SubtractBits(GraphLanes a, GraphLanes b) => Both(a, b) ? OfBits(a.NumberBits - b.NumberBits) : Bitwise("Sub", a, b);

    public static GraphLanes ShiftLeft(GraphLanes x, int count) => Shifted(x, count, "LEFT");

    public static GraphLanes ShiftRight(GraphLanes x, int count) => Shifted(x, count, "RIGHT");

    public static GraphLanes Scale(GraphLanes x, GraphLanes n) => ILanes<GraphLanes>.ScaleInTwo(x, n);

    /// <summary>What is computed for single lanes is a number for all of them; see <see cref="Store"/>.</summary>
    public static GraphLanes Load(ref readonly double first) => first;

    /// <summary>The numbers in the lanes are not known before the graph runs, so functions that are computed lane by lane are NaN.</summary>
    public static void Store(GraphLanes x, ref double first) => first = double.NaN;

    /// <summary>The name of the tensor as reals in a graph.</summary>
    public string AsReal(GraphWriter graph) => IsNumber ? graph.Number(_number) : _type switch
    {
        ElementType.Real => _name!,
        ElementType.Bits => graph.Add("BitCast", [_name!], Attribute("to", (long)ElementType.Real)),
        _ => throw new UnreachableException(),
    };

    private bool IsMask => _type == ElementType.Boolean;

    private string AsBits(GraphWriter graph) => IsNumber ? graph.Bits(NumberBits) : _type switch
    {
        ElementType.Bits => _name!,
        ElementType.Real => graph.Add("BitCast", [_name!], Attribute("to", (long)ElementType.Bits)),
        _ => throw new UnreachableException(),
    };

    private static bool Both(GraphLanes a, GraphLanes b) => a.IsNumber && b.IsNumber;

    private static GraphLanes OfBits(ulong bits) => new(BitConverter.UInt64BitsToDouble(bits));

    private static GraphLanes Truth(bool holds) => OfBits(holds ? ulong.MaxValue : 0);

    private static GraphLanes Function(string @operator, GraphLanes x) => new(x._graph!, x._graph!.Add(@operator, [x.AsReal(x._graph!)]));

    private static GraphLanes Arithmetic(string @operator, GraphLanes a, GraphLanes b) => Of(a, b) is var graph
        ? new(graph, graph.AddArithmetic(@operator, a.AsReal(graph), b.AsReal(graph)))
        : default;

    private static bool IsLong(GraphLanes x) => x.IsNumber && (x.NumberBits & LowestBits) != 0;

    /// <summary>a·b − product, exactly.</summary>
    private static GraphLanes ErrorOf(GraphLanes product, GraphLanes a, GraphLanes b)
    {
        var (aHigh, bHigh) = (Upper(a), Upper(b));
        var (aLow, bLow) = (a - aHigh, b - bHigh);
        return (aHigh * bHigh) - product + (aHigh * bLow) + (aLow * bHigh) + (aLow * bLow);
    }

    private static GraphLanes Upper(GraphLanes x)
    {
        var scaled = x * Splitter;
        return scaled - (scaled - x);
    }

    private static GraphLanes Comparison(string @operator, GraphLanes a, GraphLanes b) => Of(a, b) is var graph
        ? new(graph, graph.Add(@operator, [a.AsReal(graph), b.AsReal(graph)]), ElementType.Boolean)
        : default;

    private static GraphLanes Bitwise(string @operator, GraphLanes a, GraphLanes b) => Of(a, b) is var graph
        ? new(graph, graph.Add(@operator, [a.AsBits(graph), b.AsBits(graph)]), ElementType.Bits)
        : default;

    private static GraphLanes Logic(string @operator, GraphLanes a, GraphLanes b) => new(a._graph!, a._graph!.Add(@operator, [a._name!, b._name!]), ElementType.Boolean);

    private static GraphLanes Shifted(GraphLanes x, int count, string direction) =>
        new(x._graph!, x._graph!.Add("BitShift", [x.AsBits(x._graph!), x._graph!.Bits((ulong)count)], Attribute("direction", direction)), ElementType.Bits);

    private static GraphWriter Of(GraphLanes a, GraphLanes b) => a._graph ?? b._graph!;
}
