// A function as data: a closed sub-tree. The steps of a loop, the branches of a choice and the functions of custom rules are
// bodies, so that one node of a graph can hold a whole program, and the program can be differentiated, batched and run.

using System.Runtime.InteropServices;
using Autodiff.Functional.Primitives;
using Autodiff.Functional.Sweeps;

namespace Autodiff.Functional.Programs;

/// <summary>
/// Some results as nodes over parameters, which are symbolic leaves, and over nothing else: whatever the function read from
/// outside has become a parameter behind its own. Equal computations are one node.
/// </summary>
internal sealed class Computation
{
    // Sizes beyond this are not told apart.
    private const int LargestSize = 1 << 20;

    private readonly bool[] _uses = new bool[byte.MaxValue];
    private Bytecode? _bytecode;
    private int? _size;
    private bool? _mayFail;
    private bool? _searches;
    private int[][]? _lastReads;

    /// <summary>A body whose results read nothing but the parameters.</summary>
    private Computation(Expr[] parameters, Expr[] results, int expected)
    {
        (Parameters, Results) = (parameters, results);
        var table = new NodeTable(expected);
        foreach (var parameter in parameters)
        {
            table.TryAdd(parameter);
        }

        var slots = new List<int>(expected);
        slots.AddRange(Enumerable.Range(0, parameters.Length));
        int SlotOf(Expr node) => node.Op == Op.Constant ? ConstantSlot : slots[table.Find(node)];
        bool Enters(Expr node)
        {
            var enters = node.Op != Op.Constant && table.TryAdd(node);
            if (enters)
            {
                slots.Add(ConstantSlot);
            }

            return enters;
        }

        var nodes = new List<Expr>(expected);
        var operandSlots = new SlotLists(expected);
        void Visit(Expr node)
        {
            slots[table.Find(node)] = parameters.Length + nodes.Count;
            nodes.Add(node);
            for (var i = 0; i < node.OperandCount; i++)
            {
                operandSlots.Append(SlotOf(node.Operand(i)));
            }

            operandSlots.EndList();
            _uses[(int)node.Op] = true;
        }

        foreach (var result in results)
        {
            PostOrder.Walk(result, Enters, Visit);
        }

        (Nodes, OperandSlots) = ([.. nodes], operandSlots);
        ResultSlots = Array.ConvertAll(results, SlotOf);
    }

    /// <summary>The slot of a constant: none.</summary>
    public const int ConstantSlot = -1;

    /// <summary>The leaves that arguments stand for.</summary>
    public Expr[] Parameters { get; }

    /// <summary>The nodes between parameters and results, operands before what is made of them.</summary>
    public Expr[] Nodes { get; }

    public Expr[] Results { get; }

    /// <summary>For each node where its operands stand: the parameters have the first slots, the nodes those behind them.</summary>
    public SlotLists OperandSlots { get; }

    /// <summary>Where the results stand.</summary>
    public int[] ResultSlots { get; }

    /// <summary>How many nodes there are, with those of the bodies inside, each as often as it stands there.</summary>
    public int Size => _size ??= (int)Math.Min(
        LargestSize, Nodes.Length + Nodes.Sum(node => node.Primitive is ProgramPrimitive program ? program.Computations.Sum(body => (long)body.Size) : 0));

    /// <summary>
    /// Whether running it on numbers that it is not meant for may throw or never end: there is linear algebra, a search, a loop
    /// with a condition, or a primitive of the user's in it, or in a body inside.
    /// </summary>
    public bool MayFail => _mayFail ??= Array.Exists(Nodes, node => node.Primitive is { MayFail: true });

    /// <summary>Whether a solution of equations is searched for in it, or in a body inside.</summary>
    public bool Searches => _searches ??= Uses(Op.Root) || Array.Exists(Nodes, node => node.Primitive is ProgramPrimitive program && program.Computations.Any(body => body.Searches));

    /// <summary>For each node the slots of operands that no later node reads and that are no result: after it they are needed no more.</summary>
    public int[][] LastReads => _lastReads ??= FindLastReads();

    /// <summary>The body as instructions, for running it on numbers.</summary>
    public Bytecode Bytecode => _bytecode ??= new(this);

