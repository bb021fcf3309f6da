// Writes a computation as a model: its nodes by the forms of their primitives, and the computations inside them as graphs inside the graph.

using Autodiff.Functional.Compilation.Passes;
using Autodiff.Functional.Compilation.SourceGeneration;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Interchange.Onnx;

/// <summary>Writes computations into graphs, and collects the functions of the model that these need.</summary>
internal sealed class ModelWriter
{
    private static readonly Dictionary<Type, PrimitiveForm> s_forms = PrimitiveForms.All.ToDictionary(form => form.Type);

    // Splitting short axes serves the kernels of this library; other engines run whole tensors faster.
    private static readonly (string Name, Func<Computation, Computation> Apply)[] s_passes =
        [("inline all calls", Inlining.ExpandAll), .. Optimizer.Passes.Where(pass => pass.Apply != ShortAxes.Split)];

    private readonly SortedDictionary<string, byte[]> _functions = new(StringComparer.Ordinal);

    // The tensors that vectors were packed from, by the vector and the place in it.
    private readonly Dictionary<(string Vector, int Start, int Size), string> _packed = [];

    /// <summary>The model of a computation, given the names of its arguments and results.</summary>
    public static byte[] Write(Computation computation, IReadOnlyList<string> arguments, IReadOnlyList<string> results)
    {
        var names = Distinct([.. arguments, .. results]);
        var (inputs, outputs) = (names[..arguments.Count], names[arguments.Count..]);
        var writer = new ModelWriter();
        var graph = GraphWriter.Outermost(names);
        var written = writer.Write(graph, computation, inputs);
        var (bytes, _) = graph.ToGraph(
            "function",
            [.. inputs.Select((name, i) => (name, ElementType.Real, computation.Parameters[i].Shape))],
            [.. written.Select((name, i) => (name, ElementType.Real, computation.Results[i].Shape))],
            outputs);
        var version = typeof(ModelWriter).Assembly.GetName().Version?.ToString(3) ?? "";
        return Messages.Model(version, bytes, writer._functions.Values);
    }

    /// <summary>Writes the nodes of a computation over arguments with the given names; returns the names of the results.</summary>
    public string[] Write(GraphWriter graph, Computation original, ReadOnlySpan<string> arguments)
    {
        var computation = Optimizer.Run(original, s_passes);
        var names = new string[computation.Parameters.Length + computation.Nodes.Length];
        arguments.CopyTo(names);
        string NameOf(int slot, Expr constant) => slot == Computation.ConstantSlot ? graph.Constant(constant) : names[slot];
        for (var place = 0; place < computation.Nodes.Length; place++)
        {
            var node = computation.Nodes[place];
            var slots = computation.OperandSlots[place];
            var operands = new string[slots.Length];
            for (var i = 0; i < operands.Length; i++)
            {
                operands[i] = NameOf(slots[i], node.Operand(i));
            }

            names[computation.Parameters.Length + place] = Write(graph, node, operands);
        }

        return [.. computation.ResultSlots.Zip(computation.Results, NameOf)];
    }

    /// <summary>Some tensors as the vector of a layout.</summary>
    public string Packed(GraphWriter graph, Packing layout, string[] parts)
    {
        if (layout.Count == 1)
        {
            return parts[0];
        }

        var flat = new string[parts.Length];
        for (var i = 0; i < flat.Length; i++)
        {
            flat[i] = PrimitiveForms.Reshaped(graph, parts[i], new(layout.ShapeOf(i).Size));
        }

        var vector = PrimitiveForms.Joined(graph, flat, 0);
        for (var i = 0; i < parts.Length; i++)
        {
            _packed[(vector, layout.Start(i), layout.ShapeOf(i).Size)] = parts[i];
        }

        return vector;
    }

    /// <summary>One of the tensors in the vector of a layout.</summary>
    public string Part(GraphWriter graph, Packing layout, string vector, int part)
    {
        if (layout.Count == 1)
        {
            return vector;
        }

        var shape = layout.ShapeOf(part);
        return shape.Size == 0
            ? graph.Filled(0, shape)
            : PrimitiveForms.Reshaped(graph, _packed.GetValueOrDefault((vector, layout.Start(part), shape.Size)) ?? PrimitiveForms.Run(graph, vector, layout.Start(part), shape.Size), shape);
    }

    private string Write(GraphWriter graph, Expr node, string[] operands)
    {
        if (node.Shape.Size == 0)
        {
            return graph.Filled(0, node.Shape);
        }

        switch (node.Primitive)
        {
            case null:
                return ElementwiseForms.Write(graph, _functions, node, operands);
            case ProgramPrimitive program:
                return new ProgramForms(this, graph).Write(program, node, operands);
            case SlicePrimitive { Selection: Region { Starts: null } run } when _packed.TryGetValue((operands[0], run.Offset, node.Shape.Size), out var part):
                return PrimitiveForms.Reshaped(graph, part, node.Shape);
            case var primitive when node.Operands.All(operand => operand.Shape.Size == 0):
                return graph.Numbers(primitive.Evaluate(node.Shape, [.. node.Operands.Select(operand => Storage.Filled(0, operand.Shape))]));
            case var primitive when s_forms.TryGetValue(primitive.GetType(), out var form):
                return form.Write(primitive, node, operands, graph);
            case DefinedPrimitive defined:
                throw new AutodiffException($"ToOnnx: {defined.Name} is defined by code of the program (Primitive.Define), which cannot be written; write it with functions of the library, or with CustomVjp.");
            default:
                throw new AutodiffException($"ToOnnx: {node.Op.Name()} cannot be written as an ONNX model, because there is no standard operator for it.");
        }
    }

    /// <summary>The names as identifiers, which names in models have to be, with numbers after those that are taken.</summary>
    private static string[] Distinct(string[] wanted)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return Array.ConvertAll(wanted, name =>
        {
            var stem = SourceNames.Identifier(name);
            var distinct = stem;
            for (var number = 2; !taken.Add(distinct); number++)
            {
                distinct = $"{stem}_{number}";
            }

            return distinct;
        });
    }
}
