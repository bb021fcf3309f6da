// Lowering, from a computation to steps: decides which kernel computes which elements, what is kept in memory between kernels, and which
// nodes become steps of their own. Every node is lowered once, operands first; nothing is computed twice.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Compilation.Runtime;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Primitives;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Lowering;

/// <summary>Lowers the nodes of a computation to kernels and other steps.</summary>
internal sealed partial class NodeLowering
{
    // A contraction of more products than this for each sample is not unrolled to straight-line code.
    private const int MostProducts = 256;

    // Additions to a buffer whose first samples differ by less than this many samples go into different kernels; see NextAddition.
    private const int Nearby = 64;

    private readonly Computation _computation;
    private readonly IterationDomains _domains;
    private readonly LoweredTensor?[] _values;
    private readonly ScalarOperand[] _numbers;
    private readonly ScalarOperand[] _operands = new ScalarOperand[3];
    private readonly Dictionary<KernelSpace, KernelLine> _kernels = [];
    private readonly List<(Storage Numbers, TensorBuffer Buffer)> _constants = [];
    private readonly Dictionary<Storage, BufferView> _constantMemory = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<int[], TensorBuffer> _tables = [];
    private readonly Dictionary<Loop, List<LoopStep>> _loops = [];

    // The place of the node that is being lowered; −1 where results are stored.
    private int _place = -1;

    private NodeLowering(Computation computation)
    {
        _computation = computation;
        _domains = new(computation, IsComputed);
        _values = new LoweredTensor?[computation.Parameters.Length + computation.Nodes.Length];
        _numbers = new ScalarOperand[_values.Length];
        for (var i = 0; i < computation.Parameters.Length; i++)
        {
            var memory = BufferView.RowMajor(computation.Parameters[i].Shape);
            Arguments.Add(memory.Buffer);
            _values[i] = new(computation.Parameters[i].Shape, _domains[i]) { Memory = memory, Flat = memory };
        }

        for (var place = 0; place < computation.Nodes.Length; place++)
        {
            _place = place;
            var slot = computation.Parameters.Length + place;
            if (computation.Nodes[place].IsOnNumbers)
            {
                _numbers[slot] = OnNumbers(computation.Nodes[place], computation.OperandSlots[place]);
            }
            else if (ElementOf(computation.Nodes[place], computation.OperandSlots[place]) is { } element)
            {
                _numbers[slot] = ScalarOperand.Of(element);
            }
            else
            {
                _values[slot] = Lower(place);
            }
        }

        _place = -1;
        HashSet<TensorBuffer> taken = [.. Arguments, .. _constants.Select(constant => constant.Buffer)];
        for (var i = 0; i < computation.Results.Length; i++)
        {
            var value = ValueOf(computation.ResultSlots[i], computation.Results[i]);
            if (LiesAsResult(value))
            {
                Results.Add(value.Memory!.Buffer);
                continue;
            }

            var memory = BufferView.RowMajor(value.Shape);
            Results.Add(memory.Buffer);
            if (value.Shape.Size > 0)
            {
                Store(value, memory, Identity(memory.Strides.Length), Act.Store);
            }
        }

        // A tensor that lies in memory of the program exactly as a result should is written to the result's buffer directly.
        bool LiesAsResult(LoweredTensor value) => value.Memory is { } memory
            && value.Constant is null
            && memory.Fills(value.Shape)
            && taken.Add(memory.Buffer);
    }

    /// <summary>Kernels and other steps, in an order in which they can run.</summary>
    public List<IStep> Steps { get; } = [];

    public List<TensorBuffer> Arguments { get; } = [];

    public List<TensorBuffer> Results { get; } = [];

    public IReadOnlyList<(Storage Numbers, TensorBuffer Buffer)> Constants => _constants;

    public static NodeLowering Of(Computation computation) => new(computation);

    /// <summary>Whether a node is computed by kernels or by a product of matrices.</summary>
    private static bool IsComputed(Expr node) =>
        !HasNothing(node)
        && (node.Op.IsElementwise() || node.Primitive is ContractionPrimitive or Reduction { Monoid: not null } or JoinPrimitive);

