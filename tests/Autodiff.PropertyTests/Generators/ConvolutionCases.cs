// Random calls of convolutions, with plain loops over all positions as the reference.

using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Generators;

/// <summary>The attributes of a convolution and the shapes of its tensors.</summary>
internal sealed record ConvolutionCase(int[] Input, int[] Kernel, int[] Output, int[] Stride, int[] Padding, int[] Dilation, int Groups)
{
    public Functional.Convolution Convolution => new(Stride, Padding, Dilation, Groups);

    /// <summary>All triples of positions that meet, by the definition.</summary>
    public IEnumerable<(int[] Input, int[] Kernel, int[] Output)> Terms()
    {
        foreach (var at in Grid.Indices(Output))
        {
            foreach (var tap in Grid.Indices(Kernel[1..]))
            {
                int[] position = [.. Stride.Select((stride, axis) => (at[axis + 2] * stride) + (tap[axis + 1] * Dilation[axis]) - Padding[axis])];
                if (position.Select((place, axis) => place >= 0 && place < Input[axis + 2]).All(isInside => isInside))
                {
                    var group = at[1] / (Output[1] / Groups);
                    yield return ([at[0], (group * Kernel[1]) + tap[0], .. position], [at[1], .. tap], at);
                }
            }
        }
    }

    public Grid OutputOf(Grid x, Grid kernel) => Sum(Output, Terms().Select(term => (term.Output, x[term.Input] * kernel[term.Kernel])));

    public Grid InputOf(Grid y, Grid kernel) => Sum(Input, Terms().Select(term => (term.Input, y[term.Output] * kernel[term.Kernel])));

    public Grid KernelOf(Grid x, Grid y) => Sum(Kernel, Terms().Select(term => (term.Kernel, x[term.Input] * y[term.Output])));

    public override string ToString() => $"stride [{string.Join(", ", Stride)}] padding [{string.Join(", ", Padding)}] dilation [{string.Join(", ", Dilation)}] groups {Groups}";

    private static Grid Sum(int[] lengths, IEnumerable<(int[] At, double Term)> terms)
    {
        var sums = terms.ToLookup(term => string.Join(' ', term.At), term => term.Term);
        return Grid.Build(lengths, at => sums[string.Join(' ', at)].Sum());
    }
}

/// <summary>Windows of a tensor.</summary>
internal sealed record PoolCase(Pool Pool, Expr X)
{
    /// <summary>A number for each window, from its index and the indices of its elements.</summary>
    public Grid Fold(Grid x, Func<int[], int[][], double> fold)
    {
        int[] counts = [.. Pool.Window.Select((size, axis) => ((x.Lengths[axis + 2] + (2 * Pool.Padding[axis]) - size) / Pool.Stride[axis]) + 1)];
        return Grid.Build([.. x.Lengths[..2], .. counts], at => fold(at, [.. Grid.Indices(Pool.Window)
            .Select(k => k.Select((each, axis) => (at[axis + 2] * Pool.Stride[axis]) + each - Pool.Padding[axis]).ToArray())
            .Where(position => position.Select((place, axis) => place >= 0 && place < x.Lengths[axis + 2]).All(isInside => isInside))
            .Select(position => (int[])[.. at[..2], .. position])]));
    }

    /// <summary>The sum, for each element, of the numbers of the windows of which it is the largest.</summary>
    public Grid Spread(Grid x, Grid windows)
    {
        var sums = new Dictionary<string, double>();
        _ = Fold(x, (at, inside) => sums[Name(inside.MaxBy(place => x[place])!)] = sums.GetValueOrDefault(Name(inside.MaxBy(place => x[place])!)) + windows[at]);
        return Grid.Build(x.Lengths, at => sums.GetValueOrDefault(Name(at)));

        static string Name(int[] at) => string.Join(' ', at);
    }

    public override string ToString() => $"{string.Join(",", Pool.Window)} stride {string.Join(",", Pool.Stride)} padding {string.Join(",", Pool.Padding)}";
}

