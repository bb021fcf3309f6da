// Power series: they are nested derivatives divided by factorials, for every primitive and every random program, and they compose with every
// other transform.

using Autodiff.PropertyTests.Compiling;
using Autodiff.PropertyTests.Edges;
using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using LanguageExt;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.HigherOrders;

[Properties(Arbitrary = [typeof(Programs), typeof(ImplicitCases)], MaxTest = 40, QuietOnSuccess = true)]
public class SeriesTests
{
    public static TheoryData<string> Uses => [.. ProgramCases.All.Keys];

    public static TheoryData<string> Matrices => [.. LinearAlgebraCases.All.Keys];

    public static TheoryData<Edge> Rows => [.. EdgeTable.Sections.SelectMany(section => section.Rows)];

    [Property]
    public void Coefficients_of_a_random_program_are_nested_derivatives(Program program, int seed) =>
        AreNestedDerivatives(program.Tensor, program.Input, Tensors.Direction(program.Input.Shape, seed), 5);

    [Property]
    public void A_coefficient_can_be_differentiated(Program program, int seed)
    {
        var v = Tensors.Direction(program.Input.Shape, seed);
        Expr Third(Expr x) => TaylorAlong(program.Scalar, 3)(x, v)[3];
        Expr Nested(Expr x) => NestedAlong(program.Scalar, v, 3)(x) / 6;
        Agreement.Near(Grad(Nested)(program.Input), Grad(Third)(program.Input));
        Agreement.Near(Jvp(Nested)(program.Input, v).Tangent, Jvp(Third)(program.Input, v).Tangent);
    }

    [Property]
    public void A_derivative_has_a_series(Program program, int seed) =>
        AreNestedDerivatives(Grad(program.Scalar), program.Input, Tensors.Direction(program.Input.Shape, seed), 3);

    [Property]
    public void A_series_is_differentiated_in_its_direction(Program program, int seed)
    {
        // Coefficient k is homogeneous of order k in v: its derivative along v is k times itself.
        var v = Tensors.Direction(program.Input.Shape, seed);
        for (var order = 1; order <= 3; order++)
        {
            var k = order;
            Expr Coefficient(Expr direction) => TaylorAlong(program.Tensor, k)(program.Input, direction)[k];
            Agreement.Near(k * Coefficient(v), Jvp(Coefficient)(v, v).Tangent);
        }
    }

    [Property(MaxTest = 20)]
    public void Compiled_coefficients_are_the_coefficients(Program program, int seed)
    {
        Expr All(Expr x, Expr v) => Concat([.. TaylorAlong(program.Tensor, 4)(x, v).Map(c => Reshape(c, c.Shape.Size))]);
        var direction = Tensors.Direction(program.Input.Shape, seed);
        foreach (var options in Engines.All)
        {
            Agreement.Near(All(program.Input, direction), Compile(All, options)(program.Input, direction));
        }
    }

    [Property(MaxTest = 20)]
    public void Coefficients_of_a_batch_are_those_of_each_sample(Program program, int seed)
    {
        Expr Last(Expr x) => TaylorAlong(program.Tensor, 4)(x, Tensors.Direction(x.Shape, seed))[4];
        Expr[] samples = [program.Input, 0.9 * program.Input, program.Input];
        Agreement.Near(Stack([.. samples.Select(Last)]), Vmap(Last)(Stack(samples)));
        Expr[] directions = [.. Enumerable.Range(0, 3).Select(i => Tensors.Direction(program.Input.Shape, i))];
        Expr Along(Expr v) => TaylorAlong(program.Tensor, 3)(program.Input, v)[3];
        Agreement.Near(Stack([.. directions.Select(Along)]), Vmap(Along)(Stack(directions)));
    }

    [Theory, MemberData(nameof(Matrices))]
    public void Coefficients_of_linear_algebra_are_nested_derivatives(string function) => StructuralCase.ForAll(LinearAlgebraCases.All[function], 5, x =>
    {
        for (var i = 0; i < x.Operands.Length; i++)
        {
            var position = i;
            AreNestedDerivatives(v => x.Apply([.. x.Operands[..position], v, .. x.Operands[(position + 1)..]]), x.Operands[i], Tensors.Direction(x.Operands[i].Shape, i), 4);
        }

        // All operands at once, along a curve that is not a line.
        AreNestedDerivatives(
            t => x.Apply([.. x.Operands.Select((operand, i) => operand + (t * Tensors.Direction(operand.Shape, i)) + (t * t * Tensors.Direction(operand.Shape, 7 + i)))]), 0, 1, 4);
    });

