// The formulas of the nodes of a computation, for comments in source text.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>Writes the formula of each node in terms of the parameters, as far as it is short.</summary>
/// <param name="notation">The notation of formulas.</param>
internal sealed class NodeFormulas(Notation notation)
{
    // The longest formula of a node that is written into those of the nodes that read it, in characters. So the cost of all formulas is linear.
    private const int Longest = 60;

    /// <summary>The formula of each node, in one line.</summary>
    /// <param name="computation">The computation.</param>
    /// <param name="parameters">The names of the parameters.</param>
    /// <param name="nameOf">The name of a node, by its place, that stands for a long formula; an ellipsis where it is null.</param>
    public string[] Of(Computation computation, string[] parameters, Func<int, string?> nameOf)
    {
        var terms = new Fragment[parameters.Length + computation.Nodes.Length];
        for (var parameter = 0; parameter < parameters.Length; parameter++)
        {
            terms[parameter] = Fragment.Atom(parameters[parameter]);
        }

        var formulas = new string[computation.Nodes.Length];
        for (var place = 0; place < formulas.Length; place++)
        {
            var (node, slots) = (computation.Nodes[place], computation.OperandSlots[place].ToArray());
            var operands = new Fragment[slots.Length];
            for (var i = 0; i < operands.Length; i++)
            {
                operands[i] = slots[i] == Computation.ConstantSlot ? Short(notation.Constant(node.Operand(i)), null) : terms[slots[i]];
            }

            var formula = notation.Operation(node, operands);
            formulas[place] = Short(formula, null, 3 * Longest).Text.ReplaceLineEndings(" ");
            terms[parameters.Length + place] = Short(formula, nameOf(place));
        }

        return formulas;
    }

    private Fragment Short(Fragment term, string? name, int longest = Longest) => term.Text.Length <= longest ? term : Fragment.Atom(name ?? notation.Ellipsis);
}
