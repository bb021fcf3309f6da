// The messages of ONNX models (onnx.proto of version 1.21) in the wire format of Protocol Buffers, as far as the writer needs them.

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Autodiff.Functional.Interchange.Onnx;

/// <summary>The types of elements that tensors of models have, with their numbers in TensorProto.</summary>
internal enum ElementType
{
    Integer = 7,
    Boolean = 9,
    Real = 11,
    Bits = 13,
}

/// <summary>A node of a graph or of a function. Nothing is known of a node but the names of what it reads and makes.</summary>
/// <param name="Operator">The operator, or the name of a function of the model.</param>
/// <param name="Domain">The domain of the operator; empty for the standard.</param>
/// <param name="Inputs">The names that it reads; empty for an input that is left out.</param>
/// <param name="Outputs">The names of its results.</param>
/// <param name="Attributes">Its attributes, as messages.</param>
/// <param name="Captured">The names from outside that its graphs read.</param>
internal sealed record OnnxNode(string Operator, string Domain, string[] Inputs, string[] Outputs, byte[][] Attributes, IReadOnlyCollection<string> Captured);

/// <summary>Writes messages, each as the bytes that are between its length and the next field.</summary>
internal static class Messages
{
    /// <summary>The version of the format of models.</summary>
    public const int FormatVersion = 13;

    /// <summary>The version of the standard operators.</summary>
    public const int OperatorVersion = 26;

    /// <summary>The domain of the functions that a model defines for itself.</summary>
    public const string OwnDomain = "Autodiff.Functional";

    private const string Producer = "Autodiff.Functional";

    private enum AttributeType
    {
        Integer = 2,
        Text = 3,
        Tensor = 4,
        Graph = 5,
        Integers = 7,
    }

    public static byte[] Model(string producerVersion, byte[] graph, IReadOnlyCollection<byte[]> functions) => Of(model =>
    {
        Write(model, 1, FormatVersion);
        Write(model, 2, Producer);
        Write(model, 3, producerVersion);
        Write(model, 7, graph);
        Write(model, 8, Imported("", OperatorVersion));
        if (functions.Count > 0)
        {
            Write(model, 8, Imported(OwnDomain, 1));
        }

        foreach (var function in functions)
        {
            Write(model, 25, function);
        }
    });

    public static byte[] Graph(string name, IEnumerable<OnnxNode> nodes, IEnumerable<byte[]> constants, IEnumerable<byte[]> inputs, IEnumerable<byte[]> outputs) => Of(graph =>
    {
        WriteAll(graph, 1, nodes.Select(Node));
        Write(graph, 2, name);
        WriteAll(graph, 5, constants);
        WriteAll(graph, 11, inputs);
        WriteAll(graph, 12, outputs);
    });

    public static byte[] Function(string name, IEnumerable<string> inputs, string output, IEnumerable<OnnxNode> nodes) => Of(function =>
    {
        Write(function, 1, name);
        foreach (var input in inputs)
        {
            Write(function, 4, input);
        }

        Write(function, 5, output);
        WriteAll(function, 7, nodes.Select(Node));
        Write(function, 9, Imported("", OperatorVersion));
        Write(function, 10, OwnDomain);
    });

    /// <summary>An input or output of a graph.</summary>
    public static byte[] Value(string name, ElementType type, Shape shape) => Of(value =>
    {
        Write(value, 1, name);
        Write(value, 2, Of(types => Write(types, 1, Of(tensor =>
        {
            Write(tensor, 1, (long)type);
            Write(tensor, 2, Of(axes =>
            {
                foreach (var length in shape)
                {
                    Write(axes, 1, Of(axis => Write(axis, 1, (long)length)));
                }
            }));
        }))));
    });

    public static byte[] Tensor(string name, ElementType type, ReadOnlySpan<long> lengths, ReadOnlySpan<double> elements) => Tensor(name, type, lengths, MemoryMarshal.Cast<double, ulong>(elements));

    public static byte[] Tensor(string name, ReadOnlySpan<long> integers) => Tensor(name, ElementType.Integer, [integers.Length], MemoryMarshal.Cast<long, ulong>(integers));

    /// <summary>A tensor whose elements have 8 bytes; without lengths it is one number.</summary>
    public static byte[] Tensor(string name, ElementType type, ReadOnlySpan<long> lengths, ReadOnlySpan<ulong> elements)
    {
        var bytes = new byte[sizeof(ulong) * elements.Length];
        for (var i = 0; i < elements.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(sizeof(ulong) * i), elements[i]);
        }

        return Tensor(name, type, lengths, bytes);
    }

    public static byte[] Tensor(string name, ElementType type, ReadOnlySpan<long> lengths, byte[] elements)
    {
        var axes = lengths.ToArray();
        return Of(tensor =>
        {
            foreach (var length in axes)
            {
                Write(tensor, 1, length);
            }

            Write(tensor, 2, (long)type);
            Write(tensor, 8, name);
            Write(tensor, 9, elements);
        });
    }

    public static byte[] Attribute(string name, long value) => Attribute(name, AttributeType.Integer, attribute => Write(attribute, 3, value));

    public static byte[] Attribute(string name, string value) => Attribute(name, AttributeType.Text, attribute => Write(attribute, 4, value));

    public static byte[] TensorAttribute(string name, byte[] tensor) => Attribute(name, AttributeType.Tensor, attribute => Write(attribute, 5, tensor));

    public static byte[] GraphAttribute(string name, byte[] graph) => Attribute(name, AttributeType.Graph, attribute => Write(attribute, 6, graph));

    public static byte[] Attribute(string name, IEnumerable<int> values) => Attribute(name, AttributeType.Integers, attribute =>
    {
        foreach (var value in values)
        {
            Write(attribute, 8, (long)value);
        }
    });

    private static byte[] Attribute(string name, AttributeType type, Action<CodedOutputStream> value) => Of(attribute =>
    {
        Write(attribute, 1, name);
        value(attribute);
        Write(attribute, 20, (long)type);
    });

    private static byte[] Node(OnnxNode node) => Of(message =>
    {
        foreach (var input in node.Inputs)
        {
            Write(message, 1, input);
        }

        foreach (var output in node.Outputs)
        {
            Write(message, 2, output);
        }

        Write(message, 4, node.Operator);
        WriteAll(message, 5, node.Attributes);
        if (node.Domain.Length > 0)
        {
            Write(message, 7, node.Domain);
        }
    });

    private static byte[] Imported(string domain, long version) => Of(import =>
    {
        Write(import, 1, domain);
        Write(import, 2, version);
    });

    private static byte[] Of(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var message = new CodedOutputStream(bytes, leaveOpen: true))
        {
            write(message);
        }

        return bytes.ToArray();
    }

    private static void Write(CodedOutputStream message, int field, long value)
    {
        message.WriteTag(field, WireFormat.WireType.Varint);
        message.WriteInt64(value);
    }

    private static void Write(CodedOutputStream message, int field, string value)
    {
        message.WriteTag(field, WireFormat.WireType.LengthDelimited);
        message.WriteString(value);
    }

    private static void Write(CodedOutputStream message, int field, byte[] value)
    {
        message.WriteTag(field, WireFormat.WireType.LengthDelimited);
        message.WriteBytes(UnsafeByteOperations.UnsafeWrap(value));
    }

    private static void WriteAll(CodedOutputStream message, int field, IEnumerable<byte[]> values)
    {
        foreach (var value in values)
        {
            Write(message, field, value);
        }
    }
}