    /// <summary>A function run on symbolic leaves of the given shapes, and the nodes from outside that it read.</summary>
    public static (Computation Computation, Expr[] Captured) Trace(string operation, Shape[] shapes, Func<Expr[], Expr[]> f)
    {
        var parameters = Array.ConvertAll(shapes, Expr.Parameter);
        var (bodies, captured) = Close(operation, parameters, f(parameters));
        return (bodies[0], captured);
    }

    /// <summary>
    /// Computations of several lists of results over the same parameters: the given ones, and one more for every node from outside
    /// that any of them reads. What does not depend on the given ones stays outside, and is computed once. The bodies have
    /// parameters of their own: those that the user's function has seen are of no use from here on.
    /// </summary>
    /// <param name="operation">What ran a function on the parameters, for errors.</param>
    /// <param name="parameters">The leaves that the function was run on.</param>
    /// <param name="results">What it returned, a list for each body.</param>
    public static (Computation[] Computations, Expr[] Captured) Close(string operation, Expr[] parameters, params Expr[][] results)
    {
        // What this thread made before the parameters cannot depend on them, however much stands under it; nor can what has a
        // value, if they have none.
        var first = parameters[0];
        var haveValues = Array.Exists(parameters, parameter => parameter.IsConcrete);
        var closed = Closed(
            parameters,
            node => (haveValues || !node.IsConcrete) && (node.Maker != first.Maker || node.IsMadeSince(first.SerialNumber)),
            _ => false,
            results);
        foreach (var parameter in parameters)
        {
            parameter.End(operation);
        }

        return closed;
    }

    /// <summary>
    /// Computations of all that this thread has made since a moment, and of what depends on that, over one parameter for every other
    /// node it reads. So what a branch computes is computed only where it is taken.
    /// </summary>
    public static (Computation[] Computations, Expr[] Captured) CloseSince(uint serialNumber, params Expr[][] results) => Closed(
        [],
        node => node.OperandCount > 0 && (node.Maker != Maker.Current || node.IsMadeSince(serialNumber)),
        node => node.IsMadeSince(serialNumber),
        results);

    /// <summary>Computations of what is inside by itself or depends on parameters or what is inside, among the nodes that may.</summary>
    private static (Computation[] Computations, Expr[] Captured) Closed(Expr[] parameters, Func<Expr, bool> mayBeInside, Func<Expr, bool> isInside, Expr[][] results)
    {
        var seen = new NodeTable();
        var isDependent = new List<bool>();
        foreach (var parameter in parameters)
        {
            seen.TryAdd(parameter);
            isDependent.Add(true);
        }

        bool Enters(Expr node)
        {
            var enters = mayBeInside(node) && seen.TryAdd(node);
            if (enters)
            {
                isDependent.Add(false);
            }

            return enters;
        }

        var inside = new List<Expr>();
        void Visit(Expr node)
        {
            var depends = isInside(node);
            for (var i = 0; i < node.OperandCount && !depends; i++)
            {
                depends = seen.Find(node.Operand(i)) is var position and >= 0 && isDependent[position];
            }

            if (depends)
            {
                isDependent[seen.Find(node)] = true;
                inside.Add(node);
            }
        }

        foreach (var list in results)
        {
            foreach (var result in list)
            {
                PostOrder.Walk(result, Enters, Visit);
            }
        }

        var own = Array.ConvertAll(parameters, parameter => Expr.Parameter(parameter.Shape));
        var closure = new Closure(seen, parameters, own, inside);
        var closed = Array.ConvertAll(results, list => Array.ConvertAll(list, closure.Inside));
        Expr[] all = [.. own, .. closure.Parameters];
        return (Array.ConvertAll(closed, list => Over(all, list, all.Length + inside.Count)), [.. closure.Captured]);
    }

    /// <summary>A body whose results read nothing but the parameters, of about so many nodes as are expected.</summary>
    public static Computation Over(Expr[] parameters, Expr[] results, int expected = 32) => new(parameters, results, expected);

    /// <summary>Whether a node is of some primitive.</summary>
    public bool Uses(Op op) => _uses[(int)op];

