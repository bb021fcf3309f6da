// A function as data: a closed sub-tree. The steps of a loop, the branches of a choice and the functions of custom rules are
// bodies, so that one node of a graph can hold a whole program, and the program can be differentiated, batched and run.

using Autodiff.Functional.Rules;
using Autodiff.Functional.Transforms;

namespace Autodiff.Functional.Programs;

/// <summary>
/// Some results as nodes over parameters, which are symbolic leaves, and over nothing else: whatever the function read from
/// outside has become a parameter behind its own. Equal computations are one node.
/// </summary>
internal sealed class Body
{
    // Sizes beyond this are not told apart.
    private const int LargestSize = 1 << 20;

    private Code? _code;
    private int? _size;
    private Expr[][]? _lastReads;

    private Body(Expr[] parameters, Expr[] nodes, Expr[] results) => (Parameters, Nodes, Results) = (parameters, nodes, results);

    /// <summary>The leaves that arguments stand for.</summary>
    public Expr[] Parameters { get; }

    /// <summary>The nodes between parameters and results, operands before what is made of them.</summary>
    public Expr[] Nodes { get; }

    public Expr[] Results { get; }

    /// <summary>How many nodes there are, with those of the bodies inside, each as often as it stands there.</summary>
    public int Size => _size ??= (int)Math.Min(
        LargestSize, Nodes.Length + Nodes.Sum(node => node.Attribute is IProgram program ? program.Bodies.Sum(body => (long)body.Size) : 0));

    /// <summary>For each node those of its operands that no later node reads and that are no result: after it they are needed no more.</summary>
    public Expr[][] LastReads => _lastReads ??= FindLastReads();

    /// <summary>The body as instructions, for running it on numbers.</summary>
    public Code Code => _code ??= new Code(this);

    /// <summary>A function run on symbolic leaves of the given shapes, and the nodes from outside that it read.</summary>
    public static (Body Body, Expr[] Captured) Trace(Shape[] shapes, Func<Expr[], Expr[]> f)
    {
        var parameters = Array.ConvertAll(shapes, Expr.Parameter);
        var (bodies, captured) = Close(parameters, f(parameters));
        return (bodies[0], captured);
    }

    /// <summary>
    /// Bodies of several lists of results over the same parameters: the given ones, and one more for every node from outside
    /// that any of them reads. What does not depend on the given ones stays outside, and is computed once.
    /// </summary>
    public static (Body[] Bodies, Expr[] Captured) Close(Expr[] parameters, params Expr[][] results)
    {
        // What this thread made before the parameters cannot depend on them, however much stands under it; nor can what has a
        // value, if they have none.
        var first = parameters[0];
        var haveValues = Array.Exists(parameters, parameter => parameter.IsConcrete);
        return Closed(
            parameters,
            node => (haveValues || !node.IsConcrete) && (node.Maker != first.Maker || node.IsMadeSince(first.SerialNumber)),
            _ => false,
            results);
    }

    /// <summary>
    /// Bodies of all that this thread has made since a moment, and of what depends on that, over one parameter for every other
    /// node it reads. So what a branch computes is computed only where it is taken.
    /// </summary>
    public static (Body[] Bodies, Expr[] Captured) CloseSince(uint serialNumber, params Expr[][] results) => Closed(
        [],
        node => node.OperandCount > 0 && (node.Maker != Maker.Current || node.IsMadeSince(serialNumber)),
        node => node.IsMadeSince(serialNumber),
        results);

