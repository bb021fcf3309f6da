// Differential operators: a commutative ring that prints, and that applies as nested derivatives do; tensors of partial derivatives.

using Autodiff.PropertyTests.Compiling;
using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.HigherOrders;

[Properties(Arbitrary = [typeof(Programs), typeof(OperatorTests)], MaxTest = 40, QuietOnSuccess = true)]
public class OperatorTests
{
    private static readonly Expr s_point = new double[] { 0.3, 0.7, -0.4 };

    /// <summary>Random operators of up to 4 terms in 3 variables, up to order 4, with whole coefficients.</summary>
    public static Arbitrary<DifferentialOperator> Arbitrary { get; } = (
        from terms in (from powers in Gen.Choose(0, 2).ArrayOf(3) from coefficient in Gen.Choose(-3, 3) select (powers, coefficient)).ListOf(4)
        select terms
            .Where(term => term.powers.Sum() <= 4)
            .Aggregate(DifferentialOperator.Zero, (sum, term) => sum + (term.coefficient * Monomial(term.powers)))).ToArbitrary();

    [Property]
    public void Operators_are_a_commutative_ring(DifferentialOperator a, DifferentialOperator b, DifferentialOperator c)
    {
        Assert.Equal(a + b, b + a);
        Assert.Equal(a * b, b * a);
        Assert.Equal((a + b) + c, a + (b + c));
        Assert.Equal((a * b) * c, a * (b * c));
        Assert.Equal(a * (b + c), (a * b) + (a * c));
        Assert.Equal(a, a * DifferentialOperator.Identity);
        Assert.Equal(DifferentialOperator.Zero, a - a);
        Assert.Equal(-a, DifferentialOperator.Zero - a);
        Assert.Equal(a * a * a, Pow(a, 3));
        Assert.Equal((2.5 * a) / 2.5, a);
        Assert.Equal((a + b).GetHashCode(), (b + a).GetHashCode());
        Assert.Equal($"{a + b}", $"{b + a}");
    }

    [Property]
    public void Operators_are_equal_if_and_only_if_their_difference_is_zero(DifferentialOperator a, DifferentialOperator b)
    {
        Assert.Equal(a.Equals(b), (a - b).Equals(DifferentialOperator.Zero));
        Assert.NotEqual(2 * Partial(0), 3 * Partial(0));
        Assert.NotEqual(Partial(0) + Partial(1), Partial(0) + Partial(2));
    }

    [Fact]
    public void A_quadratic_form_is_a_sum_of_as_many_squares_as_its_rank()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            // A sum of the outer products of some vectors with signs; every third one has no diagonal.
            var (n, rank, scale) = (1 + random.Next(5), random.Next(4), Math.Pow(10, random.Next(-150, 150)));
            var form = new double[n, n];
            for (var r = 0; r < rank; r++)
            {
                var (vector, sign) = (Enumerable.Range(0, n).Select(_ => random.NextDouble() - 0.5).ToArray(), random.Next(2) == 0 ? scale : -scale);
                ForPairs(n, (i, j) => form[i, j] += sign * vector[i] * vector[j]);
            }

            var hasDiagonal = round % 3 > 0;
            ForPairs(n, (i, j) => form[i, j] *= i == j && !hasDiagonal ? 0 : 1);

            var (directions, weights) = DirectionPlan.OfQuadraticForm(form);

