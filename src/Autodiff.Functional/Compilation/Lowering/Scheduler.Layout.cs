// Primitives that move numbers: what is in memory is seen through other steps; what is in registers goes by another name; only what
// crosses from one to the other is copied.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Compilation.Lowering;

internal sealed partial class Scheduler
{
    /// <summary>A tensor seen through other axes.</summary>
    private LoweredTensor See(Expr node, View view, LoweredTensor operand, int[] classes)
    {
        if (operand.Memory is null && operand.Constant is null && Renamed(node, operand, classes) is { } renamed)
        {
            return renamed;
        }

        var memory = view.Seen(node, MemoryOf(operand)) ?? view.Seen(node, FlatOf(operand))!;
        return new(node.Shape, classes) { Memory = memory };
    }

    /// <summary>Elements of a tensor along one axis: another choice among registers, or a copy.</summary>
    private LoweredTensor Take(Expr node, Positions positions, LoweredTensor operand, int[] classes)
    {
        if (Renamed(node, operand, classes) is { } renamed)
        {
            return renamed;
        }

        // Each lane takes a position of its own, unless there are too few.
        if (node.Shape[positions.Axis] < KernelSpace.ShortestSamples)
        {
            var room = Room(node.Shape, classes);
            for (var i = 0; i < positions.Indices.Length; i++)
            {
                Store(At(operand, positions.Axis, positions.Indices[i]), From(room, positions.Axis, i), Identity(node.Shape.Rank), Act.Store);
            }

            return new(node.Shape, classes) { Memory = room };
        }

        var roles = _classes.FittingRolesOf(node.Shape, classes, positions.Axis);
        var memory = MemoryOf(operand);
        var steps = new Dictionary<int, Stride>();
        foreach (var axis in roles.Loops.Append(roles.Samples))
        {
            steps.Add(roles.Classes[axis], memory.Strides[axis]);
        }

        var table = TableOf(positions.Indices);
        var elements = Positions(node.Shape, roles.Unrolled, axis => memory.Strides[axis].Elements);
        var samples = Positions(node.Shape, roles.Unrolled, axis => memory.Strides[axis].Samples);
        return new(node.Shape, classes)
        {
            Roles = roles,
            Atoms = [.. elements.Zip(samples, (element, sample) => ScalarOperand.Of(new MemoryReference(memory.Buffer, memory.Element + element, memory.Sample + sample, steps, table)))],
        };
    }

    /// <summary>The part of a tensor at one position along an axis, which has length 1 then.</summary>
    private LoweredTensor At(LoweredTensor value, int axis, int position)
    {
        var shape = value.Shape.Lengths.ToArray();
        shape[axis] = 1;
        return new(Shape.Of(shape), [.. value.Classes.Select((own, i) => i == axis ? -1 : own)]) { Memory = From(MemoryOf(value), axis, position) };
    }

    private static BufferView From(BufferView memory, int axis, int position)
    {
        var starts = new int[memory.Strides.Length];
        starts[axis] = position;
        return memory.From(starts);
    }

    /// <summary>Positions among the constants.</summary>
    private TensorBuffer TableOf(int[] positions)
    {
        if (!_tables.TryGetValue(positions, out var table))
        {
            _tables.Add(positions, table = new(positions.Length, 1) { IsOneToOne = positions.Distinct().Count() == positions.Length, Furthest = positions.Max() });
            _constants.Add((new(new(positions.Length), Array.ConvertAll(positions, position => BitConverter.Int64BitsToDouble(position))), table));
        }

        return table;
    }

    /// <summary>Operands side by side.</summary>
    private LoweredTensor Join(Expr node, StackingPrimitive stacking, LoweredTensor[] operands, int[] classes)
    {
        if (Renamed(node, operands, classes) is { } renamed)
        {
            return renamed;
        }

        var memory = Room(node.Shape, classes);
        var starts = new int[node.Shape.Rank];
        for (var i = 0; i < operands.Length; i++)
        {
            var map = stacking.AxesOf(node, i);
            if (stacking is ConcatPrimitive)
            {
                map[stacking.Axis] = stacking.Axis;
            }

            Store(Placed(operands[i], map, node.Shape, classes), memory.From(starts), map, Act.Store);
            starts[stacking.Axis] += stacking.ExtentOf(node, i).Length;
        }

        return new(node.Shape, classes) { Memory = memory };
    }

