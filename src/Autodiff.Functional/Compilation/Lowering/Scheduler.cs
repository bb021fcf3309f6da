// From a body to a program: which kernel computes which elements, what lies in memory between them, and what is done by a step of
// its own. Every node is looked at once, operands first; nothing is computed twice.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Compilation.Runtime;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Primitives;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Lowering;

/// <summary>Puts the nodes of a body into kernels and other steps.</summary>
internal sealed partial class Scheduler
{
    // A contraction of more products than this for a sample is no straight-line code.
    private const int MostProducts = 256;

    // Numbers so near each other are written and read in turn.
    private const int Nearby = 64;

    private readonly Computation _body;
    private readonly IterationDomains _classes;
    private readonly LoweredTensor?[] _values;
    private readonly ScalarOperand[] _numbers;
    private readonly ScalarOperand[] _operands = new ScalarOperand[3];
    private readonly Dictionary<KernelSpace, KernelLine> _kernels = [];
    private readonly List<(Storage Numbers, TensorBuffer Buffer)> _constants = [];
    private readonly Dictionary<Storage, BufferView> _constantMemory = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<int[], TensorBuffer> _tables = [];
    private readonly Dictionary<Loop, List<LoopStep>> _loops = [];

    private Scheduler(Computation body)
    {
        _body = body;
        _classes = new(body, IsComputed);
        _values = new LoweredTensor?[body.Parameters.Length + body.Nodes.Length];
        _numbers = new ScalarOperand[_values.Length];
        for (var i = 0; i < body.Parameters.Length; i++)
        {
            var memory = BufferView.RowMajor(body.Parameters[i].Shape);
            Arguments.Add(memory.Buffer);
            _values[i] = new(body.Parameters[i].Shape, _classes[i]) { Memory = memory, Flat = memory };
        }

        for (var place = 0; place < body.Nodes.Length; place++)
        {
            var slot = body.Parameters.Length + place;
            if (body.Nodes[place].IsOnNumbers)
            {
                _numbers[slot] = OnNumbers(body.Nodes[place], body.OperandSlots[place]);
            }
            else if (ElementOf(body.Nodes[place], body.OperandSlots[place]) is { } element)
            {
                _numbers[slot] = ScalarOperand.Of(element);
            }
            else
            {
                _values[slot] = Schedule(place);
            }
        }

        HashSet<TensorBuffer> taken = [.. Arguments, .. _constants.Select(constant => constant.Buffer)];
        for (var i = 0; i < body.Results.Length; i++)
        {
            var value = ValueOf(body.ResultSlots[i], body.Results[i]);
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

        // What lies in memory of the program as a result should is computed where the result is wanted.
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

    public static Scheduler Of(Computation body) => new(body);

    /// <summary>Whether kernels compute a node, or a product of matrices does.</summary>
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

    private LoweredTensor Schedule(int place)
    {
        var node = _body.Nodes[place];
        var slots = _body.OperandSlots[place];
        var classes = _classes[_body.Parameters.Length + place];
        var operands = new LoweredTensor[slots.Length];
        for (var i = 0; i < operands.Length; i++)
        {
            operands[i] = ValueOf(slots[i], node.Operand(i));
        }

        return HasNothing(node) ? Evaluate(node, operands, classes)
            : node.Op.IsElementwise() ? Elementwise(node, operands, classes)
            : node.Primitive switch
            {
                ContractionPrimitive primitive => Contract(primitive.Contraction, operands, classes),
                Reduction { Monoid: { } monoid } reduction => Reduce(node, monoid, reduction, operands[0], classes),
                TakePrimitive primitive => Take(node, primitive.Positions, operands[0], classes),
                View view => See(node, view, operands[0], classes),
                StackingPrimitive primitive => Join(node, primitive, operands, classes),
                ScatterPrimitive primitive => Scatter(node, primitive.Placement, operands, classes),
                _ => Evaluate(node, operands, classes),
            };
    }

    private LoweredTensor ValueOf(int slot, Expr node) => slot == Computation.ConstantSlot
        ? new(node.Shape, [.. node.Shape.Select(length => length == 1 ? -1 : _classes.New())]) { Constant = node.Storage }
        : _values[slot] ??= new(Shape.Scalar, []) { Roles = AxisRoles.OfNumbers, Atoms = [_numbers[slot]] };

    /// <summary>A scalar as a number, which is what most programs have most of: nothing else is kept of what is computed from numbers.</summary>
    private ScalarOperand NumberOf(int slot, Expr node) =>
        slot == Computation.ConstantSlot ? ScalarOperand.Of(node.Scalar)
        : _numbers[slot].IsKnown ? _numbers[slot] = NumberOf(_values[slot]!)
        : _numbers[slot];

    private ScalarOperand NumberOf(LoweredTensor value) => value is { Atoms: [var atom] } && value.Roles == AxisRoles.OfNumbers ? atom : Read(value, Shape.Scalar, AxisRoles.OfNumbers, [])[0];

    /// <summary>A number that is an element of a tensor in memory; null if a node is none.</summary>
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
            earliest = Math.Max(earliest, operands[i].Earliest(KernelSpace.OfNumbers));
        }

        return Applied(KernelFor(KernelSpace.OfNumbers, earliest), node, operands);
    }