    private static bool HasNothing(Expr node) => node.Shape.Size == 0 || node.Operands.Any(operand => operand.Shape.Size == 0);

    private static int[] Identity(int rank) => [.. Enumerable.Range(0, rank)];

    private static int SizeOf(Shape shape, ReadOnlySpan<int> axes)
    {
        var size = 1;
        foreach (var axis in axes)
        {
            size *= shape[axis];
        }

        return size;
    }

    private LoweredTensor Lower(int place)
    {
        var node = _computation.Nodes[place];
        var slots = _computation.OperandSlots[place];
        var domains = _domains[_computation.Parameters.Length + place];
        var operands = new LoweredTensor[slots.Length];
        for (var i = 0; i < operands.Length; i++)
        {
            operands[i] = ValueOf(slots[i], node.Operand(i));
        }

        return HasNothing(node) ? Evaluate(node, operands, domains)
            : node.Op.IsElementwise() ? Elementwise(node, operands, domains)
            : node.Primitive switch
            {
                ContractionPrimitive primitive => Contract(primitive.Contraction, operands, domains),
                Reduction { Monoid: { } monoid } reduction => Reduce(node, monoid, reduction, operands[0], domains),
                TakePrimitive primitive => Take(node, primitive.Positions, operands[0], domains),
                View view => See(node, view, operands[0], domains),
                StackingPrimitive primitive => Join(node, primitive, operands, domains),
                ScatterPrimitive primitive => Scatter(node, primitive.Placement, operands, domains),
                _ => Evaluate(node, operands, domains),
            };
    }

    private LoweredTensor ValueOf(int slot, Expr node) => slot == Computation.ConstantSlot
        ? new(node.Shape, [.. node.Shape.Select(length => length == 1 ? -1 : _domains.New())]) { Constant = node.Storage }
        : _values[slot] ??= new(Shape.Scalar, []) { Roles = AxisRoles.Scalar, Scalars = [_numbers[slot]] };

    /// <summary>The value of a scalar. Most nodes of most programs are scalars, so a scalar computed from scalars has no LoweredTensor, only its operand.</summary>
    private ScalarOperand NumberOf(int slot, Expr node) =>
        slot == Computation.ConstantSlot ? ScalarOperand.Of(node.Scalar)
        : _numbers[slot].IsKnown ? _numbers[slot] = NumberOf(_values[slot]!)
        : _numbers[slot];

    private ScalarOperand NumberOf(LoweredTensor value) => value is { Scalars: [var atom] } && value.Roles == AxisRoles.Scalar ? atom : Read(value, Shape.Scalar, AxisRoles.Scalar, [])[0];

    /// <summary>The place in memory of a scalar that is an element of a tensor in memory; null if the node is not such an element.</summary>
    private MemoryReference? ElementOf(Expr node, ReadOnlySpan<int> slots) =>
        node.IsScalar && node.Primitive is SelectionPrimitive part && LayoutKernels.StartOfRun(part.Selection) is { } position
        && slots[0] != Computation.ConstantSlot && _values[slots[0]]?.Memory is { } memory
            ? memory.At(node.Operand(0).Shape, position)
            : null;

    private ScalarOperand OnNumbers(Expr node, ReadOnlySpan<int> slots)
    {
        var operands = _operands.AsSpan(0, slots.Length);
        var earliest = 0;
        for (var i = 0; i < slots.Length; i++)
        {
            operands[i] = NumberOf(slots[i], node.Operand(i));
            earliest = Math.Max(earliest, operands[i].Earliest(KernelSpace.Scalar));
        }

        return Applied(KernelFor(KernelSpace.Scalar, earliest), node, operands);
    }