    /// <summary>Bodies of what is inside by itself or depends on parameters or what is inside, among the nodes that may.</summary>
    private static (Body[] Bodies, Expr[] Captured) Closed(Expr[] parameters, Func<Expr, bool> mayBeInside, Func<Expr, bool> isInside, Expr[][] results)
    {
        var dependent = new HashSet<Expr>(parameters, ReferenceEqualityComparer.Instance);
        var seen = new HashSet<Expr>(parameters, ReferenceEqualityComparer.Instance);
        var inside = new List<Expr>();
        foreach (var result in results.SelectMany(list => list))
        {
            PostOrder.Walk(result, node => mayBeInside(node) && seen.Add(node), node =>
            {
                if (isInside(node) || node.Operands.Any(dependent.Contains))
                {
                    dependent.Add(node);
                    inside.Add(node);
                }
            });
        }

        // A leaf with a value stands for any value from here on.
        var own = Array.ConvertAll(parameters, parameter => parameter.IsConcrete ? Expr.Parameter(parameter.Shape) : parameter);
        var closure = new Closure(parameters, own, inside);
        var closed = Array.ConvertAll(results, list => Array.ConvertAll(list, closure.Inside));
        Expr[] all = [.. own, .. closure.Parameters];
        return (Array.ConvertAll(closed, list => Over(all, list)), [.. closure.Captured]);
    }

    /// <summary>A body whose results read nothing but the parameters.</summary>
    public static Body Over(Expr[] parameters, Expr[] results) => new(parameters, Between(parameters, results), results);

    /// <summary>Which parameters the results depend on.</summary>
    public bool[] Reads()
    {
        var read = new HashSet<Expr>(Results, ReferenceEqualityComparer.Instance);
        foreach (var node in Nodes)
        {
            read.UnionWith(node.Operands);
        }

        return Array.ConvertAll(Parameters, read.Contains);
    }

    /// <summary>The results over other expressions in the place of the parameters.</summary>
    public Expr[] Apply(ReadOnlySpan<Expr> arguments)
    {
        var values = new Dictionary<Expr, Expr>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < Parameters.Length; i++)
        {
            values[Parameters[i]] = arguments[i];
        }

        foreach (var node in Nodes)
        {
            values[node] = node.WithOperands([.. node.Operands.Select(operand => values.GetValueOrDefault(operand, operand))]);
        }