    private LoweredTensor Elementwise(Expr node, LoweredTensor[] operands, int[] classes)
    {
        var roles = _classes.FittingRolesOf(node.Shape, classes);
        var atoms = new ScalarOperand[operands.Length][];
        for (var i = 0; i < operands.Length; i++)
        {
            atoms[i] = Read(operands[i], node.Shape, roles, AxisMap.Of(node, i));
        }

        var space = roles.Space(node.Shape);
        var results = new ScalarOperand[atoms[0].Length];
        var here = new ScalarOperand[atoms.Length];
        var earliest = Earliest(space, atoms);
        for (var element = 0; element < results.Length; element++)
        {
            for (var i = 0; i < atoms.Length; i++)
            {
                here[i] = atoms[i][element];
            }

            results[element] = Applied(KernelFor(space, earliest), node, here);
        }

        return new(node.Shape, classes) { Roles = roles, Atoms = results };
    }

    /// <summary>An elementwise primitive in a kernel.</summary>
    private static ScalarOperand Applied(Kernel kernel, Expr node, ReadOnlySpan<ScalarOperand> operands)
    {
        var a = operands[0].In(kernel);
        if (node.Op == Op.StopGradient)
        {
            return ScalarOperand.Of(kernel, a);
        }

        // A square is a product, to the last bit.
        if (node.Op == Op.Pow && operands[1] is { IsKnown: true, Number: 2 })
        {
            return ScalarOperand.Of(kernel, kernel.Apply(Op.Multiply, a, a));
        }

        var b = operands.Length > 1 ? operands[1].In(kernel) : 0;
        var c = operands.Length > 2 ? operands[2].In(kernel) : 0;
        return ScalarOperand.Of(kernel, kernel.Apply(node.Op, a, b, c));
    }

