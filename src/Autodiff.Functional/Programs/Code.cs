// A body as a list of instructions: what runs the steps of a loop on numbers, without making a node for any of them.

using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional.Programs;

/// <summary>
/// Straight-line instructions over numbered slots. The first slots are the parameters; every node of the body has one more.
/// A scalar lives in a slot of doubles, any other tensor in a slot of storages.
/// </summary>
internal sealed class Code
{
    private readonly Instruction[] _instructions;
    private readonly int[] _results;
    private readonly Shape[] _shapes;
    private readonly List<(int Slot, Storage Value)> _constants = [];
    private readonly int _slots;

    public Code(Body body)
    {
        // Constants have slots behind those of the body.
        var count = body.Parameters.Length + body.Nodes.Length;
        int SlotOf(int slot, Expr node)
        {
            if (slot != Body.ConstantSlot)
            {
                return slot;
            }

            _constants.Add((count, node.Storage));
            return count++;
        }

        _instructions = new Instruction[body.Nodes.Length];
        for (var i = 0; i < _instructions.Length; i++)
        {
            var node = body.Nodes[i];
            _instructions[i] = new(node, [.. body.OperandSlots[i].ToArray().Zip(node.Operands, SlotOf)], body.Parameters.Length + i);
        }

        _results = [.. body.ResultSlots.Zip(body.Results, SlotOf)];
        _shapes = Array.ConvertAll(body.Results, result => result.Shape);
        _slots = count;
        MarkLastReads(body.Parameters.Length);
    }

    /// <summary>Room for one run after another: slots with the constants in them.</summary>
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
        foreach (ref readonly var instruction in _instructions.AsSpan())
        {
            switch (instruction.Kind)
            {
                case Kind.Add:
                    numbers[instruction.Target] = numbers[instruction.First] + numbers[instruction.Second];
                    break;
                case Kind.Subtract:
                    numbers[instruction.Target] = numbers[instruction.First] - numbers[instruction.Second];
                    break;
                case Kind.Multiply:
                    numbers[instruction.Target] = numbers[instruction.First] * numbers[instruction.Second];
                    break;
                case Kind.Unary:
                    numbers[instruction.Target] = ScalarKernels.Apply(instruction.Op, numbers[instruction.First]);
                    break;
                case Kind.Binary:
                    numbers[instruction.Target] = ScalarKernels.Apply(instruction.Op, numbers[instruction.First], numbers[instruction.Second]);
                    break;
                case Kind.Ternary:
                    numbers[instruction.Target] = ScalarKernels.Apply(instruction.Op, numbers[instruction.First], numbers[instruction.Second], numbers[instruction.Third]);
                    break;
                case Kind.Element:
                    numbers[instruction.Target] = frame.Tensors[instruction.First]![instruction.Second];
                    break;
                case Kind.Vector:
                    frame.Tensors[instruction.Target] = VectorOf(instruction, numbers);
                    break;
                default:
                    Evaluate(instruction, frame);
                    break;
            }

            foreach (var slot in instruction.LastReads)
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

    private static Storage VectorOf(in Instruction instruction, double[] numbers)
    {
        var vector = Storage.Uninitialized(instruction.Shape, out var elements);
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = numbers[instruction.Operands[i]];
        }

        return vector;
    }

    private static void Evaluate(in Instruction instruction, Frame frame)
    {
        var values = new Storage[instruction.Operands.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = frame.Get(instruction.Operands[i], instruction.AreScalars[i]);
        }

        frame.Set(instruction.Target, Evaluator.Evaluate(instruction.Op, instruction.Attribute, instruction.Shape, values));
    }

    /// <summary>A tensor's slot is emptied after the last instruction that reads it, so that its memory may be used again.</summary>
    private void MarkLastReads(int parameters)
    {
        var kept = new HashSet<int>(_results.Concat(_constants.Select(constant => constant.Slot)));
        for (var i = _instructions.Length - 1; i >= 0; i--)
        {
            ref var instruction = ref _instructions[i];
            var reads = new List<int>();
            for (var operand = 0; operand < instruction.Operands.Length; operand++)
            {
                var slot = instruction.Operands[operand];
                if (slot >= parameters && !instruction.AreScalars[operand] && kept.Add(slot))
                {
                    reads.Add(slot);
                }
            }

            instruction.LastReads = [.. reads];
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

        /// <summary>One element of a tensor; the second operand is its position.</summary>
        Element,

        /// <summary>Scalars as a vector.</summary>
        Vector,

        /// <summary>Whatever the evaluator does.</summary>
        Tensor,
    }

    private struct Instruction
    {
        public Instruction(Expr node, int[] operands, int target)
        {
            (Op, Attribute, Shape, Operands, Target) = (node.Op, node.Attribute, node.Shape, operands, target);
            AreScalars = [.. node.Operands.Select(operand => operand.IsScalar)];
            First = operands[0];
            Second = operands.Length > 1 ? operands[1] : 0;
            Third = operands.Length > 2 ? operands[2] : 0;
            var areNumbers = Array.TrueForAll(AreScalars, isScalar => isScalar);
            Kind = Kind.Tensor;
            if (node.Op.IsElementwise() && node.IsScalar)
            {
                Kind = node.Op switch
                {
                    Op.Add => Kind.Add,
                    Op.Subtract => Kind.Subtract,
                    Op.Multiply => Kind.Multiply,
                    _ when operands.Length == 1 => Kind.Unary,
                    _ when operands.Length == 2 => Kind.Binary,
                    _ => Kind.Ternary,
                };
            }
            else if (node.Op == Op.Stack && areNumbers)
            {
                Kind = Kind.Vector;
            }
            else if (node.IsScalar && !AreScalars[0] && Evaluation.LayoutKernels.StartOfRun(node.Attribute as Selection) is { } position)
            {
                (Kind, Second) = (Kind.Element, position);
            }
        }

        public Op Op { get; }

        public object? Attribute { get; }

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

/// <summary>The slots of one run.</summary>
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
