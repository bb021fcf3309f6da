// The JSON forms of the primitives that hold no computations, a line each where that is enough.

using System.Text.Json;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Interchange.PrimitiveForm;

namespace Autodiff.Functional.Interchange;

internal static class PrimitiveForms
{
    public static IReadOnlyList<PrimitiveForm> All { get; } =
    [
        Reduction(Op.Sum, axes => new SumPrimitive(axes)),
        Reduction(Op.Prod, axes => new ProdPrimitive(axes)),
        Reduction(Op.MaxOf, axes => new MaxOfPrimitive(axes)),
        Reduction(Op.MinOf, axes => new MinOfPrimitive(axes)),
        Reduction(Op.LogSumExp, axes => new LogSumExpPrimitive(axes)),
        Reduction(Op.LogSum, axes => new LogSumPrimitive(axes)),
        Reduction(Op.Norm, axes => new NormPrimitive(axes)),
        Along<CumSumPrimitive>(Op.CumSum, "reversed", primitive => (primitive.Axis, primitive.IsReversed), (x, axis, isReversed) => Expr.Make(new CumSumPrimitive(axis, isReversed), x.Shape, [x])),
        Family<BetaIncPrimitive>(Op.BetaInc, 3, primitive => [primitive.InA, primitive.InB, primitive.InX], orders => BetaIncPrimitive.OfOrders(orders)),
        Family<ZetaPrimitive>(Op.Zeta, 2, primitive => [primitive.InS], orders => new ZetaPrimitive(orders[0])),
        Family<BinomialPrimitive>(Op.Binomial, 2, primitive => [primitive.InN, primitive.InK], orders => BinomialPrimitive.OfOrders(orders)),
        OfOne<BesselYPrimitive>(
            Op.BesselY,
            (primitive, json) => json.WriteNumber("order", primitive.Order),
            (fields, x) => new BesselYPrimitive(fields.Whole("order", -2 * Expr.LargestBesselOrder, 2 * Expr.LargestBesselOrder)).Of(x)),
        Family<BesselIPrimitive>(Op.BesselIOfRealOrder, 2, _ => [], _ => new BesselIPrimitive()),
        Family<BesselIScaledPrimitive>(Op.BesselIScaled, 2, primitive => [primitive.InX], orders => new BesselIScaledPrimitive(orders[0])),
        Family<BesselKPrimitive>(Op.BesselK, 2, _ => [], _ => new BesselKPrimitive()),
        Family<BesselKScaledPrimitive>(Op.BesselKScaled, 2, primitive => [primitive.InX], orders => new BesselKScaledPrimitive(orders[0])),
        Shaped<ReshapePrimitive>(Op.Reshape, Expr.Reshape),
        Shaped<BroadcastPrimitive>(Op.BroadcastTo, Expr.BroadcastTo),
        OfOne<PermutePrimitive>(
            Op.Permute,
            (primitive, json) => json.WriteWholeNumbers("order", primitive.Permutation.Order),
            (fields, x) => Expr.Permute(x, fields.WholeNumbers("order", 0, x.Rank - 1))),
        OfOne<FlipPrimitive>(Op.Flip, (primitive, json) => json.WriteNumber("axis", primitive.Axis), (fields, x) => Expr.Flip(x, fields.Whole("axis", 0, x.Rank - 1))),
        OfOne<EveryPrimitive>(
            Op.Every,
            (primitive, json) =>
            {
                json.WriteNumber("axis", primitive.Axis);
                json.WriteNumber("step", primitive.Step);
            },
            (fields, x) => EveryPrimitive.Of(x, fields.Whole("axis", 0, x.Rank - 1), fields.Whole("step", 1, int.MaxValue))),
        OfOne<SlicePrimitive>(Op.Slice, (primitive, json) => Write(json, primitive.Selection), (fields, x) => SelectionPrimitive.Read(ReadSelection(fields, x.Shape), x)),
        OfOne<TakePrimitive>(Op.Take, (primitive, json) => Write(json, primitive.Positions), (fields, x) => SelectionPrimitive.Read(ReadSelection(fields, x.Shape), x)),
        Of<ScatterPrimitive>(Op.Scatter, Write, ReadScatter),
        Of<GatherPrimitive>(Op.Gather, (primitive, json) => Write(json, primitive.Along), (fields, of) => GatherPrimitive.Of(Exactly(2, fields, of)[0], of[1], ReadAxis(fields))),
        Of<ScatterAddPrimitive>(
            Op.ScatterAdd,
            (primitive, json) =>
            {
                Write(json, primitive.Along);
                json.WriteNumber("length", primitive.Length);
            },
            (fields, of) => ScatterAddPrimitive.Of(Exactly(2, fields, of)[0], of[1], ReadAxis(fields), fields.Whole("length", 0, int.MaxValue))),
        Of<UpdatePrimitive>(Op.Update, (primitive, json) => Write(json, primitive.Along), (fields, of) => UpdatePrimitive.Of(Exactly(3, fields, of)[0], of[1], of[2], ReadAxis(fields))),
        Of<SegmentMaxPrimitive>(
            Op.SegmentMax,
            (primitive, json) =>
            {
                json.WriteNumber("count", primitive.Count);
                json.WriteNumber("batchAxes", primitive.BatchAxes);
            },
            (fields, of) => SegmentMaxPrimitive.Of(Exactly(2, fields, of)[0], of[1], fields.Whole("count", 0, int.MaxValue), fields.Whole("batchAxes", 0, int.MaxValue))),
        Along<ArgSortPrimitive>(Op.ArgSort, "descending", primitive => (primitive.Axis, primitive.IsDescending), Expr.ArgSort),
        Of<SearchSortedPrimitive>(
            Op.SearchSorted,
            (primitive, json) => json.WriteFlag("right", primitive.CountsEqual),
            (fields, of) => SearchSortedPrimitive.Of(Exactly(2, fields, of)[0], of[1], fields.Flag("right"))),
        OfOne<IndexOfExtremePrimitive>(Op.IndexOfExtreme, (primitive, json) => json.WriteFlag("smallest", primitive.IsSmallest), (fields, x) => IndexOfExtremePrimitive.Of(x, fields.Flag("smallest"))),
        OfOne<RandomBitsPrimitive>(
            Op.RandomBits,
            (primitive, json) =>
            {
                json.WriteNumber("count", primitive.Count);
                json.WriteFlag("words", primitive.AreWords);
            },
            (fields, x) => RandomBitsPrimitive.Read(x, fields.Whole("count", 0, int.MaxValue), fields.Flag("words"))),
        Along<CumProdPrimitive>(Op.CumProd, "", primitive => (primitive.Axis, false), (x, axis, _) => Expr.CumProd(x, axis)),
        Along<CumLogSumExpPrimitive>(Op.CumLogSumExp, "", primitive => (primitive.Axis, false), (x, axis, _) => Expr.CumLogSumExp(x, axis)),
        Along<CumExtremePrimitive>(Op.CumExtreme, "smallest", primitive => (primitive.Axis, primitive.IsSmallest), (x, axis, isSmallest) => isSmallest ? Expr.CumMin(x, axis) : Expr.CumMax(x, axis)),
        Of<RecurrencePrimitive>(
            Op.Recurrence,
            (primitive, json) =>
            {
                json.WriteNumber("axis", primitive.Axis);
                json.WriteFlag("reversed", primitive.IsReversed);
                json.WriteFlag("transposed", primitive.IsTransposed);
            },
            (fields, of) => new RecurrencePrimitive(fields.Whole("axis", 0, Exactly(2, fields, of)[0].Rank - 1), fields.Flag("reversed"), fields.Flag("transposed")).Of(of[0], of[1])),
        Of<ConcatPrimitive>(Op.Concat, (primitive, json) => json.WriteNumber("axis", primitive.Axis), ReadConcat),
        Of<StackPrimitive>(Op.Stack, (primitive, json) => json.WriteNumber("axis", primitive.Axis), (fields, operands) => Expr.Stack(operands, fields.Whole("axis", 0, int.MaxValue))),
        new(typeof(ContractionPrimitive), [Op.Dot, Op.MatMul, Op.Outer, Op.Einsum, Op.Trace, Op.Diag], (primitive, _, json) => Write(((ContractionPrimitive)primitive).Contraction, json), ReadContraction),
        new(typeof(ConvolutionPrimitive), [Op.Conv, Op.ConvTranspose, Op.ConvKernel], (primitive, node, json) => Write(((ConvolutionPrimitive)primitive).Convolution, node, json), ReadConvolution),
        new(typeof(MaxPoolPrimitive), [Op.MaxPool, Op.MaxPoolPush, Op.MaxPoolPull], (primitive, _, json) => Write(((MaxPoolPrimitive)primitive).Pool, json), ReadPool),
        OfOne<InversePrimitive>(
            Op.Inverse,
            (primitive, json) => json.WriteFlag("nanWhereSingular", primitive.IsNaNWhereSingular),
            (fields, x) => new InversePrimitive(fields.Flag("nanWhereSingular")).OfSquare(x)),
        Plain<DetPrimitive>(Op.Det, new DetPrimitive().OfSquare),
        Plain<LogDetPrimitive>(Op.LogDet, new LogDetPrimitive().OfSquare),
        Plain<CholeskyPrimitive>(Op.Cholesky, new CholeskyPrimitive().OfSquare),
        Plain<EighPrimitive>(Op.Eigh, new EighPrimitive().OfSquare),
        Plain<QrPrimitive>(Op.Qr, x => new QrPrimitive().Of(Matrix("Qr", x))),
        Plain<SvdPrimitive>(Op.Svd, x => new SvdPrimitive().Of(Matrix("Svd", x))),
        OfOne<PolarFactorPrimitive>(
            Op.PolarFactor,
            (primitive, json) => json.WriteFlag("partial", primitive.IsPartial),
            (fields, x) => new PolarFactorPrimitive(fields.Flag("partial")).Of(Matrix("PolarFactor", x))),
        Plain<LuPrimitive>(Op.Lu, x => new LuPrimitive().Of(TallMatrix("Lu", x))),
        Plain<DetSignPrimitive>(Op.DetSign, new DetSignPrimitive().OfSquare),
        Plain<NuclearNormPrimitive>(Op.NuclearNorm, x => new NuclearNormPrimitive().Of(Matrix("NuclearNorm", x))),
        Plain<SqrtmPrimitive>(Op.Sqrtm, new SqrtmPrimitive().OfSquare),
        Plain<LogmPrimitive>(Op.Logm, x => new LogmPrimitive().Of(Coefficients("Logm", x))),
        Plain<ExpmPrimitive>(Op.Expm, x => new ExpmPrimitive().Of(Coefficients("Expm", x))),
        Plain<CofactorsPrimitive>(Op.Cofactors, x => new CofactorsPrimitive().Of(Coefficients("Cofactors", x))),
        Of<LyapunovPrimitive>(Op.Lyapunov, (_, _) => { }, ReadLyapunov),
        Of<SolvePrimitive>(Op.Solve, (primitive, json) => json.WriteOptional("jacobianOf", primitive.Root?.Operation), (fields, operands) => ReadSystem(new SolvePrimitive(ReadRoot(fields)), fields, operands)),
        OfOne<FactorsPrimitive>(
            Op.Factors,
            (primitive, json) => json.WriteOptional("jacobianOf", primitive.System.Root?.Operation),
            (fields, x) => new FactorsPrimitive(new(ReadRoot(fields))).OfSquare(x)),
        Of<SolveTriangularPrimitive>(
            Op.SolveTriangular,
            (primitive, json) =>
            {
                json.WriteFlag("lower", primitive.IsLower);
                json.WriteFlag("unitDiagonal", primitive.HasUnitDiagonal);
            },
            (fields, operands) => ReadSystem(new SolveTriangularPrimitive(fields.Flag("lower"), fields.Flag("unitDiagonal")), fields, operands)),
        Of<LeastSquaresPrimitive>(Op.Lstsq, (_, _) => { }, (fields, operands) =>
        {
            MustBe(2, 2, fields, operands);
            return new LeastSquaresPrimitive().Of(operands[0], operands[1]);
        }),
        Of<SylvesterPrimitive>(
            Op.SolveSylvester,
            (primitive, json) => json.WriteFlag("nanWhereSingular", primitive.IsNaNWhereSingular),
            (fields, operands) =>
            {
                MustBe(3, 3, fields, operands);
                return new SylvesterPrimitive(fields.Flag("nanWhereSingular")).Of(operands[0], operands[1], operands[2]);
            }),
        Of<SolveBandedPrimitive>(
            Op.SolveBanded,
            (primitive, json) =>
            {
                json.WriteNumber("lower", primitive.Lower);
                json.WriteNumber("upper", primitive.Upper);
                json.WriteFlag("transposed", primitive.IsTransposed);
            },
            (fields, operands) =>
            {
                MustBe(2, 2, fields, operands);
                return new SolveBandedPrimitive(fields.Whole("lower", 0, int.MaxValue), fields.Whole("upper", 0, int.MaxValue), fields.Flag("transposed")).Of(operands[0], operands[1]);
            }),
        new(
            typeof(DefinedPrimitive),
            [Op.Defined],
            (primitive, _, _) => throw new AutodiffException($"ToJson: {((DefinedPrimitive)primitive).Name} is defined by code of the program (Primitive.Define), which cannot be saved; write it with functions of the library, or with CustomVjp."),
            (_, fields, _) => throw fields.Error("op", "a primitive that is defined by code cannot be read from a file.")),
    ];