    private LoweredTensor Elementwise(Expr node, LoweredTensor[] operands, int[] domains)
    {
        var roles = _domains.FittingRolesOf(node.Shape, domains);
        var scalars = new ScalarOperand[operands.Length][];
        for (var i = 0; i < operands.Length; i++)
        {
            scalars[i] = Read(operands[i], node.Shape, roles, AxisMap.Of(node, i));
        }

        var space = roles.Space(node.Shape);
        var results = new ScalarOperand[scalars[0].Length];
        var here = new ScalarOperand[scalars.Length];
        var earliest = Earliest(space, scalars);
        for (var element = 0; element < results.Length; element++)
        {
            for (var i = 0; i < scalars.Length; i++)
            {
                here[i] = scalars[i][element];
            }

            results[element] = Applied(KernelFor(space, earliest), node, here);
        }

        return new(node.Shape, domains) { Roles = roles, Scalars = results };
    }

    /// <summary>Appends an elementwise primitive to a kernel.</summary>
    private static ScalarOperand Applied(Kernel kernel, Expr node, ReadOnlySpan<ScalarOperand> operands)
    {
        var a = operands[0].In(kernel);
        if (node.Op == Op.StopGradient)
        {
            return ScalarOperand.Of(kernel, a);
        }

        // A square equals the product of x with itself to the last bit, and a product is faster than a power.
        if (node.Op == Op.Pow && operands[1] is { IsKnown: true, Number: 2 })
        {
            return ScalarOperand.Of(kernel, kernel.Apply(Op.Multiply, a, a));
        }

        var b = operands.Length > 1 ? operands[1].In(kernel) : 0;
        var c = operands.Length > 2 ? operands[2].In(kernel) : 0;
        return ScalarOperand.Of(kernel, kernel.Apply(node.Op, a, b, c));
    }

