// A computation as a list of equations, one for each node. It evaluates the computation on numbers (the steps of a loop, for example) without making nodes.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional.Programs;

/// <summary>
/// Straight-line equations over numbered slots; each equation gives one slot its value. The first slots are the parameters, the next ones the nodes of the
/// computation, the last ones its constants. The value of a scalar is kept in an array of doubles, that of any other tensor in an array of storages.
/// </summary>
internal sealed class Bytecode
{
    private readonly Equation[] _equations;
    private readonly int[] _results;
    private readonly Shape[] _shapes;
    private readonly List<(int Slot, Storage Value)> _constants = [];
    private readonly int _slots;

    public Bytecode(Computation computation)
    {
        // Constants have the slots after those of the nodes.
        var count = computation.Parameters.Length + computation.Nodes.Length;
        int SlotOf(int slot, Expr node)
        {
            if (slot != Computation.ConstantSlot)
            {
                return slot;
            }

            _constants.Add((count, node.Storage));
            return count++;
        }

        _equations = new Equation[computation.Nodes.Length];
        for (var i = 0; i < _equations.Length; i++)
        {
            var node = computation.Nodes[i];
            _equations[i] = new(node, [.. computation.OperandSlots[i].ToArray().Zip(node.Operands, SlotOf)], computation.Parameters.Length + i);
        }

        _results = [.. computation.ResultSlots.Zip(computation.Results, SlotOf)];
        _shapes = Array.ConvertAll(computation.Results, result => result.Shape);
        _slots = count;
        MarkLastReads(computation.Parameters.Length);
    }

    /// <summary>New slots, with the constants in place. They can be used for any number of runs, one after another.</summary>
    public Frame NewFrame()
    {
        var frame = new Frame(_slots);
        foreach (var (slot, value) in _constants)
        {
            frame.Set(slot, value);
        }

        return frame;
    }

    /// <summary>Computes the results from the parameters in the first slots.</summary>
    public void Run(Frame frame)
    {
        var numbers = frame.Numbers;
        foreach (ref readonly var equation in _equations.AsSpan())
        {
            switch (equation.Kind)
            {
                case Kind.Add:
                    numbers[equation.Target] = numbers[equation.First] + numbers[equation.Second];
                    break;
                case Kind.Subtract:
                    numbers[equation.Target] = numbers[equation.First] - numbers[equation.Second];
                    break;
                case Kind.Multiply:
                    numbers[equation.Target] = numbers[equation.First] * numbers[equation.Second];
                    break;
                case Kind.Unary:
                    numbers[equation.Target] = ElementwiseTable.Value(equation.Op, numbers[equation.First]);
                    break;
                case Kind.Binary:
                    numbers[equation.Target] = ElementwiseTable.Value(equation.Op, numbers[equation.First], numbers[equation.Second]);
                    break;
                case Kind.Ternary:
                    numbers[equation.Target] = ElementwiseTable.Value(equation.Op, numbers[equation.First], numbers[equation.Second], numbers[equation.Third]);
                    break;
                case Kind.Element:
                    numbers[equation.Target] = frame.Tensors[equation.First]![equation.Second];
                    break;
                case Kind.Vector:
                    frame.Tensors[equation.Target] = VectorOf(equation, numbers);
                    break;
                default:
                    Evaluate(equation, frame);
                    break;
            }

            foreach (var slot in equation.LastReads)
            {
                frame.Tensors[slot] = null;
            }
        }
    }

    /// <summary>The results of one run on some arguments.</summary>
    public Storage[] Run(ReadOnlySpan<Storage> arguments)
    {
        var frame = NewFrame();
        for (var i = 0; i < arguments.Length; i++)
        {
            frame.Set(i, arguments[i]);
        }

        Run(frame);
        var results = new Storage[_results.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = Result(frame, i);
        }

        return results;
    }

    /// <summary>A result of the latest run.</summary>
    public Storage Result(Frame frame, int index) => frame.Get(_results[index], _shapes[index].IsScalar);

    /// <summary>A scalar result of the latest run.</summary>
    public double Number(Frame frame, int index) => frame.Numbers[_results[index]];

