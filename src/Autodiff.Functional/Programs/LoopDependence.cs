// Which inputs the results of a loop, and the cotangents of its operands, depend on.

using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Programs;

/// <summary>
/// The dependence of a loop. If the number of steps is given, the sets go through the loop step by step, and steps are skipped once nothing
/// changes any more. If a condition decides, the sets of the states grow with each step until they stop growing, so that they hold for any number of
/// steps.
/// </summary>
/// <param name="loop">The loop.</param>
/// <param name="operands">The dependence of its operands.</param>
/// <param name="sets">The sets.</param>
internal sealed class LoopDependence(Loop loop, int[]?[] operands, IndexSets sets)
{
    private readonly Dependence _step = new(loop.Step);
    private readonly bool _isUniform = loop.Outputs == 0 && Array.TrueForAll(operands[loop.States..(loop.States + loop.Items)], item => item is null);

    /// <summary>The dependence of the parts of the loop's value.</summary>
    public int[]?[] OfResults()
    {
        var stacks = new int[]?[loop.Outputs];
        var state = operands[..loop.States];
        for (var (step, changes) = (0, true); step < loop.Steps && (changes || !_isUniform); step++)
        {
            var results = _step.Of(Before(step, state), sets);
            for (var output = 0; output < stacks.Length; output++)
            {
                Store(ref stacks[output], results[loop.States + output], loop.Layout.ShapeOf(loop.States + output), step);
            }

            changes = Advance(ref state, results);
        }

        return [.. state, .. stacks];
    }

    /// <summary>The dependence of the cotangents of the wanted operands, given that of the cotangents of the parts of the loop's value.</summary>
    public int[]?[] OfCotangents(LoopAdjoint adjoint, int[]?[] cotangents)
    {
        var (states, stepBack) = (StatesReadBy(adjoint.StepBack), new Dependence(adjoint.StepBack));
        var isUniform = _isUniform && !Array.Exists(adjoint.Operands, loop.IsItem);
        var flows = new int[]?[adjoint.Operands.Length];
        var ofStates = adjoint.Operands.Count(operand => operand < loop.States);
        var state = cotangents[..loop.States];
        for (var step = loop.Steps - 1; step >= 0; step--)
        {
            var outputs = cotangents[loop.States..].Select((stack, output) => Item(stack, loop.Layout.ShapeOf(loop.States + output), step));
            var results = stepBack.Of([.. Before(step, states[Math.Min(step, states.Count - 1)]), .. state, .. outputs], sets);
            var changes = Advance(ref state, results);
            for (var i = ofStates; i < flows.Length; i++)
            {
                var flow = results[loop.States + i - ofStates];
                if (loop.IsItem(adjoint.Operands[i]))
                {
                    Store(ref flows[i], flow, adjoint.Layout.ShapeOf(i), step);
                }
                else
                {
                    var grown = sets.Union(flows[i], flow);
                    changes |= !AreEqual(grown, flows[i]);
                    flows[i] = grown;
                }
            }

            if (isUniform && !changes && step >= states.Count)
            {
                // The steps before this one, down to the last one that the states settle after, would change nothing either.
                step = states.Count;
            }
        }

        for (var i = 0; i < ofStates; i++)
        {
            flows[i] = state[adjoint.Operands[i]];
        }

        return flows;
    }

    /// <summary>
    /// The states before each step (see <see cref="States"/>) that the pullback of a step reads, and null for the others. A running total, which may depend on all items, is not
    /// followed if no cotangent depends on it.
    /// </summary>
    private List<int[]?[]> StatesReadBy(Computation stepBack)
    {
        bool[] parts = [.. stepBack.Reads()[..loop.States], .. new bool[loop.Outputs]];
        if (!parts.Contains(true))
        {
            return [new int[]?[loop.States]];
        }

        var read = loop.Only(parts, out var kept);
        var own = Array.FindAll([.. Enumerable.Range(0, loop.States)], state => parts[state]);
        return [.. new LoopDependence(read, [.. operands.Where((_, operand) => kept[operand])], sets).States().Select(state =>
        {
            var whole = new int[]?[loop.States];
            for (var i = 0; i < own.Length; i++)
            {
                whole[own[i]] = state[i];
            }

            return whole;
        })];
    }

    /// <summary>The states before each step, up to the step after which they stay the same; those that hold for all steps if there is a condition.</summary>
    private List<int[]?[]> States()
    {
        var state = operands[..loop.States];
        var states = new List<int[]?[]> { state };
        for (var (step, changes) = (0, true); step < loop.Steps - 1 && (changes || !_isUniform); step++)
        {
            changes = Advance(ref state, _step.Of(Before(step, state), sets));
            states.Add(state);
        }

        return loop.Condition is null ? states : [state];
    }

    /// <summary>The parameters of a step: the states, the items of the step and the captured values.</summary>
    private int[]?[] Before(int step, int[]?[] state) =>
    [
        .. state,
        .. Enumerable.Range(loop.States, loop.Items).Select(item => Item(operands[item], loop.OperandShape(item), step)),
        .. operands[(loop.States + loop.Items)..],
    ];

    /// <summary>Goes on to the state after a step; with a condition, to the union with that before it. Returns whether that differs.</summary>
    private bool Advance(ref int[]?[] state, int[]?[] results)
    {
        var next = new int[]?[loop.States];
        var changes = false;
        for (var i = 0; i < next.Length; i++)
        {
            next[i] = loop.Condition is null ? results[i] : sets.Union(state[i], results[i]);
            changes |= !AreEqual(next[i], state[i]);
        }

        state = next;
        return changes;
    }

    /// <summary>The part of a stack that belongs to a step.</summary>
    private int[]? Item(int[]? stack, Shape shape, int step)
    {
        var (start, length) = Extent(shape, step);
        return stack?[start..(start + length)];
    }

    private void Store(ref int[]? stack, int[]? item, Shape shape, int step)
    {
        if (item is not null)
        {
            stack ??= new int[shape.Size];
            item.CopyTo(stack, Extent(shape, step).Start);
        }
    }

    private (int Start, int Length) Extent(Shape shape, int step)
    {
        var length = shape.Size / shape[0];
        return (loop.ItemOf(step) * length, length);
    }

    /// <summary>Whether two dependences are the same; null is one of empty sets.</summary>
    private static bool AreEqual(int[]? a, int[]? b) =>
        a is null ? b is null || !b.AsSpan().ContainsAnyExcept(IndexSets.Empty)
        : b is null ? !a.AsSpan().ContainsAnyExcept(IndexSets.Empty)
        : a.AsSpan().SequenceEqual(b);
}
