// Writes functions of symmetric matrices: a call of the library's own kernel, and calls of the programs of the function's derivatives.

using Autodiff.Functional.Compilation.Runtime;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>A function of symmetric matrices, or a derivative of it along some directions.</summary>
internal sealed class SpectralSource : IStatements
{
    private readonly SpectralFunction _function;
    private readonly NodeStep _step;
    private readonly string _target;
    private readonly string[] _operands;
    private readonly string[] _programs;

    public SpectralSource(SpectralFunction function, NodeStep step, MemoryNames names, SourceFile file)
    {
        (_function, _step, _target) = (function, step, names.Of(step.Results[0]));
        _operands = [.. step.Node.Operands.Select((operand, i) => operand.Shape.Size == 0 ? "" : StepSource.Operand(step, i, names, file))];
        _programs = [.. Enumerable.Range(0, function.Directions + (function.IsTrace ? 0 : 1)).Select(order => file.Add(function.Family.Estimated(order)))];
        file.Allocates = true;
    }

    private Expr[] Parameters => [.. _step.Node.Operands.Skip(_function.Matrices)];

    /// <inheritdoc/>
    public void Write(SourceWriter writer)
    {
        var (node, components) = (_step.Node, _function.Family.Shape.Size);
        var target = $"MemoryMarshal.CreateSpan(ref {_target}, {NumberSource.Whole(node.Shape.Size)})";
        writer.Line();
        writer.Line($"// {node.Op} of shape {node.Operand(0).Shape}{(_function.Directions == 0 ? "" : $", along {NumberSource.Whole(_function.Directions)} directions")}.");
        if (node.Operand(0).Shape.Size == 0)
        {
            writer.Line($"{target}.Clear();");
            return;
        }

        var lengths = node.Shape.Lengths[..^_function.ResultRank];
        var batch = LinearAlgebraSource.Lengths(lengths);
        var together = _function.PlacesTogether(lengths, Parameters.Length == 0 ? 0 : Parameters[^1].Rank);
        string Matrices(int operand) => LinearAlgebraSource.Matrices(node, _operands[operand], node.Operand(operand).Shape.Size, node.Operand(operand).Shape.Lengths);
        writer.Block("", () =>
        {
            foreach (var (i, parameter) in Parameters.Index())
            {
                var (own, place, count) = (NumberSource.Whole(i + 1), _operands[_function.Matrices + i], NumberSource.Whole(parameter.Shape.Size));
                writer.Line(place.Length == 0 ? $"double[] given{own} = [];" : $"var given{own} = MemoryMarshal.CreateReadOnlySpan(ref {place}, {count}).ToArray();");
            }

            writer.Line($"var spectrum = new SpectralSum({Matrices(0)}, {batch}, {NumberSource.Whole(_function.Directions)});");
            for (var direction = 0; direction < _function.Directions; direction++)
            {
                writer.Line($"spectrum.Take({NumberSource.Whole(direction)}, {Matrices(1 + direction)}, {batch});");
            }

            writer.Line($"spectrum.Write(Derivative, {NumberSource.Whole(together)}, {NumberSource.Whole(components)}, {(_function.IsTrace ? "true" : "false")}, {target});");
            writer.Line();
            writer.Block("Inexact Derivative(int function, int order, double x, int component)", () => WriteDerivatives(writer));
        });
    }

    /// <summary>Writes the choice of the program of a derivative, and its run.</summary>
    private void WriteDerivatives(SourceWriter writer)
    {
        var components = NumberSource.Whole(_function.Family.Shape.Size);
        writer.Line($"var values = new double[2 * {components}];");
        writer.Line("ref var value = ref values[0];");
        writer.Line($"ref var size = ref values[{components}];");
        foreach (var (order, program) in _programs.Index())
        {
            var arguments = Parameters.Select((parameter, i) => (Own: $"given{NumberSource.Whole(i + 1)}", Size: _function.Family.Value.Parameters[1 + i].Shape.Size))
                .Select(given => $"Unsafe.Add(ref MemoryMarshal.GetArrayDataReference({given.Own}), function * {NumberSource.Whole(given.Size)})");
            writer.Block(order == 0 ? "if (order == 0)" : $"else if (order == {NumberSource.Whole(order)})", () =>
                writer.Line(StepSource.Run(program, ["x", .. arguments], ["value", "size"])));
        }

        writer.Line();
        writer.Line($"return new(values[component], values[{components} + component]);");
    }
}
