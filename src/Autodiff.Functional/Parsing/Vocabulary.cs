// The words that a formula may use, from what the primitives state of themselves: the signs of operators, and the functions with their readers.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Parsing;

internal static class Vocabulary
{
    /// <summary>The largest order of a function whose first operand is one: derivatives print orders far below it.</summary>
    private const int LargestOrder = 64;

    // The largest distance, in letters, of a name that a message suggests, and the longest name that is compared.
    private const int LargestDistance = 2;
    private const int LongestCompared = 24;

    /// <summary>The readers of the primitives that are not elementwise.</summary>
    private static readonly Reader[] s_structural =
    [
        SumPrimitive.Reader, ProdPrimitive.Reader, MaxOfPrimitive.Reader, MinOfPrimitive.Reader, LogSumExpPrimitive.Reader, LogSumPrimitive.Reader,
        NormPrimitive.Reader, BetaIncPrimitive.Reader, ZetaPrimitive.Reader, BinomialPrimitive.Reader,
        BesselYPrimitive.Reader, BesselIPrimitive.Reader, BesselIScaledPrimitive.Reader, BesselKPrimitive.Reader, BesselKScaledPrimitive.Reader, CumSumPrimitive.Reader, ReshapePrimitive.Reader, BroadcastPrimitive.Reader, PermutePrimitive.Reader,
        PermutePrimitive.TransposeReader, ConcatPrimitive.Reader, StackPrimitive.Reader, FlipPrimitive.Reader, EveryPrimitive.Reader, TakePrimitive.Reader,
        ScatterPrimitive.Reader, GatherPrimitive.Reader, ScatterAddPrimitive.Reader, UpdatePrimitive.Reader, SegmentMaxPrimitive.Reader, ArgSortPrimitive.Reader,
        SearchSortedPrimitive.Reader, .. IndexOfExtremePrimitive.Readers, RandomBitsPrimitive.Reader, CumProdPrimitive.Reader, .. CumExtremePrimitive.Readers, CumLogSumExpPrimitive.Reader,
        RecurrencePrimitive.Reader, .. ContractionPrimitive.Readers, .. ConvolutionPrimitive.Readers, .. MaxPoolPrimitive.Readers,
        SolvePrimitive.Reader, SolveTriangularPrimitive.Reader, FactorsPrimitive.Reader,
        InversePrimitive.Reader, DetPrimitive.Reader, LogDetPrimitive.Reader, CofactorsPrimitive.Reader, CholeskyPrimitive.Reader, QrPrimitive.Reader,
        EighPrimitive.Reader, SvdPrimitive.Reader, ExpmPrimitive.Reader, PolarFactorPrimitive.Reader, LyapunovPrimitive.Reader,
        LeastSquaresPrimitive.Reader, DetSignPrimitive.Reader, NuclearNormPrimitive.Reader, SqrtmPrimitive.Reader, LogmPrimitive.Reader, SylvesterPrimitive.Reader,
        SolveBandedPrimitive.Reader, LuPrimitive.Reader,
        .. Loop.Readers, Choice.Reader, .. Function.Readers, SpectralFunction.Reader, RootReader.Reader,
    ];

    /// <summary>The functions of formulas by their names.</summary>
    public static IReadOnlyDictionary<string, Reader> Functions { get; } = AllFunctions();

    /// <summary>The operators between two operands by their signs.</summary>
    public static IReadOnlyDictionary<string, (Op Op, Fixity Fixity)> Infix { get; } = Operators(arity: 2);

    /// <summary>The operators before an operand by their signs.</summary>
    public static IReadOnlyDictionary<string, (Op Op, Fixity Fixity)> Prefix { get; } = Operators(arity: 1);

    /// <summary>The signs of all operators, longer ones before shorter ones.</summary>
    public static string[] Signs { get; } = [.. Infix.Keys.Union(Prefix.Keys).OrderByDescending(sign => sign.Length)];

    /// <summary>Functions that are printed, but whose text does not hold what they are, with the reason.</summary>
    public static IReadOnlyDictionary<string, string> Unreadable { get; } = new Dictionary<string, string>
    {
        ["vjp"] = "the reverse sweep through a loop does not say for which of the operands it is. Read the loop, and differentiate it",
        ["customvjp"] = "the derivative of a function with a rule is not in its text. Pass the function in ParseOptions.Functions",
        ["customjvp"] = "the derivative of a function with a rule is not in its text. Pass the function in ParseOptions.Functions",
    };