    [Theory, MemberData(nameof(Uses))]
    public void Coefficients_of_a_program_node_are_nested_derivatives(string use) => Batching.ForAll(ProgramCases.Batches(use), 10, batching =>
    {
        Expr[] Along(Expr t) => [.. batching.Arguments.Select((x, i) => x + (t * Tensors.Direction(x.Shape, i)))];
        AreNestedDerivatives(t => batching.Looped(Along(t)), 0, 1, 3);
        AreNestedDerivatives(t => batching.Mapped(Along(t)), 0, 1, 3);
    });

    [Property]
    public void Coefficients_of_a_solution_are_nested_derivatives(ImplicitCase problem, int seed)
    {
        var v = Tensors.Direction(problem.Theta.Shape, seed);
        AreNestedDerivatives(theta => Root(x => problem.Residual(x, theta), Zeros(problem.Shape)), problem.Theta, v, 4);
        AreNestedDerivatives(theta => FixedPoint(x => problem.Map(x, theta), Zeros(problem.Shape)), problem.Theta, v, 4);
        AreNestedDerivatives(theta => ArgMin(x => problem.Objective(x, theta), Zeros(problem.Shape)), problem.Theta, v, 3);
    }

    [Theory, MemberData(nameof(Rows))]
    public void Series_have_the_stated_derivatives_at_edges(Edge edge)
    {
        if (!edge.At.Shape.IsScalar)
        {
            return;
        }

        var derivatives = Derivatives(edge.Function, edge.Derivatives.Length)(edge.At);
        for (var order = 1; order <= edge.Derivatives.Length; order++)
        {
            var (expected, actual) = (edge.Derivatives[order - 1], derivatives[order].ToArray());
            Assert.All(expected.Zip(actual), pair => Assert.True(
                pair.Item1.Equals(pair.Item2) || Math.Abs(pair.Item1 - pair.Item2) <= 1e-14 * Math.Max(1, Math.Abs(pair.Item1)),
                $"order {order}: expected {pair.Item1:R}, actual {pair.Item2:R}"));
        }
    }

    [Property]
    public void The_series_of_a_product_is_the_Cauchy_product(Program one, Program other)
    {
        // Leibniz: (fg)ₖ = Σ fⱼ gₖ₋ⱼ.
        Expr F(Expr t) => one.Scalar(one.Input + (t * Ones(one.Input.Shape)));
        Expr G(Expr t) => other.Scalar(other.Input - (t * Ones(other.Input.Shape)));
        var (f, g, product) = (Taylor(F, 5)(0.1), Taylor(G, 5)(0.1), Taylor(t => F(t) * G(t), 5)(0.1));
        for (var k = 0; k <= 5; k++)
        {
            Agreement.Near(Enumerable.Range(0, k + 1).Aggregate((Expr)0, (sum, j) => sum + (f[j] * g[k - j])), product[k]);
        }
    }

    [Property]
    public void The_series_of_a_composition_is_the_series_of_the_series(Program program, int seed)
    {
        // Faà di Bruno's formula, without writing it out.
        Expr Curve(Expr t) => program.Input + (Sin(t) * Tensors.Direction(program.Input.Shape, seed)) + (t * t);
        var through = Series(program.Tensor)(Taylor(Curve, 5)(0.1));
        var direct = Taylor(t => program.Tensor(Curve(t)), 5)(0.1);
        Assert.Equal(direct.Count, through.Count);
        Assert.All(direct.Zip(through), pair => Agreement.Near(pair.Item1, pair.Item2));
    }

    public static TheoryData<string> Inverses => [.. s_inverses.Keys];

    private static readonly Dictionary<string, (Func<Expr, Expr> F, Func<Expr, Expr> Inverse, double At)> s_inverses = new()
    {
        ["exp, log"] = (Exp, Log, 0.7),
        ["expm1, log1p"] = (ExpM1, LogP1, 0.7),
        ["sin, asin"] = (Sin, Asin, 0.4),
        ["tan, atan"] = (Tan, Atan, 0.4),
        ["sinh, asinh"] = (Sinh, Asinh, 0.4),
        ["tanh, atanh"] = (Tanh, Atanh, 0.4),
        ["square, root"] = (x => x * x, Sqrt, 1.4),
        ["x eˣ, W"] = (x => x * Exp(x), LambertW, 0.6),
        ["normal law"] = (NormalCdf, NormalQuantile, 0.3),
        ["power"] = (x => Pow(x, 2.5), x => Pow(x, 0.4), 1.3),
        ["a root of equations"] = (x => x + (x * x * x), y => Root(x => x + (x * x * x) - y, 1), 0.8),
    };