    /// <summary>A family of functions, with its numbers of derivatives in each argument.</summary>
    private static PrimitiveForm Family<T>(Op op, int operands, Func<T, int[]> orders, Func<int[], FamilyPrimitive> make)
        where T : FamilyPrimitive => Of<T>(
            op,
            (primitive, json) => json.WriteWholeNumbers("orders", orders(primitive)),
            (fields, given) =>
            {
                var numbers = fields.WholeNumbers("orders", 0, FamilyPrimitive.LargestOrder);
                var count = orders((T)make(new int[operands])).Length;
                return given.Length != operands ? throw fields.Error("of", $"{op.Name()} has {operands} operands, but {given.Length} are given.")
                    : numbers.Length != count ? throw fields.Error("orders", $"{op.Name()} has {count}, but {numbers.Length} are given.")
                    : make(numbers).Of(given);
            });

    private static void Write(Utf8JsonWriter json, Selection selection)
    {
        switch (selection)
        {
            case Element element:
                json.WriteNumber("position", element.Position);
                break;
            case Positions positions:
                json.WriteNumber("axis", positions.Axis);
                json.WriteWholeNumbers("positions", positions.Indices);
                break;
            case Region region:
                var (starts, lengths) = region.Box;
                json.WriteWholeNumbers("starts", starts);
                json.WriteWholeNumbers("lengths", lengths);
                json.WriteShape("shape", region.Part);
                break;
        }
    }

