// Test cases for Vmap. Each compares a batched function with a loop over the samples: values, and derivatives of first and second order.

using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Generators;

/// <summary>A function of one sample, with batches of samples as arguments.</summary>
/// <param name="Text">The name of the case in a counterexample.</param>
/// <param name="F">The function of one sample.</param>
/// <param name="Arguments">The arguments. Each contains samples along an axis, or is one value that all samples share.</param>
/// <param name="InAxes">For each argument the axis of the samples, counted from either end; null if it is shared.</param>
/// <param name="Size">The number of samples.</param>
/// <param name="OutChoice">A number that chooses the axis of the samples in the result.</param>
internal sealed record Batching(string Text, Func<Expr[], Expr> F, Expr[] Arguments, int?[] InAxes, int Size, int OutChoice)
{
    // The tolerance between batch and loop, which do the same operations but may round them differently.
    private const double Repetition = 1e-12;

    public override string ToString() =>
        $"{Text}, {Size} samples, axes {string.Join(", ", InAxes.Select(axis => axis?.ToString() ?? "null"))}, on {string.Join(", ", Arguments.Select(argument => $"{argument.Shape} {argument}"))}";

    /// <summary>Checks a law on random cases.</summary>
    public static void ForAll(Gen<Batching> cases, int count, Action<Batching> law) =>
        Prop.ForAll(cases.ToArbitrary(), law).Check(Config.QuickThrowOnFailure.WithMaxTest(count));

    /// <summary>Random batches of the operands of a function, at least one of which is batched. The given operands are the first sample.</summary>
    public static Gen<Batching> Of(string text, Expr[] operands, Func<Expr[], Expr> f) =>
        from size in Gen.Elements(0, 1, 2, 5)
        from always in Gen.Choose(0, operands.Length - 1)
        from some in Gen.Elements(false, true).ArrayOf(operands.Length)
        from choices in Gen.Choose(0, 100).ArrayOf(operands.Length)
        from seed in Gen.Choose(0, 10_000)
        from outChoice in Gen.Choose(0, 100)
        let inAxes = operands.Select((operand, i) => some[i] || i == always ? AxisOf(choices[i], operand.Rank) : (int?)null).ToArray()
        select new Batching(text, f, [.. operands.Select((operand, i) => inAxes[i] is { } axis ? About(operand, size, axis, seed + (10 * i)) : operand)], inAxes, size, outChoice);

    public static Gen<Batching> Of(Gen<StructuralCase> cases) => cases.SelectMany(x => Of(x.Text, x.Operands, x.Apply));

    public Expr Mapped(Expr[] arguments)
    {
        var outAxis = AxisOf(OutChoice, ResultShape.Rank);
        return (arguments, InAxes) switch
        {
            ([var x], [var a]) => Vmap(v => F([v]), a, outAxis)(x),
            ([var x, var y], [var a, var b]) => Vmap((v, w) => F([v, w]), (a, b), outAxis)(x, y),
            ([var x, var y, var z], [var a, var b, var c]) => Vmap((u, v, w) => F([u, v, w]), (a, b, c), outAxis)(x, y, z),
            ([var x, var y, var z, var t], [var a, var b, var c, var d]) => Vmap((u, v, w, s) => F([u, v, w, s]), (a, b, c, d), outAxis)(x, y, z, t),
            _ => throw new NotSupportedException("Vmap takes one to four arguments."),
        };
    }

    public Expr Looped(Expr[] arguments)
    {
        var outAxis = AxisOf(OutChoice, ResultShape.Rank);
        return Stacked([.. Enumerable.Range(0, Size).Select(sample => F(Samples(arguments, sample)))], ResultShape, outAxis);
    }

    /// <summary>The same case for a derivative of the function with respect to one argument.</summary>
    public Batching Inside(string name, int argument, Func<Func<Expr, Expr>, Func<Expr, Expr>> derivative) => this with
    {
        Text = $"{name} in argument {argument} of {Text}",
        F = v => derivative(x => F(With(v, argument, x)))(v[argument]),
    };

    public void IsTheLoop() => Agreement.Near(Looped(Arguments), Mapped(Arguments), Repetition);

    public void IsTheSameBuiltSymbolically()
    {
        var variables = Arguments.Select((argument, i) => Variable($"x{i}", argument.Shape)).ToArray();
        Agreement.Near(Mapped(Arguments), Mapped(variables).Substitute([.. variables.Zip(Arguments)]), Repetition);
    }

    /// <summary>Derivatives of the function of one sample, batched.</summary>
    public void HasTheDerivativesOfTheLoopInside() => ForEachArgument(argument =>
    {
        Inside("JacobianReverse", argument, f => JacobianReverse(f)).IsTheLoop();
        Inside("JacobianForward", argument, f => JacobianForward(f)).IsTheLoop();
        Inside("Vjp", argument, f => x => Vjp(f)(x).Pullback(Tensors.Direction(f(x).Shape, 1))).IsTheLoop();
        Inside("Jvp", argument, f => x => Jvp(f)(x, Tensors.Direction(x.Shape, 2)).Tangent).IsTheLoop();
    });

