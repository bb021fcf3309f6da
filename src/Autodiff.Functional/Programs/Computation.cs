// A function as data: a graph that reads nothing but its parameters. The step of a loop, the branches of a choice and the functions of
// custom rules are computations, so one node of a graph can hold a whole program, which can be differentiated, batched and run.

using System.Numerics;
using System.Runtime.InteropServices;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Primitives;
using Autodiff.Functional.Sweeps;

namespace Autodiff.Functional.Programs;

/// <summary>
/// Results as nodes over parameters, which are symbolic leaves, and over nothing else: each node that the function read from
/// outside has become a further parameter after the function's own. Equal nodes are one node.
/// </summary>
internal sealed class Computation
{
    // The largest value of Size, in nodes. Nested computations are counted as often as they occur, so the true count may overflow an int;
    // any computation with more nodes reports this size.
    private const int LargestSize = 1 << 20;

    private readonly bool[] _uses = new bool[byte.MaxValue];
    private Bytecode? _bytecode;
    private int? _size;
    private bool? _mayFail;
    private bool? _searches;
    private int[][]? _lastReads;

    /// <summary>A computation whose results read nothing but the parameters.</summary>
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

    /// <summary>Stands for a constant in lists of slots: constants have no slot.</summary>
    public const int ConstantSlot = -1;

    /// <summary>The leaves that stand for the arguments.</summary>
    public Expr[] Parameters { get; }

    /// <summary>All nodes that the results are made of, in an order in which operands come first; without parameters and constants.</summary>
    public Expr[] Nodes { get; }

    public Expr[] Results { get; }

    /// <summary>The slots of the operands of each node: the parameters have the first slots, the nodes the following ones, both in order.</summary>
    public SlotLists OperandSlots { get; }

    /// <summary>The slots of the results.</summary>
    public int[] ResultSlots { get; }

    /// <summary>The number of nodes, including those of nested computations, each counted as often as it occurs; at most 2²⁰.</summary>
    public int Size => _size ??= (int)Math.Min(
        LargestSize, Nodes.Length + Nodes.Sum(node => node.Primitive is ProgramPrimitive program ? program.Computations.Sum(computation => (long)computation.Size) : 0));

    /// <summary>
    /// Whether running it on numbers that it is not meant for may throw or never end: it, or a nested computation, contains linear algebra,
    /// a search, a loop with a condition, or a primitive that the user defined.
    /// </summary>
    public bool MayFail => _mayFail ??= Array.Exists(Nodes, node => node.Primitive is { MayFail: true });

    /// <summary>Whether it, or a nested computation, searches for a solution of equations.</summary>
    public bool Searches => _searches ??= Uses(Op.Root) || Array.Exists(Nodes, node => node.Primitive is ProgramPrimitive program && program.Computations.Any(computation => computation.Searches));

    /// <summary>
    /// For each node the slots of its operands that no later node reads and that are no result: their values are not needed after the node.
    /// </summary>
    public int[][] LastReads => _lastReads ??= FindLastReads();

    /// <summary>The computation as bytecode, which runs it on numbers.</summary>
    public Bytecode Bytecode => _bytecode ??= new(this);

    /// <summary>
    /// Traces a function: runs it on symbolic leaves of the given shapes. Returns it as a computation, with the nodes from outside that it
    /// read.
    /// </summary>
    public static (Computation Computation, Expr[] Captured) Trace(string operation, Shape[] shapes, Func<Expr[], Expr[]> f)
    {
        var parameters = Array.ConvertAll(shapes, Expr.Parameter);
        var (computations, captured) = Close(operation, parameters, f(parameters));
        return (computations[0], captured);
    }

    /// <summary>
    /// Computations of several lists of results over the same parameters: the given ones, and one more for every node from outside
    /// that any of them reads. A node that does not depend on the given parameters stays outside and is computed once. The computations
    /// get new parameters: the leaves that the user's function was run on must not be used any more.
    /// </summary>
    /// <param name="operation">The name of the operation that ran a function on the parameters, for errors.</param>
    /// <param name="parameters">The leaves that the function was run on.</param>
    /// <param name="results">What it returned, one list for each computation.</param>
    public static (Computation[] Computations, Expr[] Captured) Close(string operation, Expr[] parameters, params Expr[][] results)
    {
        // A node that this thread made before the parameters cannot depend on them, so the walk does not descend into it, however large it
        // is. The same holds for a node that has a value, if no parameter has one.
        var first = parameters[0];
        var haveValues = Array.Exists(parameters, parameter => parameter.IsConcrete);
        var (computations, captured) = Closed(
            parameters,
            node => (haveValues || !node.IsConcrete) && (node.Maker != first.Maker || node.IsMadeSince(first.SerialNumber)),
            _ => false,
            results);
        foreach (var parameter in parameters)
        {
            parameter.End(operation);
        }

        // The function may have taken a derivative at numbers, of a function that also reads a parameter: the result reads the fresh leaf of that
        // derivative. It is over, so its leaf stands for the number that it has.
        var newest = parameters[^1].NewestLeaf;
        return (computations, Array.ConvertAll(captured, node => node.IsFixed && node.OldestLeaf > newest ? node.Detached() : node));
    }

    /// <summary>
    /// Computations of all nodes that this thread has made since the given serial number, and of the nodes that depend on these, over one
    /// parameter for every other node that they read. So what a branch computes is computed only if the branch is taken.
    /// </summary>
    public static (Computation[] Computations, Expr[] Captured) CloseSince(uint serialNumber, params Expr[][] results) => Closed(
        [],
        node => node.OperandCount > 0 && (node.Maker != Maker.Current || node.IsMadeSince(serialNumber)),
        node => node.IsMadeSince(serialNumber),
        results);

