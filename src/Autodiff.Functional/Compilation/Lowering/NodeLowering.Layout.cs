// Lowers primitives that move elements. A tensor in memory becomes a view with other strides; in registers only the list of scalar operands
// changes; elements are copied only where they have to go from memory to registers or back.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Compilation.Lowering;

internal sealed partial class NodeLowering
{
    /// <summary>Lowers a view, such as a permutation or a slice: to other scalar operands if the operand is in registers, otherwise to a buffer view.</summary>
    private LoweredTensor See(Expr node, View view, LoweredTensor operand, int[] domains)
    {
        if (operand.Memory is null && operand.Constant is null && Renamed(node, operand, domains) is { } renamed)
        {
            return renamed;
        }

        var memory = view.Seen(node, MemoryOf(operand)) ?? view.Seen(node, FlatOf(operand))!;
        return new(node.Shape, domains) { Memory = memory };
    }

    /// <summary>Lowers a selection of positions along one axis: to a choice among registers if possible, otherwise to loads through a table, or copies.</summary>
    private LoweredTensor Take(Expr node, Positions positions, LoweredTensor operand, int[] domains)
    {
        if (Renamed(node, operand, domains) is { } renamed)
        {
            return renamed;
        }

        // The selected axis lies in the lanes, and each lane reads the position that a table gives it; an axis too short for a register is copied.
        if (node.Shape[positions.Axis] < KernelSpace.ShortestSamples)
        {
            var room = Room(node.Shape, domains);
            for (var i = 0; i < positions.Indices.Length; i++)
            {
                Store(At(operand, positions.Axis, positions.Indices[i]), From(room, positions.Axis, i), Identity(node.Shape.Rank), Act.Store);
            }

            return new(node.Shape, domains) { Memory = room };
        }

        var roles = _domains.FittingRolesOf(node.Shape, domains, positions.Axis);
        var memory = MemoryOf(operand);
        var strides = new Dictionary<int, Stride>();
        foreach (var axis in roles.Loops.Append(roles.Samples))
        {
            strides.Add(roles.Domains[axis], memory.Strides[axis]);
        }

        var table = TableOf(positions.Indices);
        var elements = Positions(node.Shape, roles.Unrolled, axis => memory.Strides[axis].Elements);
        var samples = Positions(node.Shape, roles.Unrolled, axis => memory.Strides[axis].Samples);
        return new(node.Shape, domains)
        {
            Roles = roles,
            Scalars = [.. elements.Zip(samples, (element, sample) => ScalarOperand.Of(new MemoryReference(memory.Buffer, memory.Element + element, memory.Sample + sample, strides, table)))],
        };
    }

    /// <summary>The part of a tensor at one position of an axis, which then has length 1.</summary>
    private LoweredTensor At(LoweredTensor value, int axis, int position)
    {
        var shape = value.Shape.Lengths.ToArray();
        shape[axis] = 1;
        return new(Shape.Of(shape), [.. value.Domains.Select((own, i) => i == axis ? -1 : own)]) { Memory = From(MemoryOf(value), axis, position) };
    }

    private static BufferView From(BufferView memory, int axis, int position)
    {
        var starts = new int[memory.Strides.Length];
        starts[axis] = position;
        return memory.From(starts);
    }

    /// <summary>A table of positions, among the constants of the program. The same array of positions is stored once.</summary>
    private TensorBuffer TableOf(int[] positions)
    {
        if (!_tables.TryGetValue(positions, out var table))
        {
            _tables.Add(positions, table = new(positions.Length, 1) { IsOneToOne = positions.Distinct().Count() == positions.Length, Furthest = positions.Max() });
            _constants.Add((new(new(positions.Length), Array.ConvertAll(positions, position => BitConverter.Int64BitsToDouble(position))), table));
        }

        return table;
    }

    /// <summary>Lowers Concat and Stack: to other scalar operands if possible, otherwise to stores side by side.</summary>
    private LoweredTensor Join(Expr node, StackingPrimitive stacking, LoweredTensor[] operands, int[] domains)
    {
        if (Renamed(node, operands, domains) is { } renamed)
        {
            return renamed;
        }

        var memory = Room(node.Shape, domains);
        var starts = new int[node.Shape.Rank];
        for (var i = 0; i < operands.Length; i++)
        {
            var map = stacking.AxesOf(node, i);
            if (stacking is ConcatPrimitive)
            {
                map[stacking.Axis] = stacking.Axis;
            }

            Store(Placed(operands[i], map, node.Shape, domains), memory.From(starts), map, Act.Store);
            starts[stacking.Axis] += stacking.ExtentOf(node, i).Length;
        }

        return new(node.Shape, domains) { Memory = memory };
    }