    [Theory, MemberData(nameof(Inverses))]
    public void A_function_after_its_inverse_has_the_series_of_the_identity(string name)
    {
        var (f, inverse, at) = s_inverses[name];
        foreach (var series in new[] { Series(inverse)(Taylor(f, 12)(at)), Taylor(x => inverse(f(x)), 12)(at) })
        {
            var identity = Enumerable.Repeat(0.0, 13).ToArray();
            (identity[0], identity[1]) = (at, 1);
            Agreement.Near(identity, Stack([.. series]), 1e-11);
        }
    }

    [Fact]
    public void Coefficients_of_a_polynomial_are_its_coefficients()
    {
        var series = Taylor(x => 2 + (3 * x) - (x * x * x), 5)(0);
        Assert.Equal([2, 3, 0, -1, 0, 0], series.Select(c => c.Value + 0).ToArray());
        Assert.Equal([2, 3, 0, -6, 0, 0], Derivatives(x => 2 + (3 * x) - (x * x * x), 5)(0).Select(c => c.Value + 0).ToArray());
    }

    [Fact]
    public void High_orders_of_an_exponential_overflow_no_factorial()
    {
        Assert.All(Derivatives(Exp, 200)(0), derivative => Assert.Equal(1, derivative.Value, 1e-12));
        Assert.Equal(1, Diff(Exp, 400)(0).Value, 1e-12);
    }

    [Fact]
    public void Trees_of_arguments_and_results_have_series()
    {
        Func<(Expr A, Expr B), (Expr Product, Expr Sine)> f = p => (p.A * p.B, Sin(p.A));
        var series = TaylorAlong(f, 2)((2, 3), (1, 1));
        Assert.Equal([6, 5, 1], series.Select(c => c.Product.Value).ToArray());
        Assert.Equal(-Math.Sin(2) / 2, series[2].Sine.Value, 1e-15);

        var image = Series(f)(new[] { ((Expr)2, (Expr)3), (1, 1), (0, 0) }.ToSeq());
        Assert.Equal([6, 5, 1], image.Select(c => c.Product.Value).ToArray());
        Assert.Equal([6, 5, 1], Taylor(t => (Value: (2 + t) * (3 + t), t), 2)(0).Select(c => c.Value.Value).ToArray());
    }

    [Fact]
    public void The_solution_of_a_differential_equation_has_its_series()
    {
        // x′ = x: eᵗ. x″ = −x as a state of two: cos t and −sin t. x′ = x²: 1/(1 − t).
        Assert.All(Enumerable.Select(TaylorOde(x => x, 1, 20), (c, k) => c.Value * Factorial(k)), c => Assert.Equal(1, c, 1e-14));
        Assert.All(TaylorOde(x => x * x, 1, 20), c => Assert.Equal(1, c.Value, 1e-14));
        var swing = TaylorOde(s => (Position: s.Velocity, Velocity: -s.Position), (Position: (Expr)1, Velocity: (Expr)0), 8);
        Assert.Equal([1, 0, -1.0 / 2, 0, 1.0 / 24, 0, -1.0 / 720, 0, 1.0 / 40320], swing.Select(c => c.Position.Value + 0).ToArray());
        Assert.Equal([2, 3, 0, 0], TaylorOde(x => 3, 2, 3).Select(c => c.Value).ToArray());
    }

    [Property]
    public void The_series_of_a_solution_solves_its_equation(Program program)
    {
        var x = program.Input;
        Expr Field(Expr state) => Reshape(Mean(program.Tensor(state)) + (0.1 * state), x.Shape);
        var solution = TaylorOde(Field, x, 4);
        var derivative = Series(Field)(solution);
        for (var k = 0; k < 4; k++)
        {
            Agreement.Near(derivative[k], (k + 1) * solution[k + 1]);
        }
    }