    /// <summary>A selection from a tensor of a shape.</summary>
    private static Selection ReadSelection(Fields fields, Shape from)
    {
        if (fields.Has("position"))
        {
            return from.Rank == 1 ? Element.At(fields.Whole("position", 0, from[0] - 1)) : throw fields.Error("position", $"it is a position in a vector, but the shape is {from}.");
        }

        if (fields.Has("positions"))
        {
            var axis = fields.Whole("axis", 0, from.Rank - 1);
            var indices = fields.WholeNumbers("positions", 0, from[axis] - 1);
            var lengths = from.Lengths.ToArray();
            lengths[axis] = indices.Length;
            return new Positions(from, Shape.Of(lengths, "Take"), axis, indices);
        }

        var (starts, box, part) = (fields.WholeNumbers("starts", 0, int.MaxValue), fields.WholeNumbers("lengths", 0, int.MaxValue), fields.Shape("shape"));
        var fits = starts.Length == from.Rank && box.Length == from.Rank;
        for (var axis = 0; fits && axis < from.Rank; axis++)
        {
            fits = (long)starts[axis] + box[axis] <= from[axis];
        }

        // The result leaves out axes of length 1.
        return fits && part.Size == box.Aggregate(1L, (size, length) => size * length) && (part.Size == 0 || part.Where(length => length != 1).SequenceEqual(box.Where(length => length != 1)))
            ? Region.Of(from, part, starts, box)
            : throw fields.Error("lengths", $"the box from ({string.Join(", ", starts)}) of lengths ({string.Join(", ", box)}) is no part of shape {part} of a tensor of shape {from}.");
    }

