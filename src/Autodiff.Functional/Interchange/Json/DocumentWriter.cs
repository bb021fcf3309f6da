// An expression as a JSON document: the programs in it and its nodes, each once, with operands as positions in the list of nodes.

using System.Text.Json;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Interchange;

/// <summary>Writes documents. No walk recurses: computations inside programs stand in a list, those inside others first.</summary>
internal sealed class DocumentWriter
{
    /// <summary>The version of the documents that are written, and the newest that is read.</summary>
    public const int Version = 1;

    /// <summary>What a document calls itself.</summary>
    public const string Format = "Autodiff.Functional expression";

    private static readonly Dictionary<Type, PrimitiveForm> s_primitives = PrimitiveForms.All.ToDictionary(form => form.Type);
    private static readonly Dictionary<Type, ProgramForm> s_programs = ProgramForms.All.ToDictionary(form => form.Type);

    private readonly Utf8JsonWriter _json;
    private readonly Dictionary<ProgramPrimitive, int> _programs = new(ReferenceEqualityComparer.Instance);

    private DocumentWriter(Utf8JsonWriter json) => _json = json;

    public static void Write(Utf8JsonWriter json, Expr root)
    {
        var writer = new DocumentWriter(json);
        var nodes = Order([], [root]);
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        json.WriteStartArray("programs");
        writer.WritePrograms(nodes);
        json.WriteEndArray();
        var positions = writer.WriteNodes([], nodes);
        json.WriteNumber("result", positions[root]);
        json.WriteEndObject();
    }

    /// <summary>
    /// All nodes under some roots but the parameters, operands first: the constants, and then the others in the order in which they were made. A
    /// reader makes them in that order again, so that sweeps add up cotangents in the same order.
    /// </summary>
    private static List<Expr> Order(Expr[] parameters, Expr[] roots)
    {
        var (seen, constants, others) = (new HashSet<Expr>(parameters, ReferenceEqualityComparer.Instance), new List<Expr>(), new List<Expr>());
        foreach (var root in roots)
        {
            PostOrder.Walk(root, seen.Add, node => (node.Op == Op.Constant ? constants : others).Add(node));
        }

        // Numbers of different threads cannot be compared; then the order of the walk must do.
        if (others.Count > 1 && others.TrueForAll(node => node.Maker == others[0].Maker))
        {
            var last = others[^1].SerialNumber;
            others.Sort((a, b) => ((int)(a.SerialNumber - last)).CompareTo((int)(b.SerialNumber - last)));
        }

        return [.. constants, .. others];
    }

    /// <summary>Writes all programs that nodes have, and those inside them before them.</summary>
    private void WritePrograms(List<Expr> nodes)
    {
        var open = new Stack<(ProgramPrimitive Program, IEnumerator<ProgramPrimitive> Inner)>();
        var isOpen = new HashSet<ProgramPrimitive>(ReferenceEqualityComparer.Instance);
        foreach (var program in ProgramsOf(nodes))
        {
            Open(program);
            while (open.TryPeek(out var top))
            {
                if (top.Inner.MoveNext())
                {
                    Open(top.Inner.Current);
                }
                else
                {
                    open.Pop();
                    WriteProgram(top.Program);
                }
            }
        }

        void Open(ProgramPrimitive program)
        {
            if (isOpen.Add(program))
            {
                var form = FormOf(program);
                open.Push((program, form.ProgramsOf(program).Concat(form.ComputationsOf(program).SelectMany(part => ProgramsOf(part.Computation.Nodes))).GetEnumerator()));
            }
        }
    }

    private static IEnumerable<ProgramPrimitive> ProgramsOf(IEnumerable<Expr> nodes) => nodes.Select(node => node.Primitive).OfType<ProgramPrimitive>();

    private void WriteProgram(ProgramPrimitive program)
    {
        var form = FormOf(program);
        _json.WriteStartObject();
        _json.WriteString("op", form.Op.Name());
        form.Write(program, _json, _programs);
        foreach (var (field, computation) in form.ComputationsOf(program))
        {
            WriteComputation(field, computation);
        }

        _json.WriteEndObject();
        _programs.Add(program, _programs.Count);
    }

    private void WriteComputation(string field, Computation computation)
    {
        _json.WriteStartObject(field);
        _json.WriteStartArray("parameters");
        foreach (var parameter in computation.Parameters)
        {
            _json.WriteStartArray();
            foreach (var length in parameter.Shape)
            {
                _json.WriteNumberValue(length);
            }

            _json.WriteEndArray();
        }

        _json.WriteEndArray();
        var positions = WriteNodes(computation.Parameters, Order(computation.Parameters, computation.Results));
        _json.WriteWholeNumbers("results", Array.ConvertAll(computation.Results, result => positions[result]));
        _json.WriteEndObject();
    }

    /// <summary>Writes nodes; returns their positions, which follow those of the parameters.</summary>
    private Dictionary<Expr, int> WriteNodes(Expr[] parameters, List<Expr> nodes)
    {
        var positions = new Dictionary<Expr, int>(parameters.Length + nodes.Count, ReferenceEqualityComparer.Instance);
        foreach (var parameter in parameters)
        {
            positions.Add(parameter, positions.Count);
        }

        _json.WriteStartArray("nodes");
        foreach (var node in nodes)
        {
            WriteNode(node, positions);
            positions.Add(node, positions.Count);
        }

        _json.WriteEndArray();
        return positions;
    }

    private void WriteNode(Expr node, Dictionary<Expr, int> positions)
    {
        _json.WriteStartObject();
        _json.WriteString("op", node.Op.Name());
        switch (node.Primitive)
        {
            case ProgramPrimitive program:
                _json.WriteNumber("program", _programs[program]);
                break;
            case { } primitive:
                s_primitives[primitive.GetType()].Write(primitive, node, _json);
                break;
            default:
                _json.WriteOptional("name", node.Attribute as string);
                break;
        }

        if (node.OperandCount > 0)
        {
            _json.WriteStartArray("of");
            foreach (var operand in node.Operands)
            {
                _json.WriteNumberValue(positions[operand]);
            }

            _json.WriteEndArray();
        }
        else
        {
            _json.WriteShape("shape", node.Shape);
        }

        if (node.IsConcrete && node.Op != Op.Variable)
        {
            Elements.Write(_json, "value", node.Storage);
        }

        _json.WriteEndObject();
    }

    private static ProgramForm FormOf(ProgramPrimitive program) => s_programs[program.GetType()];
}
