// The loops that a program is made of, as data: what becomes machine code, or is interpreted. A kernel is straight-line code for
// every sample along one axis, which lies in the lanes of registers; around it there may be loops over other axes.

using System.Collections.Frozen;

namespace Autodiff.Functional.Compilation;

/// <summary>A step along an axis of memory: so many elements of a buffer, and so many samples within an element.</summary>
internal readonly record struct Stride(int Elements, int Samples)
{
    /// <summary>The step in numbers.</summary>
    public int In(Buffer buffer) => (Elements * buffer.Lead) + Samples;
}

/// <summary>A run of memory: elements, each of which is a number for every sample.</summary>
internal sealed class Buffer
{
    public Buffer(int elements, int samples) => (Elements, Samples, Lead) = (elements, samples, samples);

    /// <summary>The place of memory that a program works in; behind it are those of constants, arguments and results.</summary>
    public const int Arena = 0;

    /// <summary>The place of memory for the samples of one tile.</summary>
    public const int Tile = 1;

    /// <summary>The place of memory for what one part of the work adds up.</summary>
    public const int Part = 2;

    /// <summary>The place of constants; those of arguments and then results are behind it.</summary>
    public const int Constants = 3;

    /// <summary>Whether its numbers are all different, if it is a table of places.</summary>
    public bool IsOneToOne { get; init; }

    /// <summary>The largest of its numbers, if it is a table of places.</summary>
    public int Furthest { get; init; }

    /// <summary>How many elements there are.</summary>
    public int Elements { get; private set; }

    /// <summary>How many samples an element has.</summary>
    public int Samples { get; }

    /// <summary>Which of the program's pointers it is relative to.</summary>
    public int Place { get; set; } = Arena;

    /// <summary>The first number behind the pointer.</summary>
    public int Start { get; set; }

    /// <summary>The numbers from one element to the next.</summary>
    public int Lead { get; set; }

    public long Size => (long)Elements * Lead;

    /// <summary>What every number is before anything is folded into it; null if all are written once.</summary>
    public double? Initial { get; set; }

    /// <summary>The first step that writes it.</summary>
    public int FirstWriter { get; private set; } = int.MaxValue;

    /// <summary>The last step that writes it; −1 if it was there before.</summary>
    public int LastWriter { get; private set; } = -1;

    /// <summary>The last step that reads it.</summary>
    public int LastReader { get; private set; } = -1;

    /// <summary>Whether a step reads or writes samples other than its own.</summary>
    public bool IsShared { get; private set; }

    /// <summary>Whether a step writes samples other than its own: none is complete before all are done.</summary>
    public bool IsScattered { get; private set; }

    /// <summary>Makes room for one element more, behind the others.</summary>
    public int Append() => Elements++;

    /// <summary>Makes as if nothing had written or read it.</summary>
    public void Forget() => (FirstWriter, LastWriter, LastReader, IsShared, IsScattered) = (int.MaxValue, -1, -1, false, false);

    public void Written(int step, bool isOwn)
    {
        (FirstWriter, LastWriter) = (Math.Min(FirstWriter, step), Math.Max(LastWriter, step));
        (IsShared, IsScattered) = (IsShared || !isOwn, IsScattered || !isOwn);
    }

    public void Read(int step, bool isOwn)
    {
        LastReader = Math.Max(LastReader, step);
        IsShared |= !isOwn;
    }
}

/// <summary>Numbers in memory, whatever kernel reads them: a position, and the steps along classes of axes.</summary>
/// <param name="Buffer">The memory.</param>
/// <param name="Element">The first element.</param>
/// <param name="Sample">The first sample.</param>
/// <param name="Steps">How far it is to the next position along each class.</param>
/// <param name="Table">Where there is one: for each sample how many steps it is from the first.</param>
internal sealed record Reference(Buffer Buffer, int Element, int Sample, IReadOnlyDictionary<int, Stride> Steps, Buffer? Table = null)
{
    // A kernel of single numbers goes nowhere.
    private static readonly Stride[] s_nowhere = [default];

    /// <summary>The one number there, which all kernels of single numbers read and write alike.</summary>
    public Access OfNumber => field ??= new(Buffer, Element, Sample, s_nowhere, Table);
}