    /// <summary>Whether a node is of one of some primitives.</summary>
    public bool Uses(Func<Op, bool> family) => Array.Exists(Enum.GetValues<Op>(), op => _uses[(int)op] && family(op));

    /// <summary>Which parameters the results depend on.</summary>
    public bool[] Reads()
    {
        var isRead = new bool[Parameters.Length];
        Mark(OperandSlots.All);
        Mark(ResultSlots);
        return isRead;

        void Mark(ReadOnlySpan<int> slots)
        {
            foreach (var slot in slots)
            {
                if (slot >= 0 && slot < isRead.Length)
                {
                    isRead[slot] = true;
                }
            }
        }
    }

    /// <summary>The results over other expressions in the place of the parameters.</summary>
    public Expr[] Apply(ReadOnlySpan<Expr> arguments)
    {
        var values = new Expr[Parameters.Length + Nodes.Length];
        arguments.CopyTo(values);
        for (var place = 0; place < Nodes.Length; place++)
        {
            var slots = OperandSlots[place];
            var operands = new Expr[slots.Length];
            for (var i = 0; i < operands.Length; i++)
            {
                operands[i] = At(slots[i], Nodes[place].Operand(i));
            }

            values[Parameters.Length + place] = Nodes[place].WithOperands(operands);
        }

        return [.. ResultSlots.Zip(Results, At)];

        Expr At(int slot, Expr constant) => slot == ConstantSlot ? constant : values[slot];
    }

    /// <summary>
    /// Forward mode through the body: a leaf for the tangent of every parameter that moves, and the tangents of the results
    /// over parameters and leaves; null for what does not move.
    /// </summary>
    public (Expr?[] Leaves, Expr?[] Tangents) Tangents(ReadOnlySpan<bool> moves)
    {
        var leaves = new Expr?[Parameters.Length];
        var tangents = new Sensitivity?[Parameters.Length];
        for (var i = 0; i < leaves.Length; i++)
        {
            leaves[i] = moves[i] ? Expr.Parameter(Parameters[i].Shape) : null;
            tangents[i] = leaves[i] is { } leaf ? new(leaf, null) : null;
        }

        return (leaves, Array.ConvertAll(Push(tangents), tangent => tangent?.Value));
    }

    /// <summary>Forward mode through the body: the tangents of the results, given those of the parameters; null for what does not move.</summary>
    public Sensitivity?[] Push(Sensitivity?[] tangents)
    {
        Expr[] variables = [.. Parameters.Where((_, i) => tangents[i] is not null)];
        return variables.Length == 0
            ? new Sensitivity?[Results.Length]
            : ForwardSweep.Run(new ActiveGraph(Results, variables), Array.FindAll(tangents, tangent => tangent is not null));
    }

    /// <summary>
    /// Reverse mode through the body: the cotangents of the wanted parameters, given those of the results; null for the others,
    /// and where nothing flows.
    /// </summary>
    public Sensitivity?[] Pull(bool[] wanted, Sensitivity?[] cotangents)
    {
        var flows = new Sensitivity?[Parameters.Length];
        Expr[] variables = [.. Parameters.Where((_, i) => wanted[i])];
        if (variables.Length > 0)
        {
            var graph = new ActiveGraph(Results, variables);
            var found = ReverseSweep.Run(graph, cotangents, keepGraph: false);
            var next = 0;
            for (var i = 0; i < flows.Length; i++)
            {
                flows[i] = wanted[i] && graph.VariablePlaces[next++] is var place and >= 0 ? found[place] : null;
            }
        }

        return flows;
    }

    /// <summary>
    /// Reverse mode through the body, as a body: from the parameters and a cotangent of every result to the cotangents of the
    /// wanted parameters, zeros where nothing flows.
    /// </summary>
    public Computation Pullback(bool[] wanted)
    {
        var seeds = Array.ConvertAll(Results, result => Expr.Parameter(result.Shape));
        var flows = Pull(wanted, Array.ConvertAll(seeds, seed => (Sensitivity?)new Sensitivity(seed, null)));
        return Over([.. Parameters, .. seeds], [.. Parameters.Zip(flows, (parameter, flow) => flow?.Value ?? Expr.Zeros(parameter.Shape)).Where((_, i) => wanted[i])]);
    }