    private LoweredTensor Reduce(Expr node, Monoid monoid, Reduction reduction, LoweredTensor operand, int[] classes)
    {
        var roles = operand.Roles ?? _classes.FittingRolesOf(operand.Shape, operand.Classes);
        var atoms = Read(operand, operand.Shape, roles, Identity(operand.Shape.Rank));
        return Fold(monoid, operand.Shape, roles, AxisMap.Folded(reduction.Axes, operand.Shape), node.Shape, classes, Earliest(roles.Space(operand.Shape), atoms), (kernel, elements) => Combined(kernel, monoid.Op, elements, atoms));

        // In pairs, pairs of pairs and so on.
        static int Combined(Kernel kernel, Op op, ReadOnlySpan<int> elements, ScalarOperand[] atoms)
        {
            var values = new int[elements.Length];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = atoms[elements[i]].In(kernel);
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

    /// <summary>Folds axes of a space away: first those that are unrolled, in registers; then loops and samples, into memory.</summary>
    /// <param name="monoid">What combines two numbers.</param>
    /// <param name="from">The lengths of the axes of the space.</param>
    /// <param name="roles">What they are.</param>
    /// <param name="map">For each the axis of the result; none if it is folded.</param>
    /// <param name="to">The shape of the result.</param>
    /// <param name="classes">The classes of its axes.</param>
    /// <param name="earliest">The first step that can read what is folded.</param>
    /// <param name="combine">The value that the elements at some positions among the unrolled ones are combined to.</param>
    private LoweredTensor Fold(Monoid monoid, Shape from, AxisRoles roles, int[] map, Shape to, int[] classes, int earliest, Combine combine)
    {
        // Positions among unrolled elements: of those that remain, and of those that are folded into each.
        var kept = Array.FindAll(roles.Unrolled, axis => map[axis] != AxisMap.None);
        var folded = Array.FindAll(roles.Unrolled, axis => map[axis] == AxisMap.None);
        var starts = Positions(from, kept, axis => StepOf(from, roles, axis));
        var inner = Positions(from, folded, axis => StepOf(from, roles, axis));
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
            var becomes = new AxisRoles(classes, roles.Samples < 0 ? -1 : map[roles.Samples], Array.ConvertAll(roles.Loops, axis => map[axis]), unrolled)
            {
                Classes = Renamed(roles, map, classes),
            };
            return new(to, classes) { Roles = becomes, Atoms = results };
        }

        var isFold = roles.Samples >= 0 && map[roles.Samples] == AxisMap.None;
        var samples = isFold || roles.Samples < 0 ? -1 : map[roles.Samples];
        var memory = BufferView.Allocate(to, samples, [.. Identity(to.Rank).Where(axis => axis != samples)]);
        memory.Buffer.Initial = monoid.Neutral;
        var steps = new Dictionary<int, Stride>();
        foreach (var axis in outside.Where(axis => map[axis] != AxisMap.None))
        {
            steps.Add(roles.Classes[axis], memory.Strides[map[axis]]);
        }

        var places = Positions(from, kept, axis => memory.Strides[map[axis]].Elements);
        for (var element = 0; element < starts.Length; element++)
        {
            var kernel = KernelFor(space, earliest);
            kernel.Effect(isFold ? Act.Fold : Act.Accumulate, monoid.Op, Value(kernel, element), new(memory.Buffer, places[element], 0, steps));
        }

        return new(to, classes) { Memory = memory };
    }

    /// <summary>The classes of a result's axes, with those of a kernel's loops as the kernel knows them.</summary>
    private static int[] Renamed(AxisRoles roles, int[] map, int[] classes)
    {
        int[] renamed = [.. classes];
        for (var axis = 0; axis < map.Length; axis++)
        {
            if (map[axis] != AxisMap.None && roles.IsOutside(axis))
            {
                renamed[map[axis]] = roles.Classes[axis];
            }
        }

        return renamed;
    }

    /// <summary>A kernel of a space that runs at some step or later, and has room.</summary>
    private Kernel KernelFor(KernelSpace space, int earliest)
    {
        if (!_kernels.TryGetValue(space, out var line))
        {
            _kernels.Add(space, line = new());
        }

        if (line.FirstWithRoom(earliest) is { } kernel)
        {
            return kernel;
        }

        kernel = new(Steps.Count, space);
        line.Add(kernel);
        Steps.Add(kernel);
        return kernel;
    }

    private static int Earliest(KernelSpace space, params ReadOnlySpan<ScalarOperand[]> atoms)
    {
        var earliest = 0;
        foreach (var list in atoms)
        {
            foreach (var atom in list)
            {
                earliest = Math.Max(earliest, atom.Earliest(space));
            }
        }

        return earliest;
    }

    /// <summary>The elements of a tensor as they are used in a space: for each unrolled element of the space the one that stands there.</summary>
    /// <param name="value">The tensor.</param>
    /// <param name="shape">The lengths of the axes of the space.</param>
    /// <param name="roles">What they are.</param>
    /// <param name="map">For each axis of the tensor that of the space; none where it is stretched.</param>
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

        if (value.Atoms is { } atoms && Fits(value, roles, map))
        {
            return Array.ConvertAll(
                Positions(shape, roles.Unrolled, axis => axes[axis] == AxisMap.None ? 0 : StepOf(value.Shape, value.Roles!, axes[axis])), position => atoms[position]);
        }

        var steps = new Dictionary<int, Stride>();
        var memory = MemoryOf(value);
        foreach (var axis in roles.Loops.Append(roles.Samples))
        {
            if (axis >= 0 && axes[axis] != AxisMap.None)
            {
                steps.Add(roles.Classes[axis], memory.Strides[axes[axis]]);
            }
        }

        var elements = Positions(shape, roles.Unrolled, axis => axes[axis] == AxisMap.None ? 0 : memory.Strides[axes[axis]].Elements);
        var samples = Positions(shape, roles.Unrolled, axis => axes[axis] == AxisMap.None ? 0 : memory.Strides[axes[axis]].Samples);
        var isFixed = value.Constant is not null && steps.Values.All(step => step == default);
        return [.. elements.Zip(samples, (element, sample) => isFixed
            ? ScalarOperand.Of(value.Constant![memory.Element + element])
            : ScalarOperand.Of(new MemoryReference(memory.Buffer, memory.Element + element, memory.Sample + sample, steps)))];
    }

