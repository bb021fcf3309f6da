// A choice between two bodies as one node: what Cond makes where the predicate may still change.

using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional.Programs;

/// <summary>
/// (p, c) ↦ then(c) where p is not 0, otherwise(c) where it is: only the branch that is taken runs. Both read the same
/// captured c and give tensors of the same shapes; the value is one vector of them.
/// </summary>
internal sealed class Choice(string operation, Body then, Body otherwise) : IProgram
{
    public string Operation => operation;

    public Body Then => then;

    public Body Otherwise => otherwise;

    public IReadOnlyList<Body> Bodies => [then, otherwise];

    /// <summary>The results of either branch in the vector that is the value.</summary>
    public Packing Layout { get; } = new(operation, then.Results.Select(result => result.Shape));

    public Expr Node(Expr predicate, ReadOnlySpan<Expr> captured) => Expr.Make(Op.Cond, this, Layout.Shape, [predicate, .. captured]);

    public Storage Run(ReadOnlySpan<Storage> operands) => Layout.Pack((operands[0][0] != 0 ? then : otherwise).Code.Run(operands[1..]));

    /// <summary>The choice between some of the results.</summary>
    public Choice Only(bool[] parts)
    {
        Body Restricted(Body branch) => Body.Over(branch.Parameters, [.. branch.Results.Where((_, part) => parts[part])]);
        return new(operation, Restricted(then), Restricted(otherwise));
    }

    /// <summary>The choice between tangents of the branches, over captured and then their tangents.</summary>
    public Choice Pushforward(bool[] moves) => new(operation, Moved(then, moves), Moved(otherwise, moves));

    /// <summary>The choice between pullbacks of the branches, over captured and then cotangents of the results.</summary>
    public Choice Pullback(bool[] wanted) => new(operation, then.Pullback(wanted), otherwise.Pullback(wanted));

    private static Body Moved(Body branch, bool[] moves)
    {
        var (leaves, tangents) = branch.Tangents(moves);
        return Body.Over(
            [.. branch.Parameters, .. leaves.OfType<Expr>()],
            [.. tangents.Zip(branch.Results, (tangent, value) => tangent ?? Expr.Zeros(value.Shape))]);
    }
}
