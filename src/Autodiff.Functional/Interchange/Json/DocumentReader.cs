// An expression from a JSON document. Nothing is computed: a node that has a value states it. What does not fit is an error that says where it is.

using System.Text.Json;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Interchange;

/// <summary>Reads documents. A node is made over the nodes before it, so there are no cycles.</summary>
internal sealed class DocumentReader
{
    private static readonly Dictionary<string, Op> s_ops = Enum.GetValues<Op>().ToDictionary(op => op.Name());
    private static readonly Dictionary<Op, PrimitiveForm> s_primitives = PrimitiveForms.All.SelectMany(form => form.Ops.Select(op => (op, form))).ToDictionary();
    private static readonly Dictionary<Op, ProgramForm> s_programs = ProgramForms.All.ToDictionary(form => form.Op);

    private readonly List<ProgramPrimitive> _programs = [];
    private readonly Dictionary<string, Expr> _variables;

    private DocumentReader(Dictionary<string, Expr> variables) => _variables = variables;

    /// <summary>The expression of a document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="variables">Symbolic variables that take the place of those with the same names.</param>
    public static Expr Read(JsonElement document, Dictionary<string, Expr> variables)
    {
        var fields = new Fields(document, new(null, "document"));
        if (fields.Text("format") is var format && format != DocumentWriter.Format)
        {
            throw fields.Error("format", $"it is \"{format}\", but must be \"{DocumentWriter.Format}\".");
        }

        if (fields.Whole("version", 1, int.MaxValue) is var version && version > DocumentWriter.Version)
        {
            throw fields.Error("version", $"it is {version}, and this library reads versions up to {DocumentWriter.Version}; a newer library wrote the document.");
        }

        var reader = new DocumentReader(variables);
        foreach (var program in fields.Objects("programs"))
        {
            reader._programs.Add(reader.ReadProgram(program));
        }

        var nodes = reader.ReadNodes(fields, [], isClosed: false);
        var result = nodes[fields.Whole("result", 0, nodes.Count - 1)];
        fields.End();
        return result;
    }

    private ProgramPrimitive ReadProgram(Fields fields)
    {
        if (!s_programs.TryGetValue(ReadOp(fields), out var form))
        {
            throw fields.Error("op", "it is no primitive that holds computations.");
        }

        var program = Placed(fields, () => form.Read(new(fields, ReadComputation, _programs)));
        fields.End();
        return program;
    }

    private Computation ReadComputation(Fields program, string field)
    {
        var fields = program.Object(field);
        var parameters = new List<Expr>();
        foreach (var lengths in fields.List("parameters").EnumerateArray())
        {
            parameters.Add(Expr.Parameter(Fields.Shape(lengths, new(fields.At("parameters"), "", parameters.Count))));
        }

        var count = parameters.Count;
        var nodes = ReadNodes(fields, parameters, isClosed: true);
        Expr[] results = [.. fields.WholeNumbers("results", 0, nodes.Count - 1).Select(position => nodes[position])];
        fields.End();
        return Computation.Over([.. nodes.Take(count)], results, nodes.Count);
    }

    /// <summary>Reads a list of nodes, whose operands are among the given nodes and the nodes of the list.</summary>
    private List<Expr> ReadNodes(Fields graph, List<Expr> nodes, bool isClosed)
    {
        foreach (var fields in graph.Objects("nodes"))
        {
            nodes.Add(Placed(fields, () => ReadNode(fields, nodes, isClosed)));
            fields.End();
        }

        return nodes;
    }

    private Expr ReadNode(Fields fields, List<Expr> nodes, bool isClosed)
    {
        var op = ReadOp(fields);
        if (op == Op.Constant)
        {
            return Expr.Constant(Elements.Read(fields, "value", fields.Shape("shape")));
        }

        Expr[] operands = fields.Has("of") ? [.. fields.WholeNumbers("of", 0, nodes.Count - 1).Select(position => nodes[position])] : [];
        if (op == Op.Variable)
        {
            return ReadVariable(fields, operands, isClosed);
        }

        var (primitive, shape) = op.IsElementwise() ? (null, ElementwiseShape(op, fields, operands)) : ReadPrimitive(op, fields, operands);
        var isKnown = operands.Length > 0 && Array.TrueForAll(operands, operand => operand.IsConcrete);
        if (!isKnown && fields.Has("value"))
        {
            throw fields.Error("value", "the node reads a symbolic variable, so it has no value.");
        }

        // What may fail has no value in a branch that has not been taken.
        return Expr.Stated(op, primitive, shape, isKnown && (fields.Has("value") || primitive is not { MayFail: true }) ? Elements.Read(fields, "value", shape) : null, operands);
    }