/// <summary>Where an instruction reads or writes: a position, and the steps along the samples and then along the loops of its kernel.</summary>
/// <param name="buffer">The memory.</param>
/// <param name="element">The first element.</param>
/// <param name="sample">The first sample.</param>
/// <param name="steps">The steps.</param>
/// <param name="table">The whole numbers that say which sample's place each sample has; null if it is its own.</param>
/// <param name="sums">What is added up in memory of a part instead; null if nothing is.</param>
internal sealed class Access(Buffer buffer, int element, int sample, Stride[] steps, Buffer? table, PartialSums? sums = null) : IEquatable<Access>
{
    public Buffer Buffer => buffer;

    /// <summary>Which of the program's pointers it is relative to.</summary>
    public int Place => sums is null ? buffer.Place : Buffer.Part;

    /// <summary>The whole numbers that say which sample's place each sample has; null if it is its own.</summary>
    public Buffer? Table => table;

    /// <summary>The step from one sample to the next, in numbers.</summary>
    public int Along => steps[0].In(buffer);

    /// <summary>The first number behind the pointer of the buffer's place.</summary>
    public int Start => sums is null ? buffer.Start + (element * buffer.Lead) + sample : sums.Start + (((element * buffer.Lead) + sample) * sums.Lanes);

    /// <summary>The first sample.</summary>
    public int Sample => sample;

    /// <summary>Whether each sample reads or writes its own of the buffer.</summary>
    public bool IsOwn => sample == 0 && IsInOrder;

    /// <summary>Whether the samples read or write samples of the buffer in the same order, in every round of the loops the same ones.</summary>
    public bool IsInOrder => steps[0] == new Stride(0, 1) && table is null && Array.TrueForAll(steps[1..], step => step.Samples == 0);

    /// <summary>Whether the lanes of a register are not next to each other.</summary>
    public bool IsLaneByLane => table is not null || (steps[0] != default && steps[0] != new Stride(0, 1));

    /// <summary>The step along a loop, in numbers.</summary>
    public int AlongLoop(int loop) => steps[loop + 1].In(buffer) * (sums?.Lanes ?? 1);

    /// <summary>The same place in the memory of a part.</summary>
    public Access InPart(PartialSums sums) => new(buffer, element, sample, steps, table, sums);

    /// <summary>The place some rounds of the innermost loop later, for a loop that goes on by so many rounds at a time.</summary>
    public Access Later(int rounds, int atATime)
    {
        Stride[] jammed = [.. steps[..^1], new(steps[^1].Elements * atATime, steps[^1].Samples * atATime)];
        return new(buffer, element + (steps[^1].Elements * rounds), sample + (steps[^1].Samples * rounds), jammed, table, sums);
    }

    /// <summary>Whether all rounds of all loops have different places, for every sample.</summary>
    public bool IsOnce(KernelSpace space)
    {
        if (table is not null)
        {
            return false;
        }

        var reach = 0L;
        foreach (var (step, length) in space.Lengths.Prepend(space.Samples).Select((length, i) => (Math.Abs(steps[i].In(buffer)), length)).Where(each => each.length > 1).Order())
        {
            if (step <= reach)
            {
                return false;
            }

            reach += step * (length - 1L);
        }

        return true;
    }

    public bool Equals(Access? other) => ReferenceEquals(this, other) || (other is not null && (buffer, element, sample, table, sums) == other.Position && steps.AsSpan().SequenceEqual(other.Steps));

    public override bool Equals(object? obj) => Equals(obj as Access);

    public override int GetHashCode() => HashCode.Combine(buffer, element, sample);

    private (Buffer Buffer, int Element, int Sample, Buffer? Table, PartialSums? Sums) Position => (buffer, element, sample, table, sums);

    private ReadOnlySpan<Stride> Steps => steps;
}

internal enum Act : byte
{
    Number,
    Load,
    Apply,

    /// <summary>a·b + c, rounded once: inside sums of products.</summary>
    MultiplyAdd,
    Store,

    /// <summary>The value is combined with what stands there.</summary>
    Accumulate,

    /// <summary>
    /// The values of all samples are combined to one, and that with what stands there. No two in a kernel have one place: each is kept in a
    /// register until the samples are over.
    /// </summary>
    Fold,
}

/// <summary>What a program does in turn: a kernel, or a step of another kind.</summary>
internal interface IStep
{
    /// <summary>Its place among the steps of the program.</summary>
    int Index { get; set; }

    /// <summary>What it reads and writes, and whether each sample its own.</summary>
    IEnumerable<(Buffer Buffer, bool IsWritten, bool IsOwn)> Touched { get; }
}