    private int[][] FindLastReads()
    {
        var isNeeded = new bool[Parameters.Length + Nodes.Length];
        foreach (var slot in ResultSlots)
        {
            if (slot != ConstantSlot)
            {
                isNeeded[slot] = true;
            }
        }

        var lastReads = new int[Nodes.Length][];
        var reads = new List<int>();
        for (var place = Nodes.Length - 1; place >= 0; place--)
        {
            reads.Clear();
            foreach (var slot in OperandSlots[place])
            {
                if (slot != ConstantSlot && !isNeeded[slot])
                {
                    isNeeded[slot] = true;
                    reads.Add(slot);
                }
            }

            lastReads[place] = [.. reads];
        }

        return lastReads;
    }

    /// <summary>Nodes rebuilt over parameters alone: theirs, and those that come to stand for what they read from outside.</summary>
    private sealed class Closure
    {
        private readonly NodeTable _met;
        private readonly List<Expr?> _rebuilt;
        private readonly DistinctNodes _distinct;

        /// <summary>Rebuilds nodes.</summary>
        /// <param name="met">Where each node that has been looked at has a position.</param>
        /// <param name="leaves">The leaves that parameters stand for.</param>
        /// <param name="parameters">The parameters.</param>
        /// <param name="inside">What is rebuilt, operands first.</param>
        public Closure(NodeTable met, Expr[] leaves, Expr[] parameters, List<Expr> inside)
        {
            (_met, _distinct) = (met, new(inside.Count));
            _rebuilt = new(met.Count);
            CollectionsMarshal.SetCount(_rebuilt, met.Count);
            for (var i = 0; i < leaves.Length; i++)
            {
                Add(leaves[i], parameters[i]);
            }

            foreach (var node in inside)
            {
                _rebuilt[_met.Find(node)] ??= Rebuilt(node);
            }
        }

        /// <summary>The nodes from outside, in the order they are first read.</summary>
        public List<Expr> Captured { get; } = [];

        /// <summary>The parameters that stand for them.</summary>
        public List<Expr> Parameters { get; } = [];

        /// <summary>What stands for a node: itself if constant, rebuilt if inside, otherwise a parameter.</summary>
        public Expr Inside(Expr node)
        {
            if (node.Op == Op.Constant)
            {
                return node;
            }

            if (_met.Find(node) is var position and >= 0 && _rebuilt[position] is { } rebuilt)
            {
                return rebuilt;
            }

            var parameter = Expr.Parameter(node.Shape);
            Add(node, parameter);
            Captured.Add(node);
            Parameters.Add(parameter);
            return parameter;
        }

        private void Add(Expr node, Expr rebuilt)
        {
            if (_met.TryAdd(node))
            {
                _rebuilt.Add(null);
            }

            _rebuilt[_met.Find(node)] = rebuilt;
        }

        private Expr Rebuilt(Expr node)
        {
            // The leaf that an inner transform made of its argument is that argument, now that the transform is done.
            if (node.Op == Op.Variable)
            {
                return Inside(node.Operand(0));
            }

            switch (node.OperandCount)
            {
                case 1:
                    return _distinct.FirstLike(Over(node, Inside(node.Operand(0))));
                case 2:
                    return _distinct.FirstLike(Over(node, Inside(node.Operand(0)), Inside(node.Operand(1))));
                default:
                    return _distinct.FirstLike(Over(node, [.. node.Operands.Select(Inside)]));
            }
        }

        private Expr Over(Expr node, params ReadOnlySpan<Expr> operands)
        {
            foreach (var operand in operands)
            {
                if (operand.Op != Op.Constant)
                {
                    return node.Over(operands);
                }
            }

            // A deferred node of constants alone would be computed as soon as the body is applied to anything.
            var parameter = Expr.Parameter(operands[0].Shape);
            Captured.Add(operands[0]);
            Parameters.Add(parameter);
            return node.Over([parameter, .. operands[1..]]);
        }
    }
}
