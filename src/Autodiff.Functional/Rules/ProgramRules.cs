// The primitives that hold programs: loops, choices, calls. Each has a derivative in both modes that is again such a primitive, so
// that a loop of n steps stays one node at every order. Structural zeros are kept by operand and by part of the value, by
// element only through calls, and by matrix through functions of matrices.

using Autodiff.Functional.Programs;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Rules;

internal static class ProgramRules
{
    /// <summary>Reverse mode: what a cotangent of the node gives to each operand that wants one; null for the others.</summary>
    /// <param name="node">The node.</param>
    /// <param name="y">The node as it enters the derivative: itself, or its value.</param>
    /// <param name="operands">Its operands, likewise.</param>
    /// <param name="wanted">Which operands want one.</param>
    /// <param name="cotangent">The node's.</param>
    public static Sensitivity?[] Pull(Expr node, Expr y, Expr[] operands, bool[] wanted, Sensitivity cotangent) => node.Attribute switch
    {
        Choice choice => [null, .. Pull(choice, operands, wanted[1..], cotangent)],
        Function { Rule: null } function => function.Pull(operands, wanted, function.Layout.Parts(cotangent)),
        SpectralFunction function => SpectralRules.Pull(function, operands, wanted, cotangent),
        Loop loop => Unmasked(Pull(loop, operands, wanted, cotangent)),
        LoopAdjoint adjoint => Unmasked(Pull(adjoint, operands, wanted, cotangent.Value)),
        Function { Rule: { } rule } function => Unmasked(Pull(function, rule, operands, wanted, cotangent.Value)),
        RootProblem problem => Unmasked(Pull(problem, y, operands, wanted, cotangent.Value)),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node.Op, "not a program"),
    };

    /// <summary>Forward mode: how the node moves when its operands do; null marks one that does not.</summary>
    public static Sensitivity? Push(Expr node, Expr y, Expr[] operands, Sensitivity?[] tangents) => node.Attribute switch
    {
        Function { Rule: null } function => function.Layout.Pack(function.Push(operands, tangents)),
        SpectralFunction function => SpectralRules.Push(function, operands, tangents),
        _ => new(Push(node, y, operands, Array.ConvertAll(tangents, tangent => tangent?.Value)), null),
    };

    private static Expr Push(Expr node, Expr y, Expr[] operands, Expr?[] tangents) => node.Attribute switch
    {
        Loop loop => new MovingLoop(loop, operands, tangents).Tangent(),
        LoopAdjoint adjoint => Push(adjoint, operands, tangents),
        Choice choice => choice.Pushforward(Array.ConvertAll(tangents[1..], tangent => tangent is not null)).Node(operands[0], [.. operands[1..], .. tangents[1..].OfType<Expr>()]),
        Function { Rule: { } rule } function => Push(function, rule, operands, tangents),
        RootProblem problem => Push(problem, y, operands, tangents),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node.Op, "not a program"),
    };

    // A state that nothing flows to is left out: what its steps would do to a plain 0 is none of the result's business.
    private static Expr?[] Pull(Loop loop, Expr[] operands, bool[] wanted, Sensitivity cotangent)
    {
        var parts = loop.Layout.Live(cotangent.Live);
        var needed = loop.Only(parts, out var remains);
        int[] kept = [.. Enumerable.Range(0, operands.Length).Where(operand => remains[operand])];
        var adjoint = new LoopAdjoint(needed, Array.ConvertAll(kept, operand => wanted[operand]));
        var flows = new Expr?[operands.Length];
        if (adjoint.Operands.Length > 0)
        {
            var node = adjoint.Node(Array.ConvertAll(kept, operand => operands[operand]), Packing.Pack(Some(loop.Layout.Parts(cotangent.Value), parts)));
            for (var i = 0; i < adjoint.Operands.Length; i++)
            {
                flows[kept[adjoint.Operands[i]]] = adjoint.Layout.Part(node, i);
            }
        }

        return flows;
    }

    // ⟨w, Jᵀȳ⟩ = ⟨J·w, ȳ⟩: its derivative in ȳ is J·w, and in the operands of the loop it is that of the loop moved by w.
    private static Expr?[] Pull(LoopAdjoint adjoint, Expr[] operands, bool[] wanted, Expr cotangent)
    {
        var tangents = new Expr?[operands.Length - 1];
        for (var i = 0; i < adjoint.Operands.Length; i++)
        {
            tangents[adjoint.Operands[i]] = adjoint.Layout.Part(cotangent, i);
        }

        var moving = new MovingLoop(adjoint.Loop, operands[..^1], tangents);
        var flows = new Expr?[operands.Length];
        int[] positions = [.. Enumerable.Range(0, tangents.Length).Where(operand => wanted[operand])];
        if (positions.Length > 0)
        {
            var cotangents = moving.Cotangents(positions, null, operands[^1]);
            var layout = new Packing(adjoint.Loop.Operation, positions.Select(adjoint.Loop.OperandShape));
            for (var i = 0; i < positions.Length; i++)
            {
                flows[positions[i]] = layout.Part(cotangents, i);
            }
        }

        flows[^1] = wanted[^1] ? moving.Tangent() : null;
        return flows;
    }

    private static Expr Push(LoopAdjoint adjoint, Expr[] operands, Expr?[] tangents) =>
        Array.TrueForAll(tangents[..^1], tangent => tangent is null)
            ? adjoint.Node(operands.AsSpan(..^1), tangents[^1]!)
            : new MovingLoop(adjoint.Loop, operands[..^1], tangents[..^1]).Cotangents(adjoint.Operands, tangents[^1], operands[^1]);

    // What only one branch reads is a structural zero where the other one is taken.
    private static IEnumerable<Sensitivity?> Pull(Choice choice, Expr[] operands, bool[] wanted, Sensitivity cotangent)
    {
        var parts = choice.Layout.Live(cotangent.Live);
        var (predicate, needed) = (operands[0], choice.Only(parts));
        var pullback = needed.Pullback(wanted);
        var node = pullback.Node(predicate, [.. operands[1..], .. Some(choice.Layout.Parts(cotangent.Value), parts)]);
        var reads = needed.Then.Reads().Zip(needed.Otherwise.Reads());
        return Spread(pullback.Layout.Parts(node), wanted).Zip(reads, (flow, read) => flow is null ? null : read switch
        {
            (true, true) => new Sensitivity(flow, null),
            (true, false) => Sensitivity.Of(flow, BroadcastTo(!!predicate, flow.Shape)),
            (false, true) => Sensitivity.Of(flow, BroadcastTo(!predicate, flow.Shape)),
            _ => null,
        });
    }

    private static Expr?[] Pull(Function function, Rule rule, Expr[] operands, bool[] wanted, Expr cotangent)
    {
        ForbidCaptured(function, rule, wanted);
        var flow = rule.IsPullback ? rule.Body.Apply([.. operands, cotangent])[0] : Transposed(rule.Body, operands, function.Value.Parameters[0].Shape, cotangent);
        return [flow, .. new Expr?[operands.Length - 1]];
    }

    private static Expr Push(Function function, Rule rule, Expr[] operands, Expr?[] tangents)
    {
        ForbidCaptured(function, rule, Array.ConvertAll(tangents, tangent => tangent is not null));
        return rule.IsPullback ? Transposed(rule.Body, operands, function.Layout.Shape, tangents[0]!) : rule.Body.Apply([.. operands, tangents[0]!])[0];
    }

    // F(x, θ) = 0: θ̄ = −(∂F/∂θ)ᵀ λ with (∂F/∂x)ᵀ λ = x̄.
    private static Expr?[] Pull(RootProblem problem, Expr x, Expr[] operands, bool[] wanted, Expr cotangent)
    {
        Expr[] at = [x, .. operands.AsSpan(1)];
        var multiplier = Solved(problem, Transpose(Slopes(problem, at)), cotangent);
        return Spread(problem.Residual.Pullback(wanted).Apply([.. at, -multiplier]), wanted);
    }

    // F(x, θ) = 0: ∂F/∂x ẋ = −∂F/∂θ θ̇.
    private static Expr Push(RootProblem problem, Expr x, Expr[] operands, Expr?[] tangents)
    {
        Expr[] at = [x, .. operands.AsSpan(1)];
        var residual = problem.Residual;
        var (leaves, moved) = residual.Tangents(Array.ConvertAll(tangents, tangent => tangent is not null));
        var body = Body.Over([.. residual.Parameters, .. leaves.OfType<Expr>()], [moved[0] ?? Zeros(problem.Shape)]);
        return Solved(problem, Slopes(problem, at), -body.Apply([.. at, .. tangents.OfType<Expr>()])[0]);
    }

    /// <summary>∂F/∂x as a matrix.</summary>
    private static Expr Slopes(RootProblem problem, Expr[] at)
    {
        var size = problem.Shape.Size;
        return Reshape(AD.Jacobian(x => problem.Residual.Apply([x, .. at.AsSpan(1)])[0])(at[0]), size, size);
    }

    private static Expr Solved(RootProblem problem, Expr slopes, Expr right) =>
        Reshape(SolveSystem(Op.Solve, new RootJacobian(problem.Operation), slopes, Reshape(right, right.Shape.Size)), right.Shape);

    /// <summary>The transpose of a rule in its last parameter, in which it is linear.</summary>
    private static Expr Transposed(Body rule, Expr[] operands, Shape last, Expr cotangent)
    {
        var wanted = new bool[rule.Parameters.Length];
        wanted[^1] = true;
        return rule.Pullback(wanted).Apply([.. operands, Zeros(last), cotangent])[0];
    }

    private static void ForbidCaptured(Function function, Rule rule, bool[] active)
    {
        if (active.AsSpan(rule.Arguments).Contains(true))
        {
            throw new NotDifferentiableException(
                $"{function.Operation}: the rule reads an expression from outside that the derivative is taken in, and does not say how the result depends on it. " +
                "Pass that expression as part of the argument, or wrap it in StopGradient.");
        }
    }

    private static Sensitivity?[] Unmasked(Expr?[] flows) => Array.ConvertAll(flows, flow => flow is null ? (Sensitivity?)null : new(flow, null));

    private static Expr[] Some(Expr[] parts, bool[] some) => [.. parts.Where((_, part) => some[part])];

    /// <summary>One for each operand that wants one, in order; null for the others.</summary>
    private static Expr?[] Spread(Expr[] flows, bool[] wanted)
    {
        var next = 0;
        return Array.ConvertAll(wanted, wants => wants ? flows[next++] : null);
    }
}
