// Writes a computation of scalars as straight-line code: the operations that MachineCode emits as machine code, in the same order.

using Autodiff.Functional.Compilation.CodeGeneration;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>The source text of a computation of scalars: one variable for each operation.</summary>
internal sealed class NumberProgramSource
{
    private readonly Computation _computation;
    private readonly string[] _arguments;
    private readonly string?[] _variables;

    private readonly string[] _formulas;

    private NumberProgramSource(Computation computation, string[] arguments, NodeFormulas formulas)
    {
        (_computation, _arguments) = (computation, arguments);
        _variables = new string?[computation.Parameters.Length + computation.Nodes.Length];
        SetVariables();
        _formulas = formulas.Of(computation, arguments, place => _variables[computation.Parameters.Length + place]);
    }

    /// <summary>Writes the statements that compute the results.</summary>
    /// <param name="writer">Where they are written.</param>
    /// <param name="computation">The computation.</param>
    /// <param name="arguments">The names of the spans of the arguments.</param>
    /// <param name="results">The names of the spans of the results.</param>
    /// <param name="formulas">Writes the formulas of nodes, for comments.</param>
    public static void Write(SourceWriter writer, Computation computation, string[] arguments, string[] results, NodeFormulas formulas)
    {
        var source = new NumberProgramSource(computation, arguments, formulas);
        source.WriteNodes(writer);
        for (var i = 0; i < results.Length; i++)
        {
            source.WriteResult(writer, i, results[i]);
        }
    }

    /// <summary>Names the variable of each operation, and the elements of arguments that are read.</summary>
    private void SetVariables()
    {
        var (parameters, count) = (_computation.Parameters.Length, 0);
        for (var parameter = 0; parameter < parameters; parameter++)
        {
            _variables[parameter] = _computation.Parameters[parameter].IsScalar ? $"{_arguments[parameter]}[0]" : null;
        }

        for (var place = 0; place < _computation.Nodes.Length; place++)
        {
            var node = _computation.Nodes[place];
            _variables[parameters + place] = !node.IsScalar ? null
                : node.Op.IsElementwise() ? $"t{NumberSource.Whole(++count)}"
                : $"{_arguments[_computation.OperandSlots[place][0]]}[{NumberSource.Whole(MachineCode.ElementOf(node)!.Value)}]";
        }
    }

    private void WriteNodes(SourceWriter writer)
    {
        for (var place = 0; place < _computation.Nodes.Length; place++)
        {
            var (node, slots) = (_computation.Nodes[place], _computation.OperandSlots[place].ToArray());
            if (node.IsScalar && node.Op.IsElementwise())
            {
                double? exponent = node.Op == Op.Pow && slots[1] == Computation.ConstantSlot ? node.Operand(1).Scalar : null;
                string[] operands = [.. slots.Select((slot, operand) => ScalarOf(slot, node.Operand(operand)))];
                writer.Line($"var {_variables[_computation.Parameters.Length + place]} = {NumberSource.Apply(node.Op, exponent, operands)}; // {_formulas[place]}");
            }
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
