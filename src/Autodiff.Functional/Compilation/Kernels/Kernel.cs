// The loops that a program is made of, as data: what becomes machine code, or is interpreted. A kernel is straight-line code for
// every sample along one axis, which lies in the lanes of registers; around it there may be loops over other axes.

using System.Collections.Frozen;
using Autodiff.Functional.Elementwise;

namespace Autodiff.Functional.Compilation.Kernels;

/// <summary>Straight-line code for every sample, run once for every round of the loops around it.</summary>
/// <param name="index">Its place among the steps of the program.</param>
/// <param name="space">What it runs along.</param>
internal sealed class Kernel(int index, KernelSpace space) : IStep
{
    // The longer a kernel, the less it leaves to others in memory. Very long methods are compiled fast but without registers for their
    // values, which numbers hardly miss; samples do.
    private const int MostOnNumbers = 3000;
    private const int MostOnSamples = 800;

    // What reads or writes lane by lane is so many instructions.
    private const int LaneByLane = 8;

    // Values that have been computed are found by their instructions. Only who schedules looks for them.
    private readonly InstructionTable _known = new();
    private readonly Dictionary<int, MemoryReference> _exports = [];
    private TensorBuffer? _exported;
    private int _length;

    // Where the instructions begin that were added when it was full: what it writes for others, who came later.
    private int _late = int.MaxValue;

    public int Index { get; set; } = index;

    public KernelSpace Space => space;

    public List<Instruction> Code { get; } = [];

    public IEnumerable<(TensorBuffer Buffer, bool IsWritten, bool IsOwn)> Touched => Code
        .Where(instruction => instruction.Access is not null)
        .Select(instruction => (instruction.Access!.Buffer, instruction.IsEffect, instruction.Access.IsOwn));

    public bool IsFull => _length >= (space.IsVector ? MostOnSamples : MostOnNumbers);

    /// <summary>How many instructions all samples take, some at a time.</summary>
    public double Work => _length * (double)space.Samples * space.Lengths.Aggregate(1.0, (product, length) => product * length);

    /// <summary>Has it add up in memory of a part what is added up there.</summary>
    /// <param name="sumsOf">Where what an instruction adds to a buffer is added up; null if it is added to the buffer at once.</param>
    public void AddInParts(Func<Act, Monoid, TensorBuffer, PartialSums?> sumsOf)
    {
        for (var i = 0; i < Code.Count; i++)
        {
            var instruction = Code[i];
            if (instruction.Act is Act.Accumulate or Act.Fold && sumsOf(instruction.Act, Monoid.Of(instruction.Op), instruction.Access!.Buffer) is { } sums)
            {
                Code[i] = instruction with { Access = instruction.Access.InPart(sums) };
            }
        }
    }

    /// <summary>How many values it computes, reads and writes for a sample, how often, and the operations on numbers in all.</summary>
    public string Explain()
    {
        var applied = Code.Count(instruction => instruction.Act is Act.Apply or Act.MultiplyAdd);
        var loads = Code.Count(instruction => instruction.Act == Act.Load);
        var effects = Code.Count(instruction => instruction.IsEffect);
        var loops = string.Concat(space.Lengths.Select(length => $"{length} x "));
        var flops = Code.Sum(instruction => instruction.Act switch { Act.Apply => 1L, Act.MultiplyAdd => 2, Act.Accumulate or Act.Fold => 1, _ => 0 });
        return $"{loops}{applied} {(applied == 1 ? "operation" : "operations")}, {loads} {(loads == 1 ? "load" : "loads")}, {effects} {(effects == 1 ? "store or fold" : "stores and folds")}, "
            + $"{flops * (double)space.Samples * space.Lengths.Aggregate(1.0, (product, length) => product * length):N0} flops";
    }

    /// <summary>Adds an instruction whose operands are values of this kernel: the value that it has, which may have been there; of an effect −1.</summary>
    public int Append(Instruction instruction)
    {
        if (!instruction.IsEffect)
        {
            return Value(instruction);
        }

        Add(instruction);
        return -1;
    }

    public int Number(double value) => Value(new(Act.Number, default, 0, 0, 0, value, null));

    public int Load(MemoryReference reference) => Value(new(Act.Load, default, 0, 0, 0, 0, AccessTo(reference)));

    public int Apply(Op op, int a, int b = 0, int c = 0) => Value(new(Act.Apply, op, a, b, c, 0, null));