        return Array.ConvertAll(Results, result => values.GetValueOrDefault(result, result));
    }

    /// <summary>
    /// Forward mode through the body: a leaf for the tangent of every parameter that moves, and the tangents of the results
    /// over parameters and leaves; null for what does not move.
    /// </summary>
    public (Expr?[] Leaves, Expr?[] Tangents) Tangents(ReadOnlySpan<bool> moves)
    {
        var leaves = new Expr?[Parameters.Length];
        var variables = new List<Expr>();
        var tangents = new List<Sensitivity?>();
        for (var i = 0; i < leaves.Length; i++)
        {
            if (moves[i])
            {
                leaves[i] = Expr.Parameter(Parameters[i].Shape);
                variables.Add(Parameters[i]);
                tangents.Add(new Sensitivity(leaves[i]!, null));
            }
        }

        return variables.Count == 0
            ? (leaves, new Expr?[Results.Length])
            : (leaves, Array.ConvertAll(ForwardSweep.Run(new Schedule(Results, [.. variables]), [.. tangents]), tangent => tangent?.Value));
    }

    /// <summary>
    /// Reverse mode through the body, as a body: from the parameters and a cotangent of every result to the cotangents of the
    /// wanted parameters, zeros where nothing flows.
    /// </summary>
    /// <param name="wanted">The parameters whose cotangents are wanted.</param>
    /// <param name="live">The mask of the structural zeros of the first result's cotangent, if it has one.</param>
    public Body Pullback(ReadOnlySpan<bool> wanted, Expr? live = null)
    {
        var seeds = Array.ConvertAll(Results, result => Expr.Parameter(result.Shape));
        var variables = new List<Expr>();
        for (var i = 0; i < Parameters.Length; i++)
        {
            if (wanted[i])
            {
                variables.Add(Parameters[i]);
            }
        }

        if (variables.Count == 0)
        {
            return Over([.. Parameters, .. seeds], []);
        }

        var schedule = new Schedule(Results, [.. variables]);
        var cotangents = ReverseSweep.Run(schedule, [.. seeds.Select((seed, i) => (Sensitivity?)new Sensitivity(seed, i == 0 ? live : null))], keepGraph: false);
        return Over(
            [.. Parameters, .. seeds],
            [.. variables.Zip(schedule.VariablePlaces, (variable, place) => place >= 0 && cotangents[place] is { } flow ? flow.Value : Expr.Zeros(variable.Shape))]);
    }

    private Expr[][] FindLastReads()
    {
        var needed = new HashSet<Expr>(Results, ReferenceEqualityComparer.Instance);
        var lastReads = new Expr[Nodes.Length][];
        var reads = new List<Expr>();
        for (var place = Nodes.Length - 1; place >= 0; place--)
        {
            reads.Clear();
            for (var i = 0; i < Nodes[place].OperandCount; i++)
            {
                if (needed.Add(Nodes[place].Operand(i)))
                {
                    reads.Add(Nodes[place].Operand(i));
                }
            }

            lastReads[place] = [.. reads];
        }

        return lastReads;
    }

    private static Expr[] Between(Expr[] parameters, Expr[] results)
    {
        var seen = new HashSet<Expr>(parameters, ReferenceEqualityComparer.Instance);
        var order = new List<Expr>();
        foreach (var result in results)
        {
            PostOrder.Walk(result, node => node.Op != Op.Constant && seen.Add(node), order.Add);
        }

        return [.. order];
    }

    /// <summary>Nodes rebuilt over parameters alone: theirs, and those that come to stand for what they read from outside.</summary>
    private sealed class Closure
    {
        private readonly Dictionary<Expr, Expr> _rebuilt = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<Computation, Expr> _known = [];

        public Closure(Expr[] leaves, Expr[] parameters, List<Expr> inside)
        {
            for (var i = 0; i < leaves.Length; i++)
            {
                _rebuilt.Add(leaves[i], parameters[i]);
            }

            foreach (var node in inside)
            {
                _rebuilt.TryAdd(node, Rebuilt(node));
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

            if (!_rebuilt.TryGetValue(node, out var inside))
            {
                inside = Expr.Parameter(node.Shape);
                _rebuilt.Add(node, inside);
                Captured.Add(node);
                Parameters.Add(inside);
            }

            return inside;
        }

        private Expr Rebuilt(Expr node)
        {
            var operands = new Expr[node.OperandCount];
            for (var i = 0; i < operands.Length; i++)
            {
                operands[i] = Inside(node.Operand(i));
            }

            // The leaf that an inner transform made of its argument is that argument, now that the transform is done.
            if (node.Op == Op.Variable)
            {
                return operands[0];
            }

            var computation = new Computation(node.Op, node.Attribute, node.Shape, operands);
            if (!_known.TryGetValue(computation, out var known))
            {
                known = node.WithOperands(operands);
                _known.Add(computation, known);
            }

            return known;
        }
    }

    /// <summary>What makes two nodes the same: primitive, attribute and operands. Equal numbers are the same operand.</summary>
    private readonly struct Computation(Op op, object? attribute, Shape shape, Expr[] operands) : IEquatable<Computation>
    {
        private readonly Op _op = op;
        private readonly object? _attribute = attribute;
        private readonly Shape _shape = shape;
        private readonly Expr[] _operands = operands;

        public bool Equals(Computation other)
        {
            if (_op != other._op || !ReferenceEquals(_attribute, other._attribute) || _shape != other._shape || _operands.Length != other._operands.Length)
            {
                return false;
            }

            for (var i = 0; i < _operands.Length; i++)
            {
                if (!ReferenceEquals(_operands[i], other._operands[i]) && !(Number(_operands[i]) is { } number && Number(other._operands[i]) == number))
                {
                    return false;
                }
            }

            return true;
        }

        public override bool Equals(object? obj) => obj is Computation other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(_op);
            foreach (var operand in _operands)
            {
                hash.Add(Number(operand) is { } number ? number.GetHashCode() : System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(operand));
            }

            return hash.ToHashCode();
        }

        /// <summary>The bits of a number, which tell 0 from −0.</summary>
        private static long? Number(Expr operand) =>
            operand.Op == Op.Constant && operand.IsScalar ? BitConverter.DoubleToInt64Bits(operand.Scalar) : null;
    }
}