    /// <summary>Whether the loops and lanes of a tensor's kernel are those of a space.</summary>
    private static bool Fits(LoweredTensor value, AxisRoles roles, int[] map)
    {
        var own = value.Roles!;

        // What is read by a table is read along samples.
        if (own.Samples >= 0 && map[own.Samples] != roles.Samples && Array.Exists(value.Atoms!, atom => atom.Reference?.Table is not null))
        {
            return false;
        }

        for (var axis = 0; axis < map.Length; axis++)
        {
            var isOutside = own.IsOutside(axis);
            if (map[axis] == AxisMap.None ? isOutside : isOutside != roles.IsOutside(map[axis]) || (isOutside && own.Classes[axis] != roles.Classes[map[axis]]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The step along an axis among the unrolled elements of a tensor.</summary>
    private static int StepOf(Shape shape, AxisRoles roles, int axis)
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

    /// <summary>The position of each element along some axes, in row-major order.</summary>
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

    /// <summary>A tensor in memory.</summary>
    /// <param name="value">The tensor.</param>
    /// <param name="outermost">The axis that is outermost if it is not in memory yet; −1 for the one that suits its kernel.</param>
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

    /// <summary>A tensor in memory in row-major order.</summary>
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
    /// The first step that may add to memory from some sample on. It comes after a kernel that adds from one nearby: in one kernel, each
    /// register would wait for what was written of it just before.
    /// </summary>
    private int NextAddition(TensorBuffer target, int sample) =>
        target.LastWriter >= 0 && Steps[target.LastWriter] is Kernel kernel
            && kernel.Code.Exists(instruction => instruction.Act == Act.Accumulate && instruction.Access!.Buffer == target && Math.Abs(instruction.Access.Sample - sample) is > 0 and < Nearby)
            ? target.LastWriter + 1
            : target.LastWriter;

    /// <summary>Writes a tensor to memory, or adds it to what is there.</summary>
    /// <param name="value">The tensor.</param>
    /// <param name="target">The memory; where the tensor starts in it.</param>
    /// <param name="map">For each axis of the tensor that of the memory.</param>
    /// <param name="act">What is done.</param>
    /// <param name="roles">What its axes are to the kernel that does it; null for what they are to the one that computes it.</param>
    /// <param name="table">Where along its samples each is put; null if one after another.</param>
    private void Store(LoweredTensor value, BufferView target, int[] map, Act act, AxisRoles? roles = null, TensorBuffer? table = null)
    {
        roles ??= value.Atoms is null ? _classes.FittingRolesOf(value.Shape, value.Classes) : value.Roles!;
        var atoms = Read(value, value.Shape, roles, Identity(value.Shape.Rank));
        var space = roles.Space(value.Shape);
        var steps = new Dictionary<int, Stride>();
        foreach (var axis in roles.Loops.Append(roles.Samples))
        {
            if (axis >= 0)
            {
                steps.Add(roles.Classes[axis], target.Strides[map[axis]]);
            }
        }

        Stride StrideOf(int axis) => map[axis] == AxisMap.None ? default : target.Strides[map[axis]];
        var elements = Positions(value.Shape, roles.Unrolled, axis => StrideOf(axis).Elements);
        var samples = Positions(value.Shape, roles.Unrolled, axis => StrideOf(axis).Samples);
        var own = Earliest(space, atoms);
        var isInOrder = table is null && roles.Samples >= 0 && target.Strides[map[roles.Samples]] == new Stride(0, 1);
        for (var element = 0; element < atoms.Length; element++)
        {
            var home = atoms[element].Kernel;
            var earliest = act != Act.Accumulate ? own
                : Math.Max(own, isInOrder ? NextAddition(target.Buffer, target.Sample + samples[element]) : target.Buffer.LastWriter);
            var kernel = home?.Index >= earliest && home.Space.Equals(space) ? home : KernelFor(space, earliest);
            kernel.Effect(act, Op.Add, atoms[element].In(kernel), new(target.Buffer, target.Element + elements[element], target.Sample + samples[element], steps, table));
        }
    }
}