            Assert.True(!hasDiagonal || directions.Length == Math.Min(n, rank), $"{directions.Length} directions for rank {rank} of {n}");
            ForPairs(n, (i, j) => Assert.Equal(form[i, j], Enumerable.Range(0, directions.Length).Sum(r => weights[r] * directions[r][i] * directions[r][j]), 1e-9 * scale));
        }

        static void ForPairs(int n, Action<int, int> act)
        {
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    act(i, j);
                }
            }
        }
    }

    [Property]
    public void An_operator_applied_is_its_nested_derivatives(DifferentialOperator L)
    {
        Agreement.Near(Nested(L, Smooth)(s_point), Apply(L, Smooth)(s_point));
        Agreement.Near(Nested(L, Smooth)(s_point), Compile(Apply(L, Smooth))(s_point));
    }

    [Property(MaxTest = 20)]
    public void Operators_apply_to_random_programs(Program program, int choice)
    {
        var last = program.Input.Shape.Size - 1;
        DifferentialOperator[] operators = [Pow(Partial(0), 3), Partial(0) * Partial(last), Operators.Laplacian(last + 1), Pow(Partial(0) - (2 * Partial(last)), 2) + 3];
        var L = operators[Math.Abs(choice % operators.Length)];
        Agreement.Near(Nested(L, program.Tensor)(program.Input), Apply(L, program.Tensor)(program.Input), 1e-9);
    }

    [Property(MaxTest = 20)]
    public void Applying_is_linear_and_composes(DifferentialOperator a, DifferentialOperator b)
    {
        Agreement.Near(Apply(a, Smooth)(s_point) + (2 * Apply(b, Smooth)(s_point)), Apply(a + (2 * b), Smooth)(s_point));
        if (a.Order + b.Order <= 6)
        {
            Agreement.Near(Apply(a, Apply(b, Smooth))(s_point), Apply(a * b, Smooth)(s_point));
        }
    }

    [Property(MaxTest = 20)]
    public void Leibniz_rule_for_a_first_order_operator(int i)
    {
        var D = Partial(Math.Abs(i % 3));
        Func<Expr, Expr> g = x => Exp(x[0] - x[2]) + x[1];
        Agreement.Near((Apply(D, Smooth)(s_point) * g(s_point)) + (Smooth(s_point) * Apply(D, g)(s_point)), Apply(D, x => Smooth(x) * g(x))(s_point));
    }

    [Fact]
    public void An_applied_operator_is_differentiated_batched_and_compiled()
    {
        var L = Operators.Biharmonic(3) - (2 * Partial(0) * Partial(1)) + 1;
        var (applied, nested) = (Apply(L, Smooth), Nested(L, Smooth));
        Agreement.Near(Grad(nested)(s_point), Grad(applied)(s_point));
        Agreement.Near(Jvp(nested)(s_point, Ones(3)).Tangent, Jvp(applied)(s_point, Ones(3)).Tangent);
        var points = Stack([s_point, -s_point, 2 * s_point]);
        foreach (var options in Engines.All)
        {
            Agreement.Near(Vmap(nested)(points), Compile(Vmap(applied), options)(points));
            Agreement.Near(Grad(nested)(s_point), Compile(Grad(applied), options)(s_point));
        }

        var x = Variable("x", new Shape(3));
        Agreement.Near(nested(s_point), applied(x).Substitute((x, s_point)));
    }

    [Fact]
    public void Coefficients_may_depend_on_the_point()
    {
        var euler = Apply(x => (x[0] * Partial(0)) + (x[1] * Partial(1)), x => Pow(x[0], 3) * Pow(x[1], 4));
        Expr at = new double[] { 1.5, 0.8 };
        Agreement.Near(7 * Pow(at[0], 3) * Pow(at[1], 4), euler(at));
        Agreement.Near(7 * Grad(x => Pow(x[0], 3) * Pow(x[1], 4))(at), Grad(euler)(at));
        Agreement.Near(euler(at), Compile(euler)(at));
        var varying = Apply(x => x[1] * (Partial(0) * Partial(0)), Smooth);
        Agreement.Near(s_point[1] * Nested(Pow(Partial(0), 2), Smooth)(s_point), varying(s_point));
        Agreement.Near(Operators.Directional(at).Order, 1);
        Agreement.Near(Dot(at, Grad(x => Sin(x[0] * x[1]))(at)), Apply(Operators.Directional(at), x => Sin(x[0] * x[1]))(at));
    }

    [Fact]
    public void Operators_print_as_polynomials()
    {
        Assert.Equal("∂₀⁴ + 2∂₀²∂₁² + ∂₁⁴", $"{Operators.Biharmonic(2)}");
        Assert.Equal("-0.5∂₁² + 2∂₀ - 1", $"{(2 * Partial(0)) - (0.5 * Pow(Partial(1), 2)) - 1}");
        Assert.Equal("∂₁₂¹⁰", $"{Pow(Partial(12), 10)}");
        Assert.Equal("-∂₀∂₃", $"{-(Partial(3) * Partial(0))}");
        Assert.Equal("0", $"{DifferentialOperator.Zero}");
        Assert.Equal("1", $"{DifferentialOperator.Identity}");
        Assert.Equal("c∂₀ + (c + 1)∂₁", $"{(Variable("c") * Partial(0)) + ((Variable("c") + 1) * Partial(1))}");
        Assert.Equal(4, Operators.Biharmonic(2).Order);
        Assert.Equal([(0, 2), (1, 2)], Operators.Biharmonic(2).Terms[1].Powers);
        Assert.Equal(2, Operators.Biharmonic(2).Terms[1].Coefficient.Value);
    }

    public static TheoryData<string, int> Counts => new()
    {
        { "Laplacian(4)", 4 },
        { "product", 2 },
        { "first order", 3 },
        { "biharmonic(5)", 25 },
        { "square of a sum", 1 },
        { "all of order 4 in 3", 15 },
    };

    [Theory, MemberData(nameof(Counts))]
    public void As_few_directions_as_known_are_used(string name, int count)
    {
        var (d, e, f) = (Partial(0), Partial(1), Partial(2));
        var L = name switch
        {
            "Laplacian(4)" => Operators.Laplacian(4),
            "product" => d * e,
            "first order" => d + (2 * e) - f,
            "biharmonic(5)" => Operators.Biharmonic(5),
            "square of a sum" => Pow(d + (2 * e) - f, 2),
            _ => Pow(d + e + f, 4),
        };
        Assert.Equal(count, Assert.Single(new OperatorPlan(L, withPowers: false).Parts).Directions.Shape[0]);
    }

    [Property]
    public void Weights_and_directions_make_up_the_polynomial(DifferentialOperator L, int seed)
    {
        // Σ wᵣ (vᵣ·ξ)ᵏ/k! is the polynomial, which is what L does to e^(ξ·x).
        var xi = Tensors.Direction(new Shape(3), seed).ToArray();
        var expected = L.Terms.Sum(term => term.Coefficient.Value * term.Powers.Aggregate(1.0, (product, each) => product * Math.Pow(xi[each.Variable], each.Power)));
        var actual = 0.0;
        foreach (var part in new OperatorPlan(L, withPowers: false).Parts)
        {
            var along = part.Degree == 0 ? [0] : MatMul(part.In(part.Directions, new Shape(3)), xi).ToArray();
            actual += part.Weights.ToArray().Zip(along, (weight, at) => weight * Math.Pow(at, part.Degree) / Enumerable.Range(1, part.Degree).Aggregate(1.0, (product, i) => product * i)).Sum();
        }

        Assert.Equal(expected, actual, 1e-11);
    }

    [Fact]
    public void Powers_of_operators_are_found()
    {
        var anisotropic = Pow((0.3 * Pow(Partial(0), 2)) + (0.7 * Partial(0) * Partial(1)) + (1.1 * Pow(Partial(1), 2)) + (2 * Pow(Partial(2), 2)), 2);
        Assert.Equal(2, Assert.Single(new OperatorPlan(anisotropic, withPowers: true).Powers).Power);
        Agreement.Near(Nested(anisotropic, Smooth)(s_point), Apply(anisotropic, Smooth)(s_point));
        var triharmonic = -2 * Pow(Operators.Laplacian(3), 3);
        Assert.Equal(3, Assert.Single(new OperatorPlan(triharmonic, withPowers: true).Powers).Power);
        Agreement.Near(Nested(triharmonic, Smooth)(s_point), Apply(triharmonic, Smooth)(s_point));
        Assert.Empty(new OperatorPlan(Operators.Biharmonic(3) + Pow(Partial(0), 4), withPowers: true).Powers);
    }

    [Fact]
    public void The_plate_equation_holds_for_a_bent_plate()
    {
        // A simply supported square plate: w = sin πx sin πy has ∇⁴w = 4π⁴w.
        Func<Expr, Expr> w = x => Sin(Math.PI * x[0]) * Sin(Math.PI * x[1]);
        Expr at = new double[] { 0.2, 0.6 };
        Agreement.Near(4 * Math.Pow(Math.PI, 4) * w(at), Apply(Operators.Biharmonic(2), w)(at), 1e-12);
        Agreement.Near(-2 * Math.PI * Math.PI * w(at), Laplacian(w)(at), 1e-13);
    }

    [Fact]
    public void An_estimate_is_within_its_error_and_repeats()
    {
        var L = Operators.Biharmonic(3) + (3 * Operators.Laplacian(3)) - Partial(0);
        var exact = Apply(L, Smooth)(s_point).Value;
        var (value, error) = Estimate(L, Smooth, samples: 4000, seed: 7)(s_point);
        Assert.InRange(Math.Abs(value.Value - exact), 0, 4 * error.Value);
        Assert.InRange(error.Value, 1e-6, Math.Abs(exact));
        Assert.Equal(value.Value, Estimate(L, Smooth, samples: 4000, seed: 7)(s_point).Value.Value);
        Assert.NotEqual(value.Value, Estimate(L, Smooth, samples: 4000, seed: 8)(s_point).Value.Value);

        // The mean of many estimates approaches the exact value as their error says.
        var means = Enumerable.Range(0, 50).Select(seed => Estimate(L, Smooth, samples: 100, seed)(s_point)).ToArray();
        var mean = means.Average(each => each.Value.Value);
        Assert.InRange(Math.Abs(mean - exact), 0, 4 * means.Average(each => each.StandardError.Value) / Math.Sqrt(50));

        // One direction carries the whole operator: there is nothing to draw.
        var single = Estimate(Pow(Partial(1), 3), Smooth, samples: 2, seed: 1)(s_point);
        Agreement.Near(Apply(Pow(Partial(1), 3), Smooth)(s_point), single.Value);
        Assert.Equal(0, single.StandardError.Value, 1e-12);
        Agreement.Near(Grad(Apply(Pow(Partial(1), 3), Smooth))(s_point), Grad(x => Estimate(Pow(Partial(1), 3), Smooth, 2, 1)(x).Value)(s_point));
    }

    [Property(MaxTest = 20)]
    public void A_tensor_of_derivatives_is_nested_Jacobians(Program program)
    {
        var nested = program.Tensor;
        for (var order = 0; order <= 3 && Math.Pow(program.Input.Shape.Size, order) < 100; order++)
        {
            Agreement.Near(nested(program.Input), DerivativeTensor(program.Tensor, order)(program.Input), 1e-9);
            nested = Jacobian(nested);
        }
    }

    [Fact]
    public void A_tensor_of_derivatives_is_symmetric_and_composes()
    {
        var third = DerivativeTensor(Smooth, 3)(s_point);
        Assert.Equal([3, 3, 3], third.Shape.Lengths.ToArray());
        Agreement.Identical(third, Permute(third, [2, 0, 1]));
        Agreement.Identical(third, Permute(third, [1, 0, 2]));
        var v = Tensors.Direction(new Shape(3), 3);
        Agreement.Near(6 * TaylorAlong(Smooth, 3)(s_point, v)[3], Einsum("ijk,i,j,k->", third, v, v, v));
        Agreement.Near(DerivativeTensor(Smooth, 4)(s_point), Jacobian(DerivativeTensor(Smooth, 3))(s_point), 1e-9);
        Agreement.Near(third, Compile(DerivativeTensor(Smooth, 3))(s_point));
        Assert.Equal(new Shape(2, 2, 2, 2), DerivativeTensor(x => Sin(x) * x, 3)(s_point[..2]).Shape);
        Assert.Equal(6, DerivativeTensor(x => x * x * x, 3)(2).Value);

        // √ has no derivative at 0, but the polynomial beside it has.
        var singular = DerivativeTensor(x => Sqrt(x[0]) + Pow(x[1], 3), 3)(new double[] { 0, 2 });
        Assert.Equal(6, singular[1, 1, 1].Value);
        Assert.Equal(0, singular[0, 1, 1].Value);
    }

    [Fact]
    public void Laplacians_and_diagonals_do_not_need_the_Hessian()
    {
        var hessian = Hessian(Smooth)(s_point);
        Agreement.Near(Trace(hessian), Laplacian(Smooth)(s_point));
        Agreement.Near(Diag(hessian), HessianDiagonal(Smooth)(s_point));
        Agreement.Near(Diag(hessian), Compile(HessianDiagonal(Smooth))(s_point));
        Agreement.Near(Grad(x => Sum(Diag(Hessian(Smooth)(x)) * Arange(3)))(s_point), Grad(x => Sum(HessianDiagonal(Smooth)(x) * Arange(3)))(s_point));
        Expr matrix = new double[,] { { 0.1, 0.2 }, { 0.3, 0.4 } };
        Func<Expr, Expr> f = m => Sum(Sin(m)) * Sum(m * m);
        Assert.Equal(matrix.Shape, HessianDiagonal(f)(matrix).Shape);
        Agreement.Near(Laplacian(f)(matrix), Sum(HessianDiagonal(f)(matrix)));

        // Structural zeros beside an infinite derivative.
        Expr edge = new double[] { 0, 1 };
        Assert.Equal([double.NegativeInfinity, 2], HessianDiagonal(x => Sqrt(x[0]) + (x[1] * x[1]))(edge).ToArray());
        Assert.Equal([double.NegativeInfinity, 2], Compile(HessianDiagonal(x => Sqrt(x[0]) + (x[1] * x[1])))(edge).ToArray());
        Assert.Equal(2, Apply(Pow(Partial(1), 2), x => Sqrt(x[0]) + (x[1] * x[1]))(edge).Value);
        Assert.Equal(2, Apply(Partial(1), x => Sqrt(x[0]) + (x[1] * x[1]))(edge).Value);
    }

    [Fact]
    public void Operators_apply_to_functions_of_any_shapes()
    {
        Expr matrix = new double[,] { { 0.1, 0.2 }, { 0.3, 0.4 } };
        Func<Expr, Expr> f = m => MatMul(m, Sin(m));
        Agreement.Near(Nested(Partial(0) * Partial(3), f)(matrix), Apply(Partial(0) * Partial(3), f)(matrix));
        Agreement.Near(Zeros(2, 2), Apply(DifferentialOperator.Zero, f)(matrix));
        Agreement.Near(3 * f(matrix), Apply(3 * DifferentialOperator.Identity, f)(matrix));
        Agreement.Near(Diff(Sin, 5)(0.3), Apply(Pow(Partial(0), 5), Sin)(0.3));
    }

    [Fact]
    public void Bad_operators_are_named()
    {
        Assert.Contains("Partial: the index -1 is negative", Assert.Throws<AutodiffException>(() => Partial(-1)).Message, StringComparison.Ordinal);
        Assert.Contains("Pow: the power -2", Assert.Throws<AutodiffException>(() => Pow(Partial(0), -2)).Message, StringComparison.Ordinal);
        Assert.Contains("∂₃ differentiates in element 3, but the argument of shape (3)", Assert.Throws<AutodiffException>(() => Apply(Partial(3), Smooth)(s_point)).Message, StringComparison.Ordinal);
        Assert.Contains("only element 0", Assert.Throws<AutodiffException>(() => Apply(Partial(1), Sin)(1)).Message, StringComparison.Ordinal);
        Assert.Contains("Estimate", Assert.Throws<AutodiffException>(() => Estimate(Partial(3), Smooth, 2, 1)(s_point)).Message, StringComparison.Ordinal);
        Assert.Contains("samples 1 is below 2", Assert.Throws<AutodiffException>(() => Estimate(Partial(0), Smooth, 1, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("must be a scalar", Assert.Throws<ShapeException>(() => s_point * Partial(0)).Message, StringComparison.Ordinal);
        Assert.Contains("Laplacian: the number of variables -1", Assert.Throws<AutodiffException>(() => Operators.Laplacian(-1)).Message, StringComparison.Ordinal);
        Assert.Contains("must be a vector", Assert.Throws<ShapeException>(() => Operators.Directional(1)).Message, StringComparison.Ordinal);
        Assert.Contains("DerivativeTensor: the order -1", Assert.Throws<AutodiffException>(() => DerivativeTensor(Sin, -1)).Message, StringComparison.Ordinal);
        Assert.Contains("HessianDiagonal", Assert.Throws<ShapeException>(() => HessianDiagonal(Sin)(s_point)).Message, StringComparison.Ordinal);
        Assert.Contains("Apply: the operator is null", Assert.Throws<AutodiffException>(() => Apply((DifferentialOperator)null!, Smooth)).Message, StringComparison.Ordinal);
        Assert.Throws<NotConcreteException>(() => Estimate(Variable("c") * Partial(0), Smooth, 2, 1)(s_point));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_coefficient_that_is_not_finite_is_not_lost(double coefficient)
    {
        DifferentialOperator[] operators =
        [
            (coefficient * Partial(0)) + Partial(1),
            (coefficient * Partial(0) * Partial(1)) + Pow(Partial(2), 2),
            Pow(Partial(0), 4) + (coefficient * Pow(Partial(0), 2) * Pow(Partial(1), 2)) + Pow(Partial(1), 4),
        ];
        Assert.All(operators, L => Assert.False(double.IsFinite(Apply(L, Smooth)(s_point).Value)));
        Assert.All(operators[..2], L => Assert.False(double.IsFinite(Estimate(L, Smooth, samples: 4, seed: 1)(s_point).Value.Value)));
    }

    private static Expr Smooth(Expr x) => (Sin(x[0] * x[1]) * Exp(x[0] + (2 * x[2]))) + (Pow(x[0], 5) * x[1] * Cos(x[2]));

    private static DifferentialOperator Monomial(int[] powers) =>
        powers.Select((power, variable) => Pow(Partial(variable), power)).Aggregate((left, right) => left * right);

    /// <summary>The operator by one nested derivative for each ∂.</summary>
    private static Func<Expr, Expr> Nested(DifferentialOperator L, Func<Expr, Expr> f) => x => L.Terms
        .Select(term => term.Coefficient * term.Powers.SelectMany(each => Enumerable.Repeat(each.Variable, each.Power)).Aggregate(f, Along)(x))
        .Aggregate(Zeros(f(x).Shape), (sum, term) => sum + term);

    private static Func<Expr, Expr> Along(Func<Expr, Expr> f, int variable) => x =>
    {
        var unit = new double[x.Shape.Size];
        unit[variable] = 1;
        return Jvp(f)(x, Constant(unit, x.Shape)).Tangent;
    };
}