/// <summary>One instruction: a value made of values before it, or an effect.</summary>
internal readonly record struct Instruction(Act Act, Op Op, int A, int B, int C, double Number, Access? Access)
{
    public int OperandCount => Act switch
    {
        Act.Number or Act.Load => 0,
        Act.MultiplyAdd => 3,
        Act.Apply => Op.Arity(),
        _ => 1,
    };

    public bool IsEffect => Act >= Act.Store;

    public int Operand(int index) => index switch { 0 => A, 1 => B, _ => C };

    /// <summary>Whether both do the same. Numbers are told apart by their bits, which know the sign of a zero.</summary>
    public bool Equals(Instruction other) => (Act, Op, A, B, C) == (other.Act, other.Op, other.A, other.B, other.C) && Bits == other.Bits && Equals(Access, other.Access);

    public override int GetHashCode() => HashCode.Combine(((int)Act << 8) + (int)Op, A, B, C, Bits, Access);

    private long Bits => BitConverter.DoubleToInt64Bits(Number);
}

/// <summary>What the loops of a kernel run along: classes of axes, and their lengths.</summary>
internal sealed class KernelSpace : IEquatable<KernelSpace>
{
    private readonly int[] _loops;

    public KernelSpace(int sampleClass, int samples, int[] loops, int[] lengths) => (SampleClass, Samples, _loops, Lengths) = (sampleClass, samples, loops, lengths);

    /// <summary>Single numbers, once.</summary>
    public static KernelSpace OfNumbers { get; } = new(-1, 1, [], []);

    /// <summary>The class of the axis in the lanes; −1 for single numbers.</summary>
    public int SampleClass { get; }

    public int Samples { get; }

    public ReadOnlySpan<int> Loops => _loops;

    /// <summary>The lengths of the loops, outermost first.</summary>
    public int[] Lengths { get; }

    /// <summary>Whether the lanes of registers are samples.</summary>
    public bool IsVector => SampleClass >= 0;

    public bool Equals(KernelSpace? other) => ReferenceEquals(this, other) || (other is not null && SampleClass == other.SampleClass && Loops.SequenceEqual(other.Loops));

    public override bool Equals(object? obj) => Equals(obj as KernelSpace);

    public override int GetHashCode() => HashCode.Combine(SampleClass, Shape.Hash(_loops));
}

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
    private readonly Dictionary<int, Reference> _exports = [];
    private Buffer? _exported;
    private int _length;

    // Where the instructions begin that were added when it was full: what it writes for others, who came later.
    private int _late = int.MaxValue;

    public int Index { get; set; } = index;

    public KernelSpace Space => space;

    public List<Instruction> Code { get; } = [];

    public IEnumerable<(Buffer Buffer, bool IsWritten, bool IsOwn)> Touched => Code
        .Where(instruction => instruction.Access is not null)
        .Select(instruction => (instruction.Access!.Buffer, instruction.IsEffect, instruction.Access.IsOwn));

    public bool IsFull => _length >= (space.IsVector ? MostOnSamples : MostOnNumbers);

    /// <summary>How many instructions all samples take, some at a time.</summary>
    public double Work => _length * (double)space.Samples * space.Lengths.Aggregate(1.0, (product, length) => product * length);

    /// <summary>Has it add up in memory of a part what is added up there.</summary>
    /// <param name="sumsOf">Where what an instruction adds to a buffer is added up; null if it is added to the buffer at once.</param>
    public void AddInParts(Func<Act, Op, Buffer, PartialSums?> sumsOf)
    {
        for (var i = 0; i < Code.Count; i++)
        {
            var instruction = Code[i];
            if (instruction.Act is Act.Accumulate or Act.Fold && sumsOf(instruction.Act, instruction.Op, instruction.Access!.Buffer) is { } sums)
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

    public int Load(Reference reference) => Value(new(Act.Load, default, 0, 0, 0, 0, AccessTo(reference)));

    public int Apply(Op op, int a, int b = 0, int c = 0) => Value(new(Act.Apply, op, a, b, c, 0, null));

    public int MultiplyAdd(int a, int b, int c) => Value(new(Act.MultiplyAdd, default, a, b, c, 0, null));

    public void Effect(Act act, Op op, int value, Reference target)
    {
        var access = AccessTo(target);
        access.Buffer.Written(Index, access.IsOwn);
        Add(new(act, op, value, 0, 0, 0, access));
    }

    /// <summary>A value in memory, for other kernels.</summary>
    public Reference Export(int value)
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

            reference = new(new Buffer(elements, space.Samples), 0, 0, steps);
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

    private Access AccessTo(Reference reference)
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
