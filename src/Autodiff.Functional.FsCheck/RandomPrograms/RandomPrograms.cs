// The generator of random programs, for FsCheck and by itself.

using Autodiff.Functional.Generation;
using FsCheck;
using FsCheck.Fluent;

namespace Autodiff.Functional;

/// <summary>
/// Random differentiable functions, as data, for tests of everything that works on functions of expressions: transforms, compilers, solvers, rules.
/// </summary>
/// <remarks>
/// A program uses tensors, products of matrices, linear algebra, loops, branches, batches, solutions of equations, functions with rules of their
/// own, and derivatives inside. It is well conditioned, so that derivatives found in different ways agree to many digits. FsCheck shrinks a program for
/// which a test fails to one of few operations on simple numbers, and <see cref="RandomProgram.ToCSharp"/> prints it as source.
/// </remarks>
public static class RandomPrograms
{
    // A program is drawn again if it moves by more than this many times the distance by which its input is moved, or bends by as many times its square.
    private const double LargestSlope = 30;
    private const double Distance = 1e-3;
    private const int Directions = 3;

    /// <summary>The names of all operations that programs may have.</summary>
    public static IReadOnlyList<string> Operations { get; } = [.. Vocabulary.Operations.Select(operation => operation.Name)];

    /// <summary>The generator and shrinker of programs.</summary>
    /// <remarks>
    /// <code>
    /// Prop.ForAll(RandomPrograms.Arbitrary(), program =>
    ///     Check.Gradients(program.Function, program.Input, order: 1).IsSucc).QuickCheckThrowOnFailure();
    /// </code>
    /// </remarks>
    /// <param name="options">Which programs are drawn.</param>
    /// <exception cref="AutodiffException">A weight, a length or a shape in the options is out of range.</exception>
    public static Arbitrary<RandomProgram> Arbitrary(RandomProgramOptions? options = null)
    {
        var valid = RandomProgramOptions.Checked("RandomPrograms.Arbitrary", options);
        return Arb.From(
            from high in Gen.Choose(0, int.MaxValue)
            from low in Gen.Choose(0, int.MaxValue)
            select Drawn(((ulong)high << 31) | (uint)low, valid),
            Shrinking.Smaller);
    }

    /// <summary>The program of a seed, the same on every platform.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="options">Which programs are drawn.</param>
    /// <exception cref="AutodiffException">A weight, a length or a shape in the options is out of range.</exception>
    public static RandomProgram Generate(ulong seed, RandomProgramOptions? options = null) =>
        Drawn(seed, RandomProgramOptions.Checked("RandomPrograms.Generate", options));

    private static RandomProgram Drawn(ulong seed, RandomProgramOptions options)
    {
        var dice = new Dice(seed);
        while (true)
        {
            var shape = dice.Of(options.InputShapes);
            var input = Expr.Constant([.. Enumerable.Range(0, shape.Size).Select(_ => Math.Round(dice.Between(-2, 2), 3))], shape);
            var body = new Composer(options, dice, options.Depth, [input])
                .Compose(1 + dice.Below(options.LongestProgram), options.ScalarResult ? Shape.Scalar : null);
            if (IsModerate(body, input, dice))
            {
                return new RandomProgram(input, body);
            }
        }
    }

    /// <summary>Whether the value changes evenly around the input, so that no kink or jump is near, and the function is defined there.</summary>
    internal static bool IsModerate(ProgramBody body, Expr input, Dice dice)
    {
        try
        {
            var center = body.Run([input]);
            return Enumerable.Range(0, Directions).All(_ =>
            {
                var step = Expr.Constant([.. Enumerable.Range(0, input.Shape.Size).Select(_ => dice.Between(-Distance, Distance))], input.Shape);
                var (ahead, behind) = (body.Run([input + step]), body.Run([input - step]));
                return Largest(ahead - center) <= LargestSlope * Distance && Largest(ahead - (2 * center) + behind) <= LargestSlope * Distance * Distance;
            });
        }
        catch (AutodiffException)
        {
            return false;
        }
    }

    private static double Largest(Expr x) => x.ToArray().Max(Math.Abs);
}
