// Which programs are drawn: how often each group of operations is, how long programs and how large tensors are.

namespace Autodiff.Functional;

/// <summary>Which random programs are drawn by <see cref="RandomPrograms"/>.</summary>
/// <remarks>
/// The weights say how often an operation of a group is drawn compared to the other groups; 0 leaves a group out. Operations that bring a tensor to
/// the shape that another operation needs are there in any case.
/// </remarks>
public sealed record RandomProgramOptions
{
    /// <summary>The weight of functions of single elements.</summary>
    public int Elementwise { get; init; } = 8;

    /// <summary>The weight of sums, products, extremes and norms along axes.</summary>
    public int Reductions { get; init; } = 3;

    /// <summary>The weight of slices, reshapes, permutations and joins.</summary>
    public int Shapes { get; init; } = 3;

    /// <summary>The weight of products of vectors and matrices.</summary>
    public int Products { get; init; } = 2;

    /// <summary>The weight of solutions of linear systems, decompositions and functions of matrices.</summary>
    public int LinearAlgebra { get; init; } = 2;

    /// <summary>The weight of Fold, Scan, Iterate and While.</summary>
    public int Loops { get; init; } = 1;

    /// <summary>The weight of Cond and Where.</summary>
    public int Branches { get; init; } = 1;

    /// <summary>The weight of Vmap.</summary>
    public int Batches { get; init; } = 1;

    /// <summary>The weight of Root, FixedPoint and ArgMin.</summary>
    public int Searches { get; init; } = 1;

    /// <summary>The weight of functions with rules of their own, of Checkpoint and of compiled functions.</summary>
    public int CustomRules { get; init; } = 1;

    /// <summary>The weight of derivatives inside the program.</summary>
    public int Derivatives { get; init; } = 1;

    /// <summary>
    /// Whether only operations are drawn that are smooth for all numbers. Otherwise there are also operations with kinks and jumps, which are far from
    /// the values that the program has, so that it is smooth at its input in any case.
    /// </summary>
    public bool Smooth { get; init; }

    /// <summary>Whether the result is a scalar; otherwise it has any shape.</summary>
    public bool ScalarResult { get; init; }

    /// <summary>The largest number of operations that are drawn, without those of loops' steps and the like.</summary>
    public int LongestProgram { get; init; } = 12;

    /// <summary>The largest number of operations that are drawn for the step of a loop, a branch or another function inside the program.</summary>
    public int LongestBody { get; init; } = 4;

    /// <summary>How deeply functions inside functions are nested at most; 0 leaves out all operations that need a function.</summary>
    public int Depth { get; init; } = 2;

    /// <summary>The largest number of elements of a tensor; larger results are cut.</summary>
    public int LargestTensor { get; init; } = 12;

    /// <summary>The shapes of inputs.</summary>
    public IReadOnlyList<Shape> InputShapes { get; init; } = [Shape.Scalar, new(1), new(2), new(3), new(4), new(2, 2), new(3, 2), new(2, 3), new(1, 3), new(2, 1, 2)];

    internal static RandomProgramOptions Checked(string operation, RandomProgramOptions? options)
    {
        options ??= new();
        int[] weights =
        [
            options.Elementwise, options.Reductions, options.Shapes, options.Products, options.LinearAlgebra, options.Loops, options.Branches,
            options.Batches, options.Searches, options.CustomRules, options.Derivatives,
        ];
        if (weights.Any(weight => weight < 0) || weights[..5].All(weight => weight == 0))
        {
            throw new AutodiffException($"{operation}: the weights of groups are 0 or more, and one of Elementwise, Reductions, Shapes, Products and LinearAlgebra is above 0.");
        }

        if (options is { LongestProgram: < 1 } or { LongestBody: < 1 } or { LargestTensor: < 1 } or { Depth: < 0 })
        {
            throw new AutodiffException($"{operation}: LongestProgram is {options.LongestProgram}, LongestBody {options.LongestBody}, LargestTensor {options.LargestTensor}, Depth {options.Depth}; the first three are 1 or more, Depth is 0 or more.");
        }

        return options.InputShapes is { Count: > 0 } shapes && shapes.All(shape => shape.Size > 0)
            ? options
            : throw new AutodiffException($"{operation}: InputShapes is empty or has a shape without elements; give one shape or more.");
    }
}