    private static Storage VectorOf(in Equation equation, double[] numbers)
    {
        var vector = Storage.Uninitialized(equation.Shape, out var elements);
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = numbers[equation.Operands[i]];
        }

        return vector;
    }

    private static void Evaluate(in Equation equation, Frame frame)
    {
        var values = new Storage[equation.Operands.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = frame.Get(equation.Operands[i], equation.AreScalars[i]);
        }

        frame.Set(equation.Target, equation.Primitive is { } primitive ? primitive.Evaluate(equation.Shape, values) : Evaluator.Evaluate(equation.Op, equation.Shape, values));
    }

    /// <summary>
    /// Finds, for each equation, the tensor slots that it is the last one to read: they are emptied after it, so that their memory can be
    /// reclaimed.
    /// </summary>
    private void MarkLastReads(int parameters)
    {
        var kept = new HashSet<int>(_results.Concat(_constants.Select(constant => constant.Slot)));
        for (var i = _equations.Length - 1; i >= 0; i--)
        {
            ref var equation = ref _equations[i];
            var reads = new List<int>();
            for (var operand = 0; operand < equation.Operands.Length; operand++)
            {
                var slot = equation.Operands[operand];
                if (slot >= parameters && !equation.AreScalars[operand] && kept.Add(slot))
                {
                    reads.Add(slot);
                }
            }

            equation.LastReads = [.. reads];
        }
    }

    private enum Kind
    {
        Add,
        Subtract,
        Multiply,
        Unary,
        Binary,
        Ternary,

        /// <summary>One element of a tensor; <see cref="Equation.Second"/> is its position.</summary>
        Element,

        /// <summary>A vector of scalar operands.</summary>
        Vector,

        /// <summary>Any other node: its primitive, or the evaluator, computes it.</summary>
        Tensor,
    }

    private struct Equation
    {
        public Equation(Expr node, int[] operands, int target)
        {
            (Op, Primitive, Shape, Operands, Target) = (node.Op, node.Primitive, node.Shape, operands, target);
            AreScalars = [.. node.Operands.Select(operand => operand.IsScalar)];
            First = operands[0];
            Second = operands.Length > 1 ? operands[1] : 0;
            Third = operands.Length > 2 ? operands[2] : 0;
            var areNumbers = Array.TrueForAll(AreScalars, isScalar => isScalar);
            Kind = Kind.Tensor;
            if (node.IsOnNumbers)
            {
                Kind = node.Op == Op.Add ? Kind.Add : node.Op == Op.Subtract ? Kind.Subtract : node.Op == Op.Multiply ? Kind.Multiply
                    : operands.Length == 1 ? Kind.Unary : operands.Length == 2 ? Kind.Binary : Kind.Ternary;
            }
            else if (node.Primitive is StackPrimitive && areNumbers)
            {
                Kind = Kind.Vector;
            }
            else if (node.IsScalar && !AreScalars[0] && LayoutKernels.StartOfRun((node.Primitive as SelectionPrimitive)?.Selection) is { } position)
            {
                (Kind, Second) = (Kind.Element, position);
            }
        }

        public Op Op { get; }

        public NodePrimitive? Primitive { get; }

        public Shape Shape { get; }

        public int[] Operands { get; }

        public bool[] AreScalars { get; }

        public Kind Kind { get; }

        public int First { get; }

        public int Second { get; }

        public int Third { get; }

        public int Target { get; }

        public int[] LastReads { get; set; } = [];
    }
}

/// <summary>The values of the slots during a run: doubles for scalars, storages for other tensors.</summary>
internal sealed class Frame(int slots)
{
    public double[] Numbers { get; } = new double[slots];

    public Storage?[] Tensors { get; } = new Storage?[slots];

    public void Set(int slot, Storage value)
    {
        if (value.Shape.IsScalar)
        {
            Numbers[slot] = value[0];
        }
        else
        {
            Tensors[slot] = value;
        }
    }

    public Storage Get(int slot, bool isScalar) => isScalar ? Storage.Scalar(Numbers[slot]) : Tensors[slot]!;
}