    [Fact]
    public void A_solution_is_differentiated_in_its_start_and_in_the_parameters_of_its_field()
    {
        // x′ = ax: xₖ = x₀aᵏ/k!.
        Expr Fifth(Expr a, Expr x0) => TaylorOde(x => a * x, x0, 5)[5];
        var (byParameter, byStart) = Grad(Fifth)(1.5, 2);
        Assert.Equal(2 * Math.Pow(1.5, 4) / 24, byParameter.Value, 1e-14);
        Assert.Equal(Math.Pow(1.5, 5) / 120, byStart.Value, 1e-14);
        Assert.Equal(2 * Math.Pow(1.5, 5) / 120, Compile(Fifth)(1.5, 2).Value, 1e-14);
    }

    [Fact]
    public void A_structural_zero_stays_zero_in_every_coefficient()
    {
        // The root has no derivative at 0, but nothing flows through the side that is not taken.
        Assert.Equal([0, 2, 0, 0, 0, 0, 0], Taylor(x => Where(x > 0, Sqrt(x), 2 * x), 6)(0).Select(c => c.Value).ToArray());
        Assert.All(TaylorAlong(Sqrt, 4)(Vec(0, 4), Vec(0, 1)).Tail, c => Assert.True(double.IsFinite(c.ToArray()[1])));
    }

    [Fact]
    public void The_mask_of_an_operand_that_is_broadcast_is_broadcast()
    {
        // The weights of the minima have a mask of shape (3, 1); their products with a row have one of (3, 3), which a sum folds.
        Expr Scalar(Expr v)
        {
            var column = Reshape(Sin(v), 3, 1);
            return Sum(column * (MinOf(column - 2, -1) + 8));
        }

        AreNestedDerivatives(Grad(Scalar), Vec(1, -2, 4), Vec(0.5, -1, 0.25), 3);
    }

    [Fact]
    public void Bad_orders_and_shapes_are_named()
    {
        Assert.Contains("Taylor: the order -1 is negative", Assert.Throws<AutodiffException>(() => Taylor(Sin, -1)).Message, StringComparison.Ordinal);
        Assert.Contains("Derivatives: the order -2 is negative", Assert.Throws<AutodiffException>(() => Derivatives(Sin, -2)).Message, StringComparison.Ordinal);
        Assert.Contains("TaylorAlong: the order -1", Assert.Throws<AutodiffException>(() => TaylorAlong(Sin, -1)).Message, StringComparison.Ordinal);
        Assert.Contains("TaylorOde: the order -1", Assert.Throws<AutodiffException>(() => TaylorOde(x => x, 1, -1)).Message, StringComparison.Ordinal);
        Assert.Contains("shape (2)", Assert.Throws<ShapeException>(() => Taylor(Sin, 2)(Vec(1, 2))).Message, StringComparison.Ordinal);
        Assert.Contains("TaylorAlong", Assert.Throws<ShapeException>(() => TaylorAlong(Sin, 2)(Vec(1, 2), Vec(1, 2, 3))).Message, StringComparison.Ordinal);
        Assert.Contains("Series: there is no coefficient", Assert.Throws<AutodiffException>(() => Series(Sin)(Seq<Expr>.Empty)).Message, StringComparison.Ordinal);
        Assert.Contains("Series", Assert.Throws<ShapeException>(() => Series(Sin)(new Expr[] { 1, Vec(1, 2) }.ToSeq())).Message, StringComparison.Ordinal);
        Assert.Contains("takes shape (2) to ()", Assert.Throws<ShapeException>(() => TaylorOde(x => Sum(x), Vec(1, 2), 3)).Message, StringComparison.Ordinal);
        Assert.Contains("Taylor: the function is null", Assert.Throws<AutodiffException>(() => Taylor(null!, 2)).Message, StringComparison.Ordinal);
    }

    internal static void AreNestedDerivatives(Func<Expr, Expr> f, Expr x, Expr v, int order)
    {
        var series = TaylorAlong(f, order)(x, v);
        Assert.Equal(order + 1, series.Count);
        for (var k = 0; k <= order; k++)
        {
            var nested = NestedAlong(f, v, k)(x);

            // Digits are lost to cancellation in both ways, at most in proportion to the largest terms, which grow with the order.
            Agreement.Near(nested, series[k] * Factorial(k), 1e-10 * Factorial(k));
        }
    }

    private static Func<Expr, Expr> NestedAlong(Func<Expr, Expr> f, Expr v, int order) =>
        order == 0 ? f : x => Jvp(NestedAlong(f, v, order - 1))(x, v).Tangent;

    private static double Factorial(int k) => Enumerable.Range(1, k).Aggregate(1.0, (product, i) => product * i);

    private static Expr Vec(params double[] elements) => elements;
}
