// Sums of the columns (or rows) of each colour, by compiled sweeps over several colours at once.

using System.Buffers;
using Autodiff.Functional.Compilation;
using Autodiff.Functional.Primitives;
using Autodiff.Functional.Programs;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Sparsity;

/// <summary>The product of a Jacobian with a direction, compiled for the directions that are 1 at all elements of a colour.</summary>
internal sealed class ColouredSweep
{
    private readonly Executable _code;
    private readonly bool _isWhole;

    /// <summary>Compiles the product.</summary>
    /// <param name="product">From the argument, a direction and, if there is a third parameter, the mask of the direction to their product.</param>
    /// <param name="colours">The colour of each element of a direction.</param>
    /// <param name="count">The number of colours, at least 1.</param>
    /// <param name="options">How the code is generated and run.</param>
    public ColouredSweep(Computation product, int[] colours, int count, CompileOptions options)
    {
        Sweeps = (int)Math.Ceiling((double)count / Batching.AtOnce(product, count));
        AtOnce = (count + Sweeps - 1) / Sweeps;
        Size = product.Results[0].Shape.Size;
        _isWhole = Sweeps == 1;

        // The directions are computed in the program: 1 where the colour of the element is that of the direction.
        var direction = product.Parameters[1].Shape;
        var (x, first) = (Parameter(product.Parameters[0].Shape), Parameter(Shape.Scalar));
        var ofElements = Constant(Array.ConvertAll(colours, colour => (double)colour), new Shape([1, .. direction.Lengths]));
        var ofSweep = Reshape(Arange(AtOnce), new Shape([AtOnce, .. Enumerable.Repeat(1, direction.Rank)]));
        var directions = Eq(ofElements, _isWhole ? ofSweep : ofSweep + first);
        Batched[] arguments = [Batched.Same(x), .. product.Parameters.Skip(1).Select(_ => Batched.Each(directions))];
        var sums = new Batching(AtOnce).Run(product, arguments)[0].ForEach(AtOnce);
        _code = Executable.Of(Computation.Over(_isWhole ? [x] : [x, first], [sums]), options);
    }

    /// <summary>The number of sweeps that all colours take.</summary>
    public int Sweeps { get; }

    /// <summary>The number of colours of one sweep; the last one may have fewer, and its other sums are 0.</summary>
    public int AtOnce { get; }

    /// <summary>The number of elements of the sum of one colour.</summary>
    public int Size { get; }

    /// <summary>What the code does.</summary>
    public string Explain() => _code.Explain();

    /// <summary>Computes the sums for the colours of one sweep, one after another.</summary>
    public void Run(ReadOnlySpan<double> x, int sweep, Span<double> sums)
    {
        if (_isWhole)
        {
            _code.Run(x, sums);
            return;
        }

        var arguments = ArrayPool<double>.Shared.Rent(x.Length + 1);
        x.CopyTo(arguments);
        arguments[x.Length] = sweep * AtOnce;
        _code.Run(arguments.AsSpan(0, x.Length + 1), sums);
        ArrayPool<double>.Shared.Return(arguments);
    }
}
