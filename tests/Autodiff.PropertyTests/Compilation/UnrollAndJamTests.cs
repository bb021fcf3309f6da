// Unroll and jam, which runs several iterations of a loop together: what a kernel becomes by it, and that the kernel still computes the same.

using Autodiff.Functional.Compilation.CodeGeneration;
using Autodiff.Functional.Compilation.Kernels;

namespace Autodiff.PropertyTests.Compiling;

public class UnrollAndJamTests
{
    private const int Samples = 20;
    private const int Inner = 3;

    // The iteration domains over which a kernel loops, and which it has in its lanes.
    private const int Loop = 1;
    private const int Lanes = 2;

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 4)]
    [InlineData(6, 3)]
    [InlineData(7, 1)]
    [InlineData(10, 2)]
    public void What_rounds_share_is_read_once(int rounds, int together)
    {
        var kernel = MatrixByVectors(rounds);
        var jammed = UnrollAndJam.Of(kernel);
        Assert.Equal([rounds / together], jammed.Space.Lengths);
        Assert.Equal(Inner + (together * Inner), jammed.Code.Count(instruction => instruction.Act == Act.Load));
        Assert.Equal(together, jammed.Code.Count(instruction => instruction.Act == Act.Store));
        Assert.Single(jammed.Code, instruction => instruction.Act == Act.Accumulate);
        Assert.Single(jammed.Code, instruction => instruction.Act == Act.Fold);
        if (together == 1)
        {
            Assert.Same(kernel, jammed);
        }
    }

    [Fact]
    public void Rounds_that_share_nothing_stay_apart()
    {
        var (a, b) = (new TensorBuffer(8, Samples), new TensorBuffer(8, Samples));
        var kernel = new Kernel(0, new(Lanes, Samples, [Loop], [8]));
        kernel.Effect(Act.Store, default, kernel.Apply(Op.Negate, kernel.Load(Moving(a, 0, 1))), Moving(b, 0, 1));
        Assert.Same(kernel, UnrollAndJam.Of(kernel));

        var numbers = new Kernel(0, KernelSpace.Scalar);
        Assert.Same(numbers, UnrollAndJam.Of(numbers));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void The_kernel_does_the_same(int rounds)
    {
        var kernel = MatrixByVectors(rounds);
        var jammed = UnrollAndJam.Of(kernel);
        var expected = Run(KernelInterpreter.Of(kernel), kernel);
        Assert.Contains(expected, number => Math.Abs(number) > 1000);
        Assert.Equal(expected, Run(KernelCode.Of(kernel), kernel));
        Assert.Equal(expected, Run(KernelInterpreter.Of(jammed), jammed));
        Assert.Equal(expected, Run(KernelCode.Of(jammed), jammed));
    }

    /// <summary>
    /// A kernel that computes y ← Ax, s ← s + y² and t ← t + Σ y, with one iteration for each row of A. All are in the arena, in the order x, A, y,
    /// s, t; t has one number for each lane.
    /// </summary>
    private static Kernel MatrixByVectors(int rounds)
    {
        var x = new TensorBuffer(Inner, Samples);
        var matrix = new TensorBuffer(Inner * rounds, 1) { Start = (int)x.Size };
        var y = new TensorBuffer(rounds, Samples) { Start = matrix.Start + (int)matrix.Size };
        var s = new TensorBuffer(1, Samples) { Start = y.Start + (int)y.Size };
        var kernel = new Kernel(0, new(Lanes, Samples, [Loop], [rounds]));
        var row = kernel.Number(0);
        for (var i = 0; i < Inner; i++)
        {
            row = kernel.MultiplyAdd(kernel.Load(new(matrix, i, 0, new Dictionary<int, Stride> { [Loop] = new(Inner, 0) })), kernel.Load(Moving(x, i, 0)), row);
        }

        kernel.Effect(Act.Store, default, row, Moving(y, 0, 1));
        kernel.Effect(Act.Accumulate, Op.Add, kernel.Apply(Op.Multiply, row, row), Moving(s, 0, 0));
        kernel.Effect(Act.Fold, Op.Add, row, new(new TensorBuffer(1, 8) { Start = s.Start + (int)s.Size }, 0, 0, new Dictionary<int, Stride>()));
        return kernel;
    }

    /// <summary>A reference to one number for each sample, which advances by a number of elements from one iteration to the next.</summary>
    private static MemoryReference Moving(TensorBuffer buffer, int element, int step) => new(buffer, element, 0, new Dictionary<int, Stride> { [Loop] = new(step, 0), [Lanes] = new(0, 1) });

    /// <summary>The arena after a run on whole numbers, whose sums are exact.</summary>
    private static unsafe double[] Run(KernelRun run, Kernel kernel)
    {
        double[] memory = [.. Enumerable.Range(0, 500).Select(i => Math.Round(Math.Sin(i) * 64))];
        fixed (double* first = memory)
        {
            var places = stackalloc double*[TensorBuffer.Constants + 1];
            places[TensorBuffer.Arena] = first;
            run(places, 0, Samples, 0, kernel.Space.Lengths[0]);
        }

        return memory;
    }
}