    public int MultiplyAdd(int a, int b, int c) => Value(new(Act.MultiplyAdd, default, a, b, c, 0, null));

    public void Effect(Act act, Op op, int value, MemoryReference target)
    {
        var access = AccessTo(target);
        access.Buffer.Written(Index, access.IsOwn);
        Add(new(act, op, value, 0, 0, 0, access));
    }

    /// <summary>A value in memory, for other kernels.</summary>
    public MemoryReference Export(int value)
    {
        if (!_exports.TryGetValue(value, out var reference) && space.Equals(KernelSpace.OfNumbers))
        {
            // Single numbers lie side by side in the order they are computed, which is about the order they are read.
            _exported ??= new(0, 1);
            reference = new(_exported, _exported.Append(), 0, FrozenDictionary<int, Stride>.Empty);
            _exports.Add(value, reference);
            Effect(Act.Store, default, value, reference);
        }
        else if (reference is null)
        {
            var steps = new Dictionary<int, Stride>();
            var elements = 1;
            for (var loop = space.Lengths.Length - 1; loop >= 0; loop--)
            {
                steps.Add(space.Loops[loop], new(elements, 0));
                elements *= space.Lengths[loop];
            }

            if (space.IsVector)
            {
                steps.Add(space.SampleClass, new(0, 1));
            }

            reference = new(new TensorBuffer(elements, space.Samples), 0, 0, steps);
            _exports.Add(value, reference);
            Effect(Act.Store, default, value, reference);
        }

        return reference;
    }

    /// <summary>
    /// Puts what it writes where that is computed, and what was added late where its operands are: so values need not be kept for long, which is
    /// what registers are for. To be called when nothing is added any more.
    /// </summary>
    public void ShortenLives()
    {
        // For each instruction the one that it follows. What depends on nothing early goes where it is used first.
        const int Anywhere = int.MaxValue;
        var follows = new int[Code.Count];
        for (var i = 0; i < follows.Length; i++)
        {
            var last = -1;
            for (var operand = 0; operand < Code[i].OperandCount; operand++)
            {
                var before = follows[Code[i].Operand(operand)];
                last = before == Anywhere ? last : Math.Max(last, before);
            }

            follows[i] = i < _late && !Code[i].IsEffect ? i : last < 0 ? Anywhere : last;
        }

        var places = (int[])follows.Clone();
        for (var i = places.Length - 1; i >= 0; i--)
        {
            for (var operand = 0; operand < Code[i].OperandCount; operand++)
            {
                var before = Code[i].Operand(operand);
                places[before] = follows[before] == Anywhere ? Math.Min(places[before], places[i]) : places[before];
            }
        }

        // Those of one place stay in the order they have.
        var order = new int[places.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(order, (i, j) => places[i] == places[j] ? i.CompareTo(j) : places[i].CompareTo(places[j]));
        var moved = follows;
        for (var i = 0; i < order.Length; i++)
        {
            moved[order[i]] = i;
        }

        int Moved(in Instruction instruction, int operand) => operand < instruction.OperandCount ? moved[instruction.Operand(operand)] : 0;
        var code = Code.ToArray();
        for (var i = 0; i < order.Length; i++)
        {
            var instruction = code[order[i]];
            Code[i] = instruction with { A = Moved(instruction, 0), B = Moved(instruction, 1), C = Moved(instruction, 2) };
        }
    }

    private void Add(Instruction instruction)
    {
        _late = IsFull ? Math.Min(_late, Code.Count) : _late;
        Code.Add(instruction);
        _length += space.IsVector && instruction.Access?.IsLaneByLane == true ? LaneByLane : 1;
    }

    private Access AccessTo(MemoryReference reference)
    {
        if (space.Equals(KernelSpace.OfNumbers))
        {
            return reference.OfNumber;
        }

        var steps = new Stride[space.Lengths.Length + 1];
        steps[0] = reference.Steps.GetValueOrDefault(space.SampleClass);
        for (var loop = 0; loop < space.Lengths.Length; loop++)
        {
            steps[loop + 1] = reference.Steps.GetValueOrDefault(space.Loops[loop]);
        }

        return new(reference.Buffer, reference.Element, reference.Sample, steps, reference.Table);
    }

    private int Value(Instruction instruction)
    {
        var known = _known.Find(instruction, Code);
        if (known < 0)
        {
            known = Code.Count;
            Add(instruction);
            _known.AddLast(Code);
        }

        return known;
    }
}