    /// <summary>Lowers Scatter, which adds operands at their places in zeros: to sums in registers if possible, otherwise to additions in memory.</summary>
    private LoweredTensor Scatter(Expr node, Placement placement, LoweredTensor[] operands, int[] domains)
    {
        if (Renamed(node, operands, domains) is { } renamed)
        {
            return renamed;
        }

        var selections = placement.Selections;
        var memory = Room(node.Shape, domains);
        bool IsPlaced(int i) => selections[i] is Positions || AxisMap.Part(memory, selections[i], node.Shape, operands[i].Shape) is not null;
        if (!Array.TrueForAll(Identity(operands.Length), IsPlaced))
        {
            return Evaluate(node, operands, domains);
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

                // Each lane adds to the position that a table gives it.
                var placed = Placed(operands[i], Identity(node.Shape.Rank), node.Shape, domains);
                var roles = placed.Scalars is not null && placed.Roles!.Samples == positions.Axis ? placed.Roles : _domains.FittingRolesOf(placed.Shape, placed.Domains, positions.Axis);
                Store(placed, memory, Identity(node.Shape.Rank), Act.Accumulate, roles, TableOf(positions.Indices));
                continue;
            }

            var target = AxisMap.Part(memory, selections[i], node.Shape, operands[i].Shape)!;
            Store(Placed(operands[i], AxisMap.Of(node, i), node.Shape, domains), target, Identity(operands[i].Shape.Rank), Act.Accumulate);
        }