internal static class ConvolutionCases
{
    /// <summary>The maps that are linear in each operand.</summary>
    public static IReadOnlyDictionary<string, Gen<StructuralCase>> Bilinear { get; } = new Dictionary<string, Gen<StructuralCase>>
    {
        ["Conv"] = from c in Small(usual: true)
                   from x in Tensors.Of(new Shape(c.Input))
                   from kernel in Tensors.Of(new Shape(c.Kernel))
                   select new StructuralCase($"Conv {c}", [x, kernel], v => Conv(v[0], v[1], c.Stride, c.Padding, c.Dilation, c.Groups), v => c.OutputOf(v[0], v[1])),
        ["ConvTranspose"] = from c in Small(usual: true)
                            from y in Tensors.Of(new Shape(c.Output))
                            from kernel in Tensors.Of(new Shape(c.Kernel))
                            let added = (int[])[.. c.Stride.Select((stride, i) => c.Input[i + 2] - (((c.Output[i + 2] - 1) * stride) - (2 * c.Padding[i]) + (c.Dilation[i] * (c.Kernel[i + 2] - 1)) + 1))]
                            select new StructuralCase($"ConvTranspose {c}", [y, kernel], v => ConvTranspose(v[0], v[1], c.Stride, c.Padding, c.Dilation, c.Groups, added), v => c.InputOf(v[0], v[1])),
        ["the kernel of a convolution"] = from c in Small(usual: true)
                                          from x in Tensors.Of(new Shape(c.Input))
                                          from y in Tensors.Of(new Shape(c.Output))
                                          select new StructuralCase($"ConvKernel {c}", [x, y], v => Of(c, ConvolutionTensor.Kernel, v), v => c.KernelOf(v[0], v[1])),
        ["an output of any length"] = from c in Small(usual: false)
                                      from x in Tensors.Of(new Shape(c.Input))
                                      from kernel in Tensors.Of(new Shape(c.Kernel))
                                      select new StructuralCase($"Conv to any length {c}", [x, kernel], v => Of(c, ConvolutionTensor.Output, v), v => c.OutputOf(v[0], v[1])),
        ["an input of any length"] = from c in Small(usual: false)
                                     from y in Tensors.Of(new Shape(c.Output))
                                     from kernel in Tensors.Of(new Shape(c.Kernel))
                                     select new StructuralCase($"ConvTranspose to any length {c}", [y, kernel], v => Of(c, ConvolutionTensor.Input, v), v => c.InputOf(v[0], v[1])),
        ["a kernel of any length"] = from c in Small(usual: false)
                                     from x in Tensors.Of(new Shape(c.Input))
                                     from y in Tensors.Of(new Shape(c.Output))
                                     select new StructuralCase($"ConvKernel of any length {c}", [x, y], v => Of(c, ConvolutionTensor.Kernel, v), v => c.KernelOf(v[0], v[1])),
    };

    public static IReadOnlyDictionary<string, Gen<StructuralCase>> All { get; } = new Dictionary<string, Gen<StructuralCase>>(Bilinear)
    {
        ["MaxPool"] = Pools((x, c) => MaxPool(x, c.Window, c.Stride, c.Padding), (inside, _) => inside.Max()),
        ["the tangent of MaxPool"] = from c in Windows
                                     from tangent in Tensors.Of(c.X.Shape)
                                     select new StructuralCase($"MaxPoolPush {c}", [c.X, tangent], v => new MaxPoolPrimitive(c.Pool, MaxPoolMap.Push).Of(v), v => c.Fold(v[0], (_, inside) => v[1][inside.MaxBy(at => v[0][at])!])),
        ["the cotangent of MaxPool"] = from c in Windows
                                       from cotangent in Tensors.Of(c.Pool.Pooled(c.X.Shape, "MaxPool"))
                                       select new StructuralCase($"MaxPoolPull {c}", [c.X, cotangent], v => new MaxPoolPrimitive(c.Pool, MaxPoolMap.Pull).Of(v), v => c.Spread(v[0], v[1])),
    };