    private Expr ReadVariable(Fields fields, Expr[] operands, bool isClosed)
    {
        var name = fields.Has("name") ? fields.Text("name") : null;
        if (operands.Length > 0)
        {
            return operands.Length == 1 && (name is null || !string.IsNullOrWhiteSpace(name)) ? Expr.Leaf(name, operands[0]) : throw fields.Error("of", "a variable stands for one node.");
        }

        var shape = fields.Shape("shape");
        if (isClosed || string.IsNullOrWhiteSpace(name))
        {
            throw fields.Error("name", isClosed ? "a variable inside a program stands for a node." : "the name is missing or blank.");
        }

        return !_variables.TryGetValue(name, out var variable) ? Expr.Variable(name, shape)
            : variable.Shape == shape ? variable
            : throw fields.Error("shape", $"variable {name} has shape {shape}, and the one that was given for it has {variable.Shape}.");
    }

    /// <summary>A primitive that is not elementwise, with the shape of its result.</summary>
    private (NodePrimitive Primitive, Shape Shape) ReadPrimitive(Op op, Fields fields, Expr[] operands)
    {
        // Operands that have values are replaced by symbols, so that nothing is computed.
        operands = Array.ConvertAll(operands, operand => operand.IsConcrete ? Expr.Parameter(operand.Shape) : operand);
        if (s_primitives.TryGetValue(op, out var form))
        {
            var node = form.Read(op, fields, operands);
            return node.Op == op && node.Operands.SequenceEqual(operands) && node.Shape.All(length => length >= 0) ? (node.Primitive!, node.Shape)
                : throw fields.Error("op", $"there is no {op.Name()} with these attributes of operands of shapes {string.Join(", ", operands.Select(operand => operand.Shape))}.");
        }

        var program = _programs.Count > 0 ? _programs[fields.Whole("program", 0, _programs.Count - 1)] : throw fields.Error("program", "there are no programs.");
        return program.Op == op ? (program, s_programs[op].Node(program, operands, fields).Shape) : throw fields.Error("program", $"the program is no {op.Name()}.");
    }

    private static Shape ElementwiseShape(Op op, Fields fields, Expr[] operands)
    {
        if (operands.Length != op.Arity())
        {
            throw fields.Error("of", $"there are {operands.Length} operands, but {op.Name()} has {op.Arity()}.");
        }

        if (op.HasOrder() && !IsOrder(op, operands[0]))
        {
            throw fields.Error("of", $"the first operand of {op.Name()} is its order, which must be a constant whole number{(op == Op.BesselJ ? $" of at most {LargestOrder(op)}" : "")}.");
        }

        return operands.Aggregate(operands[0].Shape, (shape, operand) => Shape.Broadcast(shape, operand.Shape, op));
    }

    private static bool IsOrder(Op op, Expr order) => order is { Op: Op.Constant, Shape.Size: 1 }
        && order.Storage[0] is var n && Math.Abs(n) <= LargestOrder(op) && double.IsInteger(n) && (n >= 0 || op is Op.BesselJ or Op.BesselI);

    private static int LargestOrder(Op op) => op == Op.BesselJ ? 2 * Expr.LargestBesselOrder : int.MaxValue;

    private static Op ReadOp(Fields fields) => fields.Text("op") is var name && s_ops.TryGetValue(name, out var op) ? op
        : throw fields.Error("op", $"there is no primitive \"{name}\".");

    /// <summary>What is made of some fields; an error about shapes says which fields these are.</summary>
    private static T Placed<T>(Fields fields, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ShapeException error)
        {
            throw fields.Error(error.Message);
        }
    }
}