        return new(node.Shape, domains) { Memory = memory };
    }

    /// <summary>
    /// Puts the sum of numbers at a place, in the kernel that computes the last of them. The sum starts with 0, like the one that Scatter adds to:
    /// the sign of a zero may depend on it.
    /// </summary>
    private void Put(ScalarOperand[] numbers, MemoryReference place, Act act)
    {
        var earliest = Earliest(KernelSpace.Scalar, numbers);
        var last = numbers.MaxBy(number => number.Kernel?.Index ?? -1).Kernel;
        var kernel = last?.Index >= earliest && last.Space.Equals(KernelSpace.Scalar) ? last : KernelFor(KernelSpace.Scalar, earliest);
        var sum = kernel.Number(0);
        foreach (var number in numbers)
        {
            sum = kernel.Apply(Op.Add, sum, number.In(kernel));
        }

        kernel.Effect(act, Op.Add, sum, place);
    }

    /// <summary>New memory for a tensor, with the axes in the order that suits its kernels.</summary>
    private BufferView Room(Shape shape, int[] domains, int outermost = -1) => Room(shape, _domains.FittingRolesOf(shape, domains), outermost);

    private static BufferView Room(Shape shape, AxisRoles roles, int outermost) =>
        BufferView.Allocate(shape, roles.Samples, [.. roles.Loops.Concat(roles.Unrolled).OrderBy(axis => axis == outermost ? 0 : 1)]);

    /// <summary>A constant with the iteration domains of the place where it is put, so that a kernel can copy it along them; any other tensor as it is.</summary>
    private static LoweredTensor Placed(LoweredTensor value, int[] map, Shape shape, int[] domains) => value.Constant is null
        ? value
        : new(value.Shape, [.. value.Domains.Select((own, axis) => own >= 0 && map[axis] != AxisMap.None && shape[map[axis]] == value.Shape[axis] ? domains[map[axis]] : own)])
        {
            Constant = value.Constant,
        };

    private LoweredTensor? Renamed(Expr node, LoweredTensor operand, int[] domains) => Renamed(node, [operand], domains);

    /// <summary>The result as other scalar operands over the same kernels, or as sums of them; null if samples or loops would change places.</summary>
    private LoweredTensor? Renamed(Expr node, LoweredTensor[] operands, int[] domains)
    {
        // A single operand keeps the roles that its axes have in its kernel, unless too many elements would be unrolled; several operands take the
        // roles that suit the result.
        var map = AxisMap.Of(node, 0);
        var roles = operands is [{ Roles: { } own }] ? Through(own, map, node.Shape, domains) : _domains.FittingRolesOf(node.Shape, domains);
        if (roles is null)
        {
            return null;
        }

        if (node.Shape.Size > node.Operand(0).Shape.Size && !IterationDomains.IsFitting(node.Shape, roles))
        {
            roles = _domains.FittingRolesOf(node.Shape, domains);
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

        var scalars = node.Primitive is ScatterPrimitive scatter
            ? Added(node, scatter.Placement.Selections, roles, inside, parts)
            : Picked(node, roles, inside, parts);
        return new(node.Shape, domains) { Roles = roles, Scalars = scalars };
    }

    /// <summary>The roles of a result's axes, given those of its operand; null if an axis of samples or loops does not go through to the result.</summary>
    private static AxisRoles? Through(AxisRoles own, int[] map, Shape shape, int[] domains)
    {
        var outside = own.Loops.Append(own.Samples).Where(axis => axis >= 0).ToArray();
        if (Array.Exists(outside, axis => map[axis] == AxisMap.None))
        {
            return null;
        }

        var taken = Array.ConvertAll(outside, axis => map[axis]);
        return new(
            Renamed(own, map, domains),
            own.Samples < 0 ? -1 : map[own.Samples],
            Array.ConvertAll(own.Loops, axis => map[axis]),
            [.. Identity(shape.Rank).Except(taken)]);
    }

    /// <summary>The roles of an operand's axes, given those of the result; null if an axis of samples or loops does not come from the operand.</summary>
    private static AxisRoles? Back(AxisRoles roles, bool stretches, int[] map, Shape shape)
    {
        var samples = -1;
        var loops = new List<int>();
        var domains = new int[shape.Rank];
        Array.Fill(domains, -1);
        foreach (var axis in roles.Loops.Append(roles.Samples))
        {
            if (axis < 0)
            {
                continue;
            }

            var from = Array.IndexOf(map, axis);
            if (from >= 0)
            {
                domains[from] = roles.Domains[axis];
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

        return new(domains, samples, [.. loops], [.. Identity(shape.Rank).Where(axis => axis != samples && !loops.Contains(axis))]);
    }

    /// <summary>For each unrolled element of a result the scalar operand that it is equal to.</summary>
    private static ScalarOperand[] Picked(Expr node, AxisRoles roles, AxisRoles[] inside, ScalarOperand[][] parts)
    {
        var shape = node.Shape;
        if (node.Primitive is ReshapePrimitive)
        {
            return parts[0];
        }

        var strides = Array.ConvertAll(Identity(parts.Length), i => Identity(node.Operand(i).Shape.Rank).Select(axis => StrideOf(node.Operand(i).Shape, inside[i], axis)).ToArray());
        var scalars = new ScalarOperand[SizeOf(shape, roles.Unrolled)];
        var index = new int[shape.Rank];
        for (var element = 0; element < scalars.Length; element++)
        {
            var (operand, from) = node.Primitive is StackingPrimitive stacking ? stacking.Source(node, index) : ((Rearrangement)node.Primitive!).Source(node, index);
            var position = 0;
            for (var axis = 0; axis < from.Length; axis++)
            {
                position += from[axis] * strides[operand][axis];
            }

            scalars[element] = parts[operand][position];
            Next(index, shape, roles.Unrolled);
        }

        return scalars;
    }

    /// <summary>The unrolled elements of a Scatter: the sums of what is put there, or zeros.</summary>
    private ScalarOperand[] Added(Expr node, Selection[] selections, AxisRoles roles, AxisRoles[] inside, ScalarOperand[][] parts)
    {
        var space = roles.Space(node.Shape);
        var scalars = new ScalarOperand[SizeOf(node.Shape, roles.Unrolled)];
        Array.Fill(scalars, ScalarOperand.Of(0.0));
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
                    position += there[axis] * StrideOf(node.Shape, roles, axis);
                }

                var kernel = KernelFor(space, Math.Max(earliest, scalars[position].Earliest(space)));
                scalars[position] = ScalarOperand.Of(kernel, kernel.Apply(Op.Add, scalars[position].In(kernel), part.In(kernel)));
                Next(index, shape, inside[i].Unrolled);
            }
        }

        return scalars;
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