    /// <summary>
    /// Computations of the nodes that <paramref name="isInside"/> accepts, and of those that depend on parameters or on such nodes. The walk
    /// does not enter nodes that <paramref name="mayBeInside"/> rejects.
    /// </summary>
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

    /// <summary>A computation whose results read nothing but the parameters. The expected number of nodes only sizes its tables.</summary>
    public static Computation Over(Expr[] parameters, Expr[] results, int expected = 32) => new(parameters, results, expected);

    /// <summary>Whether any node has a given primitive.</summary>
    public bool Uses(Op op) => _uses[(int)op];

    /// <summary>Whether any node has a primitive of a given family.</summary>
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

    /// <summary>The results with the parameters replaced by other expressions.</summary>
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

    /// <summary>The elements of the results for parameters of any number type.</summary>
    public T[][] RunIn<T>(NumberField<T> field, ReadOnlySpan<NumberTensor<T>> arguments)
        where T : INumberBase<T>
    {
        var values = new NumberTensor<T>[Parameters.Length + Nodes.Length];
        arguments.CopyTo(values);
        for (var place = 0; place < Nodes.Length; place++)
        {
            var slots = OperandSlots[place];
            var operands = new NumberTensor<T>[slots.Length];
            for (var i = 0; i < operands.Length; i++)
            {
                operands[i] = At(slots[i], Nodes[place].Operand(i));
            }

            values[Parameters.Length + place] = NumberTensor<T>.Of(field, Nodes[place], operands);
        }

        return [.. ResultSlots.Zip(Results, (slot, result) => At(slot, result).Elements)];

        NumberTensor<T> At(int slot, Expr constant) => slot == ConstantSlot ? NumberTensor<T>.Of(field, constant.Storage) : values[slot];
    }

    /// <summary>
    /// Forward mode through the computation: a leaf for the tangent of every parameter that has one, and the tangents of the results
    /// over parameters and leaves; null where there is no tangent.
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

    /// <summary>
    /// Forward mode through the computation: the tangents of the results, given those of the parameters; null where there is no tangent.
    /// </summary>
    public Sensitivity?[] Push(Sensitivity?[] tangents)
    {
        Expr[] variables = [.. Parameters.Where((_, i) => tangents[i] is not null)];
        return variables.Length == 0
            ? new Sensitivity?[Results.Length]
            : ForwardSweep.Run(new ActiveGraph(Results, variables), Array.FindAll(tangents, tangent => tangent is not null));
    }

    /// <summary>A leaf of the shape of its parameter, without a mask, for every coefficient that is not zero.</summary>
    public Sensitivity?[][] LeavesFor(Sensitivity?[][] curves) => [.. Parameters.Zip(curves, (parameter, curve) =>
        Array.ConvertAll(curve, flow => flow is null ? (Sensitivity?)null : new(Expr.Parameter(parameter.Shape), null)))];

    /// <summary>
    /// Taylor mode through the computation: the coefficients of the results up to an order, given those of the parameters; null for one that is
    /// zero.
    /// </summary>
    /// <param name="curves">The coefficients of each parameter, order 1 first.</param>
    /// <param name="order">The highest order.</param>
    public Sensitivity?[][] Expand(Sensitivity?[][] curves, int order)
    {
        var moves = Array.ConvertAll(curves, curve => Array.Exists(curve, flow => flow is not null));
        Expr[] variables = [.. Parameters.Where((_, i) => moves[i])];
        if (variables.Length == 0)
        {
            return Array.ConvertAll(Results, _ => new Sensitivity?[order]);
        }

        var table = new SeriesTable(order);
        PowerSeries[] given = [.. Parameters.Zip(curves, (parameter, curve) => PowerSeries.Of(parameter, curve, table)).Where((_, i) => moves[i])];
        return Array.ConvertAll(SeriesSweep.Run(new ActiveGraph(Results, variables), given, table), series => series.FlowsTo(order));
    }

    /// <summary>
    /// Reverse mode through the computation: the cotangents of the wanted parameters, given those of the results; null for the other
    /// parameters, and for those that no cotangent reaches.
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
    /// Reverse mode through the computation, as a computation: from the parameters and a cotangent of every result to the cotangents of the
    /// wanted parameters, which are zeros for parameters that no cotangent reaches.
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

    /// <summary>Rebuilds nodes over parameters alone: the given ones, and a new one for each node that they read from outside.</summary>
    private sealed class Closure
    {
        private readonly NodeTable _met;
        private readonly List<Expr?> _rebuilt;
        private readonly DistinctNodes _distinct;

        /// <summary>Rebuilds the given nodes.</summary>
        /// <param name="met">A table that gives each visited node its position.</param>
        /// <param name="leaves">The leaves that the function was run on.</param>
        /// <param name="parameters">The parameters that replace them.</param>
        /// <param name="inside">The nodes to rebuild, operands first.</param>
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

        /// <summary>The parameters that replace these nodes.</summary>
        public List<Expr> Parameters { get; } = [];

        /// <summary>The replacement of a node: the node itself if it is constant, the rebuilt node if it is inside, otherwise a parameter.</summary>
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
            // The fresh leaf of an inner transform is replaced by the argument it was made of: the transform is done, so the two need not be distinguished.
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

            // A deferred node over constants alone would be evaluated as soon as the computation is applied; with one constant
            // passed in as a captured parameter it is not.
            var parameter = Expr.Parameter(operands[0].Shape);
            Captured.Add(operands[0]);
            Parameters.Add(parameter);
            return node.Over([parameter, .. operands[1..]]);
        }
    }
}
