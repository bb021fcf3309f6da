// Kernels as data, between lowering and code generation: straight-line code for every sample along one axis, which lies in the lanes of
// registers. Around it there may be loops over other axes.

using System.Collections.Frozen;
using Autodiff.Functional.Elementwise;

namespace Autodiff.Functional.Compilation.Kernels;

/// <summary>Straight-line code for every sample, run once for every iteration of the loops around it.</summary>
/// <param name="index">Its index among the steps of the program.</param>
/// <param name="space">The iteration space that it runs over.</param>
internal sealed class Kernel(int index, KernelSpace space) : IStep
{
    // A kernel is full at this many instructions. Long kernels pass fewer values to other kernels through memory. But the JIT compiler keeps no more
    // than 1,024 values of a method in registers, with addresses and copies, so longer methods become slower: by half for scalars, and by more for samples.
    private const int MostScalars = 700;
    private const int MostOnSamples = 800;

    // An instruction that reads or writes lane by lane counts as this many.
    private const int LaneByLane = 8;

    // Finds values that have been computed already. Used only while the kernel is built.
    private readonly InstructionTable _known = new();
    private readonly Dictionary<int, MemoryReference> _exports = [];
    private TensorBuffer? _exported;
    private int _length;

    // The first of the instructions that were added when the kernel was full: those that store values for later kernels.
    private int _late = int.MaxValue;

    public int Index { get; set; } = index;

    public KernelSpace Space => space;

    public List<Instruction> Code { get; } = [];

    /// <summary>The node of the computation, by its place, that is being lowered: that which instructions are added for.</summary>
    public int Origin { get; set; } = -1;

    /// <summary>The place of the node that each instruction was first added for; −1 if it is not known.</summary>
    public List<int> Origins { get; } = [];

    public IEnumerable<(TensorBuffer Buffer, bool IsWritten, bool IsOwn)> Touched => Code
        .Where(instruction => instruction.Access is not null)
        .Select(instruction => (instruction.Access!.Buffer, instruction.IsEffect, instruction.Access.IsOwn));

    public bool IsFull => _length >= (space.IsVector ? MostOnSamples : MostScalars);

    /// <summary>The number of instructions for all samples and iterations, as if each took one sample at a time.</summary>
    public double Work => _length * (double)space.Samples * space.Lengths.Aggregate(1.0, (product, length) => product * length);

    /// <summary>Redirects additions to partial sums, where chunks of the work add in memory of their own.</summary>
    /// <param name="sumsOf">The partial sums for an addition to a buffer; null if it adds to the buffer directly.</param>
    public void AddInChunks(Func<Act, Monoid, TensorBuffer, PartialSums?> sumsOf)
    {
        for (var i = 0; i < Code.Count; i++)
        {
            var instruction = Code[i];
            if (instruction.Act is Act.Accumulate or Act.Fold && sumsOf(instruction.Act, Monoid.Of(instruction.Op), instruction.Access!.Buffer) is { } sums)
            {
                Code[i] = instruction with { Access = instruction.Access.InChunk(sums) };
            }
        }
    }

    /// <summary>A description: how many values it computes, loads and stores for a sample, in how many iterations, and the floating-point operations in all.</summary>
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

    /// <summary>Adds an instruction whose operands are values of this kernel. Returns its value, which may have been there already, or −1 for an effect.</summary>
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

    /// <summary>Stores a value in memory, for other kernels; once for each value.</summary>
    public MemoryReference Export(int value)
    {
        if (!_exports.TryGetValue(value, out var reference) && space.Equals(KernelSpace.Scalar))
        {
            // Scalars lie side by side in the order in which they are computed, which is about the order in which they are read.
            _exported ??= new(0, 1);
            reference = new(_exported, _exported.Append(), 0, FrozenDictionary<int, Stride>.Empty);
            _exports.Add(value, reference);
            Effect(Act.Store, default, value, reference);
        }
        else if (reference is null)
        {
            var strides = new Dictionary<int, Stride>();
            var elements = 1;
            for (var loop = space.Lengths.Length - 1; loop >= 0; loop--)
            {
                strides.Add(space.Loops[loop], new(elements, 0));
                elements *= space.Lengths[loop];
            }

            if (space.IsVector)
            {
                strides.Add(space.SampleDomain, new(0, 1));
            }

            reference = new(new TensorBuffer(elements, space.Samples), 0, 0, strides);
            _exports.Add(value, reference);
            Effect(Act.Store, default, value, reference);
        }

        return reference;
    }

    /// <summary>
    /// Drops the values that nothing reads, moves each store to where its value is computed, and each instruction that was added late to where its
    /// operands are computed, so that values are needed for less long and fit into registers. To be called when no more instructions are added.
    /// </summary>
    public void ShortenLives()
    {
        // For each instruction the one that it has to follow. An instruction that depends on none of the early ones goes where it is first used.
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

        var (places, isRead, read) = ((int[])follows.Clone(), new bool[Code.Count], 0);
        for (var i = places.Length - 1; i >= 0; i--)
        {
            isRead[i] |= Code[i].IsEffect;
            read += isRead[i] ? 1 : 0;
            for (var operand = 0; isRead[i] && operand < Code[i].OperandCount; operand++)
            {
                var before = Code[i].Operand(operand);
                places[before] = follows[before] == Anywhere ? Math.Min(places[before], places[i]) : places[before];
                isRead[before] = true;
            }
        }

        // Instructions with the same place stay in order.
        var order = new int[read];
        for (var i = isRead.Length - 1; i >= 0; i--)
        {
            if (isRead[i])
            {
                order[--read] = i;
            }
        }

        Array.Sort(order, (i, j) => places[i] == places[j] ? i.CompareTo(j) : places[i].CompareTo(places[j]));
        var moved = follows;
        for (var i = 0; i < order.Length; i++)
        {
            moved[order[i]] = i;
        }

        int Moved(in Instruction instruction, int operand) => operand < instruction.OperandCount ? moved[instruction.Operand(operand)] : 0;
        var (code, origins) = (Code.ToArray(), Origins.ToArray());
        for (var i = 0; i < order.Length; i++)
        {
            var instruction = code[order[i]];
            Origins[i] = origins[order[i]];
            Code[i] = instruction with { A = Moved(instruction, 0), B = Moved(instruction, 1), C = Moved(instruction, 2) };
        }

        Code.RemoveRange(order.Length, Code.Count - order.Length);
        Origins.RemoveRange(order.Length, Origins.Count - order.Length);
    }

    private void Add(Instruction instruction)
    {
        _late = IsFull ? Math.Min(_late, Code.Count) : _late;
        Code.Add(instruction);
        Origins.Add(Origin);
        _length += space.IsVector && instruction.Access?.IsLaneByLane == true ? LaneByLane : 1;
    }

    private Access AccessTo(MemoryReference reference)
    {
        if (space.Equals(KernelSpace.Scalar))
        {
            return reference.OfNumber;
        }

        var strides = new Stride[space.Lengths.Length + 1];
        strides[0] = reference.Strides.GetValueOrDefault(space.SampleDomain);
        for (var loop = 0; loop < space.Lengths.Length; loop++)
        {
            strides[loop + 1] = reference.Strides.GetValueOrDefault(space.Loops[loop]);
        }

        return new(reference.Buffer, reference.Element, reference.Sample, strides, reference.Table);
    }

    private int Value(Instruction instruction)
    {
        // Nothing is less than itself; NaN neither.
        if (instruction is { Act: Act.Apply, Op: Op.Less or Op.Greater } && instruction.A == instruction.B)
        {
            return Number(0);
        }

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