    private LoweredTensor Reduce(Expr node, Monoid monoid, Reduction reduction, LoweredTensor operand, int[] domains)
    {
        var roles = operand.Roles ?? _domains.FittingRolesOf(operand.Shape, operand.Domains);
        var scalars = Read(operand, operand.Shape, roles, Identity(operand.Shape.Rank));
        return Fold(monoid, operand.Shape, roles, AxisMap.Folded(reduction.Axes, operand.Shape), node.Shape, domains, Earliest(roles.Space(operand.Shape), scalars), (kernel, elements) => Combined(kernel, monoid.Op, elements, scalars));

        // In pairs, pairs of pairs and so on, so that the combinations do not wait for one another.
        static int Combined(Kernel kernel, Op op, ReadOnlySpan<int> elements, ScalarOperand[] scalars)
        {
            var values = new int[elements.Length];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = scalars[elements[i]].In(kernel);
            }

            for (var count = values.Length; count > 1; count = (count + 1) / 2)
            {
                for (var i = 0; i < count / 2; i++)
                {
                    values[i] = kernel.Apply(op, values[2 * i], values[(2 * i) + 1]);
                }

                if (count % 2 == 1)
                {
                    values[count / 2] = values[count - 1];
                }
            }

            return values[0];
        }
    }

    private delegate int Combine(Kernel kernel, ReadOnlySpan<int> elements);

    /// <summary>Folds axes of an iteration space: first the unrolled ones, in registers; then loops and samples, into memory.</summary>
    /// <param name="monoid">The operation that combines two numbers.</param>
    /// <param name="from">The lengths of the axes of the space.</param>
    /// <param name="roles">The roles of these axes.</param>
    /// <param name="map">The axis of the result for each axis of the space; none if it is folded.</param>
    /// <param name="to">The shape of the result.</param>
    /// <param name="domains">The iteration domains of the result's axes.</param>
    /// <param name="earliest">The first step that can read what is folded.</param>
    /// <param name="combine">Appends to a kernel the combination of the unrolled elements at some positions, and returns its value.</param>
    private LoweredTensor Fold(Monoid monoid, Shape from, AxisRoles roles, int[] map, Shape to, int[] domains, int earliest, Combine combine)
    {
        // The positions among unrolled elements: of those that remain, and of those that are folded into each of them.
        var kept = Array.FindAll(roles.Unrolled, axis => map[axis] != AxisMap.None);
        var folded = Array.FindAll(roles.Unrolled, axis => map[axis] == AxisMap.None);
        var starts = Positions(from, kept, axis => StrideOf(from, roles, axis));
        var inner = Positions(from, folded, axis => StrideOf(from, roles, axis));
        var space = roles.Space(from);
        int Value(Kernel kernel, int element) => combine(kernel, Array.ConvertAll(inner, position => starts[element] + position));

        var outside = roles.Loops.Append(roles.Samples).Where(axis => axis >= 0).ToArray();
        if (Array.TrueForAll(outside, axis => map[axis] != AxisMap.None))
        {
            var results = new ScalarOperand[starts.Length];
            for (var element = 0; element < results.Length; element++)
            {
                var kernel = KernelFor(space, earliest);
                results[element] = ScalarOperand.Of(kernel, Value(kernel, element));
            }

            var unrolled = Enumerable.Range(0, to.Rank).Except(outside.Select(axis => map[axis])).ToArray();
            var becomes = new AxisRoles(domains, roles.Samples < 0 ? -1 : map[roles.Samples], Array.ConvertAll(roles.Loops, axis => map[axis]), unrolled)
            {
                Domains = Renamed(roles, map, domains),
            };
            return new(to, domains) { Roles = becomes, Scalars = results };
        }

        var isFold = roles.Samples >= 0 && map[roles.Samples] == AxisMap.None;
        var samples = isFold || roles.Samples < 0 ? -1 : map[roles.Samples];
        var memory = BufferView.Allocate(to, samples, [.. Identity(to.Rank).Where(axis => axis != samples)]);
        memory.Buffer.Initial = monoid.Neutral;
        var strides = new Dictionary<int, Stride>();
        foreach (var axis in outside.Where(axis => map[axis] != AxisMap.None))
        {
            strides.Add(roles.Domains[axis], memory.Strides[map[axis]]);
        }

        var places = Positions(from, kept, axis => memory.Strides[map[axis]].Elements);
        for (var element = 0; element < starts.Length; element++)
        {
            var kernel = KernelFor(space, earliest);
            kernel.Effect(isFold ? Act.Fold : Act.Accumulate, monoid.Op, Value(kernel, element), new(memory.Buffer, places[element], 0, strides));
        }

        return new(to, domains) { Memory = memory };
    }

    /// <summary>The iteration domains of a result's axes, where axes that are loops or samples of a kernel keep the domains that the kernel has for them.</summary>
    private static int[] Renamed(AxisRoles roles, int[] map, int[] domains)
    {
        int[] renamed = [.. domains];
        for (var axis = 0; axis < map.Length; axis++)
        {
            if (map[axis] != AxisMap.None && roles.IsOutside(axis))
            {
                renamed[map[axis]] = roles.Domains[axis];
            }
        }

        return renamed;
    }

    /// <summary>A kernel over a space that has room and runs at some step or later; a new one at the end if there is none.</summary>
    private Kernel KernelFor(KernelSpace space, int earliest)
    {
        if (!_kernels.TryGetValue(space, out var line))
        {
            _kernels.Add(space, line = new());
        }

        if (line.FirstWithRoom(earliest) is not { } kernel)
        {
            kernel = new(Steps.Count, space);
            line.Add(kernel);
            Steps.Add(kernel);
        }

        kernel.Origin = _place;
        return kernel;
    }

    private static int Earliest(KernelSpace space, params ReadOnlySpan<ScalarOperand[]> scalars)
    {
        var earliest = 0;
        foreach (var list in scalars)
        {
            foreach (var atom in list)
            {
                earliest = Math.Max(earliest, atom.Earliest(space));
            }
        }

        return earliest;
    }

    /// <summary>The elements of a tensor as an iteration space uses them: one scalar operand for each unrolled position of the space.</summary>
    /// <param name="value">The tensor.</param>
    /// <param name="shape">The lengths of the axes of the space.</param>
    /// <param name="roles">The roles of these axes.</param>
    /// <param name="map">The axis of the space for each axis of the tensor; none where the tensor is stretched.</param>
    private ScalarOperand[] Read(LoweredTensor value, Shape shape, AxisRoles roles, int[] map)
    {
        if (value.Constant is { } constant && (constant.IsUniform || constant.Size == 1))
        {
            var everywhere = new ScalarOperand[SizeOf(shape, roles.Unrolled)];
            Array.Fill(everywhere, ScalarOperand.Of(constant[0]));
            return everywhere;
        }

        var axes = new int[shape.Rank];
        Array.Fill(axes, AxisMap.None);
        for (var axis = 0; axis < map.Length; axis++)
        {
            if (map[axis] != AxisMap.None)
            {
                axes[map[axis]] = axis;
            }
        }

        if (value.Scalars is { } scalars && Fits(value, roles, map))
        {
            return Array.ConvertAll(
                Positions(shape, roles.Unrolled, axis => axes[axis] == AxisMap.None ? 0 : StrideOf(value.Shape, value.Roles!, axes[axis])), position => scalars[position]);
        }

        var strides = new Dictionary<int, Stride>();
        var memory = MemoryOf(value);
        foreach (var axis in roles.Loops.Append(roles.Samples))
        {
            if (axis >= 0 && axes[axis] != AxisMap.None)
            {
                strides.Add(roles.Domains[axis], memory.Strides[axes[axis]]);
            }
        }

        var elements = Positions(shape, roles.Unrolled, axis => axes[axis] == AxisMap.None ? 0 : memory.Strides[axes[axis]].Elements);
        var samples = Positions(shape, roles.Unrolled, axis => axes[axis] == AxisMap.None ? 0 : memory.Strides[axes[axis]].Samples);
        var isFixed = value.Constant is not null && strides.Values.All(stride => stride == default);
        return [.. elements.Zip(samples, (element, sample) => isFixed
            ? ScalarOperand.Of(value.Constant![memory.Element + element])
            : ScalarOperand.Of(new MemoryReference(memory.Buffer, memory.Element + element, memory.Sample + sample, strides)))];
    }

    /// <summary>Whether a tensor's kernel has the same loops and the same samples as a space, so that its values can be used there without memory.</summary>
    private static bool Fits(LoweredTensor value, AxisRoles roles, int[] map)
    {
        var own = value.Roles!;

        // What is read through a table can only be read with the samples that the table is for.
        if (own.Samples >= 0 && map[own.Samples] != roles.Samples && Array.Exists(value.Scalars!, atom => atom.Reference?.Table is not null))
        {
            return false;
        }

        for (var axis = 0; axis < map.Length; axis++)
        {
            var isOutside = own.IsOutside(axis);
            if (map[axis] == AxisMap.None ? isOutside : isOutside != roles.IsOutside(map[axis]) || (isOutside && own.Domains[axis] != roles.Domains[map[axis]]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The distance from one position of an axis to the next among the unrolled elements of a tensor.</summary>
    private static int StrideOf(Shape shape, AxisRoles roles, int axis)
    {
        var step = 1;
        for (var i = roles.Unrolled.Length - 1; i >= 0; i--)
        {
            if (roles.Unrolled[i] == axis)
            {
                return step;
            }

            step *= shape[roles.Unrolled[i]];
        }

        return 0;
    }

    /// <summary>The position of each element along some axes, in row-major order of these axes.</summary>
    private static int[] Positions(Shape shape, int[] axes, Func<int, int> step)
    {
        int[] positions = [0];
        foreach (var axis in axes)
        {
            var (length, along) = (shape[axis], step(axis));
            var longer = new int[positions.Length * length];
            for (var i = 0; i < longer.Length; i++)
            {
                longer[i] = positions[i / length] + (i % length * along);
            }

            positions = longer;
        }

        return positions;
    }

    /// <summary>The tensor in memory; it is stored there if it is not yet.</summary>
    /// <param name="value">The tensor.</param>
    /// <param name="outermost">The axis that becomes outermost if the tensor is not in memory yet; −1 for the order that suits its kernel.</param>
    private BufferView MemoryOf(LoweredTensor value, int outermost = -1)
    {
        if (value.Memory is null)
        {
            if (value.Constant is { } constant)
            {
                value.Memory = value.Flat = MemoryOf(constant);
            }
            else
            {
                value.Memory = Room(value.Shape, value.Roles!, outermost);
                Store(value, value.Memory, Identity(value.Shape.Rank), Act.Store);
            }
        }

        return value.Memory;
    }

    private BufferView MemoryOf(Storage constant)
    {
        if (!_constantMemory.TryGetValue(constant, out var memory))
        {
            _constantMemory.Add(constant, memory = BufferView.RowMajor(constant.Shape));
            _constants.Add((constant, memory.Buffer));
        }

        return memory;
    }

    /// <summary>The tensor in memory in row-major order; it is stored so if it is not yet.</summary>
    private BufferView FlatOf(LoweredTensor value)
    {
        if (value.Flat is null)
        {
            if (value.Constant is not null || value.Memory?.IsRowMajor(value.Shape) == true)
            {
                value.Flat = MemoryOf(value);
            }
            else
            {
                value.Flat = BufferView.RowMajor(value.Shape);
                Store(value, value.Flat, Identity(value.Shape.Rank), Act.Store);
            }
        }

        return value.Flat;
    }

    /// <summary>
    /// The first step that may add to a buffer from some sample on. It comes after a kernel that adds to nearby samples of that buffer: within
    /// one kernel, each load of a register would have to wait for the store just before it, which overlaps it.
    /// </summary>
    private int NextAddition(TensorBuffer target, int sample) =>
        target.LastWriter >= 0 && Steps[target.LastWriter] is Kernel kernel
            && kernel.Code.Exists(instruction => instruction.Act == Act.Accumulate && instruction.Access!.Buffer == target && Math.Abs(instruction.Access.Sample - sample) is > 0 and < Nearby)
            ? target.LastWriter + 1
            : target.LastWriter;

    /// <summary>Writes a tensor to memory, or adds it to what is there.</summary>
    /// <param name="value">The tensor.</param>
    /// <param name="target">The memory, starting where the tensor is put.</param>
    /// <param name="map">The axis of the memory for each axis of the tensor.</param>
    /// <param name="act">Whether it is stored or accumulated.</param>
    /// <param name="roles">The roles of its axes in the kernel that writes it; null for the roles in the kernel that computes it.</param>
    /// <param name="table">The position along the axis of the samples where each sample is put; null if they follow one another.</param>
    private void Store(LoweredTensor value, BufferView target, int[] map, Act act, AxisRoles? roles = null, TensorBuffer? table = null)
    {
        roles ??= value.Scalars is null ? _domains.FittingRolesOf(value.Shape, value.Domains) : value.Roles!;
        var scalars = Read(value, value.Shape, roles, Identity(value.Shape.Rank));
        var space = roles.Space(value.Shape);
        var strides = new Dictionary<int, Stride>();
        foreach (var axis in roles.Loops.Append(roles.Samples))
        {
            if (axis >= 0)
            {
                strides.Add(roles.Domains[axis], target.Strides[map[axis]]);
            }
        }

        Stride StrideOf(int axis) => map[axis] == AxisMap.None ? default : target.Strides[map[axis]];
        var elements = Positions(value.Shape, roles.Unrolled, axis => StrideOf(axis).Elements);
        var samples = Positions(value.Shape, roles.Unrolled, axis => StrideOf(axis).Samples);
        var own = Earliest(space, scalars);
        var isInOrder = table is null && roles.Samples >= 0 && target.Strides[map[roles.Samples]] == new Stride(0, 1);
        for (var element = 0; element < scalars.Length; element++)
        {
            var home = scalars[element].Kernel;
            var earliest = act != Act.Accumulate ? own
                : Math.Max(own, isInOrder ? NextAddition(target.Buffer, target.Sample + samples[element]) : target.Buffer.LastWriter);
            var kernel = home?.Index >= earliest && home.Space.Equals(space) ? home : KernelFor(space, earliest);
            kernel.Effect(act, Op.Add, scalars[element].In(kernel), new(target.Buffer, target.Element + elements[element], target.Sample + samples[element], strides, table));
        }
    }
}