    /// <summary>Operands added at their places in zeros.</summary>
    private LoweredTensor Scatter(Expr node, Placement placement, LoweredTensor[] operands, int[] classes)
    {
        if (Renamed(node, operands, classes) is { } renamed)
        {
            return renamed;
        }

        var selections = placement.Selections;
        var memory = Room(node.Shape, classes);
        bool IsPlaced(int i) => selections[i] is Positions || AxisMap.Part(memory, selections[i], node.Shape, operands[i].Shape) is not null;
        if (!Array.TrueForAll(Identity(operands.Length), IsPlaced))
        {
            return Evaluate(node, operands, classes);
        }

        var numbers = Array.FindAll(Identity(operands.Length), i => operands[i].Shape.IsScalar).ToLookup(i => LayoutKernels.StartOfRun(selections[i])!.Value);
        var isAll = numbers.Sum(place => place.Count()) == operands.Length;
        memory.Buffer.Initial = isAll && numbers.Count == node.Shape.Size ? null : 0;
        foreach (var place in numbers)
        {
            Put([.. place.Select(i => NumberOf(operands[i]))], memory.At(node.Shape, place.Key), isAll ? Act.Store : Act.Accumulate);
        }

        foreach (var i in Identity(operands.Length).Where(i => !operands[i].Shape.IsScalar))
        {
            if (selections[i] is Positions positions)
            {
                if (positions.Indices.Length < KernelSpace.ShortestSamples)
                {
                    for (var k = 0; k < positions.Indices.Length; k++)
                    {
                        Store(At(operands[i], positions.Axis, k), From(memory, positions.Axis, positions.Indices[k]), Identity(node.Shape.Rank), Act.Accumulate);
                    }

                    continue;
                }

                // Each lane adds to a position of its own.
                var placed = Placed(operands[i], Identity(node.Shape.Rank), node.Shape, classes);
                var roles = placed.Atoms is not null && placed.Roles!.Samples == positions.Axis ? placed.Roles : _classes.FittingRolesOf(placed.Shape, placed.Classes, positions.Axis);
                Store(placed, memory, Identity(node.Shape.Rank), Act.Accumulate, roles, TableOf(positions.Indices));
                continue;
            }

            var target = AxisMap.Part(memory, selections[i], node.Shape, operands[i].Shape)!;
            Store(Placed(operands[i], AxisMap.Of(node, i), node.Shape, classes), target, Identity(operands[i].Shape.Rank), Act.Accumulate);
        }

        return new(node.Shape, classes) { Memory = memory };
    }

    /// <summary>
    /// Puts the sum of numbers at a place, in the kernel that computes the last of them. It starts with a zero, as that which a Scatter adds to:
    /// the sign of a zero may depend on it.
    /// </summary>
    private void Put(ScalarOperand[] numbers, MemoryReference place, Act act)
    {
        var earliest = Earliest(KernelSpace.OfNumbers, numbers);
        var last = numbers.MaxBy(number => number.Kernel?.Index ?? -1).Kernel;
        var kernel = last?.Index >= earliest && last.Space.Equals(KernelSpace.OfNumbers) ? last : KernelFor(KernelSpace.OfNumbers, earliest);
        var sum = kernel.Number(0);
        foreach (var number in numbers)
        {
            sum = kernel.Apply(Op.Add, sum, number.In(kernel));
        }

        kernel.Effect(act, Op.Add, sum, place);
    }

    /// <summary>New memory for a tensor, in the order in which its kernels would like it.</summary>
    private BufferView Room(Shape shape, int[] classes, int outermost = -1) => Room(shape, _classes.FittingRolesOf(shape, classes), outermost);

    private static BufferView Room(Shape shape, AxisRoles roles, int outermost) =>
        BufferView.Allocate(shape, roles.Samples, [.. roles.Loops.Concat(roles.Unrolled).OrderBy(axis => axis == outermost ? 0 : 1)]);

    /// <summary>A tensor that a kernel of its own copies: its axes are those of where it is put, unless it is a kernel's already.</summary>
    private static LoweredTensor Placed(LoweredTensor value, int[] map, Shape shape, int[] classes) => value.Constant is null
        ? value
        : new(value.Shape, [.. value.Classes.Select((own, axis) => own >= 0 && map[axis] != AxisMap.None && shape[map[axis]] == value.Shape[axis] ? classes[map[axis]] : own)])
        {
            Constant = value.Constant,
        };

    private LoweredTensor? Renamed(Expr node, LoweredTensor operand, int[] classes) => Renamed(node, [operand], classes);

    /// <summary>The result as other names of what is in registers, or added up there; null if samples or loops change places.</summary>
    private LoweredTensor? Renamed(Expr node, LoweredTensor[] operands, int[] classes)
    {
        // A lone operand keeps the loops that its kernel has, unless there would be too many names; several meet in those that suit the result.
        var map = AxisMap.Of(node, 0);
        var roles = operands is [{ Roles: { } own }] ? Through(own, map, node.Shape, classes) : _classes.FittingRolesOf(node.Shape, classes);
        if (roles is null)
        {
            return null;
        }

        if (node.Shape.Size > node.Operand(0).Shape.Size && !IterationDomains.IsFitting(node.Shape, roles))
        {
            roles = _classes.FittingRolesOf(node.Shape, classes);
        }

        var inside = new AxisRoles[operands.Length];
        for (var i = 0; i < operands.Length; i++)
        {
            if (Back(roles, node.Primitive is BroadcastPrimitive, AxisMap.Of(node, i), operands[i].Shape) is not { } back)
            {
                return null;
            }

            inside[i] = back;
        }

        var parts = new ScalarOperand[operands.Length][];
        for (var i = 0; i < operands.Length; i++)
        {
            parts[i] = Read(operands[i], operands[i].Shape, inside[i], Identity(operands[i].Shape.Rank));
        }

        var atoms = node.Primitive is ScatterPrimitive scatter
            ? Added(node, scatter.Placement.Selections, roles, inside, parts)
            : Picked(node, roles, inside, parts);
        return new(node.Shape, classes) { Roles = roles, Atoms = atoms };
    }