    /// <summary>The end of a sentence about an unknown name: it suggests known names like it.</summary>
    /// <param name="name">The name.</param>
    /// <param name="known">The known names.</param>
    /// <param name="otherwise">The end of the sentence if there is none like it.</param>
    public static string Suggestion(string name, IEnumerable<string> known, string otherwise)
    {
        if (name.Length > LongestCompared)
        {
            return otherwise;
        }

        string[] nearest = [.. known.Distinct()
            .Select(other => (Name: other, Distance: Distance(name.ToLowerInvariant(), other.ToLowerInvariant())))
            .Where(other => other.Distance <= Math.Min(LargestDistance, (name.Length + 1) / 2))
            .OrderBy(other => other.Distance).ThenBy(other => other.Name, StringComparer.Ordinal).Take(3).Select(other => other.Name)];
        return nearest.Length == 0 ? otherwise : $"; did you mean {string.Join(" or ", nearest)}?";
    }

    private static Dictionary<string, Reader> AllFunctions()
    {
        var functions = new Dictionary<string, Reader>();
        foreach (var op in Enum.GetValues<Op>().Where(op => op.IsElementwise()))
        {
            var spelling = ElementwiseTable.Describe(op).Spelling;
            string[] names = spelling.Fixity is null ? [spelling.Text, .. spelling.Synonyms] : [.. spelling.Synonyms.Where(name => char.IsAsciiLetter(name[0]))];
            foreach (var name in names)
            {
                functions.Add(name, Elementwise(op, name));
            }
        }

        foreach (var reader in s_structural)
        {
            functions.Add(reader.Name, reader);
            if (reader.Synonym is { } synonym)
            {
                functions.Add(synonym, reader);
            }
        }

        return functions;
    }

    private static Reader Elementwise(Op op, string name) => op.IsUnary() ? Reader.Unary(name, x => Expr.Apply(op, x))
        : op.HasOrder() ? new(name, call => op.IsBinary()
            ? Expr.Apply(op, Order(op, call), call.Operand("the second operand"))
            : Expr.Apply(op, Order(op, call), call.Operand("the second operand"), call.Operand("the third operand")))
        : op.IsBinary() ? Reader.Binary(name, (a, b) => Expr.Apply(op, a, b))
        : new(name, call => Expr.Apply(op, call.Operand("the first operand"), call.Operand("the second operand"), call.Operand("the third operand")));

    private static Expr Order(Op op, Reading call)
    {
        var order = call.Operand("the order");
        var lowest = op is Op.BesselJ or Op.BesselI ? -LargestOrder : 0;
        return order is { Op: Op.Constant, IsScalar: true } && order.Scalar >= lowest && order.Scalar == Math.Floor(order.Scalar)
            && (op == Op.GammaDensity ? order.Scalar % ScalarFunctions.OrderInA <= LargestOrder && order.Scalar / ScalarFunctions.OrderInA < LargestOrder + 1 : order.Scalar <= LargestOrder)
            ? order
            : throw new AutodiffException($"{op}: the order is not a whole number from {lowest} to {LargestOrder}.");
    }

    /// <summary>The signs of operators in plain text and in diagrams. Where two primitives have one sign, it is read as the first of them.</summary>
    private static Dictionary<string, (Op Op, Fixity Fixity)> Operators(int arity)
    {
        var operators = new Dictionary<string, (Op, Fixity)>();
        foreach (var op in Enum.GetValues<Op>().Where(op => op.IsElementwise() && op.Arity() == arity))
        {
            if (ElementwiseTable.Describe(op).Spelling is { Fixity: { } fixity } spelling)
            {
                foreach (var sign in spelling.Synonyms.Where(name => !char.IsAsciiLetter(name[0])).Prepend(spelling.Diagram).Prepend(spelling.Text))
                {
                    operators.TryAdd(sign, (op, fixity));
                }
            }
        }

        return operators;
    }

    /// <summary>How many letters have to be inserted, removed or replaced to make one name of another.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
