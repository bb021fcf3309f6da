// A graph that is being written: nodes whose results have names, constants, and graphs inside graphs.

using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Autodiff.Functional.Evaluation;
using static Autodiff.Functional.Interchange.Onnx.Messages;

namespace Autodiff.Functional.Interchange.Onnx;

/// <summary>
/// The nodes of a graph, of a function of the model, or of a graph inside one of these, which may read what is outside. Equal nodes are one node, and
/// nodes that no result needs are left out. Constants stand in the outermost graph.
/// </summary>
internal sealed class GraphWriter
{
    // Readers of Protocol Buffers accept messages 100 deep; each graph inside another takes three.
    private const int DeepestGraph = 30;

    // Tensors of one number up to this size are written out.
    private const int SmallSize = 16;

    // The most bytes of all constants; a message has at most 2 GB.
    private const long MostConstantBytes = 2_000_000_000;

    private readonly GraphWriter? _outer;
    private readonly GraphWriter _root;
    private readonly int _depth;
    private readonly List<OnnxNode> _nodes = [];
    private readonly Dictionary<string, string> _made = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _conditions = new(StringComparer.Ordinal);

    // These are used in the outermost graph only.
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Name, Func<string, byte[]> Tensor)> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<Expr, string> _tensors = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, double> _numbers = new(StringComparer.Ordinal);
    private int _named;
    private long _constantBytes;

    private GraphWriter(GraphWriter? outer, IEnumerable<string> names)
    {
        (_outer, _root, _depth) = (outer, outer?._root ?? this, outer is null ? 0 : outer._depth + 1);
        _taken.UnionWith(names);
        if (_depth > DeepestGraph)
        {
            throw new AutodiffException($"ToOnnx: loops and branches are nested more than {DeepestGraph} deep, which readers of ONNX models do not accept.");
        }
    }

    /// <summary>An outermost graph, in which some names are taken.</summary>
    public static GraphWriter Outermost(IEnumerable<string> names) => new(null, names);

    /// <summary>A graph inside this one.</summary>
    public GraphWriter Inner() => new(this, []);

    /// <summary>A name that is not in use.</summary>
    public string NewName()
    {
        string name;
        do
        {
            name = string.Create(CultureInfo.InvariantCulture, $"t{++_root._named}");
        }
        while (!_root._taken.Add(name));
        return name;
    }

    /// <summary>Adds a node with one result; returns the name of that.</summary>
    public string Add(string @operator, string[] inputs, params byte[][] attributes) => Add(@operator, "", inputs, attributes);

    /// <summary>Adds a call of a function of the model.</summary>
    public string Call(string function, string[] inputs) => Add(function, OwnDomain, inputs, []);

    /// <summary>Adds a sum, difference, product or quotient: Add, Sub, Mul or Div.</summary>
    /// <remarks>
    /// ONNX Runtime removes such an operation by one number if the number rounded to single precision changes nothing, such as a product with 1 + 10⁻⁹. So one
    /// by a number that only looks like 0 or 1 is written in another way. It also makes a quotient of a product with 1/b, and then does not know any more that
    /// the other factor is read: a model where that factor is such a quotient as well cannot be loaded. So 1/b is written as a reciprocal, which is left alone.
    /// </remarks>
    public string AddArithmetic(string @operator, string a, string b)
    {
        bool LooksLike(string name, float number) => _root._numbers.TryGetValue(name, out var value) && (float)value == number && value != number;
        bool IsOne(string name) => _root._numbers.TryGetValue(name, out var value) && value == 1;
        return (@operator, LooksLike(a, 0), LooksLike(b, 0), LooksLike(a, 1), LooksLike(b, 1)) switch
        {
            ("Add", true, _, _, _) or ("Add", _, true, _, _) => Add("Sum", [a, b]),
            ("Sub", _, true, _, _) => Add("Sum", [a, Number(-_root._numbers[b])]),
            ("Mul", _, _, true, _) => AddArithmetic("Mul", b, a),
            ("Mul", _, _, _, true) => Add("Mul", [Add("Mul", [a, Number(_root._numbers[b] / 2)]), Number(2)]),
            ("Div", _, _, true, _) => Add("Mul", [Add("Div", [Number(_root._numbers[a] / 2), b]), Number(2)]),
            ("Div", _, _, _, true) => Add("Mul", [Add("Div", [a, Number(_root._numbers[b] * 2)]), Number(2)]),
            ("Div", _, _, _, _) when IsOne(a) => Add("Reciprocal", [b]) is var reciprocal && a == Number(1) ? reciprocal : Add("Mul", [reciprocal, a]),
            _ => Add(@operator, [a, b]),
        };
    }

    /// <summary>Adds a node with several results and graphs inside; returns the names of the results.</summary>
    public string[] Add(string @operator, string[] inputs, int outputs, IReadOnlyCollection<string> captured, params byte[][] attributes)
    {
        var names = new string[outputs];
        for (var i = 0; i < outputs; i++)
        {
            names[i] = NewName();
        }

        _nodes.Add(new(@operator, "", inputs, names, attributes, captured));
        return names;
    }

    /// <summary>A number.</summary>
    public string Number(double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        var number = Constant($"{bits:x}", sizeof(double), name => Tensor(name, ElementType.Real, [], [bits]));
        _root._numbers[number] = value;
        return number;
    }

    /// <summary>A whole number.</summary>
    public string Integer(long value) => Constant($"integer {value}", sizeof(long), name => Tensor(name, ElementType.Integer, [], [(ulong)value]));

    /// <summary>The bits of a number.</summary>
    public string Bits(ulong value) => Constant($"bits {value:x}", sizeof(ulong), name => Tensor(name, ElementType.Bits, [], [value]));

    /// <summary>A vector of whole numbers.</summary>
    public string Integers(params long[] values) => Constant($"integers {Digest<long>(values)}", sizeof(long) * values.LongLength, name => Tensor(name, values));

    /// <summary>The lengths of the axes of a shape.</summary>
    public string Lengths(Shape shape) => Integers(LongLengths(shape));

    /// <summary>True, or false.</summary>
    public string Truth(bool value) => Constant(value ? "true" : "false", 1, name => Tensor(name, ElementType.Boolean, [], [(byte)(value ? 1 : 0)]));

    /// <summary>A matrix of truth values with the given shape, which holds where two axes have the same position.</summary>
    public string Diagonal(Shape shape, int first, int second)
    {
        var strides = shape.Strides();
        var elements = new byte[shape.Size];
        for (var i = 0; i < shape[first]; i++)
        {
            elements[i * (strides[first] + strides[second])] = 1;
        }

        return Constant($"diagonal {first} {second} {shape}", elements.Length, name => Tensor(name, ElementType.Boolean, LongLengths(shape), elements));
    }

    /// <summary>A tensor of numbers.</summary>
    public string Constant(Expr constant)
    {
        if (!_root._tensors.TryGetValue(constant, out var name))
        {
            name = constant.IsScalar ? Number(constant.Scalar) : Numbers(constant.Storage);
            _root._tensors.Add(constant, name);
            if (constant.Shape.Size == 1)
            {
                _root._numbers[name] = constant.Storage[0];
            }
        }

        return name;
    }

    /// <summary>The elements of a tensor of numbers.</summary>
    public string Numbers(Storage value)
    {
        var shape = value.Shape;
        return shape.IsScalar ? Number(value[0])
            : shape.Size == 0 ? Filled(0, shape)
            : value.IsUniform && shape.Size > SmallSize ? Filled(value[0], shape)
            : Constant($"{shape} {Digest(value.Span)}", (long)sizeof(double) * shape.Size, name => Tensor(name, ElementType.Real, LongLengths(shape), value.Span));
    }

    /// <summary>A tensor of one number.</summary>
    public string Filled(double value, Shape shape) => shape.IsScalar ? Number(value) : _root.Add(
        "ConstantOfShape", [Lengths(shape)], TensorAttribute("value", Tensor("", ElementType.Real, [1], [BitConverter.DoubleToUInt64Bits(value)])));

    /// <summary>A result of a comparison as numbers: 1 where it holds, 0 elsewhere.</summary>
    public string Mask(string condition)
    {
        var mask = Add("Cast", [condition], Attribute("to", (long)ElementType.Real));
        _conditions[mask] = condition;
        return mask;
    }

    /// <summary>Whether numbers are not 0: the comparison, if they are the mask of one.</summary>
    public string Condition(string mask)
    {
        for (var graph = this; graph is not null; graph = graph._outer)
        {
            if (graph._conditions.TryGetValue(mask, out var condition))
            {
                return condition;
            }
        }

        return Add("Not", [Add("Equal", [mask, Number(0)])]);
    }

    /// <summary>The graph with some results under the given names, and the names that it reads from outside.</summary>
    public (byte[] Graph, IReadOnlyCollection<string> Captured) ToGraph(
        string name, IReadOnlyList<(string Name, ElementType Type, Shape Shape)> inputs, IReadOnlyList<(string Name, ElementType Type, Shape Shape)> results, IReadOnlyList<string> outputs)
    {
        for (var i = 0; i < results.Count; i++)
        {
            _nodes.Add(new("Identity", "", [results[i].Name], [outputs[i]], [], []));
        }

        var (nodes, needed) = Needed(outputs);
        return (
            Graph(
                name,
                nodes,
                _constants.Values.Where(constant => needed.Contains(constant.Name)).Select(constant => constant.Tensor(constant.Name)),
                inputs.Select(input => Value(input.Name, input.Type, input.Shape)),
                results.Select((result, i) => Value(outputs[i], result.Type, result.Shape))),
            needed);
    }

    /// <summary>The graph inside another one, with some results.</summary>
    public (byte[] Graph, IReadOnlyCollection<string> Captured) ToGraph(
        string name, IReadOnlyList<(string Name, ElementType Type, Shape Shape)> inputs, params IReadOnlyList<(string Name, ElementType Type, Shape Shape)> results) =>
        ToGraph(name, inputs, results, [.. results.Select(_ => NewName())]);

    /// <summary>The nodes as a function with one result.</summary>
    public byte[] ToFunction(string name, IReadOnlyList<string> inputs, string result)
    {
        var (nodes, needed) = Needed([result]);
        var constants = _constants.Values.Where(constant => needed.Contains(constant.Name))
            .Select(constant => new OnnxNode("Constant", "", [], [constant.Name], [TensorAttribute("value", constant.Tensor(""))], []));
        return Function(name, inputs, result, [.. constants, .. nodes]);
    }

    /// <summary>A text that tells numbers from any others.</summary>
    private static string Digest<T>(ReadOnlySpan<T> numbers)
        where T : unmanaged => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(numbers)));

    private static long[] LongLengths(Shape shape) => [.. shape.Select(length => (long)length)];

    private string Add(string @operator, string domain, string[] inputs, byte[][] attributes)
    {
        var key = $"{domain}\0{@operator}\0{string.Join('\0', inputs)}\0{string.Join('\0', attributes.Select(Convert.ToHexString))}";
        for (var graph = this; graph is not null; graph = graph._outer)
        {
            if (graph._made.TryGetValue(key, out var known))
            {
                return known;
            }
        }

        var name = NewName();
        _nodes.Add(new(@operator, domain, inputs, [name], attributes, []));
        _made.Add(key, name);
        return name;
    }

    /// <summary>A constant, which is known by its key.</summary>
    private string Constant(string key, long bytes, Func<string, byte[]> tensor)
    {
        if (_root._constants.TryGetValue(key, out var known))
        {
            return known.Name;
        }

        _root._constantBytes += bytes;
        if (_root._constantBytes > MostConstantBytes)
        {
            throw new AutodiffException($"ToOnnx: the constants of the function take more than {MostConstantBytes} bytes, the most that a model holds. Pass large tensors as arguments.");
        }

        var name = NewName();
        _root._constants.Add(key, (name, tensor));
        return name;
    }

    /// <summary>The nodes that some results need, and all names that these nodes read.</summary>
    private (List<OnnxNode> Nodes, HashSet<string> Names) Needed(IEnumerable<string> results)
    {
        var (names, nodes) = (new HashSet<string>(results, StringComparer.Ordinal), new List<OnnxNode>());
        for (var i = _nodes.Count - 1; i >= 0; i--)
        {
            var node = _nodes[i];
            if (Array.Exists(node.Outputs, names.Contains))
            {
                names.UnionWith(node.Inputs);
                names.UnionWith(node.Captured);
                nodes.Add(node);
            }
        }

        nodes.Reverse();
        return (nodes, names);
    }
}