    /// <summary>A function of the windows of a tensor.</summary>
    /// <param name="pool">The function under test.</param>
    /// <param name="fold">Its result for the elements of one window, given the size of the window.</param>
    public static Gen<StructuralCase> Pools(Func<Expr, Pool, Expr> pool, Func<IEnumerable<double>, int, double> fold) => Windows.Select(c => new StructuralCase(
        $"windows {c}", [c.X], v => pool(v[0], c.Pool), v => c.Fold(v[0], (_, inside) => fold(inside.Select(at => v[0][at]), c.Pool.Window.Aggregate(1, (product, size) => product * size)))));

    /// <summary>Windows along 1 to 3 axes of a tensor whose elements are so different that no step of a finite difference changes which one is the largest.</summary>
    private static Gen<PoolCase> Windows =>
        from axes in Gen.Choose(1, 3)
        from batch in Gen.Choose(1, 2).ArrayOf(2)
        from window in Gen.Choose(1, axes == 3 ? 2 : 3).ArrayOf(axes)
        from stride in Gen.Choose(1, 3).ArrayOf(axes)
        from part in Gen.Choose(0, 2).ArrayOf(axes)
        from more in Gen.Choose(0, axes == 3 ? 1 : 2).ArrayOf(axes)
        let padding = (int[])[.. part.Select((each, axis) => Math.Min(each, window[axis] - 1))]
        let shape = new Shape([.. batch, .. window.Select((size, axis) => Math.Max(1, size - (2 * padding[axis])) + more[axis])])
        from order in Gen.Shuffle(Enumerable.Range(0, shape.Size).ToArray())
        select new PoolCase(new(window, stride, padding), Constant([.. order.Select(place => (0.5 * place) - 2)], shape));

    /// <summary>One tensor of a convolution from the other two.</summary>
    public static Expr Of(ConvolutionCase c, ConvolutionTensor tensor, ReadOnlySpan<Expr> operands) => Convolved("Conv", c.Convolution, tensor, operands[0], operands[1], (tensor switch
    {
        ConvolutionTensor.Input => c.Input,
        ConvolutionTensor.Kernel => c.Kernel,
        _ => c.Output,
    })[2..]);

    /// <summary>Convolutions along 1 to 3 axes with few elements; if usual, the output has the length that follows from the other two.</summary>
    public static Gen<ConvolutionCase> Small(bool usual) => Cases(usual, mostAxes: 3, mostPositions: 5, mostChannels: 2);

    /// <summary>Convolutions along one or two axes that fill several tiles.</summary>
    public static Gen<ConvolutionCase> Large => Cases(usual: false, mostAxes: 2, mostPositions: 40, mostChannels: 9);

    private static Gen<ConvolutionCase> Cases(bool usual, int mostAxes, int mostPositions, int mostChannels) =>
        from axes in Gen.Choose(1, mostAxes)
        let positions = axes == 3 ? 3 : mostPositions
        from batch in Gen.Choose(1, 2)
        from groups in Gen.Elements(1, 1, 2)
        from inputs in Gen.Choose(1, mostChannels)
        from outputs in Gen.Choose(1, mostChannels)
        from stride in Gen.Choose(1, 3).ArrayOf(axes)
        from padding in Gen.Choose(0, 2).ArrayOf(axes)
        from dilation in Gen.Choose(1, 2).ArrayOf(axes)
        from kernel in Gen.Choose(1, 3).ArrayOf(axes)
        from input in Gen.Choose(1, positions).ArrayOf(axes)
        from free in Gen.Choose(1, positions).ArrayOf(axes)
        let reach = (int[])[.. kernel.Zip(dilation, (length, step) => (length - 1) * step)]
        let longEnough = (int[])[.. input.Select((length, axis) => usual ? Math.Max(length, reach[axis] + 1 - (2 * padding[axis])) : length)]
        let output = (int[])[.. longEnough.Select((length, axis) => usual ? ((length + (2 * padding[axis]) - reach[axis] - 1) / stride[axis]) + 1 : free[axis])]
        select new ConvolutionCase([batch, groups * inputs, .. longEnough], [groups * outputs, inputs, .. kernel], [batch, groups * outputs, .. output], stride, padding, dilation, groups);
}
