// The derivatives of functions of symmetric matrices, in the matrix, in directions of earlier derivatives and in the parameters of
// the function. Each is again such a function, with one direction more or of another family (see Programs.SpectralFunction).

using Autodiff.Functional.Programs;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Rules;

internal static class SpectralRules
{
    /// <summary>Forward mode: how the result moves when operands do.</summary>
    public static Sensitivity? Push(SpectralFunction function, Expr[] operands, Sensitivity?[] tangents)
    {
        Sensitivity? sum = null;
        void Add(Expr value, Expr? live)
        {
            if (Masked(value, function, live is null ? null : Any(live, 2)) is { } flow)
            {
                sum = sum?.Plus(flow) ?? flow;
            }
        }

        var (matrices, parameters) = (operands[..function.Matrices], operands[function.Matrices..]);
        for (var i = 0; i < matrices.Length; i++)
        {
            if (tangents[i] is { } tangent)
            {
                Add(i == 0 ? Moved(function, [.. matrices, tangent.Value], parameters) : function.Node([.. matrices[..i], tangent.Value, .. operands[(i + 1)..]]), tangent.Live);
            }
        }

        var moves = Array.ConvertAll(tangents[function.Matrices..], tangent => tangent is not null);
        if (moves.Contains(true) && function.Family.Along(moves) is { } family)
        {
            Add((function with { Family = family }).Node([.. operands, .. tangents[function.Matrices..].OfType<Sensitivity>().Select(tangent => tangent.Value)]), null);
        }

        return sum;
    }

    /// <summary>Reverse mode: what a cotangent of the result gives to each operand that wants one; null for the others.</summary>
    public static Sensitivity?[] Pull(SpectralFunction function, Expr[] operands, bool[] wanted, Sensitivity cotangent)
    {
        var (a, parameters) = (operands[0], operands[function.Matrices..]);
        var directions = operands[1..function.Matrices];
        var (prefix, batch) = (function.PrefixRank(operands), cotangent.Value.Rank - function.ResultRank);
        var family = function.Family;
        if (function.IsTrace)
        {
            // A cotangent that differs between matrices weighs a function of its own for each.
            var places = cotangent.Value.Shape.Lengths[..batch].ToArray();
            parameters = [.. parameters.Select(parameter => OverAll(parameter, prefix, places)), cotangent.Value];
            family = family.Weighted;
        }
        else
        {
            directions = [cotangent.Value, .. directions];
        }

        // What remains is ⟨E₁, Dᵏ⁻¹f(A)[E₂, …, Eₖ]⟩, of a function f to numbers and k directions, the cotangent one of them: its
        // derivative in any of these is that of order k − 1 along the others.
        var live = cotangent.Live is null ? null : Any(cotangent.Live, function.ResultRank);
        var matrix = new SpectralFunction(family, directions.Length - 1);
        var flows = new Sensitivity?[operands.Length];
        for (var i = 0; i < function.Matrices; i++)
        {
            if (wanted[i])
            {
                var at = i - (function.IsTrace ? 1 : 0);
                var value = i == 0
                    ? Moved(matrix, [a, .. directions], parameters)
                    : matrix.Node([a, .. directions.Where((_, other) => other != at), .. parameters]);
                flows[i] = Masked(value, matrix, live)?.SumTo(operands[i].Shape);
            }
        }

        for (var i = 0; i < operands.Length - function.Matrices; i++)
        {
            if (wanted[function.Matrices + i] && family.Gradient(i) is { } gradient)
            {
                var trace = new SpectralFunction(gradient, directions.Length, IsTrace: true);
                int[] stretched = [.. Enumerable.Range(prefix, batch - prefix)];
                flows[function.Matrices + i] = Masked(trace.Node([a, .. directions, .. parameters]), trace, live)?.Through(flow => SumOver(flow, stretched));
            }
        }

        return flows;
    }

    /// <summary>The derivative along one more direction, the last of the matrices.</summary>
    private static Expr Moved(SpectralFunction function, Expr[] matrices, Expr[] parameters) =>
        (function with { Directions = matrices.Length - 1 }).Node([.. matrices, .. parameters]);

    /// <summary>A parameter for each place of a batch, of which it has the leading axes.</summary>
    private static Expr OverAll(Expr parameter, int prefix, int[] batch)
    {
        var lengths = parameter.Shape.Lengths;
        var aligned = Reshape(parameter, Shape.Of([.. lengths[..prefix], .. Enumerable.Repeat(1, batch.Length - prefix), .. lengths[prefix..]]));
        return BroadcastTo(aligned, Shape.Of([.. batch, .. lengths[prefix..]]));
    }

    private static Expr SumOver(Expr x, int[] axes) => axes.Length == 0 ? x : Sum(x, axes);

    /// <summary>Which places of a batch have something that lives along some trailing axes.</summary>
    private static Expr Any(Expr live, int axes) => SumOver(live, [.. Enumerable.Range(live.Rank - axes, axes)]) > 0;

    /// <summary>The result of a function, of which only some matrices live.</summary>
    private static Sensitivity? Masked(Expr value, SpectralFunction function, Expr? live) => live is null
        ? new(value, null)
        : Sensitivity.Selected(value, BroadcastTo(Reshape(live, Shape.Of([.. live.Shape.Lengths, .. Enumerable.Repeat(1, function.ResultRank)])), value.Shape));
}