    /// <summary>What the axes of a result are where those of its operand are known; null if samples or loops of it do not go through.</summary>
    private static AxisRoles? Through(AxisRoles own, int[] map, Shape shape, int[] classes)
    {
        var outside = own.Loops.Append(own.Samples).Where(axis => axis >= 0).ToArray();
        if (Array.Exists(outside, axis => map[axis] == AxisMap.None))
        {
            return null;
        }

        var taken = Array.ConvertAll(outside, axis => map[axis]);
        return new(
            Renamed(own, map, classes),
            own.Samples < 0 ? -1 : map[own.Samples],
            Array.ConvertAll(own.Loops, axis => map[axis]),
            [.. Identity(shape.Rank).Except(taken)]);
    }

    /// <summary>What the axes of an operand are where those of the result are known; null if samples or loops of it do not come from there.</summary>
    private static AxisRoles? Back(AxisRoles roles, bool stretches, int[] map, Shape shape)
    {
        var samples = -1;
        var loops = new List<int>();
        var classes = new int[shape.Rank];
        Array.Fill(classes, -1);
        foreach (var axis in roles.Loops.Append(roles.Samples))
        {
            if (axis < 0)
            {
                continue;
            }

            var from = Array.IndexOf(map, axis);
            if (from >= 0)
            {
                classes[from] = roles.Classes[axis];
                if (axis == roles.Samples)
                {
                    samples = from;
                }
                else
                {
                    loops.Add(from);
                }
            }
            else if (!stretches)
            {
                return null;
            }
        }

        return new(classes, samples, [.. loops], [.. Identity(shape.Rank).Where(axis => axis != samples && !loops.Contains(axis))]);
    }

    /// <summary>For each unrolled element of a result the element of an operand that it is.</summary>
    private static ScalarOperand[] Picked(Expr node, AxisRoles roles, AxisRoles[] inside, ScalarOperand[][] parts)
    {
        var shape = node.Shape;
        if (node.Primitive is ReshapePrimitive)
        {
            return parts[0];
        }

        var steps = Array.ConvertAll(Identity(parts.Length), i => Identity(node.Operand(i).Shape.Rank).Select(axis => StepOf(node.Operand(i).Shape, inside[i], axis)).ToArray());
        var atoms = new ScalarOperand[SizeOf(shape, roles.Unrolled)];
        var index = new int[shape.Rank];
        for (var element = 0; element < atoms.Length; element++)
        {
            var (operand, from) = node.Primitive is StackingPrimitive stacking ? stacking.Source(node, index) : ((Rearrangement)node.Primitive!).Source(node, index);
            var position = 0;
            for (var axis = 0; axis < from.Length; axis++)
            {
                position += from[axis] * steps[operand][axis];
            }

            atoms[element] = parts[operand][position];
            Next(index, shape, roles.Unrolled);
        }

        return atoms;
    }

    /// <summary>The elements of a Scatter: sums of what is put there, or zeros.</summary>
    private ScalarOperand[] Added(Expr node, Selection[] selections, AxisRoles roles, AxisRoles[] inside, ScalarOperand[][] parts)
    {
        var space = roles.Space(node.Shape);
        var atoms = new ScalarOperand[SizeOf(node.Shape, roles.Unrolled)];
        Array.Fill(atoms, ScalarOperand.Of(0.0));
        var earliest = Earliest(space, parts);
        for (var i = 0; i < parts.Length; i++)
        {
            var shape = node.Operand(i).Shape;
            var index = new int[shape.Rank];
            foreach (var part in parts[i])
            {
                var there = AxisMap.IndexIn(selections[i], node.Shape, shape, index);
                var position = 0;
                for (var axis = 0; axis < there.Length; axis++)
                {
                    position += there[axis] * StepOf(node.Shape, roles, axis);
                }

                var kernel = KernelFor(space, Math.Max(earliest, atoms[position].Earliest(space)));
                atoms[position] = ScalarOperand.Of(kernel, kernel.Apply(Op.Add, atoms[position].In(kernel), part.In(kernel)));
                Next(index, shape, inside[i].Unrolled);
            }
        }

        return atoms;
    }

    /// <summary>The next index along some axes, in row-major order.</summary>
    private static void Next(int[] index, Shape shape, int[] axes)
    {
        for (var i = axes.Length - 1; i >= 0; i--)
        {
            if (++index[axes[i]] < shape[axes[i]])
            {
                return;
            }

            index[axes[i]] = 0;
        }
    }
}