    private static void Write(ScatterPrimitive primitive, Utf8JsonWriter json)
    {
        json.WriteShape("shape", primitive.Placement.Shape);
        json.WriteStartArray("places");
        foreach (var selection in primitive.Placement.Selections)
        {
            json.WriteStartObject();
            Write(json, selection);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static Expr ReadScatter(Fields fields, Expr[] operands)
    {
        var shape = fields.Shape("shape");
        var selections = new List<Selection>();
        foreach (var place in fields.Objects("places"))
        {
            var selection = ReadSelection(place, shape);
            selections.Add(selections.Count < operands.Length && selection.To == operands[selections.Count].Shape
                ? selection
                : throw place.Error($"it selects elements of shape {selection.To}, but there is no operand of that shape for it."));
            place.End();
        }

        return selections.Count == operands.Length && operands.Length > 0
            ? Expr.Scatter(shape, [.. selections], operands)
            : throw fields.Error("places", $"there are {selections.Count} for {operands.Length} operands.");
    }

    private static Expr ReadConcat(Fields fields, Expr[] operands)
    {
        var axis = fields.Whole("axis", 0, int.MaxValue);
        return operands.Sum(operand => axis < operand.Rank ? (long)operand.Shape[axis] : 0) <= Array.MaxLength
            ? Expr.Concat(operands, axis)
            : throw fields.Error("of", "the operands are too long to be joined.");
    }

    /// <summary>The contraction in the notation of Einsum, and the lengths of axes that no operand has.</summary>
    private static void Write(Contraction contraction, Utf8JsonWriter json)
    {
        json.WriteString("axes", contraction.ToString());
        string free = string.Concat(contraction.Output.Except(string.Concat(contraction.Inputs)));
        if (free.Length > 0)
        {
            json.WriteWholeNumbers("lengths", [.. free.Select(letter => contraction.Lengths[letter])]);
        }
    }

    private static Expr ReadContraction(Op op, Fields fields, Expr[] operands)
    {
        var text = fields.Text("axes");
        var sides = text.Split("->");
        var inputs = sides[0].Split(',');
        if (sides.Length != 2 || operands.Length > 2 || inputs.Length != operands.Length || !(string.Concat(inputs) + sides[1]).All(char.IsAsciiLetter))
        {
            throw fields.Error("axes", $"it must name the axes of {operands.Length} operand(s) and of the result by letters, as in \"ij,jk->ik\".");
        }

        var lengths = new Dictionary<char, int>();
        for (var i = 0; i < inputs.Length; i++)
        {
            for (var axis = 0; axis < inputs[i].Length; axis++)
            {
                if (inputs[i].Length != operands[i].Rank || (!lengths.TryAdd(inputs[i][axis], operands[i].Shape[axis]) && lengths[inputs[i][axis]] != operands[i].Shape[axis]))
                {
                    throw fields.Error("axes", $"\"{inputs[i]}\" does not fit an operand of shape {operands[i].Shape}.");
                }
            }
        }

        char[] free = [.. sides[1].Except(string.Concat(inputs))];
        var given = free.Length == 0 ? [] : fields.WholeNumbers("lengths", 0, int.MaxValue);
        if (given.Length != free.Length || inputs.Where((input, i) => input.Length != operands[i].Rank).Any())
        {
            throw fields.Error("axes", "the axes do not fit the shapes of the operands, or the lengths of the other axes.");
        }

        for (var i = 0; i < free.Length; i++)
        {
            lengths.Add(free[i], given[i]);
        }

        var contraction = new Contraction(inputs, sides[1], lengths);
        return Expr.Make(new ContractionPrimitive(op, contraction), contraction.ShapeFor(op.Name()), operands);
    }

    /// <summary>The attributes of a convolution, and the lengths of the spatial axes of the result.</summary>
    private static void Write(Convolution convolution, Expr node, Utf8JsonWriter json)
    {
        json.WriteWholeNumbers("stride", convolution.Stride);
        json.WriteWholeNumbers("padding", convolution.Padding);
        json.WriteWholeNumbers("dilation", convolution.Dilation);
        json.WriteNumber("groups", convolution.Groups);
        json.WriteWholeNumbers("lengths", Convolution.LengthsOf(node.Shape));
    }

    private static Expr ReadConvolution(Op op, Fields fields, Expr[] operands)
    {
        MustBe(2, 2, fields, operands);
        Convolution convolution = new(
            fields.WholeNumbers("stride", 1, int.MaxValue), fields.WholeNumbers("padding", 0, int.MaxValue), fields.WholeNumbers("dilation", 1, int.MaxValue), fields.Whole("groups", 1, int.MaxValue));
        if (convolution.Axes == 0 || convolution.Padding.Length != convolution.Axes || convolution.Dilation.Length != convolution.Axes)
        {
            throw fields.Error("stride", "stride, padding and dilation must have one number for each spatial axis, and there must be one.");
        }

        var result = op switch { Op.Conv => ConvolutionTensor.Output, Op.ConvTranspose => ConvolutionTensor.Input, _ => ConvolutionTensor.Kernel };
        return Expr.Convolved(op.Name(), convolution, result, operands[0], operands[1], fields.WholeNumbers("lengths", 0, int.MaxValue));
    }

    private static void Write(Pool pool, Utf8JsonWriter json)
    {
        json.WriteWholeNumbers("window", pool.Window);
        json.WriteWholeNumbers("stride", pool.Stride);
        json.WriteWholeNumbers("padding", pool.Padding);
    }

    private static Expr ReadPool(Op op, Fields fields, Expr[] operands)
    {
        var map = op switch { Op.MaxPool => MaxPoolMap.Value, Op.MaxPoolPush => MaxPoolMap.Push, _ => MaxPoolMap.Pull };
        var count = map == MaxPoolMap.Value ? 1 : 2;
        MustBe(count, count, fields, operands);
        var (window, stride, padding) = (fields.WholeNumbers("window", 1, int.MaxValue), fields.WholeNumbers("stride", 1, int.MaxValue), fields.WholeNumbers("padding", 0, int.MaxValue));
        return new MaxPoolPrimitive(Pool.Of(op.Name(), operands[0].Shape, window, stride, padding), map).Of(operands);
    }

    private static Expr Matrix(string operation, Expr x)
    {
        _ = Expr.MatrixOf(operation, x);
        return x;
    }

    private static Expr TallMatrix(string operation, Expr x)
    {
        var shape = Expr.MatrixOf(operation, x);
        return shape.Lengths[^2] >= shape.Lengths[^1] ? x
            : throw new ShapeException($"{operation}: shape {shape} has fewer rows than columns; the packed factors are those of the first columns alone.");
    }

    /// <summary>A square matrix, with any number of directions below it, each of which doubles the number of rows.</summary>
    private static Expr Coefficients(string operation, Expr x)
    {
        var shape = Expr.MatrixOf(operation, x);
        var (rows, n) = (shape[shape.Rank - 2], shape[shape.Rank - 1]);
        return (n == 0 ? rows == 0 : rows % n == 0 && int.IsPow2(rows / n)) ? x
            : throw new ShapeException($"{operation}: shape {shape} is not that of a square matrix with directions below it.");
    }

    private static Expr ReadLyapunov(Fields fields, Expr[] operands)
    {
        MustBe(2, 2, fields, operands);
        return Expr.SquareOf("Lyapunov", operands[0]).Lengths[^1] == Expr.SquareOf("Lyapunov", operands[1]).Lengths[^1]
            ? new LyapunovPrimitive().Of(operands[0], operands[1])
            : throw fields.Error("of", $"matrices of shapes {operands[0].Shape} and {operands[1].Shape} must have the same size.");
    }

    private static RootJacobian? ReadRoot(Fields fields) => fields.Has("jacobianOf") ? new(fields.Text("jacobianOf")) : null;

    private static Expr ReadSystem(SystemPrimitive system, Fields fields, Expr[] operands)
    {
        MustBe(2, system is SolvePrimitive ? 3 : 2, fields, operands);
        var node = system.Of(operands[0], operands[1], operands.Length > 2 ? operands[2] : null);
        if (operands.Length > 2)
        {
            var (factors, n) = (operands[2].Shape, operands[0].Shape.Lengths[^1]);
            var batch = Expr.BatchOf(node.Shape);
            if (factors.IsScalar || factors[factors.Rank - 1] != SquareSystem.PackedLength(n) || Shape.TryBroadcast(batch, Shape.Of([.. factors.Lengths[..^1]]), "Solve") != batch)
            {
                throw fields.Error("of", $"shape {factors} is not that of the factors of matrices of shape {operands[0].Shape}.");
            }
        }

        return node;
    }

    private static void Write(Utf8JsonWriter json, IndexedAxis along)
    {
        json.WriteNumber("axis", along.Axis);
        json.WriteNumber("batchAxes", along.BatchAxes);
    }

    private static IndexedAxis ReadAxis(Fields fields) => new(fields.Whole("axis", 0, int.MaxValue), fields.Whole("batchAxes", 0, int.MaxValue));

    private static Expr[] Exactly(int count, Fields fields, Expr[] operands)
    {
        MustBe(count, count, fields, operands);
        return operands;
    }

    private static void MustBe(int fewest, int most, Fields fields, Expr[] operands)
    {
        if (operands.Length < fewest || operands.Length > most)
        {
            throw fields.Error("of", $"there are {operands.Length} operands, but the primitive has {most}.");
        }
    }
}
