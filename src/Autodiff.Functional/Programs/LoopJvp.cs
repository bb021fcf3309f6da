// A loop with tangents of some operands: the one derivation behind forward mode through a loop, and behind both modes through
// the reverse sweep of a loop, since the pullback of v ↦ J·v and the derivative of ȳ ↦ Jᵀ·ȳ are pullbacks of the loop that
// carries tangents.

using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Programs;

/// <summary>The loop that carries tangents beside its state, with its operands.</summary>
internal sealed class LoopJvp
{
    private readonly Loop _still;
    private readonly Loop _moving;
    private readonly bool[] _partMoves;
    private readonly Expr[] _operands;

    /// <param name="loop">The loop without tangents.</param>
    /// <param name="operands">Its operands.</param>
    /// <param name="tangents">A tangent of each operand that moves, null for the others.</param>
    public LoopJvp(Loop loop, Expr[] operands, Expr?[] tangents)
    {
        _still = loop;
        var moves = Array.ConvertAll(tangents, tangent => tangent is not null);
        _moving = loop.Pushforward(moves, out _partMoves);
        Expr[] Beside(int start, int count) =>
        [
            .. operands.AsSpan(start, count),
            .. Enumerable.Range(start, count).Where(i => moves[i]).Select(i => tangents[i] ?? Zeros(operands[i].Shape)),
        ];
        _operands = [.. Beside(0, loop.States), .. Beside(loop.States, loop.Items), .. Beside(loop.States + loop.Items, loop.Captured)];
    }

    /// <summary>The tangent of the value of the loop, J·v.</summary>
    public Expr Tangent()
    {
        var value = _moving.Node(_operands);
        var tangents = new Expr[_still.Layout.Count];
        for (var part = 0; part < tangents.Length; part++)
        {
            tangents[part] = _partMoves[part] ? _moving.Layout.Part(value, TangentPart(part)) : Zeros(_still.Layout.ShapeOf(part));
        }

        return Packing.Pack(tangents);
    }

    /// <summary>
    /// Jᵀ·a + ∂⟨b, J·v⟩/∂o for the wanted operands o of the loop without tangents: the cotangents that those of the value (a)
    /// and of its tangent (b) give. A null stands for zeros.
    /// </summary>
    public Expr Cotangents(int[] wanted, Expr? ofValue, Expr ofTangent)
    {
        var seeds = new Expr[_moving.Layout.Count];
        for (var part = 0; part < _still.Layout.Count; part++)
        {
            seeds[StillPart(part)] = ofValue is null ? Zeros(_still.Layout.ShapeOf(part)) : _still.Layout.Part(ofValue, part);
            if (_partMoves[part])
            {
                seeds[TangentPart(part)] = _still.Layout.Part(ofTangent, part);
            }
        }

        var isWanted = new bool[_moving.OperandCount];
        foreach (var operand in wanted)
        {
            isWanted[Position(operand)] = true;
        }

        return new LoopAdjoint(_moving, isWanted).Node(_operands, Packing.Pack(seeds));
    }

    /// <summary>Where an operand of the loop without tangents stands in the other: tangents follow their kind.</summary>
    private int Position(int operand) =>
        operand < _still.States ? operand
        : operand < _still.States + _still.Items ? operand - _still.States + _moving.States
        : operand - _still.States - _still.Items + _moving.States + _moving.Items;

    private int StillPart(int part) => part < _still.States ? part : part - _still.States + _moving.States;

    private int TangentPart(int part)
    {
        var isState = part < _still.States;
        var first = isState ? 0 : _still.States;
        var before = _partMoves.AsSpan(first, part - first).Count(true);
        return before + (isState ? _still.States : _moving.States + _still.Outputs);
    }
}
