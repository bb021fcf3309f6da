// A loop with tangents of some operands. It serves forward mode through a loop, and both modes through the reverse sweep of a loop,
// since the pullback of v ↦ J·v and the derivative of ȳ ↦ Jᵀ·ȳ are pullbacks of the loop that carries tangents.

using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Programs;

/// <summary>The loop that carries tangents along with its state, and the operands of that loop.</summary>
internal sealed class LoopJvp
{
    private readonly Loop _still;
    private readonly Loop _moving;
    private readonly bool[] _partMoves;
    private readonly Expr[] _operands;

    /// <param name="loop">The loop without tangents.</param>
    /// <param name="operands">Its operands.</param>
    /// <param name="tangents">The tangents of the operands, null for operands without one.</param>
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
    /// Jᵀ·a + ∂⟨b, J·v⟩/∂o for the wanted operands o of the loop without tangents: their cotangents, given the cotangents a of the value
    /// and b of its tangent. If a is null, it is zero.
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

    /// <summary>
    /// The position of an operand of the loop without tangents in the loop with them, where the tangents of states, items and captured values
    /// come directly after the states, items and captured values.
    /// </summary>
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