    /// <summary>Derivatives of the batched function.</summary>
    public void HasTheDerivativesOfTheLoopOutside() => ForEachArgument(argument =>
    {
        var (mapped, looped, x) = (Along(Mapped, argument), Along(Looped, argument), Arguments[argument]);
        Agreement.Near(Bend(looped, Grad)(x), Bend(mapped, Grad)(x), Repetition);
        var direction = Tensors.Direction(x.Shape, 3);
        Agreement.Near(Jvp(looped)(x, direction).Tangent, Jvp(mapped)(x, direction).Tangent, Repetition);
    });

    public void HasTheSecondDerivativesOfTheLoop() => ForEachArgument(argument =>
    {
        Inside("Hessian", argument, f => Bend(f, Hessian)).IsTheLoop();
        Inside("reverse over reverse", argument, f => Bend(f, g => JacobianReverse(Grad(g)))).IsTheLoop();
        Inside("reverse over forward", argument, f => Bend(f, g => JacobianReverse(JacobianForward(g)))).IsTheLoop();

        var (mapped, looped, x) = (Along(Mapped, argument), Along(Looped, argument), Arguments[argument]);
        var direction = Tensors.Direction(x.Shape, 4);
        Func<Func<Expr, Expr>, Func<Expr, Expr>> product = f => v => Hvp(f)(v, direction);
        Func<Func<Expr, Expr>, Func<Expr, Expr>> gradient = f => Grad(v => Sum(direction * Grad(f)(v)));
        Agreement.Near(Bend(looped, product)(x), Bend(mapped, product)(x), Repetition);
        Agreement.Near(Bend(looped, gradient)(x), Bend(mapped, gradient)(x), Repetition);

        // A batch of gradients, differentiated again.
        var slopes = Inside("Grad", argument, f => Bend(f, Grad));
        Agreement.Near(Bend(slopes.Along(slopes.Looped, argument), Grad)(x), Bend(slopes.Along(slopes.Mapped, argument), Grad)(x), Repetition);
    });

    /// <summary>The axis, chosen by a number, along which tensors of the rank are stacked: counted from the front, or negative from the end.</summary>
    public static int AxisOf(int choice, int rank) => (choice % (2 * (rank + 1))) - (rank + 1);

    /// <summary>A batch with the operand as its first sample, followed by random tensors of the same shape.</summary>
    public static Expr About(Expr operand, int size, int axis, int seed) => Stacked(
        [.. Enumerable.Range(0, size).Select(sample => sample == 0 ? operand : 2 * Tensors.Direction(operand.Shape, seed + sample))], operand.Shape, axis);

    /// <summary>One sample of a batch.</summary>
    public static Expr SampleOf(Expr batch, int axis, int sample)
    {
        axis = axis < 0 ? axis + batch.Rank : axis;
        return Reshape(Take(batch, [sample], axis), new Shape([.. batch.Shape.Where((_, i) => i != axis)]));
    }

    /// <summary>Tensors of a shape, stacked along a new axis; there may be none.</summary>
    public static Expr Stacked(Expr[] samples, Shape shape, int axis)
    {
        axis = axis < 0 ? axis + shape.Rank + 1 : axis;
        return samples.Length > 0 ? Stack(samples, axis) : Zeros(new Shape([.. shape.Take(axis), 0, .. shape.Skip(axis)]));
    }

    private Shape ResultShape => F([.. Arguments.Select((argument, i) => InAxes[i] is { } axis ? Like(argument, axis) : argument)]).Shape;

    private static Expr Like(Expr batch, int axis) => Zeros(new Shape([.. batch.Shape.Where((_, i) => i != (axis < 0 ? axis + batch.Rank : axis))]));

    public Expr[] Samples(Expr[] arguments, int sample) =>
        [.. arguments.Select((argument, i) => InAxes[i] is { } axis ? SampleOf(argument, axis, sample) : argument)];

    private static Expr[] With(Expr[] arguments, int position, Expr x) => [.. arguments[..position], x, .. arguments[(position + 1)..]];

    private Func<Expr, Expr> Along(Func<Expr[], Expr> f, int argument) => x => f(With(Arguments, argument, x));

    /// <summary>The derivative of a scalar function of f that is not linear even if f is.</summary>
    private static Func<Expr, Expr> Bend(Func<Expr, Expr> f, Func<Func<Expr, Expr>, Func<Expr, Expr>> derivative) =>
        derivative(v => f(v) is var y ? Sum(Tensors.Direction(y.Shape, 5) * Sin(y)) : v);

    private void ForEachArgument(Action<int> law)
    {
        for (var argument = 0; argument < Arguments.Length; argument++)
        {
            law(argument);
        }
    }
}
