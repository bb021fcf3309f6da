// Writes a computation of scalars as straight-line code: the operations that MachineCode emits as machine code, in the same order.

using Autodiff.Functional.Compilation.CodeGeneration;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Primitives;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>The source text of a computation of scalars: one variable for each operation.</summary>
internal sealed class NumberProgramSource
{
    private readonly Computation _computation;
    private readonly string[] _arguments;
    private readonly string?[] _variables;

    private NumberProgramSource(Computation computation, string[] arguments)
    {
        (_computation, _arguments) = (computation, arguments);
        _variables = new string?[computation.Parameters.Length + computation.Nodes.Length];
    }

    /// <summary>Writes the statements that compute the results.</summary>
    /// <param name="writer">Where they are written.</param>
    /// <param name="computation">The computation.</param>
    /// <param name="arguments">The names of the spans of the arguments.</param>
    /// <param name="results">The names of the spans of the results.</param>
    public static void Write(SourceWriter writer, Computation computation, string[] arguments, string[] results)
    {
        var source = new NumberProgramSource(computation, arguments);
        source.WriteNodes(writer);
        for (var i = 0; i < results.Length; i++)
        {
            source.WriteResult(writer, i, results[i]);
        }
    }

    private void WriteNodes(SourceWriter writer)
    {
        var (parameters, count) = (_computation.Parameters.Length, 0);
        for (var parameter = 0; parameter < parameters; parameter++)
        {
            _variables[parameter] = _computation.Parameters[parameter].IsScalar ? $"{_arguments[parameter]}[0]" : null;
        }

        for (var place = 0; place < _computation.Nodes.Length; place++)
        {
            var (node, slots) = (_computation.Nodes[place], _computation.OperandSlots[place].ToArray());
            if (!node.IsScalar)
            {
                continue;
            }

            if (!node.Op.IsElementwise())
            {
                _variables[parameters + place] = $"{_arguments[slots[0]]}[{NumberSource.Whole(MachineCode.ElementOf(node)!.Value)}]";
                continue;
            }

            double? exponent = node.Op == Op.Pow && slots[1] == Computation.ConstantSlot ? node.Operand(1).Scalar : null;
            string[] operands = [.. slots.Select((slot, operand) => ScalarOf(slot, node.Operand(operand)))];
            var name = $"t{NumberSource.Whole(++count)}";
            writer.Line($"var {name} = {NumberSource.Apply(node.Op, exponent, operands)};");
            _variables[parameters + place] = name;
        }
    }

    private string ScalarOf(int slot, Expr node) => slot == Computation.ConstantSlot ? NumberSource.Literal(node.Scalar) : _variables[slot]!;

    private void WriteResult(SourceWriter writer, int i, string name)
    {
        var (slot, result) = (_computation.ResultSlots[i], _computation.Results[i]);
        for (var element = 0; element < result.Shape.Size; element++)
        {
            writer.Line($"{name}[{NumberSource.Whole(element)}] = {ElementOf(slot, result, element)};");
        }
    }

    private string ElementOf(int slot, Expr result, int element)
    {
        if (result.IsScalar)
        {
            return ScalarOf(slot, result);
        }

        if (slot == Computation.ConstantSlot)
        {
            return NumberSource.Literal(result.Storage[element]);
        }

        if (slot < _computation.Parameters.Length)
        {
            return $"{_arguments[slot]}[{NumberSource.Whole(element)}]";
        }

        var slots = _computation.OperandSlots[slot - _computation.Parameters.Length].ToArray();
        if (result.Primitive is not ScatterPrimitive scatter)
        {
            return ScalarOf(slots[element], result.Operand(element));
        }

        // The sum starts at 0, which makes 0 of −0.
        var selections = scatter.Placement.Selections;
        var added = slots.Select((slot, operand) => (slot, operand)).Where(each => LayoutKernels.StartOfRun(selections[each.operand]) == element)
            .Select(each => ScalarOf(each.slot, result.Operand(each.operand)));
        return string.Join(" + ", added.Select(NumberSource.Operand).Prepend("0.0"));
    }
}
